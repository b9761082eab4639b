"""Lost reasons, compared with the distribution that is usually quoted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from archive.analysis.churn.formatting import band
from archive.analysis.churn.tenure import CustomerTenure
from archive.analysis.common.result import Section, customers
from archive.analysis.pictures import Bar, Bars
from archive.analysis.report import COUNT, SHARE, TEXT, Column, Opens, Row, Table
from archive.analysis.request import ReportRequest
from archive.model.losses import LOST_REASON
from archive.text import N_, _

# From sales handbooks, without a verifiable study; it has no share for `other`.
CLASSIC = {
    "died": 0.01,
    "moved": 0.03,
    "changed": 0.04,
    "advice": 0.05,
    "cheaper": 0.09,
    "product": 0.10,
    "service": 0.68,
}
_NO_REASON = N_("(no reason recorded)")


class Loss(NamedTuple):
    """A loss: the customer, the day number and the reason."""

    uid: str
    on: int
    reason: str


def reasons(tenures: Iterable[CustomerTenure], request: ReportRequest) -> Section:
    """Count the losses of the period and of all time by reason. Shares exclude losses without a reason."""
    losses = [
        Loss(tenure.uid, absence.lost, absence.reason) for tenure in tenures for absence in tenure.absences
    ]
    start, end = request.start.toordinal(), request.end.toordinal()
    recent = Counter(loss.reason for loss in losses if start <= loss.on <= end)
    ever = Counter(loss.reason for loss in losses)
    rows = [_row(reason, recent[reason], ever, losses) for reason in LOST_REASON.options]
    if ever[""]:
        rows.append(Row((_(_NO_REASON), recent[""], ever[""], None, None, None, None), _opens(losses, "")))
    with_reason = len(losses) - ever[""]
    return Section(
        tables=(_table(rows if losses else [], with_reason),),
        pictures=(_bars(ever, with_reason),),
    )


def _opens(losses: Iterable[Loss], reason: str) -> Opens:
    return customers(dict.fromkeys(loss.uid for loss in losses if loss.reason == reason))


def _row(reason: str, recent: int, ever: Counter[str], losses: list[Loss]) -> Row:
    with_reason = len(losses) - ever[""]
    low, high = band(ever[reason], with_reason)
    return Row(
        (
            _(LOST_REASON.options[reason]),
            recent,
            ever[reason],
            ever[reason] / with_reason if with_reason else None,
            low,
            high,
            CLASSIC.get(reason),
        ),
        _opens(losses, reason),
    )


def _table(rows: list[Row], with_reason: int) -> Table:
    return Table(
        key="reasons",
        label=_("Why customers left"),
        columns=(
            Column("reason", _("Reason"), TEXT),
            Column("lost", _("Lost in the period"), COUNT),
            Column("ever", _("Lost to date"), COUNT),
            Column("share", _("Share"), SHARE),
            Column("low", _("From"), SHARE),
            Column("high", _("To"), SHARE),
            Column("classic", _("Textbook"), SHARE),
        ),
        rows=tuple(rows),
        empty=_("No customer is recorded as lost."),
        note=_(
            "Shares are of the {n} losses with a recorded reason. The textbook distribution "
            "is often quoted, but its source cannot be verified."
        ).format(n=with_reason),
    )


def _bars(ever: Counter[str], with_reason: int) -> Bars:
    bars = [
        Bar(
            _(label),
            ever[reason] / with_reason,
            whole=1.0,
            mark=CLASSIC.get(reason),
            note=_("{n} of {all}").format(n=ever[reason], all=with_reason),
        )
        for reason, label in LOST_REASON.options.items()
        if with_reason
    ]
    return Bars(
        key="reasons",
        label=_("Why customers left (mark: textbook share)"),
        unit=SHARE,
        empty=_("No lost customer has a recorded reason."),
        bars=tuple(bars),
    )
