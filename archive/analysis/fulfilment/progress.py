"""Progress of contracts: delivery against commitment and elapsed time, and the rate needed to finish."""

from __future__ import annotations

from datetime import date

from archive.analysis.common.result import Section
from archive.analysis.dataset import SalesData
from archive.analysis.fulfilment.obligations import OURS, Agreement, Obligation, is_known, unit_of
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


def contracts(data: SalesData, request: ReportRequest, agreements: list[Agreement]) -> Section:
    """Build the numbers of contracts by status, and the table of contracts with their progress."""
    active = [agreement for agreement in agreements if agreement.status == "active"]
    behind = [
        agreement
        for agreement in active
        if (contract_progress(data, agreement, request.as_of).deviation or 0) > 0
    ]
    return Section(
        figures=(
            _count(
                "contracts",
                _("Active contracts"),
                active,
                _("{n} of {all} contracts are signed and have begun, and are neither ended nor cancelled"),
                len(agreements),
            ),
            _count(
                "contracts.signed",
                _("Signed, not started"),
                [agreement for agreement in agreements if agreement.status == "signed"],
                _("{n} of {all} contracts are signed and start after this day"),
                len(agreements),
            ),
            _count(
                "contracts.unsigned",
                _("Unsigned contracts"),
                [agreement for agreement in agreements if agreement.status == "unsigned"],
                _("{n} of {all} contracts are not signed by this day and not cancelled"),
                len(agreements),
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
        tables=(_table(data, request, agreements),),
        pictures=(_bars(data, request, active), _timeline(data, request, active)),
        notes=(*_notes(agreements), *_future_contracts(data, request)),
    )


def _opens(agreements: list[Agreement]) -> Opens:
    return Opens("contracts", tuple(agreement.contract.uid for agreement in agreements))


def _count(key: str, label: str, agreements: list[Agreement], why: str, n: int) -> Figure:
    text = why.format(n=len(agreements), all=n)
    return Figure(
        key=key, label=label, value=len(agreements), unit=COUNT, n=n, why=text, opens=_opens(agreements)
    )


def contract_progress(data: SalesData, agreement: Agreement, as_of: date) -> Progress:
    """Return elapsed time and delivery in the current period.

    Delivery is measured by quantity or amount if our terms have a common unit, by weights if they have several, and
    by sales on the contract if it has a value and no terms. Excess delivery on a term does not offset shortfalls on
    others.
    """
    start, end = agreement.start, agreement.end
    if not agreement.obligations:
        value = data.amount(agreement.contract.value, agreement.contract.currency, start or date.min)
        return progress(start, end, as_of, value, agreement.net_sales)
    quantified = _quantified(agreement)
    if len(_units(quantified)) == 1:
        return progress_of(start, end, as_of, [_amounts(obligation) for obligation in quantified])
    obligations = [obligation for obligation in agreement.current_obligations if obligation.whose == OURS]
    weights = sum(obligation.weight for obligation in obligations)
    return progress(
        start, end, as_of, weights, sum(obligation.weight * obligation.fill for obligation in obligations)
    )


def _quantified(agreement: Agreement) -> list[Obligation]:
    """Return our terms of the current period that have a quantity or an amount."""
    return [
        obligation
        for obligation in agreement.current_obligations
        if obligation.whose == OURS and obligation.fulfilment.committed
    ]


def _units(obligations: list[Obligation]) -> set[tuple[str, str]]:
    """Return the units of the terms; quantities can be added only if all terms have the same unit."""
    return {(obligation.fulfilment.measure, unit_of(obligation)) for obligation in obligations}


def _amounts(obligation: Obligation) -> tuple[float, float]:
    return float(obligation.fulfilment.committed or 0), float(obligation.fulfilment.delivered or 0)


def run_rate(agreement: Agreement, as_of: date) -> float | None:
    """Return the delivery per month needed to finish in time; None unless active, with terms in a single unit."""
    obligations = _quantified(agreement)
    if (
        agreement.status != "active"
        or not agreement.end
        or agreement.end <= as_of
        or len(_units(obligations)) != 1
    ):
        return None
    remaining = sum(max(0.0, committed - delivered) for committed, delivered in map(_amounts, obligations))
    return remaining / ((agreement.end - as_of).days / MONTH)


def _table(data: SalesData, request: ReportRequest, agreements: list[Agreement]) -> Table:
    ranked = sorted(
        agreements,
        key=lambda agreement: (
            _ORDER.get(agreement.status, len(_ORDER)),
            str(agreement.contract.end or "9999"),
            agreement.contract.number,
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
        rows=tuple(_row(data, request, agreement) for agreement in ranked),
        empty=_("There are no contracts. Add one to a customer."),
        note=_(
            "Delivered: by quantity or amount if all our terms have the same unit, otherwise "
            "by weight. Required per month: deliveries needed to finish on time, in that "
            "unit. A renewed contract counts from its last renewal."
        ),
    )


def _row(data: SalesData, request: ReportRequest, agreement: Agreement) -> Row:
    progress = contract_progress(data, agreement, request.as_of)
    value = data.amount(
        agreement.contract.value, agreement.contract.currency, agreement.contract.start or date.min
    )
    cells = (
        _name(data, agreement),
        agreement.contract.number,
        _(CONTRACT_STATUS.options[agreement.status]),
        current_end(agreement.contract, request.as_of),
        progress.duration,
        progress.usage,
        (progress.deviation or None) if agreement.status in _BINDING else None,
        run_rate(agreement, request.as_of),
        None if value is None else data.money(value),
        len(agreement.obligations) or None,
        progress.overflow or None,
    )
    return Row(cells, _opens([agreement]), _why(agreement, progress))


def _name(data: SalesData, agreement: Agreement) -> str:
    return data.names.get(agreement.contract.customer.uid, agreement.contract.customer.name)


def _why(agreement: Agreement, progress: Progress) -> str:
    if not agreement.obligations and progress.usage is None:
        return _("The contract has no terms, so the committed amount is unknown.")
    if agreement.is_renewed and progress.usage is None:
        return _("The contract was renewed on {day}; no term is due in the period since then.").format(
            day=agreement.start
        )
    return _(
        "from {start} to {end}: time elapsed {duration}; delivered {usage} of committed, "
        "at most 100 % per term; excess {overflow}; behind {deviation}: time elapsed - "
        "delivered, at least 0"
    ).format(
        start=agreement.start or "-",
        end=agreement.end or "-",
        duration=_percent(progress.duration),
        usage=_percent(progress.usage),
        overflow=_percent(progress.overflow),
        deviation=_percent(progress.deviation),
    )


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"


def _bars(data: SalesData, request: ReportRequest, active: list[Agreement]) -> Bars:
    bars = []
    for agreement in active:
        progress = contract_progress(data, agreement, request.as_of)
        if progress.usage is not None:
            note = _("behind") if progress.deviation else ""
            bars.append(
                Bar(
                    f"{_name(data, agreement)} {agreement.contract.number}",
                    progress.usage,
                    1.0,
                    progress.duration,
                    note,
                )
            )
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
    dated = [
        (obligation, agreement)
        for agreement in active
        for obligation in agreement.obligations
        if obligation.term.due_on
    ]
    nearest = sorted(
        dated, key=lambda pair: abs(((pair[0].term.due_on or request.as_of) - request.as_of).days)
    )[:SPANS]
    nearest.sort(key=lambda pair: str(pair[0].term.due_on))
    return Timeline(
        key="terms",
        label=_("Terms due around this day"),
        spans=tuple(_span(data, obligation, agreement) for obligation, agreement in nearest),
        today=request.as_of,
        empty=_("No active contract has a term with a due date."),
    )


def _span(data: SalesData, obligation: Obligation, agreement: Agreement) -> Span:
    due = obligation.term.due_on or date.min
    start = min(due, max(agreement.contract.start or due, date.fromordinal(max(1, due.toordinal() - 90))))
    label = f"{_name(data, agreement)} {obligation.term.requirement}"
    end = max(due, obligation.fulfilment.done_on or due)
    note = _("due {day}").format(day=due) if end > due else ""
    return Span(label, start, end, _STATES[obligation.fulfilment.status], note)


def _notes(agreements: list[Agreement]) -> list[str]:
    without_terms = sum(not agreement.obligations for agreement in agreements)
    undated = sum(
        not obligation.term.due_on for agreement in agreements for obligation in agreement.obligations
    )
    notes = []
    if without_terms:
        notes.append(
            plural(
                "{n} contract has no terms and counts neither as fulfilled nor as unfulfilled.",
                "{n} contracts have no terms and count neither as fulfilled nor as unfulfilled.",
                without_terms,
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


def _future_contracts(data: SalesData, request: ReportRequest) -> list[str]:
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
