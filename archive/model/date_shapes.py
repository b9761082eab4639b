"""Parsing of full and partial dates in digits or with a month name. Expects narrow, lower-case text."""

import re
from collections.abc import Callable

from archive.model.lazy_re import Pattern
from archive.model.partial_date import PartialDate

MONTHS = {
    name: number
    for number, full in enumerate(
        (
            *("january", "february", "march", "april", "may", "june"),
            *("july", "august", "september", "october", "november", "december"),
        ),
        start=1,
    )
    for name in (full, full[:3])
} | {"sept": 9}

_GAP = r"[\s,./-]"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_YEAR = r"(?P<year>\d{4}|'?\d{2})"
_NAMED = [
    Pattern(shape, re.ASCII)
    for shape in (
        rf"{_DAY}(?:{_GAP}*| of ){_MONTH}(?:{_GAP}*{_YEAR})?",
        rf"{_MONTH}{_GAP}*{_DAY}(?:{_GAP}+{_YEAR})?",
        rf"{_MONTH}{_GAP}*(?P<year>\d{{4}}|'\d{{2}})",
        rf"(?P<year>\d{{4}}){_GAP}*{_MONTH}(?:{_GAP}*{_DAY})?",
        _MONTH,
    )
]
_THREE = Pattern(r"(\d{1,4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,4})\.?", re.ASCII)
_TWO = Pattern(r"(\d{1,2})[-/.]\s?(\d{1,2})\.?", re.ASCII)
_PLAIN = [
    Pattern(shape, re.ASCII)
    for shape in (
        r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2}))?",
        r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
        r"--(?P<month>\d\d)(?:-?(?P<day>\d\d))?",
        r"(?P<year>\d{4}|\d{2})\s?年(?:\s?(?P<month>\d{1,2})\s?月(?:份|\s?(?P<day>\d{1,2})\s?[日号]?)?)?",
        r"(?P<month>\d{1,2})\s?月(?:份|\s?(?P<day>\d{1,2})\s?[日号]?)?",
    )
]

_HANZI_NUMBER = Pattern("[〇零一二三四五六七八九十]{1,4}(?=\\s?[年月日号])")
_HANZI_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def read_shape(text: str, latest: int, order: str) -> PartialDate | None:
    """Parse a full or partial date.

    Args:
        text: The text.
        latest: Two-digit years become the last matching year up to this one.
        order: "dmy", "mdy" or "ymd", used if the digits alone are ambiguous.

    Returns:
        The date, or None if the text does not look like a date.

    Raises:
        BadValue: There is no such date.
    """
    if not text.isascii():
        text = _HANZI_NUMBER.sub(_in_digits, text)
    for reader in _READERS:
        if (partial := reader(text, latest, order)) is not None:
            return partial
    return None


def _in_digits(match: re.Match[str]) -> str:
    """Convert Chinese numerals: 二〇二六 is 2026, 十二 is 12, 二十五 is 25."""
    tens, ten, units = match[0].translate(_HANZI_DIGITS).rpartition("十")
    return f"{tens or 1}{units or 0}" if ten else units


def _plain(text: str, latest: int, order: str) -> PartialDate | None:
    for shape in _PLAIN:
        if match := shape.fullmatch(text):
            return _from_parts(match.groupdict(), latest)
    return None


def _three(text: str, latest: int, order: str) -> PartialDate | None:
    match = _THREE.fullmatch(text)
    if not match:
        return None
    first, middle, last = match[1], match[3], match[4]
    if len(first) == 4:
        order = "ymd"
    elif len(last) == 4:
        order = "dmy" if order == "dmy" else "mdy"
    parts = dict(zip(order, (first, middle, last), strict=True))
    if len(parts["y"]) not in (2, 4) or max(len(parts["m"]), len(parts["d"])) > 2:
        return None
    return PartialDate(_full_year(parts["y"], latest), int(parts["m"]), int(parts["d"]))


def _two(text: str, latest: int, order: str) -> PartialDate | None:
    match = _TWO.fullmatch(text)
    if not match:
        return None
    month, day = (match[2], match[1]) if order == "dmy" else (match[1], match[2])
    return PartialDate(None, int(month), int(day))


def _named(text: str, latest: int, order: str) -> PartialDate | None:
    for shape in _NAMED:
        match = shape.fullmatch(text)
        if match and (month := MONTHS.get(match["month"])):
            return _from_parts(match.groupdict() | {"month": str(month)}, latest)
    return None


def _from_parts(parts: dict[str, str | None], latest: int) -> PartialDate:
    year, month, day = (parts.get(name) for name in ("year", "month", "day"))
    return PartialDate(
        _full_year(year.lstrip("'"), latest) if year else None,
        int(month) if month else None,
        int(day) if day else None,
    )


def _full_year(digits: str, latest: int) -> int:
    if len(digits) == 4:
        return int(digits)
    return latest - (latest - int(digits)) % 100


_READERS: tuple[Callable[[str, int, str], PartialDate | None], ...] = (_plain, _three, _two, _named)
