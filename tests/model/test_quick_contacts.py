"""Test activities typed in one line. Today is Saturday, 21 November 2026."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import HOSTILE
from typed import CTX

from archive.errors import BadValue
from archive.model.quick_entry.line import explain, read_contact
from archive.model.records.interaction import Interaction


def contact(text: str) -> dict[str, Any]:
    """Return the fields that a line fills, without an activity's defaults."""
    usual = {
        "channel": "phone",
        "direction": "out",
        "outcome": "reached",
        "at": datetime(2026, 11, 21, 15, 30),  # noqa: DTZ001
    }
    made = read_contact(text, CTX)
    assert not made.customer
    values = {key: getattr(made, key) for key in made.KEYS}
    empty = Interaction.load({})
    return {key: value for key, value in values.items() if value != usual.get(key, getattr(empty, key))}


def test_the_manuals_example_fills_every_field_it_names() -> None:
    assert contact("call 10m price talk, send quote +2w") == {
        "minutes": 10,
        "summary": "price talk",
        "follow_up_on": date(2026, 12, 5),
        "follow_up": "send quote",
    }


@pytest.mark.parametrize(
    ("line", "channel"),
    [
        *[(word, "phone") for word in "call called Phone phoned rang tel 电话 打电话".split()],
        *[(word, "visit") for word in "visit visited met 拜访".split()],
        *[(word, "email") for word in "email mail e-mail wrote 邮件".split()],
        ("letter", "letter"),
        *[(word, "message") for word in "message WeChat whatsapp sms text 微信 短信".split()],
        *[(word, "video") for word in "video zoom 视频".split()],
    ],
)
def test_the_first_word_is_the_channel(line: str, channel: str) -> None:
    made = read_contact(f"{line} about rice", CTX)
    assert (made.channel, made.summary) == (channel, "about rice")


def test_without_a_channel_word_the_channel_is_phone() -> None:
    assert contact("price talk") == {"summary": "price talk"}


@pytest.mark.parametrize("line", ["caller was rude", "video-call went well", "met's new hall"])
def test_a_word_starting_like_a_channel_is_not_a_channel(line: str) -> None:
    assert contact(line) == {"summary": line}


def test_a_chinese_channel_needs_no_space() -> None:
    assert contact("拜访王总谈价格") == {"channel": "visit", "summary": "拜访王总谈价格"}


@pytest.mark.parametrize(
    "line",
    [
        "they called price talk",
        "called us price talk",
        "in: price talk",
        "in: call price talk",
        "来电 price talk",
    ],
)
def test_a_contact_by_the_customer_is_incoming(line: str) -> None:
    assert contact(line) == {"direction": "in", "summary": "price talk"}


def test_they_without_a_channel_is_an_ordinary_word() -> None:
    assert contact("they want rice") == {"summary": "they want rice"}


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("10m", 10),
        ("90min", 90),
        ("90 minutes", 90),
        ("1h", 60),
        ("1h30", 90),
        ("1h30m", 90),
        ("1.5h", 90),
        ("2 hours", 120),
        ("10分钟", 10),
        ("1小时", 60),
    ],
)
def test_minutes_are_recognised_in_usual_notations(written: str, minutes: int) -> None:
    assert contact(f"call {written} price talk") == {"minutes": minutes, "summary": "price talk"}
    assert contact(f"call Chen {written}: price talk") == {"minutes": minutes, "summary": "Chen price talk"}


@pytest.mark.parametrize(
    "line", ["wants a roll of 10m hose", "price talk, 10m hose", "3000m of cable", "10mm nails"]
)
def test_lengths_of_goods_are_not_minutes(line: str) -> None:
    assert contact(line) == {"summary": line}


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("call no answer", "no_answer"),
        ("call 2m No answer.", "no_answer"),
        ("电话 没接", "no_answer"),
        ("call left word", "left_word"),
        ("call left a message", "left_word"),
    ],
)
def test_the_outcome_is_recognised(line: str, outcome: str) -> None:
    made = contact(line)
    made.pop("minutes", None)
    assert {"outcome": made["outcome"], "summary": made.get("summary", "").strip(".")} == {
        "outcome": outcome,
        "summary": "",
    }


