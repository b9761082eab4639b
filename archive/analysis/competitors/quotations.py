"""Decided quotations: win rates, and the competitors and reasons of the losses."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from archive.analysis.churn.purchase_history import purchases
from archive.analysis.churn.tenure import Tenures, tenures_of
from archive.analysis.common.result import Section, proportion
from archive.analysis.dataset import SalesData
from archive.analysis.pictures import Grid
from archive.analysis.report import COUNT, MONEY, SHARE, Column, Figure, Opens, Row, Table
from archive.analysis.request import ReportRequest
from archive.model.records.customer import LOST_REASON
from archive.model.spelling import usual_spellings
from archive.text import _, fold, plural

KEYS = ("win_rate", "win_rate.value", "win_rate.rival", "quotations.open", "quotations.no_decision")
WON, LOST, NO_DECISION = "won", "lost", "no_decision"
ROWS, COLUMNS = 8, 6  # maximum size of the heat map


class Quotation(NamedTuple):
    """A quotation; `value` is in minor units of the data's currency, None if unknown or without a rate."""

    uid: str
    customer: str
    outcome: str  # "" also means open
    value: int | None
    lost_to: str
    reason: str
    has_amount: bool


def quotations(data: SalesData, request: ReportRequest) -> list[Quotation]:
    """Return the quotations made in the period."""
    d = data.dealings
    outcomes, rivals, reasons = data.columns("transactions", "outcome", "lost_to", "reason")
    start, end = request.start.toordinal(), request.end.toordinal()
    lines = zip(
        d.uid, d.customer, d.type, d.day, d.amount, d.currency, outcomes, rivals, reasons, strict=True
    )
    return [
        Quotation(
            uid,
            customer,
            outcome or "",
            None if amount is None else data.minor(amount, currency, day),
            rival or "",
            reason or "",
            amount is not None,
        )
        for uid, customer, kind, day, amount, currency, outcome, rival, reason in lines
        if kind == "quotation" and start <= day <= end
    ]


def win_rates(data: SalesData, request: ReportRequest, with_rival: set[str]) -> Section:
    """Build win rates by count, by value, and with a competitor present; open quotations are not counted.

    `with_rival` are the customers whose wallet names another supplier.
    """
    found, before = quotations(data, request), quotations(data, request.before())
    contested = [q for q in found if q.lost_to or q.customer in with_rival]
    return Section(
        figures=(
            _rate("win_rate", _("Win rate"), found, before=_share(before), top=True),
            _value_rate(data, found),
            _rate("win_rate.rival", _("Win rate against a competitor"), contested),
            _count("quotations.open", _("Open quotations"), found, "", "open"),
            _count("quotations.no_decision", _("Closed without a decision"), found, NO_DECISION),
        )
    )


def _of(found: list[Quotation], *outcomes: str) -> list[Quotation]:
    return [q for q in found if q.outcome in outcomes]


def _share(found: list[Quotation]) -> float | None:
    decided = _of(found, WON, LOST)
    return len(_of(found, WON)) / len(decided) if decided else None


def _opens(found: list[Quotation]) -> Opens:
    return Opens("transactions", tuple(q.uid for q in found))


def _undecided() -> str:
    return _("No quotation in the period was won or lost.")


def _rate(
    key: str, label: str, found: list[Quotation], *, before: float | None = None, top: bool = False
) -> Figure:
    won, decided = _of(found, WON), _of(found, WON, LOST)
    return proportion(
        key,
        label,
        len(won),
        len(decided),
        before=before,
        note=_undecided(),
        why=_("won / (won + lost) = {k} / {n}; open quotations and those without a decision are excluded"),
        opens=_opens(decided),
        top=top,
    )


def _value_rate(data: SalesData, found: list[Quotation]) -> Figure:
    won = sum(q.value or 0 for q in _of(found, WON))
    every = _of(found, WON, LOST)
    decided = sum(q.value or 0 for q in every)
    bare = sum(not q.has_amount for q in every)
    foreign = sum(q.has_amount and q.value is None for q in every)
    return Figure(
        key="win_rate.value",
        label=_("Win rate by value"),
        value=won / decided if decided > 0 else None,
        unit=SHARE,
        n=len([q for q in _of(found, WON, LOST) if q.value is not None]),
        note="" if decided > 0 else _no_value(len(every), bare, foreign),
        omitted=_quotations_left_out(bare, foreign),
        why=_("amounts won / amounts decided = {won} / {decided}").format(
            won=f"{data.money(won):,}", decided=f"{data.money(decided):,}"
        ),
        opens=_opens(_of(found, WON, LOST)),
        top=True,
    )


