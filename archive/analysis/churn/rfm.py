"""RFM: recency, frequency and monetary value in quintiles, with their cut values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set
from datetime import date
from typing import NamedTuple

from archive.analysis.churn.formatting import day_of
from archive.analysis.churn.purchase_history import Purchases
from archive.analysis.common.result import Section, customers
from archive.analysis.dataset import SalesData
from archive.analysis.maths.rfm import PARTS, Rfm, Scores, rfm
from archive.analysis.pictures import Grid
from archive.analysis.report import COUNT, DATE, MONEY, NUMBER, Column, Row, Table, Value
from archive.analysis.request import ReportRequest
from archive.text import _


class Buyers(NamedTuple):
    """Customers by last purchase (day number), number of purchases, and orders minus returns.

    `money` is in minor units, None if no amount is known or can be converted.
    """

    uids: list[str]
    last: list[int]
    purchases: list[int]
    money: list[int | None]


def buyers(data: SalesData, as_of: int, purchase_days: Purchases, lost: Set[str]) -> Buyers:
    """Return everyone who bought and is not lost."""
    population = Buyers([], [], [], [])
    for uid, days in purchase_days.items():
        if uid not in lost:
            population.uids.append(uid)
            population.last.append(days[-1])
            population.purchases.append(len(days))
            population.money.append(data.worth(data.histories[uid], 0, as_of))
    return population


def rfm_section(data: SalesData, request: ReportRequest, purchase_days: Purchases, lost: Set[str]) -> Section:
    """Build the grid of recency by frequency, the same cells as a table, and the cut values."""
    population = buyers(data, request.as_of.toordinal(), purchase_days, lost)
    result = rfm(population.last, population.purchases, population.money)
    cells: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for index, score in enumerate(result.scores):
        if score.recency and score.frequency:
            cells[score.recency, score.frequency].append(index)
    return Section(
        tables=(_cells(data, population, result.scores, cells), _cuts(data, population, result)),
        pictures=(_grid(population, result, cells, request.as_of),),
    )


def _between(values: Sequence[int], limits: Sequence[float] | None, score: int) -> tuple[int, int] | None:
    """Return the lowest and highest value of a score; None if no value has it because of ties."""
    if limits is None:
        return None
    low = min(values) if score == 1 else int(limits[score - 2]) + 1
    high = max(values) if score == PARTS else int(limits[score - 1])
    return (low, high) if low <= high else None


def _grid(
    population: Buyers, result: Rfm, cells: defaultdict[tuple[int, int], list[int]], as_of: date
) -> Grid:
    scores = range(1, PARTS + 1)

    def recency_label(score: int) -> str:
        ends = _between(population.last, result.recency, score)
        days = [as_of.toordinal() - end for end in reversed(ends or ())]
        return (
            _("R{score}: {low} to {high} days").format(score=score, low=days[0], high=days[1])
            if days
            else f"R{score}"
        )

    def frequency_label(score: int) -> str:
        ends = _between(population.purchases, result.frequency, score)
        return f"F{score}: {'-'.join(map(str, sorted(set(ends))))}" if ends else f"F{score}"

    return Grid(
        key="rfm",
        label=_("Customers by recency in days (R) and number of purchases (F)"),
        unit=COUNT,
        empty=_("The customers' purchases do not differ enough to form groups."),
        rows=tuple(recency_label(score) for score in reversed(scores)) if cells else (),
        columns=tuple(frequency_label(score) for score in scores) if cells else (),
        cells=tuple(tuple(float(len(cells[r, f])) for f in scores) for r in reversed(scores))
        if cells
        else (),
    )


def _cells(
    data: SalesData, population: Buyers, scores: list[Scores], cells: defaultdict[tuple[int, int], list[int]]
) -> Table:
    rows = []
    for (recency, frequency), indexes in sorted(cells.items(), reverse=True):
        money_scores = [money_score for index in indexes if (money_score := scores[index].money)]
        amounts = [amount for index in indexes if (amount := population.money[index]) is not None]
        rows.append(
            Row(
                (
                    recency,
                    frequency,
                    len(indexes),
                    sum(money_scores) / len(money_scores) if money_scores else None,
                    data.money(sum(amounts)) if amounts else None,
                ),
                customers(population.uids[index] for index in indexes),
            )
        )
    return Table(
        key="rfm",
        label=_("Recency and frequency by quintile"),
        columns=(
            Column("recency", _("Recency"), COUNT),
            Column("frequency", _("Frequency"), COUNT),
            Column("customers", _("Customers"), COUNT),
            Column("money", _("Monetary (mean)"), NUMBER),
            Column("sales", _("Sales to date"), MONEY),
        ),
        rows=tuple(rows),
        empty=_("The customers' purchases do not differ enough to form groups."),
        note=_(
            "5 is the best quintile: most recent purchase, most purchases, highest sales. "
            "Lost customers are left out; customers without a known amount or exchange rate "
            "have no monetary score."
        ),
    )


def _cuts(data: SalesData, population: Buyers, result: Rfm) -> Table:
    columns = (
        (population.last, result.recency),
        (population.purchases, result.frequency),
        ([amount for amount in population.money if amount is not None], result.money),
    )
    rows = []
    for score in range(PARTS, 0, -1):
        last, purchases, money = (
            _between(values, limits, score) or (None, None) for values, limits in columns
        )
        cells: list[Value] = [score, *(day_of(day or 0) for day in last), *purchases]
        rows.append(Row((*cells, *(None if end is None else data.money(end) for end in money))))
    return Table(
        key="rfm_cuts",
        label=_("Quintile limits"),
        columns=(
            Column("score", _("Score"), COUNT),
            Column("last_from", _("Last purchase from"), DATE),
            Column("last_to", _("to"), DATE),
            Column("purchases_from", _("Purchases from"), COUNT),
            Column("purchases_to", _("to"), COUNT),
            Column("money_from", _("Sales from"), MONEY),
            Column("money_to", _("to"), MONEY),
        ),
        rows=tuple(rows) if population.uids else (),
        empty=_("There are no purchases yet."),
        note=_("Equal values always get the same score, so some scores may be empty."),
    )
