"""Cleaning, folding, sorting and translating text."""

import gettext
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import NAUGHTY

from archive import text as words
from archive.errors import ArchiveError, BadValue, CannotWrite, InUse, NotFound, UsageError
from archive.text import (
    N_,
    _,
    clean,
    clean_lines,
    fold,
    pasteable,
    plural,
    sort_key,
    use_language,
    without_hidden,
)

# Characters of category Cf that are not removed: joiners for Persian, Indic scripts and emoji, and visible signs.
JOINERS = "\u200c\u200d"
SIGNS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("王 é", "王 é"),
        ("\x1b[31m\x07", "␛[31m␇"),
        ("a\nb\r\tc\x7f", "a⏎b⏎→c␡"),
        ("\x9b31m\u202eabc\ud800\ufeff\u2028", "�31m�abc���"),
        ("x" * 3000 + "\x00", "x" * 3000 + "␀"),
    ],
)
def test_terminal_control_characters_become_visible(text, shown):
    assert clean(text) == shown


@given(st.text() | st.sampled_from(NAUGHTY))
def test_clean_text_is_one_line_without_controls(text):
    shown = clean(text)
    assert len(shown.splitlines()) <= 1
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 or char in DIRECTIONS for char in shown)
    assert clean(shown) == shown


def test_the_only_invisible_characters_kept_are_the_joiners():
    kept = {
        char
        for char in map(chr, range(0x110000))
        if unicodedata.category(char) == "Cf" and clean(char) == char
    }
    assert kept == {*JOINERS, *SIGNS}


@pytest.mark.parametrize(
    "hidden",
    ["\u00ad", "\u2060", "\u180e", "\u200b", "\ufeff", "\u034f", "\u3164", "\uffa0", "\u115f", "\u17b4", "\u2064",
     "\u206a", "\ufff9", "\U000e0041", "\U000e0001", "\U000e0fff", "\U0001d173", "\u2029"],
)  # fmt: skip
def test_invisible_characters_become_visible(hidden):
    assert clean(f"Ad{hidden}a") == "Ad�a"
    assert without_hidden(f"Ad{hidden}a") == "Ada"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("❤\ufe0f", "❤\ufe0f"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("葛\U000e0100城", "葛\U000e0100城"),  # the variant of a character used in a name
        ("\u1820\u180b", "\u1820\u180b"),
        ("a\ufe0f", "a�"),
        ("❤\ufe0f\ufe01", "❤\ufe0f�"),
        ("a\U000e0100\U000e0101", "a��"),
        ("a\u180b", "a�"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👨\u200d👩", "👨\u200d👩"),
    ],
)
def test_a_variation_selector_stays_after_the_character_it_varies(text, shown):
    assert clean(text) == shown


@given(st.text() | st.sampled_from(NAUGHTY))
def test_pasted_text_is_one_line_without_controls(text):
    pasted = pasteable(text)
    assert len(pasted.splitlines()) <= 1
    assert not any((ord(char) < 0x20 and char != "\t") or 0x7F <= ord(char) < 0xA0 for char in pasted)
    assert not any(char in DIRECTIONS for char in pasted)
    assert pasteable(pasted) == pasted
    pasted.encode()


@pytest.mark.parametrize(
    ("text", "pasted"),
    [
        ("one\ntwo\r\n three", "one two three"),
        ("\x1b[201~rm -rf ~\r", "[201~rm -rf ~"),
        ("a\tb\x9b\x85\x07", "a\tb"),
        ("a\u2028b\u202ec\ud800", "a bc"),
        ("Rue de l\u2019Église 1", "Rue de l\u2019Église 1"),
        ("", ""),
    ],
)
def test_pasted_text_cannot_run_commands(text, pasted):
    assert pasteable(text) == pasted


