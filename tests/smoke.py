"""Build the wheel, install it into a clean environment, and use the program there as a new user would."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATIENCE = 90  # seconds, for a busy machine; an idle one needs two


def run(*command: str | Path, **options: object) -> str:
    """Run a command that must succeed, and return its output."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def environment(home: Path) -> dict[str, str]:
    """Return the environment variables of a new user."""
    clean = {
        key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "ARCHIVE", "PYTHON"))
    }
    return {**clean, "HOME": str(home), "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}


def until(terminal: int, seen: bytearray, words: str) -> None:
    """Read the output of the program until it contains the words."""
    end = time.monotonic() + PATIENCE
    while words.encode() not in seen:
        if time.monotonic() > end:
            sys.exit(f"{words!r} never appeared; the screen got {len(seen)} bytes")
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:
                sys.exit(
                    f"the program ended before {words!r} appeared:\n{seen[-2000:].decode(errors='replace')}"
                )


def demo_in_a_terminal(archive: Path, home: Path) -> None:
    """Check that `archive demo` starts in Today, finds a customer, and goes back and exits on q with status 0."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(str(archive), [str(archive), "demo"], environment(home))
    seen = bytearray()
    until(terminal, seen, "Today")
    os.write(terminal, b"\x07c")  # ctrl+g c: Customers
    until(terminal, seen, "Acme Canteens")
    os.write(terminal, b"/vandelay\r")  # opens the profile
    until(terminal, seen, "Summary")
    os.write(terminal, b"qqq")  # to the list, to Today, out
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            print(f"archive demo: ended with {code}")
            sys.exit(code) if code else None
            return
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                os.read(terminal, 65536)
            except OSError:
                continue
    os.kill(child, 9)
    sys.exit("archive demo did not end after q")


def main() -> None:
    """Build, install and run the program."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        run(sys.executable, "-m", "build", "--wheel", "--outdir", home / "dist", ROOT)
        wheel = next((home / "dist").glob("*.whl"))
        run(sys.executable, "-m", "venv", home / "venv")
        run(home / "venv/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel)
        archive = home / "venv/bin/archive"
        print(run(archive, "--version", env=environment(home)).strip())
        names = run(archive, "demo", "--help", env=environment(home))
        print("archive demo --help:", names.splitlines()[0])
        demo_in_a_terminal(archive, home)
        print(
            run(
                archive, "list", "vandelay", "--archive", home / ".local/share/customer-archive/demo.json"
            ).strip()
        )


if __name__ == "__main__":
    main()
