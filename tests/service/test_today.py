"""Test the due items in Today. It is Saturday, 21 November 2026."""

from datetime import date
from typing import Any

import pytest

from archive.analysis.request import make_request
from archive.errors import BadValue, NotFound
from archive.model.dates import PartialDate
from archive.model.field_types.base import Ref
from archive.model.records.contract import Contract
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.plan import Plan
from archive.model.records.transaction import Transaction
from archive.service.agreements import agreements
from archive.service.archive import Archive
from archive.service.key_facts import key_facts
from archive.service.listing import Listing
from archive.service.reporting import Reporting
from archive.service.today import Due, count_due, due, knows, of_manager, snooze, snooze_all, tick

TODAY = date(2026, 11, 21)
YESTERDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)


def add_customer(archive: Archive, name: str = "Marta Smith", **values: Any) -> str:
    customer = archive.completed(
        [Customer.load({"kind": "person", "full_name": name}).with_values(**values)]
    )[0]
    archive.save(customer)
    return customer.uid


def add_contact(archive: Archive, customer: str, **values: Any) -> None:
    contact = Interaction.load({"at": "2026-09-01T10:00"})
    archive.save(contact.with_values(customer=Ref(customer), **values))


def add_transaction(archive: Archive, customer: str, **values: Any) -> None:
    archive.save(Transaction.load({"on": "2026-11-01"}).with_values(customer=Ref(customer), **values))


def listed(archive: Archive, day: date = TODAY, **more: Any) -> list[tuple[str, str, str, bool]]:
    return [(i.kind, i.on.isoformat(), i.what, i.overdue) for i in due(archive, day, **more)]


def test_nothing_is_due_in_an_empty_archive(archive: Archive) -> None:
    assert due(archive, TODAY) == []


def test_due_items_are_sorted_by_date_with_overdue_ones_first(archive: Archive) -> None:
    marta = add_customer(
        archive, next_contact_on=TODAY, next_contact_why="spring order", birthday=PartialDate(None, 11, 21)
    )
    add_contact(archive, marta, follow_up_on=MONDAY, follow_up="send quote")
    add_contact(archive, marta, follow_up_on=YESTERDAY, summary="price\ntalk")
    add_transaction(archive, marta, type="quotation", expected_on=date(2026, 11, 10), number="2026/88")
    assert listed(archive) == [
        ("quotation", "2026-11-10", "decision on quotation 2026/88", True),
        ("follow_up", "2026-11-20", "price talk", True),
        ("next_contact", "2026-11-21", "spring order", False),
        ("birthday", "2026-11-21", "birthday", False),
        ("follow_up", "2026-11-23", "send quote", False),
    ]
    assert {item.customer for item in due(archive, TODAY)} == {marta}


def test_due_items_without_a_text_show_their_type(archive: Archive) -> None:
    marta = add_customer(archive, next_contact_on=TODAY)
    add_contact(archive, marta, follow_up_on=TODAY)
    add_transaction(archive, marta, type="quotation", expected_on=TODAY, outcome="open")
    assert [what for _kind, _on, what, _late in listed(archive)] == [
        "follow-up",
        "next contact",
        "decision on quotation",
    ]


def test_completed_decided_and_distant_items_are_not_due(archive: Archive) -> None:
    marta = add_customer(archive, next_contact_on=date(2026, 11, 29))
    add_contact(archive, marta, follow_up_on=YESTERDAY, follow_up_done_on=YESTERDAY)
    add_contact(archive, marta, follow_up_on=date(2026, 11, 29))
    add_contact(archive, marta)
    add_transaction(archive, marta, type="quotation", expected_on=YESTERDAY, outcome="won")
    add_transaction(archive, marta, type="quotation", expected_on=date(2026, 11, 29))
    add_transaction(archive, marta, type="quotation")
    add_transaction(archive, marta, type="order", expected_on=YESTERDAY)
    assert listed(archive) == []
    assert len(listed(archive, horizon_days=8)) == 3


@pytest.mark.parametrize("values", [{"do_not_contact": True}, {"may_contact": "no"}])
def test_customers_who_must_not_be_contacted_are_left_out(archive: Archive, values: dict[str, Any]) -> None:
    marta = add_customer(archive, next_contact_on=TODAY, birthday=PartialDate(1980, 11, 22), **values)
    add_contact(archive, marta, follow_up_on=TODAY)
    assert listed(archive) == []


