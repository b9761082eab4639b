"""On time in full (OTIF): fulfilment of the terms that fell due, ours and theirs apart."""

from __future__ import annotations

from dataclasses import replace

from archive.analysis.common.result import Section, proportion
from archive.analysis.dataset import SalesData
from archive.analysis.fulfilment.obligations import (
    OURS,
    THEIRS,
    Agreement,
    Obligation,
    due_in,
    shortfall,
    unit_of,
)
from archive.analysis.fulfilment.uncounted import left_out
from archive.analysis.fulfilment.uncounted import notes as uncounted_notes
from archive.analysis.maths.quantiles import median, p90
from archive.analysis.pictures import Bar, Bars
from archive.analysis.report import COUNT, DATE, DAYS, MONEY, SHARE, Column, Figure, Opens, Row, Table
from archive.analysis.request import ReportRequest
from archive.model.contract_status import TERM_STATUS
from archive.text import _

KEYS = (
    *("terms.due", "otif", "on_time", "in_full", "fill_rate", "days_late.median", "days_late.p90"),
    *("overdue", "shortfall", "otif.theirs", "overdue.theirs"),
)
_LISTED = 12  # most numbers listed in an explanation
_LATE = ((1, 7), (8, 30), (31, 90), (91, 100_000))  # days


def otif_section(
    data: SalesData, request: ReportRequest, agreements: list[Agreement], earlier_agreements: list[Agreement]
) -> Section:
    """Build the OTIF figures, the table of due terms, and the chart of lateness."""
    ours, theirs = due_in(agreements, request, OURS), due_in(agreements, request, THEIRS)
    due_before = due_in(earlier_agreements, request.before(), OURS)
    omitted = left_out(agreements)
    return Section(
        figures=(
            *(replace(figure, omitted=omitted) for figure in (*_rates(ours, due_before), _fill(ours))),
            *_lateness(ours, request),
            *(replace(figure, omitted=omitted) for figure in _overdue(data, agreements)),
            _otif("otif.theirs", _("Customer terms on time in full"), theirs, None),
            _overdue_theirs(agreements),
        ),
        tables=(_table(data, request, agreements, [*ours, *theirs]),),
        pictures=(_strip(ours, request),),
        notes=tuple(uncounted_notes(agreements)),
    )


def _opens(obligations: list[Obligation]) -> Opens:
    return Opens("contracts", tuple(dict.fromkeys(obligation.contract.uid for obligation in obligations)))


def _none_due() -> str:
    return _("No term was due in the period.")


def _is_otif(obligation: Obligation) -> bool:
    return obligation.fulfilment.status == "on_time"


def _rates(due: list[Obligation], earlier: list[Obligation]) -> tuple[Figure, ...]:
    return (
        Figure(
            key="terms.due",
            label=_("Terms due"),
            value=len(due),
            unit=COUNT,
            why=_(
                "{n} of our terms in signed contracts were due in the period; lapsed terms are not counted"
            ).format(n=len(due)),
            opens=_opens(due),
        ),
        _otif("otif", _("On time in full"), due, earlier),
        _rate(
            "on_time",
            _("On time"),
            due,
            [obligation for obligation in due if obligation.is_on_time],
            _("everything delivered by the due date, or part of it and nothing later"),
        ),
        _rate(
            "in_full",
            _("In full"),
            due,
            [obligation for obligation in due if obligation.is_in_full],
            _("everything delivered, on time or late"),
        ),
    )


def _otif(key: str, label: str, due: list[Obligation], earlier: list[Obligation] | None) -> Figure:
    met = [obligation for obligation in due if _is_otif(obligation)]
    rate_before = (
        len([obligation for obligation in earlier if _is_otif(obligation)]) / len(earlier)
        if earlier
        else None
    )
    return _rate(key, label, due, met, _("delivered in full by the due date"), before=rate_before)


def _rate(
    key: str,
    label: str,
    due: list[Obligation],
    met: list[Obligation],
    meaning: str,
    *,
    before: float | None = None,
) -> Figure:
    return proportion(
        key,
        label,
        len(met),
        len(due),
        before=before,
        note=_none_due(),
        why=_("{meaning} / all terms due, including overdue ones = {{k}} / {{n}}").format(meaning=meaning),
        opens=_opens([obligation for obligation in due if obligation not in met]),
        top=key in ("otif", "on_time", "in_full"),
    )


