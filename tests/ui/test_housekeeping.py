"""Garbage is collected while the user is idle, and only if much has accumulated while the user is typing."""

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
async def test_garbage_is_collected_sooner_when_the_user_is_idle(
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


async def test_cached_drawings_are_dropped_once_after_a_screen_closes_and_once_per_idle_period(
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


async def test_dropping_cached_drawings_ends_even_if_another_screen_closes(filled, settings):
    async with driven(filled, settings) as pilot:
        for _time in range(3):
            app_of(pilot).housekeeping.screen_closed()
        await until_quiet(pilot)
        assert app_of(pilot).housekeeping._styles._to_evict == 0
