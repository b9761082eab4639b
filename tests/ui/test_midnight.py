"""Dates and local times on the screen stay current overnight and after the machine has slept."""

from datetime import datetime, timedelta

from driving import NOW, app_of, driven, fill, people, press, screen_text, settled, table, until

from archive.model.archive_settings import Holiday
from archive.service import backups
from archive.ui import daily_backup
from archive.ui.wall_clock import WallClock

EVENING = datetime(NOW.year, NOW.month, NOW.day, 23, 58)  # noqa: DTZ001


async def at(pilot, moment):
    """Set the injected clock, and trigger the check of the program's timer."""
    app = app_of(pilot)
    app.archive.clock = lambda: moment
    app.wall_clock.look()
    await settled(pilot)


async def test_at_midnight_today_shows_the_new_day_and_keeps_the_cursor(filled, settings):
    async with driven(filled, settings, (120, 40)) as pilot:
        await press(pilot, "ctrl+g", "t")
        await at(pilot, EVENING)
        await press(pilot, "j")
        assert table(pilot).cursor_id == "customers/c-smith/next_contact"
        assert f"Today  {NOW:%Y-%m-%d}" in screen_text(pilot)
        await at(pilot, EVENING + timedelta(minutes=3))
        await until(pilot, lambda: f"Today  {NOW + timedelta(1):%Y-%m-%d}" in screen_text(pilot))
        assert table(pilot).cursor_id == "customers/c-smith/next_contact"
        await until(pilot, lambda: "2 due" in screen_text(pilot))


async def test_a_place_in_the_background_shows_the_new_day_when_reopened(filled, settings):
    async with driven(filled, settings, (120, 40)) as pilot:
        await press(pilot, "ctrl+g", "t")
        await press(pilot, "ctrl+g", "c")
        await at(pilot, EVENING + timedelta(days=2))
        await press(pilot, "ctrl+g", "t")
        await until(pilot, lambda: f"Today  {NOW + timedelta(2):%Y-%m-%d}" in screen_text(pilot))


async def test_the_local_time_on_card_and_profile_is_updated_every_minute(tmp_path, settings):
    here = settings._replace(time_zone="UTC")
    known = [one.with_values(time_zone="UTC") if one.uid == "c-smith" else one for one in people()]
    path = fill(tmp_path / "zoned.json", here, known)
    async with driven(path, here, (120, 40)) as pilot:
        await press(pilot, "j", "j")
        await at(pilot, NOW)  # the first check only stores the minute
        for moment in (NOW.replace(hour=14, minute=5), NOW.replace(hour=14, minute=6)):
            await at(pilot, moment)
            await until(pilot, lambda moment=moment: f"{moment:%H:%M} there" in screen_text(pilot))
            assert table(pilot).cursor_id == "c-smith"
        await press(pilot, "enter")
        await at(pilot, NOW.replace(hour=14, minute=7))
        await until(pilot, lambda: "14:07 there" in screen_text(pilot))


def test_the_clock_notifies_once_a_minute_and_after_sleep():
    now, told = [None], []
    clock = WallClock(lambda: now[0], lambda: told.append(now[0]))
    moments = [EVENING + timedelta(seconds=s) for s in (0, 30, 59, 60, 65, 9 * 3600)]
    for moment in (None, *moments):  # None before the archive is open
        now[0] = moment
        clock.look()
    assert told == [moments[3], moments[5]]


async def test_the_heading_of_today_names_a_holiday_of_the_archive(filled, settings):
    async with driven(filled, settings, (120, 40)) as pilot:
        archive = app_of(pilot).archive
        holiday = Holiday(on=NOW.date() + timedelta(1), name="Fair")
        archive.save(archive.own.with_values(holidays=(holiday,)))
        await press(pilot, "ctrl+g", "t")
        await at(pilot, EVENING)
        assert "our holiday" not in screen_text(pilot)
        await at(pilot, EVENING + timedelta(minutes=3))
        await until(pilot, lambda: "Sun · our holiday: Fair" in screen_text(pilot))


async def test_a_program_that_stays_open_makes_a_backup_each_day(filled, settings, monkeypatch):
    folder = filled.parent / "backups"
    days = lambda: {made.date() for made, _path in backups.generations(filled, folder)}  # noqa: E731
    monkeypatch.setattr(daily_backup, "BACKUP_AFTER", 0.001)
    async with driven(filled, settings) as pilot:
        await until(pilot, lambda: days() == {NOW.date()})
        await at(pilot, EVENING)
        await at(pilot, EVENING + timedelta(minutes=1))
        assert days() == {NOW.date()}
        await at(pilot, EVENING + timedelta(minutes=3))
        await until(pilot, lambda: days() == {NOW.date(), NOW.date() + timedelta(1)})
        await settled(pilot)
