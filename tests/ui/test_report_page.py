"""The page of a report, at every size and with any text."""

from dataclasses import replace

import pytest
from driving import (
    NASTY,
    SIZES,
    TINY,
    driven,
    keys,
    press,
    raw_controls,
    sampled,
    screen_text,
    settled,
    title,
    widths,
)
from pictured import EMPTY, SAMPLES
from report_answers import Answers, declare, opened, to_table
from reported import DUE_TERMS, FIGURES, REPORT

from archive.analysis.report import Column, Row, Table
from archive.ui.screens.report import ReportScreen
from archive.ui.widgets.picture import PictureBlock


@pytest.mark.parametrize("size", SIZES)
async def test_figures_charts_and_tables_are_on_one_page(filled, settings, answers, size):
    async with driven(filled, settings, size) as pilot:
        await opened(pilot)
        text = screen_text(pilot)
        assert "Contract fulfilment" in title(pilot)
        assert "On time in full" in text
        assert "71 %" in text
        assert raw_controls(pilot) == []
        await to_table(pilot)
        assert "Due in the next 90 days" in screen_text(pilot)
        assert "王建国" in screen_text(pilot)
        assert raw_controls(pilot) == []
        assert widths(pilot) <= {size[0]}
        assert len(keys(pilot)) <= 6


async def test_a_figure_shows_its_interval_and_previous_value(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        text = screen_text(pilot)
        assert "71 %  (58 to 81)" in text
        assert "▼ from 83 %" in text
        assert "No contract has an end." in text
        assert "2 sales in USD" not in text  # scrolled out of view
        await press(pilot, "shift+tab")
        assert "2 sales in USD" in screen_text(pilot)


@pytest.mark.parametrize("width", [80, 100, 120, 160, 240])
async def test_every_tile_shows_cases_interval_and_omissions(filled, settings, monkeypatch, width):
    """This includes six tiles in two rows, and widths without room for tiles."""
    told = [
        replace(FIGURES[0], label=f"Rate {n}", key=f"rate{n}", omitted=f"38{n} sales left out: no rate")
        for n in range(6)
    ]
    declare(monkeypatch, Answers(replace(REPORT, figures=tuple(told))))
    async with driven(filled, settings, (width, 40)) as pilot:
        await opened(pilot)
        text = " ".join(screen_text(pilot).split())
        assert text.count("71 % (58 to 81)") >= 6
        assert text.count("n = 52") >= 6
        assert text.count("▼ from 83 %") >= 6
        assert all(f"38{n} sales left out" in text for n in range(6))


async def test_the_list_of_all_figures_shows_interval_and_cases_at_80_columns(filled, settings, answers):
    async with driven(filled, settings, (80, 24)) as pilot:
        await opened(pilot)
        await to_table(pilot, "figures")
        text = " ".join(screen_text(pilot).split())
        assert "71 % 58 to 81 52" in text


async def test_the_title_shows_period_and_cases(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        assert "n = 52 · 2025-11-22 to 2026-11-21 · [ 12 months ]" in title(pilot)


async def test_an_empty_table_shows_its_message_and_is_skipped(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        await to_table(pilot, "figures")
        assert "Nothing is overdue." in screen_text(pilot)


async def test_an_empty_table_without_a_message_shows_a_default(filled, settings, monkeypatch):
    bare = Table(key="t", label="T", columns=(Column("c", "C"),))
    declare(monkeypatch, Answers(replace(REPORT, tables=(bare,), figures=(), pictures=())))
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        assert "No data in this period." in screen_text(pilot)
        assert "This report has no figures." in screen_text(pilot)


@pytest.mark.parametrize("size", sampled([*SIZES, *TINY, (200, 50)], len(SIZES)))
async def test_every_chart_is_drawn_at_every_size(filled, settings, monkeypatch, size):
    declare(monkeypatch, Answers(replace(REPORT, pictures=tuple(SAMPLES.values()))))
    async with driven(filled, settings, size) as pilot:
        screen = await opened(pilot)
        for block in screen.query(PictureBlock):
            block.focus()
            await settled(pilot)
            assert raw_controls(pilot) == []
            assert widths(pilot) <= {size[0]}
            assert block.size.height == len(block.lay(block.size.width, size[1]))


async def test_empty_charts_come_last(filled, settings, monkeypatch):
    first, second = SAMPLES["movement"], SAMPLES["terms"]
    declare(monkeypatch, Answers(replace(REPORT, pictures=(replace(first, steps=(), empty=EMPTY), second))))
    async with driven(filled, settings) as pilot:
        screen = await opened(pilot)
        assert [block.picture.key for block in screen.query(PictureBlock)] == ["terms", "movement"]


@pytest.mark.parametrize("text", sampled(text for text in NASTY if len(text) < 40))
@pytest.mark.parametrize("size", SIZES)
async def test_no_text_of_a_report_controls_the_terminal(filled, settings, monkeypatch, text, size):
    table = replace(
        DUE_TERMS, label=text, note=text, rows=(Row((text, None, None, None, None, text), why=text),)
    )
    figures = tuple(replace(figure, label=text, note=text) for figure in FIGURES)
    pictures = tuple(replace(picture, label=text) for picture in REPORT.pictures)
    answer = replace(REPORT, tables=(table,), figures=figures, pictures=pictures, notes=(text,))
    declare(monkeypatch, Answers(answer))
    async with driven(filled, settings, size) as pilot:
        await opened(pilot)
        for keys_ in (["w"], ["escape"], ["tab"], ["tab"], ["tab"], ["w"], ["escape"]):
            assert raw_controls(pilot) == []
            assert widths(pilot) <= {size[0]}
            await press(pilot, *keys_)
        assert isinstance(pilot.app.screen, ReportScreen)
