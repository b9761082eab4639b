"""Search words are found in the original text, whatever its case, accents and blanks."""

import pytest

from archive.model.excerpts import spans
from archive.text import fold


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Talked about RICE, rice prices", ["rice"], ["RICE", "rice", "rice"]),
        ("a  Straße in Łódź", ["strasse", "lodz"], ["Straße", "Łódź"]),
        ("王建国 called", ["建国"], ["建国"]),
        ("price\n  talk", ["price talk"], ["price\n  talk"]),
        ("  abcd", ["abc", "bcd", "cd"], ["abcd"]),
        ("abab", ["ab", ""], ["ab", "ab"]),
        ("caf\u0065\u0301 bar", ["cafe b"], ["caf\u0065\u0301 b"]),
        ("nothing", ["rice"], []),
        ("", ["rice"], []),
    ],
)
def test_words_are_found_where_they_stand(text, words, found):
    assert [text[start:end] for start, end in spans(text, map(fold, words))] == found
