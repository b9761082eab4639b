"""On time in full (OTIF): fulfilment of the terms that fell due, ours and theirs apart."""

from __future__ import annotations

from dataclasses import replace

from archive.analysis.common.result import Section, proportion
from archive.analysis.dataset import SalesData
from archive.analysis.fulfilment.obligations import OURS, THEIRS, Agreement, Duty, due_in, shortfall, unit_of
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


def kept(data: SalesData, request: ReportRequest, found: list[Agreement], before: list[Agreement]) -> Section:
    """Build the OTIF figures, the table of due terms, and the chart of lateness."""
    ours, theirs = due_in(found, request, OURS), due_in(found, request, THEIRS)
    earlier = due_in(before, request.before(), OURS)
    omitted = left_out(found)
    return Section(
        figures=(
            *(replace(figure, omitted=omitted) for figure in (*_rates(ours, earlier), _fill(ours))),
            *_lateness(ours, request),
            *(replace(figure, omitted=omitted) for figure in _overdue(data, found)),
            _otif("otif.theirs", _("Customer terms on time in full"), theirs, None),
            _overdue_theirs(found),
        ),
        tables=(_table(data, request, found, [*ours, *theirs]),),
        pictures=(_strip(ours, request),),
        notes=tuple(uncounted_notes(found)),
    )


def _opens(duties: list[Duty]) -> Opens:
    return Opens("contracts", tuple(dict.fromkeys(duty.contract.uid for duty in duties)))


def _none_due() -> str:
    return _("No term was due in the period.")


def _is_otif(duty: Duty) -> bool:
    return duty.found.status == "on_time"


def _rates(due: list[Duty], earlier: list[Duty]) -> tuple[Figure, ...]:
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
            [duty for duty in due if duty.is_on_time],
            _("everything delivered by the due date, or part of it and nothing later"),
        ),
        _rate(
            "in_full",
            _("In full"),
            due,
            [duty for duty in due if duty.is_in_full],
            _("everything delivered, on time or late"),
        ),
    )


def _otif(key: str, label: str, due: list[Duty], earlier: list[Duty] | None) -> Figure:
    done = [duty for duty in due if _is_otif(duty)]
    before = len([duty for duty in earlier if _is_otif(duty)]) / len(earlier) if earlier else None
    return _rate(key, label, due, done, _("delivered in full by the due date"), before=before)


def _rate(
    key: str, label: str, due: list[Duty], done: list[Duty], meaning: str, *, before: float | None = None
) -> Figure:
    return proportion(
        key,
        label,
        len(done),
        len(due),
        before=before,
        note=_none_due(),
        why=_("{meaning} / all terms due, including overdue ones = {{k}} / {{n}}").format(meaning=meaning),
        opens=_opens([duty for duty in due if duty not in done]),
        top=key in ("otif", "on_time", "in_full"),
    )


def _fill(due: list[Duty]) -> Figure:
    """Return the fill rate: by sums if all terms have a common unit, otherwise by term weights."""
    measured = [duty for duty in due if duty.found.committed]
    units = {(duty.found.measure, unit_of(duty)) for duty in measured}
    if len(units) == 1:
        committed = sum(duty.found.committed or 0 for duty in measured)
        delivered = sum(min(duty.found.delivered or 0, duty.found.committed or 0) for duty in measured)
        value = float(delivered / committed)
        why = _("sum of min(delivered, committed) / sum of committed = {part} / {all}").format(
            part=f"{delivered:,}", all=f"{committed:,}"
        )
    else:
        weights = sum(duty.weight for duty in measured)
        value = sum(duty.weight * duty.fill for duty in measured) / weights if weights else 0.0
        why = _(
            "sum of weight x min(delivered, committed) / committed, divided by the sum of "
            "weights = {part:.3g} / {all:.3g} = {value:.1%}; by weight, because the {terms} "
            "terms have {n} different units"
        ).format(
            part=sum(duty.weight * duty.fill for duty in measured),
            all=weights,
            value=value,
            terms=len(measured),
            n=len(units),
        )
    return Figure(
        key="fill_rate",
        label=_("Fill rate"),
        value=value if measured else None,
        unit=SHARE,
        n=len(measured),
        note="" if measured else _("No term due in the period has a quantity or an amount."),
        why=why,
        opens=_opens(measured),
    )


def _lateness(due: list[Duty], request: ReportRequest) -> tuple[Figure, Figure]:
    late = [duty for duty in due if duty.late_by(request.as_of)]
    days = sorted(duty.late_by(request.as_of) for duty in late)
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
    key: str, label: str, value: float | None, late: list[Duty], why: str, request: ReportRequest
) -> Figure:
    days = sorted(duty.late_by(request.as_of) for duty in late)
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