def _fill(due: list[Obligation]) -> Figure:
    """Return the fill rate: by sums if all terms have a common unit, otherwise by term weights."""
    quantified = [obligation for obligation in due if obligation.fulfilment.committed]
    units = {(obligation.fulfilment.measure, unit_of(obligation)) for obligation in quantified}
    if len(units) == 1:
        committed = sum(obligation.fulfilment.committed or 0 for obligation in quantified)
        delivered = sum(
            min(obligation.fulfilment.delivered or 0, obligation.fulfilment.committed or 0)
            for obligation in quantified
        )
        value = float(delivered / committed)
        why = _("sum of min(delivered, committed) / sum of committed = {part} / {all}").format(
            part=f"{delivered:,}", all=f"{committed:,}"
        )
    else:
        weights = sum(obligation.weight for obligation in quantified)
        value = (
            sum(obligation.weight * obligation.fill for obligation in quantified) / weights
            if weights
            else 0.0
        )
        why = _(
            "sum of weight x min(delivered, committed) / committed, divided by the sum of "
            "weights = {part:.3g} / {all:.3g} = {value:.1%}; by weight, because the {terms} "
            "terms have {n} different units"
        ).format(
            part=sum(obligation.weight * obligation.fill for obligation in quantified),
            all=weights,
            value=value,
            terms=len(quantified),
            n=len(units),
        )
    return Figure(
        key="fill_rate",
        label=_("Fill rate"),
        value=value if quantified else None,
        unit=SHARE,
        n=len(quantified),
        note="" if quantified else _("No term due in the period has a quantity or an amount."),
        why=why,
        opens=_opens(quantified),
    )


def _lateness(due: list[Obligation], request: ReportRequest) -> tuple[Figure, Figure]:
    late = [obligation for obligation in due if obligation.late_by(request.as_of)]
    days = sorted(obligation.late_by(request.as_of) for obligation in late)
    return (
        _days_late(
            "days_late.median",
            _("Days late (median)"),
            median(days),
            late,
            _("median of the days late, with overdue terms at their days so far: {days} = {value}"),
            request,
        ),
        _days_late(
            "days_late.p90",
            _("Days late (90th percentile)"),
            p90(days),
            late,
            _(
                "nine out of ten late terms were late by no more than this; interpolated linearly "
                "at position 1 + 0.9 (n - 1) of the days in ascending order: {days} = {value}"
            ),
            request,
        ),
    )


def _days_late(
    key: str, label: str, value: float | None, late: list[Obligation], why: str, request: ReportRequest
) -> Figure:
    days = sorted(obligation.late_by(request.as_of) for obligation in late)
    return Figure(
        key=key,
        label=label,
        value=value,
        unit=DAYS,
        n=len(late),
        note="" if late else _("No term due in the period was late."),
        why=why.format(days=_listed(days), value="-" if value is None else f"{value:g}"),
        opens=_opens(late),
        top=key == "days_late.median",
    )


def _listed(days: list[int]) -> str:
    """Return the days as text, shortened to both ends and the count if there are many."""
    if len(days) <= _LISTED:
        return ", ".join(map(str, days)) or "-"
    return _("{first} ... {last} ({n} terms)").format(
        first=", ".join(map(str, days[:3])), last=", ".join(map(str, days[-3:])), n=len(days)
    )


def overdue(agreements: list[Agreement], whose: str) -> list[Obligation]:
    """Return the overdue terms of one side, regardless of the period, longest overdue first."""
    obligations = (
        obligation for agreement in agreements if agreement.is_binding for obligation in agreement.obligations
    )
    overdue_obligations = [
        obligation
        for obligation in obligations
        if obligation.whose == whose and obligation.fulfilment.status == "overdue"
    ]
    return sorted(
        overdue_obligations, key=lambda obligation: (str(obligation.term.due_on), obligation.contract.number)
    )


