"""Keep what only this window knows when another program changed the files of the open archive."""

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
from archive.store.wal.records import tail_of
from archive.text import _


class Conflicts:
    """Copies of what was saved to `held`, for when its files have lost that."""

    def __init__(self, held: DatabaseFiles) -> None:
        self._files = held
        self._last: tuple[int, ForeignChange] | None = None  # the change for which it was said, and what

    def confirm(self, state: State) -> bool:
        """Whether the files are as they were left here. ForeignChange if they have lost what was saved here."""
        try:
            self._files.confirm()
        except (ForeignChange, InUse):
            if error := self.error(state):
                raise error from None
            return False
        return True

    def error(self, state: State) -> ForeignChange | None:
        """Keep one copy of what this window holds.

        Returns:
            The error to show, with what happened and where the copy is or why there is none; the same one until
            something more is saved. None if the files hold all that was saved here.
        """
        held = self._files
        if not held.is_on_disk or _is_on_disk(held, state):
            return None
        if self._last is None or self._last[0] != held.lsn:
            happened = _("{path} was changed by another program while it was open here.").format(
                path=held.path
            )
            hint = _("Nothing was written over it. {more}").format(more=_copied(held, state))
            self._last = held.lsn, ForeignChange(happened, hint)
        return self._last[1]


def _copied(held: DatabaseFiles, state: State) -> str:
    """Write the copy, and say where it is or why there is none."""
    target = _free_name(held.real, datetime.now().astimezone())
    try:
        write_copy(state, held.lsn, target)
    except ForeignChange:  # a large archive is not held in memory
        return _way_back(held, state)
    except ArchiveError as error:
        return _("What was saved here could not be copied: {why}").format(why=error.message)
    return _("What was saved here is kept in {copy}: open both files and add what is missing.").format(
        copy=target
    )


def _way_back(held: DatabaseFiles, state: State) -> str:
    """Say how the journal and its archive come together again."""
    if _is_another_archive(held.real, state):
        return _(
            "What was saved since the last compaction is in the journal beside it. Another archive has the name now: "
            "move that away and put the newest copy of the former one in its place, then open it."
        )
    return _(
        "What was saved since the last compaction is in the journal beside it: `archive repair` puts both together."
    )


def _is_another_archive(path: Path, state: State) -> bool:
    try:
        found = snapshot.read(map_file(path), path)
    except (ArchiveError, OSError, ValueError):
        return False
    return found is not None and found.meta.get("uuid") != state.meta["uuid"]


def _is_on_disk(held: DatabaseFiles, state: State) -> bool:
    """Whether the files hold all that was acknowledged here."""
    try:
        loaded = load(held.real, write=False)
        behind = {frame.lsn: frame for frame in loaded.frames}
        if held.newest and held.lsn in behind:
            return tail_of(behind[held.lsn]) == tail_of(held.newest[0])
        return _has_last_entry(held.real, state)
    except (ArchiveError, OSError):
        return False


def _has_last_entry(archive: Path, state: State) -> bool:
    """Whether the history on the disk holds our newest entry: whoever wrote it continued from ours."""
    ours, theirs = state.history, state_of(archive)[0].history
    last = max(ours.heads, default=None)
    if last is None or last not in theirs.heads:
        return last is None
    return ours.entry(last) == theirs.entry(last)  # two machines may save alike in the same second


def _free_name(archive: Path, now: datetime) -> Path:
    """A name beside the archive that no file has."""
    stem = f"{archive.stem}-conflict-{now.strftime(STAMP)}"
    names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(
        path for path in (archive.with_name(f"{name}.json") for name in names) if not os.path.lexists(path)
    )
