"""Quick entry of an activity: "call 10m price talk, send quote +2w"."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal

from archive.errors import BadValue
from archive.model.dates import trailing_date
from archive.model.field_types.base import Context
from archive.model.field_types.standard import LONG_TEXT, TEXT
from archive.model.fullwidth import narrow
from archive.model.lazy_re import Pattern
from archive.model.records.interaction import Interaction
from archive.text import _

_CHANNELS = {
    "phone": "call called phone phoned rang tel telephone telephoned 打电话 电话 去电 来电",
    "visit": "visit visited met meeting 拜访 上门 见面",
    "email": "email emailed e-mail e-mailed mail mailed wrote 邮件 电邮",
    "letter": "letter 信函",
    "message": "message messaged text texted sms wechat whatsapp 微信 短信",
    "video": "video zoom 视频",
}
_CHANNEL_OF = {word: channel for channel, words in _CHANNELS.items() for word in words.split()}
_THEY_CALLED = "来电"
_LONGEST_FIRST = sorted(_CHANNEL_OF, key=len, reverse=True)
_ANY_CHANNEL = "|".join(map(re.escape, _LONGEST_FIRST))
_INWARD = Pattern(r"in\s*:\s*", re.IGNORECASE)
_OPENING = Pattern(
    rf"(?P<they>(?:they|he|she)\s+|客户\s*)?(?P<channel>{_ANY_CHANNEL})(?![\w'-])(?P<us>\s+us\b)?",
    re.IGNORECASE,
)
_HANZI_OPENING = Pattern("|".join(word for word in _LONGEST_FIRST if not word.isascii()))
# A duration only counts near the start of the line; later on, "10m" may mean 10 metres.
_MINUTES = Pattern(
    r"""(?P<before>(?:[^\s,]+\s+){0,2}?)
    (?: (?P<hours>\d{1,2}(?:[.,]\d{1,2})?)(?:h|\ ?(?:hrs?|hours?|小时))(?P<rest>\d{1,2}m?)?
      | (?P<minutes>\d{1,4})(?:m|\ ?(?:mins?|minutes?|分钟)) )
    (?=[\s,;:.]|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST_CONTACT = 24 * 60
_OUTCOMES = {
    "no_answer": Pattern(
        r"(?:no answer|not reached)\b(?! to\b)|(?:没接|未接|没人接|无人接听)", re.IGNORECASE
    ),
    "left_word": Pattern(r"left (?:a )?(?:word|message)\b|voicemail\b|留言", re.IGNORECASE),
}
# The comma in 1,000 does not separate clauses.
_LAST_CLAUSE = Pattern(r"(.*)(?:，|,(?!\d)|(?<!\d),)(.*)", re.DOTALL)
_BETWEEN = " \t\n\u3000,;:，；："


def read_contact(text: str, ctx: Context) -> Interaction:
    """Parse an activity from one line; the customer is not part of it.

    The first word is the channel. Any other first word stays in the summary, and the channel is phone. A date at the
    end is the follow-up date, and the text after the last comma its subject. A date before today is the date of the
    activity instead. A day without a year is the nearest: the latest for an activity, the next for a follow-up.

    Raises:
        BadValue: The line is empty.
    """
    rest = LONG_TEXT.parse(text, ctx)
    if not rest:
        raise BadValue(_("The line is empty."), _example())
    rest, day = trailing_date(rest, ctx.today, ctx.order)
    past = day if day and day < ctx.today else None
    follow_up_on = None if past else day
    rest, follow_up = _subject(rest) if follow_up_on else (rest, "")
    direction, channel, rest = _opening(rest)
    minutes, rest = _minutes(rest)
    outcome, rest = _outcome(rest)
    return Interaction(
        at=_moment(past, ctx),
        channel=channel,
        direction=direction,
        minutes=minutes,
        outcome=outcome,
        summary=rest,
        follow_up_on=follow_up_on,
        follow_up=TEXT.parse(follow_up, ctx),
    )


def _example() -> str:
    return _("Write for example: call 10m price talk, send quote +2w")


def _moment(past: date | None, ctx: Context) -> datetime:
    return datetime.combine(past, time()) if past else ctx.now.replace(second=0, microsecond=0, tzinfo=None)


def _subject(text: str) -> tuple[str, str]:
    """Split at the last comma."""
    match = _LAST_CLAUSE.fullmatch(text)
    return (match[1], match[2].strip(_BETWEEN)) if match else (text, "")


def _opening(rest: str) -> tuple[str, str, str]:
    """Return direction, channel and the remaining text."""
    inward = _INWARD.match(narrow(rest))
    rest = rest[inward.end() :] if inward else rest
    match = _OPENING.match(narrow(rest))
    if not match:
        # "电话谈价格" has no blank after the channel; keep the word, so that the summary is still a sentence.
        hanzi = _HANZI_OPENING.match(rest)
        channel = _CHANNEL_OF[hanzi[0]] if hanzi else "phone"
        return ("in" if inward else "out"), channel, rest.strip(_BETWEEN)
    word = match["channel"].lower()
    is_in = bool(inward or match["they"] or match["us"] or word == _THEY_CALLED)
    return ("in" if is_in else "out"), _CHANNEL_OF[word], rest[match.end() :].strip(_BETWEEN)


def _minutes(text: str) -> tuple[int | None, str]:
    match = _MINUTES.match(narrow(text))
    minutes = _length(match) if match else 0
    if not match or minutes > _LONGEST_CONTACT:
        return None, text
    before, after = text[: match.end("before")].strip(), text[match.end() :].strip(_BETWEEN)
    return minutes, f"{before} {after}".strip()


def _length(match: re.Match[str]) -> int:
    if match["minutes"]:
        return int(match["minutes"])
    rest = int((match["rest"] or "0").rstrip("mM"))
    return int(Decimal(match["hours"].replace(",", ".")) * 60) + rest


def _outcome(text: str) -> tuple[str, str]:
    for outcome, phrase in _OUTCOMES.items():
        if match := phrase.match(text):
            return outcome, text[match.end() :].strip(_BETWEEN)
    return "reached", text
