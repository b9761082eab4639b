"""A new field is one line in the model: form, table, search, import and export pick it up."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from strategies import NOW, TODAY
from textual.pilot import Pilot

from archive.cli import run
from archive.exchange.format import WriteOptions
from archive.model.field_types import standard as kinds
from archive.model.field_types.base import Ref
from archive.model.fields import Record, field, record
from archive.model.records.customer import Customer
from archive.model.tables import TABLES
from archive.service.archive import Archive
from archive.service.exporting import export_table
from archive.service.importing import ImportOptions, apply, look, read_plan
from archive.service.listing import Listing
from archive.service.profile import sections
from archive.settings import Settings
from archive.ui.app import ArchiveApp
from archive.ui.screens.form import FormScreen
from archive.ui.widgets.field_row import FieldRow

KEY = "shoe_size"
SIZE = Decimal("38.5")
PATIENCE = 60  # seconds, allowing for a busy machine
every_table = pytest.mark.parametrize("table", TABLES)


def add_line(cls: type[Record]) -> None:
    """Add `shoe_size: Decimal | None = field(...)` to a class."""
    setattr(cls, KEY, field(kinds.QUANTITY, "Shoe size", group=cls.GROUPS[0], aliases=("shoe",)))
    record(cls)
    _clear_caches()


def remove_line(cls: type[Record], before: dict[str, Any]) -> None:
    for name, value in dict(vars(cls)).items():
        if name not in before:
            delattr(cls, name)
        elif value is not before[name]:
            setattr(cls, name, before[name])
    _clear_caches()


def _clear_caches() -> None:
    ours = [module for name, module in sys.modules.items() if name.startswith("archive.")]
    for found in {id(thing): thing for module in ours for thing in vars(module).values()}.values():
        if hasattr(found, "cache_clear"):
            found.cache_clear()


@pytest.fixture
def lines() -> Iterator[Callable[..., None]]:
    """Return a function that adds the line to the classes of some tables until the test ends."""
    before: dict[type[Record], dict[str, Any]] = {}

    def write(*tables: str) -> None:
        for table in tables:
            before.setdefault(TABLES[table], dict(vars(TABLES[table])))
            add_line(TABLES[table])

    yield write
    for cls, found in before.items():
        remove_line(cls, found)


def sample(kind: Any, customer: str) -> Any:
    """Return a value for a required field."""
    if isinstance(kind, kinds.Link):
        return Ref(uid=customer)
    if isinstance(kind, kinds.Choice):
        return next(iter(kind.options))
    if isinstance(kind, kinds.Day):
        return TODAY
    return NOW if isinstance(kind, kinds.Moment) else "Rice"


def fill(archive: Archive) -> dict[str, str]:
    """Save a record with only the required fields in every table; return their uids by table."""
    archive.save(Customer(uid="c" * 16, kind="person", full_name="Ann"))
    uids = {"customers": "c" * 16}
    for number, (table, cls) in enumerate(TABLES.items()):
        if table != "customers":
            needed = {key: sample(f.type, "c" * 16) for key, f in cls.FIELDS.items() if f.required}
            uids[table] = f"{number:016d}"
            archive.save(cls(uid=uids[table], **needed))
    return uids


def csv_of(archive: Archive, table: str, headers: str = "en") -> bytes:
    return b"".join(export_table(archive, table, headers=headers).pieces(WriteOptions()))


def test_without_the_line_the_field_does_not_exist(archive: Archive) -> None:
    fill(archive)
    for table, cls in TABLES.items():
        assert KEY not in cls.FIELDS
        assert KEY not in export_table(archive, table).header


@every_table
def test_an_older_archive_opens_and_stores_the_field(
    archive: Archive, path: Path, settings: Settings, lines: Callable[..., None], table: str
) -> None:
    uid = fill(archive)[table]
    archive.close()
    lines(table)
    again = Archive.open(path, settings, clock=lambda: NOW)
    assert getattr(again.get(TABLES[table], uid), KEY) is None
    again.edit(table, uid, **{KEY: SIZE})
    again.close()
    (row,) = json.loads(path.read_bytes())[table].values()
    assert row[KEY] == "38.5"


@every_table
def test_it_can_be_searched_filtered_and_shown_as_a_column(
    archive: Archive, lines: Callable[..., None], table: str
) -> None:
    lines(table)
    uid = fill(archive)[table]
    assert archive.select(table, f"has:{KEY}") == []
    archive.edit(table, uid, **{KEY: SIZE})
    for query in (f"{KEY}:38.5", "shoe:>38", "has:shoe -shoe:>=39"):
        assert list(archive.select(table, query)) == [uid]
    listing = Listing(archive, table, [KEY])
    assert [(column.title, column.right) for column in listing.columns] == [("Shoe size", True)]
    assert (listing.texts([uid]), listing.plain([uid])) == ([{KEY: "38.5"}], [["38.5"]])


@every_table
@pytest.mark.parametrize("headers", ["en", "zh"])
def test_it_is_exported_as_a_column_and_imported_again(
    archive: Archive, tmp_path: Path, settings: Settings, lines: Callable[..., None], table: str, headers: str
) -> None:
    lines(table)
    uid = fill(archive)[table]
    archive.edit(table, uid, **{KEY: SIZE})
    data = csv_of(archive, table, headers)
    column = next(found for found in look(data, ImportOptions(table=table)).columns if found.header == KEY)
    assert (column.path, column.samples) == (KEY, ["38.5"])
    elsewhere = Archive.open(tmp_path / "elsewhere.json", settings, create=True, clock=lambda: NOW)
    for other in ("customers", table):
        apply(elsewhere, read_plan(elsewhere, csv_of(archive, other, headers), ImportOptions(table=other)))
    assert getattr(elsewhere.get(TABLES[table], uid), KEY) == SIZE
    assert csv_of(elsewhere, table, headers) == data
    elsewhere.close()


@every_table
@pytest.mark.parametrize("header", [KEY, "Shoe size", "SHOE-SIZE", "shoe"])
def test_an_import_recognises_it_by_label_or_alias(
    lines: Callable[..., None], table: str, header: str
) -> None:
    lines(table)
    found = look(f"{header},x\n38,y\n".encode(), ImportOptions(table=table))
    assert found.columns[0].path == KEY


def test_an_invalid_value_is_refused(archive: Archive, lines: Callable[..., None]) -> None:
    lines("customers")
    plan = read_plan(archive, b"Name,Shoe size\nAnn,large\n")
    assert [(issue.column, issue.code) for issue in plan.warnings] == [("Shoe size", "odd-value")]


def test_the_command_line_knows_it(
    path: Path, lines: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    lines("customers")
    words = ["--archive", str(path)]
    assert run([*words, "add", "customers", "kind=person", "full_name=Ann", f"{KEY}=38.5"]) == 0
    assert run([*words, "fields", "customers"]) == 0
    described = next(line for line in capsys.readouterr().out.splitlines() if line.startswith(KEY))
    assert described.split("  ", 1)[1].split() == ["Shoe", "size", "quantity", "shoe"]
    assert run([*words, "list", "shoe:38.5", "--columns", f"full_name,{KEY}", "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines() == [f"full_name,{KEY}", "Ann,38.5"]
    assert run([*words, "show", "C-00001", "--format", "json"]) == 0
    assert '"shoe_size": "38.5"' in capsys.readouterr().out


def test_it_is_shown_in_the_profile_of_a_customer(archive: Archive, lines: Callable[..., None]) -> None:
    lines("customers")
    uid = fill(archive)["customers"]
    archive.edit("customers", uid, **{KEY: SIZE})
    shown = [tuple(row) for section in sections(archive, archive.get(Customer, uid)) for row in section.rows]
    assert (KEY, "Shoe size", "38.5") in shown


async def until(pilot: Pilot[None], condition: Callable[[], Any]) -> None:
    """Run the program until the condition is true."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "never"
        await pilot.pause()


async def test_the_form_has_a_field_for_it_and_saves_its_value(
    archive: Archive, path: Path, settings: Settings, lines: Callable[..., None]
) -> None:
    lines("customers", "transactions")
    uids = fill(archive)
    archive.close()
    app = ArchiveApp(path, settings, clock=lambda: NOW)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.is_open)
        for table in ("customers", "transactions"):
            uid = uids[table]
            await app.push_screen(form := FormScreen(table, uid))
            await until(pilot, lambda form=form: form.rows)
            (row,) = [row for row in form.query(FieldRow) if row.field.key == KEY]
            row.enter()
            await pilot.press(*"38.5")
            await until(pilot, lambda: "Shoe&#160;size" in app.export_screenshot())
            await pilot.press("ctrl+s")
            await until(pilot, lambda form=form: form not in app.screen_stack)
            assert getattr(app.archive.get(TABLES[table], uid), KEY) == SIZE
