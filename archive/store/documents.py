"""Tables of any documents by number, kept in a snapshot and a journal; transactions over several tables, and undo."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from sys import maxsize
from time import time
from typing import Any

from archive.errors import ArchiveError, BadValue, CannotWrite, Damaged, NotFound
from archive.files import exists
from archive.store.compaction import Prepared, keep_places, written
from archive.store.frames import Frame
from archive.store.held import Held
from archive.store.layered import Layered
from archive.store.lines import dumps, line_of
from archive.store.opening import Kind
from archive.store.rows import NUMBER, Document, Rows
from archive.store.snapshot import META, SUM
from archive.store.whole import Tables, decode
from archive.text import _

FORMAT = "documents"
VERSION = 1
LARGE = 32 << 20  # bytes of the journal behind a small snapshot that make a new one worth its while
_END = 10**18  # numbers are below


class Documents:
    """What it holds, and what is done to it. A document that goes in or out is the caller's own, to be changed at will.

    For one thread at a time, as TinyDB is.
    """

    def __init__(self, path: Path, *, write: bool) -> None:
        """Open `path`; NotFound where there is none and none is to be written, InUse where a writer has it."""
        if not write and not exists(path):
            raise NotFound(_("There is no file {path}.").format(path=path), _("Check its name and folder."))
        now = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
        self._held = Held(path, DOCUMENTS, write=write, since=now, undoes_from_journal=True)
        self._layered: dict[str, Layered] = {}
        # The names of the tables that there are, in the order in which they were made.
        self._names: dict[str, None] = {}
        self._revisions: dict[str, int] = {}
        self._keeps_up = True
        self._begun: list[list[Any]] | None = None  # the changes of the transaction that is on
        try:
            self._take()
            for frame in self._held.frames:
                self._follow(frame)
        except BaseException:
            self._held.close()
            raise

    @property
    def notices(self) -> list[str]:
        """Sentences on what was found when it was opened, such as an interrupted last save."""
        return self._held.journal.notices

    # Reading

    def tables(self) -> dict[str, Rows]:
        """The tables that there are."""
        return {name: Rows(self, name) for name in self._names}

    def layered(self, table: str) -> Layered:
        """The documents of a table as they are kept, an empty one where there is no such table."""
        found = self._layered.get(table)
        if found is None:
            found = self._layered[table] = Layered(self._held.lines(table))
        return found

    def revision(self, table: str) -> int:
        """A number that is another one when a table is not what it was."""
        return self._revisions.get(table, 0)

    def highest(self, table: str) -> int:
        """The highest number of a table's documents, 0 where there are none."""
        layered = self.layered(table)
        base = range(len(layered.lines))
        newest = next((slot for slot in reversed(base) if layered.over.get(slot, True) is not None), None)
        added = (slot for slot in range(len(base), layered.size) if layered.over[slot] is not None)
        return max(map(layered.number, added if newest is None else (newest, *added)), default=0)

    # Changing

    @contextmanager
    def transaction(self, label: str = "", **extra: Any) -> Iterator[None]:
        """All that is changed meanwhile is one change: on the disk when this ends, none of it where it raises.

        One inside another is a part of it, and can be given up without the other.
        """
        outermost, names = self._begun is None, dict(self._names)
        begun = self._begun = [] if self._begun is None else self._begun
        mark = len(begun)
        try:
            yield
            if outermost:
                self._save(label, names, extra)
        except BaseException:
            self._take_back(mark, names)
            raise
        finally:
            if outermost:
                self._begun = None
        if outermost and self._keeps_up and self._held.waits(LARGE, maxsize):
            try:
                self.compact()
            except ArchiveError:  # what was saved is in the journal
                self._keeps_up = False

    def change(self, table: str, documents: Mapping[Any, Mapping[str, Any] | None]) -> None:
        """Make a table where there is none, and set documents by number, or with None remove them.

        TypeError, ValueError or BadValue, and nothing changed, where one of them is nothing that can be kept.
        """
        if table in (META, SUM):
            raise BadValue(_("The name {table} is taken.").format(table=table))
        dumps(table).encode()
        kept = {_number(number): _kept(document) for number, document in documents.items()}
        with self.transaction():
            self._names.setdefault(table)
            for number, document in kept.items():
                self._put(table, number, document)

    def drop(self, table: str) -> None:
        """Remove a table with all that is in it."""
        with self.transaction():
            self.change(table, dict.fromkeys(map(int, Rows(self, table))))
            del self._names[table]

    def undo(self) -> str | None:
        """Take the newest transaction back that has not been: its label, or None where there is none to be found.

        CannotWrite where another program changed since what that one changed.
        """
        self._refuse_inside()
        frame = self._to_undo()
        if frame is None:
            return None
        with self.transaction(frame.label, undone=frame.lsn):
            self._names.update(dict.fromkeys(frame.extra.get("gone", ())))
            for table, number, new, old in frame.changes:
                self._refuse_other(table, int(number), new)
                self._put(table, int(number), old)
            for table in frame.extra.get("made", ()):
                if not self.layered(table):
                    self._names.pop(table, None)
        return frame.label

    def _to_undo(self) -> Frame | None:
        undone = set()
        for frame in self._held.journal.backwards():
            if "undone" in frame.extra:
                undone.add(frame.extra["undone"])
            elif frame.lsn not in undone:
                return frame
        return None

    def _put(self, table: str, number: int, document: Document | None) -> None:
        layered = self.layered(table)
        slot = layered.slot(number)
        old = None if slot is None else layered.row(slot)
        if not _same(old, document):
            layered.put(number, document)
            assert self._begun is not None
            self._begun.append([table, str(number), document, old])
            self._touch(table)

    def _touch(self, table: str) -> None:
        self._revisions[table] = self.revision(table) + 1

    def _save(self, label: str, names: Mapping[str, None], extra: dict[str, Any]) -> None:
        changes = _together(self._begun or ())
        made, gone = [*(self._names.keys() - names.keys())], [*(names.keys() - self._names.keys())]
        if made or gone or changes:
            told = {key: value for key, value in (("made", made), ("gone", gone)) if value}
            frame = Frame(self._held.lsn + 1, int(time() * 1000), label, changes, {**told, **extra})
            self._held.append(frame)

    def _take_back(self, mark: int, names: dict[str, None]) -> None:
        assert self._begun is not None
        for table, number, _new, old in reversed(self._begun[mark:]):
            self.layered(table).put(int(number), old)
            self._touch(table)
        del self._begun[mark:]
        self._names = names

    # Files

    def _prepare(self, path: Path, lsn: int) -> Prepared:
        name = os.urandom(8).hex()
        meta = line_of(1, {**self._held.snapshot.meta, "lsn": lsn, "snapshot": name})
        contents = ((table, self.layered(table).encoded()) for table in self._names)
        return written(
            path, name, chain([(META, [meta])], contents), partial(keep_places, path, DOCUMENTS.code)
        )

    def compact(self) -> None:
        """Write all of it as one plain file."""
        self._refuse_inside()
        if not self._held.is_compact:
            self._held.compact(self._prepare)
            self._take()

    def close(self) -> None:
        """Leave one plain file, and let go of it. What can still be undone stays in the journal beside it."""
        with suppress(ArchiveError):  # what was saved is in the journal; the next one tries again
            if self._held.lsn > self._held.snapshot.lsn:
                self.compact()
        self._held.close()

    def _take(self) -> None:
        """Go on from the snapshot."""
        self._layered.clear()
        self._names = dict.fromkeys(table for table in self._held.snapshot.extents if table != META)

    def _follow(self, frame: Frame) -> None:
        self._names.update(dict.fromkeys(frame.extra.get("made", ())))
        for table, number, new, _old in frame.changes:
            self.layered(table).put(int(number), new)
        for table in frame.extra.get("gone", ()):
            self._names.pop(table, None)

    def _refuse_inside(self) -> None:
        if self._begun is not None:
            raise RuntimeError("not inside a transaction")

    def _refuse_other(self, table: str, number: int, expected: Document | None) -> None:
        layered = self.layered(table)
        slot = layered.slot(number)
        if not _same(None if slot is None else layered.row(slot), expected):
            raise CannotWrite(
                _(
                    "{path} was changed by another program, so that the change before cannot be taken back."
                ).format(path=self._held.path),
                _("Nothing was written."),
            )


