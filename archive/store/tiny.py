"""TinyDB on a journal: `ArchiveDB(path)`, or `TinyDB(path, storage=JournalStorage)` with TinyDB's own tables.

The hooks that are used here are private to TinyDB, so that its minor version is pinned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager
from errno import ENOENT
from os import PathLike
from pathlib import Path
from typing import Any, cast

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from archive.errors import BadValue
from archive.files import cannot_write
from archive.store.documents import Documents
from archive.store.rows import Rows
from archive.text import _

_READ, _WRITE = ("r", "rb"), ("r+", "rb+")


class JournalStorage(Storage):
    """Keeps tables of any documents: what was changed is on the disk, and nothing else is written.

    `access_mode="r"` opens for reading beside a writer. TinyDB's options for its JSON (`indent`, `encoding` and the
    like) change nothing: the file is one document a line, in UTF-8.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        create_dirs: bool = False,
        access_mode: str = "r+",
        **_layout: Any,
    ) -> None:
        if access_mode not in _READ + _WRITE:
            raise ValueError(f"access_mode {access_mode!r}")
        write = access_mode in _WRITE
        if write and not create_dirs and not Path(path).parent.is_dir():
            raise cannot_write(Path(path), FileNotFoundError(ENOENT, ""))
        self.documents = Documents(Path(path), write=write)

    def read(self) -> dict[str, Any]:
        """Every table as it is at any time, its documents decoded when they are asked for."""
        return dict(self.documents.tables())

    def write(self, data: Mapping[str, Any]) -> None:
        """Make the store equal to `data`; what of it is as it was is not written."""
        kept = self.documents
        found = {name: Rows(kept, name) for name in self.read()}
        new = {name: _all_of(rows) for name, rows in data.items() if not _is_as_it_is(kept, name, rows)}
        with kept.transaction():
            for name in found.keys() - data.keys():
                kept.drop(name)
            for name, rows in new.items():
                gone = dict.fromkeys(Rows(kept, name))
                kept.change(name, {**gone, **rows})

    def transaction(self, label: str = "") -> AbstractContextManager[None]:
        """All that is changed meanwhile, in however many tables, is one change: all of it or, where it raises, none."""
        return self.documents.transaction(label)

    def undo(self) -> str | None:
        """Take the newest change back that has not been: its label, None where there is none."""
        return self.documents.undo()

    def compact(self) -> None:
        """Write all of it as one plain file, which TinyDB's own storage reads."""
        self.documents.compact()

    def close(self) -> None:
        """Leave one plain file, and let go of it."""
        self.documents.close()


def _is_as_it_is(kept: Documents, name: str, rows: Any) -> bool:
    return isinstance(rows, Rows) and rows.is_table(kept, name)


def _all_of(rows: Any) -> dict[str, Any]:
    if not isinstance(rows, Mapping) or not all(isinstance(row, Mapping) for row in rows.values()):
        raise BadValue(_("A table is a mapping of documents by number."))
    return {str(number): document for number, document in rows.items()}


