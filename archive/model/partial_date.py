"""Partial dates: a birthday without a year, or just a year."""

import re
from calendar import monthrange
from datetime import date
from typing import Self

from archive.errors import BadValue
from archive.model.lazy_re import Pattern
from archive.text import _

FIRST_YEAR, LAST_YEAR = 1000, 9999
_LEAP_YEAR = 2000
_STORED = Pattern(r"(\d{4}|-)(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


def _is_possible(year: int | None, month: int | None, day: int | None) -> bool:
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        return False
    if month is None:
        return day is None and year is not None
    if not 1 <= month <= 12:
        return False
    return day is None or 1 <= day <= monthrange(year or _LEAP_YEAR, month)[1]


class PartialDate:
    """A date of which year, month or day may be unknown: 2026, 2026-04, --04, --04-03.

    Raises BadValue for a date that does not exist.
    """

    __slots__ = ("day", "month", "year")

    def __init__(self, year: int | None = None, month: int | None = None, day: int | None = None) -> None:
        self.year, self.month, self.day = year, month, day
        if not _is_possible(year, month, day):
            raise BadValue(
                _("This date does not exist: {text}").format(text=self),
                _("Use a year from 1000 to 9999, a month from 1 to 12 and a day of that month."),
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PartialDate) and str(other) == str(self)

    def __hash__(self) -> int:
        return hash(str(self))

    def __repr__(self) -> str:
        return f"<PartialDate {self}>"

    @classmethod
    def of(cls, day: date) -> Self:
        """Return a fully known date."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def load(cls, text: str) -> Self:
        """Return the date from its `str()` form.

        Raises:
            BadValue: The text has another form.
        """
        match = _STORED.fullmatch(text)
        if not match:
            raise BadValue(
                _("This is not a date as the archive stores it: {text}").format(text=text[:40]),
                _("Write 2026-04-03, 2026-04, 2026, --04-03 or --04."),
            )
        year, month, day = (None if part in (None, "-") else int(part) for part in match.groups())
        return cls(year, month, day)

    def __str__(self) -> str:
        """Return `2026-04-03`, `2026-04` or `2026`; `--04-03` or `--04` if the year is unknown."""
        parts = ["-" if self.year is None else f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """Sort key by time; unknown parts sort before known ones."""
        return self.year or 0, self.month or 0, self.day or 0

    @property
    def full_date(self) -> date | None:
        """The day, or None if a part of it is unknown."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    @property
    def bounds(self) -> tuple[date, date] | None:
        """The first and last possible day (inclusive), or None if the year is unknown."""
        if self.year is None:
            return None
        last_month = self.month or 12
        last_day = self.day or monthrange(self.year, last_month)[1]
        return date(self.year, self.month or 1, self.day or 1), date(self.year, last_month, last_day)
