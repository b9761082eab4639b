"""Every dialog keeps its title, its keys, the cursor and the typed text while the terminal changes its size."""

from pathlib import Path

import pytest
from driving import app_of, driven, press, screen_text, settled
from textual.widgets import Input

from archive.analysis.about import Insight
from archive.model.records.customer import Customer
from archive.service.sheets import Sheet
from archive.ui.screens.dialogs import DecideScreen, LineScreen, PickManyScreen, PickScreen
from archive.ui.screens.exporting import ExportScreen
from archive.ui.screens.field_edit import FieldScreen
from archive.ui.screens.file_pick import FilePick
from archive.ui.screens.find import FindScreen
from archive.ui.screens.insights_dialog import InsightsScreen
from archive.ui.screens.one_line import OneLineScreen
from archive.ui.screens.part_form import PartScreen
from archive.ui.screens.report_questions import WhyScreen
from archive.ui.screens.week import WeekScreen
from archive.ui.widgets.field_row import Surroundings
from archive.ui.widgets.frame import KeyBar


class PickSeveral(PickManyScreen[list[str]]):
    """A dialog whose result is the chosen names."""

    def answer(self) -> list[str]:
        return self.keys


LARGE, SMALL = (120, 40), (40, 10)
NAMES = [
    (str(n), f"{n} International Association of Invented Wholesale Grocers and Bakers") for n in range(30)
]
PROSE = "A sentence that explains a figure with its numbers. " * 8


def part_screen() -> PartScreen:
    around = Surroundings(lambda: None, PartScreen)
    return PartScreen(Customer.FIELDS["addresses"].type, None, around)


DIALOGS = {
    "pick": lambda: PickScreen("Choose a name", NAMES),
    "pick several": lambda: PickSeveral("Choose names", NAMES, ["1"]),
    "line": lambda: LineScreen("View name", "", "such as Bonn"),
    "decide": lambda: DecideScreen(PROSE[:90], {"s": "Save", "d": "Discard", "escape": "Keep editing"}),
    "find": lambda: FindScreen("Choose a field", NAMES),
    "why": lambda: WhyScreen("Revenue", PROSE),
    "insights": lambda: InsightsScreen([Insight("rhythm", "Activity", PROSE, PROSE, "risk")]),
    "week": lambda: WeekScreen("Best hours", ()),
    "activity": lambda: OneLineScreen("contact", "c-smith"),
    "export": lambda: ExportScreen(Sheet("customers", "customers", [], [], lambda _id: None, [], [], 0)),
    "files": lambda: FilePick(Path("/")),
    "part": part_screen,
    "field": lambda: FieldScreen("c-smith", Customer.FIELDS["full_name"], 8),
    "list": lambda: FieldScreen("c-smith", Customer.FIELDS["phones"], 30),
    "text": lambda: FieldScreen("c-smith", Customer.FIELDS["background"], 30),
}


def check(pilot) -> None:
    """Check that the title, the keys and the cursor of the dialog are on the screen."""
    screen = pilot.app.screen
    title = screen.query_one("#title")
    assert title.display is False or title.region.height >= 1
    keybar = screen.query_one(KeyBar)
    assert keybar.display is False or (
        keybar.region.height == 1 and screen.region.contains_region(keybar.region)
    ), screen_text(pilot)
    cursor = screen.focused
    if cursor:
        line = cursor.region.intersection(screen.query_one("#box").region)
        assert line.height >= 1, screen_text(pilot)
        assert screen.region.overlaps(line), screen_text(pilot)


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_dialog_survives_a_changed_size(filled, settings, name):
    async with driven(filled, settings, LARGE) as pilot:
        app_of(pilot).push_screen(DIALOGS[name]())
        await settled(pilot)
        cursor = pilot.app.focused
        if isinstance(cursor, Input):
            await press(pilot, *"ab")
            text = cursor.value
        for size in (SMALL, (300, 80), LARGE):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            check(pilot)
            assert pilot.app.focused is cursor
        if isinstance(cursor, Input):
            assert cursor.value == text


@pytest.mark.parametrize("name", ["pick", "pick several", "find"])
async def test_a_list_is_as_wide_as_its_longest_line_and_wraps_on_a_narrow_screen(filled, settings, name):
    async with driven(filled, settings, (200, 50)) as pilot:
        app_of(pilot).push_screen(DIALOGS[name]())
        await settled(pilot)
        assert NAMES[12][1] in screen_text(pilot)
        await pilot.resize_terminal(*SMALL)
        await settled(pilot)
        words = screen_text(pilot).split()
        assert set(NAMES[0][1].split()) <= set(words)
