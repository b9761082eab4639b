"""The records behind a figure or row of a report, and its explanation."""

from dataclasses import replace

import pytest
from driving import SIZES, driven, keys, press, screen_text, table, title, until, write
from report_answers import Answers, declare, opened, to_table
from reported import FIGURES, REPORT

from archive.analysis.report import Opens
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.report import ReportScreen
from archive.ui.screens.report_questions import WhyScreen
from archive.ui.screens.report_records import OpenedScreen


async def test_enter_on_a_row_opens_its_customer_within_the_list(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await to_table(pilot)
        await press(pilot, "enter")
        profile = await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen) and pilot.app.screen)
        assert profile.uid == "c-smith"
        await press(pilot, "right_square_bracket")
        assert profile.uid == "c-wang"
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReportScreen)
        assert pilot.app.focused.cursor_row == 0


async def test_a_row_without_records_does_not_offer_enter(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await to_table(pilot)
        assert "enter" in keys(pilot)
        await press(pilot, "j", "j")
        assert "enter" not in keys(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ReportScreen)


async def test_enter_on_a_figure_lists_exactly_its_records(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        screen = await opened(pilot)
        assert "enter" in keys(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OpenedScreen) and table(pilot).ids)
        assert sorted(table(pilot).ids) == ["c-smith", "c-wang"]
        assert "On time in full" in title(pilot)
        assert "2 of 4" in screen_text(pilot)
        await press(pilot, "slash")
        await write(pilot, "smith")
        await until(pilot, lambda: list(table(pilot).ids) == ["c-smith"])
        await press(pilot, "enter", "space", "escape")
        assert not table(pilot).marks
        await press(pilot, "escape")
        await until(pilot, lambda: len(table(pilot).ids) == 2)
        await press(pilot, "escape")
        assert pilot.app.screen is screen


async def test_records_of_other_tables_are_listed_and_q_closes_the_list(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        screen = await opened(pilot)
        await press(pilot, "right", "right", "right", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OpenedScreen) and list(table(pilot).ids))
        assert list(table(pilot).ids) == ["t-1"]
        await press(pilot, "q")
        assert pilot.app.screen is screen


async def test_a_figure_without_records_does_not_offer_enter(filled, settings, monkeypatch):
    none = tuple(replace(figure, opens=Opens("customers", ())) for figure in FIGURES)
    declare(monkeypatch, Answers(replace(REPORT, figures=none)))
    async with driven(filled, settings) as pilot:
        screen = await opened(pilot)
        assert "enter" not in keys(pilot)
        await press(pilot, "enter")
        assert pilot.app.screen is screen


@pytest.mark.parametrize("size", SIZES)
async def test_w_explains_a_figure_or_row(filled, settings, answers, size):
    async with driven(filled, settings, size) as pilot:
        await opened(pilot)
        await press(pilot, "w")
        assert isinstance(pilot.app.screen, WhyScreen)
        text = " ".join(screen_text(pilot).split())
        assert "On time in full: 71 %" in text
        assert "37 / 52 = 71 %" in text
        assert "95 % interval 58 to 81 · n = 52 · ▼ from 83 %" in text
        await press(pilot, "w")
        assert isinstance(pilot.app.screen, ReportScreen)
        await to_table(pilot)
        await press(pilot, "w")
        assert "Due on 2026-11-23, in 2 days." in screen_text(pilot)
        await press(pilot, "escape", "j")
        assert "w" not in keys(pilot)
        await press(pilot, "w")
        assert isinstance(pilot.app.screen, ReportScreen)
