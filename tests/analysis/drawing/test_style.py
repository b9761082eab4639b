"""Test the parts of pictures: names, truncated text, and axis ticks."""

from dataclasses import replace

import pytest
from drawn import EURO
from pictured import AMOUNTS, TERMS

from archive.analysis.drawing.axes import finite, marks, rounded_up, step_for
from archive.analysis.drawing.draw import heading
from archive.analysis.drawing.style import Ink, Room, cut, cut_line, fit, text_of, wrapped
from archive.text import cell_width


def named(picture, width):
    return [text_of(line) for line in heading(picture, Room(width, 9, EURO))]


def test_the_unit_follows_the_name():
    assert named(AMOUNTS, 80) == ["Revenue by category  EUR"]
    assert named(replace(AMOUNTS, label="", unit="count"), 80) == [""]


def test_a_long_name_wraps_to_one_more_line_only():
    name = "Delivered against committed, with the time that has passed as a mark beside what was promised"
    assert named(replace(TERMS, label=name), 58) == [
        "Delivered against committed, with the time that has",
        "passed as a mark beside what was promised  %",
    ]
    assert len(named(replace(TERMS, label=name * 3), 40)) == 2


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("王建国", 6, "王建国"),
        ("王建国", 5, "王建…"),
        ("王建国", 4, "王…"),
        ("abc", 0, ""),
        ("abc", 2, "a…"),
        ("", 3, ""),
    ],
)
def test_text_is_cut_between_characters(text, width, shown):
    assert cut(text, width) == shown
    assert cell_width(fit(text, width)) == width


def test_text_is_aligned_as_requested():
    assert fit("ab", 5, "right") == "   ab"
    assert fit("ab", 5, "center") == " ab  "
    assert fit("ab", -1) == ""


def test_a_pile_of_combining_accents_is_cut():
    assert cell_width(cut("a" + "\u0301" * 1000, 5)) <= 5


def test_a_line_is_cut_at_the_width():
    assert text_of(cut_line([Ink("abc"), Ink("def")], 5)) == "abcd…"[:3] + "d…"
    assert text_of(cut_line([Ink("abc"), Ink("def")], 3)) == "ab…"[:2] + "c"


def test_pieces_wrap_to_as_many_lines_as_needed():
    lines = wrapped([[Ink("aaaa")], [Ink("bbbb")], [Ink("cccc")]], 11)
    assert [text_of(line) for line in lines] == ["aaaa   bbbb", "cccc"]
    assert wrapped([], 11) == []


def test_the_steps_of_an_axis_are_round():
    assert [step_for(span, 5) for span in (1, 10, 48, 0.07, 0)] == [0.25, 2.5, 20.0, 0.02, 1.0]
    assert marks(0, 48, 6, 12) == [0, 12, 24, 36, 48]
    assert marks(0.21, 0.29, 2) == [0.21]
    assert marks(5, 5, 3) == [5]
    assert rounded_up(14_800, 0) == 15_000


def test_zero_and_infinite_values_can_be_drawn():
    assert finite(None) == finite(float("nan")) == finite(5e-324) == 0
    assert finite(float("inf")) == 1e300