@pytest.mark.parametrize(
    ("birthday", "day", "found"),
    [
        (PartialDate(1980, 11, 28), TODAY, [("birthday", "2026-11-28", "turns 46", False)]),
        (PartialDate(2025, 11, 28), TODAY, [("birthday", "2026-11-28", "turns 1", False)]),
        (
            PartialDate(2044, 11, 28),
            TODAY,
            [("birthday", "2026-11-28", "birthday", False)],
        ),  # from an old archive
        (PartialDate(1980, 11, 29), TODAY, []),
        (PartialDate(1980, 11, 20), TODAY, []),
        (PartialDate(1911, 11, None), TODAY, []),
        (PartialDate(None, 1, 2), date(2026, 12, 30), [("birthday", "2027-01-02", "birthday", False)]),
        (
            PartialDate(2000, 2, 29),
            date(2026, 2, 25),
            [("birthday", "2026-02-28", "turns 26", False)],
        ),
        (
            PartialDate(2000, 2, 29),
            date(2028, 2, 25),
            [("birthday", "2028-02-29", "turns 28", False)],
        ),
        (PartialDate(2000, 2, 29), date(2028, 2, 21), []),  # the 28th is in 7 days, the 29th in 8
        (
            PartialDate(2000, 2, 29),
            date(2027, 2, 21),
            [("birthday", "2027-02-28", "turns 27", False)],
        ),
    ],
)
def test_birthdays_of_the_coming_week_are_listed(
    archive: Archive, birthday: PartialDate, day: date, found: list[tuple[str, str, str, bool]]
) -> None:
    add_customer(archive, birthday=birthday)
    assert listed(archive, day) == found


def test_deceased_customers_have_no_birthday(archive: Archive) -> None:
    add_customer(archive, birthday=PartialDate(1980, 11, 22), lost_reason="died", lost_on=YESTERDAY)
    assert listed(archive) == []


def one(archive: Archive) -> Due:
    items = due(archive, TODAY)
    assert len(items) == 1
    return items[0]


def test_completing_a_follow_up_can_be_undone(archive: Archive) -> None:
    add_contact(archive, add_customer(archive), follow_up_on=YESTERDAY, follow_up="send quote")
    item = one(archive)
    entry = tick(archive, item)
    assert entry
    assert entry.label == "Follow-up done: Marta Smith"
    assert archive.get(Interaction, item.uid).follow_up_done_on == TODAY
    assert listed(archive) == []
    archive.undo()
    assert one(archive) == item


def test_completing_a_next_contact_clears_it(archive: Archive) -> None:
    marta = add_customer(archive, next_contact_on=TODAY, next_contact_why="spring order")
    entry = tick(archive, one(archive))
    assert entry
    assert entry.label == "Next contact done: Marta Smith"
    customer = archive.get(Customer, marta)
    assert (customer.next_contact_on, customer.next_contact_why) == (None, "")


def test_an_expected_decision_cannot_be_completed(archive: Archive) -> None:
    add_transaction(archive, add_customer(archive), type="quotation", expected_on=TODAY)
    assert tick(archive, one(archive)) is None


def test_overdue_items_are_snoozed_from_today(archive: Archive) -> None:
    add_contact(archive, add_customer(archive), follow_up_on=date(2026, 10, 1))
    entry = snooze(archive, one(archive), 2)
    assert entry
    assert entry.label == "Snoozed to 2026-11-23 Mon: Marta Smith"
    assert one(archive).on == MONDAY


def test_future_items_are_snoozed_from_their_due_date(archive: Archive) -> None:
    add_customer(archive, next_contact_on=MONDAY)
    snooze(archive, one(archive), 1)
    assert one(archive).on == date(2026, 11, 24)


def test_a_quotation_can_be_snoozed_but_not_a_birthday(archive: Archive) -> None:
    marta = add_customer(archive, birthday=PartialDate(None, 11, 22))
    assert snooze(archive, one(archive), 1) is None
    add_transaction(archive, marta, type="quotation", expected_on=YESTERDAY)
    snooze(archive, due(archive, TODAY)[0], 7)
    assert listed(archive)[-1] == (
        "quotation",
        "2026-11-28",
        "decision on quotation, due 2026-11-20 Fri",
        False,
    )


def test_a_snooze_leaves_promised_and_agreed_dates_unchanged(archive: Archive) -> None:
    marta = add_customer(archive, next_contact_on=YESTERDAY, next_contact_why="prices")
    add_contact(archive, marta, follow_up_on=YESTERDAY)
    add_transaction(archive, marta, type="quotation", expected_on=YESTERDAY)
    promise = {"customer": marta, "step": "send list", "due_on": "2026-11-20", "promised": True}
    archive.save(Plan.load(promise))
    snooze_all(archive, due(archive, TODAY), 2)
    kept = [archive.raw(i.table, i.uid) for i in due(archive, TODAY)]
    keys = ("due_on", "follow_up_on", "next_contact_on", "expected_on")
    assert [[raw[key] for key in keys if key in raw] for raw in kept if raw] == [["2026-11-20"]] * 4
    assert {raw["not_before"] for raw in kept if raw} == {"2026-11-23"}
    assert [item.overdue for item in due(archive, TODAY)] == [False] * 4
    assert [(item.on, item.overdue) for item in due(archive, MONDAY)] == [(YESTERDAY, True)] * 4


