"""The files of a store while it is open: snapshot, journal and lock. What the tables in them mean is not known here."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from itertools import chain, takewhile
from pathlib import Path
from time import time

from archive.errors import ArchiveError, CannotWrite, NotFound
from archive.files import cannot_write, exists, sweep, write_whole
from archive.store import opening, segments, shelf, snapshot
from archive.store.changes import KEPT_DAYS, KEPT_ENTRIES
from archive.store.compaction import WORTH_A_SHELF, publish, written
from archive.store.frames import Frame
from archive.store.lines import line_of
from archive.store.lock import WriterLock
from archive.store.mapping import mapped
from archive.store.snapshot import META, Lines, Snapshot
from archive.store.state import lines_of
from archive.text import _

LARGE = 32 << 20  # bytes of the journal behind a small snapshot that make a new one worth its while
FULL = 1 << 20  # bytes of a segment that is not gone on with when a snapshot holds it
_DAY = 24 * 60 * 60
Contents = Iterable[tuple[str, Iterable[bytes]]]


class Held:
    """One writer holds the lock until `close`; readers share the files.

    `snapshot` is the one to go on from, `lsn` the number of the last transaction that was acknowledged.
    """

    def __init__(self, path: Path, kind: opening.Kind, *, write: bool) -> None:
        """NotFound where there is no file and none is to be written, InUse where a writer has it."""
        if not write and not exists(path):
            raise NotFound(_("There is no file {path}.").format(path=path), _("Check its name and folder."))
        self.path = path
        self.real = Path(os.path.realpath(path))  # one lock and one journal by whatever name it is opened
        self._kind = kind
        self._lock = WriterLock(self.real) if write else None
        if self._lock:
            self._lock.acquire(datetime.now().astimezone().isoformat(timespec="minutes"))
            sweep(self.real)
        try:
            loaded = opening.load(self.real, write=write, kind=kind)
        except BaseException:
            self._unlock()
            raise
        self._go_on_with(loaded)
        self.snapshot, self._shelf = loaded.snapshot, loaded.shelf
        self.frames: list[Frame] = loaded.frames  # behind the snapshot when it was opened
        self.lsn = loaded.snapshot.lsn + len(loaded.frames)

    def _go_on_with(self, loaded: opening.Loaded) -> None:
        self.journal, self._stamp, self._in_memory = loaded.journal, loaded.stamp, loaded.in_memory

    def lines(self, table: str) -> Lines:
        """The records that a table has in the snapshot."""
        return lines_of(self.snapshot, self._shelf, table)

    def append(self, frame: Frame) -> None:
        """Put the next transaction on the disk; it is there when this returns. CannotWrite where it cannot be."""
        self._refuse_reading()
        if self.journal.broken:
            self._open_again()
        self._refuse_foreign_change()
        if self._in_memory:  # of another program, or new: what is written here follows a snapshot of ours
            self._place()
        self.journal.append(frame)
        self.lsn = frame.lsn

    @property
    def is_large(self) -> bool:
        """Whether the journal is so large that a new snapshot is worth its while."""
        return self.journal.size_after(self.snapshot.lsn) > max(LARGE, len(self.snapshot.data) // 4)

    @property
    def is_compact(self) -> bool:
        """Whether the file holds all there is."""
        return self.lsn == self.snapshot.lsn and not self._in_memory

    def compact(self, contents: Contents) -> None:
        """Make a new snapshot of all tables as they are now, and go on from that."""
        self._refuse_reading()
        self._refuse_foreign_change()
        name = os.urandom(8).hex()
        meta = line_of(1, {**self.snapshot.meta, "lsn": self.lsn, "snapshot": name})
        try:
            publish(self.real, written(self.real, name, chain([(META, [meta])], contents), self._keep_places))
            self._stamp, self._in_memory = opening.stamp_of(self.real), False
            found = snapshot.read(mapped(self.real), self.real)
        except OSError as error:
            raise cannot_write(self.path, error) from error
        assert found is not None
        self.snapshot, self._shelf = found, shelf.opened(self.real, name, self._kind.code)
        self._age()

    def close(self) -> None:
        """Let go of the files."""
        self.journal.close()
        self._unlock()

    def _keep_places(self, made: Snapshot) -> None:
        """Where the documents of a large file begin is not looked for at every opening."""
        if len(made.data) < WORTH_A_SHELF:
            return
        places: dict[str, shelf.Column] = {}
        for table in made.extents:
            lines = made.lines(table)
            places[f"{table}.numbers"] = array("Q", lines.numbers)
            places[f"{table}.starts"] = array("Q", lines.starts)
        shelf.kept(self.real, made.name, self._kind.code, places)

    def _place(self) -> None:
        write_whole(self.real, bytes(self.snapshot.data), force=True)
        self._stamp, self._in_memory = opening.stamp_of(self.real), False

    def _age(self) -> None:
        """Drop segments that undo need not reach: older than 90 days and beyond the last 1,000 transactions."""
        with suppress(ArchiveError, OSError):
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

    def _refuse_reading(self) -> None:
        if not (self._lock and self._lock.held):
            raise CannotWrite(
                _("{path} is open for reading only.").format(path=self.path), _("Nothing was written.")
            )

    def _refuse_foreign_change(self) -> None:
        if opening.stamp_of(self.real) != self._stamp:
            raise self._changed()

    def _changed(self) -> CannotWrite:
        return CannotWrite(
            _("{path} was changed by another program since it was opened.").format(path=self.path),
            _("Nothing was written over it. Open it again."),
        )
