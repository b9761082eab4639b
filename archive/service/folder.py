"""The contents of a folder, for a file dialog."""

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
    """A folder or a file. If it cannot be examined, `changed` is None and `size` is 0."""

    path: Path
    is_folder: bool
    size: int = 0
    changed: datetime | None = None

    @property
    def size_shown(self) -> str:
        """The size in a suitable unit: "132 kB"."""
        size, unit = float(self.size), 0
        while size >= 1000 and unit < len(_UNITS) - 1:
            size, unit = size / 1000, unit + 1
        return f"{size:.0f} {_UNITS[unit]}"


def folder_entries(folder: Path, accepts: Callable[[Entry], bool]) -> list[Entry]:
    """Return the entries of a folder, folders first, then by name.

    Args:
        folder: The folder.
        accepts: Which entries to return.

    Raises:
        NotFound: The folder cannot be read.
    """
    try:
        with os.scandir(folder) as listing:
            entries = list(filter(accepts, map(_entry, listing)))
    except OSError as error:
        raise NotFound(
            _("The folder {name} cannot be read: {reason}.").format(
                name=folder, reason=error.strerror or error
            ),
            _("Choose another folder."),
        ) from error
    return sorted(entries, key=lambda entry: (not entry.is_folder, sort_key(entry.path.name)))


def is_folder(path: Path) -> bool:
    """Return whether a path is a folder; false if it cannot be examined."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def home_folder(path: str) -> Path:
    """Expand ~ in a path that the user typed; ~name of an unknown user is not changed."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def short_path(path: Path) -> str:
    """Return a path for people, with ~ for the home folder."""
    home = home_folder("~")
    return str(Path("~") / path.relative_to(home)) if path.is_relative_to(home) else str(path)


def _entry(file: os.DirEntry[str]) -> Entry:
    path = Path(file.path)
    try:
        about = file.stat()
        changed = datetime.fromtimestamp(about.st_mtime, UTC).astimezone()
        return Entry(path, file.is_dir(), about.st_size, changed)
    except (OSError, OverflowError, ValueError):
        return Entry(path, False)