def test_a_snoozed_promise_still_counts_as_late(archive: Archive) -> None:
    marta = add_customer(archive)
    archive.save(
        *(
            Plan.load({"customer": marta, "step": f"step {n}", "due_on": "2026-11-20", "promised": True})
            for n in range(4)
        )
    )
    *done, late = archive.uids("plans")
    for uid in done:
        archive.edit("plans", uid, done_on=date(2026, 11, 20))
    (item,) = due(archive, TODAY)
    snooze(archive, item, 3)
    archive.edit("plans", late, done_on=TODAY)
    asked_of = make_request(TODAY, start=date(2026, 1, 1), end=TODAY)
    figures = {figure.key: figure for figure in Reporting(archive).run("fulfilment", asked_of).figures}
    assert figures["promises.kept"].value == 0.75  # 3 of 4, the same as without the snooze


def test_a_snooze_ends_when_the_due_date_is_changed(archive: Archive) -> None:
    marta = add_customer(archive, next_contact_on=YESTERDAY)
    snooze(archive, one(archive), 30)
    assert due(archive, TODAY) == []
    archive.edit("customers", marta, grade="A")
    assert archive.get(Customer, marta).not_before == date(2026, 12, 21)
    archive.edit("customers", marta, next_contact_on=MONDAY)
    assert archive.get(Customer, marta).not_before is None
    assert one(archive).on == MONDAY


def test_list_and_card_show_until_when_the_next_contact_is_snoozed(archive: Archive) -> None:
    marta = add_customer(archive, next_contact_on=YESTERDAY, next_contact_why="prices")
    assert Listing(archive, "customers", ["next"]).texts([marta]) == [{"next": "overdue !"}]
    snooze(archive, one(archive), 1)
    assert Listing(archive, "customers", ["next"]).texts([marta]) == [{"next": "tomorrow"}]
    fields = key_facts(archive, marta)
    assert not fields.next_is_overdue
    lines = {label: text for label, text, _tone in fields.lines}
    assert lines["Next contact"] == "2026-11-20 Fri · snoozed to 2026-11-22 Sun · prices"


def test_the_card_shows_until_when_a_follow_up_is_snoozed(archive: Archive) -> None:
    marta = add_customer(archive)
    add_contact(archive, marta, follow_up_on=YESTERDAY, follow_up="send list")
    snooze(archive, one(archive), 1)
    assert key_facts(archive, marta).snoozed_to == date(2026, 11, 22)
    add_contact(archive, marta, follow_up_on=YESTERDAY)  # another follow-up of that day is not snoozed
    assert key_facts(archive, marta).snoozed_to is None


def test_completing_a_deleted_item_raises_not_found(archive: Archive) -> None:
    marta = add_customer(archive, next_contact_on=TODAY)
    item = one(archive)
    archive.delete("customers", [marta])
    with pytest.raises(NotFound):
        tick(archive, item)


def test_nothing_is_snoozed_beyond_the_calendar(archive: Archive) -> None:
    add_customer(archive, next_contact_on=TODAY)
    with pytest.raises(BadValue, match="outside the calendar"):
        snooze(archive, one(archive), 10**7)


def test_terms_notice_deadlines_and_tasks_are_due_even_for_customers_not_to_be_contacted(
    archive: Archive,
) -> None:
    marta = add_customer(archive, do_not_contact=True)
    terms = [
        {"key": "1", "requirement": "20 bags", "due_on": "2026-11-23"},
        {"key": "2", "requirement": "done", "due_on": "2026-11-23", "fulfilled_on": "2026-11-20"},
        {"key": "3", "requirement": "theirs", "due_on": "2026-11-23", "duty": "theirs"},
        {"key": "4", "requirement": "10 bags", "due_on": "2026-11-22"},
        {"key": "5", "requirement": "later", "due_on": "2026-12-23"},
    ]
    kept = {
        "number": "K1",
        "customer": marta,
        "start": "2026-01-01",
        "signed_on": "2026-01-01",
        "terms": terms,
    }
    contract = Contract.load({**kept, "end": "2026-12-25", "notice_period": "1 month"})
    archive.save(contract, contract.with_values(number="K2", signed_on=None))
    uid = archive.find(Contract, "K1").uid
    delivered = {"type": "delivery", "contract": Ref(uid), "term": "4", "on": YESTERDAY}
    add_transaction(archive, marta, **delivered)
    archive.save(
        Plan.load({"customer": marta, "step": "send list", "due_on": "2026-11-20", "promised": True})
    )
    archive.save(Plan.load({"customer": marta, "step": "call", "due_on": "2026-11-21"}))
    archive.save(
        Plan.load({"customer": marta, "step": "was done", "due_on": "2026-11-21", "done_on": "2026-11-01"})
    )
    assert listed(archive) == [
        ("plan", "2026-11-20", "promised: send list", True),
        ("plan", "2026-11-21", "call", False),
        ("term", "2026-11-22", "K1: 10 bags", False),
        ("term", "2026-11-23", "K1: 20 bags", False),
        ("notice", "2026-11-25", "K1: notice deadline", False),
    ]


