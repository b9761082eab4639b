"""The summary of each customer's dealings: kept beside the snapshot, and worked out anew for whom something changed."""

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
_AT_HAND = 20_000  # summaries
_KEYS = ("on", "type", "amount", "currency", "product", "at", "follow_up_on", "follow_up_done_on")


class Summaries:
    """A new order costs the work of one customer."""

    def __init__(self, tables: Mapping[str, IndexedRecords], texts: Callable[[], Texts | None]) -> None:
        """`texts` knows the summaries of the snapshot's customers, or does not."""
        self._tables, self._known = tables, texts
        self._kept: dict[str, Summary] = {}
        self._seen: dict[str, tuple[str, Summary]] = {}  # of customers with something planned: as of a day
        self._changed: set[str] = set()  # customers of whom the texts tell no more

    def of(self, customer: str, until: str = END) -> Summary:
        """The summary of a customer as of the ISO day `until`; what is dated later is planned."""
        found = self._whole(customer)
        if found.newest <= until:
            return found
        day, seen = self._seen.get(customer, ("", NOTHING))
        if day != until:
            seen = self._work_out(customer, until)
            self._seen[customer] = until, seen
        return seen

    def _whole(self, customer: str) -> Summary:
        found = self._kept.get(customer)
        if found is None:
            if len(self._kept) >= _AT_HAND:
                self._kept.clear()
                self._seen.clear()
            found = self._kept[customer] = self._found(customer)
        return found

    def forget(self, customer: str) -> None:
        """Something of this customer changed."""
        self._kept.pop(customer, None)
        self._seen.pop(customer, None)
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

    def _work_out(self, customer: str, until: str = END) -> Summary:
        dealings, contacts = (self._rows(name, customer) for name in OF_DEALINGS)
        return summarise(dealings, contacts, until) if dealings or contacts else NOTHING

    def _rows(self, name: str, customer: str) -> list[Raw]:
        table = self._tables[name]
        return list(filter(None, (table.row(slot) for slot in table.having("customer", customer))))


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
        return text_arrays(
            "customers.summaries", (_text(summarise(bought, contacts)) for bought, contacts in dealings)
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
    """The customers whose summary depends on a changed record."""
    return {raw["customer"] for raw in versions if raw and table in OF_A_CUSTOMER and "customer" in raw}
