"""Words of the program, and text from outside on its way to a screen or a search."""

import gettext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import NAUGHTY

from archive import text as words
from archive.errors import ArchiveError, BadValue, CannotWrite, InUse, NotFound, UsageError
from archive.text import N_, _, clean, clean_lines, fold, plural, use_language

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
def test_signs_that_move_a_terminal_are_made_visible(text, shown):
    assert clean(text) == shown


@given(st.text() | st.sampled_from(NAUGHTY))
def test_clean_text_is_one_line_without_controls(text):
    shown = clean(text)
    assert len(shown.splitlines()) <= 1
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 or char in DIRECTIONS for char in shown)
    assert clean(shown) == shown


def test_lines_stay_lines_where_they_may():
    assert clean_lines("a\nb\x1b\r\nc") == "a\nb␛\nc"


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Müller", "muller"), ("ＡＢＣ１", "abc1"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("王 建国", "王 建国"),
     (" a \t b ", "a b"), ("İ", "i"), ("ﬁ", "fi"), ("　", ""), ("é", "e")],
)  # fmt: skip
def test_what_a_person_means_as_the_same_folds_to_the_same(text, folded):
    assert fold(text) == folded


@given(st.text() | st.sampled_from(NAUGHTY))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_words_stay_english_without_a_catalogue():
    use_language("xx")
    assert _("Save") == "Save"
    assert _("") == ""
    assert N_("Save") == "Save"
    assert plural("{n} row", "{n} rows", 1) == "1 row"
    assert plural("{n} row", "{n} rows", 2) == "2 rows"


def test_a_catalogue_translates_what_is_shown(monkeypatch):
    class Shouting(gettext.NullTranslations):
        def gettext(self, message):
            return message.upper()

    monkeypatch.setattr(words, "_catalogue", Shouting())
    assert _("Save") == "SAVE"
    assert _("") == ""


def test_an_error_says_what_happened_and_what_would_help():
    error = ArchiveError("This is wrong.", "Do that.")
    assert str(error) == "This is wrong. Do that."
    assert str(NotFound("Gone.")) == "Gone."
    codes = [kind.code for kind in (ArchiveError, BadValue, UsageError, NotFound, CannotWrite, InUse)]
    assert codes == [65, 65, 2, 66, 73, 75]
