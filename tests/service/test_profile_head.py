"""The head of a profile. It is Saturday, 21 November 2026, 10:00."""

from typing import Any

from archive.model.fields import Record
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.plan import Plan
from archive.service.archive import Archive
from archive.service.profile_head import Head, profile_head

PHONES = [{"value": "+49 228 5550 100"}, {"value": "+49 228 5550 147", "preferred": True}]


def add(archive: Archive, cls: type[Record], **values: Any) -> None:
    archive.save(cls.load(values))


def head_of(archive: Archive, **values: Any) -> Head:
    add(archive, Customer, **{"uid": "c", "kind": "person", "full_name": "Marta Smith", **values})
    return profile_head(archive, "c")


def person_at(archive: Archive, name: str, **values: Any) -> None:
    position = {"organisation": "c", "role": values.pop("role", ""), "until": values.pop("until", "")}
    filled = {key: value for key, value in position.items() if value}
    add(archive, Customer, kind="person", full_name=name, positions=[filled], **values)


def test_the_head_says_who_the_customer_is_and_how_to_reach_them(archive: Archive) -> None:
    add(archive, Customer, uid="globex", kind="organisation", full_name="Globex")
    head = head_of(
        archive,
        status="active",
        grade="A",
        account_manager="Li",
        phones=PHONES,
        emails=[{"value": "marta@globex.example"}],
        positions=[{"organisation": "globex", "title": "buyer"}],
    )
    assert head.who == "Globex · buyer · active · A · manager Li"
    assert head.reach == "☎ +49 228 5550 147  ✉ marta@globex.example"
    assert (head.step, head.warnings) == ("", [])


def test_an_organisation_shows_the_person_there_who_decides(archive: Archive) -> None:
    person_at(archive, "Ann Bell", role="uses")
    person_at(archive, "Bo Carr", role="decides", until="2025-01-01")
    person_at(archive, "Cy Dean", role="decides", phones=PHONES)
    head = head_of(archive, kind="organisation", full_name="Globex")
    assert head.who == "main contact Cy Dean ☎ +49 228 5550 147"
    assert head.reach == "no phone number or e-mail address yet"


def test_the_number_of_the_main_contact_is_left_out_if_the_organisation_has_one(archive: Archive) -> None:
    person_at(archive, "Ann Bell", phones=PHONES)
    assert (
        head_of(archive, kind="organisation", phones=[{"value": "+49 30 5550 1"}]).who
        == "main contact Ann Bell"
    )


def test_an_organisation_without_people_has_no_main_contact(archive: Archive) -> None:
    assert head_of(archive, kind="organisation").who == ""


def test_the_next_step_is_the_planned_contact(archive: Archive) -> None:
    add(archive, Plan, customer="c", step="Send samples", due_on="2026-11-22")
    head = head_of(archive, next_contact_on="2026-11-25", next_contact_why="send quote")
    assert head.step == "Next: 2026-11-25 Wed · send quote"


def test_without_a_planned_contact_the_next_step_is_the_task_due_first(archive: Archive) -> None:
    head_of(archive)
    add(archive, Plan, customer="c", step="Send samples", due_on="2026-11-22")
    add(archive, Plan, customer="c", step="Visit", due_on="2026-11-20")
    head = profile_head(archive, "c")
    assert head.step == "Next: Task · Send samples · 2026-11-22 Sun · tomorrow"
    assert head.warnings == ["Task: overdue since 2026-11-20 Fri · Visit"]


def test_everything_overdue_is_a_warning_told_once(archive: Archive) -> None:
    head_of(archive)
    follow_up = {"follow_up": "call", "follow_up_on": "2026-11-10"}
    add(archive, Interaction, customer="c", at="2026-11-02T10:00", **follow_up)
    for step in ("Visit", "Send samples"):
        add(archive, Plan, customer="c", step=step, due_on="2026-11-12")
    assert profile_head(archive, "c").warnings == [
        "Follow-up: overdue since 2026-11-10 Tue · call",
        "Task: 2 overdue",
    ]


def test_a_lost_customer_and_one_not_to_be_contacted_are_warnings(archive: Archive) -> None:
    head = head_of(archive, status="lost", lost_on="2026-10-01", do_not_contact=True)
    assert head.warnings[0] == "lost on 2026-10-01 Thu"
    assert any("Availability: " in warning for warning in head.warnings)
    assert "lost" not in head.who


def test_a_task_due_on_the_day_of_the_next_contact_is_a_warning_of_its_own(archive: Archive) -> None:
    head_of(archive, next_contact_on="2026-11-10", next_contact_why="send quote")
    add(archive, Plan, customer="c", step="Visit", due_on="2026-11-10")
    add(
        archive, Interaction, customer="c", at="2026-11-02T10:00", follow_up="call", follow_up_on="2026-11-10"
    )
    assert profile_head(archive, "c").warnings == [
        "Next contact: 2026-11-10 Tue · overdue · send quote",
        "Follow-up: overdue since 2026-11-10 Tue · call",
        "Task: overdue since 2026-11-10 Tue · Visit",
    ]
