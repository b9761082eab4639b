"""Drive the program by keyboard: start it, press keys, wait for results, read the screen."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from strategies import NOW
from textual.events import Key
from textual.keys import _character_to_key, key_to_character
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Input

from archive.model.contact_details import Email, Phone, Position
from archive.model.dates import PartialDate
from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.settings import Settings
from archive.ui.app import ArchiveApp
from archive.ui.widgets.field_list import FieldList
from archive.ui.widgets.field_row import FieldRow
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar
from archive.ui.widgets.table import RecordTable

SIZES = [(80, 24), (120, 40), (50, 20)]
TINY = [(40, 10), (20, 5)]
PATIENCE = 30.0  # seconds until a test gives up
TURN = 0.002  # seconds to let threads work
QUIET_TURNS = 3  # consecutive quiet turns of the event loop, as a message may be between two queues

# Texts that could break a terminal program, hidden in names that customers could have.
NASTY = [
    "Smith [VIP]",
    "[/b]",
    "O'Neil [10%]",
    "[@click=app.quit()]x[/]",
    "a\\",
    "日本 [red",
    "\x1b[2J",
    "\x1b]52;c;eA==\x07",
    "\x9b2J",
    "\u202etxt",
    "x" * 10_000,
    "👨\u200d👩\u200d👧\u200d👦",
]

# The names of the customers of `people`, sorted.
NAMES = ["Globex Foods", "José Rossi", "Marta Smith", "王建国"]
SMITH = ["j", "j", "enter"]  # from the list of customers to the profile of Marta Smith

Keys = Pilot[None]


def sampled(values: Iterable[Any], first: int = 1) -> list[Any]:
    """Mark all cases but the first ones as long, so that they run only with `make screens`."""
    return [value if n < first else _rare(value) for n, value in enumerate(values)]


def _rare(value: Any) -> Any:
    is_size = isinstance(value, tuple) and all(isinstance(one, int) for one in value)
    several = value if isinstance(value, tuple) and not is_size else (value,)
    return pytest.param(*several, marks=pytest.mark.long)


Found = TypeVar("Found")


def people() -> list[Customer | Transaction | Interaction | Product]:
    """Return invented customers, with transactions and activities of the first two."""
    smith = Customer(
        uid="c-smith",
        kind="person",
        full_name="Marta Smith",
        status="active",
        tags=("vip",),
        phones=(Phone(value="+49 228 5550 147", label="work"),),
        emails=(Email(value="marta@globex.example"),),
        positions=(Position(organisation=Ref(uid="c-globex"), title="buyer"),),
        birthday=PartialDate(1980, 11, 24),
        background="Met at the fair.\nLikes short calls.",
        next_contact_on=NOW.date(),
        next_contact_why="new prices",
        extra={"Old system no.": "77"},
    )
    wang = Customer(uid="c-wang", kind="person", full_name="王建国", status="prospect", currency="CNY")
    rossi = Customer(uid="c-rossi", kind="person", full_name="José Rossi", status="lost", grade="B")
    globex = Customer(uid="c-globex", kind="organisation", full_name="Globex Foods", industry="food")
    order = Transaction(
        uid="t-1",
        customer=Ref(uid="c-smith"),
        on=NOW.date(),
        type="order",
        product=Ref(name="rice"),
        quantity=2,
        amount=70,
        currency="EUR",
    )
    call = Interaction(
        uid="i-1",
        customer=Ref(uid="c-wang"),
        at=NOW.replace(day=12),
        channel="phone",
        summary="talked about prices",
        follow_up_on=NOW.date().replace(day=18),
        follow_up="send quote",
    )
    rice = Product(uid="p-1", code="RICE", name="Rice", unit="bag", usual_price=35, currency="EUR")
    return [globex, smith, wang, rossi, order, call, rice]


def fill(path: Path, settings: Settings, records: Iterable[Any]) -> Path:
    """Create an archive with these records."""
    archive = Archive.open(path, settings, create=True, clock=lambda: NOW)
    archive.save(*records)
    archive.close()
    return path


@asynccontextmanager
async def driven(
    path: Path, settings: Settings, size: tuple[int, int] = (80, 24), **more: Any
) -> AsyncIterator[Keys]:
    """Run the program, and wait until its archive is open and shown."""
    app = ArchiveApp(path, settings, clock=lambda: NOW, **more)
    app.animation_level = "none"  # animations would only slow the tests down
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: app.is_open)
        await settled(pilot)
        yield pilot


def app_of(pilot: Keys) -> ArchiveApp:
    assert isinstance(pilot.app, ArchiveApp)
    return pilot.app


async def until(pilot: Keys, condition: Callable[[], Found]) -> Found:
    """Run the program until the condition is true, and return its value."""
    end = time.monotonic() + PATIENCE
    delay = 0.0
    while time.monotonic() < end:
        await pilot.pause(delay)
        if found := condition():
            return found
        if pilot.app._exception:  # raised when the program is closed
            break
        delay = TURN
    raise AssertionError(f"never: {inspect.getsource(condition).strip()}\n{screen_text(pilot)}")


async def settled(pilot: Keys) -> None:
    """Run the program until it has nothing left to do, even after drawing the last change."""
    await until_quiet(pilot)
    await until(pilot, lambda: is_quiet(pilot))


async def until_quiet(pilot: Keys) -> None:
    """Run the program until no message is pending, without visiting every widget as `pilot.pause` does."""
    end = time.monotonic() + PATIENCE
    turns = 0
    while turns < QUIET_TURNS and time.monotonic() < end:
        await asyncio.sleep(0 if app_of(pilot).typed.is_idle else TURN)
        turns = turns + 1 if is_quiet(pilot) else 0


def is_quiet(pilot: Keys) -> bool:
    """Whether the program has no pending key, message or worker."""
    app = app_of(pilot)
    if app.return_code is not None or app._exception:
        return True
    return (
        app.typed.is_idle
        and all(worker.is_finished for worker in app.workers)
        and not any(pump.message_queue_size for pump in [app, *app.screen.walk_children(with_self=True)])
    )


async def press(pilot: Keys, *keys: str) -> None:
    """Press keys by name, and wait until the program has handled each of them.

    `pilot.press` waits for an idle processor instead, which takes longer.
    """
    for key in keys:
        name = _character_to_key(key) if len(key) == 1 else key
        screen = pilot.app.screen
        pilot.app.post_message(Key(name, key if len(key) == 1 else key_to_character(name)))
        await until_quiet(pilot)
        if pilot.app.screen is not screen:
            await settled(pilot)
    await settled(pilot)


async def write(pilot: Keys, text: str) -> None:
    """Type a text, character by character."""
    await press(pilot, *text)


async def fresh(pilot: Keys, text: str) -> None:
    """Replace the text of the focused line."""
    await press(pilot, "end", "ctrl+u")
    await write(pilot, text)


def strips(pilot: Keys) -> list[Strip]:
    """Return the lines of the screen as sent to the terminal."""
    app = pilot.app
    return list(app.screen._compositor.render_strips(app.size))


def screen_text(pilot: Keys) -> str:
    """Return the text of the screen."""
    return "\n".join(strip.text.rstrip() for strip in strips(pilot))


def raw_controls(pilot: Keys) -> list[str]:
    """Return the lines of the screen with characters that would control the terminal."""
    steering = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *"\u202a\u202b\u202c\u202d\u202e"}
    return [text for strip in strips(pilot) for text in [strip.text] if steering & set(text)]


def widths(pilot: Keys) -> set[int]:
    """Return the widths of the lines of the screen, in cells."""
    return {strip.cell_length for strip in strips(pilot)}


def focused(pilot: Keys) -> Input:
    """Return the focused input line."""
    line = pilot.app.focused
    assert isinstance(line, Input), line
    return line


def table(pilot: Keys) -> RecordTable:
    """Return the visible table of the top screen."""
    return next(found for found in pilot.app.screen.query(RecordTable) if found.display)


def shown(pilot: Keys) -> list[str]:
    """Return the first cell of every row, usually the name."""
    found = table(pilot)
    return [next(iter(cells.values())) for cells in found.painter.rows.fetch(list(found.ids))]


def status(pilot: Keys) -> str:
    """Return the text of the status line."""
    line = pilot.app.screen.query_one(StatusLine)
    return line.working or line.message


def title(pilot: Keys) -> str:
    """Return the text of the title bar, left and right."""
    bar = pilot.app.screen.query_one(TitleBar)
    return str(bar.render())


def keys(pilot: Keys) -> dict[str, str]:
    """Return the keys of the footer and their labels."""
    return dict(pilot.app.screen.query_one(KeyBar)._keys())


def field(pilot: Keys, key: str) -> FieldRow:
    """Return a field of the top form."""
    return next(row for row in pilot.app.screen.query(FieldRow) if row.field.key == key)


async def enter_field(pilot: Keys, key: str) -> None:
    """Focus a field of the form directly; another test checks that tab reaches every field."""
    field(pilot, key).enter()
    await settled(pilot)


async def open_field(pilot: Keys, key: str) -> None:
    """Move to a field of the current tab, even if it is empty, and press enter on it."""
    await to_field(pilot, key)
    await press(pilot, "enter")


async def to_field(pilot: Keys, key: str) -> None:
    """Move to a field of the current tab, even if it is empty."""
    fields = pilot.app.screen.query_one(FieldList)
    if key not in [option.id for option in fields.options]:
        await press(pilot, "f")
    await press(pilot, "g")
    for _step in range(fields.option_count):
        if fields.highlighted_id == key:
            break
        await press(pilot, "down")
    assert fields.highlighted_id == key


def kept(pilot: Keys, cls: type[Any], uid: str) -> Any:
    """Return a record from the open archive."""
    return app_of(pilot).archive.get(cls, uid)


def named(pilot: Keys, name: str) -> Customer:
    """Return the customer with this name."""
    return app_of(pilot).archive.find(Customer, name)


def exported(settings: Settings) -> list[Path]:
    """Return the files in the export folder."""
    return sorted(Path(settings.export_folder).iterdir())
