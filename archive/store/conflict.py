"""Save a copy of the open archive if another program has changed its files."""

from __future__ import annotations

import os
from datetime import datetime
from itertools import count
from pathlib import Path

from archive.errors import ArchiveError, ForeignChange, InUse
from archive.store import snapshot
from archive.store.copying import STAMP, state_of, write_copy
from archive.store.database_files import DatabaseFiles
from archive.store.mmap_file import map_file
from archive.store.opening import load
from archive.store.state import State
from archive.text import _


class Conflicts:
    """Detects that an archive's files have lost changes saved here, and writes a copy with them."""

    def __init__(self, files: DatabaseFiles) -> None:
        self._files = files
        self._last: tuple[int, ForeignChange] | None = None  # the LSN of the last copy, and its error

    def confirm(self, state: State) -> bool:
        """Return whether the files are unchanged since the last save here.

        Raises:
            ForeignChange: The files were changed, and have lost changes saved here; the hint names the copy.
        """
        try:
            self._files.confirm()
        except (ForeignChange, InUse):
            if error := self.error(state):
                raise error from None
            return False
        return True

    def error(self, state: State) -> ForeignChange | None:
        """Write a copy of the state if the files have lost changes saved here.

        Returns:
            The error to show, which says where the copy is or why there is none. Until more is saved, later calls
            return the same error and write no further copy. None if the files contain everything that was saved here.
        """
        files = self._files
        if not files.is_on_disk or _is_on_disk(files, state):
            return None
        if self._last is None or self._last[0] != files.lsn:
            message = _("{path} was changed by another program while it was open here.").format(
                path=files.path
            )
            hint = _("It was not overwritten. {more}").format(more=_copied(files, state))
            self._last = files.lsn, ForeignChange(message, hint)
        return self._last[1]


def _copied(files: DatabaseFiles, state: State) -> str:
    """Write the copy; return a sentence that names it, or the reason why it could not be written."""
    target = _free_name(files.real, datetime.now().astimezone())
    try:
        write_copy(state, files.lsn, target)
    except ForeignChange:  # a large snapshot is not in memory, and the file it was read from has changed
        return _way_back(files, state)
    except ArchiveError as error:
        return _("Your changes could not be copied: {why}").format(why=error.message)
    return _("Your changes are in {copy}. Open both files and copy what is missing.").format(copy=target)


def _way_back(files: DatabaseFiles, state: State) -> str:
    """Return a sentence that says how to reunite the journal with its snapshot."""
    if _is_another_archive(files.real, state):
        return _(
            "Changes saved since the last compaction are in the journal beside it. Another "
            "archive has this name now: move it away, put the newest copy of the original "
            "archive in its place and open that."
        )
    return _(
        "Changes saved since the last compaction are in the journal beside it: `archive "
        "repair` combines the two."
    )


def _is_another_archive(path: Path, state: State) -> bool:
    try:
        current = snapshot.read(map_file(path), path)
    except (ArchiveError, OSError, ValueError):
        return False
    return current is not None and current.meta.get("uuid") != state.meta["uuid"]


def _is_on_disk(files: DatabaseFiles, state: State) -> bool:
    """Return whether the files contain every change acknowledged here."""
    try:
        loaded = load(files.real, write=False)
        theirs = loaded.journal.tail_at(files.lsn)
        if theirs and files.tail:
            return theirs == files.tail
        return _has_last_entry(files.real, state)
    except (ArchiveError, OSError):
        return False


def _has_last_entry(archive: Path, state: State) -> bool:
    """Return whether the history on disk contains our newest entry, so that the other writer continued from ours."""
    ours, theirs = state.history, state_of(archive)[0].history
    last = max(ours.heads, default=None)
    if last is None or last not in theirs.heads:
        return last is None
    # Compare the changes too: two machines may save entries with the same label in the same second.
    return ours.entry(last) == theirs.entry(last)


def _free_name(archive: Path, now: datetime) -> Path:
    """Return an unused name for the copy beside the archive."""
    stem = f"{archive.stem}-conflict-{now.strftime(STAMP)}"
    names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(
        path for path in (archive.with_name(f"{name}.json") for name in names) if not os.path.lexists(path)
    )
