"""Test line charts and scatter plots with quadrants."""

from dataclasses import replace

import pytest
from drawn import drawn, line_with
from pictured import ARMS, SALES, SURVIVAL, WALLETS

from archive.analysis.pictures import Dot, Line, Lines, Point, Quadrants

# Lines


def test_line_values_align_with_the_axis_marks():
    lines = drawn(SURVIVAL)
    at = lines[-4].index("24")
    assert lines[-4].startswith("months")
    assert lines[-3].startswith("all")
    assert "61 %" in lines[-3][at - 3 : at + 3]
    assert "50 %" in lines[-2][at - 3 : at + 3]
    assert "69 %" in lines[-1][at - 3 : at + 3]


def test_several_lines_are_numbered():
    lines = drawn(ARMS)
    plot = "".join(lines[1:-5])
    assert all(f"{number}" in plot for number in (1, 2, 3))
    assert lines[-2].startswith("2 展会")


def test_a_shorter_line_shows_no_values_after_its_end():
    lines = drawn(ARMS)
    assert len(lines[-2]) < len(lines[-3])


def test_lines_after_the_sixth_are_counted():
    line = Line("x", (Point(0, 1), Point(1, 2)))
    lines = drawn(replace(ARMS, lines=(line,) * 8), 80, 30)
    assert lines[-1] == "… 2 more"


def test_the_axis_extends_above_the_highest_value():
    assert line_with(drawn(SALES), "┤").split()[0] == "15k"


def test_an_axis_can_start_at_the_lowest_value_or_below_zero():
    points = (Point(0, 40), Point(5, 60))
    free = Lines(key="l", label="L", lines=(Line("a", points),), lowest=None)
    assert line_with(reversed(drawn(free)), "┤").split()[0] == "40"
    below = Lines(key="l", label="L", lines=(Line("a", (Point(0, -40), Point(5, 60))),))
    assert line_with(reversed(drawn(below)), "┤").split()[0] == "-40"


def test_a_single_point_can_be_plotted():
    assert "7" in drawn(Lines(key="l", label="L", lines=(Line("a", (Point(3, 7),)),)))[-1]


def test_a_line_at_zero_lies_on_the_axis():
    lines = drawn(Lines(key="l", label="L", lines=(Line("a", (Point(0, 0), Point(5, 0))),)))
    assert "⣀" in lines[-4]


def test_a_partly_unknown_band_is_drawn_where_known():
    line = Line("a", (Point(0, 0.5), Point(5, 0.5, 0.2, 0.8), Point(10, 0.5, None, None)), steps=True)
    lines = drawn(Lines(key="l", label="L", unit="share", lines=(line,), highest=1.0))
    assert "░" in "".join(lines)
    assert "-" in lines[-1]


# Quadrants


def test_points_are_letters_explained_in_a_legend():
    lines = drawn(WALLETS)
    assert "A Globex Foods         71 %    128,000" in "\n".join(lines)
    assert "B 北方贸易" in "\n".join(lines[-4:])


@pytest.mark.parametrize("name", ["grow", "defend", "harvest", "maintain"])
def test_every_quadrant_is_labelled(name):
    assert name in "\n".join(drawn(WALLETS))


def test_the_split_is_centred_whatever_surrounds_it():
    dots = (Dot("low", 0.0, 0), Dot("high", 0.9, 10**9))
    lines = drawn(Quadrants(key="q", label="Q", dots=dots, split_x=0.8, split_y=5))
    cross = line_with(lines, "┼")
    assert cross.split()[0] == "5"
    assert abs(cross.index("┼") - (80 + 7) // 2) <= 3


def test_points_beyond_the_alphabet_are_plain_dots():
    dots = tuple(Dot(f"n{at}", at / 100, at, weight=-at) for at in range(60))
    text = "\n".join(drawn(Quadrants(key="q", label="Q", dots=dots), 200, 40))
    assert "●" in text
    assert "more" not in text.splitlines()[-1] or "60" not in text.splitlines()[-1]


def test_a_combining_accent_stays_on_its_letter():
    quadrants = Quadrants(key="q", label="Q", dots=(Dot("Jose\u0301 Ro", 0.1, 1),), split_y=5)
    assert "A Jose\u0301 Ro" in "\n".join(drawn(quadrants))
