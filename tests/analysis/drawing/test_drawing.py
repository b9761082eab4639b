"""Test pictures at three widths, and properties that all pictures share."""

import pytest
from drawn import EURO, STEERING, compare_with_golden, drawn
from hypothesis import given
from hypothesis import strategies as st
from pictured import (
    AMOUNTS,
    ARMS,
    COHORTS,
    DUE,
    EMPTY,
    LORENZ,
    NOTHING,
    SALES,
    SAMPLES,
    SUPPLIERS,
    SURVIVAL,
    TERMS,
    WALLETS,
    WATERFALL,
    any_picture,
    hostile_pictures,
)

from archive.analysis import pictures
from archive.analysis.drawing.draw import RENDERERS, draw
from archive.analysis.drawing.style import FILLS, ROLES, SERIES, Room, text_of
from archive.analysis.pictures import Picture
from archive.text import cell_width

WIDTHS = (50, 80, 200)


def subclasses(cls):
    return {found for sub in cls.__subclasses__() for found in {sub, *subclasses(sub)}}


def test_every_chart_type_has_a_renderer():
    assert subclasses(Picture) == set(RENDERERS)
    assert {type(picture) for picture in SAMPLES.values()} == set(RENDERERS)
    assert all(cls.__module__ == pictures.__name__ for cls in RENDERERS)


@pytest.mark.parametrize("width", WIDTHS)
def test_charts_match_their_goldens(width):
    text = "\n\n".join("\n".join(drawn(picture, width)) for picture in SAMPLES.values()) + "\n"
    compare_with_golden(text, f"pictures-{width}.txt")


@pytest.mark.parametrize("width", [20, 33, *WIDTHS])
@pytest.mark.parametrize("height", [4, 8, 40])
@pytest.mark.parametrize("picture", SAMPLES.values(), ids=SAMPLES)
def test_lines_fit_the_width_and_use_known_roles(picture, width, height):
    lines = draw(picture, Room(width, height, EURO))
    assert all(cell_width(text_of(line)) <= width for line in lines)
    assert {ink.role for line in lines for ink in line} <= ROLES


@pytest.mark.parametrize("picture", [TERMS, AMOUNTS, SUPPLIERS, COHORTS, WATERFALL, DUE], ids=lambda p: p.key)
@pytest.mark.parametrize("height", range(8, 24, 3))
def test_a_line_chart_keeps_its_height_and_counts_omitted_lines(picture, height):
    lines = drawn(picture, 120, height)
    assert len(lines) <= height
    whole = drawn(picture, 120, 100)
    assert len(whole) <= height or "more" in "\n".join(lines)


@pytest.mark.parametrize("picture", [SURVIVAL, ARMS, LORENZ, SALES, WALLETS], ids=lambda p: p.key)
@pytest.mark.parametrize("height", [14, 18, 30])
def test_a_plot_fills_its_height(picture, height):
    assert height - 2 <= len(drawn(picture, 80, height)) <= height


@pytest.mark.parametrize("picture", NOTHING, ids=lambda p: p.key)
def test_an_empty_chart_shows_the_reason(picture):
    assert drawn(picture) == [picture.label, EMPTY]
    assert " ".join(drawn(picture, 20)[1:]) == EMPTY


@pytest.mark.parametrize("width", [20, 50, 80])
def test_outside_text_is_shown_without_control_characters(hostile, width):
    for picture in hostile_pictures(hostile):
        lines = drawn(picture, width)
        assert not [line for line in lines if STEERING & set(line)]
        assert all(cell_width(line) <= width for line in lines)


@given(any_picture, st.integers(20, 200), st.integers(4, 40))
def test_any_chart_can_be_drawn_at_any_size(picture, width, height):
    lines = draw(picture, Room(width, height, EURO))
    assert all(cell_width(text_of(line)) <= width for line in lines)
    assert {ink.role for line in lines for ink in line} <= ROLES
    assert not [line for line in lines if STEERING & set(text_of(line))]


def test_series_differ_by_sign_as_well_as_colour():
    assert len(set(FILLS)) == len(SERIES)
    assert all(cell_width(fill) == 1 for fill in FILLS)
