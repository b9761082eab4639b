"""What lies in a folder: its folders and files, for choosing one."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import NotFound
from archive.text import _, sort_key

_UNITS = ("B", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Entry:
    """A folder or a file; `changed` is None, and `size` 0, where it cannot be asked."""

    path: Path
    is_folder: bool
    size: int = 0
    changed: datetime | None = None

    @property
    def size_shown(self) -> str:
        """The size in the unit that keeps it short: "132 kB"."""
        size, unit = float(self.size), 0
        while size >= 1000 and unit < len(_UNITS) - 1:
            size, unit = size / 1000, unit + 1
        return f"{size:.0f} {_UNITS[unit]}"


def folder_entries(folder: Path, wanted: Callable[[Entry], bool]) -> list[Entry]:
    """What is `wanted` of a folder, folders first, each by name. NotFound where the folder cannot be read."""
    try:
        with os.scandir(folder) as found:
            entries = list(filter(wanted, map(_entry, found)))
    except OSError as error:
        raise NotFound(
            _("The folder {name} cannot be read: {reason}").format(
                name=folder, reason=error.strerror or error
            )
        ) from error
    return sorted(entries, key=lambda entry: (not entry.is_folder, sort_key(entry.path.name)))


def is_folder(path: Path) -> bool:
    """Whether a path leads to a folder; what cannot be asked is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def home_folder(path: str) -> Path:
    """A path as it was typed, with ~ as the home folder; ~ of somebody who is not known here stays as it is."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def _entry(found: os.DirEntry[str]) -> Entry:
    path = Path(found.path)
    try:
        about = found.stat()
        changed = datetime.fromtimestamp(about.st_mtime, UTC).astimezone()
        return Entry(path, found.is_dir(), about.st_size, changed)
    except (OSError, OverflowError, ValueError):
        return Entry(path, False)
