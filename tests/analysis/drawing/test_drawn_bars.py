"""Test bar charts, stacked bars and bridges."""

from drawn import drawn, line_with
from pictured import AMOUNTS, DELIVERED, LOSS, MANY_SUPPLIERS, MOVEMENT, SUPPLIERS, TERMS, WATERFALL

from archive.analysis.drawing.bars import MARK, filled
from archive.analysis.drawing.style import FILLS
from archive.analysis.pictures import Bar, Bars, Bridge, Part, Stack, Stacked, Step
from archive.analysis.report import SHARE

# Bars


def test_a_bar_shows_its_value_and_its_mark():
    line = line_with(drawn(TERMS, 120), "Globex")
    assert "71.0 %" in line  # with a decimal because another bar needs it
    assert f"{MARK} 80 %" in line
    assert "time 80 % !" in line
    assert line.count(MARK) == 2  # on the bar and in its label


def test_a_label_is_cut_before_the_text_beside_a_bar_moves_below_it():
    bars = Bars(
        key="b",
        label="B",
        unit=SHARE,
        bars=tuple(
            Bar(name, 0.125, mark=0.25, note="12 of 36") for name in ("dissatisfied with the goods", "died")
        ),
    )
    _title, *lines = drawn(bars, 58)
    assert [line.endswith("25 %  12 of 36") for line in lines] == [True, True]
    assert lines[0].startswith("dissatisfied with the…  ")


def test_text_that_does_not_fit_beside_the_bar_moves_below_it():
    lines = drawn(TERMS, 50)
    at = lines.index(line_with(lines, "Globex"))
    assert "time 80 % !" in lines[at + 1]


def test_a_bar_beyond_its_total_ends_in_an_arrow():
    assert line_with(drawn(TERMS), "Vandelay").endswith("▶")


def test_bars_without_a_total_are_scaled_to_the_longest():
    bars = Bars(key="b", label="B", bars=(Bar("long", 100), Bar("half", 50), Bar("none", 0)))
    lengths = [line.count("█") for line in drawn(bars, 60)[1:]]
    assert lengths[0] == 2 * lengths[1] or lengths[0] == 2 * lengths[1] + 1
    assert lengths[2] == 0


def test_a_tiny_value_is_still_visible():
    assert filled(0.0001, 10).strip()
    assert not filled(0, 10).strip()
    assert filled(99, 10) == "█" * 10


def test_negative_bars_extend_left_of_the_axis():
    lines = drawn(AMOUNTS)
    taken, given = line_with(lines, "Crates"), line_with(lines, "Rice")
    assert taken.index("█") < taken.index("│")
    assert given.index("█") > given.index("│")
    assert "-18,400" in taken


def test_a_negative_mark_lies_left_of_the_axis():
    bars = Bars(key="b", label="B", bars=(Bar("a", 10, mark=-10), Bar("b", -10, mark=10)))
    first, second = drawn(bars, 60)[1:]
    assert first.index(MARK) < first.index("│")
    assert second.index("│") < second.index(MARK)


def test_a_value_that_is_not_a_share_shows_the_value_and_its_total():
    lines = drawn(DELIVERED)
    assert "142 of 200" in line_with(lines, "2026/17")
    assert "3 of 0" in line_with(lines, "2026/19")
    assert "█" not in line_with(lines, "2026/19")


def test_bars_that_are_all_zero_have_no_length():
    bars = Bars(key="b", label="B", bars=(Bar("a", 0, mark=0), Bar("b", 0)))
    assert not set("█▏") & set("".join(drawn(bars)))


# Stacked bars


def test_equal_labels_get_equal_fills_and_shares_are_shown():
    lines = drawn(SUPPLIERS)
    assert lines[1].startswith("██ ours   ▓▓ Hanse")
    assert lines[2].split() == ["█", "▓", "▒", "░", "%"]
    assert line_with(lines, "Globex").split()[-4:] == ["41", "30", "29", "-"]
    assert set(line_with(lines, "Vandelay")) & set(FILLS) == {"▓", "░"}


def test_parts_above_the_total_are_narrowed_but_keep_their_share():
    assert "133" in line_with(drawn(SUPPLIERS), "Chen")


def test_shares_are_whole_percent_and_small_ones_are_not_zero():
    stack = Stack("Chen", (Part("ours", 8.9), Part("Hanse", 0.2), Part("Ost", 99.7 - 8.9 - 0.2)), 100.0)
    lone = Stack("Ann", (Part("ours", 99.9),), 100.0)
    lines = drawn(Stacked(key="s", label="S", stacks=(stack, lone)))
    assert line_with(lines, "Chen").split()[-3:] == ["9", "<1", "91"]
    assert line_with(lines, "Ann").split()[-3:] == ["99", "-", "-"]  # incomplete


def test_a_stack_without_a_total_has_no_shares():
    assert line_with(drawn(SUPPLIERS), "Nothing").split() == ["Nothing", "known", "-", "-", "-", "-"]


def test_parts_after_the_sixth_are_summed():
    lines = drawn(MANY_SUPPLIERS)
    assert "·· others" in " ".join(lines[1:3])
    assert line_with(lines, "Rossi").split()[-1] == "50"


# Bridge


def test_each_bridge_step_starts_at_the_end_of_the_previous_one():
    lines = drawn(MOVEMENT)
    opening, new, lost = (line_with(lines, name) for name in ("Opening", "New", "Lost"))
    assert len(opening) == new.index("▓")
    assert len(new) == len(lost)
    assert "+14" in new
    assert "-23" in lost


def test_small_steps_between_large_levels_get_a_broken_axis():
    assert "/█" in line_with(drawn(MOVEMENT), "Opening")
    assert "▓" in line_with(drawn(WATERFALL), "Won back")


def test_negative_levels_lie_left_of_zero():
    lines = drawn(LOSS)
    assert line_with(lines, "Now").rstrip().index("█") < line_with(lines, "Before").index("█")


def test_an_all_zero_bridge_has_no_bars():
    bridge = Bridge(
        key="b", label="B", steps=(Step("a", 0, total=True), Step("b", 0), Step("c", 0, total=True))
    )
    assert not set("█▓▒") & set("".join(drawn(bridge)))
