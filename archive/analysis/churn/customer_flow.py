"""Customer flow: opening + new + won back - lost = closing, with names; logo churn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from archive.analysis.churn.formatting import band, day_of, some, worth
from archive.analysis.churn.tenure import CustomerTenure, Tenures
from archive.analysis.common.result import Section, customer, customers
from archive.analysis.dataset import SalesData
from archive.analysis.pictures import Bridge, Step
from archive.analysis.report import COUNT, DATE, MONEY, SHARE, TEXT, Column, Figure, Row, Table
from archive.analysis.request import ReportRequest
from archive.model.losses import LOST_REASON
from archive.text import N_, _, plural

KEYS = ("opening", "new", "won_back", "lost", "closing", "logo_churn")

NAMED = 2  # customers named on a step of the bridge

_WORDS = {
    "opening": N_("Customers at start"),
    "new": N_("New customers"),
    "won_back": N_("Won back"),
    "lost": N_("Lost customers"),
    "closing": N_("Customers at end"),
}
_STEPS = {"new": N_("New"), "won_back": N_("Won back"), "lost": N_("Lost")}
_MOVES = {"lost": N_("lost"), "won_back": N_("won back"), "new": N_("new")}


class Move(NamedTuple):
    """A customer who was new, lost or won back on a day number; `reason` is the lost reason, if known."""

    uid: str
    on: int
    reason: str = ""


class CustomerFlow(NamedTuple):
    """Customers at the start and end of a period, and all who were new, won back or lost in it."""

    opening: list[str]
    new: list[Move]
    won_back: list[Move]
    lost: list[Move]
    closing: list[str]

    @property
    def lost_from_start(self) -> list[str]:
        """Customers at the start who were lost in the period, each once: the numerator of logo churn."""
        lost = {move.uid for move in self.lost}
        return [uid for uid in self.opening if uid in lost]

    def count(self, key: str) -> int:
        """Return the number of customers or moves of a step of the bridge."""
        return len(getattr(self, key))

    def uids(self, key: str) -> list[str]:
        """Return the customers of a step, each once."""
        return list(dict.fromkeys(getattr(row, "uid", row) for row in getattr(self, key)))


def flow_of(tenures: Iterable[CustomerTenure], request: ReportRequest) -> CustomerFlow:
    """Determine the customer flow of the period. A customer lost and won back within it counts in both."""
    start, end = request.start.toordinal(), request.end.toordinal()
    flow = CustomerFlow([], [], [], [], [])
    for tenure in tenures:
        if tenure.lasts(start - 1):
            flow.opening.append(tenure.uid)
        if start <= tenure.since <= end:
            flow.new.append(Move(tenure.uid, tenure.since))
        for lost, back, reason, _to in tenure.absences:
            if start <= back <= end:
                flow.won_back.append(Move(tenure.uid, back))
            if start <= lost <= end:
                flow.lost.append(Move(tenure.uid, lost, reason))
        if tenure.lasts(end):
            flow.closing.append(tenure.uid)
    return flow


def movement(data: SalesData, request: ReportRequest, tenures: Tenures) -> Section:
    """Build the bridge from customers at the start to customers at the end of the period."""
    now, before = flow_of(tenures.all, request), flow_of(tenures.all, request.before())
    movers = _movers(data, request, now)
    return Section(
        figures=(*_levels(now, before), _logo_churn(now, before)),
        tables=(_moves(data, movers),),
        pictures=(_bridge(data, now, movers),),
        notes=tuple(tenures.notes()),
    )


def _levels(now: CustomerFlow, before: CustomerFlow) -> list[Figure]:
    counts = {key: now.count(key) for key in CustomerFlow._fields}
    sums = _("{opening} at start + {new} new + {won_back} won back - {lost} lost = {closing}").format(
        **counts
    )
    return [
        Figure(
            key=key,
            label=_(_WORDS[key]),
            value=counts[key],
            unit=COUNT,
            before=before.count(key) if any(before) else None,
            note=_several(now, key),
            why=sums,
            opens=customers(now.uids(key)),
            top=key in ("closing", "lost"),
        )
        for key in CustomerFlow._fields
    ]


def _several(now: CustomerFlow, key: str) -> str:
    """Return how many customers made the moves, if some made several; otherwise ""."""
    n = len(now.uids(key))
    return (
        ""
        if n == now.count(key)
        else plural("{n} customer, more than once", "{n} customers, some more than once", n)
    )


def _logo_churn(now: CustomerFlow, before: CustomerFlow) -> Figure:
    lost, opening = now.lost_from_start, now.opening
    low, high = band(len(lost), len(opening))
    return Figure(
        key="logo_churn",
        label=_("Customer churn rate"),
        value=churn_rate(now),
        unit=SHARE,
        k=len(lost),
        n=len(opening),
        low=low,
        high=high,
        before=churn_rate(before),
        note=_churn_note(now),
        why=_("{lost} of the {opening} customers at the start of the period were lost in it").format(
            lost=len(lost), opening=len(opening)
        ),
        opens=customers(lost),
        top=True,
    )


def churn_rate(now: CustomerFlow) -> float | None:
    """Return the share of customers at the start who were lost in the period; None if there were none."""
    return len(now.lost_from_start) / len(now.opening) if now.opening else None


def _churn_note(now: CustomerFlow) -> str:
    if not now.opening:
        return _("There were no customers at the start of the period.")
    later = len(now.uids("lost")) - len(now.lost_from_start)
    return (
        plural(
            "{n} more lost customer joined or returned only during the period and is not counted.",
            "{n} more lost customers joined or returned only during the period and are not counted.",
            later,
        )
        if later
        else ""
    )


class Mover(NamedTuple):
    """A move, with the customer's sales in the preceding and the current period."""

    move: Move
    before: Decimal | None
    sales: Decimal | None


