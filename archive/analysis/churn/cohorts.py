"""Cohorts of customers by month of first purchase, and the share that bought again in each later month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain

from archive.analysis.churn.formatting import band
from archive.analysis.churn.purchase_history import Purchases
from archive.analysis.common.result import Section, customers
from archive.analysis.maths.cohorts import Cohort, last_full_month, month_of, retention, triangle
from archive.analysis.pictures import Grid
from archive.analysis.report import COUNT, SHARE, TEXT, Column, Row, Table
from archive.analysis.request import ReportRequest
from archive.text import _, plural

ROWS = 24  # the most recent cohorts
_YEAR = 366  # days
AGES = 24  # months after the first


def cohorts(
    request: ReportRequest, purchase_days: Purchases, since: Mapping[str, int] | None = None
) -> Section:
    """Build the cohort triangle as a table and heat map, and the retention of all cohorts by age.

    `since` is the customer-since day number of each customer. Customers whose first order on record is more than a year
    later probably bought earlier; they are excluded from the cohorts.
    """
    since = since or {}
    new = {uid: days for uid, days in purchase_days.items() if days[0] - since.get(uid, days[0]) <= _YEAR}
    month_by_day = {day: month_of(date.fromordinal(day)) for day in set(chain.from_iterable(new.values()))}
    uids_by_month = defaultdict(list)
    for uid, days in new.items():
        uids_by_month[month_by_day[days[0]]].append(uid)
    all_cohorts = triangle((map(month_by_day.__getitem__, days) for days in new.values()), request.as_of)
    current_month = last_full_month(request.as_of) + 1
    recent = all_cohorts[-ROWS:]
    return Section(
        tables=(_table(all_cohorts, recent, uids_by_month, current_month), _retention_table(all_cohorts)),
        pictures=(_grid(recent, current_month),),
        notes=tuple(_older(len(purchase_days) - len(new))),
    )


def _older(n: int) -> list[str]:
    if not n:
        return []
    return [
        plural(
            "{n} customer is not in a cohort: the first recorded order came more than a year "
            "after they became a customer.",
            "{n} customers are not in a cohort: their first recorded order came more than a "
            "year after they became customers.",
            n,
        )
    ]


def _name(month: int) -> str:
    year, number = divmod(month, 12)
    return f"{year:04}-{number + 1:02}"


# `running` is the first month not complete; it has no cohort if `as_of` is the last day of a month.


def _mark(cohort: Cohort, current_month: int) -> str:
    if cohort.month == current_month:
        return _("current month")
    return _("first month of data, includes older customers") if cohort.is_truncated else ""


def _ages(recent: list[Cohort]) -> int:
    return min(max((len(cohort.cells) for cohort in recent), default=0), AGES + 1)


def _cells(cohort: Cohort, ages: int) -> list[float | None]:
    return [*cohort.shares, *[None] * ages][:ages]


def _limit(age: int, side: str, label: str) -> Column:
    return Column(f"m{age}_{side}", f"+{age} {label}", SHARE, in_files_only=True)


def _intervals(cohort: Cohort, ages: int) -> Iterator[float | None]:
    """Yield the lower and upper limit of the 95 % interval of each cell."""
    for active in [*cohort.cells, *[None] * ages][:ages]:
        yield from (None, None) if active is None else band(active, cohort.size)


def _numbers(cohort: Cohort, ages: int) -> str:
    """Return how many of the cohort bought in each month, with the interval of the share."""
    text = _("+{age}: {active} of {n} ({low:.0%} to {high:.0%})")
    parts = []
    for age, active in enumerate(cohort.cells[:ages]):
        if active is not None:
            low, high = band(active, cohort.size)
            parts.append(text.format(age=age, active=active, n=cohort.size, low=low, high=high))
    return "; ".join(parts)


def _table(
    all_cohorts: list[Cohort], recent: list[Cohort], uids_by_month: dict[int, list[str]], current_month: int
) -> Table:
    ages, limits = _ages(recent), {"low": _("From"), "high": _("To")}
    note = _("-: the month is not over. Months without new customers are not shown.")
    if len(all_cohorts) > len(recent) or (recent and len(recent[0].cells) > ages):
        cut = _("The newest {rows} months with new customers and the first {ages} months of each are shown.")
        note = f"{note} {cut.format(rows=ROWS, ages=AGES)}"
    return Table(
        key="cohorts",
        label=_("Repeat purchases by cohort"),
        columns=(
            Column("cohort", _("First purchase"), TEXT),
            Column("customers", _("Customers"), COUNT),
            *(Column(f"m{age}", f"+{age}", SHARE) for age in range(ages)),
            Column("note", _("Note"), TEXT),
            *(_limit(age, side, label) for age in range(ages) for side, label in limits.items()),
        ),
        rows=tuple(
            Row(
                (_name(c.month), c.size, *_cells(c, ages), _mark(c, current_month), *_intervals(c, ages)),
                customers(uids_by_month[c.month]),
                _numbers(c, ages),
            )
            for c in recent
        ),
        empty=_("There are no purchases yet."),
        note=note,
    )


def _retention_table(all_cohorts: list[Cohort]) -> Table:
    rows = [
        Row((point.age, point.active, point.size, point.active / point.size, *band(point.active, point.size)))
        for point in retention(all_cohorts)[: AGES + 1]
    ]
    return Table(
        key="retention",
        label=_("All cohorts"),
        columns=(
            Column("months", _("Months since"), COUNT),
            Column("bought", _("Bought"), COUNT),
            Column("customers", _("Customers"), COUNT),
            Column("share", _("Share"), SHARE),
            Column("low", _("From"), SHARE),
            Column("high", _("To"), SHARE),
        ),
        rows=tuple(rows),
        empty=_("No month after the first month of data is over yet."),
        note=_("The first month of the data is left out: some of its customers are older than the data."),
    )


def _grid(recent: list[Cohort], current_month: int) -> Grid:
    ages = _ages(recent)

    def label(cohort: Cohort) -> str:
        sign = "*" if cohort.month == current_month else "<" if cohort.is_truncated else " "
        return f"{_name(cohort.month)}{sign} {cohort.size:,}"

    return Grid(
        key="cohorts",
        label=_(
            "Share who bought again, by months since the first purchase (* current month, < "
            "includes earlier months)"
        ),
        unit=SHARE,
        empty=_("There are no purchases yet."),
        rows=tuple(map(label, recent)),
        columns=tuple(f"+{age}" for age in range(ages)),
        cells=tuple(tuple(_cells(cohort, ages)) for cohort in recent),
    )
