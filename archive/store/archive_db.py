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
    """TinyDB with a journal, indexes, transactions and undo. Takes the options of `JournalStorage`."""

    table_class = IndexedTable
    default_storage_class = JournalStorage  # type: ignore[assignment]

    @property
    def storage(self) -> JournalStorage:
        """The storage, which writes, undoes and redoes changes."""
        return cast(JournalStorage, super().storage)

    def table(self, name: str, **options: object) -> IndexedTable:
        """Return the table with this name; it need not exist yet."""
        return cast(IndexedTable, super().table(name, **options))

    def summary(self, customer: str, until: str = END) -> Summary:
        """Return the summary of a customer as of the ISO date `until`."""
        return self.storage.database.state.summaries.of(customer, until)

    def name_of(self, table: str, uid: str) -> str:
        """Return the name of a record, or its uid if it has no name or was deleted."""
        return self.table(table).name_of(uid) if table in STORED else uid

    def code_of(self, table: str, uid: str) -> str:
        """Return the code of a record, or its uid if it has no code or was deleted."""
        return self.table(table).code_of(uid) if table in STORED else uid

    def rows_linking_to(self, table: str, uid: str) -> Iterator[tuple[str, Raw]]:
        """Yield table and row of every record with a link to this record.

        The records that belong to a customer (its transactions, contracts and so on) do not count as linking to it.
        """
        return ((name, row) for name in STORED for row in self.table(name).rows_linking_to(table, uid))
