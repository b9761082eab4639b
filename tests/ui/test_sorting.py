"""Sorting lists by one column, and by several in turn."""

import pytest
from driving import app_of, driven, fill, press, screen_text, table, until

from archive.model.records.customer import Customer
from archive.ui.screens.sort_dialog import SortScreen

PEOPLE = [
    ("Ann", "active", "B"),
    ("Bo", "lost", "A"),
    ("Cy", "active", "A"),
    ("Di", "lost", "B"),
    ("Ed", "", "A"),
]


@pytest.fixture
def graded(path, settings):
    return fill(
        path,
        settings,
        [
            Customer(kind="person", full_name=name, status=status, grade=grade)
            for name, status, grade in PEOPLE
        ],
    )


def names(pilot) -> str:
    archive = app_of(pilot).archive
    return " ".join(archive.name("customers", uid) for uid in table(pilot).ids)


async def choose(pilot, title: str) -> None:
    """Move the cursor of the dialog to a column."""
    dialog = pilot.app.screen
    assert isinstance(dialog, SortScreen)
    titles = [shown for _key, shown in dialog._columns]
    await press(pilot, "home", *["down"] * titles.index(title))


async def collect(pilot) -> None:
    """Collect status, and name in falling order."""
    await press(pilot, "s")
    await choose(pilot, "Status")
    await press(pilot, "space")
    await choose(pilot, "Full name")
    await press(pilot, "space", "space")


async def test_enter_sorts_by_the_column_and_again_reverses(graded, settings):
    async with driven(graded, settings) as pilot:
        await press(pilot, "s")
        await choose(pilot, "Full name")
        await press(pilot, "enter")
        await until(pilot, lambda: names(pilot) == "Ann Bo Cy Di Ed")
        assert "Full name ▲ " in screen_text(pilot)
        await press(pilot, "s", "enter")
        await until(pilot, lambda: names(pilot) == "Ed Di Cy Bo Ann")
        await press(pilot, "s", "end", "enter")
        await until(pilot, lambda: names(pilot) == "Ann Bo Cy Di Ed")


async def test_space_collects_columns_that_are_sorted_in_turn(graded, settings):
    async with driven(graded, settings) as pilot:
        await collect(pilot)
        assert "▲1  Status" in screen_text(pilot)
        assert "▼2  Full name" in screen_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: names(pilot) == "Cy Ann Di Bo Ed")  # without a status: last
        assert "Fullname▼2" in screen_text(pilot).replace(" ", "")
        assert "Status▲1" in screen_text(pilot).replace(" ", "")
        await press(pilot, "s")
        await choose(pilot, "Full name")
        await press(pilot, "space", "enter")  # a third time takes it out again
        await until(pilot, lambda: names(pilot) == "Ann Cy Bo Di Ed")


async def test_escape_leaves_the_order_as_it_was(graded, settings):
    async with driven(graded, settings) as pilot:
        await press(pilot, "s")
        await choose(pilot, "Status")
        await press(pilot, "space", "escape")
        assert names(pilot) == "Ann Bo Cy Di Ed"
        assert "▲" not in screen_text(pilot)


async def test_a_view_keeps_all_its_sort_keys(graded, settings):
    async with driven(graded, settings) as pilot:
        await collect(pilot)
        await press(pilot, "enter", "v", "enter", *"order", "enter")
        await press(pilot, "s", "end", "enter")
        await until(pilot, lambda: names(pilot) == "Ann Bo Cy Di Ed")
        await press(pilot, "v", "home", "enter")
        await until(pilot, lambda: names(pilot) == "Cy Ann Di Bo Ed")


async def test_only_sort_columns_that_are_not_shown_are_named_beside_the_count(graded, settings):
    async with driven(graded, settings) as pilot:
        await press(pilot, "s")
        await choose(pilot, "Status")
        await press(pilot, "enter")
        await until(pilot, lambda: names(pilot).startswith("Ann Cy"))
        assert "sorted by" not in screen_text(pilot)
        await press(pilot, "c")
        await press(pilot, "home", "down", "down", "down", "space", "ctrl+s")  # hides the status
        await until(pilot, lambda: "sorted by Status ▲" in screen_text(pilot))
