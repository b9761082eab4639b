"""Customers by the month of their first purchase, and which share of them bought again in each month after."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import chain

from archive.analysis.churning.purchases import Purchases
from archive.analysis.maths.cohorts import Cohort, last_full_month, month_of, retention, triangle
from archive.analysis.parts.result import Section, customers
from archive.analysis.pictures import Grid
from archive.analysis.question import Ask
from archive.analysis.report import COUNT, SHARE, TEXT, Column, Row, Table
from archive.text import _

ROWS = 24  # the newest cohorts
AGES = 24  # months after the first


def cohorts(ask: Ask, bought: Purchases) -> Section:
    """The triangle as a table and a grid, and the cohorts together by age."""
    month = {day: month_of(date.fromordinal(day)) for day in set(chain.from_iterable(bought.values()))}
    began = defaultdict(list)
    for uid, days in bought.items():
        began[month[days[0]]].append(uid)
    found = triangle((map(month.__getitem__, days) for days in bought.values()), ask.as_of)
    running = last_full_month(ask.as_of) + 1
    shown = found[-ROWS:]
    return Section(
        tables=(_table(found, shown, began, running), _together(found)),
        pictures=(_grid(shown, running),),
    )


def _name(month: int) -> str:
    year, number = divmod(month, 12)
    return f"{year:04}-{number + 1:02}"


# `running` is the first month that is not over: no cohort has it where the as-of day is the last of its month.


def _mark(cohort: Cohort, running: int) -> str:
    if cohort.month == running:
        return _("running month")
    return _("first month of the data: older customers among them") if cohort.is_truncated else ""


def _ages(shown: list[Cohort]) -> int:
    return min(max((len(cohort.cells) for cohort in shown), default=0), AGES + 1)


def _cells(cohort: Cohort, ages: int) -> list[float | None]:
    return [*cohort.shares, *[None] * ages][:ages]


def _table(found: list[Cohort], shown: list[Cohort], began: dict[int, list[str]], running: int) -> Table:
    ages = _ages(shown)
    note = _("-: the month is not over. Months without a new customer have no line.")
    if len(found) > len(shown) or (shown and len(shown[0].cells) > ages):
        cut = _("The newest {rows} months with new customers and the first {ages} months of each are shown.")
        note = f"{note} {cut.format(rows=ROWS, ages=AGES)}"
    return Table(
        key="cohorts",
        label=_("Who bought in the months after the first purchase"),
        columns=(
            Column("cohort", _("First bought"), TEXT),
            Column("customers", _("Customers"), COUNT),
            *(Column(f"m{age}", f"+{age}", SHARE) for age in range(ages)),
            Column("note", _("Note"), TEXT),
        ),
        rows=tuple(
            Row(
                (_name(c.month), c.size, *_cells(c, ages), _mark(c, running)),
                customers(began[c.month]),
            )
            for c in shown
        ),
        empty=_("Nobody has bought anything yet."),
        note=note,
    )


def _together(found: list[Cohort]) -> Table:
    rows = [
        Row((age.age, age.active, age.size, age.active / age.size)) for age in retention(found)[: AGES + 1]
    ]
    return Table(
        key="retention",
        label=_("All months together"),
        columns=(
            Column("months", _("Months after"), COUNT),
            Column("bought", _("Bought"), COUNT),
            Column("customers", _("Customers"), COUNT),
            Column("share", _("Share"), SHARE),
        ),
        rows=tuple(rows),
        empty=_("No month after the first of the data is over."),
        note=_("The first month of the data is left out: some of its customers are older than the data."),
    )


def _grid(shown: list[Cohort], running: int) -> Grid:
    ages = _ages(shown)

    def label(cohort: Cohort) -> str:
        sign = "*" if cohort.month == running else "<" if cohort.is_truncated else " "
        return f"{_name(cohort.month)}{sign} {cohort.size:,}"

    return Grid(
        key="cohorts",
        label=_(
            "Share that bought again, by months after the first purchase (* running month, < and before)"
        ),
        unit=SHARE,
        empty=_("Nobody has bought anything yet."),
        rows=tuple(map(label, shown)),
        columns=tuple(f"+{age}" for age in range(ages)),
        cells=tuple(tuple(_cells(cohort, ages)) for cohort in shown),
    )
