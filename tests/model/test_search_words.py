"""Test searching for words in any spelling; adjacent parts of a phone number are searched as a whole."""

import pytest

from archive.model.records.customer import Customer
from archive.model.search_words import needle, needles, words_of

ANN = {
    "uid": "1" * 16,
    "kind": "person",
    "full_name": "Siobhán O’Neil-Łukasz",
    "phones": [{"value": "+49 (0)228 555-0147"}, {"value": "0171/555 0102"}, {"value": "1-800-FLOWERS"}],
}
WORDS = words_of(Customer, ANN)


@pytest.mark.parametrize("typed", ["o'neil", "O’NEIL", "oneil-", "lukasz", "siobhan", "ł"])
def test_a_name_is_found_in_any_spelling(typed):
    assert needle(typed).is_in(WORDS) is (typed != "oneil-")


@pytest.mark.parametrize(
    ("typed", "region", "is_found"),
    [
        ("0228 5550147", "DE", True),
        ("+49 228 5550147", "DE", True),
        ("+49 (228) 555 0147", "", True),
        ("0049 228 5550147", "", True),
        ("0228 5550147", "", True),
        ("0228 555", "DE", True),  # an incomplete number
        ("+49 171 5550102", "DE", True),
        ("+491715550102", "US", False),  # in the US, 0171 is not a German number
        ("0228 5550148", "DE", False),
        ("0171 0229", "DE", False),
        ("18003569377", "", True),
        ("1-800-flowers", "", True),
        ("147 555", "", True),  # two words, found separately
        ("12 147", "", False),
    ],
)
def test_a_number_is_found_in_any_form(typed, region, is_found):
    parts = needles(typed.replace("(", "").replace(")", "").split(), region)
    assert all(part.is_in(WORDS) for part in parts) is is_found


def test_only_adjacent_pieces_form_a_number():
    assert [len(one.words) for one in needles(["0228", "555", "bonn", "0147"])] == [2, 1, 1]
    assert needles([]) == []
