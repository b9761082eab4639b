"""Start child processes of the program, and openers. This module is below all layers, so that each may use it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

# Without -P, and with `-m` in any case, Python would search the working folder for modules first, and would run a
# json.py that the user downloaded there. This package's folder is added last, for a checkout that is not installed.
_RUN = (
    "import sys; sys.path.append(sys.argv.pop(1)); import runpy; "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


def start_child(module: str, *words: str, stdout: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Run a module of this program in a child process.

    Its working folder is the root folder, so that it imports nothing from the user's folder and does not keep a disk
    from being unmounted.

    Args:
        module: The module's full name.
        words: Its arguments; paths must be absolute.
        stdout: Where its output goes. Its input is empty, and its error output is discarded.
    """
    root = Path(__file__).resolve().parents[1]  # the folder that contains this package
    return subprocess.Popen(  # noqa: S603 - runs this program, with paths and numbers as arguments
        [sys.executable, "-P", "-c", _RUN, str(root), module, *words],
        cwd=root.anchor,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
    )


def start_opener(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Run a program of the desktop that opens an address, in the root folder and without our terminal.

    Args:
        command: The absolute path of the program, and its arguments.

    Raises:
        OSError: The program cannot be started.
    """
    return subprocess.Popen(  # noqa: S603 - a program that the user or the system names; the address is one argument
        command,
        cwd=Path(command[0]).anchor,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # keeps a browser for terminals away from our screen
    )
