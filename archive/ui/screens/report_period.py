"""Over which days a report is asked: twelve months, a quarter, a year, all, or named days; and their neighbours."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from archive.model.dates import date_bounds
from archive.model.fields import Context
from archive.model.periods import following, previous
from archive.model.summary import year_before
from archive.text import N_, _

MONTHS_12, QUARTER, YEAR, ALL, DAYS = "12 months", "quarter", "year", "all", "days"
EARLIEST = date(1900, 1, 1)  # where all begins in an archive without a date
_DAY = timedelta(days=1)

# What `p` goes round: a kind of period, and how many of them back from the day that one looks from.
ROUND = ((MONTHS_12, 0), (QUARTER, 0), (YEAR, 0), (YEAR, 1), (ALL, 0))


class Period(NamedTuple):
    """A kind of period, `back` many of its kind before the one that holds the day one looks from."""

    kind: str = MONTHS_12
    back: int = 0
    named: tuple[date, date] | None = None  # of DAYS

    @property
    def label(self) -> str:
        """What it is called."""
        if self.kind == YEAR and self.back < 2:
            return _(_YEARS[self.back])
        if self.kind == QUARTER and not self.back:
            return _("this quarter")
        return _(_LABELS[self.kind])

    @property
    def can_shift(self) -> bool:
        """Whether it has neighbours."""
        return self.kind != ALL

    def next_kind(self, day: date) -> Period:
        """The one that follows where one goes round them, seen from a day; one that was shifted to stays in sight."""
        if self.kind == ALL or self.named:
            return Period()
        if (self.kind, self.back) in ROUND:
            return Period(*ROUND[ROUND.index((self.kind, self.back)) + 1])
        if self.kind == YEAR:
            return Period(ALL)
        longer = QUARTER if self.kind == MONTHS_12 else YEAR
        return Period(longer, _back_to(self.days(day)[1], longer, day))

    def shifted(self, back: int, day: date) -> Period:
        """Its neighbour, earlier by `back`; the one that holds the day one looks from is the last there is."""
        if self.named:
            start, end = (previous if back > 0 else following)(*self.named)
            is_there = start >= EARLIEST and end <= max(day, self.named[1])
            return self._replace(named=(start, end)) if is_there else self
        there = self._replace(back=max(0, self.back + back))
        return there if there.back == 0 or there.days(day)[0] >= EARLIEST else self

    def days(self, day: date, first: date = EARLIEST) -> tuple[date, date]:
        """Its first and its last day, seen from a day; `first` is where all begins."""
        if self.named:
            return self.named
        if self.kind == ALL:
            return min(first, day), day
        if self.kind == MONTHS_12:
            for _year in range(self.back):
                day = year_before(day)
            return year_before(day) + _DAY, day
        months = 12 if self.kind == YEAR else 3
        start = _first_of(day, self.back, months)
        return start, _first_of(day, self.back - 1, months) - _DAY if self.back else day


_LABELS = {
    MONTHS_12: N_("12 months"),
    QUARTER: N_("quarter"),
    YEAR: N_("year"),
    ALL: N_("all"),
    DAYS: N_("named days"),
}
_YEARS = (N_("this year"), N_("last year"))


def _first_of(day: date, back: int, months: int) -> date:
    """The first day of the year or quarter (so many months) that lies so many before the one of `day`."""
    number = (day.year * 12 + day.month - 1) // months * months - back * months
    return date(number // 12, number % 12 + 1, 1)


def _back_to(end: date, kind: str, day: date) -> int:
    """How many years or quarters lie between the ones that hold two days."""
    months = 12 if kind == YEAR else 3
    first, last = ((one.year * 12 + one.month - 1) // months for one in (end, day))
    return last - first


def read_days(text: str, ctx: Context) -> tuple[date, date]:
    """ "2026", "2026-03" or "2026-03-01..2026-06-30"; BadValue explains what is none of it."""
    first, dots, last = text.partition("..")
    start, end = date_bounds(first, ctx.today, ctx.order)
    if dots:
        end = date_bounds(last, ctx.today, ctx.order)[1]
    return min(start, end), max(start, end)
