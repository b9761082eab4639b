"""The summary of each customer's dealings: kept beside the snapshot, and worked out anew for whom something changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from archive.model.summary import NOTHING, Sale, Summary, summarise
from archive.model.tables import OF_A_CUSTOMER
from archive.store.derived import Texts, text_arrays
from archive.store.shelf import Column
from archive.store.table import Table

Raw = Mapping[str, Any]
OF_DEALINGS = ("transactions", "interactions")
_AT_HAND = 20_000  # summaries
_KEYS = ("on", "type", "amount", "currency", "product", "at", "follow_up_on", "follow_up_done_on")


class Summaries:
    """A new order costs the work of one customer."""

    def __init__(self, tables: Mapping[str, Table], texts: Callable[[], Texts | None]) -> None:
        """`texts` knows the summaries of the snapshot's customers, or does not."""
        self._tables, self._known = tables, texts
        self._kept: dict[str, Summary] = {}
        self._changed: set[str] = set()  # customers of whom the texts tell no more

    def of(self, customer: str) -> Summary:
        """What is known of the dealings with a customer."""
        found = self._kept.get(customer)
        if found is None:
            if len(self._kept) >= _AT_HAND:
                self._kept.clear()
            found = self._kept[customer] = self._found(customer)
        return found

    def forget(self, customer: str) -> None:
        """Something of this customer changed."""
        self._kept.pop(customer, None)
        self._changed.add(customer)

    @cached_property
    def _texts(self) -> Texts | None:
        return self._known()

    def _found(self, customer: str) -> Summary:
        if self._texts and customer not in self._changed:
            slot = self._tables["customers"].of(customer)
            if slot is not None and slot < len(self._tables["customers"].lines):
                return _loaded(self._texts[slot])
        return self._work_out(customer)

    def _work_out(self, customer: str) -> Summary:
        parts = []
        for name in OF_DEALINGS:
            table = self._tables[name]
            rows = (table.row(slot) for slot in table.having("customer", customer))
            parts.append([row for row in rows if row])
        return summarise(*parts) if any(parts) else NOTHING


class SummaryCollector:
    """Collects the summaries of all customers of a snapshot, in their order."""

    def __init__(self) -> None:
        self._customers: list[str] = []
        self._dealings: dict[str, tuple[list[Any], ...]] = {}

    def adders(self, table: str) -> list[Callable[[Raw], None]]:
        """What is to be told of the records of a table."""
        if table == "customers":
            return [lambda row: self._customers.append(row["uid"])]
        return [partial(self._take, OF_DEALINGS.index(table))] if table in OF_DEALINGS else []

    def _take(self, place: int, row: Raw) -> None:
        parts = self._dealings.setdefault(row.get("customer", ""), ([], []))
        parts[place].append({key: row[key] for key in _KEYS if key in row})

    def arrays(self) -> dict[str, Column]:
        """The texts, of customers."""
        nothing: tuple[list[Any], ...] = ([], [])
        dealings = (self._dealings.get(uid, nothing) for uid in self._customers)
        return text_arrays("customers.summaries", (_text(summarise(*parts)) for parts in dealings))


def _text(summary: Summary) -> str:
    sales = [(sale.on, str(sale.amount), sale.currency) for sale in summary.sales]
    rest = [sorted(value) if isinstance(value, frozenset) else value for value in summary[1:]]
    return json.dumps([sales, *rest], ensure_ascii=False, separators=(",", ":"))


def _loaded(text: str) -> Summary:
    sales, *rest = json.loads(text)
    parts: list[Any] = [frozenset(value) if isinstance(value, list) else value for value in rest]
    return Summary(tuple(Sale(on, Decimal(amount), currency) for on, amount, currency in sales), *parts)


def customers_touched(table: str, *versions: Mapping[str, Any] | None) -> set[str]:
    """The customers whose summary depends on a changed record."""
    return {raw["customer"] for raw in versions if raw and table in OF_A_CUSTOMER and "customer" in raw}
