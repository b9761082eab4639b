"""Test recognising different spellings of a name."""

import pytest

from archive.model.spelling import by_usual_spelling, usual_spellings


@pytest.mark.parametrize("other", ["ONEILL", "oneill", "  Oneill ", "Ｏｎｅｉｌｌ", "Onéill"])
def test_case_width_blanks_and_accents_make_no_other_name(other):
    assert by_usual_spelling(["Oneill", other, "Oneill"]) == {"Oneill": 3}


def test_the_spelling_used_most_is_shown_and_of_equals_the_first():
    assert usual_spellings(["o'neil", "O’Neil", "O’Neil", "Bell", "BELL", " "]) == {
        "o'neil": "O’Neil",
        "bell": "Bell",
    }
    assert by_usual_spelling(["a", "", "A", "A"]) == {"A": 3}
