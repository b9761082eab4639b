"""Measure how much memory each opening of a screen leaks, for every screen of the program."""

import asyncio
import gc
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import combinations
from statistics import median

from driving import PATIENCE, TURN, app_of, screen_text, until_quiet
from textual.events import Key
from textual.keys import _character_to_key, key_to_character
from textual.pilot import Pilot
from textual.screen import Screen
from ways import KNOWN, WAYS, Way

from archive.analysis.request import reports
from archive.model.field_types.lists import ListOf
from archive.model.fields import Field
from archive.model.records.customer import Customer
from archive.model.tables import TABLES
from archive.service.archive import Archive
from archive.service.drafts import Draft
from archive.ui.navigation import PLACES
from archive.ui.screens.dialogs import DecideScreen
from archive.ui.screens.drafts import offer_drafts
from archive.ui.screens.form import FormScreen
from archive.ui.screens.insights_dialog import InsightsScreen
from archive.ui.screens.part_form import PartScreen
from archive.ui.screens.report_questions import WhyScreen
from archive.ui.screens.report_records import OpenedScreen
from archive.ui.widgets.field_row import Surroundings

FIRST, LAST = 20, 50  # openings between which growth is measured; by the first, bounded caches are full
HOME = "customers"  # the start place in the settings of the tests
ALLOWED = 1000  # bytes per opening

Keys = Pilot[None]


@contextmanager
def traced() -> Iterator[None]:
    """Trace allocations. Begin before the program starts: objects replacing untraced ones count as growth."""
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


async def growth(pilot: Keys, way: Way, first: int = FIRST, last: int = LAST) -> float:
    """Return the bytes that each opening leaks: the slope of memory use from the first opening to the last."""
    used = []
    for opening in range(1, last + 1):
        await open_and_close(pilot, way)
        gc.collect()
        if opening >= first:
            used.append(tracemalloc.get_traced_memory()[0])
    return slope(used)


def slope(values: list[int]) -> float:
    """Return the median slope between all pairs of values (Theil-Sen), which ignores a cache that grows once."""
    return median(
        (later - earlier) / (at - since)
        for (since, earlier), (at, later) in combinations(enumerate(values), 2)
    )


async def open_and_close(pilot: Keys, way: Way) -> None:
    """Open a screen from the home place, and close everything until the home place is back."""
    app = app_of(pilot)
    place = app.screen
    await (way(pilot) if callable(way) else tap(pilot, *way))
    await wait(pilot, lambda: app.screen is not place and shows_all(app.screen))
    while len(app.screen_stack) > 1:
        await tap(pilot, "d" if isinstance(app.screen, DecideScreen) else "escape")
    if app.screen is not place:
        await tap(pilot, "ctrl+g", PLACES[HOME].letter)


def shows_all(screen: Screen) -> bool:
    """Whether a screen has finished its work and receives keys."""
    return screen.is_mounted and not getattr(screen, "is_working", False) and is_answered(screen)


def is_answered(screen: Screen) -> bool:
    """Whether a report shows its result; a slow report accepts keys before."""
    return not hasattr(screen, "declared") or screen.shown is not None


async def tap(pilot: Keys, *keys: str) -> None:
    """Press keys, and wait until each has taken effect.

    Unlike `driving.press` this does not use the pilot, because each of its pauses leaves a timer in the event loop
    for 30 seconds, which would be measured.
    """
    for key in keys:
        name = _character_to_key(key) if len(key) == 1 else key
        pilot.app.post_message(Key(name, key if len(key) == 1 else key_to_character(name)))
        await until_quiet(pilot)
        await wait(pilot, lambda: pilot.app.screen.is_mounted)


async def wait(pilot: Keys, condition: Callable[[], object]) -> None:
    """Run the program until the condition is true."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, screen_text(pilot)
        await asyncio.sleep(TURN)
    await until_quiet(pilot)


# The way to every screen. Places, reports, tables and list fields come from their registries, so new ones are
# measured automatically. The ways of the footer tests cover every class of screens.


def part_lists() -> dict[str, Field]:
    """Return the list fields of all tables whose entries have a form, by table and key."""
    return {
        f"{name} {key}": field
        for name, table in TABLES.items()
        for key, field in table.FIELDS.items()
        if isinstance(field.type, ListOf)
    }


def shown(make: Callable[[Archive], Screen]) -> Way:
    """Return the way to a screen that is created with the open archive and pushed."""

    async def show(pilot: Keys) -> None:
        await pilot.app.push_screen(make(app_of(pilot).archive))
        await until_quiet(pilot)

    return show


def new_record(table: str) -> Way:
    """Return the way to the empty form of a table."""
    return shown(lambda _archive: FormScreen(table))


def new_part(field: Field) -> Way:
    """Return the way to the empty form of a list entry."""
    return shown(lambda archive: PartScreen(field.type, None, Surroundings(lambda: archive.ctx, PartScreen)))


async def changed_form(pilot: Keys) -> None:
    """Open the question whether to save a changed form."""
    await tap(pilot, "n", "x", "escape")


async def offered_draft(pilot: Keys) -> None:
    """Open the question whether to resume a draft."""
    draft = Draft("customers", "", "", "Customers: new", "2026-11-20T10:00", {"full_name": "Ada"})
    offer_drafts(pilot.app.screen, [draft])
    await until_quiet(pilot)


WITHOUT_PILOT: dict[str, Way] = {
    "address": new_part(Customer.FIELDS["addresses"]),
    "why": shown(lambda _archive: WhyScreen("Revenue", "There is none.")),
    "records": shown(lambda archive: OpenedScreen("customers", archive.uids("customers"), "Revenue")),
    "known": shown(lambda _archive: InsightsScreen([KNOWN] * 5)),
}


def openings() -> dict[str, Way]:
    """Return the ways from the home place to every screen and dialog."""
    analysis, imports = ["ctrl+g", PLACES["analysis"].letter], ["ctrl+g", PLACES["import"].letter]
    report = [*analysis, "enter"]
    return {
        **{f"place: {name}": ["ctrl+g", place.letter] for name, place in PLACES.items() if name != HOME},
        **{f"report: {name}": [*analysis, found.declared.letter] for name, found in reports().items()},
        **{f"new record: {table}": new_record(table) for table in TABLES},
        **{f"part: {name}": new_part(field) for name, field in part_lists().items()},
        **{name: way for name, (_screen, way) in WAYS.items()},
        **WITHOUT_PILOT,
        "palette": ["ctrl+p"],
        "palette, searched": ["ctrl+p", "n", "e", "w"],
        "everything, searched": ["ctrl+f", "a", "n", "n"],
        "sort": ["s"],
        "views": ["v"],
        "view, saved": ["v", "enter"],
        "add": ["enter", "a"],
        "report, another period": [*report, "p", "p"],
        "report, by a field": [*report, "b"],
        "report, options": [*report, "o"],
        "report, as of a day": [*report, "o", "a"],
        "report, over days": [*report, "o", "d"],
        "report, export to": [*report, "X"],
        "file by its path": [*imports, "p"],
        "week, channel": ["enter", "w", "c"],
        "week, place": ["enter", "w", "p"],
        "form, changed": changed_form,
        "draft": offered_draft,
    }