def test_a_cancelled_contract_has_no_notice_deadline_and_no_later_terms(archive: Archive) -> None:
    marta = add_customer(archive)
    terms = [
        {"key": "1", "requirement": "before", "due_on": "2026-11-23"},
        {"key": "2", "requirement": "after", "due_on": "2026-11-26"},
    ]
    days = {"start": "2026-01-01", "signed_on": "2026-01-01", "end": "2026-12-31"}
    kept = {"customer": marta, "number": "K1", "renews": True, "notice_period": "5 weeks", "terms": terms}
    contract = Contract.load({**kept, **days})
    archive.save(contract)
    assert [item.what for item in due(archive, TODAY)] == [
        "K1: before",
        "K1: after",
        "K1: notice deadline",
    ]
    archive.save(archive.find(Contract, "K1").with_values(cancelled_on=date(2026, 11, 25)))
    assert [item.what for item in due(archive, TODAY)] == ["K1: before"]
    assert [line.text for line in agreements(archive, marta)] == [
        "K1 · active · 0 of 2 terms fulfilled · ends 2026-11-25 Wed"
    ]
    archive.save(archive.find(Contract, "K1").with_values(cancelled_on=date(2026, 11, 20)))
    assert [line.text for line in agreements(archive, marta)] == [
        "K1 · cancelled · 0 of 2 terms fulfilled · ended 2026-11-20 Fri"
    ]


def test_an_overdue_term_comes_first_in_the_line_of_its_contract(archive: Archive) -> None:
    marta = add_customer(archive)
    terms = [{"key": "1", "requirement": "before", "due_on": "2026-11-01"}]
    days = {"start": "2026-01-01", "signed_on": "2026-01-01", "end": "2027-06-30"}
    archive.save(Contract.load({"customer": marta, "number": "K1", "terms": terms, **days}))
    (line,) = agreements(archive, marta)
    assert line.text == "1 term overdue ! · K1 · active · 0 of 1 terms fulfilled · until 2027-06-30 Wed"


def test_a_task_can_be_completed_and_snoozed_but_not_a_contract_term(archive: Archive) -> None:
    marta = add_customer(archive)
    archive.save(Plan.load({"customer": marta, "step": "call", "due_on": "2026-11-20"}))
    (item,) = due(archive, TODAY)
    assert snooze(archive, item, 1)
    assert listed(archive) == [("plan", "2026-11-22", "call, due 2026-11-20 Fri", False)]
    assert tick(archive, due(archive, TODAY)[0])
    assert due(archive, TODAY) == []
    term = Due("term", TODAY, marta, "contracts", "x", "", False)
    assert tick(archive, term) is None
    assert snooze(archive, term, 1) is None


def test_my_items_are_those_of_my_customers_and_of_customers_without_a_manager(archive: Archive) -> None:
    for name, manager in (("Ann", "li"), ("Ben", "moreau"), ("Cid", "")):
        add_customer(archive, name, account_manager=manager, next_contact_on=TODAY)
    mine = of_manager(archive, due(archive, TODAY), "li")
    assert {archive.name("customers", item.customer) for item in mine} == {"Ann", "Cid"}
    assert knows(archive, "li")
    assert not knows(archive, "nobody")
    assert not knows(archive, "")


def test_only_what_is_due_by_the_day_is_counted(archive: Archive) -> None:
    add_customer(archive, "Ann", account_manager="li", next_contact_on=YESTERDAY)
    add_customer(archive, "Ben", account_manager="moreau", next_contact_on=TODAY)
    add_customer(archive, "Cid", next_contact_on=MONDAY, birthday=PartialDate(None, 11, 23))
    assert count_due(archive, TODAY) == 2
    assert count_due(archive, TODAY, "li") == 1
    assert count_due(archive, TODAY, "nobody") == 2