def overdue(found: list[Agreement], whose: str) -> list[Duty]:
    """Return the overdue terms of one side, regardless of the period, longest overdue first."""
    duties = (duty for agreement in found if agreement.is_binding for duty in agreement.duties)
    late = [duty for duty in duties if duty.whose == whose and duty.found.status == "overdue"]
    return sorted(late, key=lambda duty: (str(duty.term.due_on), duty.contract.number))


def _overdue(data: SalesData, found: list[Agreement]) -> tuple[Figure, Figure]:
    late = overdue(found, OURS)
    missing = [part for part in (shortfall(data, duty) for duty in late) if part is not None]
    foreign = sum(duty.term.amount is not None and shortfall(data, duty) is None for duty in late)
    return (
        Figure(
            key="overdue",
            label=_("Overdue now"),
            value=len(late),
            unit=COUNT,
            why=_(
                "{n} of our terms were due before this day, in this period or earlier, and are not fulfilled"
            ).format(n=len(late)),
            opens=_opens(late),
            top=True,
        ),
        Figure(
            key="shortfall",
            label=_("Value overdue"),
            value=data.money(sum(missing)) if missing else None,
            unit=MONEY,
            n=len(missing),
            note="" if missing else _no_shortfall(late, foreign),
            why=_("unfulfilled part of the amounts of {n} of {all} overdue terms = {sum}").format(
                n=len(missing), all=len(late), sum=f"{data.money(sum(missing)):,}"
            ),
            opens=_opens(late),
        ),
    )


def _no_shortfall(late: list[Duty], foreign: int) -> str:
    if not late:
        return _("There are no overdue terms.")
    if foreign:
        return _("The amounts of the overdue terms have no exchange rate.")
    return _("No overdue term has an amount.")


def _overdue_theirs(found: list[Agreement]) -> Figure:
    late = overdue(found, THEIRS)
    return Figure(
        key="overdue.theirs",
        label=_("Customer terms overdue now"),
        value=len(late),
        unit=COUNT,
        why=_("{n} of the customers' terms were due before this day and are not fulfilled").format(
            n=len(late)
        ),
        opens=_opens(late),
    )


def _table(data: SalesData, request: ReportRequest, found: list[Agreement], due: list[Duty]) -> Table:
    late = [*overdue(found, OURS), *overdue(found, THEIRS)]
    shown = [*late, *(duty for duty in due if duty.found.status != "overdue")]
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
        rows=tuple(_row(data, request, duty) for duty in shown),
        empty=_none_due() if found else _("There are no contracts."),
    )


def _row(data: SalesData, request: ReportRequest, duty: Duty) -> Row:
    missing = None if duty.is_in_full else shortfall(data, duty)
    cells = (
        customer_name(data, duty),
        duty.contract.number,
        duty.term.requirement,
        _("us") if duty.whose == OURS else _("customer"),
        duty.term.due_on,
        _(TERM_STATUS.options[duty.found.status]),
        duty.fill,
        duty.late_by(request.as_of) or None,
        None if missing is None else data.money(missing),
    )
    why = _("due {due}; delivered {delivered} of {committed}; fulfilled on {done}").format(
        due=duty.term.due_on or "-",
        delivered="-" if duty.found.delivered is None else duty.found.delivered,
        committed="-" if duty.found.committed is None else duty.found.committed,
        done=duty.found.done_on or "-",
    )
    return Row(cells, Opens("contracts", (duty.contract.uid,)), why)


def customer_name(data: SalesData, duty: Duty) -> str:
    """Return the name of the contract's customer."""
    return data.names.get(duty.contract.customer.uid, duty.contract.customer.name)


def _strip(due: list[Duty], request: ReportRequest) -> Bars:
    """Build the chart of terms on time and by lateness."""
    days = [duty.late_by(request.as_of) for duty in due]
    bars = [Bar(_("on time"), float(sum(_is_otif(duty) for duty in due)), float(len(due)))]
    for first, last in _LATE:
        label = (
            _("{n} days or more").format(n=first)
            if last > 10_000
            else _("{a} to {b} days").format(a=first, b=last)
        )
        bars.append(Bar(label, float(sum(first <= late <= last for late in days)), float(len(due))))
    label = _("Our obligations by days late")
    return Bars(key="late", label=label, unit=COUNT, bars=tuple(bars) if due else (), empty=_none_due())