class Edited(MutableMapping[Any, Any]):
    """A table that is being changed: knows what was touched, and changes nothing itself."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.touched: dict[Any, Any] = {}  # None where a document is gone
        self.highest = 0  # number that was set

    def __getitem__(self, number: Any) -> Any:
        if number not in self.touched:
            if type(number) is not int:
                raise KeyError(number)
            self.touched[number] = self._rows[str(number)]
        found = self.touched[number]
        if found is None:
            raise KeyError(number)
        return found

    def __setitem__(self, number: Any, document: Any) -> None:
        self.touched[number] = document
        self.highest = max(self.highest, number) if type(number) is int else self.highest

    def __delitem__(self, number: Any) -> None:
        if number not in self:
            raise KeyError(number)
        self.touched[number] = None

    def __contains__(self, number: object) -> bool:
        if number in self.touched:
            return self.touched[number] is not None
        return type(number) is int and str(number) in self._rows

    def __iter__(self) -> Iterator[Any]:
        for number in map(int, self._rows):
            if self.touched.get(number, True) is not None:
                yield number
        yield from [number for number in self.touched if number in self and str(number) not in self._rows]

    def __len__(self) -> int:
        return sum(1 for _number in self)

    def clear(self) -> None:
        self.touched = dict.fromkeys(self)


class FastTable(Table):
    """A table that decodes what is asked for and writes what was changed. On another storage it is TinyDB's own.

    Every document is the caller's own. The query cache holds numbers.
    """

    _seen = -1  # the revision that the cache and the next number are of
    _edited: Edited | None = None
    _next_id: int | None  # type: ignore[assignment]

    def search(self, cond: QueryLike) -> list[Document]:
        if self._documents is None:
            return super().search(cond)
        self._forget_if_changed()
        known = cast("list[Any] | None", self._query_cache.get(cond))
        if known is not None:
            rows = self._read_table()
            return [self.document_class(rows[str(number)], number) for number in known]
        found = self._found(cond)
        if _is_cacheable(cond):
            self._query_cache[cond] = [document.doc_id for document in found]  # type: ignore[misc]
        return found

    def update(
        self,
        fields: Mapping[Any, Any] | Callable[[MutableMapping[Any, Any]], None],
        cond: QueryLike | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> list[int]:
        return super().update(fields, *self._narrowed(cond, doc_ids))

    def upsert(self, document: Mapping[Any, Any], cond: QueryLike | None = None) -> list[int]:
        if self._documents is None:
            return super().upsert(document, cond)
        with self._documents.transaction():  # TinyDB looks for it first, and writes that too
            return super().upsert(document, cond)

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        return super().remove(*self._narrowed(cond, doc_ids))

    def _narrowed(
        self, cond: QueryLike | None, doc_ids: Iterable[int] | None
    ) -> tuple[QueryLike | None, Iterable[int] | None]:
        """The documents by number, so that those that do not match are not held in memory."""
        if self._documents is None or cond is None or doc_ids is not None:
            return cond, doc_ids
        return None, [document.doc_id for document in self._found(cond)]

    def _found(self, cond: QueryLike) -> list[Document]:
        return [
            self.document_class(document, self.document_id_class(number))
            for number, document in self._read_table().items()
            if cond(document)
        ]

    def _get_next_id(self) -> Any:
        if self._documents is not None:
            self._forget_if_changed()
            if self._next_id is None:
                self._next_id = 1 + self._documents.highest(self.name)
            if self._edited is not None:
                self._next_id = max(self._next_id, 1 + self._edited.highest)
        return super()._get_next_id()  # type: ignore[no-untyped-call]

    def _update_table(self, updater: Callable[[Any], Any]) -> None:
        documents = self._documents
        if documents is None:
            super()._update_table(updater)
            return
        self._forget_if_changed()
        self._edited = Edited(Rows(documents, self.name))
        try:
            updater(self._edited)
            documents.change(self.name, self._edited.touched)
        finally:
            self._edited = None
            self.clear_cache()
        self._seen = documents.revision(self.name)

    @property
    def _documents(self) -> Documents | None:
        return self._storage.documents if isinstance(self._storage, JournalStorage) else None

    def _forget_if_changed(self) -> None:
        """Another table of this name, an undo or a transaction that was given up may have changed the documents."""
        assert self._documents is not None
        revision = self._documents.revision(self.name)
        if self._seen != revision:
            self._seen, self._next_id = revision, None
            self.clear_cache()


def _is_cacheable(cond: QueryLike) -> bool:
    """TinyDB takes two regular expressions that differ in their flags for one query."""
    is_cacheable: Callable[[], bool] = getattr(cond, "is_cacheable", lambda: True)
    return is_cacheable() and not _has_pattern(getattr(cond, "_hash", None))


def _has_pattern(hashed: Any) -> bool:
    if isinstance(hashed, tuple) and hashed[:1] in (("matches",), ("search",)):
        return True
    return isinstance(hashed, (tuple, frozenset)) and any(map(_has_pattern, hashed))


class ArchiveDB(TinyDB):
    """TinyDB with both."""

    table_class = FastTable
    default_storage_class = JournalStorage  # type: ignore[assignment]
