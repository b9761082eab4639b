"""The read views of activities, tasks, transactions and contracts. It is Saturday, 21 November 2026, 10:00."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from archive.model.archive_settings import ArchiveSettings, Rate
from archive.model.fields import Record
from archive.model.records.contract import Contract
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.plan import Plan
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.service.panels.base import Item
from archive.service.record_view import read_view
from archive.service.today import due_of, snooze, tick


@pytest.fixture(autouse=True)
def smith(archive: Archive) -> None:
    phones = [{"value": "+49 228 5550 147"}]
    archive.save(
        Customer.load({"uid": "smith", "kind": "person", "full_name": "Marta Smith", "phones": phones})
    )


def add(archive: Archive, cls: type[Record], **values: Any) -> None:
    archive.save(cls.load({"customer": "smith", **values}))


def items(archive: Archive, table: str, uid: str) -> dict[str, dict[str, Item]]:
    return {
        panel.title: {item.label: item for item in panel.items} for panel in read_view(archive, table, uid)
    }


def text(item: Item) -> tuple[str, str]:
    return item.text, item.tone


def test_an_activity_is_read_in_full_with_what_follows_and_the_contacts_around_it(archive: Archive) -> None:
    add(archive, Interaction, uid="a", at="2026-11-01T09:00", summary="first")
    long = "A long talk.\nWith a second line."
    add(archive, Interaction, uid="b", at="2026-11-10T09:30", summary=long, follow_up_on="2026-11-20")
    add(archive, Interaction, uid="c", at="2026-11-19T09:00", channel="visit", summary="last")
    view = items(archive, "interactions", "b")
    assert text(view["Activity"]["Date"]) == ("2026-11-10 Tue · 09:30 · 11 d ago", "")
    assert text(view["Activity"]["Summary"]) == (long, "")
    assert text(view["Activity"]["Follow-up"]) == ("overdue ! · 2026-11-20 Fri · yesterday", "warn")
    assert view["Customer"]["Customer"].opens == ("customers", "smith")
    assert view["Customer"]["Phone, e-mail"].text == "☎ +49 228 5550 147"
    assert view["Customer"]["Before"].opens == ("interactions", "a")
    assert text(view["Customer"]["After"]) == ("2026-11-19 Thu · visit · last", "")
    assert "Details" not in view  # nothing is said twice


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"follow_up": "call"}, ("call", "")),
        ({"follow_up": "call", "follow_up_on": "2026-11-23"}, ("call · 2026-11-23 Mon · in 2 d", "")),
        (
            {"follow_up_on": "2026-11-20", "not_before": "2026-11-25"},
            ("2026-11-20 Fri · yesterday · snoozed to 2026-11-25 Wed", ""),
        ),
        (
            {"follow_up": "call", "follow_up_on": "2026-11-11", "follow_up_done_on": "2026-11-12"},
            ("call · done 2026-11-12 Thu", "dim"),
        ),
    ],
)
def test_a_follow_up_says_when_it_is_due_or_done(
    archive: Archive, values: dict[str, str], shown: tuple[str, str]
) -> None:
    add(archive, Interaction, uid="a", at="2026-11-10T09:30", **values)
    assert text(items(archive, "interactions", "a")["Activity"]["Follow-up"]) == shown


def test_a_task_says_what_by_when_and_whom_to_call(archive: Archive) -> None:
    add(archive, Interaction, uid="a", at="2026-11-01T09:00", summary="asked for samples")
    add(archive, Plan, uid="p", step="Send samples", due_on="2026-11-25", goal="win the kitchen")
    view = items(archive, "plans", "p")
    assert text(view["Task"]["Due"]) == ("2026-11-25 Wed · in 4 d", "")
    assert view["Customer"]["Last contact"].opens == ("interactions", "a")
    assert view["Details"].keys() == {"Goal"}


def test_a_promise_that_was_kept_says_so(archive: Archive) -> None:
    add(archive, Plan, uid="p", step="Visit", promised=True, due_on="2026-11-10", done_on="2026-11-09")
    view = items(archive, "plans", "p")
    assert text(view["Promise"]["Completed"]) == ("2026-11-09 Mon · 12 d ago", "dim")
    assert text(view["Promise"]["Due"]) == ("2026-11-10 Tue", "dim")


def test_a_task_without_a_customer_can_be_read(archive: Archive) -> None:
    archive.save(Plan(uid="p", step="Tidy up"))
    assert items(archive, "plans", "p").keys() == {"Task"}
    assert due_of(archive, "plans", "p") is None


def test_an_order_shows_its_sum_and_the_same_product_before(archive: Archive) -> None:
    archive.save(Product(uid="rice", code="R", name="Rice"))
    values = {"type": "order", "product": "rice", "currency": "EUR"}
    add(
        archive,
        Transaction,
        uid="t",
        on="2026-11-10",
        quantity="3",
        unit="bags",
        unit_price="12",
        amount="36",
        **values,
    )
    add(archive, Transaction, uid="before", on="2026-10-10", amount="24", **values)
    add(archive, Transaction, uid="other", on="2026-10-11", type="order", product={"name": "Tea"})
    view = items(archive, "transactions", "t")
    assert {label: item.text for label, item in view["Order"].items()} == {
        "Amount": "36.00 EUR",
        "Product": "Rice",
        "Quantity": "3 bags x 12.00 EUR",
        "Date": "2026-11-10 Tue · 11 d ago",
    }
    assert view["Order"]["Product"].opens == ("products", "rice")
    assert [item.opens[1] for item in view["Same product"].values()] == ["before"]
    assert items(archive, "transactions", "other")["Order"]["Product"].opens == ("", "")


def test_an_amount_in_another_currency_is_shown_in_the_home_currency_too(archive: Archive) -> None:
    rates = (Rate(currency="USD", since=date(2026, 1, 1), rate=Decimal("0.9")),)
    archive.save(ArchiveSettings(uid="settings", currency="EUR", rates=rates))
    sold = {"type": "order", "amount": "100", "currency": "USD", "quantity": "1", "discount": "0.1"}
    add(archive, Transaction, uid="t", on="2026-11-10", **sold)
    add(archive, Transaction, uid="before", on="2025-11-10", **sold)
    view = items(archive, "transactions", "t")["Order"]
    assert (view["Amount"].text, view["Quantity"].text) == ("100.00 USD = 90.00 EUR", "1 - 10 %")
    assert items(archive, "transactions", "before")["Order"]["Amount"].text == "100.00 USD"  # no rate yet


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"outcome": "won"}, ("won", "dim")),
        ({"expected_on": "2026-11-30"}, ("open · decision 2026-11-30 Mon · in 9 d", "")),
        (
            {"expected_on": "2026-11-20", "likelihood": "0.6"},
            ("open · decision 2026-11-20 Fri · yesterday · likelihood 60 %", "warn"),
        ),
    ],
)
def test_a_quotation_shows_its_outcome(
    archive: Archive, values: dict[str, str], shown: tuple[str, str]
) -> None:
    add(archive, Transaction, uid="t", on="2026-11-01", type="quotation", **values)
    assert text(items(archive, "transactions", "t")["Quotation"]["Outcome"]) == shown


def test_an_invoice_says_whether_it_is_paid(archive: Archive) -> None:
    invoice = {"type": "invoice", "on": "2026-10-01", "amount": "70", "currency": "EUR"}
    add(archive, Transaction, uid="late", number="1", due_on="2026-11-01", **invoice)
    add(archive, Transaction, uid="paid", number="2", **invoice)
    add(
        archive,
        Transaction,
        uid="p",
        type="payment",
        on="2026-10-20",
        amount="70",
        currency="EUR",
        number="2",
    )
    late = items(archive, "transactions", "late")["Invoice"]["Payment"]
    assert text(late) == ("overdue ! · 70.00 EUR unpaid · due 2026-11-01 Sun · 20 d ago", "warn")
    assert text(items(archive, "transactions", "paid")["Invoice"]["Payment"]) == ("paid", "dim")


def test_an_order_with_a_due_date_says_when_to_pay(archive: Archive) -> None:
    add(archive, Transaction, uid="t", type="order", on="2026-11-01", due_on="2026-12-01")
    payment = items(archive, "transactions", "t")["Order"]["Payment"]
    assert text(payment) == ("due 2026-12-01 Tue · in 10 d", "")


def test_a_contract_begins_with_what_is_overdue_and_what_is_due_next(archive: Archive) -> None:
    terms = [
        {"key": "1", "requirement": "Rice", "due_on": "2026-11-01"},
        {"key": "2", "requirement": "Tea", "due_on": "2026-12-31"},
        {"key": "3", "requirement": "Oil", "due_on": "2026-12-01"},
    ]
    values = {"number": "K1", "signed_on": "2026-01-01", "start": "2026-01-01", "end": "2026-12-31"}
    add(archive, Contract, uid="k", terms=terms, **values)
    head = items(archive, "contracts", "k")["Status"]
    assert text(head["Status"]) == ("active · 0 of 3 terms fulfilled", "")
    assert text(head["Overdue !"]) == ("1 Rice · 2026-11-01 Sun · 20 d ago", "warn")
    assert text(head["Next"]) == ("3 Oil · 2026-12-01 Tue · in 10 d", "")
    add(
        archive,
        Contract,
        uid="old",
        terms=terms,
        **{**values, "end": "2026-03-01"},
    )
    assert items(archive, "contracts", "old")["Status"].keys() == {"Status"}


def test_open_tasks_and_follow_ups_are_completed_and_snoozed_from_their_read_view(archive: Archive) -> None:
    add(archive, Plan, uid="p", step="Visit", due_on="2026-11-20")
    add(archive, Interaction, uid="a", at="2026-11-10T09:30", follow_up="call", follow_up_on="2026-11-23")
    add(archive, Interaction, uid="b", at="2026-11-10T09:30", summary="no follow-up")
    task, follow_up = due_of(archive, "plans", "p"), due_of(archive, "interactions", "a")
    assert task
    assert follow_up
    assert (task.overdue, follow_up.overdue) == (True, False)
    assert due_of(archive, "interactions", "b") is None
    assert due_of(archive, "customers", "smith") is None
    snooze(archive, task, 1)
    assert str(archive.get(Plan, "p").not_before) == "2026-11-22"
    tick(archive, follow_up)
    assert due_of(archive, "interactions", "a") is None
