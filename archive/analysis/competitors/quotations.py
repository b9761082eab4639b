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
    d = data.transactions
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
    quoted, before = quotations(data, request), quotations(data, request.before())
    contested = [q for q in quoted if q.lost_to or q.customer in with_rival]
    return Section(
        figures=(
            _rate("win_rate", _("Win rate"), quoted, before=_share(before), top=True),
            _value_rate(data, quoted),
            _rate("win_rate.rival", _("Win rate against a competitor"), contested),
            _count("quotations.open", _("Open quotations"), quoted, "", "open"),
            _count("quotations.no_decision", _("Closed without a decision"), quoted, NO_DECISION),
        )
    )


def _of(quotations: list[Quotation], *outcomes: str) -> list[Quotation]:
    return [q for q in quotations if q.outcome in outcomes]


def _share(quotations: list[Quotation]) -> float | None:
    decided = _of(quotations, WON, LOST)
    return len(_of(quotations, WON)) / len(decided) if decided else None


def _opens(quotations: list[Quotation]) -> Opens:
    return Opens("transactions", tuple(q.uid for q in quotations))


def _undecided() -> str:
    return _("No quotation in the period was won or lost.")


def _rate(
    key: str, label: str, quotations: list[Quotation], *, before: float | None = None, top: bool = False
) -> Figure:
    won, decided = _of(quotations, WON), _of(quotations, WON, LOST)
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


def _value_rate(data: SalesData, quotations: list[Quotation]) -> Figure:
    won = sum(q.value or 0 for q in _of(quotations, WON))
    decided_quotations = _of(quotations, WON, LOST)
    decided = sum(q.value or 0 for q in decided_quotations)
    without_amount = sum(not q.has_amount for q in decided_quotations)
    without_rate = sum(q.has_amount and q.value is None for q in decided_quotations)
    return Figure(
        key="win_rate.value",
        label=_("Win rate by value"),
        value=won / decided if decided > 0 else None,
        unit=SHARE,
        n=len([q for q in _of(quotations, WON, LOST) if q.value is not None]),
        note="" if decided > 0 else _no_value(len(decided_quotations), without_amount, without_rate),
        omitted=_quotations_left_out(without_amount, without_rate),
        why=_("amounts won / amounts decided = {won} / {decided}").format(
            won=f"{data.money(won):,}", decided=f"{data.money(decided):,}"
        ),
        opens=_opens(_of(quotations, WON, LOST)),
        top=True,
    )


def _no_value(decided: int, without_amount: int, without_rate: int) -> str:
    if not decided:
        return _undecided()
    if decided > without_amount + without_rate:
        return _("The amounts of the decided quotations add up to zero.")
    if without_rate:
        return _("No decided quotation in the period has an amount with an exchange rate.")
    return _("No decided quotation in the period has an amount.")


def _quotations_left_out(without_amount: int, without_rate: int) -> str:
    parts = [
        plural("{n} quotation left out: no amount", "{n} quotations left out: no amount", without_amount)
        if without_amount
        else "",
        plural(
            "{n} quotation left out: no exchange rate",
            "{n} quotations left out: no exchange rate",
            without_rate,
        )
        if without_rate
        else "",
    ]
    return "; ".join(filter(None, parts))


def _count(key: str, label: str, quotations: list[Quotation], *outcomes: str) -> Figure:
    matching = _of(quotations, *outcomes)
    why = _("{n} of the {all} quotations made in the period").format(n=len(matching), all=len(quotations))
    return Figure(key=key, label=label, value=len(matching), unit=COUNT, why=why, opens=_opens(matching))


class Loss(NamedTuple):
    """A lost quotation or customer."""

    rival: str
    reason: str
    table: str
    uid: str
    value: int | None  # of a quotation; None if unknown or without a rate


def losses(data: SalesData, request: ReportRequest, tenures: Tenures) -> list[Loss]:
    """Return quotations and customers lost in the period, with uniform spellings of competitors and reasons."""
    lost_quotations = [
        Loss(q.lost_to, q.reason, "transactions", q.uid, q.value)
        for q in _of(quotations(data, request), LOST)
    ]
    start, end = request.start.toordinal(), request.end.toordinal()
    lost_customers = [
        Loss(
            absence.to,
            _(LOST_REASON.options.get(absence.reason, absence.reason)),
            "customers",
            tenure.uid,
            None,
        )
        for tenure in tenures.all
        for absence in tenure.absences
        if start <= absence.lost <= end
    ]
    all_losses = [*lost_quotations, *lost_customers]
    rivals, reasons = (
        usual_spellings(sorted(getattr(loss, key) for loss in all_losses)) for key in ("rival", "reason")
    )
    return [
        loss._replace(rival=rivals.get(fold(loss.rival), ""), reason=reasons.get(fold(loss.reason), ""))
        for loss in all_losses
    ]


def lost_to(data: SalesData, request: ReportRequest) -> Section:
    """Build the table and heat map of losses by competitor and reason."""
    tenures = tenures_of(data, request.as_of, purchases(data, request.as_of.toordinal()))
    all_losses = losses(data, request, tenures)
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
                rows=_rows(data, all_losses),
                empty=empty,
            ),
        ),
        pictures=(_grid(all_losses, label, empty),),
        notes=tuple(tenures.notes()),
    )


def _rows(data: SalesData, losses: list[Loss]) -> tuple[Row, ...]:
    by_rival_and_reason: defaultdict[tuple[str, str], list[Loss]] = defaultdict(list)
    for loss in losses:
        by_rival_and_reason[loss.rival, loss.reason].append(loss)
    ranked = sorted(by_rival_and_reason.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(_row(data, rival, reason, group) for (rival, reason), group in ranked)


def _row(data: SalesData, rival: str, reason: str, losses: list[Loss]) -> Row:
    quotations = [loss for loss in losses if loss.table == "transactions"]
    customers = [loss for loss in losses if loss.table == "customers"]
    records = quotations or customers
    values = [loss.value for loss in quotations if loss.value is not None]
    return Row(
        (
            rival or _("(unknown)"),
            reason or _("(unknown)"),
            len(quotations),
            data.money(sum(values)) if values or not quotations else None,
            len(customers),
        ),
        Opens(records[0].table, tuple(dict.fromkeys(loss.uid for loss in records))),
    )


def _grid(losses: list[Loss], label: str, empty: str) -> Grid:
    counts = Counter((loss.rival or _("(unknown)"), loss.reason or _("(unknown)")) for loss in losses)
    rivals = _frequent((rival for rival, _reason in counts.elements()), ROWS)
    reasons = _frequent((reason for _rival, reason in counts.elements()), COLUMNS)
    cells = tuple(tuple(float(counts[rival, reason]) or None for reason in reasons) for rival in rivals)
    return Grid(key="lost", label=label, rows=rivals, columns=reasons, cells=cells, empty=empty)


def _frequent(names: object, limit: int) -> tuple[str, ...]:
    ranked = sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))  # type: ignore[call-overload]
    return tuple(name for name, _count in ranked[:limit])
