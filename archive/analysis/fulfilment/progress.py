"""Progress of contracts: delivery against commitment and elapsed time, and the rate needed to finish."""

from __future__ import annotations

from datetime import date

from archive.analysis.common.result import Section
from archive.analysis.dataset import SalesData
from archive.analysis.fulfilment.obligations import OURS, Agreement, Duty, is_known, unit_of
from archive.analysis.maths.progress import Progress, progress, progress_of
from archive.analysis.pictures import Bar, Bars, Span, Timeline
from archive.analysis.report import COUNT, DATE, MONEY, NUMBER, SHARE, Column, Figure, Opens, Row, Table
from archive.analysis.request import ReportRequest
from archive.model.contract_status import CONTRACT_STATUS, current_end
from archive.model.records.contract import Contract
from archive.text import _, plural

KEYS = ("contracts", "contracts.signed", "contracts.unsigned", "contracts.behind")
_ORDER = {"active": 0, "signed": 1}
MONTH = 365.25 / 12  # days
BARS, SPANS = 12, 14
_BINDING = ("active", "ended")  # unsigned and cancelled contracts cannot be behind schedule
_STATES = {"on_time": "good", "late": "late", "overdue": "bad", "lapsed": "", "part": "open", "open": "open"}


def contracts(data: SalesData, request: ReportRequest, found: list[Agreement]) -> Section:
    """Build the numbers of contracts by status, and the table of contracts with their progress."""
    active = [one for one in found if one.status == "active"]
    behind = [one for one in active if (how_far(data, one, request.as_of).deviation or 0) > 0]
    return Section(
        figures=(
            _count(
                "contracts",
                _("Active contracts"),
                active,
                _("{n} of {all} contracts are signed and have begun, and are neither ended nor cancelled"),
                len(found),
            ),
            _count(
                "contracts.signed",
                _("Signed, not started"),
                [one for one in found if one.status == "signed"],
                _("{n} of {all} contracts are signed and start after this day"),
                len(found),
            ),
            _count(
                "contracts.unsigned",
                _("Unsigned contracts"),
                [one for one in found if one.status == "unsigned"],
                _("{n} of {all} contracts are not signed by this day and not cancelled"),
                len(found),
            ),
            _count(
                "contracts.behind",
                _("Behind schedule"),
                behind,
                _(
                    "in {n} of {all} active contracts, the share delivered is smaller than the share "
                    "of time elapsed"
                ),
                len(active),
            ),
        ),
        tables=(_table(data, request, found),),
        pictures=(_bars(data, request, active), _timeline(data, request, active)),
        notes=(*_notes(found), *_to_come(data, request)),
    )


def _opens(found: list[Agreement]) -> Opens:
    return Opens("contracts", tuple(one.contract.uid for one in found))


def _count(key: str, label: str, found: list[Agreement], why: str, n: int) -> Figure:
    said = why.format(n=len(found), all=n)
    return Figure(key=key, label=label, value=len(found), unit=COUNT, n=n, why=said, opens=_opens(found))


def how_far(data: SalesData, one: Agreement, as_of: date) -> Progress:
    """Return elapsed time and delivery in the current period.

    Delivery is measured by quantity or amount if our terms have a common unit, by weights if they have several, and
    by sales on the contract if it has a value and no terms. Excess delivery on a term does not offset shortfalls on
    others.
    """
    start, end = one.start, one.end
    if not one.duties:
        value = data.amount(one.contract.value, one.contract.currency, start or date.min)
        return progress(start, end, as_of, value, one.sold)
    measured = _measured(one)
    if len(_units(measured)) == 1:
        return progress_of(start, end, as_of, [_amounts(duty) for duty in measured])
    weighed = [duty for duty in one.current_duties if duty.whose == OURS]
    weights = sum(duty.weight for duty in weighed)
    return progress(start, end, as_of, weights, sum(duty.weight * duty.fill for duty in weighed))


def _measured(one: Agreement) -> list[Duty]:
    """Return our terms of the current period that have a quantity or an amount."""
    return [duty for duty in one.current_duties if duty.whose == OURS and duty.found.committed]


def _units(measured: list[Duty]) -> set[tuple[str, str]]:
    """Return the units of the terms; quantities can be added only if all terms have the same unit."""
    return {(duty.found.measure, unit_of(duty)) for duty in measured}


def _amounts(duty: Duty) -> tuple[float, float]:
    return float(duty.found.committed or 0), float(duty.found.delivered or 0)


def run_rate(one: Agreement, as_of: date) -> float | None:
    """Return the delivery per month needed to finish in time; None unless active, with terms in a single unit."""
    measured = _measured(one)
    if one.status != "active" or not one.end or one.end <= as_of or len(_units(measured)) != 1:
        return None
    left = sum(max(0.0, committed - delivered) for committed, delivered in map(_amounts, measured))
    return left / ((one.end - as_of).days / MONTH)


