"""Open an archive for the terminal program: for writing, or read-only if that is not possible."""

from __future__ import annotations

import os
from pathlib import Path

from archive.errors import ArchiveError, CannotWrite, InUse
from archive.service.archive import Archive
from archive.service.reader import Clock
from archive.settings import Settings
from archive.text import _


def open_as_allowed(path: Path, settings: Settings, clock: Clock | None = None) -> Archive:
    """Open or create the archive at `path` for writing, or else open it read-only and set `why_reading`.

    Raises:
        ArchiveError: It cannot be opened at all.
    """
    try:
        _refuse_unwritable(path)
        return Archive.open(path, settings, create=True, clock=clock, checkpoints=True)
    except (InUse, CannotWrite) as error:
        try:
            archive = Archive.open(path, settings, write=False, clock=clock)
        except ArchiveError:
            raise error from None
        archive.why_reading = str(error)
        return archive


def _refuse_unwritable(path: Path) -> None:
    """Raise CannotWrite for a write-protected file, although its folder's permissions allow replacing it."""
    if os.access(path, os.F_OK) and not os.access(path, os.W_OK):
        raise CannotWrite(_("{path} is write-protected.").format(path=path))
