"""The number of keys for everyday tasks, besides the text that is typed."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from driving import (
    NOW,
    SMITH,
    app_of,
    driven,
    exported,
    fill,
    kept,
    people,
    press,
    screen_text,
    shown,
    table,
    title,
    until,
    write,
)
from textual.pilot import Pilot

from archive.model.dates import PartialDate
from archive.model.field_types.base import Ref
from archive.model.records.contract import Contract, Term
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.record import RecordScreen
from archive.ui.widgets.field_list import FieldList

Keys = Pilot[None]


class Typed(str):
    """Text that is typed; it is not counted."""


class Task(NamedTuple):
    """A task: how to get where it begins, the keys and texts that do it, and what is then true."""

    most: int
    steps: list[str]
    done: Callable[[Keys], object]
    begin: list[str] = []
    at: str = ""  # the field under the cursor at the beginning


CONTRACT = Contract(
    uid="a-1",
    number="A-1",
    customer=Ref(uid="c-smith"),
    start=NOW.date(),
    terms=(Term(key="1", requirement="Rice"), Term(key="2", requirement="Tea")),
)


def profile_of(name: str) -> Callable[[Keys], object]:
    return lambda pilot: isinstance(pilot.app.screen, ProfileScreen) and name in title(pilot)


def logged(pilot: Keys) -> object:
    contacts = app_of(pilot).archive.of_customer(Interaction, "c-smith")
    return contacts and contacts[0].follow_up == "send quote" and contacts[0].follow_up_on


TASKS = {
    "open a customer": Task(2, ["slash", Typed("marta"), "enter"], profile_of("Marta Smith")),
    "begin a new search": Task(
        1,
        ["slash", Typed("jos")],
        lambda pilot: shown(pilot) == ["José Rossi"],
        begin=["slash", Typed("marta"), "down"],
    ),
    "change a field": Task(
        2,
        ["enter", Typed("1981-12-24"), "enter"],
        lambda pilot: kept(pilot, Customer, "c-smith").birthday == PartialDate(1981, 12, 24),
        begin=[*SMITH, "2"],
        at="birthday",
    ),
    "log a call with a follow-up": Task(
        2, ["l", Typed("call, send quote +2w"), "enter"], logged, begin=SMITH
    ),
    "export the list": Task(1, ["x"], lambda pilot: exported(app_of(pilot).settings)),
    "go to any place": Task(2, ["ctrl+g", "n"], lambda pilot: pilot.app.current_mode == "contracts"),
    "record a delivery": Task(
        6,
        ["enter", "a", "enter", Typed("20 bags yesterday"), "enter"],
        lambda pilot: kept(pilot, Contract, "a-1").terms[0].deliveries,
        begin=["ctrl+g", "n"],
    ),
    "enter the hours of a week": Task(
        8,
        ["w", Typed("9-17"), "enter", "w", "enter"],
        lambda pilot: kept(pilot, Customer, "c-smith").windows,
        begin=SMITH,
    ),
    "link a person to an organisation": Task(
        4,
        ["3", "enter", Typed("glob"), "enter", "ctrl+s"],
        lambda pilot: (
            [p.organisation.uid for p in kept(pilot, Customer, "c-rossi").positions] == ["c-globex"]
        ),
        begin=["j", "enter"],
    ),
    "read what a task is about": Task(
        1, ["enter"], lambda pilot: isinstance(pilot.app.screen, RecordScreen), begin=["ctrl+g", "k"]
    ),
}


async def do(pilot: Keys, steps: list[str]) -> None:
    for step in steps:
        await (write(pilot, step) if isinstance(step, Typed) else press(pilot, step))


@pytest.mark.parametrize("name", TASKS)
async def test_a_task_takes_few_keys(path, settings, name):
    task = TASKS[name]
    assert sum(not isinstance(step, Typed) for step in task.steps) <= task.most
    fill(path, settings, [*people(), CONTRACT])
    async with driven(path, settings) as pilot:
        await do(pilot, task.begin)
        if task.at:
            fields = pilot.app.screen.query_one(FieldList)
            fields.highlighted = fields.get_option_index(task.at)
        if task.begin[:1] == ["ctrl+g"]:
            await until(pilot, lambda: len(table(pilot).ids) == 1)
        await do(pilot, task.steps)
        await until(pilot, lambda: task.done(pilot))


async def test_what_is_due_today_takes_no_key(filled, settings):
    async with driven(filled, settings._replace(start_place="today")) as pilot:
        await until(pilot, lambda: "2 due" in screen_text(pilot))
        assert "Marta Smith" in screen_text(pilot)
