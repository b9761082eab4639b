"""Test regular contacts in Today, and settling them by logging. It is Saturday, 21 November 2026."""

from datetime import date, datetime, timedelta

import pytest
from test_today import TODAY, add_contact, add_customer, listed

from archive.model.archive_settings import Holiday
from archive.model.contact_details import Window
from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.service.archive import Archive
from archive.service.own_settings import changed
from archive.service.today import due, snooze, tick

AT = datetime.combine(TODAY, datetime.min.time())


def contact(customer: str, at: datetime = AT, **values) -> Interaction:
    return Interaction(customer=Ref(customer), at=at, **values)


def days_ago(n: int) -> date:
    return TODAY - timedelta(days=n)


@pytest.mark.parametrize(
    ("ideal", "longest", "last", "due_on"),
    [
        (30, None, 40, days_ago(10)),  # 40 days since the last contact: 10 days late
        (30, None, 30, TODAY),
        (30, 60, 25, TODAY + timedelta(days=5)),  # within the seven days shown by Today
        (30, None, 20, None),
        (None, 30, 31, days_ago(1)),
        (30, None, None, TODAY),  # never contacted
        (None, None, 400, None),
    ],
)
def test_a_regular_contact_is_due_a_fixed_number_of_days_after_the_last(
    archive: Archive, ideal, longest, last, due_on
) -> None:
    marta = add_customer(archive, rhythm_ideal=ideal, rhythm_longest=longest)
    if last is not None:
        archive.save(contact(marta, AT - timedelta(days=last)))
    found = due(archive, TODAY)
    assert [(item.kind, item.on, item.customer) for item in found] == (
        [("rhythm", due_on, marta)] if due_on else []
    )


def test_the_reason_is_shown(archive: Archive) -> None:
    marta = add_customer(archive, rhythm_ideal=14)
    assert listed(archive) == [("rhythm", "2026-11-21", "none yet, every 14 d", False)]
    archive.save(contact(marta, AT - timedelta(days=20)))
    assert listed(archive) == [("rhythm", "2026-11-15", "last 20 d ago, every 14 d", True)]


def test_a_planned_activity_is_not_the_last_contact(archive: Archive) -> None:
    marta = add_customer(archive, rhythm_ideal=14)
    archive.save(contact(marta, AT - timedelta(days=20)))
    archive.save(contact(marta, AT + timedelta(days=3)))
    assert [item.on for item in due(archive, TODAY)] == [date(2026, 11, 15)]


@pytest.mark.parametrize(
    "values",
    [
        {"status": "lost"},
        {"lost_on": TODAY},
        {"status": "inactive"},
        {"do_not_contact": True},
        {"may_contact": "no"},
    ],
)
def test_lost_customers_and_those_who_refuse_contact_are_left_out(archive: Archive, values) -> None:
    add_customer(archive, rhythm_ideal=14, **values)
    assert due(archive, TODAY) == []


def test_a_planned_contact_replaces_the_regular_one(archive: Archive) -> None:
    add_customer(archive, "Ann", rhythm_ideal=14, next_contact_on=TODAY)
    bob = add_customer(archive, "Bob", rhythm_ideal=14)
    add_contact(archive, bob, follow_up_on=days_ago(1))
    add_customer(archive, "Cleo", rhythm_ideal=14, next_contact_on=TODAY + timedelta(days=90))
    assert [item.kind for item in due(archive, TODAY)] == ["follow_up", "next_contact", "rhythm"]


def test_a_regular_contact_can_be_neither_completed_nor_snoozed(archive: Archive) -> None:
    add_customer(archive, rhythm_ideal=14)
    (item,) = due(archive, TODAY)
    assert tick(archive, item) is None
    assert snooze(archive, item, 1) is None


def test_logging_an_activity_settles_due_items(archive: Archive) -> None:
    marta = add_customer(
        archive, rhythm_ideal=14, next_contact_on=days_ago(2), next_contact_why="spring order"
    )
    add_contact(archive, marta, follow_up_on=days_ago(1))
    add_contact(archive, marta, follow_up_on=TODAY + timedelta(days=2), follow_up="later")
    assert [item.kind for item in due(archive, TODAY)] == ["next_contact", "follow_up", "follow_up"]
    entry = archive.save(contact(marta, channel="phone"))
    assert entry is not None
    assert entry.label == f"New {Interaction.NOUN}: Marta Smith 2026-11-21, 2 due items completed"
    assert listed(archive) == [("follow_up", "2026-11-23", "later", False)]
    assert archive.get(Customer, marta).next_contact_why == ""
    archive.undo()
    assert len(due(archive, TODAY)) == 3


@pytest.mark.parametrize(
    ("values", "left"),
    [
        ({"outcome": "no_answer"}, ["next_contact"]),
        ({"outcome": "left_word"}, ["next_contact"]),
        ({"outcome": "reached"}, []),
        ({"outcome": "no_answer", "follow_up_on": TODAY + timedelta(days=1)}, ["follow_up"]),
        ({"at": AT - timedelta(days=3)}, ["next_contact"]),  # before it was due
    ],
)
def test_only_a_successful_activity_settles_due_items(archive: Archive, values, left) -> None:
    marta = add_customer(archive, next_contact_on=days_ago(2))
    archive.save(contact(marta, **values))
    assert [item.kind for item in due(archive, TODAY)] == left


def test_editing_an_old_activity_settles_nothing(archive: Archive) -> None:
    marta = add_customer(archive)
    entry = archive.save(contact(marta))
    assert entry is not None
    archive.edit("customers", marta, next_contact_on=TODAY)
    archive.edit("interactions", entry.changes[0].uid, summary="talked")
    assert [item.kind for item in due(archive, TODAY)] == ["next_contact"]


def test_a_customer_saved_with_the_activity_keeps_both_changes(archive: Archive) -> None:
    marta = add_customer(archive, next_contact_on=TODAY)
    changed = archive.get(Customer, marta).with_values(grade="A")
    archive.save(changed, contact(marta))
    assert (archive.get(Customer, marta).grade, archive.get(Customer, marta).next_contact_on) == ("A", None)


def test_a_new_customer_saved_with_a_first_activity_has_no_next_contact(archive: Archive) -> None:
    new = archive.completed([Customer(kind="person", full_name="Ann", next_contact_on=TODAY)])[0]
    archive.save(new, contact(new.uid))
    assert archive.get(Customer, new.uid).next_contact_on is None


def test_a_regular_contact_is_never_due_on_a_holiday_or_day_off(archive: Archive) -> None:
    """The contact is due on Saturday; Monday is a holiday."""
    marta = add_customer(archive, rhythm_ideal=10)
    archive.save(contact(marta, AT - timedelta(days=10)))
    monday = Holiday(on=TODAY + timedelta(days=2), name="Fair")
    archive.save(changed(archive.own, {"working_hours": working_days(archive), "holidays": (monday,)}))
    assert [(item.kind, item.on) for item in due(archive, TODAY)] == [("rhythm", TODAY + timedelta(days=3))]
    archive.undo()
    assert [item.on for item in due(archive, TODAY)] == [TODAY]


def working_days(archive: Archive) -> tuple[Window, ...]:
    return Window.all_from_line("Mon-Fri 9-17", archive.ctx)


def test_snoozing_goes_to_the_next_working_day(archive: Archive) -> None:
    add_customer(archive, next_contact_on=TODAY)
    archive.save(changed(archive.own, {"working_hours": working_days(archive)}))
    (item,) = due(archive, TODAY)
    entry = snooze(archive, item, 1)
    assert entry is not None
    assert entry.label == "Snoozed to 2026-11-23 Mon: Marta Smith"
