"""Test reports as text: complete, with no number cut short."""

from dataclasses import replace
from decimal import Decimal

import pytest
from drawn import STEERING, compare_with_golden, line_with
from reported import DUE_TERMS, REPORT
from strategies import COMMA, PLAIN

from archive.analysis.drawing.report_text import text_lines
from archive.analysis.report import MONEY, Column, Report, Row, Table
from archive.text import cell_width


def text(report, width=80, ctx=PLAIN):
    return list(text_lines(report, width, ctx))


@pytest.mark.parametrize("width", [50, 80, 200])
def test_a_report_matches_its_golden(width):
    compare_with_golden("\n".join(text(REPORT, width)) + "\n", f"report-{width}.txt")


def test_the_subtitle_shows_as_of_date_period_and_n():
    assert text(REPORT)[:2] == [
        "Contract fulfilment",
        "as of 2026-11-21 Sat · 2025-11-22 to 2026-11-21 · EUR · n = 52",
    ]


def test_a_figure_line_has_interval_n_and_the_previous_period():
    line = line_with(text(REPORT), "On time in full")
    assert line.split("  ")[-4:] == ["71 %", "(58 to 81)", "n = 52", "▼ from 83 %"]


def test_an_undefined_figure_shows_the_reason():
    assert line_with(text(REPORT), "Renewals").endswith("-  No contract has an end.")
    lines = text(REPORT, 40)
    at = lines.index(line_with(lines, "Renewals"))
    assert lines[at + 1].strip() == "No contract has an end."


@pytest.mark.parametrize("width", [40, 50, 60, 80])
def test_figure_notes_fit_the_page(width):
    lines = text(replace(REPORT, tables=(), pictures=()), width)
    assert max(map(cell_width, lines)) <= width


def test_short_texts_are_cut_last_and_empty_tables_have_no_note():
    columns = (Column("who", "Customer"), Column("number", "Contract"), Column("what", "What"))
    cells = ("Example Trading House", "K-2026-018", "a service visit with all that belongs to it")
    table = Table(key="t", label="Terms", columns=columns, rows=(Row(cells),), note="Of ours.", empty="None.")
    (report,) = [replace(REPORT, tables=(table,))]
    assert "K-2026-018" in line_with(text(report, 40), "Example")
    assert "K-2026-…" in line_with(text(report, 30), "Exampl")
    lines = text(replace(REPORT, tables=(replace(table, rows=()),)), 40)
    assert "  None." in lines
    assert "  Of ours." not in lines


def test_numbers_use_the_readers_separators():
    assert "18.201 EUR" in line_with(text(REPORT, 80, COMMA), "Overdue now")


def test_a_table_has_its_count_its_note_and_its_columns():
    lines = text(REPORT, 100)
    at = lines.index("Due in the next 90 days (3)")
    assert lines[at + 1] == "  Terms of ours only."
    assert lines[at + 2].split() == ["Customer", "Due", "Value", "EUR", "Late", "Delivered", "What"]
    assert "1,200" in lines[at + 3]
    assert " 100  " in lines[at + 4]
    assert lines[at + 5].split()[:6] == ["José", "Rossi", "-", "-", "-", "-"]


def test_on_a_narrow_screen_text_is_cut_before_numbers():
    table = replace(DUE_TERMS, rows=(Row(("x" * 60, None, Decimal("123456.78"), None, None, "y" * 60)),))
    line = line_with(text(replace(REPORT, tables=(table,)), 60), "xxx")
    assert "123,457" in line
    assert cell_width(line) <= 60
    assert "…" in line


def test_numbers_that_do_not_fit_overflow():
    columns = tuple(Column(f"c{at}", "Amount of something", MONEY) for at in range(8))
    table = Table(key="t", label="T", columns=columns, rows=(Row((Decimal(10) ** 9,) * 8),))
    line = line_with(text(replace(REPORT, tables=(table,)), 50), "1,000,000,000")
    assert line.count("1,000,000,000") == 8


def test_an_empty_table_shows_its_message():
    lines = text(REPORT)
    at = lines.index("Overdue")
    assert lines[at + 1].strip().startswith("Nothing is overdue.")


def test_notes_come_last():
    assert text(REPORT, 100)[-1].startswith("* 2 sales in USD")


def test_an_empty_report_is_only_a_heading():
    empty = Report(
        name="r", title="R", as_of=REPORT.as_of, start=REPORT.start, end=REPORT.end, currency="XXX", n=0
    )
    assert text(empty)[0] == "R"
    assert " EUR" not in text(empty)[1]


def test_no_control_sequence_reaches_the_terminal(hostile):
    table = Table(
        key="t", label=hostile, columns=(Column("c", hostile),), rows=(Row((hostile,)),), note=hostile
    )
    report = replace(
        REPORT, title=hostile, tables=(table, replace(table, rows=(), empty=hostile)), notes=(hostile,)
    )
    assert not [line for line in text(report, 60) if STEERING & set(line)]


def test_a_long_chinese_sentence_wraps():
    report = replace(REPORT, notes=("王建国" * 60,))
    assert all(cell_width(line) <= 60 for line in text(report, 60)[-4:])
