"""The place Analysis lists the reports and opens them by key."""

import pytest
from driving import (
    NOW,
    SIZES,
    TINY,
    driven,
    press,
    raw_controls,
    sampled,
    screen_text,
    shown,
    table,
    title,
    until,
    widths,
)

from archive.analysis.request import reports
from archive.service.archive import Archive
from archive.ui.app import ArchiveApp
from archive.ui.commands import commands_of
from archive.ui.screens.analysis import AnalysisScreen
from archive.ui.screens.report import ReportScreen
from archive.ui.screens.table_screen import TablePlace
from archive.ui.widgets.table import RecordTable


async def to_analysis(pilot) -> AnalysisScreen:
    await press(pilot, "ctrl+g", "a")
    screen = pilot.app.screen
    assert isinstance(screen, AnalysisScreen)
    await until(pilot, lambda: not screen.is_working)
    return screen


@pytest.mark.parametrize("size", sampled(SIZES + TINY, len(SIZES)))
async def test_the_reports_are_listed(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await to_analysis(pilot)
        assert list(table(pilot).ids) == list(reports())
        assert shown(pilot) == [found.declared.letter for found in reports().values()]
        assert raw_controls(pilot) == []
        assert widths(pilot) <= {size[0]}


async def test_the_full_question_of_the_selected_report_is_shown_below(filled, settings):
    async with driven(filled, settings) as pilot:
        await to_analysis(pilot)
        await press(pilot, "j")
        question = list(reports().values())[1].declared.question
        await until(pilot, lambda: question in " ".join(screen_text(pilot).split()))
        assert f"{len(reports())} reports" in title(pilot)


@pytest.mark.parametrize("name", reports())
@pytest.mark.parametrize("size", sampled(SIZES))
async def test_every_report_opens_by_its_letter_and_can_be_navigated(filled, settings, name, size):
    async with driven(filled, settings, size) as pilot:
        await to_analysis(pilot)
        await press(pilot, reports()[name].declared.letter)
        screen = pilot.app.screen
        assert isinstance(screen, ReportScreen)
        await until(pilot, lambda: screen.shown)
        assert screen.shown.name == name
        for _part in range(len(screen.shown.tables) + len(screen.shown.pictures) + 3):
            assert raw_controls(pilot) == []
            assert widths(pilot) <= {size[0]}
            await press(pilot, "tab")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, AnalysisScreen)


async def test_enter_opens_the_report_under_the_cursor(filled, settings):
    async with driven(filled, settings) as pilot:
        await to_analysis(pilot)
        await press(pilot, "j", "enter")
        screen = await until(pilot, lambda: isinstance(pilot.app.screen, ReportScreen) and pilot.app.screen)
        assert screen.declared.name == list(reports())[1]


async def test_an_empty_archive_explains_how_to_start(path, settings):
    Archive.open(path, settings, create=True, clock=lambda: NOW).close()
    async with driven(path, settings) as pilot:
        await to_analysis(pilot)
        assert "ctrl+g i to import a file" in " ".join(screen_text(pilot).split())
        assert not table(pilot).ids
        await press(pilot, "s", "x")
        assert isinstance(pilot.app.screen, AnalysisScreen)


async def test_reports_cannot_be_marked_because_no_command_acts_on_them(filled, settings):
    async with driven(filled, settings) as pilot:
        await to_analysis(pilot)
        await until(pilot, lambda: table(pilot).ids)
        await press(pilot, "space", "*", "shift+down")
        assert table(pilot).marks == set()
        assert isinstance(pilot.app.screen, AnalysisScreen)


def test_the_letters_of_reports_are_unique_and_collide_with_no_key():
    letters = [found.declared.letter for found in reports().values()]
    assert len(set(letters)) == len(letters)
    keys = {
        key
        for owner in (TablePlace, ArchiveApp)
        for name, found, _help in commands_of(owner)
        if name not in ("search", "sort")  # Analysis does without them
        for key in found.keys.split(",")
    }
    keys |= {key for binding in RecordTable.BINDINGS for key in binding.key.split(",")}
    assert not keys & set(letters)
