"""Opening an archive for who sits before it: to write in it, or, where that is not to be had, to read it."""

from __future__ import annotations

import os
from pathlib import Path

from archive.errors import ArchiveError, CannotWrite, InUse
from archive.service.archive import Archive, Clock
from archive.settings import Settings
from archive.text import _


def open_as_allowed(path: Path, settings: Settings, clock: Clock | None = None) -> Archive:
    """The archive at `path`, a new one where there is none; `why_reading` says so where it may only be read."""
    try:
        _refuse_unwritable(path)
        return Archive.open(path, settings, create=True, clock=clock, upkeep=True)
    except (InUse, CannotWrite) as error:
        try:
            archive = Archive.open(path, settings, write=False, clock=clock)
        except ArchiveError:
            raise error from None
        archive.why_reading = str(error)
        return archive


def _refuse_unwritable(path: Path) -> None:
    """The folder would let us replace a file that its owner wants to stay as it is."""
    if os.access(path, os.F_OK) and not os.access(path, os.W_OK):
        raise CannotWrite(_("{path} may not be written.").format(path=path))
