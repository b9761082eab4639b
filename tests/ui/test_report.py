"""A report on the screen: what stands on its page, what its keys do, and that it never stands in the way."""

import csv
import gc
import weakref
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event as Gate

import pytest
from driving import (
    NASTY,
    SIZES,
    TINY,
    app_of,
    driven,
    fresh,
    press,
    raw_controls,
    sampled,
    screen_text,
    settled,
    shown,
    status,
    table,
    title,
    until,
    widths,
    write,
)
from pictured import EMPTY, SAMPLES
from reported import AS_OF, DUE_TERMS, FIGURES, REPORT
from strategies import NOW

from archive.analysis import question
from archive.analysis.question import Declaration, Module, Option
from archive.analysis.report import Column, Opens, Report, Row, Table
from archive.errors import ArchiveError
from archive.model.customer import Customer
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.report import ReportScreen
from archive.ui.screens.report_questions import WhyScreen
from archive.ui.screens.report_records import OpenedScreen
from archive.ui.screens.report_table import SectionTable
from archive.ui.widgets.figures import FigureStrip
from archive.ui.widgets.frame import KeyBar
from archive.ui.widgets.picture import NotesBlock, PictureBlock

DECLARED = Declaration(
    name="fulfilment",
    title="Contract fulfilment",
    asks="Are contracts kept?",
    letter="f",
    place=1,
    figures=(),
    options=(
        Option("model", "Which model", "a", {"a": "the plain one", "b": "the other"}),
        Option("share", "Share unhappy", "0.25"),
    ),
    groups=True,
)


class Answers:
    """A report by hand that remembers how it was asked."""

    def __init__(self, answer: Report = REPORT) -> None:
        self.answer = answer
        self.asked = []

    def run(self, book, ask) -> Report:
        self.asked.append(ask)
        return replace(self.answer, as_of=ask.as_of, start=ask.start, end=ask.end)

    @property
    def last(self):
        return self.asked[-1]


@pytest.fixture
def answers(monkeypatch):
    """The only report there is, and what it answers."""
    found = Answers()
    declare(monkeypatch, found)
    return found


def declare(monkeypatch, answers, **more):
    modules = {DECLARED.name: Module(replace(DECLARED, **more), answers.run)}
    monkeypatch.setattr(question, "reports", lambda: modules)


async def opened(pilot) -> ReportScreen:
    screen = ReportScreen(DECLARED.name)
    await pilot.app.push_screen(screen)
    await settled(pilot)
    await until(pilot, lambda: screen.shown is not None and not screen.is_working)
    return screen


def keys(pilot) -> dict[str, str]:
    return dict(pilot.app.screen.query_one(KeyBar)._keys())


def period(answers):
    return answers.last.start, answers.last.end, answers.last.as_of


async def to_table(pilot, key="due") -> SectionTable:
    for _press in range(9):
        focused = pilot.app.focused
        if isinstance(focused, SectionTable) and focused.section.key == key:
            return focused
        await press(pilot, "tab")
    raise AssertionError(f"tab does not reach {key}")


# What is seen


@pytest.mark.parametrize("size", SIZES)
async def test_figures_pictures_and_tables_stand_on_one_page(filled, settings, answers, size):
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


