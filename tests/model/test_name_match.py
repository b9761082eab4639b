"""Names are ranked by how well they match a typed text."""

import pytest

from archive.model.name_match import Fit, NameMatch
from archive.text import fold


@pytest.mark.parametrize(
    ("text", "name", "fit"),
    [
        ("Ann", "ann", Fit.EXACT),
        ("an", "Ann Bell", Fit.BEGINS),
        ("ann  be", "Ann Bell", Fit.BEGINS),
        ("", "Ann Bell", Fit.BEGINS),
        ("bel", "Ann Bell", Fit.WORDS),
        ("bell ann", "Ann Bell", Fit.WORDS),
        ("neil", "Sean O’Neil", Fit.WORDS),
        ("nn", "Ann Bell", Fit.INSIDE),
        ("建国", "王建国", Fit.INSIDE),
        ("ell nn", "Ann Bell", Fit.INSIDE),
        ("ann tea", "Ann Bell", Fit.PARTLY),
        ("abl", "Ann Bell", Fit.NOT),
        ("(ann", "Ann Bell", Fit.NOT),
    ],
)
def test_the_beginning_of_the_name_counts_most_then_beginnings_of_words(text, name, fit):
    assert NameMatch(text).fit(fold(name)) is fit
