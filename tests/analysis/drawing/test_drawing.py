"""Pictures in cells: what they look like at three widths, and what holds for any of them."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictured import (
    AMOUNTS,
    ARMS,
    COHORTS,
    DELIVERED,
    DUE,
    EMPTY,
    LORENZ,
    LOSS,
    MANY_SUPPLIERS,
    MOVEMENT,
    SALES,
    SAMPLES,
    SUPPLIERS,
    SURVIVAL,
    SWITCHING,
    TERMS,
    WALLETS,
    WATERFALL,
)
from strategies import HOSTILE

from archive.analysis import pictures
from archive.analysis.drawing.axes import finite, marks, rounded_up, step_for
from archive.analysis.drawing.bars import MARK, filled
from archive.analysis.drawing.draw import RENDERERS, draw, heading
from archive.analysis.drawing.ink import FILLS, ROLES, SERIES, Ink, Room, cut, cut_line, fit, text_of, wrapped
from archive.analysis.pictures import (
    Bar,
    Bars,
    Bridge,
    Dot,
    Grid,
    Line,
    Lines,
    Part,
    Picture,
    Point,
    Quadrants,
    Span,
    Stack,
    Stacked,
    Step,
    Timeline,
)
from archive.analysis.shown import Form
from archive.text import cell_width

GOLDEN = Path(__file__).parents[2] / "golden"
WIDTHS = (50, 80, 200)
HEIGHT = 18
EURO = Form(".", "EUR")
STEERING = {
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u200f",
}


def drawn(picture, width=80, height=HEIGHT, form=EURO):
    return [text_of(line) for line in draw(picture, Room(width, height, form))]


def line_with(lines, text):
    return next(line for line in lines if text in line)


# What every picture keeps to


def subclasses(cls):
    return {found for sub in cls.__subclasses__() for found in {sub, *subclasses(sub)}}


def test_every_kind_of_picture_has_what_draws_it():
    assert subclasses(Picture) == set(RENDERERS)
    assert {type(picture) for picture in SAMPLES.values()} == set(RENDERERS)
    assert all(cls.__module__ == pictures.__name__ for cls in RENDERERS)


def compare_with_golden(text, name):
    """GOLDEN=write writes the file anew; look at the difference before it is kept."""
    path = GOLDEN / name
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", WIDTHS)
def test_pictures_look_as_they_did(width):
    text = "\n\n".join("\n".join(drawn(picture, width)) for picture in SAMPLES.values()) + "\n"
    compare_with_golden(text, f"pictures-{width}.txt")


@pytest.mark.parametrize("width", [20, 33, *WIDTHS])
@pytest.mark.parametrize("height", [4, 8, 40])
@pytest.mark.parametrize("picture", SAMPLES.values(), ids=SAMPLES)
def test_no_line_is_wider_than_the_room_and_every_role_is_known(picture, width, height):
    lines = draw(picture, Room(width, height, EURO))
    assert all(cell_width(text_of(line)) <= width for line in lines)
    assert {ink.role for line in lines for ink in line} <= ROLES


@pytest.mark.parametrize("picture", [TERMS, AMOUNTS, SUPPLIERS, COHORTS, WATERFALL, DUE], ids=lambda p: p.key)
@pytest.mark.parametrize("height", range(8, 24, 3))
def test_a_picture_of_lines_keeps_to_its_height_and_says_what_is_missing(picture, height):
    lines = drawn(picture, 120, height)
    assert len(lines) <= height
    whole = drawn(picture, 120, 100)
    assert len(whole) <= height or "more" in "\n".join(lines)


@pytest.mark.parametrize("picture", [SURVIVAL, ARMS, LORENZ, SALES, WALLETS], ids=lambda p: p.key)
@pytest.mark.parametrize("height", [14, 18, 30])
def test_a_plot_fills_its_height(picture, height):
    assert height - 2 <= len(drawn(picture, 80, height)) <= height


@pytest.mark.parametrize(
    "picture",
    [
        Bars(key="b", label="Bars", empty=EMPTY),
        Lines(key="l", label="Lines", lines=(Line("a", ()),), empty=EMPTY),
        Stacked(key="s", label="Stacked", empty=EMPTY),
        Grid(key="g", label="Grid", empty=EMPTY),
        Quadrants(key="q", label="Quadrants", empty=EMPTY),
        Bridge(key="r", label="Bridge", empty=EMPTY),
        Timeline(key="t", label="Timeline", empty=EMPTY),
    ],
    ids=lambda p: p.key,
)
def test_an_empty_picture_says_why(picture):
    assert drawn(picture) == [picture.label, EMPTY]
    assert " ".join(drawn(picture, 20)[1:]) == EMPTY


def hostile_pictures(text):
    day = date(2026, 11, 21)
    yield Bars(key="b", label=text, bars=(Bar(text, 1, 2, 1, text), Bar(text, -1, note=text)))
    yield Lines(
        key="l", label=text, x_label=text, lines=(Line(text, (Point(0, 1, 0, 2), Point(1, 2, 1, 3))),)
    )
    yield Stacked(key="s", label=text, stacks=(Stack(text, (Part(text, 1), Part("b", 2))),))
    yield Grid(key="g", label=text, rows=(text,), columns=(text, "b"), cells=((1, None),))
    yield Quadrants(
        key="q", label=text, dots=(Dot(text, 0.2, 1),), names=(text,) * 4, x_label=text, y_label=text
    )
    yield Bridge(key="r", label=text, steps=(Step(text, 3, total=True), Step(text, -1)))
    yield Timeline(key="t", label=text, spans=(Span(text, day, day, "late", text),), today=day)
    yield Bars(key="e", label=text, empty=text)


@pytest.mark.parametrize("width", [20, 50, 80])
def test_text_from_outside_is_shown_and_steers_nothing(hostile, width):
    for picture in hostile_pictures(hostile):
        lines = drawn(picture, width)
        assert not [line for line in lines if STEERING & set(line)]
        assert all(cell_width(line) <= width for line in lines)


values = st.floats() | st.integers(-(10**6), 10**6).map(float) | st.just(0.0)
maybe = st.none() | values
names = st.text(max_size=30) | st.sampled_from([text for text in HOSTILE if len(text) < 100])
days = st.dates()
units = st.sampled_from(["count", "number", "share", "money", "days"])


def some(cls, **fields):
    return st.builds(cls, **{name: st.lists(part, max_size=9).map(tuple) for name, part in fields.items()})


points = st.builds(Point, values, values, maybe, maybe)
any_picture = st.one_of(
    st.builds(
        Bars,
        key=st.just("b"),
        label=names,
        unit=units,
        bars=st.lists(st.builds(Bar, names, values, maybe, maybe, names), max_size=9).map(tuple),
    ),
    st.builds(
        Lines,
        key=st.just("l"),
        label=names,
        unit=units,
        x_label=names,
        x_step=st.sampled_from([0.0, 12.0]),
        diagonal=st.booleans(),
        lowest=maybe,
        highest=maybe,
        lines=st.lists(
            st.builds(Line, names, st.lists(points, max_size=5).map(tuple), st.booleans()), max_size=8
        ).map(tuple),
    ),
    st.builds(
        Stacked,
        key=st.just("s"),
        label=names,
        stacks=st.lists(
            st.builds(Stack, names, st.lists(st.builds(Part, names, values), max_size=9).map(tuple), maybe),
            max_size=9,
        ).map(tuple),
    ),
    st.integers(1, 4).flatmap(
        lambda n: st.builds(
            Grid,
            key=st.just("g"),
            label=names,
            unit=units,
            rows=st.tuples(names, names),
            columns=st.tuples(*[names] * n),
            cells=st.tuples(st.tuples(*[maybe] * n), st.tuples(*[maybe] * n)),
        )
    ),
    st.builds(
        Quadrants,
        key=st.just("q"),
        label=names,
        dots=st.lists(st.builds(Dot, names, values, values, values), max_size=60).map(tuple),
        split_x=values,
        split_y=values,
        names=st.tuples(names, names, names, names),
        x_label=names,
        y_label=names,
    ),
    st.builds(
        Bridge,
        key=st.just("r"),
        label=names,
        unit=units,
        steps=st.lists(st.builds(Step, names, values, st.booleans()), max_size=9).map(tuple),
    ),
    st.builds(
        Timeline,
        key=st.just("t"),
        label=names,
        spans=st.lists(
            st.builds(Span, names, days, days, st.sampled_from(["good", "late", "bad", "open", ""]), names),
            max_size=9,
        ).map(tuple),
        today=st.none() | days,
    ),
)


@given(any_picture, st.integers(20, 200), st.integers(4, 40))
def test_anything_can_be_drawn_in_any_room(picture, width, height):
    lines = draw(picture, Room(width, height, EURO))
    assert all(cell_width(text_of(line)) <= width for line in lines)
    assert {ink.role for line in lines for ink in line} <= ROLES
    assert not [line for line in lines if STEERING & set(text_of(line))]


def test_what_cannot_be_told_apart_by_colour_has_signs_of_its_own():
    assert len(set(FILLS)) == len(SERIES)
    assert all(cell_width(fill) == 1 for fill in FILLS)


# Bars


def test_a_bar_says_its_number_and_its_mark():
    line = line_with(drawn(TERMS, 120), "Globex")
    assert "71 %" in line
    assert f"{MARK} 80 %" in line
    assert "time 80 % !" in line
    assert line.count(MARK) == 2  # on the bar, and in words


def test_where_there_is_no_room_beside_the_bar_its_words_stand_below():
    lines = drawn(TERMS, 50)
    at = lines.index(line_with(lines, "Globex"))
    assert "time 80 % !" in lines[at + 1]


def test_a_bar_over_its_whole_ends_in_an_arrow():
    assert line_with(drawn(TERMS), "Vandelay").endswith("▶")


def test_bars_without_a_whole_are_measured_by_the_longest():
    bars = Bars(key="b", label="B", bars=(Bar("long", 100), Bar("half", 50), Bar("none", 0)))
    lengths = [line.count("█") for line in drawn(bars, 60)[1:]]
    assert lengths[0] == 2 * lengths[1] or lengths[0] == 2 * lengths[1] + 1
    assert lengths[2] == 0


def test_what_is_more_than_nothing_can_be_seen():
    assert filled(0.0001, 10).strip()
    assert not filled(0, 10).strip()
    assert filled(99, 10) == "█" * 10


def test_negative_bars_go_the_other_way_from_the_axis():
    lines = drawn(AMOUNTS)
    taken, given = line_with(lines, "Crates"), line_with(lines, "Rice")
    assert taken.index("█") < taken.index("│")
    assert given.index("█") > given.index("│")
    assert "-18,400" in taken


def test_a_mark_on_the_negative_side_lies_there():
    bars = Bars(key="b", label="B", bars=(Bar("a", 10, mark=-10), Bar("b", -10, mark=10)))
    first, second = drawn(bars, 60)[1:]
    assert first.index(MARK) < first.index("│")
    assert second.index("│") < second.index(MARK)


def test_a_value_of_a_whole_that_is_no_share_says_both():
    lines = drawn(DELIVERED)
    assert "142 of 200" in line_with(lines, "2026/17")
    assert "3 of 0" in line_with(lines, "2026/19")
    assert "█" not in line_with(lines, "2026/19")


def test_bars_that_are_all_nothing_have_no_length():
    bars = Bars(key="b", label="B", bars=(Bar("a", 0, mark=0), Bar("b", 0)))
    assert not set("█▏") & set("".join(drawn(bars)))


# Lines


def test_the_values_of_a_line_stand_below_the_marks_of_its_axis():
    lines = drawn(SURVIVAL)
    at = lines[-4].index("24")
    assert lines[-4].startswith("months")
    assert lines[-3].startswith("all")
    assert "61 %" in lines[-3][at - 3 : at + 3]
    assert "50 %" in lines[-2][at - 3 : at + 3]
    assert "69 %" in lines[-1][at - 3 : at + 3]


def test_several_lines_carry_their_numbers():
    lines = drawn(ARMS)
    plot = "".join(lines[1:-5])
    assert all(f"{number}" in plot for number in (1, 2, 3))
    assert lines[-2].startswith("2 展会")


def test_a_line_that_ends_earlier_says_nothing_beyond():
    lines = drawn(ARMS)
    assert len(lines[-2]) < len(lines[-3])


def test_lines_beyond_the_sixth_are_counted():
    line = Line("x", (Point(0, 1), Point(1, 2)))
    lines = drawn(replace(ARMS, lines=(line,) * 8), 80, 30)
    assert lines[-1] == "… 2 more"


def test_the_axis_reaches_over_the_highest_value():
    assert line_with(drawn(SALES), "┤").split()[0] == "15k"


def test_an_axis_may_begin_at_the_lowest_value_or_below_nothing():
    points = (Point(0, 40), Point(5, 60))
    free = Lines(key="l", label="L", lines=(Line("a", points),), lowest=None)
    assert line_with(reversed(drawn(free)), "┤").split()[0] == "40"
    below = Lines(key="l", label="L", lines=(Line("a", (Point(0, -40), Point(5, 60))),))
    assert line_with(reversed(drawn(below)), "┤").split()[0] == "-40"


def test_one_point_makes_a_picture():
    assert "7" in drawn(Lines(key="l", label="L", lines=(Line("a", (Point(3, 7),)),)))[-1]


def test_a_line_at_nothing_lies_on_the_axis():
    lines = drawn(Lines(key="l", label="L", lines=(Line("a", (Point(0, 0), Point(5, 0))),)))
    assert "⣀" in lines[-4]


def test_a_band_that_is_not_known_everywhere_is_drawn_where_it_is():
    line = Line("a", (Point(0, 0.5), Point(5, 0.5, 0.2, 0.8), Point(10, 0.5, None, None)), steps=True)
    lines = drawn(Lines(key="l", label="L", unit="share", lines=(line,), highest=1.0))
    assert "░" in "".join(lines)
    assert "-" in lines[-1]


# Stacked


def test_equal_labels_get_equal_fills_and_shares_are_said():
    lines = drawn(SUPPLIERS)
    assert lines[1].startswith("██ ours   ▓▓ Hanse")
    assert lines[2].split() == ["█", "▓", "▒", "░", "%"]
    assert line_with(lines, "Globex").split()[-4:] == ["41", "30", "29", "-"]
    assert set(line_with(lines, "Vandelay")) & set(FILLS) == {"▓", "░"}


def test_over_the_total_all_parts_are_narrower_but_the_share_is_told():
    assert "133" in line_with(drawn(SUPPLIERS), "Chen")


def test_a_stack_without_a_total_has_no_shares():
    assert line_with(drawn(SUPPLIERS), "Nothing").split() == ["Nothing", "known", "-", "-", "-", "-"]


def test_parts_beyond_the_sixth_fill_are_added_up():
    lines = drawn(MANY_SUPPLIERS)
    assert "·· others" in " ".join(lines[1:3])
    assert line_with(lines, "Rossi").split()[-1] == "50"


# Grid


def test_the_cells_of_a_grid_say_their_numbers_and_what_is_not_observed_is_blank():
    lines = drawn(COHORTS)
    assert line_with(lines, "2026-01").split()[1:] == "100 90 81 73 66 59 53 48 43 39 35 31".split()
    assert line_with(lines, "2026-12").split()[1:] == ["72"]


def test_columns_without_room_are_counted():
    assert drawn(COHORTS, 50)[-1] == "… 4 more columns at the right"


def test_shades_grow_with_the_value_and_nothing_has_none():
    grid = Grid(key="g", label="G", rows=("r",), columns=("a", "b", "c", "d"), cells=((0, 1, 50, 100),))
    roles = [ink.role for ink in draw(grid, Room(80, 9, EURO))[-1][1:]]
    assert roles == ["", "heat1", "heat3", "heat5"]


def test_a_grid_of_nothing_has_no_shades():
    grid = Grid(key="g", label="G", rows=("r",), columns=("a", "b"), cells=((0, float("nan")),))
    *_head, row = draw(grid, Room(80, 9, EURO))
    assert [ink.role for ink in row[1:]] == ["", ""]
    assert text_of(row).split() == ["r", "0", "-"]


def test_long_names_of_columns_are_broken_between_words():
    lines = drawn(SWITCHING)
    assert "promise or" in lines[1]
    assert "kept by them" in lines[3]
    assert lines[3].endswith("kept by them")


def test_a_word_that_is_too_long_is_cut():
    grid = Grid(key="g", label="G", rows=("r",), columns=("Donaudampfschifffahrt" * 3, ""), cells=((1, 2),))
    assert "…" in "".join(drawn(grid, 40))


# Quadrants


def test_dots_are_letters_that_are_listed_with_their_numbers():
    lines = drawn(WALLETS)
    assert "A Globex Foods         71 %    128,000" in "\n".join(lines)
    assert "B 北方贸易" in "\n".join(lines[-4:])


@pytest.mark.parametrize("name", ["grow", "defend", "harvest", "maintain"])
def test_every_field_has_its_name(name):
    assert name in "\n".join(drawn(WALLETS))


def test_the_split_lies_in_the_middle_whatever_is_beside_it():
    dots = (Dot("low", 0.0, 0), Dot("high", 0.9, 10**9))
    lines = drawn(Quadrants(key="q", label="Q", dots=dots, split_x=0.8, split_y=5))
    cross = line_with(lines, "┼")
    assert cross.split()[0] == "5"
    assert abs(cross.index("┼") - (80 + 7) // 2) <= 3


def test_more_dots_than_letters_are_dots():
    dots = tuple(Dot(f"n{at}", at / 100, at, weight=-at) for at in range(60))
    text = "\n".join(drawn(Quadrants(key="q", label="Q", dots=dots), 200, 40))
    assert "●" in text
    assert "more" not in text.splitlines()[-1] or "60" not in text.splitlines()[-1]


def test_an_accent_stays_on_its_letter_beside_a_dot():
    quadrants = Quadrants(key="q", label="Q", dots=(Dot("Jose\u0301 Ro", 0.1, 1),), split_y=5)
    assert "A Jose\u0301 Ro" in "\n".join(drawn(quadrants))


# Bridge


def test_each_step_begins_where_the_one_before_ended():
    lines = drawn(MOVEMENT)
    opening, new, lost = (line_with(lines, name) for name in ("Opening", "New", "Lost"))
    assert len(opening) == new.index("▓")
    assert len(new) == len(lost)
    assert "+14" in new
    assert "-23" in lost


def test_small_steps_between_large_levels_are_seen_on_a_broken_axis():
    assert "/█" in line_with(drawn(MOVEMENT), "Opening")
    assert "▓" in line_with(drawn(WATERFALL), "Won back")


def test_levels_below_nothing_lie_left_of_it():
    lines = drawn(LOSS)
    assert line_with(lines, "Now").rstrip().index("█") < line_with(lines, "Before").index("█")


def test_a_bridge_of_nothing_has_no_bars():
    bridge = Bridge(
        key="b", label="B", steps=(Step("a", 0, total=True), Step("b", 0), Step("c", 0, total=True))
    )
    assert not set("█▓▒") & set("".join(drawn(bridge)))


# Timeline


def test_spans_have_the_sign_of_their_state_and_their_days_in_words():
    lines = drawn(DUE)
    assert "✗" in line_with(lines, "2026/17")
    assert "2026-01-10 to 11-10" in line_with(lines, "2026/17")
    assert "2026-03-01 to 2027-02-28" in line_with(lines, "Globex")
    assert "◆" in line_with(lines, "Vandelay")


def test_today_is_a_line_with_its_day():
    lines = drawn(DUE)
    assert lines[-1].strip() == "┊ today, 2026-11-21"
    assert lines[-1].index("┊") == line_with(lines, "Vandelay").index("┊")


def test_where_it_is_narrow_the_span_stands_below_its_words():
    lines = drawn(DUE, 50)
    at = lines.index(line_with(lines, "Chen"))
    assert "4 days late" in lines[at]
    assert "━" in lines[at + 1]
    assert lines[-1].endswith("today, 2026-11-21 ┊")


def test_a_timeline_without_today_has_no_line_for_it():
    assert "today" not in "".join(drawn(replace(DUE, today=None)))


def test_a_single_day_makes_a_timeline_even_at_the_end_of_time():
    for day in (date.max, date.min, date(2026, 11, 21)):
        assert "◆" in "".join(drawn(Timeline(key="t", label="T", spans=(Span("s", day, day),))))


def test_days_in_the_wrong_order_are_a_span_all_the_same():
    span = Span("s", date(2026, 5, 1), date(2026, 2, 1))
    assert "━━" in "".join(drawn(Timeline(key="t", label="T", spans=(span,))))


# What they are made of


def named(picture, width):
    return [text_of(line) for line in heading(picture, Room(width, 9, EURO))]


def test_the_unit_stands_beside_the_name():
    assert named(AMOUNTS, 80) == ["Revenue by category  EUR"]
    assert named(replace(AMOUNTS, label="", unit="count"), 80) == [""]


def test_a_long_name_goes_on_in_the_next_line_and_no_further():
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
def test_a_text_is_cut_between_signs(text, width, shown):
    assert cut(text, width) == shown
    assert cell_width(fit(text, width)) == width


def test_a_text_stands_where_it_is_wanted():
    assert fit("ab", 5, "right") == "   ab"
    assert fit("ab", 5, "center") == " ab  "
    assert fit("ab", -1) == ""


def test_accents_stacked_up_are_cut_unread():
    assert cell_width(cut("a" + "\u0301" * 1000, 5)) <= 5


def test_a_line_is_cut_where_it_is_too_long():
    assert text_of(cut_line([Ink("abc"), Ink("def")], 5)) == "abcd…"[:3] + "d…"
    assert text_of(cut_line([Ink("abc"), Ink("def")], 3)) == "ab…"[:2] + "c"


def test_pieces_are_put_on_as_many_lines_as_it_takes():
    lines = wrapped([[Ink("aaaa")], [Ink("bbbb")], [Ink("cccc")]], 11)
    assert [text_of(line) for line in lines] == ["aaaa   bbbb", "cccc"]
    assert wrapped([], 11) == []


def test_the_steps_of_an_axis_are_round():
    assert [step_for(span, 5) for span in (1, 10, 48, 0.07, 0)] == [0.25, 2.5, 20.0, 0.02, 1.0]
    assert marks(0, 48, 6, 12) == [0, 12, 24, 36, 48]
    assert marks(0.21, 0.29, 2) == [0.21]
    assert marks(5, 5, 3) == [5]
    assert rounded_up(14_800, 0) == 15_000


def test_what_has_no_length_or_no_end_is_drawn_all_the_same():
    assert finite(None) == finite(float("nan")) == finite(5e-324) == 0
    assert finite(float("inf")) == 1e300