def test_line_breaks_stay_in_multi_line_text():
    assert clean_lines("a\nb\x1b\r\nc") == "a\nb␛\nc"


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Müller", "muller"), ("ＡＢＣ１", "abc1"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("王 建国", "王 建国"),
     (" a \t b ", "a b"), ("İ", "i"), ("ﬁ", "fi"), ("　", ""), ("é", "e")],
)  # fmt: skip
def test_folding_ignores_case_accents_and_width(text, folded):
    assert fold(text) == folded


@given(st.text() | st.sampled_from(NAUGHTY))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Siobhan O’Neil", "siobhan o'neil"), ("O´Neil", "o'neil"), ("O`Neil", "o'neil"), ("OʼNeil", "o‘neil"),
        ("“North” Trade", '"north" trade'), ("«Nord»", '"nord"'), ("Jean‑Luc", "jean-luc"), ("A – B", "a - b"),
        ("Łukasz", "lukasz"), ("Ørsted", "orsted"), ("Đorđe", "dorde"), ("Guðrún", "gudrun"), ("ısı", "isi"),
        ("Ærø", "aero"), ("Œuvre", "oeuvre"), ("STRAẞE", "strasse"), ("Þór", "thor"), ("Ħal", "hal"),
        ("Ｏ＇Ｎｅｉｌ　１２", "o'neil 12"), ("so\u00adft\u200b", "soft"), ("a\u2028b\u00a0c", "a b c"),
        ("cafe\u0301", "café"), ("شقة ٢٠", "شقة 20"), ("घर २०", "घर 20"), ("۵", "5"), ("محـمد", "محمد"),
        ("ｶﾞﾗｽ ﾊﾟﾝ", "ガラス パン"), ("½ kg", "1/2 kg"),
    ],
)  # fmt: skip
def test_spellings_of_the_same_name_fold_to_the_same_text(written, typed):
    assert fold(written) == fold(typed)


@pytest.mark.parametrize(("one", "other"), [("バス", "ハス"), ("パン", "バン"), ("ハナ", "バナ")])
def test_voiced_japanese_letters_stay_different(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    "names",
    [
        [
            "Item",
            "Item 2",
            "Item 9",
            "Item 10",
            "Item 10 b",
            "Item 100",
            "Item 1234567890",
            "Item 12345678901234567890",
        ],
        ["Ørsted", "Oscar", "Pia"],
        ["Łukasz", "Lund", "Lyon"],
        ['"Quick" Rice', "Rice"],
        ["A 1.9", "A 1.10"],
        ["Flat ٢", "Flat ９", "Flat 10"],
        ["", "1", "02", "3", "a"],
    ],
)
def test_names_are_sorted_in_natural_order(names):
    assert sorted(reversed(names), key=sort_key) == names


@given(st.lists(st.integers(0, 10**40)))
def test_numbers_are_sorted_by_their_value(numbers):
    assert [int(text) for text in sorted(map(str, numbers), key=sort_key)] == sorted(numbers)


def test_texts_stay_english_without_a_catalogue():
    use_language("xx")
    assert _("Save") == "Save"
    assert _("") == ""
    assert N_("Save") == "Save"
    assert plural("{n} row", "{n} rows", 1) == "1 row"
    assert plural("{n} row", "{n} rows", 2) == "2 rows"


def test_a_catalogue_translates_texts(monkeypatch):
    class Shouting(gettext.NullTranslations):
        def gettext(self, message):
            return message.upper()

    monkeypatch.setattr(words, "_catalogue", Shouting())
    assert _("Save") == "SAVE"
    assert _("") == ""


def test_an_error_consists_of_message_and_hint():
    error = ArchiveError("This is wrong.", "Do that.")
    assert str(error) == "This is wrong. Do that."
    assert str(NotFound("Gone.")) == "Gone."
    codes = [kind.code for kind in (ArchiveError, BadValue, UsageError, NotFound, CannotWrite, InUse)]
    assert codes == [65, 65, 2, 66, 73, 75]
