"""What is going on with a customer: open work and the latest events. It is Saturday, 21 November 2026."""

from pathlib import Path
from typing import Any

import pytest
from strategies import NOW

from archive.model.fields import Record
from archive.model.records.contract import Contract
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.plan import Plan
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.service.panels.customer import LATEST, MOST_OPEN, open_work, panels
from archive.service.receivables import open_items, open_items_of
from archive.service.timeline import latest, timeline
from archive.settings import Settings

SAMPLE = Path(__file__).parents[2] / "sample_data" / "sample.archive.json"


@pytest.fixture
def smith(archive: Archive) -> str:
    archive.save(Customer(uid="smith", kind="person", full_name="Marta Smith"))
    return "smith"


def add(archive: Archive, cls: type[Record], **values: Any) -> None:
    archive.save(cls.load({"customer": "smith", **values}))


def work(archive: Archive) -> list[tuple[str, str, str]]:
    return [(piece.item.label, piece.item.text, piece.item.tone) for piece in open_work(archive, "smith")]


def texts(archive: Archive) -> dict[str, list[str]]:
    return {panel.title: [item.text for item in panel.items] for panel in panels(archive, "smith")}


def test_a_new_customer_has_a_line_that_says_how_to_begin(archive: Archive, smith: str) -> None:
    assert texts(archive) == {"Latest": ["Nothing yet. Press l to log an activity, b to add a purchase."]}


def test_overdue_work_comes_first_and_then_what_is_due_next(archive: Archive, smith: str) -> None:
    add(archive, Plan, step="Send samples", due_on="2026-11-25")
    add(archive, Plan, step="Visit", promised=True, due_on="2026-11-20")
    add(archive, Plan, step="Done before", due_on="2026-11-01", done_on="2026-11-02")
    add(archive, Plan, step="Whenever")
    add(archive, Interaction, at="2026-11-01T10:00", summary="prices", follow_up_on="2026-11-23")
    add(
        archive,
        Interaction,
        at="2026-10-01T10:00",
        follow_up="call",
        follow_up_on="2026-10-08",
        follow_up_done_on="2026-10-08",
    )
    assert work(archive) == [
        ("Promise", "overdue since 2026-11-20 Fri · Visit", "warn"),
        ("Follow-up", "prices · 2026-11-23 Mon · in 2 d", ""),
        ("Task", "Send samples · 2026-11-25 Wed · in 4 d", ""),
        ("Task", "Whenever", ""),
    ]


def test_snoozed_work_is_due_on_the_later_day(archive: Archive, smith: str) -> None:
    add(archive, Plan, step="Visit", due_on="2026-11-10", not_before="2026-11-30")
    assert work(archive) == [("Task", "Visit · 2026-11-30 Mon · in 9 d", "")]


def test_open_quotations_and_unpaid_invoices_are_open_work(archive: Archive, smith: str) -> None:
    quoted = {"type": "quotation", "currency": "EUR", "amount": "50"}
    add(archive, Transaction, on="2026-11-02", expected_on="2026-12-01", number="Q1", **quoted)
    add(archive, Transaction, on="2026-11-03", number="Q2", outcome="won", **quoted)
    invoice = {"type": "invoice", "currency": "EUR", "amount": "70"}
    add(archive, Transaction, on="2026-10-01", due_on="2026-11-01", number="I1", **invoice)
    add(archive, Transaction, on="2026-10-02", type="payment", currency="EUR", amount="30", number="I1")
    assert work(archive) == [
        ("Unpaid", "overdue since 2026-11-01 Sun · 40.00 EUR · I1", "warn"),
        ("Quotation", "50.00 EUR · Q1 · 2026-12-01 Tue · in 10 d", ""),
    ]


def test_money_paid_in_advance_is_a_credit(archive: Archive, smith: str) -> None:
    add(archive, Transaction, on="2026-10-02", type="payment", currency="EUR", amount="30")
    assert work(archive) == [("Credit", "30.00 EUR", "")]


def test_contracts_are_open_work_until_they_end(archive: Archive, smith: str) -> None:
    add(archive, Contract, number="K1", signed_on="2026-01-01", start="2026-01-01", end="2026-12-31")
    add(archive, Contract, number="K0", signed_on="2025-01-01", start="2025-01-01", end="2025-12-31")
    assert work(archive) == [("Contract", "K1 · active · no terms · until 2026-12-31 Thu", "")]


def test_much_open_work_is_cut_with_its_count(archive: Archive, smith: str) -> None:
    for number in range(MOST_OPEN + 3):
        add(archive, Plan, step=f"Step {number}")
    assert len(texts(archive)["Open"]) == MOST_OPEN + 1
    assert texts(archive)["Open"][-1].startswith("3 more")


def test_the_latest_events_are_those_of_the_timeline_up_to_today(tmp_path: Path, settings: Settings) -> None:
    copy = tmp_path / "archive.json"
    copy.write_bytes(SAMPLE.read_bytes())
    archive = Archive.open(copy, settings, clock=lambda: NOW)
    today = NOW.date().isoformat()
    for uid in archive.uids("customers"):
        past = [event for event in timeline(archive, uid) if event.on[:10] <= today]
        assert sorted(latest(archive, uid)) == sorted(past)
        days = [event.on for event in latest(archive, uid)]
        assert days == sorted(days, reverse=True)
        assert len(panels(archive, uid)[-1].items) <= LATEST
    archive.close()


def test_the_receivables_of_a_customer_are_those_of_the_list(tmp_path: Path, settings: Settings) -> None:
    copy = tmp_path / "archive.json"
    copy.write_bytes(SAMPLE.read_bytes())
    archive = Archive.open(copy, settings, clock=lambda: NOW)
    every = open_items(archive, NOW.date()).items
    assert every
    for uid in archive.uids("customers"):
        of_customer = [item for item in every if item.customer == uid]
        assert open_items_of(archive, uid, NOW.date()) == of_customer
    archive.close()
