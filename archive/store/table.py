"""TinyDB's table for an archive: answers queries from the indexes and writes only the changed documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence, Set
from functools import cached_property
from typing import Any, cast

from tinydb.queries import QueryLike
from tinydb.table import Document, Table

from archive.model.field_types.base import Context
from archive.model.fields import Record
from archive.model.query import Query
from archive.model.references import links_between, relinked
from archive.model.tables import STORED
from archive.store.changes import Raw
from archive.store.documents import EditedDocuments, StoredDocuments
from archive.store.indexed_records import IndexedRecords
from archive.store.indexes import day_of, name_of
from archive.store.query_plan import is_cacheable, slots_for
from archive.store.related_search import Searched
from archive.store.select import Sort
from archive.store.storage import JournalStorage
from archive.text import fold


class IndexedTable(Table):
    """A table of an archive. On any other storage it behaves as TinyDB's own table.

    TinyDB's methods return copies that the caller may change. The archive's own tables can also be searched by uid,
    code, name and customer, with `by_uid` and the methods after it. These return the stored rows themselves, which
    must not be changed. The query cache holds document numbers, not documents.
    """

    _version = -1  # version of the records for which the query cache and `_next_id` are valid
    _edited: EditedDocuments | None = None
    _next_id: int | None  # type: ignore[assignment]

    # TinyDB's methods

    def search(self, cond: QueryLike) -> list[Document]:
        if self._journal is None:
            return super().search(cond)
        self._forget_if_changed()
        cached = cast("list[Any] | None", self._query_cache.get(cond))
        if cached is not None:
            documents = self._read_table()
            return [self.document_class(documents[str(number)], number) for number in cached]
        matching = list(self._matching(cond))
        if is_cacheable(cond):
            self._query_cache[cond] = [document.doc_id for document in matching]  # type: ignore[misc]
        return matching

    def get(
        self, cond: QueryLike | None = None, doc_id: int | None = None, doc_ids: list[int] | None = None
    ) -> Any:
        if self._journal is None or cond is None or doc_id is not None or doc_ids is not None:
            return cast(Any, super()).get(cond, doc_id, doc_ids)
        return next(self._matching(cond), None)

    def update(
        self,
        fields: Mapping[Any, Any] | Callable[[MutableMapping[Any, Any]], None],
        cond: QueryLike | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> list[int]:
        return super().update(fields, *self._narrowed(cond, doc_ids))

    def upsert(self, document: Mapping[Any, Any], cond: QueryLike | None = None) -> list[int]:
        if self._journal is None:
            return super().upsert(document, cond)
        with self._journal.transaction():  # TinyDB updates first and then inserts: two separate writes
            return super().upsert(document, cond)

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        return super().remove(*self._narrowed(cond, doc_ids))

    def _narrowed(
        self, cond: QueryLike | None, doc_ids: Iterable[int] | None
    ) -> tuple[QueryLike | None, Iterable[int] | None]:
        """Replace a condition by the numbers of the matching documents, so that TinyDB need not load the others."""
        if self._journal is None or cond is None or doc_ids is not None:
            return cond, doc_ids
        return None, [document.doc_id for document in self._matching(cond)]

    def _matching(self, cond: QueryLike) -> Iterator[Document]:
        documents = self._documents
        slots = slots_for(cond, documents.records)
        for number, document in documents.snapshot(slots):
            if cond(document):
                yield self.document_class(document, self.document_id_class(number))

    def _get_next_id(self) -> Any:
        if self._journal is not None:
            self._forget_if_changed()
            if self._next_id is None:
                self._next_id = 1 + self._documents.records.highest()
            if self._edited is not None:
                self._next_id = max(self._next_id, 1 + self._edited.highest)
        return super()._get_next_id()  # type: ignore[no-untyped-call]

    def _update_table(self, updater: Callable[[Any], Any]) -> None:
        if self._journal is None:
            super()._update_table(updater)
            return
        self._forget_if_changed()
        self._edited = EditedDocuments(self._documents)
        try:
            updater(self._edited)
            self._journal.change(self.name, self._edited.touched)
        finally:
            self._edited = None
            self.clear_cache()
        self._version = self._documents.records.version

    @property
    def _journal(self) -> JournalStorage | None:
        return self._storage if isinstance(self._storage, JournalStorage) else None

    @property
    def _documents(self) -> StoredDocuments:
        assert self._journal is not None
        return StoredDocuments(self._journal.database, self.name)

    def _forget_if_changed(self) -> None:
        """Clear the caches if another table object, an undo or a rollback changed the records."""
        version = self._documents.records.version
        if self._version != version:
            self._version, self._next_id = version, None
            self.clear_cache()

    # The archive's own tables

    @cached_property
    def cls(self) -> type[Record]:
        """The record type; raises KeyError if this is not one of the archive's own tables."""
        return STORED[self.name]

    @property
    def records(self) -> IndexedRecords:
        """The records with their indexes."""
        assert self._journal is not None
        return self._journal.database.state.tables[self.name]

    def by_uid(self, uid: str) -> Raw | None:
        """Return the row with this uid, or None. In tables created through TinyDB, the uid is the document number."""
        return self.records.get(uid) if self.name in STORED else self._documents.get(uid)

    def select(
        self, query: Query, sort: Sort, ctx: Context, cancelled: Callable[[], bool] = lambda: False
    ) -> Sequence[str]:
        """Return the uids of the records that match a query, sorted; callers decode only the rows they show."""
        assert self._journal is not None
        database = self._journal.database
        with database.guard:
            return database.state.selectors[self.name].select(query, sort, ctx, cancelled)

    def by_name(self, words: list[str], ctx: Context) -> Sequence[str]:
        """Return the uids of the records whose name, code or number contains the words, best matching names first."""
        assert self._journal is not None
        database = self._journal.database
        with database.guard:
            return database.state.selectors[self.name].by_name(words, ctx)

    def containing(
        self, searched: Searched, most: int, cancelled: Callable[[], bool]
    ) -> tuple[int, list[str]]:
        """Return the number of records that contain the words, and the uids of the first `most` of them."""
        assert self._journal is not None
        database = self._journal.database
        with database.guard:
            return database.state.selectors[self.name].containing(searched, most, cancelled)

    def columns(self, keys: Sequence[str]) -> dict[str, list[Any]]:
        """Return the values of each key in creation order of the records, with None for a missing value."""
        assert self._journal is not None
        with self._journal.database.guard:
            return self.records.columns(keys)

    def uids(self) -> list[str]:
        """Return the uids of all records in creation order."""
        return self.columns(["uid"])["uid"]

    def of_customer(self, customer: str) -> list[str]:
        """Return the uids of a customer's records, newest first."""
        rows = filter(None, map(self.records.row, self.records.having("customer", customer)))
        return [
            uid for _day, uid in sorted(((day_of(self.cls, row), row["uid"]) for row in rows), reverse=True)
        ]

    @property
    def codes(self) -> Codes:
        """A mapping from code to uid."""
        return Codes(self)

    def named(self, name: str) -> Set[str]:
        """Return the uids of all records with this name; names are compared in folded form."""
        return frozenset(map(self.records.uid, self.records.having("name", fold(name))))

    def lookup(self, text: str) -> Sequence[str]:
        """Return the uid of the record with this code or uid, or else the uids of all records with this name."""
        by_code = self.codes.get(text) or self.codes.get(text.upper())
        if by_code or self.by_uid(text):
            return [by_code or text]
        return sorted(self.named(text)) if fold(text) else []

    def find(self, text: str) -> str | None:
        """Return the uid of the record with this code, uid or name; None if no record or several records match."""
        uids = self.lookup(text)
        return uids[0] if len(uids) == 1 else None

    def name_of(self, uid: str) -> str:
        """Return the name of a record, or its uid if it has no name or was deleted."""
        row = self.by_uid(uid)
        return (name_of(self.cls, row) if row else "") or uid

    def code_of(self, uid: str) -> str:
        """Return the code of a record, or its uid if it has no code or was deleted."""
        return str((self.by_uid(uid) or {}).get("code", uid))

    def rows_linking_to(self, table: str, uid: str) -> list[Raw]:
        """Return the rows with a link to a record of `table`; belonging to a customer does not count as a link."""
        if not links_between(self.cls, table):
            return []
        return [
            row for row in self.records.holding(uid) if relinked(self.cls, row, table, uid, "") is not None
        ]


class Codes(Mapping[str, str]):
    """Read-only mapping from code to uid. A lookup takes the same time in a large archive as in a small archive."""

    def __init__(self, table: IndexedTable) -> None:
        self._table = table

    def __getitem__(self, code: str) -> str:
        records = self._table.records
        slots = records.having("code", code) if code else []
        if not slots:
            raise KeyError(code)
        return records.uid(slots[0])

    def __iter__(self) -> Iterator[str]:
        return filter(None, self._table.columns(["code"])["code"])

    def __len__(self) -> int:
        return sum(1 for _code in self)
