"""Parsing and formatting of dates. All functions take today's date as an argument; none reads the clock.

Accepted input: ISO dates; digits in the day order of the settings; month names; relative dates ("next fri", "+2w",
"eom", "2 months ago"); Chinese ("2026年4月3日", "下周五", "3天后"); full-width characters.
"""

import re
from datetime import date, datetime, time
from typing import Literal

from archive.errors import BadValue
from archive.model.date_shapes import MONTHS, read_shape
from archive.model.date_words import WEEKDAYS, read_words, weekday_number
from archive.model.field_types.duration import UNIT, Span, parse_span
from archive.model.fullwidth import narrow
from archive.model.lazy_re import Pattern
from archive.model.partial_date import FIRST_YEAR, PartialDate
from archive.model.time_of_day import split_clock
from archive.text import N_, _

__all__ = [
    "PartialDate",
    "Prefer",
    "Span",
    "age",
    "birthday_fault",
    "date_bounds",
    "parse_birthday",
    "parse_date",
    "parse_datetime",
    "parse_partial",
    "parse_span",
    "show_date",
    "trailing_date",
]

Prefer = Literal["nearest", "past", "coming"]
"""How to choose the year of a date without one: the nearest, the latest in the past, or the next to come."""

_LONGEST = 64
_YEARS_AHEAD = 20  # two-digit years are at most this far ahead
_REACH: dict[Prefer, tuple[int, int]] = {
    "nearest": (-184, 184),
    "past": (-366, 0),
    "coming": (0, 366),
}  # in days
_WEEKDAY_NAMES = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))

_MONTH_NAME = "(?:" + "|".join(MONTHS) + ")"
_WEEKDAY_NAME = "(?:" + "|".join(WEEKDAYS) + "|(?:周|星期|礼拜)[一二三四五六日天])"
_WEEKDAY_FIRST = Pattern(rf"({_WEEKDAY_NAME})(?![a-z])[.,]?\s*(.+)")
_WEEKDAY_LAST = Pattern(rf"(.+?)(?<![a-z])[\s,]*\(?({_WEEKDAY_NAME})\)?")
# dateutil is lenient: it reads dates from arbitrary text and drops numbers. Pass it only texts that consist of a
# month name, numbers and a time of day.
_FOR_DATEUTIL = Pattern(rf"(?=.*(?<![a-z]){_MONTH_NAME}(?![a-z]))[a-z0-9\s,./:+-]+", re.ASCII)
_CLOCK = Pattern(r"\b\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:\s?[+-]\d\d:?\d\d)?\b")


def parse_date(text: str, today: date, order: str = "dmy", prefer: Prefer = "nearest") -> date:
    """Parse a single day.

    A day without a year becomes the nearest such day, at most half a year away, unless `prefer` says otherwise. A
    weekday is the next one, or the last one if `prefer` is "past". A time of day after the date is ignored.

    Args:
        text: The text.
        today: The day to which relative dates refer.
        order: "dmy", "mdy" or "ymd", for dates in digits.
        lean: How to choose the year of a date without one.

    Raises:
        BadValue: The text does not name a single day.
    """
    parsed = _parsed(text, today, order, prefer)
    day = _single_day(parsed, today, prefer)
    if day is None:
        raise BadValue(_("{text} is not a single day.").format(text=_short(text)), _hint())
    return day


def parse_partial(text: str, today: date, order: str = "dmy") -> PartialDate:
    """Parse a date that may lack its year (`3 Apr`) or day (`Apr 2026`).

    Raises:
        BadValue: The text is not a date.
    """
    parsed = _parsed(text, today, order)
    return parsed if isinstance(parsed, PartialDate) else PartialDate.of(parsed)


def parse_birthday(text: str, today: date, order: str = "dmy") -> PartialDate:
    """Parse a partial date that is not after `today`: in 2026, `3.4.44` is in 1944.

    Raises:
        BadValue: The text is not a date, or the date is in the future.
    """
    plain = _plain(text)
    plain = (split_clock(plain) or (plain,))[0] or plain
    for latest in (today.year, today.year - 1):  # 24.12.26 entered in November 2026 is in 1926
        birthday = read_shape(plain, latest, order)
        if birthday and not _is_after(birthday, today):
            return birthday
    birthday = parse_partial(text, today, order)
    if fault := birthday_fault(birthday, today):
        raise fault
    return birthday