def _table(data: SalesData, request: ReportRequest, found: list[Agreement]) -> Table:
    ranked = sorted(
        found,
        key=lambda one: (
            _ORDER.get(one.status, len(_ORDER)),
            str(one.contract.end or "9999"),
            one.contract.number,
        ),
    )
    return Table(
        key="contracts",
        label=_("Contracts, active ones first"),
        columns=(
            Column("customer", _("Customer")),
            Column("number", _("Contract")),
            Column("status", _("Status")),
            Column("end", _("Ends"), DATE),
            Column("time", _("Time"), SHARE),
            Column("usage", _("Delivered"), SHARE),
            Column("deviation", _("Behind"), SHARE),
            Column("run_rate", _("Required per month"), NUMBER),
            Column("value", _("Value"), MONEY),
            Column("terms", _("Terms"), COUNT),
            Column("overflow", _("Excess"), SHARE),
        ),
        rows=tuple(_row(data, request, one) for one in ranked),
        empty=_("There are no contracts. Add one to a customer."),
        note=_(
            "Delivered: by quantity or amount if all our terms have the same unit, otherwise "
            "by weight. Required per month: deliveries needed to finish on time, in that "
            "unit. A renewed contract counts from its last renewal."
        ),
    )


def _row(data: SalesData, request: ReportRequest, one: Agreement) -> Row:
    far = how_far(data, one, request.as_of)
    value = data.amount(one.contract.value, one.contract.currency, one.contract.start or date.min)
    cells = (
        _name(data, one),
        one.contract.number,
        _(CONTRACT_STATUS.options[one.status]),
        current_end(one.contract, request.as_of),
        far.duration,
        far.usage,
        (far.deviation or None) if one.status in _BINDING else None,
        run_rate(one, request.as_of),
        None if value is None else data.money(value),
        len(one.duties) or None,
        far.overflow or None,
    )
    return Row(cells, _opens([one]), _why(one, far))


def _name(data: SalesData, one: Agreement) -> str:
    return data.names.get(one.contract.customer.uid, one.contract.customer.name)


def _why(one: Agreement, far: Progress) -> str:
    if not one.duties and far.usage is None:
        return _("The contract has no terms, so the committed amount is unknown.")
    if one.is_renewed and far.usage is None:
        return _("The contract was renewed on {day}; no term is due in the period since then.").format(
            day=one.start
        )
    return _(
        "from {start} to {end}: time elapsed {duration}; delivered {usage} of committed, "
        "at most 100 % per term; excess {overflow}; behind {deviation}: time elapsed - "
        "delivered, at least 0"
    ).format(
        start=one.start or "-",
        end=one.end or "-",
        duration=_percent(far.duration),
        usage=_percent(far.usage),
        overflow=_percent(far.overflow),
        deviation=_percent(far.deviation),
    )


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"


def _bars(data: SalesData, request: ReportRequest, active: list[Agreement]) -> Bars:
    bars = []
    for one in active:
        far = how_far(data, one, request.as_of)
        if far.usage is not None:
            late = _("behind") if far.deviation else ""
            bars.append(Bar(f"{_name(data, one)} {one.contract.number}", far.usage, 1.0, far.duration, late))
    bars.sort(key=lambda bar: bar.value - (bar.mark or 0))
    return Bars(
        key="progress",
        label=_("Delivered vs. committed (mark: time elapsed)"),
        unit=SHARE,
        bars=tuple(bars[:BARS]),
        empty=_("No active contract has terms to deliver."),
    )


def _timeline(data: SalesData, request: ReportRequest, active: list[Agreement]) -> Timeline:
    """Build the timeline of the dated terms closest to the as-of date."""
    duties = [(duty, one) for one in active for duty in one.duties if duty.term.due_on]
    near = sorted(
        duties, key=lambda pair: abs(((pair[0].term.due_on or request.as_of) - request.as_of).days)
    )[:SPANS]
    near.sort(key=lambda pair: str(pair[0].term.due_on))
    return Timeline(
        key="terms",
        label=_("Terms due around this day"),
        spans=tuple(_span(data, duty, one) for duty, one in near),
        today=request.as_of,
        empty=_("No active contract has a term with a due date."),
    )


def _span(data: SalesData, duty: Duty, one: Agreement) -> Span:
    due = duty.term.due_on or date.min
    start = min(due, max(one.contract.start or due, date.fromordinal(max(1, due.toordinal() - 90))))
    label = f"{_name(data, one)} {duty.term.requirement}"
    end = max(due, duty.found.done_on or due)
    note = _("due {day}").format(day=due) if end > due else ""
    return Span(label, start, end, _STATES[duty.found.status], note)


def _notes(found: list[Agreement]) -> list[str]:
    bare = sum(not one.duties for one in found)
    undated = sum(not duty.term.due_on for one in found for duty in one.duties)
    notes = []
    if bare:
        notes.append(
            plural(
                "{n} contract has no terms and counts neither as fulfilled nor as unfulfilled.",
                "{n} contracts have no terms and count neither as fulfilled nor as unfulfilled.",
                bare,
            )
        )
    if undated:
        notes.append(
            plural(
                "{n} term has no due date and never counts as late.",
                "{n} terms have no due date and never count as late.",
                undated,
            )
        )
    return notes


def _to_come(data: SalesData, request: ReportRequest) -> list[str]:
    """Return a note on contracts neither signed nor started by the as-of date, which are ignored."""
    n = sum(not is_known(contract, request.as_of) for contract in data.records(Contract))
    if not n:
        return []
    return [
        plural(
            "{n} contract is not counted: on this day it is neither signed nor started.",
            "{n} contracts are not counted: on this day they are neither signed nor started.",
            n,
        )
    ]
