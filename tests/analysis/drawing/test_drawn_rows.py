"""Test grids of shaded cells, and timelines."""

from dataclasses import replace
from datetime import date

from drawn import EURO, drawn, line_with
from pictured import COHORTS, DUE, SWITCHING

from archive.analysis.drawing.draw import draw
from archive.analysis.drawing.style import Room, text_of
from archive.analysis.pictures import Grid, Span, Timeline

# Grid


def test_grid_cells_show_their_numbers_and_unobserved_cells_are_blank():
    lines = drawn(COHORTS)
    assert line_with(lines, "2026-01").split()[1:] == "100 90 81 73 66 59 53 48 43 39 35 31".split()
    assert line_with(lines, "2026-12").split()[1:] == ["72"]


def test_omitted_columns_are_counted():
    assert drawn(COHORTS, 50)[-1] == "… 4 more columns on the right"


def test_shades_grow_with_the_value_and_zero_has_none():
    grid = Grid(key="g", label="G", rows=("r",), columns=("a", "b", "c", "d"), cells=((0, 1, 50, 100),))
    roles = [ink.role for ink in draw(grid, Room(80, 9, EURO))[-1][1:]]
    assert roles == ["", "heat1", "heat3", "heat5"]


def test_an_all_zero_grid_has_no_shades():
    grid = Grid(key="g", label="G", rows=("r",), columns=("a", "b"), cells=((0, float("nan")),))
    *_head, row = draw(grid, Room(80, 9, EURO))
    assert [ink.role for ink in row[1:]] == ["", ""]
    assert text_of(row).split() == ["r", "0", "-"]


def test_long_column_names_wrap_between_words():
    lines = drawn(SWITCHING)
    assert "promise or" in lines[1]
    assert "kept by them" in lines[3]
    assert lines[3].endswith("kept by them")


def test_a_word_that_is_too_long_is_cut():
    grid = Grid(key="g", label="G", rows=("r",), columns=("Donaudampfschifffahrt" * 3, ""), cells=((1, 2),))
    assert "…" in "".join(drawn(grid, 40))


# Timeline


def test_spans_show_their_state_sign_and_dates():
    lines = drawn(DUE)
    assert "✗" in line_with(lines, "2026/17")
    assert "2026-01-10 to 11-10" in line_with(lines, "2026/17")
    assert "2026-03-01 to 2027-02-28" in line_with(lines, "Globex")
    assert "◆" in line_with(lines, "Vandelay")


def test_today_is_a_dated_line():
    lines = drawn(DUE)
    assert lines[-1].strip() == "┊ today, 2026-11-21"
    assert lines[-1].index("┊") == line_with(lines, "Vandelay").index("┊")


def test_on_a_narrow_screen_the_span_is_drawn_below_its_label():
    lines = drawn(DUE, 50)
    at = lines.index(line_with(lines, "Chen"))
    assert "4 days late" in lines[at]
    assert "━" in lines[at + 1]
    assert lines[-1].endswith("today, 2026-11-21 ┊")


def test_a_timeline_without_today_has_no_today_line():
    assert "today" not in "".join(drawn(replace(DUE, today=None)))


def test_a_single_day_can_be_a_timeline_even_the_last_date():
    for day in (date.max, date.min, date(2026, 11, 21)):
        assert "◆" in "".join(drawn(Timeline(key="t", label="T", spans=(Span("s", day, day),))))


def test_swapped_dates_still_form_a_span():
    span = Span("s", date(2026, 5, 1), date(2026, 2, 1))
    assert "━━" in "".join(drawn(Timeline(key="t", label="T", spans=(span,))))
