"""Start child processes of the program. Below every layer that does so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# Without -P, and with `-m` even in another folder, Python would look for modules in the working folder first, and a
# json.py that somebody downloaded would run. The folder of this package comes last: a checkout is not installed.
_RUN = (
    "import sys; sys.path.append(sys.argv.pop(1)); import runpy; "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


def start_child(module: str, *words: str, stdout: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Run a module of this program in a process of its own.

    It runs in the root folder, so that nothing of the working folder is imported and no disk is kept in use.

    Args:
        module: The module's full name.
        words: Its arguments; paths must be absolute.
        stdout: Where its output goes. Its input is empty, and its errors go nowhere.
    """
    root = Path(__file__).resolve().parents[1]  # what this package is in
    return subprocess.Popen(  # noqa: S603 - this program, with paths and numbers
        [sys.executable, "-P", "-c", _RUN, str(root), module, *words],
        cwd=root.anchor,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
    )
