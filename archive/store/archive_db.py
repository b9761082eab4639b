"""The archive as a TinyDB database: `ArchiveDB(path)`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from tinydb import TinyDB

from archive.model.summary import END, Summary
from archive.model.tables import STORED
from archive.store.changes import Raw
from archive.store.storage import JournalStorage
from archive.store.table import IndexedTable


class ArchiveDB(TinyDB):
    """TinyDB with a journal, indexes, transactions and undo. Its options are those of `JournalStorage`."""

    table_class = IndexedTable
    default_storage_class = JournalStorage  # type: ignore[assignment]

    @property
    def storage(self) -> JournalStorage:
        """Where changes are written, taken back and brought back."""
        return cast(JournalStorage, super().storage)

    def table(self, name: str, **options: object) -> IndexedTable:
        """A table, which need not exist yet."""
        return cast(IndexedTable, super().table(name, **options))

    def summary(self, customer: str, until: str = END) -> Summary:
        """The summary of a customer as of the ISO day `until`."""
        return self.storage.database.state.summaries.of(customer, until)

    def name_of(self, table: str, uid: str) -> str:
        """What a record is called; its uid if it is gone."""
        return self.table(table).name_of(uid) if table in STORED else uid

    def code_of(self, table: str, uid: str) -> str:
        """The code of a record; its uid if it has none."""
        return self.table(table).code_of(uid) if table in STORED else uid

    def rows_linking_to(self, table: str, uid: str) -> Iterator[tuple[str, Raw]]:
        """Table and row of every record that links to this one, other than those that belong to a customer as such."""
        return ((name, row) for name in STORED for row in self.table(name).rows_linking_to(table, uid))