def birthday_fault(birthday: PartialDate, today: date) -> BadValue | None:
    """Return the error for a birthday after today, or None if the birthday is valid."""
    if not _is_after(birthday, today):
        return None
    return BadValue(
        _("The birthday {date} is after today, {today}.").format(date=birthday, today=today),
        _("Correct the year or leave it out."),
    )


def _is_after(partial: PartialDate, today: date) -> bool:
    return partial.bounds is not None and partial.bounds[0] > today


def date_bounds(text: str, today: date, order: str = "dmy") -> tuple[date, date]:
    """Return the first and last day (inclusive) of the year, month or day that the text names."""
    parsed = _parsed(text, today, order)
    bounds = parsed.bounds if isinstance(parsed, PartialDate) else None
    if bounds is not None:
        return bounds
    day = parse_date(text, today, order)
    return day, day


def parse_datetime(text: str, now: datetime, order: str = "dmy", prefer: Prefer = "nearest") -> datetime:
    """Parse a local wall-clock time in whole minutes, without a time zone.

    A time alone is today, a date alone is midnight. A UTC offset in the text is ignored, not applied. Days without a
    year are handled as in `parse_date`.

    Raises:
        BadValue: The text is not a date or time.
    """
    plain = _plain(text)
    if plain in ("now", "现在"):
        return now.replace(second=0, microsecond=0, tzinfo=None)
    if not (parts := split_clock(plain)):
        return _by_dateutil(plain, order) or datetime.combine(
            parse_date(text, now.date(), order, prefer), time()
        )
    before, clock = parts
    return datetime.combine(parse_date(before, now.date(), order, prefer) if before else now.date(), clock)


def _hint() -> str:
    return _("Write for example 2026-04-03, 3 Apr, next fri or +2w.")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _plain(text: str) -> str:
    """Return narrow, lower-case text with single blanks; "" if it is too long for a date."""
    return " ".join(narrow(text).lower().split()) if len(text) <= _LONGEST else ""


def _parsed(text: str, today: date, order: str, prefer: Prefer = "nearest") -> date | PartialDate:
    if (day := _iso(text)) is not None:
        return day
    parsed = _read(_plain(text), today, order, prefer)
    if parsed is None:
        raise BadValue(_("This is not a date: {text}").format(text=_short(text)), _hint())
    return parsed


def _iso(text: str) -> date | None:
    """Fast path for ISO dates, the form used in files."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or text < str(FIRST_YEAR):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _read(text: str, today: date, order: str, prefer: Prefer) -> date | PartialDate | None:
    if (day := read_words(text, today, back=prefer == "past")) is not None:
        return day
    if (shape := read_shape(text, today.year + _YEARS_AHEAD, order)) is not None:
        return shape.full_date or shape
    if (parsed := _before_clock(text, today, order, prefer)) is not None:
        return parsed
    if (day := _beside_weekday(text, today, order, prefer)) is not None:
        return day
    moment = _by_dateutil(text, order)
    return moment.date() if moment else None


def _before_clock(text: str, today: date, order: str, prefer: Prefer) -> date | PartialDate | None:
    """Return the date before a time of day; None if it has no day, since only a day can have a time."""
    parts = split_clock(text)
    parsed = _read(parts[0], today, order, prefer) if parts and parts[0] else None
    return parsed if parsed and parsed.day else None


def _beside_weekday(text: str, today: date, order: str, prefer: Prefer) -> date | None:
    """Return the date in "Fri 3 Apr 2026" or "2026-04-03 Fri".

    Raises:
        BadValue: The date is on another weekday.
    """
    if match := _WEEKDAY_FIRST.fullmatch(text):
        name, rest = match.groups()
    elif match := _WEEKDAY_LAST.fullmatch(text):
        rest, name = match.groups()
    else:
        return None
    day = _single_day(_read(rest.strip(), today, order, prefer), today, prefer)
    if day is not None and day.weekday() != weekday_number(name):
        raise BadValue(
            _("The weekday does not match the date: {text}").format(text=text),
            _("Correct one of them: that day is {date}.").format(date=show_date(day)),
        )
    return day


def _by_dateutil(text: str, order: str) -> datetime | None:
    """Parse with dateutil; None unless day and year were in the text and the weekday, if any, is right."""
    numbers = sorted(re.findall(r"\d+", _CLOCK.sub("", text)), key=len)
    if not _FOR_DATEUTIL.fullmatch(text) or len(numbers) != 2:
        return None
    from dateutil.parser import parse  # slow to import, seldom needed

    midnight = datetime(2000, 1, 1)  # noqa: DTZ001
    try:
        moment = parse(
            text, default=midnight, dayfirst=order == "dmy", yearfirst=order == "ymd", ignoretz=True
        )
    except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError):
        return None
    weekdays = {WEEKDAYS[word] for word in re.findall("[a-z]+", text) if word in WEEKDAYS}
    has_same_numbers = [f"{moment.day:02d}", f"{moment.year:04d}"] == [numbers[0].zfill(2), numbers[1]]
    fits = has_same_numbers and moment.year >= FIRST_YEAR and weekdays <= {moment.weekday()}
    return moment.replace(second=0, microsecond=0) if fits else None


def _single_day(parsed: date | PartialDate | None, today: date, prefer: Prefer) -> date | None:
    if isinstance(parsed, date):
        return parsed
    if parsed is None or parsed.year or not parsed.month or not parsed.day:
        return None
    return _nearest(parsed.month, parsed.day, today, _REACH[prefer])


def _nearest(month: int, day: int, today: date, reach: tuple[int, int]) -> date | None:
    """Return the day nearest to `today` within `reach` (in days), or None, as for a 29 February that is too far away.

    The later day is returned if two are equally near.
    """
    first, last = reach
    near = []
    for year in (today.year + 1, today.year, today.year - 1):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if first <= (candidate - today).days <= last:
            near.append(candidate)
    return min(near, key=lambda candidate: abs((candidate - today).days), default=None)


def show_date(d: date) -> str:
    """Format as `2026-11-21 Sat`, with the weekday in the user's language."""
    return f"{d.isoformat()} {_(_WEEKDAY_NAMES[d.weekday()])}"


