"""TinyDB's table on the archive's records: answers queries from their indexes, and writes only what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence, Set
from functools import cached_property
from typing import Any, cast

from tinydb.queries import QueryLike
from tinydb.table import Document, Table

from archive.model.fields import Context, Record
from archive.model.links import links_between, relinked
from archive.model.query import Query
from archive.model.tables import STORED
from archive.store.changes import Raw
from archive.store.documents import EditedDocuments, StoredDocuments
from archive.store.indexed_records import IndexedRecords
from archive.store.indexes import day_of, name_of
from archive.store.query_plan import is_cacheable, slots_for
from archive.store.select import Sort
from archive.store.storage import JournalStorage
from archive.text import fold


class IndexedTable(Table):
    """A table of an archive. On another storage it is TinyDB's own.

    Documents that TinyDB's methods return are the caller's own. The archive's own tables have uids, codes, names and
    customers besides, by which the methods below `by_uid` find rows: those are the rows as they are kept, and must not
    be changed. The query cache holds numbers.
    """

    _seen = -1  # the version of the records that cache and next number are of
    _edited: EditedDocuments | None = None
    _next_id: int | None  # type: ignore[assignment]

    # What TinyDB's methods do here

    def search(self, cond: QueryLike) -> list[Document]:
        if self._journal is None:
            return super().search(cond)
        self._forget_if_changed()
        known = cast("list[Any] | None", self._query_cache.get(cond))
        if known is not None:
            documents = self._read_table()
            return [self.document_class(documents[str(number)], number) for number in known]
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
        with self._journal.transaction():  # TinyDB looks for it first, and writes that too
            return super().upsert(document, cond)

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        return super().remove(*self._narrowed(cond, doc_ids))

    def _narrowed(
        self, cond: QueryLike | None, doc_ids: Iterable[int] | None
    ) -> tuple[QueryLike | None, Iterable[int] | None]:
        """Name the matching documents by number, so that the others are not held in memory."""
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
        self._seen = self._documents.records.version

    @property
    def _journal(self) -> JournalStorage | None:
        return self._storage if isinstance(self._storage, JournalStorage) else None

    @property
    def _documents(self) -> StoredDocuments:
        assert self._journal is not None
        return StoredDocuments(self._journal.database, self.name)

    def _forget_if_changed(self) -> None:
        """Another table of this name, an undo or a transaction that was given up may have changed the documents."""
        version = self._documents.records.version
        if self._seen != version:
            self._seen, self._next_id = version, None
            self.clear_cache()

    # The archive's own tables

    @cached_property
    def cls(self) -> type[Record]:
        """The record type; KeyError in a table that the archive knows nothing of."""
        return STORED[self.name]

    @property
    def records(self) -> IndexedRecords:
        """The records with their indexes."""
        assert self._journal is not None
        return self._journal.database.state.tables[self.name]

    def by_uid(self, uid: str) -> Raw | None:
        """The row with this uid (its number in tables of other documents), or None."""
        return self.records.get(uid) if self.name in STORED else self._documents.get(uid)

    def select(
        self, query: Query, sort: Sort, ctx: Context, cancelled: Callable[[], bool] = lambda: False
    ) -> Sequence[str]:
        """The uids of the records that answer a query, in order; callers decode those they show."""
        assert self._journal is not None
        database = self._journal.database
        with database.guard:
            return database.state.selectors[self.name].select(query, sort, ctx, cancelled)

    def columns(self, keys: Sequence[str]) -> dict[str, list[Any]]:
        """Values by key, None where a record has none; all lists in the order in which the records were made."""
        assert self._journal is not None
        with self._journal.database.guard:
            return self.records.columns(keys)

    def uids(self) -> list[str]:
        """The uids of all records, in the order in which they were made."""
        return self.columns(["uid"])["uid"]

    def of_customer(self, customer: str) -> list[str]:
        """The uids of a customer's records, newest first."""
        rows = filter(None, map(self.records.row, self.records.having("customer", customer)))
        return [
            uid for _day, uid in sorted(((day_of(self.cls, row), row["uid"]) for row in rows), reverse=True)
        ]

    @property
    def codes(self) -> Codes:
        """The uid of each code."""
        return Codes(self)

    def named(self, name: str) -> Set[str]:
        """The uids of the records that share a name, compared folded."""
        return frozenset(map(self.records.uid, self.records.having("name", fold(name))))

    def lookup(self, text: str) -> Sequence[str]:
        """The uid of the record with this code or uid, else those of all with this name."""
        by_code = self.codes.get(text) or self.codes.get(text.upper())
        if by_code or self.by_uid(text):
            return [by_code or text]
        return sorted(self.named(text)) if fold(text) else []

    def find(self, text: str) -> str | None:
        """The uid of the record with this code, else of the only one with this name."""
        uids = self.lookup(text)
        return uids[0] if len(uids) == 1 else None

    def name_of(self, uid: str) -> str:
        """What a record is called; its uid if it is gone."""
        row = self.by_uid(uid)
        return (name_of(self.cls, row) if row else "") or uid

    def code_of(self, uid: str) -> str:
        """The code of a record; its uid if it has none."""
        return str((self.by_uid(uid) or {}).get("code", uid))

    def rows_linking_to(self, table: str, uid: str) -> list[Raw]:
        """The rows that link to a record of a table, other than those that belong to a customer as such."""
        if not links_between(self.cls, table):
            return []
        return [
            row for row in self.records.holding(uid) if relinked(self.cls, row, table, uid, "") is not None
        ]


class Codes(Mapping[str, str]):
    """The uid of each code of a table; to look one up costs no more in a large archive than in a small one."""

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
