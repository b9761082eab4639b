"""The ways to each screen of the program by keys, in an archive with one customer who has only a name."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Iterator

from driving import app_of, press, settled, table, until
from textual.pilot import Pilot
from textual.screen import Screen

import archive.ui.screens
from archive.analysis.about import Insight
from archive.analysis.request import reports
from archive.model.field_types.links import Links
from archive.model.records.customer import Customer
from archive.model.records.plan import Plan
from archive.ui.commands import HasCommands
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.bulk_preview import BulkPreviewScreen
from archive.ui.screens.bulk_value import BulkValueScreen
from archive.ui.screens.columns_dialog import ColumnsScreen
from archive.ui.screens.customers import CustomerPlace
from archive.ui.screens.dialogs import LineScreen, PickManyScreen, PickScreen, Question
from archive.ui.screens.exporting import ExportScreen
from archive.ui.screens.field_edit import FieldScreen
from archive.ui.screens.file_pick import FilePick
from archive.ui.screens.first_start import FirstStartScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.help import HelpScreen
from archive.ui.screens.insights_dialog import InsightsScreen
from archive.ui.screens.keys_screen import KeyLine, KeysScreen, PressScreen
from archive.ui.screens.list_place import ListPlace
from archive.ui.screens.members import MembersScreen
from archive.ui.screens.one_line import OneLineScreen
from archive.ui.screens.palette import PaletteScreen
from archive.ui.screens.part_form import PartScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.profile_commands import TabScreen
from archive.ui.screens.profile_tabs import TABS
from archive.ui.screens.query_screen import QueryScreen
from archive.ui.screens.record import RecordScreen
from archive.ui.screens.report import ReportScreen
from archive.ui.screens.report_questions import WhyScreen
from archive.ui.screens.report_records import OpenedScreen
from archive.ui.screens.search_everything import EverythingScreen
from archive.ui.screens.setting_edit import SettingScreen, ThemeScreen
from archive.ui.screens.sort_dialog import SortScreen
from archive.ui.screens.table_screen import TablePlace
from archive.ui.screens.week import WeekScreen
from archive.ui.widgets.field_row import Surroundings

BASES = {
    PickManyScreen,
    ArchiveScreen,
    Question,
    TablePlace,
    ListPlace,
    CustomerPlace,
    QueryScreen,
    TabScreen,
}
KNOWN = Insight("Share", "none", "", "Nothing was bought.", next(iter(reports())))

Way = list[str] | Callable[[Pilot[None]], Awaitable[None]]


def pushed(make: Callable[[], Screen]) -> Way:
    """Return the way to a screen that no key opens in an almost empty archive."""

    async def show(pilot: Pilot[None]) -> None:
        await pilot.app.push_screen(make())
        await settled(pilot)

    return show


async def open_address(pilot: Pilot[None]) -> None:
    """Open the form of an address."""
    surroundings = Surroundings(lambda: app_of(pilot).archive.ctx, PartScreen)
    await pilot.app.push_screen(PartScreen(Customer.FIELDS["addresses"].type, None, surroundings))


async def open_task(pilot: Pilot[None]) -> None:
    """Open the read view of a task."""
    archive = app_of(pilot).archive
    if not archive.count("plans"):
        archive.save(Plan(uid="call", step="Call about the samples"))
    await pilot.app.push_screen(RecordScreen("plans", next(iter(archive.uids("plans"))), []))
    await settled(pilot)


KEY = KeyLine("browser.new", "Tables", "New", "Add a record.", "n", "n")

# Each screen class and the way to it from the place Customers.
WAYS: dict[str, tuple[type[Screen], Way]] = {
    "read": (RecordScreen, open_task),
    "help": (HelpScreen, ["question_mark"]),
    "commands": (PaletteScreen, ["colon"]),
    "everything": (EverythingScreen, ["ctrl+f"]),
    "go to": (PickScreen, ["ctrl+g"]),
    "columns": (ColumnsScreen, ["c"]),
    "sort by": (SortScreen, ["s"]),
    "export to": (ExportScreen, ["X"]),
    "change many": (BulkValueScreen, ["m", "t"]),
    "preview": (BulkPreviewScreen, ["m", "t", "x", "enter"]),
    "members": (MembersScreen, pushed(lambda: MembersScreen(Links("customers"), ""))),
    "new": (FormScreen, ["n"]),
    "contact": (OneLineScreen, ["l"]),
    "purchase": (OneLineScreen, ["b"]),
    "edit": (FormScreen, ["e"]),
    **{f"tab {n + 1}": (ProfileScreen, ["enter", str(n + 1)]) for n in range(len(TABS))},
    "field": (FieldScreen, ["enter", "enter"]),
    "week": (WeekScreen, ["enter", "w"]),
    "address": (PartScreen, open_address),
    "report": (ReportScreen, ["ctrl+g", "a", "enter"]),
    "files": (FilePick, ["ctrl+g", "i", "f"]),
    "path": (LineScreen, ["ctrl+g", "i", "p"]),
    "why": (WhyScreen, pushed(lambda: WhyScreen("Revenue", "There is none."))),
    "records": (OpenedScreen, pushed(lambda: OpenedScreen("customers", [], "Nobody"))),
    "known": (InsightsScreen, pushed(lambda: InsightsScreen([KNOWN]))),
    "setting": (SettingScreen, ["f9", "enter"]),
    "theme": (ThemeScreen, pushed(lambda: ThemeScreen(["textual-dark"], "textual-dark"))),
    "keys": (KeysScreen, pushed(KeysScreen)),
    "new key": (PressScreen, pushed(lambda: PressScreen(KEY))),
    "first start": (FirstStartScreen, pushed(FirstStartScreen)),
}


def screens() -> Iterator[type[Screen]]:
    """Yield every screen of the program that has commands."""
    for module in pkgutil.iter_modules(archive.ui.screens.__path__):
        for value in vars(importlib.import_module(f"archive.ui.screens.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Screen) and issubclass(value, HasCommands):
                yield value


async def back(pilot) -> None:
    """Close all screens above the current place, and focus its table."""
    while len(pilot.app.screen_stack) > 1:
        await pilot.app.pop_screen()
    await settled(pilot)
    pilot.app.screen.set_focus(table(pilot))
    pilot.app.clear_notifications()
    await settled(pilot)


async def ready(pilot) -> None:
    await settled(pilot)
    await until(pilot, lambda: not getattr(pilot.app.screen, "is_working", False))
    await until(pilot, lambda: pilot.app.focused or isinstance(pilot.app.screen, HelpScreen | PressScreen))
    await pilot.pause()


async def go(pilot, way: Way) -> None:
    await (press(pilot, *way) if isinstance(way, list) else way(pilot))


async def come(pilot, way: Way) -> None:
    await go(pilot, way)
    await ready(pilot)