async def test_a_figure_has_its_interval_and_what_it_was_before(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        text = screen_text(pilot)
        assert "71 %  (58 to 81)" in text
        assert "▼ from 83 %" in text
        assert "No contract has an end." in text
        assert "2 sales in USD" not in text  # below the fold
        await press(pilot, "shift+tab")
        assert "2 sales in USD" in screen_text(pilot)


async def test_the_title_says_the_days_and_the_cases(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        assert "n = 52 · 2025-11-22 to 2026-11-21 · [ 12 months ]" in title(pilot)


async def test_an_empty_table_says_what_belongs_there_and_is_passed_over(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        await to_table(pilot, "figures")
        assert "Nothing is overdue." in screen_text(pilot)


async def test_a_table_without_words_for_nothing_has_some_all_the_same(filled, settings, monkeypatch):
    bare = Table(key="t", label="T", columns=(Column("c", "C"),))
    declare(monkeypatch, Answers(replace(REPORT, tables=(bare,), figures=(), pictures=())))
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        assert "There is nothing here in this period." in screen_text(pilot)
        assert "This report has no figures." in screen_text(pilot)


@pytest.mark.parametrize("size", sampled([*SIZES, *TINY, (200, 50)], len(SIZES)))
async def test_every_picture_can_be_seen_at_every_size(filled, settings, monkeypatch, size):
    declare(monkeypatch, Answers(replace(REPORT, pictures=tuple(SAMPLES.values()))))
    async with driven(filled, settings, size) as pilot:
        screen = await opened(pilot)
        for block in screen.query(PictureBlock):
            block.focus()
            await settled(pilot)
            assert raw_controls(pilot) == []
            assert widths(pilot) <= {size[0]}
            assert block.size.height == len(block.lay(block.size.width, size[1]))


async def test_an_empty_picture_stands_behind_those_that_show_something(filled, settings, monkeypatch):
    first, second = SAMPLES["movement"], SAMPLES["terms"]
    declare(monkeypatch, Answers(replace(REPORT, pictures=(replace(first, steps=(), empty=EMPTY), second))))
    async with driven(filled, settings) as pilot:
        screen = await opened(pilot)
        assert [block.picture.key for block in screen.query(PictureBlock)] == ["terms", "movement"]


@pytest.mark.parametrize("text", sampled(text for text in NASTY if len(text) < 40))
@pytest.mark.parametrize("size", SIZES)
async def test_no_text_of_a_report_steers_the_screen(filled, settings, monkeypatch, text, size):
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


# Walking


async def test_tab_and_arrows_go_through_figures_pictures_and_tables(filled, settings, answers):
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


async def test_the_cursor_walks_on_beyond_the_ends_of_a_part(filled, settings, answers):
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


async def test_figures_are_walked_through_side_by_side(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        screen = await opened(pilot)
        strip = screen.query_one(FigureStrip)
        await press(pilot, "right", "right", "left")
        assert strip.figure.key == "on_time"
        await press(pilot, "left", "left", "left")
        assert strip.figure.key == "otif"
        await press(pilot, *["right"] * 9)
        assert strip.figure.key == "renewals"


async def test_figures_stand_below_each_other_where_it_is_narrow(filled, settings, answers):
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
        assert strip.place > 0
        await pilot.resize_terminal(50, 20)
        await settled(pilot)
        await pilot.click(strip, offset=(5, 3))
        assert strip.figure.key == "overdue"


async def test_a_report_without_top_figures_begins_with_its_pictures(filled, settings, monkeypatch):
    figures = tuple(replace(figure, top=False) for figure in FIGURES)
    declare(monkeypatch, Answers(replace(REPORT, figures=figures)))
    async with driven(filled, settings) as pilot:
        screen = await opened(pilot)
        assert not screen.query(FigureStrip)
        assert isinstance(pilot.app.focused, PictureBlock)
        assert "w" not in keys(pilot)


# Behind a figure or a row


async def test_enter_on_a_row_opens_its_customer_with_the_others_as_neighbours(filled, settings, answers):
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


async def test_a_row_without_records_has_no_enter(filled, settings, answers):
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


async def test_records_of_another_table_are_listed_and_left_with_q(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        screen = await opened(pilot)
        await press(pilot, "right", "right", "right", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OpenedScreen) and list(table(pilot).ids))
        assert list(table(pilot).ids) == ["t-1"]
        await press(pilot, "q")
        assert pilot.app.screen is screen


async def test_a_figure_without_records_has_no_enter(filled, settings, monkeypatch):
    none = tuple(replace(figure, opens=Opens("customers", ())) for figure in FIGURES)
    declare(monkeypatch, Answers(replace(REPORT, figures=none)))
    async with driven(filled, settings) as pilot:
        screen = await opened(pilot)
        assert "enter" not in keys(pilot)
        await press(pilot, "enter")
        assert pilot.app.screen is screen


@pytest.mark.parametrize("size", SIZES)
async def test_w_says_why(filled, settings, answers, size):
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


# Asking something else


async def test_p_goes_round_the_periods(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        assert period(answers) == (date(2025, 11, 22), AS_OF, AS_OF)
        for start, end, label in [
            (date(2026, 10, 1), AS_OF, "this quarter"),
            (date(2026, 1, 1), AS_OF, "this year"),
            (date(2025, 1, 1), date(2025, 12, 31), "last year"),
            (date(2026, 11, 21), AS_OF, "all"),  # the only transaction is of that day
            (date(2025, 11, 22), AS_OF, "12 months"),
        ]:
            await press(pilot, "p")
            assert period(answers) == (start, end, end)
            assert label in title(pilot)


async def test_p_after_a_bracket_stays_with_the_days_that_are_looked_at(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await press(pilot, "left_square_bracket", "p")
        assert period(answers) == (date(2025, 10, 1), date(2025, 12, 31), date(2025, 12, 31))


async def test_brackets_shift_the_period_but_not_into_the_future(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await press(pilot, "right_square_bracket")
        assert len(answers.asked) == 1
        await press(pilot, "left_square_bracket", "comma")
        assert period(answers) == (date(2023, 11, 22), date(2024, 11, 21), date(2024, 11, 21))
        await press(pilot, "full_stop")
        assert period(answers) == (date(2024, 11, 22), date(2025, 11, 21), date(2025, 11, 21))


async def test_all_has_no_neighbours(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await press(pilot, "p", "p", "p", "p")
        count = len(answers.asked)
        await press(pilot, "left_square_bracket")
        assert len(answers.asked) == count
        assert "[ all ]" not in title(pilot)


async def test_the_cursor_stays_where_it_was_when_the_period_changes(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await to_table(pilot)
        await press(pilot, "j", "p")
        assert pilot.app.focused.section.key == "due"
        assert pilot.app.focused.cursor_row == 1


async def test_where_its_part_has_gone_the_cursor_is_on_the_first(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await to_table(pilot)
        answers.answer = replace(REPORT, tables=())
        await press(pilot, "p")
        assert isinstance(pilot.app.focused, FigureStrip)


async def test_b_groups_by_a_field_and_back(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "b")
        await write(pilot, "account")
        await press(pilot, "enter")
        assert answers.last.by == "account_manager"
        assert "by account_manager" in title(pilot)
        await press(pilot, "b")
        await write(pilot, "itself")
        await press(pilot, "enter")
        assert answers.last.by == ""
        await press(pilot, "b", "escape")
        assert answers.last.by == ""


async def test_a_report_without_groups_has_no_b(filled, settings, monkeypatch):
    answers = Answers()
    declare(monkeypatch, answers, groups=False, options=())
    async with driven(filled, settings) as pilot:
        screen = await opened(pilot)
        assert "b" not in keys(pilot)
        await press(pilot, "b")
        assert pilot.app.screen is screen
        await press(pilot, "o")
        assert "by:" not in screen_text(pilot)


async def test_it_can_be_seen_as_of_another_day(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "o", "a")
        await write(pilot, "2026-09-30")
        await press(pilot, "enter")
        assert period(answers) == (date(2025, 10, 1), date(2026, 9, 30), date(2026, 9, 30))
        await press(pilot, "o", "a")
        await fresh(pilot, "")
        await press(pilot, "enter")
        assert answers.last.as_of == AS_OF


async def test_a_day_that_is_none_is_answered_with_a_sentence(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        screen = await opened(pilot)
        await press(pilot, "o", "a")
        await write(pilot, "whenever")
        await press(pilot, "enter")
        assert pilot.app.screen is screen
        assert "whenever" in " ".join(note.message + note.title for note in app_of(pilot)._notifications)
        await press(pilot, "o", "a", "escape", "o", "d", "escape", "o", "escape")
        assert len(answers.asked) == 1


async def test_days_can_be_named(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "o", "d")
        await write(pilot, "2026-03..2026-04-15")
        await press(pilot, "enter")
        assert period(answers) == (date(2026, 3, 1), date(2026, 4, 15), date(2026, 4, 15))
        await press(pilot, "left_square_bracket")
        assert period(answers) == (date(2026, 1, 14), date(2026, 2, 28), date(2026, 2, 28))
        await press(pilot, "o", "d")
        await write(pilot, "  ")
        await press(pilot, "enter")
        assert answers.last.start == date(2026, 1, 14)


async def test_assumptions_can_be_changed_and_all_put_back(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "o")
        assert "Which model: the plain one" in screen_text(pilot)
        await press(pilot, "1", "down", "enter")
        assert answers.last.options == {"model": "b"}
        await press(pilot, "o", "2")
        await fresh(pilot, "0.4")
        await press(pilot, "enter")
        assert answers.last.options == {"model": "b", "share": "0.4"}
        await press(pilot, "o", "2")
        await fresh(pilot, "")
        await press(pilot, "enter")
        assert answers.last.options == {"model": "b"}
        await press(pilot, "o", "2", "escape", "o", "b", "escape")
        await press(pilot, "o", "u")
        assert answers.last.options == {}


# Export


def exported(settings) -> list[Path]:
    return sorted(Path(settings.export_folder).iterdir())


def rows_of(path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


async def test_x_writes_the_figures_or_the_table_the_cursor_is_in(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await press(pilot, "x")
        (figures,) = exported(settings)
        assert figures.name == "fulfilment-figures-2026-11-21-1000.csv"
        assert rows_of(figures)[1][:3] == ["otif", "On time in full", "0.71"]
        assert "7 rows written" in status(pilot)
        await to_table(pilot)
        await press(pilot, "x")
        due = next(path for path in exported(settings) if "-due-" in path.name)
        assert rows_of(due)[0] == [column.key for column in DUE_TERMS.columns]
        assert rows_of(due)[2][0] == "王建国"


async def test_x_writes_to_a_file_one_names(filled, settings, answers, tmp_path):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await press(pilot, "X")
        await write(pilot, str(tmp_path / "f.csv"))
        await press(pilot, "enter")
        await until(pilot, lambda: (tmp_path / "f.csv").exists())


# Work that takes long


class Slow(Answers):
    """Reports that wait at a gate, and look out for the end meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = Gate()
        self.gate.set()

    def run(self, book, ask):
        ask.step(0.001)
        ask.step(0.42)
        while not self.gate.wait(0.01):
            ask.step(0.42)
        return super().run(book, ask)


async def test_progress_is_told_and_escape_stops_it(filled, settings, monkeypatch):
    slow = Slow()
    declare(monkeypatch, slow, slow=True)
    async with driven(filled, settings) as pilot:
        screen = await opened(pilot)
        slow.gate.clear()
        await pilot.press("p")
        await until(pilot, lambda: "Working it out … 42 %" in status(pilot))
        assert "this quarter" in title(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "Stopped." in status(pilot))
        assert "12 months" in title(pilot)
        assert screen.wish.period.kind == "12 months"
        slow.gate.set()
        await press(pilot, "p")
        await until(pilot, lambda: "this quarter" in title(pilot) and not screen.is_working)
        assert len(slow.asked) == 2


async def test_only_the_answer_to_the_last_question_is_shown(filled, settings, monkeypatch):
    slow = Slow()
    declare(monkeypatch, slow, slow=True)
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        slow.gate.clear()
        await pilot.press("p")
        await until(pilot, lambda: "42 %" in status(pilot))
        await pilot.press("p")
        slow.gate.set()
        await settled(pilot)
        await until(pilot, lambda: "2026-01-01 to 2026-11-21" in title(pilot))


async def test_escape_before_the_first_answer_goes_back(filled, settings, monkeypatch):
    slow = Slow()
    slow.gate.clear()
    declare(monkeypatch, slow, slow=True)
    async with driven(filled, settings) as pilot:
        before = pilot.app.screen
        await pilot.app.push_screen(ReportScreen(DECLARED.name))
        await until(pilot, lambda: "Working it out …" in screen_text(pilot))
        assert "tab" not in keys(pilot)
        await pilot.press("x", "escape")
        await until(pilot, lambda: pilot.app.screen is before)
        await settled(pilot)


async def test_a_report_that_cannot_be_asked_so_says_why_and_stays_as_it_was(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        screen = await opened(pilot)

        def refuse(book, ask):
            raise ArchiveError("This period is too short.", "Take a longer one.")

        question.reports()[DECLARED.name] = Module(DECLARED, refuse)
        await press(pilot, "p")
        await until(pilot, lambda: app_of(pilot)._notifications)
        assert "12 months" in title(pilot)
        question.reports()[DECLARED.name] = Module(DECLARED, answers.run)
        await press(pilot, "p")
        assert screen.wish.period.kind == "quarter"


async def test_a_report_that_cannot_be_asked_at_all_says_why_on_its_page(filled, settings, monkeypatch):
    class Refusing(Answers):
        def run(self, book, ask):
            raise ArchiveError("There is no rate.", "Write one into the settings.")

    declare(monkeypatch, Refusing())
    async with driven(filled, settings) as pilot:
        await pilot.app.push_screen(ReportScreen(DECLARED.name))
        await settled(pilot)
        await until(pilot, lambda: "! There is no rate. Write one into the settings." in screen_text(pilot))
        await press(pilot, "w", "x", "tab", "q")
        assert isinstance(pilot.app.screen, BrowserScreen)


async def test_an_error_of_the_program_in_a_report_ends_it_with_its_report(filled, settings, monkeypatch):
    class Broken(Answers):
        def run(self, book, ask):
            return {}["nothing"]

    declare(monkeypatch, Broken())

    async def run():
        async with driven(filled, settings) as pilot:
            await pilot.app.push_screen(ReportScreen(DECLARED.name))
            await until(pilot, lambda: pilot.app._exit)

    with pytest.raises(KeyError):
        await run()


# In the program


async def test_a_change_of_the_archive_is_asked_for_anew(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        app_of(pilot).archive.save(Customer(kind="person", full_name="New One"))
        await until(pilot, lambda: len(answers.asked) == 2)
        assert "undo: " in screen_text(pilot)


async def test_closed_reports_are_forgotten(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        seen = []
        for _turn in range(3):
            screen = await opened(pilot)
            seen += [weakref.ref(widget) for widget in (screen, *screen.query(SectionTable))]
            await press(pilot, "p")
            await press(pilot, "q")
            del screen
        await press(pilot, "j", "k")
        await until(pilot, lambda: gc.collect() >= 0 and sum(found() is not None for found in seen) <= 4)


async def test_it_is_asked_as_of_the_day_of_the_clock(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        assert answers.last.as_of == NOW.date()
        await to_table(pilot)
        assert shown(pilot) == ["Marta Smith", "王建国", "José Rossi"]
