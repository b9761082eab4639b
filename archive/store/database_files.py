"""The files of an open archive: snapshot, index file, journal and lock. Knows nothing about the tables in them."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from archive.errors import ArchiveError, CannotWrite, ForeignChange
from archive.file_status import status
from archive.files import cannot_write, sweep, write_whole
from archive.store import opening
from archive.store.checkpoint import Checkpoint, install, sync
from archive.store.lock import WriterLock
from archive.store.wal.appender import foreign_change
from archive.store.wal.records import LogRecord
from archive.text import _


class DatabaseFiles:
    """Reads the files of an archive and, for the writer, changes them. The writer holds the lock until `close`.

    Attributes:
        snapshot: The current snapshot.
        arrays: The arrays of its index file.
        lsn: The LSN of the last acknowledged transaction.
        frames: The transactions that were not in the snapshot when the archive was opened.
        tail: The fingerprint of the last acknowledged transaction (see `fingerprint`), or "" if it is not known.
    """

    def __init__(self, path: Path, *, write: bool, since: str, takes_over: bool = False) -> None:
        """Open the archive, or create an empty archive in memory if there is none.

        Args:
            path: The archive.
            write: Whether to take the lock.
            since: The time stored in the lock file, which other programs show while the lock is held.
            takes_over: Whether a file written by TinyDB is accepted.

        Raises:
            InUse: Another writer holds the lock.
        """
        self.path = path
        self.real = Path(os.path.realpath(path))  # all links to an archive share one lock and one journal
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
        self.lsn = loaded.snapshot.lsn + len(loaded.frames)  # LSNs have no gaps
        self.tail = loaded.journal.tail if loaded.frames else loaded.snapshot.tail

    def _resume(self, loaded: opening.Loaded) -> None:
        self.journal, self._stamp, self._in_memory = loaded.journal, loaded.stamp, loaded.in_memory

    @property
    def writes(self) -> bool:
        """Whether this process is the writer."""
        return bool(self._lock and self._lock.held)

    @property
    def is_on_disk(self) -> bool:
        """Whether the snapshot is on disk in our format; a new archive or a foreign file is not."""
        return not self._in_memory

    @property
    def is_compact(self) -> bool:
        """Whether the snapshot on disk contains every transaction."""
        return self.lsn == self.snapshot.lsn and self.is_on_disk

    def waits(self, least: int, most: int) -> bool:
        """Return whether the journal after the snapshot is long enough for a checkpoint.

        The limit is a quarter of the snapshot, but not less than `least` and not more than `most` bytes.
        """
        quarter = len(self.snapshot.data) // 4
        return self.journal.size_after(self.snapshot.lsn) > max(least, min(most, quarter))

    def append(self, frame: LogRecord) -> None:
        """Append a transaction to the journal; it is on disk when this returns.

        Raises:
            CannotWrite: The transaction could not be saved.
        """
        self.refuse_reading()
        if self.journal.broken:
            self._open_again()
        self._confirm_snapshot()
        if self._in_memory:  # the journal needs a snapshot of ours on disk to which it belongs
            write_whole(self.real, bytes(self.snapshot.data), force=True)
            self._stamp, self._in_memory = opening.stamp_of(self.real), False
        self.journal.append(frame)
        self.lsn, self.tail = frame.lsn, self.journal.tail

    def confirm(self) -> None:
        """Make sure that no other program changed the files, so that they may be replaced.

        Raises:
            ForeignChange: Another program changed a file; the message names it.
            InUse: Another writer got the lock because the lock file had been deleted.
        """
        self._confirm_snapshot()
        self.journal.confirm()

    def compact(self, write_checkpoint: Callable[[Path, int], Checkpoint]) -> None:
        """Write a checkpoint of everything and switch to it.

        Args:
            write_checkpoint: Writes the checkpoint, given the archive and its last LSN.
        """
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
        """Open a checkpoint that is not installed yet, and its index file."""
        return opening.beside(prepared.path, self.real, prepared.name)

    def install_checkpoint(self, prepared: Checkpoint, contents: opening.Beside) -> None:
        """Replace the snapshot by a checkpoint and continue from it. Until `sync`, the whole journal is still needed.

        Args:
            prepared: The checkpoint.
            contents: The same checkpoint as opened by `beside`.

        Raises:
            OSError, CannotWrite, InUse: The snapshot was not replaced.
        """
        try:
            self.confirm()
        except ArchiveError:
            prepared.drop(self.real)
            raise
        install(self.real, prepared)
        self._stamp, self._in_memory = opening.stamp_of(self.real), False
        self.snapshot, self.arrays = contents

    def sync(self) -> None:
        """Wait until the replacement of the snapshot is durable.

        Raises:
            OSError: The disk did not confirm it, so no segment of the journal may be deleted.
        """
        sync(self.real, self.snapshot.name)

    def prune(self) -> None:
        """Delete the segments of the journal that the snapshot contains. Only after `sync`."""
        with suppress(ArchiveError, OSError):  # remaining segments are skipped on opening and deleted later
            self.journal.drop(self.journal.sealed(self.snapshot.lsn))

    def sweep(self) -> None:
        """Delete the unfinished files of a process that was killed. Only for the writer."""
        sweep(self.real)

    def close(self) -> None:
        """Close the journal and release the lock."""
        self.journal.close()
        self._unlock()

    def _open_again(self) -> None:
        """Reopen the files after a failed save.

        Raises:
            ForeignChange: They do not contain exactly the acknowledged transactions.
        """
        self.journal.close()
        loaded = opening.load(self.real, write=True, takes_over=self._takes_over)
        self._resume(loaded)
        is_same = (
            loaded.snapshot.name == self.snapshot.name and len(loaded.frames) == self.lsn - self.snapshot.lsn
        )
        if not is_same or (loaded.frames and loaded.journal.tail != self.tail):
            self.journal.close()
            raise foreign_change(self.path)

    def _unlock(self) -> None:
        if self._lock:
            self._lock.release()

    def refuse_reading(self) -> None:
        """Raise CannotWrite if this process is not the writer."""
        if not self.writes:
            raise CannotWrite(
                _("{path} is open read-only.").format(path=self.path.name),
                _("Nothing was written. Open the archive for writing."),
            )

    def _confirm_snapshot(self) -> None:
        """Make sure that this process still has the lock and that no other program replaced the snapshot."""
        assert self._lock  # only the writer calls this
        self._lock.confirm()
        if opening.stamp_of(self.real) == self._stamp:
            return
        if not self._stamp:
            raise ForeignChange(
                _("Another program created {path} after this program had opened the archive.").format(
                    path=self.path
                ),
                _("Nothing was written. Open the archive again."),
            )
        raise foreign_change(self.path)


def _refuse_hard_links(path: Path) -> None:
    """Raise CannotWrite if the archive has hard links: each name would have a separate lock and journal."""
    file_status = status(path)
    if file_status and file_status.st_nlink > 1:
        raise CannotWrite(
            _("{path} has {n} names (hard links), so two programs could write to it unnoticed.").format(
                path=path, n=file_status.st_nlink
            ),
            _("It was not opened for writing. Copy the file and open the copy."),
        )
