"""Customer summaries: stored in the index file, and recalculated for customers whose records changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from archive.model.summary import END, NOTHING, Sale, Summary, summarise
from archive.model.tables import OF_A_CUSTOMER
from archive.store.index_file import Column
from archive.store.indexed_records import IndexedRecords
from archive.store.indexes import Texts, text_arrays

Raw = Mapping[str, Any]
OF_DEALINGS = ("transactions", "interactions")
_AT_HAND = 20_000  # maximum number of cached summaries
_KEYS = ("on", "type", "amount", "currency", "product", "at", "follow_up_on", "follow_up_done_on")


class Summaries:
    """Returns summaries from the index file or calculates them. A change invalidates only its own customer."""

    def __init__(self, tables: Mapping[str, IndexedRecords], texts: Callable[[], Texts | None]) -> None:
        """Create the cache; `texts` returns the stored summaries of the snapshot's customers, or None without any."""
        self._tables, self._load_texts = tables, texts
        self._cache: dict[str, Summary] = {}
        self._dated_cache: dict[
            str, tuple[str, Summary]
        ] = {}  # date and summary of customers with planned records
        self._changed: set[str] = set()  # customers whose stored summary is out of date

    def of(self, customer: str, until: str = END) -> Summary:
        """Return the summary of a customer as of the ISO date `until`; records dated later count as planned."""
        summary = self._full(customer)
        if summary.newest <= until:
            return summary
        day, as_of_day = self._dated_cache.get(customer, ("", NOTHING))
        if day != until:
            as_of_day = self._calculate(customer, until)
            self._dated_cache[customer] = until, as_of_day
        return as_of_day

    def _full(self, customer: str) -> Summary:
        summary = self._cache.get(customer)
        if summary is None:
            if len(self._cache) >= _AT_HAND:
                self._cache.clear()
                self._dated_cache.clear()
            summary = self._cache[customer] = self._stored_or_calculated(customer)
        return summary

    def forget(self, customer: str) -> None:
        """Invalidate the summary of a customer because a record changed."""
        self._cache.pop(customer, None)
        self._dated_cache.pop(customer, None)
        self._changed.add(customer)

    @cached_property
    def _texts(self) -> Texts | None:
        return self._load_texts()

    def _stored_or_calculated(self, customer: str) -> Summary:
        if self._texts and customer not in self._changed:
            slot = self._tables["customers"].of(customer)
            if slot is not None and slot < len(self._tables["customers"].lines):
                return _loaded(self._texts[slot])
        return self._calculate(customer)

    def _calculate(self, customer: str, until: str = END) -> Summary:
        transactions, contacts = (self._rows(name, customer) for name in OF_DEALINGS)
        return summarise(transactions, contacts, until) if transactions or contacts else NOTHING

    def _rows(self, name: str, customer: str) -> list[Raw]:
        table = self._tables[name]
        return list(filter(None, (table.row(slot) for slot in table.having("customer", customer))))


class SummaryCollector:
    """Builds the array of the summaries of all customers of a snapshot, in the order of the customers."""

    def __init__(self) -> None:
        self._customers: list[str] = []
        self._dealings: dict[str, tuple[list[Any], ...]] = {}

    def adders(self, table: str) -> list[Callable[[Raw], None]]:
        """Return the functions that have to be called with every record of a table."""
        if table == "customers":
            return [lambda row: self._customers.append(row["uid"])]
        return [partial(self._take, OF_DEALINGS.index(table))] if table in OF_DEALINGS else []

    def _take(self, index: int, row: Raw) -> None:
        parts = self._dealings.setdefault(row.get("customer", ""), ([], []))
        parts[index].append({key: row[key] for key in _KEYS if key in row})

    def arrays(self) -> dict[str, Column]:
        """Return the summaries as the arrays of a `Texts`."""
        nothing: tuple[list[Any], ...] = ([], [])
        row_lists = (self._dealings.get(uid, nothing) for uid in self._customers)
        return text_arrays(
            "customers.summaries", (_text(summarise(bought, contacts)) for bought, contacts in row_lists)
        )


def _text(summary: Summary) -> str:
    sales = [(sale.on, str(sale.amount), sale.currency) for sale in summary.sales]
    rest = [sorted(value) if isinstance(value, frozenset) else value for value in summary[1:]]
    return json.dumps([sales, *rest], ensure_ascii=False, separators=(",", ":"))


def _loaded(text: str) -> Summary:
    sales, *rest = json.loads(text)
    parts: list[Any] = [frozenset(value) if isinstance(value, list) else value for value in rest]
    return Summary(tuple(Sale(on, Decimal(amount), currency) for on, amount, currency in sales), *parts)


def customers_touched(table: str, *versions: Mapping[str, Any] | None) -> set[str]:
    """Return the customers whose summary depends on a changed record, given its old and new version."""
    return {raw["customer"] for raw in versions if raw and table in OF_A_CUSTOMER and "customer" in raw}
