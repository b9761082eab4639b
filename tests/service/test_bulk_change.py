"""Test changes of many records: the plan, refusals, and that applying does what the plan showed."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from archive.errors import BadValue
from archive.model.field_types.base import Ref
from archive.model.records.campaign import AUDIENCE, CONTROL_GROUP, Campaign
from archive.model.records.contract import Contract
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.plan import Plan as Task
from archive.model.records.transaction import Transaction
from archive.service.bulk_change import (
    AddTags,
    Done,
    RecordsChange,
    RemoveTags,
    SetField,
    Snooze,
    settable_fields,
)
from archive.service.campaign_members import AddMembers
from archive.service.handover import HandOver
from archive.service.progress import Progress, Stopped

TODAY = date(2026, 11, 21)
NAMES = ("Ann", "Bob", "Cid", "Globex")


@pytest.fixture
def people(archive):
    archive.save(
        Customer(uid="ann", kind="person", full_name="Ann", tags=("vip",), account_manager="Li"),
        Customer(uid="bob", kind="person", full_name="Bob", account_manager="li", do_not_contact=True),
        Customer(uid="cid", kind="person", full_name="Cid", account_manager="Kim", may_contact="no"),
        Customer(uid="globex", kind="organisation", full_name="Globex"),
    )
    return archive


def customers(*uids):
    return [("customers", uid) for uid in uids or ("ann", "bob", "cid", "globex")]


def planned(archive, change):
    return change.plan(archive, Progress())


def applied(archive, change):
    return change.apply(archive, planned(archive, change), Progress())


def setting(key, text, archive, table="customers"):
    field = next(field for field in settable_fields(table) if field.key == key)
    return SetField(field, field.type.parse(text, archive.ctx))


def test_a_tag_is_added_where_it_is_missing_as_one_change(people):
    change = RecordsChange(AddTags(("VIP", "fair")), [*customers("ann", "bob", "cid"), ("customers", "ann")])
    assert RecordsChange(AddTags(("Vip",)), customers("ann")).plan(people, Progress()).same == 1
    plan = planned(people, change)
    assert [(edit.name, edit.old, edit.new) for edit in plan.edits] == [
        ("Ann", "vip", "vip, fair"),
        ("Bob", "no tags", "VIP, fair"),
        ("Cid", "no tags", "VIP, fair"),
    ]
    assert (plan.same, plan.refusals) == (0, ())
    result = applied(people, change)
    assert (result.changed, result.dropped) == (3, 0)
    assert people.undo_label() == "Added tag VIP, fair: 3 customers"
    assert people.get(Customer, "bob").tags == ("VIP", "fair")
    people.undo()
    assert people.get(Customer, "ann").tags == ("vip",)
    assert people.get(Customer, "bob").tags == ()


def test_a_tag_is_removed_however_it_is_spelt(people):
    result = applied(people, RecordsChange(RemoveTags(("VIP",)), customers()))
    assert result.changed == 1
    assert people.get(Customer, "ann").tags == ()
    assert people.undo_label() == "Removed tag VIP: Ann"


def test_a_field_is_set_with_its_validation_and_the_rest_is_refused_with_reasons(people):
    plan = planned(people, RecordsChange(setting("industry", "food", people), customers()))
    assert [edit.name for edit in plan.edits] == ["Globex"]
    assert {refusal.why for refusal in plan.refusals} == {
        "Industry is only for records of the kind organisation."
    }
    people.edit("customers", "ann", lost_on=date(2026, 6, 1))
    plan = planned(people, RecordsChange(setting("won_back_on", "2026-05-01", people), customers("ann")))
    (refusal,) = plan.refusals
    assert refusal.name == "Ann"
    assert "2026-05-01" in refusal.why
    assert (
        applied(people, RecordsChange(setting("won_back_on", "2026-05-01", people), customers("ann"))).entry
        is None
    )


def test_a_field_is_cleared_unless_it_is_required(people):
    applied(people, RecordsChange(setting("account_manager", "", people), customers()))
    assert people.get(Customer, "ann").account_manager == ""
    assert people.undo_label() == "Account manager of 3 customers"
    people.save(Task(uid="t", step="call"))
    plan = planned(people, RecordsChange(setting("step", "", people, "plans"), [("plans", "t")]))
    assert [refusal.why for refusal in plan.refusals] == ["Task is required."]


def test_identifying_and_personal_fields_cannot_be_set_for_many(people):
    keys = {field.key for field in settable_fields("customers")}
    assert {"status", "account_manager", "lost_on", "payment_terms", "parent"} <= keys
    assert not {"full_name", "code", "phones", "tags", "birthday", "background", "not_before"} & keys
    assert "number" not in {field.key for field in settable_fields("contracts")}
    assert "amount" in {field.key for field in settable_fields("transactions")}


def test_an_amount_is_shown_in_the_currency_of_its_record(people):
    people.save(Transaction(uid="t", customer=Ref(uid="ann"), on=TODAY, amount=Decimal(5), currency="JPY"))
    plan = planned(
        people, RecordsChange(setting("amount", "1200", people, "transactions"), [("transactions", "t")])
    )
    assert [(edit.old, edit.new) for edit in plan.edits] == [("5", "1,200")]


def test_what_was_edited_or_deleted_after_the_preview_is_left_out(people):
    change = RecordsChange(setting("status", "dormant", people), customers("ann", "bob", "cid"))
    plan = planned(people, change)
    people.edit("customers", "ann", status="lost")
    people.edit("customers", "bob", grade="A")  # another field
    people.delete("customers", ["cid"])
    result = change.apply(people, plan, Progress())
    assert (result.changed, result.dropped) == (1, 2)
    assert people.get(Customer, "ann").status == "lost"
    bob = people.get(Customer, "bob")
    assert (bob.status, bob.grade) == ("dormant", "A")
    assert planned(people, RecordsChange(Done(), customers("cid"))).refusals[0].why == "It has been deleted."


def test_a_stopped_change_changes_nothing(people):
    change = RecordsChange(AddTags(("new",)), customers())
    plan, progress = planned(people, change), Progress()
    progress.stop()
    before = people.revision
    with pytest.raises(Stopped):
        change.apply(people, plan, progress)
    assert people.revision == before


# Due items


@pytest.fixture
def due(people):
    call = {"customer": Ref(uid="ann"), "at": datetime.fromisoformat("2026-11-10T09:00")}
    people.edit("customers", "bob", next_contact_on=date(2026, 11, 20), next_contact_why="prices")
    people.save(
        Task(uid="task", step="send", due_on=date(2026, 11, 20)),
        Task(uid="finished", step="sent", due_on=date(2026, 11, 20), done_on=date(2026, 11, 20)),
        Task(uid="someday", step="ask"),
        Task(uid="later", step="visit", due_on=date(2027, 1, 1)),
        Interaction(uid="call", follow_up_on=date(2026, 11, 20), **call),
        Interaction(uid="followed", follow_up_on=TODAY, follow_up_done_on=TODAY, **call),
        Interaction(uid="chat", **call),
        Transaction(uid="offer", type="quotation", customer=Ref(uid="ann"), on=TODAY, expected_on=TODAY),
        Transaction(uid="order", customer=Ref(uid="ann"), on=TODAY),
    )
    return people


TASKS = [("plans", uid) for uid in ("task", "finished", "someday", "later")]
CALLS = [("interactions", uid) for uid in ("call", "followed", "chat")]
SALES = [("transactions", uid) for uid in ("offer", "order")]


def test_tasks_follow_ups_and_next_contacts_are_done_together(due):
    change = RecordsChange(Done(), [*TASKS, *CALLS, *SALES, *customers("ann", "bob")], ignored=2)
    plan = planned(due, change)
    assert {edit.uid for edit in plan.edits} == {"task", "someday", "later", "call", "bob"}
    assert (plan.same, plan.notes) == (2, ("2 other rows are left out.",))
    assert {refusal.why for refusal in plan.refusals} == {
        "The activity has no follow-up.",
        "No next contact is planned.",
        "It has no due date.",
    }
    assert applied(due, change).changed == 5
    assert due.get(Task, "task").done_on == TODAY
    assert due.get(Interaction, "call").follow_up_done_on == TODAY
    assert due.get(Customer, "bob").next_contact_on is None
    assert due.undo_label() == "Done: 5 records"


def test_snoozing_hides_what_is_due_until_the_day(due):
    change = RecordsChange(Snooze(date(2026, 11, 30)), [*TASKS, *CALLS, *SALES, *customers("ann", "bob")])
    plan = planned(due, change)
    assert {edit.uid for edit in plan.edits} == {"task", "call", "offer", "bob"}
    assert {refusal.why for refusal in plan.refusals} == {"Nothing is due.", "It is not due before that day."}
    applied(due, change)
    task = due.get(Task, "task")
    assert (task.due_on, task.not_before) == (date(2026, 11, 20), date(2026, 11, 30))
    assert planned(due, RecordsChange(Snooze(date(2026, 11, 30)), [("plans", "task")])).same == 1
    sooner = applied(due, RecordsChange(Snooze(date(2026, 11, 25)), [("plans", "task")]))
    assert sooner.changed == 1
    with pytest.raises(BadValue):
        Snooze(TODAY).changed(task, due)


# Handing over


def test_a_portfolio_is_handed_over_with_its_open_work(people):
    contact = {"customer": Ref(uid="ann"), "by": "Li"}
    signed = {"customer": Ref(uid="ann"), "signed_on": date(2020, 1, 1)}
    people.save(
        Task(step="a", customer=Ref(uid="ann")),
        Task(step="b", customer=Ref(uid="ann"), done_on=TODAY),
        Interaction(uid="past", at=datetime.fromisoformat("2026-11-01T09:00"), follow_up_on=TODAY, **contact),
        Interaction(uid="planned", at=datetime.fromisoformat("2026-12-01T09:00"), **contact),
        Contract(number="1", start=date(2026, 1, 1), **signed),
        Contract(number="0", start=date(2020, 1, 1), end=date(2020, 12, 31), **signed),
    )
    change = RecordsChange(HandOver("Li", "Kim"), customers())
    plan = planned(people, change)
    assert [(edit.name, edit.old, edit.new) for edit in plan.edits] == [
        ("Ann", "Li", "Kim"),
        ("Bob", "li", "Kim"),
    ]
    assert plan.same == 1
    assert plan.notes == ("This includes 1 open task, 1 open follow-up, 1 contract.",)
    assert [refusal.why for refusal in plan.refusals] == ["There is no account manager."]
    assert applied(people, change).changed == 2
    assert people.get(Interaction, "planned").by == "Kim"
    assert people.get(Interaction, "past").by == "Li"
    assert people.undo_label() == "Handed over to Kim: 2 customers"
    people.undo()
    assert people.get(Interaction, "planned").by == "Li"


def test_customers_of_a_third_manager_are_not_handed_over(people):
    plan = planned(people, RecordsChange(HandOver("Li", "Zoe"), customers("cid", "globex")))
    assert {refusal.why for refusal in plan.refusals} == {
        "The account manager is Kim.",
        "There is no account manager.",
    }
    assert plan.notes == ()
    assert len(planned(people, RecordsChange(HandOver("", "Zoe"), customers())).edits) == 4


# Campaigns


@pytest.fixture
def spring(people):
    people.save(Campaign(uid="spring", name="Spring", start=TODAY, held_back=(Ref(uid="globex"),)))
    return people


def test_customers_join_a_campaign_without_duplicates_and_those_who_must_not_be_contacted(spring):
    spring.save(Customer(uid="dee", kind="person", full_name="Dee"))
    change = AddMembers("spring", AUDIENCE, ["ann", "dee", "ann", "bob", "cid", "globex", "gone"])
    plan = planned(spring, change)
    assert [edit.name for edit in plan.edits] == ["Ann", "Dee"]
    assert (plan.optional, plan.notes) == (2, ("2 customers who must not be contacted are left out.",))
    assert {refusal.why for refusal in plan.refusals} == {
        "Already in the control group.",
        "It has been deleted.",
    }
    assert applied(spring, change).changed == 2
    assert [ref.uid for ref in spring.get(Campaign, "spring").audience] == ["ann", "dee"]
    assert spring.undo_label() == "Audience of Spring: added 2 customers"
    assert planned(spring, change).same == 2
    assert applied(spring, change).entry is None
    wider = change.widened()
    assert [edit.name for edit in planned(spring, wider).edits] == ["Bob", "Cid"]
    assert planned(spring, wider).optional == 0
    control = AddMembers("spring", CONTROL_GROUP, ["ann"])
    assert planned(spring, control).refusals[0].why == "Already in the audience."


def test_who_joined_the_other_group_after_the_preview_is_left_out(spring):
    change = AddMembers("spring", AUDIENCE, ["ann"])
    plan = planned(spring, change)
    spring.edit("campaigns", "spring", held_back=(Ref(uid="ann"),))
    assert change.apply(spring, plan, Progress()) == (None, 0, 1)
