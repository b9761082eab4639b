"""Text from outside as markup-free content, cut or padded to an exact number of cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from archive.ui.safe_text import fit, lines, plain, template

HOSTILE = [
    "Smith [VIP]",
    "[/b]",
    "O'Neil [10%]",
    "[@click=app.quit()]x[/]",
    "a\\",
    "日本 [red",
    "\x1b[2J",
    "\x1b]52;c;eA==\x07",
    "\x9b2J",
    "\u202etxt",
    "$name",
    "x" * 10_000,
    "👨\u200d👩\u200d👧\u200d👦",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_from_outside_stays_text(text):
    content = plain(text)
    assert content.spans == []
    assert len(content.plain) == len(text)
    assert content.plain.replace("\u200d", "").isprintable()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_template_takes_its_values_literally(text):
    content = template("[b]$name[/b] of $place", name=text, place="North [x]")
    assert content.plain == f"{plain(text).plain} of North [x]"
    assert [(span.start, span.end) for span in content.spans] == [(0, len(text))]


def test_a_template_without_values_is_plain_markup():
    assert template("[b]New[/b] customer").plain == "New customer"


def test_a_value_may_be_empty():
    assert template("<$name>", name="").plain == "<>"


def test_line_breaks_stay_only_in_multi_line_text():
    assert lines("one [b]\ntwo\x1b").plain == "one [b]\ntwo␛"
    assert plain("one\ntwo").plain == "one⏎two"


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("Marta", 8, "Marta   "),
        ("Marta", 5, "Marta"),
        ("Marta Smith", 8, "Marta S…"),
        ("Marta Smith", 7, "Marta… "),
        ("王建国", 8, "王建国  "),
        ("王建国", 6, "王建国"),
        ("王建国", 5, "王建…"),
        ("王建国", 4, "王… "),
        ("王建国", 1, "…"),
        ("José", 6, "José  "),
        ("Jose\u0301", 6, "Jose\u0301  "),
        ("a\tb", 4, "a→b "),
        ("x", 0, ""),
        ("x", -3, ""),
        ("", 3, "   "),
    ],
)
def test_text_is_cut_or_padded_to_its_cells(text, width, shown):
    assert fit(text, width) == shown


def test_numbers_are_right_aligned():
    assert fit("8,210", 8, "right") == "   8,210"
    assert fit("北方", 6, "right") == "  北方"


def test_a_joined_emoji_is_as_wide_as_its_parts():
    assert fit("👨\u200d👩\u200d👧 ❤\ufe0f", 10) == "👨👩👧 ❤  "


def test_a_long_run_of_accents_is_cut_without_measuring_all_of_it():
    shown = fit("e" + "\u0301" * 100_000, 4)
    assert len(shown) < 100
    assert cell_len(shown) == 4


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [1, 2, 3, 7, 40])
def test_hostile_text_takes_exactly_its_cells(text, width):
    assert cell_len(fit(text, width)) == width


@given(st.text(max_size=60), st.integers(0, 30), st.sampled_from(["left", "right"]))
def test_any_text_takes_exactly_its_cells_and_prints(text, width, align):
    shown = fit(text, width, align)
    assert cell_len(shown) == width
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in shown)
