"""A screen that meets damage in a large archive reports file, byte and remedy, and the program keeps running."""

from decimal import Decimal
from pathlib import Path

import pytest
from driving import app_of, driven, press, screen_text, settled, until
from strategies import NOW

from archive.model.field_types.base import Ref
from archive.model.records.contract import Contract
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.store import checkpoint, database, mmap_file, snapshot
from archive.ui.navigation import PLACES


@pytest.fixture
def large(path: Path, settings, monkeypatch) -> Path:
    """An archive that is opened like a large one, reading nothing before it is needed."""
    for module in (mmap_file, checkpoint, database, snapshot):
        for name in ("SMALL", "WORTH_AN_INDEX"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, 0)
    archive = Archive.open(path, settings, create=True, clock=lambda: NOW)
    people = [Customer(uid=f"c{n:03d}", kind="person", full_name=f"Person {n:03d}") for n in range(200)]
    archive.save(*people)
    for n in range(0, 200, 4):
        who = Ref(uid=f"c{n:03d}")
        archive.save(
            Transaction(customer=who, on=NOW.date(), type="order", amount=Decimal(10), currency="EUR"),
            Interaction(customer=who, at=NOW, channel="phone", summary="prices", follow_up_on=NOW.date()),
            Contract(customer=who, number=f"K-{n}", title="Supply", start=NOW.date()),
        )
    archive.close()
    return path


def damage(path: Path, words: str) -> None:
    """Flip a bit in the first record that contains these words."""
    data = bytearray(path.read_bytes())
    data[data.index(words.encode())] ^= 1
    path.write_bytes(data)


def says_where(pilot) -> bool:
    said = " ".join(note.message + note.title for note in app_of(pilot)._notifications)
    return "archive.json cannot be read" in said and "bytes" in said and "archive repair" in said


async def test_an_unreadable_row_is_reported_and_the_others_are_shown(large, settings):
    damage(large, "Person 150")
    async with driven(large, settings) as pilot:
        assert "Person 000" in screen_text(pilot)
        await press(pilot, "G")
        await until(pilot, lambda: "! " in screen_text(pilot))
        await until(pilot, lambda: says_where(pilot))
        await press(pilot, "g", "enter")
        await until(pilot, lambda: "Person 000" in screen_text(pilot))


@pytest.mark.parametrize("keys", [["enter"], ["e"], ["l"], ["b"], ["d"], ["y"], ["x"], ["n"], ["space", "d"]])
async def test_a_command_on_a_damaged_record_reports_where_the_damage_is(large, settings, keys):
    damage(large, "Person 000")
    async with driven(large, settings) as pilot:
        await press(pilot, *keys)
        await settled(pilot)
        await until(pilot, lambda: says_where(pilot))
        await press(pilot, "escape", "escape", "j")
        assert app_of(pilot).is_running


@pytest.mark.parametrize("words", ["Person 100", '"amount":"10', '"prices"', '"Supply"'])
async def test_damage_ends_the_program_in_no_place(large, settings, words):
    damage(large, words)
    async with driven(large, settings) as pilot:
        for place in PLACES.values():
            await press(pilot, "ctrl+g", place.letter)
            await settled(pilot)
            await press(pilot, "G", "enter")
            await settled(pilot)
            await press(pilot, "escape", "escape")
        assert app_of(pilot).is_running
