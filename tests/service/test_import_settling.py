"""Test that imported activities settle due items, and that importing a new due date ends a snooze."""

from datetime import date, datetime

import pytest
from imported import bring, plan_of
from test_today import TODAY, add_contact, add_customer, listed

from archive.cli import run
from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.plan import Plan
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.service.today import due

HEADER = "customer,at,outcome"
CONTACTS = {"table": "interactions"}


def day(number: int) -> date:
    return TODAY.replace(day=number)


@pytest.fixture
def marta(archive: Archive) -> str:
    """Return Marta, with a next contact due on 18 November and follow-ups due on the 16th, 19th and 23rd."""
    marta = add_customer(archive, code="C1", next_contact_on=day(18), next_contact_why="spring order")
    for number in (16, 19, 23):
        add_contact(archive, marta, follow_up_on=day(number), follow_up=f"of the {number}th")
    return marta


def follow_ups(archive: Archive) -> dict[str, str]:
    columns = archive.columns("interactions", ("follow_up", "follow_up_done_on"))
    return dict(zip(*columns.values(), strict=True))


def test_the_first_activity_on_or_after_its_due_date_settles_a_follow_up(
    archive: Archive, marta: str
) -> None:
    plan = bring(archive, HEADER, "C1,2026-11-20 10:00,", "C1,2026-11-17 10:00,reached", **CONTACTS)
    assert (plan.created, plan.settled) == (2, 3)
    assert follow_ups(archive) == {
        "of the 16th": "2026-11-17",
        "of the 19th": "2026-11-20",
        "of the 23th": None,
        None: None,
    }
    assert listed(archive) == [("follow_up", "2026-11-23", "of the 23th", False)]
    customer = archive.get(Customer, marta)
    assert (customer.next_contact_on, customer.next_contact_why) == (None, "")
    assert archive.undo_label() == "Imported Activities: 2 new, 3 due items completed"
    archive.undo()
    assert len(due(archive, TODAY)) == 4


def test_the_preview_counts_due_items_without_settling_them(archive: Archive, marta: str) -> None:
    plan = plan_of(archive, HEADER, "C1,2026-11-18 10:00,reached", **CONTACTS)
    assert plan.settled == 2
    assert "These activities settle 2 due follow-ups and next contacts." in plan.notes
    assert len(due(archive, TODAY)) == 4


@pytest.mark.parametrize(
    "row", ["C1,2026-11-20 10:00,no_answer", "C1,2026-11-15 10:00,", "C1,2026-11-25 10:00,"]
)
def test_an_activity_that_failed_came_too_early_or_is_planned_settles_nothing(
    archive: Archive, marta: str, row: str
) -> None:
    assert bring(archive, HEADER, row, **CONTACTS).settled == 0
    assert len(due(archive, TODAY)) == 4


def test_an_existing_activity_settles_nothing_again(archive: Archive, marta: str) -> None:
    bring(archive, HEADER, "C1,2026-11-20 10:00,", **CONTACTS)
    archive.edit("customers", marta, next_contact_on=day(19))
    assert bring(archive, HEADER, "C1,2026-11-20 10:00,", **CONTACTS).settled == 0
    assert archive.get(Customer, marta).next_contact_on == day(19)


def test_follow_ups_in_the_file_stay_open(archive: Archive) -> None:
    """Importing an export again must not change the follow-ups in it."""
    add_customer(archive, code="C1")
    rows = ["C1,2026-11-02 10:00,2026-11-05", "C1,2026-11-10 10:00,"]
    assert bring(archive, "customer,at,follow_up_on", *rows, **CONTACTS).settled == 0
    assert [item.kind for item in due(archive, TODAY)] == ["follow_up"]


def test_saving_a_planned_activity_settles_nothing_yet(archive: Archive, marta: str) -> None:
    add_contact(archive, marta, at=Interaction.FIELDS["at"].type.load("2026-11-25T10:00"))
    assert len(due(archive, TODAY)) == 4


@pytest.mark.parametrize("words", ["log C1 call", "add interactions customer=C1 at=today"])
def test_the_command_line_settles_too(archive: Archive, path, words: str) -> None:
    """Uses items due in 2020, because the command line uses the machine's clock."""
    then = date(2020, 3, 1)
    marta = add_customer(archive, code="C1", next_contact_on=then)
    add_contact(archive, marta, at=datetime.fromisoformat("2020-02-01"), follow_up_on=then, follow_up="old")
    archive.close()
    assert run(["--archive", str(path), *words.split()]) == 0
    after = Archive.open(path, write=False)
    assert after.get(Customer, marta).next_contact_on is None
    assert follow_ups(after)["old"]
    after.close()


def test_importing_a_new_due_date_ends_the_snooze(archive: Archive) -> None:
    later = day(30)
    marta = add_customer(archive, code="C1", next_contact_on=day(18), not_before=later)
    archive.save(Plan(uid="b" * 16, customer=Ref(marta), step="send", due_on=day(18), not_before=later))
    quotation = {"type": "quotation", "number": "Q1", "expected_on": day(18), "not_before": later}
    archive.save(Transaction(uid="c" * 16, customer=Ref(marta), on=day(1), **quotation))
    bring(archive, "code,next_contact_on,grade", "C1,2026-11-18,A", merge="overwrite")
    assert archive.get(Customer, marta).not_before == later, "the same date must not end the snooze"
    bring(archive, "code,next_contact_on", "C1,2026-11-19", merge="overwrite")
    bring(archive, "id,customer,due_on", f"{'b' * 16},C1,2026-11-19", table="plans", merge="overwrite")
    bring(archive, "id,customer,on,expected_on", f"{'c' * 16},C1,2026-11-01,2026-11-19", table="transactions",
          merge="overwrite")  # fmt: skip
    assert archive.get(Customer, marta).not_before is None
    assert archive.get(Plan, "b" * 16).not_before is None
    assert archive.get(Transaction, "c" * 16).not_before is None
    assert [item.on for item in due(archive, TODAY)] == [day(19)] * 3