def _movers(data: SalesData, request: ReportRequest, now: CustomerFlow) -> dict[str, list[Mover]]:
    """Return the movers by type of move, largest first."""
    earlier = request.before()
    first, last = earlier.start.toordinal(), earlier.end.toordinal()
    start, end = request.start.toordinal(), request.end.toordinal()
    by_kind = {}
    for kind in _MOVES:
        movers = []
        for move in getattr(now, kind):
            before, sales = worth(data, move.uid, first, last), worth(data, move.uid, start, end)
            movers.append(Mover(move, before, sales))
        by_kind[kind] = sorted(
            movers, key=lambda m: (-max(m.before or 0, m.sales or 0), m.move.uid, m.move.on)
        )
    return by_kind


def _moves(data: SalesData, movers: Mapping[str, list[Mover]]) -> Table:
    rows = [
        Row(
            (
                data.names.get(move.uid, move.uid),
                _(_MOVES[kind]),
                day_of(move.on),
                _(LOST_REASON.options.get(move.reason, move.reason)) if kind == "lost" else None,
                before,
                sales,
            ),
            customer(move.uid),
        )
        for kind, of_kind in movers.items()
        for move, before, sales in of_kind
    ]
    return Table(
        key="moves",
        label=_("Customers gained and lost"),
        columns=(
            Column("customer", _("Customer"), TEXT),
            Column("move", _("Change"), TEXT),
            Column("on", _("Date"), DATE),
            Column("reason", _("Reason"), TEXT),
            Column("before", _("Sales before"), MONEY),
            Column("sales", _("Sales now"), MONEY),
        ),
        rows=tuple(rows),
        empty=_("No customers were gained or lost in the period."),
    )


def _bridge(data: SalesData, now: CustomerFlow, movers: Mapping[str, list[Mover]]) -> Bridge:
    def step(move: str, sign: int) -> Step:
        n = len(movers[move])
        uids = [mover.move.uid for mover in movers[move][:NAMED]]
        names = some([data.names.get(uid, uid) for uid in uids], n)
        label = _("{what}: {names}") if n else "{what}"
        return Step(label.format(what=_(_STEPS[move]), names=names), sign * n)

    return Bridge(
        key="bridge",
        label=_("Customers from start to end of period"),
        unit=COUNT,
        empty=_("There are no customers yet."),
        steps=(
            Step(_("Start"), len(now.opening), total=True),
            step("new", 1),
            step("won_back", 1),
            step("lost", -1),
            Step(_("End"), len(now.closing), total=True),
        )
        if now.opening or now.new or now.won_back
        else (),
    )
