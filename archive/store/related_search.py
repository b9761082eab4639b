"""Find customers by the words in their activities, transactions, contracts, wallets or plans."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from typing import NamedTuple

from archive.model.search_words import Needle
from archive.model.tables import OF_A_CUSTOMER
from archive.store.indexed_records import IndexedRecords

SHORTEST = 3  # letters; nearly every record contains shorter words
_SHORTEST_OTHER = 2  # letters of other scripts, such as Chinese, in which two make a word
_KEPT = 8  # cached results
_STEP = 2_000  # records between two checks for cancellation
NOBODY: Set[str] = frozenset()


class RelatedSearch:
    """Searches the records that belong to customers. The results for the last few words are cached during typing."""

    def __init__(self, tables: Mapping[str, IndexedRecords]) -> None:
        self._tables = [tables[name] for name in OF_A_CUSTOMER]
        self._answers: dict[Needle, Set[str]] = {}

    def changed(self) -> None:
        """Drop the cached results because records changed."""
        self._answers.clear()

    def customers(self, needle: Needle, cancelled: Callable[[], bool] = lambda: False) -> Set[str]:
        """Return the uids of the customers with a record that contains the needle; partial if it was cancelled."""
        uids = self._answers.get(needle)
        if uids is None:
            uids = self._search(needle, cancelled) if _is_long_enough(needle) else NOBODY
            if not cancelled():
                self._keep(needle, uids)
        return uids

    def _keep(self, needle: Needle, uids: Set[str]) -> None:
        if len(self._answers) >= _KEPT:
            self._answers.pop(next(iter(self._answers)), None)
        self._answers[needle] = uids

    def _search(self, needle: Needle, cancelled: Callable[[], bool]) -> set[str]:
        customers: set[str] = set()
        for table in self._tables:
            rows = map(table.light_row, _slots(table, needle, cancelled))
            # `is not None`, because the length of a light row would decode it
            customers.update(
                uid for row in rows if row is not None and isinstance(uid := row.get("customer"), str)
            )
        return customers


class Searched(NamedTuple):
    """Words to look for in the records of a table."""

    words: list[str]
    needles: list[Needle]
    named: list[Set[str]]
    """For each needle, the uids of the customers whose name contains it: then their records need not."""


def slots_containing(table: IndexedRecords, searched: Searched, cancelled: Callable[[], bool]) -> Set[int]:
    """Return the slots of the records that contain the needles; all but one may be in the name of the customer."""
    own = [set(_slots(table, needle, cancelled)) for needle in searched.needles]
    if len(own) == 1:
        return own[0]
    either = [
        (slots, named if table.has_lookup("customer") else NOBODY)
        for slots, named in zip(own, searched.named, strict=True)
    ]
    return {slot for slot in set[int]().union(*own) if all(_is_of(table, slot, *one) for one in either)}


def _is_of(table: IndexedRecords, slot: int, slots: Set[int], customers: Set[str]) -> bool:
    if slot in slots or not customers:
        return slot in slots
    row = table.light_row(slot)
    return row is not None and row.get("customer") in customers


def _slots(table: IndexedRecords, needle: Needle, cancelled: Callable[[], bool]) -> Iterable[int]:
    """Yield the slots of the records of a table that contain the needle."""
    for number, slot in enumerate(table.slots_with(needle.anchors)):
        if number % _STEP == 0 and cancelled():
            return
        if needle.plain or needle.is_in(table.words_at(slot)):
            yield slot


def _is_long_enough(needle: Needle) -> bool:
    return all(len(text) >= (SHORTEST if text.isascii() else _SHORTEST_OTHER) for text in needle.anchors)
