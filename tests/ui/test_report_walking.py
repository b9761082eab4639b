"""Moving the cursor through the figures, charts and tables of a report."""

from dataclasses import replace

from driving import driven, keys, press, settled
from report_answers import Answers, declare, opened
from reported import FIGURES, REPORT

from archive.ui.screens.report_table import SectionTable
from archive.ui.widgets.figures import FigureStrip
from archive.ui.widgets.picture import NotesBlock, PictureBlock


async def test_tab_moves_through_figures_charts_and_tables(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        seen = []
        for _part in range(6):
            seen.append(type(pilot.app.focused))
            await press(pilot, "tab")
        assert seen == [FigureStrip, PictureBlock, PictureBlock, SectionTable, SectionTable, NotesBlock]
        assert isinstance(pilot.app.focused, FigureStrip)
        await press(pilot, "shift+tab")
        assert isinstance(pilot.app.focused, NotesBlock)


async def test_the_cursor_moves_on_at_the_ends_of_a_part(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await press(pilot, "k")
        assert isinstance(pilot.app.focused, FigureStrip)  # there is nothing above
        await press(pilot, "down", "down", "j", "j")
        assert isinstance(pilot.app.focused, SectionTable)
        await press(pilot, "k")
        assert isinstance(pilot.app.focused, PictureBlock)
        await press(pilot, "j", "j", "j", "j")
        assert pilot.app.focused.section.key == "figures"
        await press(pilot, "G", "j", "j")
        assert isinstance(pilot.app.focused, NotesBlock)  # there is nothing below


async def test_arrows_move_between_figures_side_by_side(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        screen = await opened(pilot)
        strip = screen.query_one(FigureStrip)
        await press(pilot, "right", "right", "left")
        assert strip.figure.key == "on_time"
        await press(pilot, "left", "left", "left")
        assert strip.figure.key == "otif"
        await press(pilot, *["right"] * 9)
        assert strip.figure.key == "renewals"


async def test_figures_are_stacked_on_narrow_screens(filled, settings, answers):
    async with driven(filled, settings, (50, 20)) as pilot:
        screen = await opened(pilot)
        await press(pilot, "j", "j")
        assert screen.query_one(FigureStrip).figure.key == "days"
        await press(pilot, "k")
        assert screen.query_one(FigureStrip).figure.key == "on_time"


async def test_figures_can_be_clicked(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        screen = await opened(pilot)
        strip = screen.query_one(FigureStrip)
        await pilot.click(strip, offset=(60, 1))
        assert strip.cursor_index > 0
        await pilot.resize_terminal(50, 20)
        await settled(pilot)
        await pilot.click(strip, offset=(5, 3))
        assert strip.figure.key == "on_time"  # each figure has a second line with interval and cases


async def test_a_report_without_top_figures_starts_with_its_charts(filled, settings, monkeypatch):
    figures = tuple(replace(figure, top=False) for figure in FIGURES)
    declare(monkeypatch, Answers(replace(REPORT, figures=figures)))
    async with driven(filled, settings) as pilot:
        screen = await opened(pilot)
        assert not screen.query(FigureStrip)
        assert isinstance(pilot.app.focused, PictureBlock)
        assert "w" not in keys(pilot)