def _number(number: Any) -> int:
    if type(number) is str and NUMBER.fullmatch(number):
        return int(number)
    if type(number) is not int or not 0 <= number < _END:
        raise BadValue(_("{number} is no number of a document.").format(number=repr(number)))
    return number


def _kept(document: Mapping[str, Any] | None) -> Document | None:
    """A document as it will be read again."""
    if document is None:
        return None
    try:
        line = line_of(0, dict(document))
    except BadValue:
        dumps(dict(document))  # TypeError or ValueError, as from TinyDB's own storage, where it is no JSON
        raise
    kept: Document = json.loads(line[len('"0":') :])
    return kept


def _same(one: Document | None, other: Document | None) -> bool:
    """Whether two documents are written alike; for `==` 1 is True."""
    return one is other or (one is not None and other is not None and dumps(one) == dumps(other))


def _together(changes: Iterable[list[Any]]) -> list[list[Any]]:
    """Changes with one for each document, and none where it is again what it was."""
    found: dict[tuple[str, str], list[Any]] = {}
    for table, number, new, old in changes:
        first = found.setdefault((table, number), [table, number, new, old])
        first[2] = new
    return [change for change in found.values() if not _same(change[2], change[3])]


def _is_todays(meta: Mapping[str, Any]) -> bool:
    return meta.get("format") == FORMAT and meta.get("version") == VERSION


def _taken_over(data: bytes | None, path: Path) -> Tables:
    """The tables of a new file, or of one that another program wrote, with what makes it ours."""
    tables = decode(data, path) if data and data.strip() else {}
    meta = tables.pop(META, {"1": {"format": FORMAT, "version": VERSION}}).get("1", {})
    lsn = meta.get("lsn", 0)
    if not _is_todays(meta) or type(lsn) is not int or lsn < 0:
        raise Damaged(
            _("{path} was written by a program that keeps more in it than documents.").format(path=path),
            _("It was left as it is. Open it with the program that wrote it."),
        )
    fresh = {"uuid": os.urandom(16).hex(), **meta, "snapshot": os.urandom(8).hex()}
    return {META: {"1": fresh}, **tables}


DOCUMENTS = Kind(_is_todays, _taken_over, f"{FORMAT} {VERSION}")
