import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.exchange.guard import SEPARATORS, protect, protect_row, restore, restore_row

NAUGHTY = json.loads(
    (Path(__file__).parents[1] / "data" / "naughty_strings.json").read_text(encoding="utf-8")
)
EVERY_SIGN = [char for char in map(chr, range(0x110000)) if unicodedata.normalize("NFKC", char)[0] in "=+-@−"]
INVISIBLE_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180d\u180f\u2800\u3164\uffa0\ufe00\ufe0f\U000e0100"
EVERY_UNSEEN = [
    char
    for char in map(chr, range(0x110000))
    if unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp") or char in INVISIBLE_LETTERS
]
hostile = st.text(st.sampled_from("'=+-@＝－\t\r\n\0 \u3000\u200b1.a;,|\"(")) | st.text()


def pieces(cell: str) -> list[str]:
    """Return the rest of a cell after each separator, because another program may split the cell there."""
    return [cell[at + 1 :] for at, sign in enumerate(cell) if sign in SEPARATORS]


def runs_as_a_formula(cell: str) -> bool:
    """Reimplement the rule without regular expressions, slightly narrower."""
    unsigned = cell[1:] if cell[:1] in ("+", "-") else cell
    if unsigned.isascii() and unsigned.replace(".", "", 1).isdigit():
        return False
    return (
        cell[:1] in ("\t", "\r", "\n", "\0")
        or cell.lstrip(" \u3000\u2060")[:1] in tuple("=+-@＝＋－＠﹦")
        or any(piece.lstrip(' "\u3000')[:1] in tuple("=＝﹦") for piece in pieces(cell))
    )


@given(hostile)
@example("''=1")
@example("'\t")
@example("a;\n=1")
@example(";''=1")
def test_text_round_trips_through_the_guard(text):
    assert restore(protect(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "-cmd", "＝1", "\t=1", "+86 10"])
def test_a_formula_is_dangerous_until_it_is_guarded(text):
    assert runs_as_a_formula(text)
    assert not runs_as_a_formula(protect(text))


@given(hostile)
def test_no_guarded_text_is_a_formula(text):
    assert not runs_as_a_formula(protect(text))


@pytest.mark.parametrize("number", range(len(NAUGHTY)))
def test_naughty_strings_round_trip_through_the_guard(number):
    text = NAUGHTY[number]
    assert restore(protect(text)) == text
    assert not runs_as_a_formula(protect(text))


@pytest.mark.parametrize(
    "text", ["-12.50", "+49", "-5", "+3.2", "0", "-.5", "", "plain", "'quoted'", "it's", "a=b"]
)
def test_numbers_and_plain_text_are_unchanged(text):
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
def test_formulas_get_one_apostrophe(text):
    assert protect(text) == "'" + text
    assert protect("'" + text) == "''" + text


@pytest.mark.parametrize("sign", EVERY_SIGN, ids=ascii)
def test_every_variant_of_a_formula_sign_is_guarded(sign):
    assert protect(f"{sign}SUM(A1)") == f"'{sign}SUM(A1)"
    assert protect(f"x;{sign}SUM(A1)") == f"x;'{sign}SUM(A1)"


def test_the_japanese_input_method_minus_is_guarded():
    assert protect("ーSUM(A1)") == "'ーSUM(A1)"


def test_invisible_characters_do_not_hide_a_formula():
    assert [char for char in EVERY_UNSEEN if protect(f"{char}=1+1")[:2] != f"'{char}"] == []
    assert [char for char in EVERY_UNSEEN if restore(protect(f"{char}=1+1")) != f"{char}=1+1"] == []
    assert protect_row(["\u3164=1", "\u115f\ufe0f＝1"]) == ["'\u3164=1", "'\u115f\ufe0f＝1"]


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("x;=1+1;y", "x;'=1+1;y"),
        ("x|=1", "x|'=1"),
        ("x\t=1", "x\t'=1"),
        ("x,=1", "x,'=1"),
        ("x\r\n=1", "x\r\n'=1"),
        ("x\n\u2060 ＝1", "x\n'\u2060 ＝1"),
        ('x;"=1"', 'x;\'"=1"'),
        ("x;-SUM(A1)", "x;'-SUM(A1)"),
        ("x;+cmd|' /C calc'!A0", "x;'+cmd|' /C calc'!A0"),
        ("x;@Sheet2!A1", "x;'@Sheet2!A1"),
        ("x;''=1", "x;'''=1"),
        ("-5;=1", "'-5;'=1"),
    ],
)
def test_a_formula_after_a_foreign_delimiter_is_guarded(text, guarded):
    assert protect(text) == guarded
    assert restore(guarded) == text


@pytest.mark.parametrize(
    "text",
    [
        "call before 9; +49 228 5550147, +49 (0)228 5550147",
        "Agreed:\n- price of 5\n- delivery in May\n-- \nAnn",
        "thanks,@john",
        "a;-5;+3",
        "see https://example.com/?a=1;b=2",
    ],
)
def test_dashes_numbers_and_names_within_text_are_unchanged(text):
    assert protect(text) == text


@pytest.mark.parametrize("text", ["=1+1", "'=1", "+86 10 5555", "\u200b@x", "\tx", "＝1"])
def test_cells_guarded_by_earlier_versions_are_restored(text):
    assert restore(f"'{text}") == text


def test_an_apostrophe_before_harmless_text_belongs_to_the_text():
    assert restore("'s-Hertogenbosch") == "'s-Hertogenbosch"
    assert restore("'01234") == "'01234"


@given(st.lists(hostile))
def test_rows_are_guarded_cell_by_cell(cells):
    guarded = protect_row(cells)
    assert guarded == [protect(cell) for cell in cells]
    assert restore_row(guarded) == cells
