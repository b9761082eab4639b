"""The open archive: its files, its state in memory, and the background process that writes checkpoints."""

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

_FEW = 10  # transactions that may be applied under the guard, while saves wait
LEAST, MOST = 1 << 20, 32 << 20  # bytes of journal: up to LEAST no checkpoint is due, above MOST always


class Database:
    """An archive that is open for reading or writing. The writer holds the lock until `close`; readers need no lock.

    Attributes:
        guard: Held during every write, and by every thread that reads more than one record.
        state: The current tables. A checkpoint replaces the object; its rows must not be changed.
        revision: Number of changes since the archive was opened.
    """

    def __init__(
        self,
        path: Path,
        *,
        write: bool,
        create: bool,
        now: datetime,
        checkpoints: bool = False,
        takes_over: bool = False,
    ) -> None:
        """Open `path`.

        Args:
            path: The archive. Journal, index file and lock file are in the same folder.
            write: Whether to take the lock.
            create: Whether to start a new archive if there is none.
            now: The time stored in the lock file, which other programs show while the lock is held.
            checkpoints: Whether a background process writes a checkpoint when the journal has grown long; else only
                `close` does.
            takes_over: Whether the first change turns a file written by TinyDB into an archive.

        Raises:
            NotFound: There is no archive, and `create` is false.
            InUse: Another program has it open for writing.
            Damaged: It cannot be read.
        """
        # Checked before anything is locked: this refuses a device, a pipe or a folder.
        is_there = opening.is_there(Path(os.path.realpath(path)))
        if not (create or is_there):
            raise missing(path)
        self.path = path
        self.guard = RLock()  # worker threads of the user interface select while another thread saves
        self.revision = 0
        self._may_checkpoint = checkpoints
        self._checkpointer: BackgroundCheckpointer | None = None
        since = now.isoformat(" ", "minutes")
        self._files = DatabaseFiles(path, write=write, since=since, takes_over=takes_over)
        self._conflicts = Conflicts(self._files)
        try:
            self._since = list(self._files.frames)  # transactions that are not in the snapshot
            self.state = State(self._files.snapshot, self._files.arrays)
            for frame in self._since:
                self.state.apply(frame)
            self._start_checkpoint()
        except BaseException:
            self._files.close()
            raise

    @property
    def notices(self) -> list[str]:
        """Messages about the opening of the archive, such as an interrupted last save."""
        return self._files.journal.notices

    def write(self, label: str, now: datetime, changes: list[list[Any]], extra: dict[str, Any]) -> None:
        """Write a transaction to the journal, wait until it is on disk, and apply it to the state.

        Args:
            label: What the user did.
            now: The time of the change.
            changes: A list of [table, number, new row or None, old row or None].
            extra: Updates for the history and for the archive's metadata; see `State.apply`.

        Raises:
            CannotWrite: Nothing was written; ForeignChange if another program changed the files.
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
        """Raise CannotWrite if the archive is open read-only."""
        self._files.refuse_reading()

    def changes_since(self, lsn: int) -> list[LogRecord] | None:
        """Return the transactions above `lsn`, or None if some of them are only in the snapshot."""
        with self.guard:
            first = self._files.lsn - len(self._since)
            return self._since[lsn - first :] if lsn >= first else None

    # Files

    def compact(self) -> None:
        """Write a checkpoint in this process, unless snapshot and index file are up to date."""
        with self.guard:
            if self._is_due() or not self._files.is_compact:
                tables = self.state.overlays
                tail = self._files.tail
                self._files.compact(lambda path, lsn: write_checkpoint(path, tables, lsn, tail))
                self._since = []
                self.state = State(self._files.snapshot, self._files.arrays)

    @property
    def is_compacting(self) -> bool:
        """Whether a child process is writing a checkpoint."""
        return self._checkpointer is not None

    def _is_due(self) -> bool:
        """Return whether a checkpoint is due: the journal is long, or a large snapshot has no valid index file."""
        bare = len(self._files.snapshot.data) >= WORTH_AN_INDEX and not self._files.arrays
        return bare or self._files.waits(LEAST, MOST)

    def _start_checkpoint(self) -> None:
        """Start a checkpoint in the background if it is due. A failure is harmless: the journal has every change."""
        if (
            self._may_checkpoint
            and self._files.writes
            and self._files.is_on_disk
            and not self._checkpointer
            and self._is_due()
        ):
            from archive.store.checkpointer import BackgroundCheckpointer  # slow to import, rarely needed

            with suppress(ArchiveError, OSError):
                self._files.journal.rotate()
                install_checkpoint = partial(
                    self._install_checkpoint, self._files.snapshot.name, self._files.lsn
                )
                self._checkpointer = BackgroundCheckpointer(
                    self._files.real, self._files.lsn, install_checkpoint
                )

    def _install_checkpoint(self, old: str, lsn: int, prepared: Checkpoint) -> None:
        """Switch to a checkpoint that the child process wrote from snapshot `old` and the transactions up to `lsn`.

        Saves are not blocked by the slow parts: most transactions made since then are replayed before the guard is
        taken, and the disk is synced after it was released.
        """
        opened = self._files.beside(prepared)
        state, at = State(*opened), lsn
        while len(behind := self.changes_since(at) or []) > _FEW:
            _follow(state, behind)
            at = behind[-1].lsn
        with self.guard:
            if self._files.snapshot.name != old:
                return
            self._files.install_checkpoint(prepared, opened)
            _follow(state, self.changes_since(at) or [])
            self._since = self.changes_since(lsn) or []
            self.state = state
        self._files.sync()
        with self.guard:
            self._files.prune()
            self._checkpointer = None

    def close(self) -> None:
        """Close the files. A small archive is first compacted into a single plain file.

        Raises:
            ForeignChange: Another program changed the files, and changes saved here are missing from them. The files
                are not touched; the hint names a copy with the changes saved here.
        """
        if self._checkpointer:
            self._checkpointer.stop()
            self._files.sweep()
        with self.guard:  # wait for a save in another thread
            try:
                if self._files.writes and self._files.is_on_disk and self._conflicts.confirm(self.state):
                    self._compact_small()
            finally:
                self._files.close()

    def abandon(self) -> None:
        """Kill the child process if there is one, because this process is about to end without `close`."""
        if checkpointer := self._checkpointer:
            checkpointer.kill()
            self._files.sweep()

    def _compact_small(self) -> None:
        is_small = len(self._files.snapshot.data) < WORTH_AN_INDEX
        if not self._checkpointer and (is_small or self._is_due()):
            with suppress(ArchiveError):  # the journal has every change, and the next session tries again
                self.compact()


def _follow(state: State, frames: Sequence[LogRecord]) -> None:
    for frame in frames:
        state.apply(frame)
