"""The files of a store while it is open: snapshot, journal and lock. What the tables in them mean is not known here."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from time import time

from archive.errors import ArchiveError, CannotWrite
from archive.files import cannot_write, sweep, write_whole
from archive.store import opening, segments
from archive.store.changes import KEPT_DAYS, KEPT_ENTRIES
from archive.store.compaction import Prepared, publish, settle
from archive.store.frames import Frame
from archive.store.lock import WriterLock
from archive.store.snapshot import Lines
from archive.store.state import lines_of
from archive.text import _

FULL = 1 << 20  # bytes of a segment that is not gone on with when a snapshot holds it
_DAY = 24 * 60 * 60


class Held:
    """One writer holds the lock until `close`; readers share the files.

    `snapshot` is the one to go on from, `shelf` what is kept beside it, `lsn` the number of the last transaction that
    was acknowledged, and `frames` are those behind the snapshot when it was opened.
    """

    def __init__(
        self, path: Path, kind: opening.Kind, *, write: bool, since: str, undoes_from_journal: bool = False
    ) -> None:
        """Open `path`, or begin anew where there is nothing; InUse where a writer has it. `since` is what another
        writer is told, and whoever undoes from the journal finds its transactions there for as long as history is kept.
        """
        self.path = path
        self.real = Path(os.path.realpath(path))  # one lock and one journal by whatever name it is opened
        self._kind, self._undoes_from_journal = kind, undoes_from_journal
        self._lock = WriterLock(self.real) if write else None
        if self._lock:
            self._lock.acquire(since)
            sweep(self.real)
        try:
            loaded = opening.load(self.real, write=write, kind=kind)
        except BaseException:
            self._unlock()
            raise
        self._go_on_with(loaded)
        self.snapshot, self.shelf = loaded.snapshot, loaded.shelf
        self.frames = loaded.frames
        self.lsn = loaded.snapshot.lsn + len(loaded.frames)  # there are no gaps

    def _go_on_with(self, loaded: opening.Loaded) -> None:
        self.journal, self._stamp, self._in_memory = loaded.journal, loaded.stamp, loaded.in_memory

    def lines(self, table: str) -> Lines:
        """The records that a table has in the snapshot."""
        return lines_of(self.snapshot, self.shelf, table)

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

    def waits(self, least: int, most: int) -> bool:
        """Whether the journal is longer than a quarter of the snapshot, and than `least` bytes, or than `most`."""
        quarter = len(self.snapshot.data) // 4
        return self.journal.size_after(self.snapshot.lsn) > max(least, min(most, quarter))

    def append(self, frame: Frame) -> None:
        """Put the next transaction on the disk; it is there when this returns. CannotWrite where it cannot be."""
        self.refuse_reading()
        if self.journal.broken:
            self._open_again()
        self._refuse_foreign_change()
        if self._in_memory:  # what is written here follows a snapshot of ours
            write_whole(self.real, bytes(self.snapshot.data), force=True)
            self._stamp, self._in_memory = opening.stamp_of(self.real), False
        self.journal.append(frame)
        self.lsn = frame.lsn

    def compact(self, prepare: Callable[[Path, int], Prepared]) -> None:
        """Make a new snapshot of all there is, and go on from that; `prepare` lays it beside the old one."""
        self.refuse_reading()
        self._refuse_foreign_change()
        try:
            prepared = prepare(self.real, self.lsn)
            if not self._undoes_from_journal:
                self.journal.rotate()
            self.adopt(prepared, self.beside(prepared))
            self.settle()
            self.age()
        except OSError as error:
            raise cannot_write(self.path, error) from error

    def beside(self, prepared: Prepared) -> opening.Beside:
        """A snapshot that is laid beside this one, and what is kept beside it."""
        return opening.beside(prepared.path, self.real, prepared.name, self._kind)

    def adopt(self, prepared: Prepared, found: opening.Beside) -> None:
        """Put a snapshot in the place of this one and go on from that, until `settle` together with the journal as it
        is. OSError, or CannotWrite, where it cannot be.
        """
        self._refuse_foreign_change()
        publish(self.real, prepared)
        self._stamp, self._in_memory = opening.stamp_of(self.real), False
        self.snapshot, self.shelf = found

    def settle(self) -> None:
        """Wait until the disk has the snapshot in its place. OSError where it does not confirm it: then what was
        acknowledged is in the journal, of which nothing may go.
        """
        settle(self.real, self.snapshot.name)

    def age(self) -> None:
        """Let go of what no undo and no opening needs any more, once the snapshot is settled."""
        with suppress(ArchiveError, OSError):  # it is read past, and dropped the next time
            self._age()

    def close(self) -> None:
        """Let go of the files."""
        self.journal.close()
        self._unlock()

    def _age(self) -> None:
        """Drop segments that the snapshot holds, but those that undo reaches back to."""
        if not self._undoes_from_journal:
            self.journal.drop(self.journal.sealed(self.snapshot.lsn))
            return
        if sum(path.stat().st_size for path in segments.listed(self.real)[-1:]) > FULL:
            self.journal.rotate()
        limit = time() - KEPT_DAYS * _DAY
        old = self.journal.sealed(self.lsn - KEPT_ENTRIES)
        self.journal.drop(takewhile(lambda path: path.stat().st_mtime < limit, old))

    def _open_again(self) -> None:
        """After a save that failed: what is on the disk must be what was acknowledged, and the next save is new."""
        self.journal.close()
        loaded = opening.load(self.real, write=True, kind=self._kind)
        self._go_on_with(loaded)
        if loaded.snapshot.lsn + len(loaded.frames) != self.lsn:
            self.journal.close()
            raise self._changed()

    def _unlock(self) -> None:
        if self._lock:
            self._lock.release()

    def refuse_reading(self) -> None:
        """CannotWrite where this is not the one writer."""
        if not self.writes:
            raise CannotWrite(
                _("{path} is open for reading only.").format(path=self.path.name), _("Nothing was written.")
            )

    def _refuse_foreign_change(self) -> None:
        if opening.stamp_of(self.real) == self._stamp:
            return
        if not self._stamp:
            raise CannotWrite(
                _("{path} was made by another program meanwhile.").format(path=self.path),
                _("Nothing was written. Open the archive again."),
            )
        raise self._changed()

    def _changed(self) -> CannotWrite:
        return CannotWrite(
            _("{path} was changed by another program since it was opened.").format(path=self.path),
            _("Nothing was written over it. Open the archive again; what you typed stays in the form."),
        )
