"""The open archive: its files, what they hold, and the background process that shortens its journal."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from archive.errors import ArchiveError, ForeignChange
from archive.store import opening
from archive.store.checkpoint import WORTH_AN_INDEX, Checkpoint, write_checkpoint
from archive.store.conflict import Conflicts
from archive.store.database_files import DatabaseFiles
from archive.store.json_import import missing
from archive.store.state import State
from archive.store.wal.records import LogRecord

if TYPE_CHECKING:
    from archive.store.checkpointer import BackgroundCheckpointer

_FEW = 10  # transactions that are applied while a save may wait
LEAST, MOST = 1 << 20, 32 << 20  # bytes: a journal up to here is never too long, one from here on always is


class Database:
    """Readers share the files; one writer holds their lock until `close`.

    Attributes:
        guard: Held while something is written, and by every thread that reads more than one record.
        state: What the archive holds. Another object after a compaction; rows are never to be changed.
        revision: Counts the changes since the archive was opened.
    """

    def __init__(
        self,
        path: Path,
        *,
        write: bool,
        create: bool,
        now: datetime,
        upkeep: bool = False,
        takes_over: bool = False,
    ) -> None:
        """Open `path`.

        Args:
            path: The archive; its journal, index and lock lie beside it.
            write: Whether to take the lock.
            create: Whether to begin an archive where there is none.
            now: The time that another program is told while the lock is held.
            upkeep: Whether a background process makes a new snapshot when the journal has grown long; else `close`
                does.
            takes_over: Whether the first change makes an archive of a file that TinyDB wrote.

        Raises:
            NotFound: There is none, and none is to be created.
            InUse: Another program has it open for writing.
            Damaged: It cannot be read.
        """
        is_there = opening.is_there(
            Path(os.path.realpath(path))
        )  # refuses what is no file before it is locked
        if not (create or is_there):
            raise missing(path)
        self.path = path
        self.guard = RLock()  # the screen's worker threads select while another saves
        self.revision = 0
        self._may_checkpoint = upkeep
        self._checkpointer: BackgroundCheckpointer | None = None
        since = now.isoformat(" ", "minutes")
        self._files = DatabaseFiles(path, write=write, since=since, takes_over=takes_over)
        self._conflicts = Conflicts(self._files)
        try:
            self._since = list(self._files.frames)  # the transactions behind the snapshot
            self.state = State(self._files.snapshot, self._files.arrays)
            for frame in self._since:
                self.state.apply(frame)
            self._start_checkpoint()
        except BaseException:
            self._files.close()
            raise

    @property
    def notices(self) -> list[str]:
        """Sentences on what was found when the archive was opened, such as an interrupted last save."""
        return self._files.journal.notices

    def write(self, label: str, now: datetime, changes: list[list[Any]], extra: dict[str, Any]) -> None:
        """Write a transaction, on disk when this returns; then apply it.

        Args:
            label: What the user did.
            now: The time of the change.
            changes: [table, number, new row or None, old row or None] each.
            extra: What history and description of the archive are to note of it.

        Raises:
            CannotWrite: Nothing was written. ForeignChange if another program changed the files.
        """
        self._files.refuse_reading()
        frame = LogRecord(self._files.lsn + 1, int(now.timestamp() * 1000), label, changes, extra)
        try:
            self._files.append(frame)
        except ForeignChange as error:
            raise self._conflicts.error(self.state) or error from None
        self._since.append(frame)
        self.state.apply(frame)
        self._start_checkpoint()

    def refuse_reading(self) -> None:
        """CannotWrite if the archive is open for reading only."""
        self._files.refuse_reading()

    def changes_since(self, lsn: int) -> list[LogRecord] | None:
        """The transactions above `lsn`; None where some of them are in the snapshot already."""
        with self.guard:
            known = self._files.lsn - len(self._since)
            return self._since[lsn - known :] if lsn >= known else None

    # Files

    def compact(self) -> None:
        """Bring snapshot and journal together to a new snapshot."""
        with self.guard:
            if self._is_due() or not self._files.is_compact:
                tables = self.state.overlays
                tail = self._files.tail
                self._files.compact(lambda path, lsn: write_checkpoint(path, tables, lsn, tail))
                self._since = []
                self.state = State(self._files.snapshot, self._files.arrays)

    @property
    def is_compacting(self) -> bool:
        """Whether a child process makes a new snapshot now."""
        return self._checkpointer is not None

    def _is_due(self) -> bool:
        """Whether it is time for a new snapshot: the journal is long, or what is derived from this one is missing."""
        bare = len(self._files.snapshot.data) >= WORTH_AN_INDEX and not self._files.arrays
        return bare or self._files.waits(LEAST, MOST)

    def _start_checkpoint(self) -> None:
        """Begin a new snapshot when it is time; where that fails, what was saved is in the journal all the same."""
        if (
            self._may_checkpoint
            and self._files.writes
            and self._files.is_on_disk
            and not self._checkpointer
            and self._is_due()
        ):
            from archive.store.checkpointer import BackgroundCheckpointer  # slow to import, and needed by few

            with suppress(ArchiveError, OSError):
                self._files.journal.rotate()
                install_checkpoint = partial(
                    self._install_checkpoint, self._files.snapshot.name, self._files.lsn
                )
                self._checkpointer = BackgroundCheckpointer(
                    self._files.real, self._files.lsn, install_checkpoint
                )

    def _install_checkpoint(self, old: str, lsn: int, prepared: Checkpoint) -> None:
        """Go on with the snapshot that a child made of `old` and the transactions up to `lsn`. Whoever saves meanwhile
        waits for none of what takes long: following what was saved since, and the disk.
        """
        found = self._files.beside(prepared)
        state, at = State(*found), lsn
        while len(behind := self.changes_since(at) or []) > _FEW:
            _follow(state, behind)
            at = behind[-1].lsn
        with self.guard:
            if self._files.snapshot.name != old:
                return
            self._files.install_checkpoint(prepared, found)
            _follow(state, self.changes_since(at) or [])
            self._since = self.changes_since(lsn) or []
            self.state = state
        self._files.sync()
        with self.guard:
            self._files.prune()
            self._checkpointer = None

    def close(self) -> None:
        """Close the files; a small archive is left as one plain file.

        Raises:
            ForeignChange: Another program changed the files, and they do not hold all that was saved here. They are
                left as they are; the hint says where a copy of what was saved here is.
        """
        if self._checkpointer:
            self._checkpointer.stop()
            self._files.sweep()
        with self.guard:  # once a save that is under way in another thread has ended
            try:
                if self._files.writes and self._files.is_on_disk and self._conflicts.confirm(self.state):
                    self._compact_small()
            finally:
                self._files.close()

    def abandon(self) -> None:
        """Stop the child process, if there is one: this process is about to end without `close`."""
        if upkeep := self._checkpointer:
            upkeep.kill()
            self._files.sweep()

    def _compact_small(self) -> None:
        is_small = len(self._files.snapshot.data) < WORTH_AN_INDEX
        if not self._checkpointer and (is_small or self._is_due()):
            with suppress(ArchiveError):  # what was saved is in the journal, and the next opening tries again
                self.compact()


def _follow(state: State, frames: Sequence[LogRecord]) -> None:
    for frame in frames:
        state.apply(frame)
