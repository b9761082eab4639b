"""Test a customer's profile. It is Saturday, 21 November 2026, 10:00."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from strategies import HOSTILE, NOW

from archive.errors import NotFound
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.service.listing import Listing
from archive.service.profile import EXTRA, key_facts, sections, timeline
from archive.settings import Settings


def add_customer(archive: Archive, **values: Any) -> str:
    draft = Customer.load({"kind": "person", "full_name": "Marta Smith", **values})
    archive.save(customer := archive.completed([draft])[0])
    return customer.uid


def add_order(archive: Archive, customer: str, on: str, amount: str | None = None, **values: Any) -> None:
    raw = {"customer": customer, "on": on, "type": "order", **values}
    archive.save(Transaction.load(raw if amount is None else {**raw, "amount": amount}))


def add_contact(archive: Archive, customer: str, at: str, **values: Any) -> None:
    archive.save(Interaction.load({"customer": customer, "at": at, **values}))


def lines(archive: Archive, uid: str) -> dict[str, tuple[str, str]]:
    return {label: (text, tone) for label, text, tone in key_facts(archive, uid).lines}


# Key facts


def test_the_only_fact_about_a_new_customer_is_the_missing_contact(archive: Archive) -> None:
    uid = add_customer(archive)
    assert lines(archive, uid) == {"Last contact": ("none yet", "dim")}
    fields = key_facts(archive, uid)
    assert (fields.status, fields.orders, fields.total, fields.next_is_overdue) == ("", 0, {}, False)


def test_a_deleted_customer_is_not_found(archive: Archive) -> None:
    for ask in (key_facts, timeline):
        with pytest.raises(NotFound):
            ask(archive, "0" * 16)


def test_the_key_facts_of_a_good_customer(archive: Archive) -> None:
    uid = add_customer(archive, status="active", next_contact_on="2026-11-20", next_contact_why="send quote")
    for day, amount in (("2026-09-14", "8210"), ("2026-08-01", "12.50"), ("2024-01-05", "22790")):
        add_order(archive, uid, day, amount, currency="CNY")
    add_order(archive, uid, "2026-08-01", "20", currency="CNY", type="return")
    add_order(archive, uid, "2023-12-01", type="enquiry")
    add_contact(archive, uid, "2026-09-14T10:00")
    assert lines(archive, uid) == {
        "Status": ("active", ""),
        "Last contact": ("2026-09-14 Mon · 68 d ago", ""),
        "Next contact": ("2026-11-20 Fri · overdue · send quote", "warn"),
        "Purchases": ("3 orders · 8,203 CNY in 12 months · 30,993 CNY in total", ""),
        "Last order": ("2026-09-14 Mon · 68 d ago", ""),
        "First enquiry": ("2023-12-01 Fri", "dim"),
    }


def test_amounts_in_different_currencies_are_never_added(archive: Archive) -> None:
    uid = add_customer(archive)
    add_order(archive, uid, "2026-11-01", "5", currency="CNY")
    add_order(archive, uid, "2026-11-01", "700.5", currency="EUR")
    add_order(archive, uid, "2026-11-02", "3", currency="XXX")
    fields = key_facts(archive, uid)
    assert fields.last_year == {
        "CNY": Decimal(5),
        "EUR": Decimal("703.5"),
    }  # the sale without a currency counts in the home currency
    assert lines(archive, uid)["Purchases"][0] == "3 orders · 703.50 EUR, 5.00 CNY in 12 months"


def test_totals_use_the_decimal_sign_of_the_settings(path: Path) -> None:
    archive = Archive.open(path, Settings(decimal=","), create=True, clock=lambda: NOW)
    uid = add_customer(archive)
    add_order(archive, uid, "2026-11-01", "700.5", currency="EUR")
    add_order(archive, uid, "2026-11-02", "12345.6", currency="CNY", quantity="1.5", unit="t")
    assert lines(archive, uid)["Purchases"][0] == "2 orders · 12.346 CNY, 700,50 EUR in 12 months"
    assert Listing(archive, "customers", ["value"]).texts([uid]) == [{"value": "12.346 CNY + 701 EUR"}]
    assert Listing(archive, "customers", ["value"]).plain([uid]) == [["12345.6"]]
    assert "1,5 t" in str(list(timeline(archive, uid)))
    archive.close()


def test_future_orders_are_in_no_total(archive: Archive) -> None:
    uid = add_customer(archive)
    for day in ("2026-11-01", "2026-11-11", "2026-12-24"):
        add_order(archive, uid, day, "5", currency="CNY")
    assert key_facts(archive, uid).total == {"CNY": Decimal(10)}


def test_orders_without_an_amount_are_counted_without_a_total(archive: Archive) -> None:
    uid = add_customer(archive)
    for day in ("2026-11-01", "2026-11-11", "2026-11-20"):
        add_order(archive, uid, day)
    assert lines(archive, uid)["Purchases"][0] == "3 orders"


def test_old_orders_show_only_the_overall_total(archive: Archive) -> None:
    uid = add_customer(archive)
    add_order(archive, uid, "2020-11-01", "5", currency="CNY")
    assert lines(archive, uid)["Purchases"][0] == "1 order · 5.00 CNY in total"


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"status": "lost", "lost_on": "2026-11-21"}, ("lost on 2026-11-21 Sat", "warn")),
        ({"status": "active", "lost_on": "2026-11-01"}, ("active · lost on 2026-11-01 Sun", "warn")),
        ({"status": "lost"}, ("lost · no lost date, so reports ignore it", "")),
        ({"status": "lost", "lost_on": "2026-11-22"}, ("lost", "")),
        ({"status": "active", "lost_on": "2026-11-01", "won_back_on": "2026-11-21"}, ("active", "")),
    ],
)
def test_the_dates_decide_whether_a_customer_is_lost(
    archive: Archive, values: dict[str, str], line: tuple[str, str]
) -> None:
    assert lines(archive, add_customer(archive, **values))["Status"] == line


def test_earlier_losses_are_in_the_timeline_too(archive: Archive) -> None:
    uid = add_customer(
        archive,
        lost_on="2026-05-01",
        earlier_losses=[
            {
                "lost_on": "2024-03-01",
                "won_back_on": "2024-06-01",
                "lost_reason": "cheaper",
                "lost_to": "Globex",
            },
            {"lost_on": "2025-01-01", "won_back_on": "2025-02-01"},
        ],
    )
    assert [(event.on, event.kind, event.text) for event in timeline(archive, uid)] == [
        ("2026-05-01", "Lost date", ""),
        ("2025-02-01", "Won-back date", ""),
        ("2025-01-01", "Lost date", ""),
        ("2024-06-01", "Won-back date", ""),
        ("2024-03-01", "Lost date", "cheaper elsewhere · Globex"),
    ]


def test_an_earlier_follow_up_is_the_next_contact(archive: Archive) -> None:
    uid = add_customer(archive, next_contact_on="2026-12-01", next_contact_why="spring order")
    assert lines(archive, uid)["Next contact"] == ("2026-12-01 Tue · spring order", "")
    add_contact(archive, uid, "2026-11-01T10:00", follow_up_on="2026-11-24")
    assert lines(archive, uid)["Next contact"] == ("2026-11-24 Tue", "")
    add_contact(archive, uid, "2026-11-02T10:00", follow_up_on="2026-11-24", follow_up="send quote")
    add_contact(
        archive,
        uid,
        "2026-11-03T10:00",
        follow_up_on="2026-11-24",
        follow_up_done_on="2026-11-20",
        follow_up="no",
    )
    assert lines(archive, uid)["Next contact"] == ("2026-11-24 Tue · send quote", "")


def test_a_gap_longer_than_the_contact_rhythm_is_marked(archive: Archive) -> None:
    uid = add_customer(archive, rhythm_longest=30)
    add_contact(archive, uid, "2026-10-22T10:00")
    assert lines(archive, uid)["Last contact"] == ("2026-10-22 Thu · 30 d ago", "")
    archive.edit("customers", uid, rhythm_longest=29)
    assert lines(archive, uid)["Last contact"] == ("2026-10-22 Thu · 30 d ago", "warn")


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"windows": [{"days": [5], "start": "09:00", "end": "17:00"}]}, ("reachable until 17:00", "")),
        ({"windows": [{"days": [0], "start": "09:00", "end": "17:00"}]}, ("next Mon 09:00", "dim")),
        ({"do_not_contact": True}, ("do not contact", "warn")),
    ],
)
def test_the_facts_show_whether_the_customer_can_be_reached_now(
    archive: Archive, values: dict[str, Any], line: tuple[str, str]
) -> None:
    assert lines(archive, add_customer(archive, **values))["Availability"] == line


def test_the_timeline_has_all_events_in_order(archive: Archive) -> None:
    archive.save(rice := archive.completed([Product.load({"code": "R", "name": "Rice Jasmine"})])[0])
    uid = add_customer(
        archive,
        customer_since="2020-01-01",
        source="trade fair",
        lost_on="2025-01-01",
        lost_reason="moved",
        lost_to="Initech",
        won_back_on="2026-01-01",
    )
    add_order(
        archive,
        uid,
        "2026-05-01",
        "710",
        product=rice.uid,
        quantity="20",
        unit="bag",
        currency="CNY",
        number="A1",
    )
    add_order(archive, uid, "2026-04-01", "3", type="payment", note="by\nbank")
    archive.save(
        Transaction.load({"customer": uid, "on": "2019-12-01", "type": "enquiry", "product": {"name": "tea"}})
    )
    add_contact(
        archive,
        uid,
        "2026-05-01T10:30",
        channel="phone",
        direction="in",
        outcome="left_word",
        summary="price\ntalk",
    )
    add_contact(archive, uid, "2026-05-02T08:00", follow_up_on="2026-05-20", follow_up="send quote")
    add_contact(
        archive,
        uid,
        "2026-05-03T08:00",
        outcome="reached",
        follow_up_on="2026-05-20",
        follow_up_done_on="2026-05-19",
    )
    found = timeline(archive, uid)
    assert [event[:3] for event in found] == [
        ("2026-05-03T08:00", "activity", "follow-up 2026-05-20 Wed, done"),
        ("2026-05-02T08:00", "activity", "follow-up 2026-05-20 Wed · send quote"),
        ("2026-05-01T10:30", "phone", "they contacted us · left message · price talk"),
        ("2026-05-01", "order", "710.00 CNY · 20 bag · Rice Jasmine · A1"),
        ("2026-04-01", "payment", "3.00 CNY · by bank"),
        ("2026-01-01", "Won-back date", ""),
        ("2025-01-01", "Lost date", "moved away · Initech"),
        ("2020-01-01", "Customer since", "trade fair"),
        ("2019-12-01", "enquiry", "tea"),
    ]
    assert {event.table for event in found} == {"customers", "transactions", "interactions"}
    assert all(archive.has(event.table, event.uid) for event in found)


def test_records_without_a_date_come_last(archive: Archive) -> None:
    uid = add_customer(archive, customer_since="2020-01-01")
    undated = Interaction.load({"customer": uid, "follow_up": "call"})
    transaction = Transaction.load({"customer": uid})
    archive.of_customer = lambda cls, _uid: [undated if cls is Interaction else transaction]  # type: ignore[method-assign]
    assert [event.on for event in timeline(archive, uid)] == ["2020-01-01", "", ""]


# Sections


def test_sections_show_only_filled_fields_with_a_row_per_list_entry(archive: Archive) -> None:
    phones = [
        {"value": "+86 10 5555 0147", "label": "mobile", "preferred": True},
        {"value": "010 1", "label": "home"},
    ]
    uid = add_customer(archive, status="active", phones=phones, tags=["vip", "east"], extra={"备注1": "x"})
    customer = archive.get(Customer, uid)
    shown = {section.group.key: section.rows for section in sections(archive, customer)}
    assert shown == {
        "classification": [
            ("code", "Code", "C-00001"),
            ("kind", "Kind", "person"),
            ("full_name", "Full name", "Marta Smith"),
            ("status", "Status", "active"),
            ("tags", "Tags", "vip, east"),
        ],
        "personal": [("phones", "Phone", "+86 10 5555 0147 mobile *"), ("phones", "", "010 1 home")],
        EXTRA.key: [("extra.备注1", "备注1", "x")],
    }


def test_records_of_other_tables_have_sections_too(archive: Archive) -> None:
    uid = add_customer(archive)
    add_order(archive, uid, "2026-05-01", "3", outcome="open")
    (order,) = archive.of_customer(Transaction, uid)
    assert [(s.group.key, s.rows[0]) for s in sections(archive, order)] == [
        ("dealing", ("customer", "Customer", "Marta Smith")),
        ("quotation", ("outcome", "Outcome", "open")),
    ]


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip()])
def test_hostile_text_is_shown_as_stored(archive: Archive, text: str) -> None:
    customer = archive.get(Customer, add_customer(archive, background=text))
    assert ("background", "Background", text) in [row for s in sections(archive, customer) for row in s.rows]
