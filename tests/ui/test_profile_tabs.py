"""The tabs of a customer's profile, at every size."""

import pytest
from driving import SIZES, SMITH, TINY, driven, fill, open_field, press, sampled, screen_text, settled, until

from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.ui.screens.field_edit import FieldScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.widgets.field_list import fact_rows
from archive.ui.widgets.tabs import TabLine


@pytest.mark.parametrize("size", sampled(SIZES + TINY, len(SIZES)))
async def test_a_profile_shows_the_name_at_every_size(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await press(pilot, *SMITH)
        assert "Marta Smith" in screen_text(pilot)
        for digit in "1234567":
            await press(pilot, digit)
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))


# Words that only one tab shows.
TABS = {
    "2": "1980-11-24",
    "3": "Position",
    "4": "Likes short calls.",
    "5": "Next contact",
    "6": "Quantity",
    "8": "70.00 EUR · 2 · rice",
    "1": "Account manager",
}


async def test_a_digit_shows_its_tab(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH)
        for digit, words in TABS.items():
            assert words not in screen_text(pilot)
            await press(pilot, digit)
            assert words in screen_text(pilot)


async def test_arrows_and_tab_cycle_through_the_tabs(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH)
        line = pilot.app.screen.query_one(TabLine)
        seen = []
        for key in ["right", "tab", "left", "shift+tab", "left", "right"]:
            await press(pilot, key)
            seen.append(line.chosen)
        assert seen == [1, 2, 1, 0, 7, 0]


def test_key_facts_use_as_many_columns_as_fit_without_cutting():
    short = [
        ("Now", "10:30 there", ""),
        ("Purchases", "9 orders", ""),
        ("Activity", "last order 9 days ago", ""),
    ]
    assert [len(fact_rows(short, width)) for width in (70, 78, 118, 158)] == [3, 2, 1, 1]
    long = [*short, ("Last order", "100 orders · 649.00 EUR in 12 months · 706.20 EUR in all", "")]
    for width in (78, 118, 158):
        assert any("706.20 EUR in all" in row.plain for row in fact_rows(long, width))
    assert len(fact_rows(long, 158)) == 2


async def test_all_tabs_are_in_view_at_80_columns(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH)
        line = next(line for line in screen_text(pilot).splitlines() if "1 Summary" in line)
        assert line.endswith("8 Timeline")


async def test_the_chosen_tab_is_in_view_on_a_narrow_screen(filled, settings):
    async with driven(filled, settings, (50, 20)) as pilot:
        await press(pilot, *SMITH, "8")
        assert "Timeline" in screen_text(pilot)


async def test_resizing_keeps_the_profile(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "2")
        await open_field(pilot, "salutation")
        for size in [(120, 40), (20, 5), (50, 20), (200, 60)]:
            await pilot.resize_terminal(*size)
            await settled(pilot)
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldScreen))


async def test_links_with_only_a_name_are_shown(path, settings):
    friend = Customer(kind="person", full_name="A Friend", referred_by=Ref(name="[b]Nobody[/b]"))
    fill(path, settings, [friend])
    async with driven(path, settings) as pilot:
        await press(pilot, "enter")
        assert "[b]Nobody[/b]" in screen_text(pilot)