def _no_value(decided: int, bare: int, foreign: int) -> str:
    if not decided:
        return _undecided()
    if decided > bare + foreign:
        return _("The amounts of the decided quotations add up to zero.")
    if foreign:
        return _("No decided quotation in the period has an amount with an exchange rate.")
    return _("No decided quotation in the period has an amount.")


def _quotations_left_out(bare: int, foreign: int) -> str:
    parts = [
        plural("{n} quotation left out: no amount", "{n} quotations left out: no amount", bare)
        if bare
        else "",
        plural(
            "{n} quotation left out: no exchange rate", "{n} quotations left out: no exchange rate", foreign
        )
        if foreign
        else "",
    ]
    return "; ".join(filter(None, parts))


def _count(key: str, label: str, found: list[Quotation], *outcomes: str) -> Figure:
    counted = _of(found, *outcomes)
    why = _("{n} of the {all} quotations made in the period").format(n=len(counted), all=len(found))
    return Figure(key=key, label=label, value=len(counted), unit=COUNT, why=why, opens=_opens(counted))


class Loss(NamedTuple):
    """A lost quotation or customer."""

    rival: str
    reason: str
    table: str
    uid: str
    value: int | None  # of a quotation; None if unknown or without a rate


def losses(data: SalesData, request: ReportRequest, everyone: Tenures) -> list[Loss]:
    """Return quotations and customers lost in the period, with uniform spellings of competitors and reasons."""
    quoted = [
        Loss(q.lost_to, q.reason, "transactions", q.uid, q.value)
        for q in _of(quotations(data, request), LOST)
    ]
    start, end = request.start.toordinal(), request.end.toordinal()
    left = [
        Loss(away.to, _(LOST_REASON.options.get(away.reason, away.reason)), "customers", life.uid, None)
        for life in everyone.all
        for away in life.absences
        if start <= away.lost <= end
    ]
    found = [*quoted, *left]
    rivals, reasons = (
        usual_spellings(sorted(getattr(loss, key) for loss in found)) for key in ("rival", "reason")
    )
    return [
        loss._replace(rival=rivals.get(fold(loss.rival), ""), reason=reasons.get(fold(loss.reason), ""))
        for loss in found
    ]


def lost_to(data: SalesData, request: ReportRequest) -> Section:
    """Build the table and heat map of losses by competitor and reason."""
    everyone = tenures_of(data, request.as_of, purchases(data, request.as_of.toordinal()))
    found = losses(data, request, everyone)
    label = _("Lost quotations by competitor and reason")
    empty = _("No quotation was lost in the period.")
    return Section(
        tables=(
            Table(
                key="lost",
                label=label,
                columns=(
                    Column("competitor", _("Competitor")),
                    Column("reason", _("Reason")),
                    Column("quotations", _("Quotations"), COUNT),
                    Column("value", _("Value"), MONEY),
                    Column("customers", _("Customers"), COUNT),
                ),
                rows=_rows(data, found),
                empty=empty,
            ),
        ),
        pictures=(_grid(found, label, empty),),
        notes=tuple(everyone.notes()),
    )


def _rows(data: SalesData, found: list[Loss]) -> tuple[Row, ...]:
    by_both: defaultdict[tuple[str, str], list[Loss]] = defaultdict(list)
    for loss in found:
        by_both[loss.rival, loss.reason].append(loss)
    ranked = sorted(by_both.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(_row(data, rival, reason, lost) for (rival, reason), lost in ranked)


def _row(data: SalesData, rival: str, reason: str, lost: list[Loss]) -> Row:
    quoted = [loss for loss in lost if loss.table == "transactions"]
    left = [loss for loss in lost if loss.table == "customers"]
    first = quoted or left
    values = [loss.value for loss in quoted if loss.value is not None]
    return Row(
        (
            rival or _("(unknown)"),
            reason or _("(unknown)"),
            len(quoted),
            data.money(sum(values)) if values or not quoted else None,
            len(left),
        ),
        Opens(first[0].table, tuple(dict.fromkeys(loss.uid for loss in first))),
    )


def _grid(found: list[Loss], label: str, empty: str) -> Grid:
    counts = Counter((loss.rival or _("(unknown)"), loss.reason or _("(unknown)")) for loss in found)
    rivals = _frequent((rival for rival, _reason in counts.elements()), ROWS)
    reasons = _frequent((reason for _rival, reason in counts.elements()), COLUMNS)
    cells = tuple(tuple(float(counts[rival, reason]) or None for reason in reasons) for rival in rivals)
    return Grid(key="lost", label=label, rows=rivals, columns=reasons, cells=cells, empty=empty)


def _frequent(names: object, most: int) -> tuple[str, ...]:
    ranked = sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))  # type: ignore[call-overload]
    return tuple(name for name, _count in ranked[:most])