def _overdue(data: SalesData, agreements: list[Agreement]) -> tuple[Figure, Figure]:
    overdue_obligations = overdue(agreements, OURS)
    shortfalls = [
        amount
        for amount in (shortfall(data, obligation) for obligation in overdue_obligations)
        if amount is not None
    ]
    foreign = sum(
        obligation.term.amount is not None and shortfall(data, obligation) is None
        for obligation in overdue_obligations
    )
    return (
        Figure(
            key="overdue",
            label=_("Overdue now"),
            value=len(overdue_obligations),
            unit=COUNT,
            why=_(
                "{n} of our terms were due before this day, in this period or earlier, and are not fulfilled"
            ).format(n=len(overdue_obligations)),
            opens=_opens(overdue_obligations),
            top=True,
        ),
        Figure(
            key="shortfall",
            label=_("Value overdue"),
            value=data.money(sum(shortfalls)) if shortfalls else None,
            unit=MONEY,
            n=len(shortfalls),
            note="" if shortfalls else _no_shortfall(overdue_obligations, foreign),
            why=_("unfulfilled part of the amounts of {n} of {all} overdue terms = {sum}").format(
                n=len(shortfalls), all=len(overdue_obligations), sum=f"{data.money(sum(shortfalls)):,}"
            ),
            opens=_opens(overdue_obligations),
        ),
    )


def _no_shortfall(overdue_obligations: list[Obligation], foreign: int) -> str:
    if not overdue_obligations:
        return _("There are no overdue terms.")
    if foreign:
        return _("The amounts of the overdue terms have no exchange rate.")
    return _("No overdue term has an amount.")


def _overdue_theirs(agreements: list[Agreement]) -> Figure:
    overdue_obligations = overdue(agreements, THEIRS)
    return Figure(
        key="overdue.theirs",
        label=_("Customer terms overdue now"),
        value=len(overdue_obligations),
        unit=COUNT,
        why=_("{n} of the customers' terms were due before this day and are not fulfilled").format(
            n=len(overdue_obligations)
        ),
        opens=_opens(overdue_obligations),
    )


def _table(
    data: SalesData, request: ReportRequest, agreements: list[Agreement], due: list[Obligation]
) -> Table:
    overdue_obligations = [*overdue(agreements, OURS), *overdue(agreements, THEIRS)]
    ranked = [
        *overdue_obligations,
        *(obligation for obligation in due if obligation.fulfilment.status != "overdue"),
    ]
    return Table(
        key="terms",
        label=_("Terms due, overdue terms first"),
        columns=(
            Column("customer", _("Customer")),
            Column("contract", _("Contract")),
            Column("term", _("Term")),
            Column("duty", _("Responsible")),
            Column("due_on", _("Due"), DATE),
            Column("status", _("Status")),
            Column("filled", _("Filled"), SHARE),
            Column("late", _("Days late"), DAYS),
            Column("missing", _("Missing"), MONEY),
        ),
        rows=tuple(_row(data, request, obligation) for obligation in ranked),
        empty=_none_due() if agreements else _("There are no contracts."),
    )


def _row(data: SalesData, request: ReportRequest, obligation: Obligation) -> Row:
    missing = None if obligation.is_in_full else shortfall(data, obligation)
    cells = (
        customer_name(data, obligation),
        obligation.contract.number,
        obligation.term.requirement,
        _("us") if obligation.whose == OURS else _("customer"),
        obligation.term.due_on,
        _(TERM_STATUS.options[obligation.fulfilment.status]),
        obligation.fill,
        obligation.late_by(request.as_of) or None,
        None if missing is None else data.money(missing),
    )
    why = _("due {due}; delivered {delivered} of {committed}; fulfilled on {done}").format(
        due=obligation.term.due_on or "-",
        delivered="-" if obligation.fulfilment.delivered is None else obligation.fulfilment.delivered,
        committed="-" if obligation.fulfilment.committed is None else obligation.fulfilment.committed,
        done=obligation.fulfilment.done_on or "-",
    )
    return Row(cells, Opens("contracts", (obligation.contract.uid,)), why)


def customer_name(data: SalesData, obligation: Obligation) -> str:
    """Return the name of the contract's customer."""
    return data.names.get(obligation.contract.customer.uid, obligation.contract.customer.name)


def _strip(due: list[Obligation], request: ReportRequest) -> Bars:
    """Build the chart of terms on time and by lateness."""
    days = [obligation.late_by(request.as_of) for obligation in due]
    bars = [Bar(_("on time"), float(sum(_is_otif(obligation) for obligation in due)), float(len(due)))]
    for first, last in _LATE:
        label = (
            _("{n} days or more").format(n=first)
            if last > 10_000
            else _("{a} to {b} days").format(a=first, b=last)
        )
        bars.append(Bar(label, float(sum(first <= late <= last for late in days)), float(len(due))))
    label = _("Our obligations by days late")
    return Bars(key="late", label=label, unit=COUNT, bars=tuple(bars) if due else (), empty=_none_due())
