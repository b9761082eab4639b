"""Measure the time from key to paint with 100,000 customers and a million orders: `python -m bench.ui [ARCHIVE]`."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

from bench import archives
from bench.terminal import Terminal, compile_modules, p95, show

ARCHIVE = str(Path(sys.executable).with_name("archive"))
MANY = 100_000
GOALS = {"cursor key": 15.0, "page down": 25.0, "home and end": 25.0, "type-ahead": 40.0}


def interaction(path: Path) -> dict[str, list[float]]:
    """Return the seconds from key to paint in a large archive."""
    terminal = Terminal([ARCHIVE, str(path)])
    terminal.until("Sample")
    terminal.quiet(1.0)
    times = {"cursor key": [terminal.key(b"\x1b[B") for _n in range(120)]}
    times["page down"] = [terminal.key(b"\x1b[6~") for _n in range(40)]
    times["home and end"] = [terminal.key(key) for _n in range(10) for key in (b"g", b"G")]
    terminal.key(b"/")
    terminal.quiet(0.5)
    typed = []
    for word in ("sample 0421", "note 77 tea", "customer 09", "5550 0123"):
        typed += [terminal.key(letter.encode()) for letter in word]
        for _letter in word:
            terminal.key(b"\x7f")
    times["type-ahead"] = typed
    terminal.key(b"\x1b")
    terminal.quiet(0.3)
    terminal.key(b"\x1b")
    terminal.quiet(0.3)
    terminal.end()
    return times


def opened(path: Path) -> tuple[float, float]:
    """Return the CPU and wall-clock seconds from start until the table shows a customer."""
    terminal = Terminal([ARCHIVE, str(path)])
    wall = terminal.until("Customer 000010")
    cpu = terminal.cpu()
    terminal.quiet()
    terminal.end()
    return cpu, wall


def main(words: list[str]) -> None:
    """Measure and print the results."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.update(XDG_DATA_HOME=str(folder / "data"), XDG_CONFIG_HOME=str(folder / "config"))
        big = Path(words[0]) if words else folder / "big.json"
        if not words:
            archives.write(big, MANY, 10 * MANY)
        compile_modules()
        cpu, wall = opened(big)
        show("opened, CPU", cpu * 1000)
        show("opened, wall", wall * 1000)
        for key, times in interaction(big).items():
            show(f"{key} to paint, p95", p95(times) * 1000, goal=GOALS[key])
            show(f"{key} to paint, median", statistics.median(times) * 1000)


if __name__ == "__main__":
    main(sys.argv[1:])
