"""Test recognising different spellings of a name."""

import pytest

from archive.model.spelling import by_usual_spelling, usual_spellings


@pytest.mark.parametrize("other", ["ONEILL", "oneill", "  Oneill ", "Ｏｎｅｉｌｌ", "Onéill"])
def test_case_width_blanks_and_accents_do_not_distinguish_names(other):
    assert by_usual_spelling(["Oneill", other, "Oneill"]) == {"Oneill": 3}


def test_the_most_frequent_spelling_is_shown_or_else_the_first():
    assert usual_spellings(["o'neil", "O’Neil", "O’Neil", "Bell", "BELL", " "]) == {
        "o'neil": "O’Neil",
        "bell": "Bell",
    }
    assert by_usual_spelling(["a", "", "A", "A"]) == {"A": 3}
