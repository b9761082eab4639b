"""Customers whose activities, transactions, contracts, wallets or plans hold the words of a search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set

from archive.model.search_words import Needle
from archive.model.tables import OF_A_CUSTOMER
from archive.store.indexed_records import IndexedRecords

SHORTEST = 3  # letters; shorter words stand in nearly every record
_SHORTEST_OTHER = 2  # of a script in which two signs are a word
_KEPT = 8  # answers
_STEP = 2_000
NOBODY: Set[str] = frozenset()


class RelatedSearch:
    """Answers for the words of one query are kept while it is typed."""

    def __init__(self, tables: Mapping[str, IndexedRecords]) -> None:
        self._tables = [tables[name] for name in OF_A_CUSTOMER]
        self._answers: dict[Needle, Set[str]] = {}

    def changed(self) -> None:
        """Forget the answers: records changed."""
        self._answers.clear()

    def customers(self, needle: Needle, cancelled: Callable[[], bool] = lambda: False) -> Set[str]:
        """Return the uids of the customers with a record that has the needle; a cancelled answer is partial."""
        found = self._answers.get(needle)
        if found is None:
            found = self._found(needle, cancelled) if _is_long_enough(needle) else NOBODY
            if not cancelled():
                self._keep(needle, found)
        return found

    def _keep(self, needle: Needle, found: Set[str]) -> None:
        if len(self._answers) >= _KEPT:
            self._answers.pop(next(iter(self._answers)), None)
        self._answers[needle] = found

    def _found(self, needle: Needle, cancelled: Callable[[], bool]) -> set[str]:
        customers: set[str] = set()
        for table in self._tables:
            rows = map(table.light_row, _slots(table, needle, cancelled))
            customers.update(uid for row in rows if row and isinstance(uid := row.get("customer"), str))
        return customers


def _slots(table: IndexedRecords, needle: Needle, cancelled: Callable[[], bool]) -> Iterable[int]:
    """The slots of the records of a table that have the needle."""
    for number, slot in enumerate(table.slots_with(needle.anchors)):
        if number % _STEP == 0 and cancelled():
            return
        if needle.plain or needle.is_in(table.words_at(slot)):
            yield slot


def _is_long_enough(needle: Needle) -> bool:
    return all(len(text) >= (SHORTEST if text.isascii() else _SHORTEST_OTHER) for text in needle.anchors)
