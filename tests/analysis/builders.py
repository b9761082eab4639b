"""Build data sets from a few stored rows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from archive.analysis.dataset import SalesData
from archive.analysis.request import ReportRequest, make_request

Rows = Sequence[Mapping[str, Any]]


def sales_data(*, home: str = "EUR", rates: Any = None, **tables: Rows) -> SalesData:
    """Build a data set from tables: `sales_data(customers=[{"uid": "a"}], transactions=[...])`."""

    def columns(table: str, keys: Sequence[str]) -> dict[str, list[Any]]:
        return {key: [row.get(key) for row in tables.get(table, ())] for key in keys}

    return SalesData(columns, home=home, rates=rates)


def customers(*uids: str, **common: Any) -> list[dict[str, Any]]:
    """Return customers with these uids, which also serve as names."""
    return [{"uid": uid, "code": f"C-{uid}", "full_name": uid, **common} for uid in uids]


def sale(customer: str, on: str, amount: str | None = "10.00", **more: Any) -> dict[str, Any]:
    """Return a transaction, by default an order."""
    row = {"uid": f"{customer}-{on}-{amount}-{sorted(more.items())}", "customer": customer, "on": on}
    price = {} if amount is None else {"amount": amount, "currency": "EUR"}
    return {**row, "type": "order", **price, **more}


def request(as_of: str = "2026-11-21", start: str = "", end: str = "", **more: Any) -> ReportRequest:
    """Return a request as of a day, by default for the 12 months up to it."""
    return make_request(
        date.fromisoformat(as_of),
        as_of=date.fromisoformat(as_of),
        start=date.fromisoformat(start) if start else None,
        end=date.fromisoformat(end) if end else None,
        **more,
    )
