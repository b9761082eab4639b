"""The files of a store while it is open: snapshot, journal and lock. What the tables in them mean is not known here."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from archive.errors import ArchiveError, CannotWrite, ForeignChange
from archive.files import cannot_write, status, sweep, write_whole
from archive.store import opening
from archive.store.checkpoint import Checkpoint, install, sync
from archive.store.lock import WriterLock
from archive.store.wal.appender import foreign_change
from archive.store.wal.records import LogRecord, tail_of
from archive.text import _


class DatabaseFiles:
    """One writer holds the lock until `close`; readers share the files.

    Attributes:
        snapshot: The snapshot to continue from; `shelf` holds the arrays derived from it.
        lsn: The number of the last acknowledged transaction.
        frames: The transactions behind the snapshot when it was opened.
        newest: The last acknowledged transaction, empty if it was before the snapshot of the opening.
    """

    def __init__(self, path: Path, *, write: bool, since: str, takes_over: bool = False) -> None:
        """Open `path`, or begin anew where there is nothing; InUse where a writer has it. `since` is what another
        writer is told, and `takes_over` allows a file that TinyDB wrote.
        """
        self.path = path
        self.real = Path(os.path.realpath(path))  # one lock and one journal by whatever name it is opened
        self._takes_over = takes_over
        self._lock = WriterLock(self.real) if write else None
        if self._lock:
            self._lock.acquire(since)
        try:
            if self._lock:
                _refuse_hard_links(self.real)
                self.sweep()
            loaded = opening.load(self.real, write=write, takes_over=takes_over)
        except BaseException:
            self._unlock()
            raise
        self._resume(loaded)
        self.snapshot, self.arrays = loaded.snapshot, loaded.arrays
        self.frames = loaded.frames
        self.lsn = loaded.snapshot.lsn + len(loaded.frames)  # there are no gaps
        self.newest = loaded.frames[-1:]

    def _resume(self, loaded: opening.Loaded) -> None:
        self.journal, self._stamp, self._in_memory = loaded.journal, loaded.stamp, loaded.in_memory

    @property
    def writes(self) -> bool:
        """Whether this is the one writer."""
        return bool(self._lock and self._lock.held)

    @property
    def is_on_disk(self) -> bool:
        """Whether the snapshot is a file of ours, and not a new archive or what another program left."""
        return not self._in_memory

    @property
    def is_compact(self) -> bool:
        """Whether the file holds all there is."""
        return self.lsn == self.snapshot.lsn and self.is_on_disk

    @property
    def tail(self) -> str:
        """What tells the last transaction from any other of its number, "" if it is not known."""
        return tail_of(self.newest[0]) if self.lsn > self.snapshot.lsn else self.snapshot.tail

    def waits(self, least: int, most: int) -> bool:
        """Whether the journal is longer than a quarter of the snapshot, and than `least` bytes, or than `most`."""
        quarter = len(self.snapshot.data) // 4
        return self.journal.size_after(self.snapshot.lsn) > max(least, min(most, quarter))

    def append(self, frame: LogRecord) -> None:
        """Put the next transaction on the disk; it is there when this returns. CannotWrite where it cannot be."""
        self.refuse_reading()
        if self.journal.broken:
            self._open_again()
        self._confirm_snapshot()
        if self._in_memory:  # what is written here follows a snapshot of ours
            write_whole(self.real, bytes(self.snapshot.data), force=True)
            self._stamp, self._in_memory = opening.stamp_of(self.real), False
        self.journal.append(frame)
        self.lsn, self.newest = frame.lsn, [frame]

    def confirm(self) -> None:
        """Make sure that the files are as they were read and written here, so that they may be replaced.

        ForeignChange names a file that another program changed, InUse another writer that was let in because somebody
        deleted the lock file.
        """
        self._confirm_snapshot()
        self.journal.confirm()

    def compact(self, write_checkpoint: Callable[[Path, int], Checkpoint]) -> None:
        """Make a new snapshot of all there is, and go on from that; `prepare` lays it beside the old one."""
        self.refuse_reading()
        self.confirm()
        try:
            prepared = write_checkpoint(self.real, self.lsn)
            self.journal.rotate()
            self.install_checkpoint(prepared, self.beside(prepared))
            self.sync()
            self.prune()
        except OSError as error:
            raise cannot_write(self.path, error) from error

    def beside(self, prepared: Checkpoint) -> opening.Beside:
        """A snapshot that is laid beside this one, and what is kept beside it."""
        return opening.beside(prepared.path, self.real, prepared.name)

    def install_checkpoint(self, prepared: Checkpoint, found: opening.Beside) -> None:
        """Put a snapshot in the place of this one and go on from that, until `settle` together with the journal as it
        is. OSError, or CannotWrite, where it cannot be.
        """
        try:
            self.confirm()
        except ArchiveError:
            prepared.drop(self.real)
            raise
        install(self.real, prepared)
        self._stamp, self._in_memory = opening.stamp_of(self.real), False
        self.snapshot, self.arrays = found

    def sync(self) -> None:
        """Wait until the disk has the snapshot in its place. OSError where it does not confirm it: then what was
        acknowledged is in the journal, of which nothing may go.
        """
        sync(self.real, self.snapshot.name)

    def prune(self) -> None:
        """Drop the segments that the snapshot holds, once it is settled."""
        with suppress(ArchiveError, OSError):  # it is read past, and dropped the next time
            self.journal.drop(self.journal.sealed(self.snapshot.lsn))

    def sweep(self) -> None:
        """Remove the unfinished files of a process that was killed. Only for the one writer."""
        sweep(self.real)

    def close(self) -> None:
        """Let go of the files."""
        self.journal.close()
        self._unlock()

    def _open_again(self) -> None:
        """Open the files again after a failed save. They must hold what was acknowledged, no more and no less."""
        self.journal.close()
        loaded = opening.load(self.real, write=True, takes_over=self._takes_over)
        self._resume(loaded)
        newest = self.newest if self.lsn > self.snapshot.lsn else []
        is_same = (
            loaded.snapshot.name == self.snapshot.name and len(loaded.frames) == self.lsn - self.snapshot.lsn
        )
        if not is_same or list(map(tail_of, loaded.frames[-1:])) != list(map(tail_of, newest)):
            self.journal.close()
            raise foreign_change(self.path)

    def _unlock(self) -> None:
        if self._lock:
            self._lock.release()

    def refuse_reading(self) -> None:
        """CannotWrite where this is not the one writer."""
        if not self.writes:
            raise CannotWrite(
                _("{path} is open for reading only.").format(path=self.path.name), _("Nothing was written.")
            )

    def _confirm_snapshot(self) -> None:
        """Make sure that this is the one writer, and that the snapshot is the one that was read or written here."""
        assert self._lock  # only the writer confirms
        self._lock.confirm()
        if opening.stamp_of(self.real) == self._stamp:
            return
        if not self._stamp:
            raise ForeignChange(
                _("{path} was made by another program after this one opened it.").format(path=self.path),
                _("Nothing was written. Open the archive again."),
            )
        raise foreign_change(self.path)


def _refuse_hard_links(path: Path) -> None:
    """CannotWrite if the archive has a second name: each name would have a lock and a journal of its own."""
    found = status(path)
    if found and found.st_nlink > 1:
        raise CannotWrite(
            _("{path} has {n} names (hard links), so two programs could write to it unnoticed.").format(
                path=path, n=found.st_nlink
            ),
            _("Nothing was opened for writing. Copy the file to a name of its own and open the copy."),
        )
