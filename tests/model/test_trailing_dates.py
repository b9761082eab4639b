"""Test splitting off a date at the end of a sentence, and only there."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import TODAY, days

from archive.model.dates import trailing_date
from archive.model.fullwidth import narrow


@pytest.mark.parametrize(
    ("text", "rest", "expected"),
    [
        ("price talk, send quote +2w", "price talk, send quote", "2026-12-05"),
        ("called next fri", "called", "2026-11-27"),
        ("x 2026-04-03", "x", "2026-04-03"),
        ("due 03/04/26.", "due", "2026-04-03"),
        ("call back, Tomorrow", "call back", "2026-11-22"),
        ("meet in 3 days", "meet", "2026-11-24"),
        ("send quote friday", "send quote", "2026-11-27"),
        ("visit 3 apr", "visit", "2027-04-03"),
        ("visit April 3, 2026", "visit", "2026-04-03"),
        ("谈价格，下周五", "谈价格", "2026-11-27"),
        ("回电明天。", "回电", "2026-11-22"),
        ("送样品 3天后", "送样品", "2026-11-24"),
        ("see 2026年4月3日", "see", "2026-04-03"),
        ("tomorrow", "", "2026-11-22"),
        ("word " * 500 + "+2w", ("word " * 500).rstrip(), "2026-12-05"),
    ],
)
def test_a_trailing_date_is_split_off(text, rest, expected):
    assert trailing_date(text, TODAY) == (rest, date.fromisoformat(expected))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "wants 20",
            "she may",
            "on mon",
            "in march",
            "they sat",
            "sun",
            "sold 3.5",
            "call 3-4",
            "v1.2.3",
            "ip 1.2.3.04",
        ),
        *(
            "ref12-2026-04-03",
            "x 31.02.2026",
            "3天后回电",
            "(2 weeks ago)",
            "tomorrow we call",
            "they march 3",
            "2026",
            "blahtoday",
        ),
    ],
)
def test_a_sentence_without_an_unambiguous_date_is_not_split(text):
    assert trailing_date(text, TODAY) == (text, None)


@given(st.text(max_size=100), days)
def test_a_trailing_date_is_split_from_any_sentence(sentence, day):
    rest, found = trailing_date(f"{sentence} {day}", TODAY)
    assert found == day
    assert sentence.startswith(rest)


@given(st.text(max_size=200))
def test_narrowing_full_width_text_preserves_positions(text):
    assert len(narrow(text)) == len(text)
