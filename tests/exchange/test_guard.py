import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.exchange.guard import is_dangerous, protect, protect_row, restore, restore_row

NAUGHTY = json.loads(
    (Path(__file__).parents[1] / "data" / "naughty_strings.json").read_text(encoding="utf-8")
)
FORMULA_SIGNS = "=+-@＝＋－＠"
hostile = st.text(st.sampled_from("'=+-@＝＋－＠\t\r\n\0 \u3000\u200b1.a")) | st.text()


def runs_as_a_formula(cell: str) -> bool:
    """The rule told a second time, without regular expressions."""
    shown = cell.strip(" \u3000")
    unsigned = cell[1:] if cell[:1] in ("+", "-") else cell
    if unsigned.isascii() and unsigned.replace(".", "", 1).isdigit():
        return False
    return cell[:1] in ("\t", "\r", "\n", "\0") or shown[:1] in tuple(FORMULA_SIGNS)


@given(hostile)
@example("''=1")
@example("'\t")
def test_every_text_comes_back_from_the_guard(text):
    assert restore(protect(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "-cmd", "＝1", "\t=1", "+86 10"])
def test_a_formula_is_dangerous_until_it_is_guarded(text):
    assert is_dangerous(text)
    assert not is_dangerous(protect(text))


@given(hostile)
def test_no_guarded_text_is_a_formula(text):
    assert not is_dangerous(protect(text))
    assert not runs_as_a_formula(protect(text))


@pytest.mark.parametrize("number", range(len(NAUGHTY)))
def test_naughty_strings_are_guarded_and_come_back(number):
    text = NAUGHTY[number]
    assert restore(protect(text)) == text
    assert not runs_as_a_formula(protect(text))


@pytest.mark.parametrize(
    "text", ["-12.50", "+49", "-5", "+3.2", "0", "-.5", "", "plain", "'quoted'", "it's", "a=b"]
)
def test_numbers_and_plain_text_stay_as_they_are(text):
    assert protect(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+86 10 5555",
        "-",
        "--",
        "@SUM(A1)",
        "＝1",
        "－x",
        "  =1",
        "\u3000=1",
        "\u200b=1",
        "\ufeff=1",
        "\tx",
        "\nx",
        "\0x",
    ],
)
def test_what_may_run_gets_one_apostrophe(text):
    assert protect(text) == "'" + text
    assert protect("'" + text) == "''" + text


def test_an_apostrophe_before_harmless_text_belongs_to_the_text():
    assert restore("'s-Hertogenbosch") == "'s-Hertogenbosch"
    assert restore("'01234") == "'01234"


@given(st.lists(hostile))
def test_rows_are_guarded_cell_by_cell(cells):
    guarded = protect_row(cells)
    assert guarded == [protect(cell) for cell in cells]
    assert restore_row(guarded) == cells
