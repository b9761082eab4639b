"""Memory is freed at rest; while somebody types only where much has gathered, and between two keys."""

import pytest
from driving import app_of, driven, press, until_quiet

from archive.ui import housekeeping
from archive.ui.housekeeping import AT_ONCE, AT_REST, BETWEEN_KEYS
from archive.ui.key_queue import KeyQueue
from archive.ui.style_cache import StyleCache


@pytest.mark.parametrize(
    ("rested", "idle", "due"),
    [(True, True, AT_REST), (False, True, BETWEEN_KEYS), (False, False, AT_ONCE)],
    ids=["at rest", "between two keys", "while a key is handled"],
)
async def test_the_less_it_would_be_felt_the_sooner_garbage_is_collected(
    filled, settings, monkeypatch, rested, idle, due
):
    searched = []
    async with driven(filled, settings) as pilot:
        monkeypatch.setattr(housekeeping, "search", searched.append)
        monkeypatch.setattr(KeyQueue, "has_rested", lambda queue, seconds: rested)
        monkeypatch.setattr(KeyQueue, "is_idle", idle)
        app_of(pilot).housekeeping.tidy_up()
        monkeypatch.undo()
    assert searched == [due]


async def test_pictures_are_dropped_once_when_a_screen_has_closed_and_once_a_rest(
    filled, settings, monkeypatch
):
    dropped = []
    rests = [False]
    async with driven(filled, settings) as pilot:
        monkeypatch.setattr(StyleCache, "displace", lambda cache: dropped.append(1))
        monkeypatch.setattr(KeyQueue, "has_rested", lambda queue, seconds: rests[0])
        await press(pilot, "question_mark", "escape")
        assert len(dropped) == 1
        for rests[0] in (False, True, True, False, True):
            app_of(pilot).housekeeping.tidy_up()
        assert len(dropped) == 3


async def test_dropping_pictures_ends_though_another_screen_closes_meanwhile(filled, settings):
    async with driven(filled, settings) as pilot:
        for _time in range(3):
            app_of(pilot).housekeeping.screen_closed()
        await until_quiet(pilot)
        assert app_of(pilot).housekeeping._styles._left == 0
