"""The period of a report: twelve months, a quarter, a year, all time, or custom dates; and shifting it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from archive.model.dates import date_bounds
from archive.model.field_types.base import Context
from archive.model.periods import following, previous
from archive.model.summary import year_before
from archive.text import N_, _

MONTHS_12, QUARTER, YEAR, ALL, DAYS = "12 months", "quarter", "year", "all", "days"
EARLIEST = date(1900, 1, 1)  # start of "all" in an archive without dates
_DAY = timedelta(days=1)

# Periods that `p` cycles through: (kind, number of such periods before the current period).
ROUND = ((MONTHS_12, 0), (QUARTER, 0), (YEAR, 0), (YEAR, 1), (ALL, 0))


class Period(NamedTuple):
    """The period of a report: its kind, and how many such periods it lies before the as-of day's own."""

    kind: str = MONTHS_12
    back: int = 0
    named: tuple[date, date] | None = None  # first and last day if the kind is DAYS

    @property
    def label(self) -> str:
        """The translated label."""
        if self.kind == YEAR and self.back < 2:
            return _(_YEARS[self.back])
        if self.kind == QUARTER and not self.back:
            return _("this quarter")
        return _(_LABELS[self.kind])

    @property
    def can_shift(self) -> bool:
        """Whether there are earlier and later periods."""
        return self.kind != ALL

    def next_kind(self, day: date) -> Period:
        """Return the next period in the cycle, relative to the as-of day.

        After a shift, return the period of the next kind that contains the last day of the shifted period.
        """
        if self.kind == ALL or self.named:
            return Period()
        if (self.kind, self.back) in ROUND:
            return Period(*ROUND[ROUND.index((self.kind, self.back)) + 1])
        if self.kind == YEAR:
            return Period(ALL)
        longer = QUARTER if self.kind == MONTHS_12 else YEAR
        return Period(longer, _back_to(self.days(day)[1], longer, day))

    def shifted(self, back: int, day: date) -> Period:
        """Return the period moved by `back` steps, later if negative, but not beyond the as-of day."""
        if self.named:
            start, end = (previous if back > 0 else following)(*self.named)
            is_there = start >= EARLIEST and end <= max(day, self.named[1])
            return self._replace(named=(start, end)) if is_there else self
        period = self._replace(back=max(0, self.back + back))
        return period if period.back == 0 or period.days(day)[0] >= EARLIEST else self

    def days(self, day: date, first: date = EARLIEST) -> tuple[date, date]:
        """Return the first and last day, relative to the as-of day; `first` is the start of the kind "all"."""
        if self.named:
            return self.named
        if self.kind == ALL:
            return min(first, day), day
        if self.kind == MONTHS_12:
            period = year_before(day) + _DAY, day
            for _year in range(self.back):
                period = previous(*period)
            return period
        months = 12 if self.kind == YEAR else 3
        start = _first_of(day, self.back, months)
        return start, _first_of(day, self.back - 1, months) - _DAY if self.back else day


_LABELS = {
    MONTHS_12: N_("12 months"),
    QUARTER: N_("quarter"),
    YEAR: N_("year"),
    ALL: N_("all"),
    DAYS: N_("custom"),
}
_YEARS = (N_("this year"), N_("last year"))


def _first_of(day: date, back: int, months: int) -> date:
    """Return the first day of the year (12 `months`) or quarter (3) `back` periods before the one containing `day`."""
    number = (day.year * 12 + day.month - 1) // months * months - back * months
    return date(number // 12, number % 12 + 1, 1)


def _back_to(end: date, kind: str, day: date) -> int:
    """Return the number of years or quarters (`kind`) from the period containing `end` to the one containing `day`."""
    months = 12 if kind == YEAR else 3
    first, last = ((each_day.year * 12 + each_day.month - 1) // months for each_day in (end, day))
    return last - first


def read_days(text: str, ctx: Context) -> tuple[date, date]:
    """Parse "2026", "2026-03" or "2026-03-01..2026-06-30" as first and last day.

    Raises:
        BadValue: The text is none of these.
    """
    first, dots, last = text.partition("..")
    start, end = date_bounds(first, ctx.today, ctx.order)
    if dots:
        end = date_bounds(last, ctx.today, ctx.order)[1]
    return min(start, end), max(start, end)