def test_no_answer_within_a_sentence_is_no_outcome() -> None:
    assert contact("call no answer to our offer") == {"summary": "no answer to our offer"}


def test_without_a_trailing_date_everything_is_the_summary() -> None:
    assert contact("call price talk, send quote") == {"summary": "price talk, send quote"}


def test_a_follow_up_needs_no_subject() -> None:
    assert contact("call price talk tomorrow") == {
        "summary": "price talk",
        "follow_up_on": date(2026, 11, 22),
    }
    assert contact("call, +2w") == {"follow_up_on": date(2026, 12, 5)}


def test_only_the_channel_may_precede_the_comma() -> None:
    assert contact("called, wants 20 bags +2w") == {
        "follow_up_on": date(2026, 12, 5),
        "follow_up": "wants 20 bags",
    }


def test_a_thousands_comma_does_not_split_the_line() -> None:
    assert contact("call wants 1,000 bags +2w")["summary"] == "wants 1,000 bags"


def test_chinese_commas_and_dates_are_recognised() -> None:
    assert contact("电话 谈价格，发报价 2周后") == {
        "summary": "谈价格",
        "follow_up_on": date(2026, 12, 5),
        "follow_up": "发报价",
    }


def test_a_past_date_is_the_date_of_the_contact() -> None:
    assert contact("visit rice shown, liked it yesterday") == {
        "channel": "visit",
        "at": datetime(2026, 11, 20),  # noqa: DTZ001
        "summary": "rice shown, liked it",
    }


@pytest.mark.parametrize(
    ("line", "at", "follow_up_on"),
    [
        ("visit, showed rice 20 Nov", date(2026, 11, 20), None),
        ("visit, showed rice 3 Oct", date(2026, 10, 3), None),
        ("拜访 11月3日", date(2026, 11, 3), None),
        ("call price talk, send quote 3 Apr", date(2026, 11, 21), date(2027, 4, 3)),
        ("call price talk, send quote 24 Nov", date(2026, 11, 21), date(2026, 11, 24)),
        ("call price talk, send quote monday", date(2026, 11, 21), date(2026, 11, 23)),
    ],
)
def test_a_day_without_a_year_is_past_for_contacts_and_future_for_follow_ups(
    line: str, at: date, follow_up_on: date | None
) -> None:
    made = read_contact(line, CTX)
    assert made.at
    assert (made.at.date(), made.follow_up_on) == (at, follow_up_on)


def test_an_empty_line_is_refused() -> None:
    with pytest.raises(BadValue, match="is empty"):
        read_contact("  ", CTX)


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(BadValue, match="surrogate"):
        read_contact("call \ud800", CTX)


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip()])
def test_hostile_text_stays_in_the_summary(text: str) -> None:
    assert read_contact(f"call {text}", CTX).summary == text.strip()


plain_words = st.lists(
    st.sampled_from("rice price 大米 Chen wants 1,000 O'Neil x@y.example 100%".split()), min_size=1
)


@given(
    st.sampled_from(["", "call ", "in: ", "they called "]),
    plain_words,
    plain_words,
    st.sampled_from(["", " +2w"]),
)
def test_no_word_is_lost(opening: str, summary: list[str], subject: list[str], day: str) -> None:
    made = read_contact(f"{opening}{' '.join(summary)}, {' '.join(subject)}{day}", CTX)
    kept = f"{made.summary} {made.follow_up}".replace(",", " ").split()
    assert kept == " ".join([*summary, *subject]).replace(",", " ").split()


@given(st.text(max_size=60))
def test_any_text_is_a_contact_or_an_error(text: str) -> None:
    with suppress(BadValue):
        assert explain(read_contact(text, CTX), CTX)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "call 10m price talk, send quote +2w",
            'phone · 10 min · "price talk" · follow-up 2026-12-05 Sat: send quote',
        ),
        ("they called no answer +2d", "phone · they contacted us · no answer · follow-up 2026-11-23 Mon"),
        ("visit yesterday", "visit · 2026-11-20 Fri"),
        ("0m", "phone · 0 min"),
    ],
)
def test_the_interpretation_of_a_contact_is_shown(line: str, said: str) -> None:
    assert explain(read_contact(line, CTX), CTX) == said
