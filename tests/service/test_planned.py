"""Test that records dated after today do not count as past in lists, filters, sorting, cards and files."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.service.exporting import export_table
from archive.service.key_facts import key_facts
from archive.service.listing import Listing
from archive.service.timeline import timeline
from archive.store import Sort

TODAY = date(2026, 11, 21)


@pytest.fixture
def future(archive: Archive) -> str:
    """Return a customer with an order 293 days ago, a future order and a future call."""
    archive.save(
        Customer(kind="organisation", full_name="Future AG"), Customer(kind="person", full_name="Only")
    )
    uid, only = (archive.select("customers", name)[0] for name in ("future", "only"))
    call = datetime(2026, 2, 1, 9)  # noqa: DTZ001
    archive.save(
        sale(uid, TODAY - timedelta(293), 300, "EUR", "Rice"),
        sale(uid, TODAY + timedelta(1), 50, "USD", "Tea"),
        Interaction(customer=Ref(uid), at=call),
        Interaction(customer=Ref(uid), at=call.replace(month=12)),
        sale(only, TODAY + timedelta(30), 7, "CHF", "Tea"),
    )
    return uid


def sale(uid: str, on: date, amount: int, currency: str, product: str) -> Transaction:
    worth = Decimal(amount)
    return Transaction(
        customer=Ref(uid), on=on, type="order", amount=worth, currency=currency, product=Ref(name=product)
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("bought:>90d", ["Future AG"]),
        ("bought:today..+9m", []),
        ("last:>90d", ["Future AG"]),
        ("orders:1", ["Future AG"]),
        ("orders:0", ["Only"]),
        ("no:bought", ["Only"]),
        ("value:300", ["Future AG"]),
        ("product:rice", ["Future AG"]),
        ("product:tea", []),
    ],
)
def test_filters_ignore_future_records(archive: Archive, future: str, query: str, found: list[str]) -> None:
    assert [archive.name("customers", uid) for uid in archive.select("customers", query)] == found


def test_lists_and_sorting_ignore_future_records(archive: Archive, future: str) -> None:
    shown, only = Listing(archive, "customers", ["bought", "last", "orders", "value"]).plain(
        archive.select("customers", sort=Sort("bought"))
    )
    assert shown == ["2026-02-01", "2026-02-01", "1", "300"]
    assert only == ["", "", "0", ""]


def test_the_card_counts_past_and_planned_records_separately(archive: Archive, future: str) -> None:
    lines = {label: text for label, text, _tone in key_facts(archive, future).lines}
    assert lines["Purchases"] == "1 order · 300.00 EUR in 12 months · 1 planned"
    assert lines["Last contact"].startswith("2026-02-01")
    assert lines["Last contact"].endswith(" · 1 planned")
    assert lines["Last order"].startswith("2026-02-01")
    only = {
        label: text for label, text, _tone in key_facts(archive, archive.select("customers", "only")[0]).lines
    }
    assert (only["Purchases"], only["Last contact"]) == ("1 planned", "none yet")


def test_the_timeline_marks_planned_records(archive: Archive, future: str) -> None:
    texts = [event.text for event in timeline(archive, future)]
    assert [text.startswith("planned") for text in texts] == [True, True, False, False]


def test_the_usual_currency_and_wide_exports_ignore_future_records(archive: Archive, future: str) -> None:
    assert archive.usual_currency(future) == "EUR"
    made = export_table(archive, "customers", layout="wide", query="future")
    (row,) = made.rows
    cells = dict(zip(made.header, row, strict=True))
    assert (cells["orders"], cells["bought"], cells["value_currency"]) == ("1", "2026-02-01", "EUR")
    assert (cells["transactions.1.on"], cells["transactions.2.on"]) == ("2026-02-01", "")


def test_a_planned_record_counts_from_its_date_on(archive: Archive, future: str) -> None:
    archive.clock = lambda: datetime.combine(TODAY + timedelta(1), datetime.min.time())
    assert archive.summary(future).orders == 2
    assert archive.select("customers", "bought:<90d") == [future]
    archive.edit("transactions", archive.children("transactions", future)[0], on=TODAY + timedelta(2))
    assert archive.summary(future).orders == 1
