"""Measure the program against peers in the same run, as ratios: `python -m bench.figures`.

Peers (visidata, khard) are installed into a temporary environment; without a network they are skipped.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.terminal import Terminal, compile_modules, show

ROOT = Path(__file__).parent.parent
ARCHIVE = str(Path(sys.executable).with_name("archive"))
SAMPLE = ROOT / "sample_data" / "sample.archive.json"
RUNS = 7


def cpu_of(command: list[str], runs: int = RUNS) -> float:
    """Return the median CPU seconds of a command, discarding its output."""
    times = []
    for _run in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times)


def first_frame(path: Path, words: str, runs: int = RUNS) -> tuple[float, float]:
    """Return the median CPU and wall-clock seconds from start until the table shows a customer."""
    cpu, wall = [], []
    for _run in range(runs):
        terminal = Terminal([ARCHIVE, str(path)])
        wall.append(terminal.until(words))
        cpu.append(terminal.cpu())
        terminal.quiet()
        terminal.end()
    return statistics.median(cpu), statistics.median(wall)


def peers(folder: Path) -> Path | None:
    """Return the folder of the peers' executables, or None if they cannot be installed."""
    python = folder / "peers" / "bin" / "python"
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder / "peers")], check=True)
        subprocess.run(
            [
                str(python),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "visidata",
                "khard",
            ],
            check=True,
        )
    except (subprocess.CalledProcessError, OSError):
        return None
    return python.parent


def start_of_peers(folder: Path) -> dict[str, float]:
    """Return the CPU milliseconds that each peer needs to start with 300 contacts."""
    binaries = peers(folder)
    if binaries is None:
        return {}
    cards = folder / "cards"
    cards.mkdir()
    rows = ["name,phone"]
    for n in range(300):
        (cards / f"{n}.vcf").write_text(
            f"BEGIN:VCARD\nVERSION:3.0\nUID:{n}\nFN:Sample {n}\nN:{n};Sample;;;\nEND:VCARD\n"
        )
        rows.append(f"Sample {n},+49 30 5550 {n}")
    sheet = folder / "sheet.csv"
    sheet.write_text("\n".join(rows))
    config = folder / "khard.conf"
    config.write_text(f"[addressbooks]\n[[sample]]\npath = {cards}\n")
    terminal = Terminal([str(binaries / "vd"), str(sheet)], env={"HOME": str(folder)})
    terminal.until("Sample 1")
    visidata = terminal.cpu()
    terminal.quiet()
    terminal.end(b"gq")
    khard = cpu_of([str(binaries / "khard"), "-c", str(config), "list"])
    bare = cpu_of([str(binaries / "python"), "-c", "pass"])
    return {"visidata": visidata * 1000, "khard": khard * 1000, "python": bare * 1000}


def main() -> None:
    """Measure and print the results."""
    print(f"{time.strftime('%Y-%m-%d %H:%M')}  Python {platform.python_version()}  {os.cpu_count()} cores\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.update(XDG_DATA_HOME=str(folder / "data"), XDG_CONFIG_HOME=str(folder / "config"))
        compile_modules()
        other = start_of_peers(folder)
        khard = ("khard list", other["khard"]) if other else None
        visidata = ("visidata", other["visidata"]) if other else None
        show("archive --version, CPU", cpu_of([ARCHIVE, "--version"]) * 1000, goal=60)
        show(
            "archive list of the sample, CPU",
            cpu_of([ARCHIVE, "list", "--archive", str(SAMPLE)]) * 1000,
            goal=150,
            peer=khard,
        )
        copy = folder / "sample.json"
        copy.write_bytes(SAMPLE.read_bytes())
        cpu, wall = first_frame(copy, "Acme Canteens")
        show("first frame of the sample, CPU", cpu * 1000, goal=500, peer=visidata)
        show("first frame of the sample, wall", wall * 1000)
    print(
        "\nKeys at 100,000 customers: python -m bench.ui; beside Textual's DataTable: python -m bench.table"
    )


if __name__ == "__main__":
    main()