def age(d: date, today: date) -> str:
    """Return how long ago or ahead a day is: in days up to 99, in months up to 35, then in years."""
    days = (today - d).days
    if abs(days) <= 1:
        return (_("today"), _("yesterday"), _("tomorrow"))[days]
    if abs(days) < 100:
        sentence, n = (_("{n} d ago") if days > 0 else _("in {n} d")), abs(days)
    elif (months := _whole_months(*sorted((d, today)))) < 36:
        sentence, n = (_("{n} mo ago") if days > 0 else _("in {n} mo")), months
    else:
        sentence, n = (_("{n} y ago") if days > 0 else _("in {n} y")), months // 12
    return sentence.format(n=n)


def _whole_months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


# Only unambiguous dates at the end of a sentence: no bare numbers, and not "may", "sat" or "march".
_FULL_WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_TRAILING = Pattern(
    rf"""(?: (?<![^\s,;:(]) (?:
          tomorrow | today | yesterday | {_FULL_WEEKDAYS}
        | (?:next|last)\ (?:{"|".join(WEEKDAYS)}|week|month|year)
        | [+-]\d{{1,4}}{UNIT} | in\ (?:an?|\d{{1,4}})\ {UNIT} | (?:an?|\d{{1,4}})\ {UNIT}\ ago
        | \d{{4}}([-/.])\d{{1,2}}\1\d{{1,2}} | \d{{1,2}}([-/.])\d{{1,2}}\2(?:\d{{4}}|\d{{2}})
        | \d{{1,2}}\ ?{_MONTH_NAME}(?:\ \d{{4}})? | {_MONTH_NAME}\ \d{{1,2}},?\ \d{{4}}
        )
    | (?<!\d) (?:
          今天 | 明天 | 昨天 | 大?后天 | 大?前天 | [上本这下]个?(?:周|星期|礼拜)[一二三四五六日天]
        | (?:\d{{1,4}}|[一二两三四五六七八九十])\ ?(?:天|周|个?星期|个月|年)[之以]?[后前]
        | (?:\d{{4}}\ ?年\ ?)?\d{{1,2}}\ ?月\ ?\d{{1,2}}\ ?[日号]
        )
    )$""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


def trailing_date(
    text: str, today: date, order: str = "dmy", prefer: Prefer = "nearest"
) -> tuple[str, date | None]:
    """Split off a date at the end of a text.

    "send quote +2w" gives ("send quote", the day in two weeks). Bare numbers, months and short weekdays do not count as
    dates here, nor do dates that do not exist.

    Returns:
        The text before the date and the date, or the unchanged text and None.
    """
    stripped = text.rstrip(" \t\n.!。！")
    cut = max(0, len(stripped) - _LONGEST)
    match = _TRAILING.search(narrow(stripped[cut:]))
    if not match:
        return text, None
    try:
        day = parse_date(match[0], today, order, prefer)
    except BadValue:
        return text, None
    return stripped[: cut + match.start()].rstrip(" \t\n,;，；、"), day
