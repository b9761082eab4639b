"""Measure how much memory each opening of a screen leaks; the variable `OPENED` names the screen.

This runs in a separate process: after other tests, the toolkit's caches are full of entries from before memory was
traced, and each opening replaces some of them, which looks like growth.
"""

import os

import pytest
from driving import driven, fill, people
from growth import ALLOWED, growth, openings, traced

from archive.model.records.customer import Customer
from archive.ui import daily_backup


@pytest.fixture
def archived(path, settings):
    """An archive in which every screen has something to show, with the customer that the ways use."""
    return fill(path, settings, [*people(), Customer(uid="c-bare", kind="person", full_name="Zoe Bare")])


async def test_opening_the_screen_again_leaks_no_memory(archived, settings, monkeypatch):
    # The daily backup is due a minute after the start, which may be between two measurements: what it imports counts.
    monkeypatch.setattr(daily_backup, "BACKUP_AFTER", 0.001)
    name, first, last = os.environ["OPENED"].split("|")
    with traced():
        async with driven(archived, settings, size=(120, 40)) as pilot:
            assert await growth(pilot, openings()[name], int(first), int(last)) <= ALLOWED
