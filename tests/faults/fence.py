"""Keep a process with random input from writing outside its folder."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_FIRST_PATH = {"os.mkdir", "os.remove", "os.rmdir", "os.truncate", "os.chmod", "shutil.rmtree"}
_BOTH_PATHS = {"os.rename", "os.link", "os.symlink"}


def fence(*folders: Path) -> None:
    """Refuse writes outside `folders` and `/dev` with EACCES, for the rest of the process."""
    allowed = [os.path.realpath(folder) + os.sep for folder in (*folders, Path("/dev"))]

    def refuse_outside(event: str, args: tuple[Any, ...]) -> None:
        for path in _written(event, args):
            where = os.path.realpath(Path(os.fsdecode(path)).parent) + os.sep
            if not any(where.startswith(folder) for folder in allowed):
                raise PermissionError(errno.EACCES, "outside the folder of the harness", os.fsdecode(path))

    sys.addaudithook(refuse_outside)


def _written(event: str, args: tuple[Any, ...]) -> list[str | bytes]:
    found: list[Any] = []
    if event == "open":
        path, _mode, flags = args
        found = [path] if flags & _WRITES else []
    elif event in _FIRST_PATH:
        found = [args[0]]
    elif event in _BOTH_PATHS:
        found = list(args[:2])
    return [os.fspath(path) for path in found if isinstance(path, str | bytes | os.PathLike)]
