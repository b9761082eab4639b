"""Upcoming deadlines: terms due, notice deadlines, contract ends, and promises to customers."""

from __future__ import annotations

from datetime import date, timedelta

from archive.analysis.common.result import Section, proportion
from archive.analysis.dataset import SalesData
from archive.analysis.fulfilment.obligations import OURS, Agreement
from archive.analysis.report import COUNT, DATE, DAYS, Column, Figure, Opens, Row, Table, Value
from archive.analysis.request import ReportRequest
from archive.model.contract_status import current_end, notice_deadline, renews
from archive.model.records.plan import Plan
from archive.text import _

KEYS = ("renewals.30", "renewals.60", "renewals.90", "notices.90", "promises.kept", "promises.open")
AHEAD = 90
REMINDERS = (0, 7, 30)  # days before a due date


def deadlines(data: SalesData, request: ReportRequest, agreements: list[Agreement]) -> Section:
    """Build the deadlines of the next 90 days, and the promises kept in the period."""
    active = [agreement for agreement in agreements if agreement.status == "active"]
    upcoming = [agreement for agreement in agreements if agreement.status == "signed"]
    notices = [
        agreement
        for agreement in active
        if _within(notice_deadline(agreement.contract, request.as_of), request, AHEAD)
    ]
    return Section(
        figures=(
            *(_renewals(active, request, days) for days in (30, 60, 90)),
            Figure(
                key="notices.90",
                label=_("Notice deadlines, next 90 days"),
                value=len(notices),
                why=_(
                    "{n} of {all} active contracts; notice deadline = end of the contract - notice period; in a "
                    "shorter month, its last day"
                ).format(n=len(notices), all=len(active)),
                opens=_opens(notices),
            ),
            *_promises(data, request),
        ),
        tables=(_coming(data, request, [*active, *upcoming]), _promise_table(data, request)),
    )


def _opens(agreements: list[Agreement]) -> Opens:
    return Opens("contracts", tuple(agreement.contract.uid for agreement in agreements))


def _within(day: date | None, request: ReportRequest, days: int) -> bool:
    return day is not None and request.as_of <= day <= request.as_of + timedelta(days=days)


def _renewals(active: list[Agreement], request: ReportRequest, days: int) -> Figure:
    ending = [
        agreement
        for agreement in active
        if _within(current_end(agreement.contract, request.as_of), request, days)
    ]
    return Figure(
        key=f"renewals.{days}",
        label=_("End or renew in {n} days").format(n=days),
        value=len(ending),
        unit=COUNT,
        why=_("{n} of {all} active contracts have a current period that ends by then").format(
            n=len(ending), all=len(active)
        ),
        opens=_opens(ending),
        top=days == AHEAD,
    )


def reminder(days: int) -> str:
    """Return as many "!" as reminder limits are reached."""
    return "!" * sum(days <= before for before in REMINDERS)


def _coming(data: SalesData, request: ReportRequest, agreements: list[Agreement]) -> Table:
    rows: list[tuple[date, str, Agreement, str]] = []
    for agreement in agreements:
        for obligation in agreement.obligations:
            if obligation.fulfilment.status in ("open", "part") and _within(
                obligation.term.due_on, request, AHEAD
            ):
                side = _("us") if obligation.whose == OURS else _("customer")
                rows.append(
                    (obligation.term.due_on or request.as_of, obligation.term.requirement, agreement, side)
                )
        notice = notice_deadline(agreement.contract, request.as_of)
        if notice and _within(notice, request, AHEAD):
            rows.append((notice, _("notice deadline"), agreement, ""))
        end = current_end(agreement.contract, request.as_of)
        if end and _within(end, request, AHEAD):
            rows.append((end, _("auto-renews") if renews(agreement.contract) else _("ends"), agreement, ""))
    rows.sort(key=lambda row: (row[0], row[2].contract.number, row[1]))
    return Table(
        key="coming",
        label=_("Due in the next 90 days"),
        columns=(
            Column("on", _("Date"), DATE),
            Column("in", _("In"), DAYS),
            Column("reminder", ""),
            Column("customer", _("Customer")),
            Column("contract", _("Contract")),
            Column("what", _("Event")),
            Column("duty", _("Responsible")),
        ),
        rows=tuple(_row(data, request, *row) for row in rows),
        empty=_("Nothing is due in the next 90 days."),
    )


def _row(
    data: SalesData, request: ReportRequest, on: date, event: str, agreement: Agreement, side: str
) -> Row:
    days = (on - request.as_of).days
    name = data.names.get(agreement.contract.customer.uid, agreement.contract.customer.name)
    cells: tuple[Value, ...] = (on, days, reminder(days), name, agreement.contract.number, event, side)
    return Row(cells, _opens([agreement]))


def _promise_tasks(data: SalesData, request: ReportRequest) -> list[Plan]:
    """Return all tasks that were promised to a customer."""
    return [plan for plan in data.records(Plan) if plan.promised]


def _done_on(plan: Plan, as_of: date) -> date | None:
    return plan.done_on if plan.done_on and plan.done_on <= as_of else None


def _promises(data: SalesData, request: ReportRequest) -> tuple[Figure, Figure]:
    promised = _promise_tasks(data, request)
    due = [
        plan
        for plan in promised
        if plan.due_on and request.start <= plan.due_on <= request.end and _is_decided(plan, request)
    ]
    kept_promises = [
        plan
        for plan in due
        if (done_on := _done_on(plan, request.as_of)) and plan.due_on and done_on <= plan.due_on
    ]
    open_promises = [plan for plan in promised if not _done_on(plan, request.as_of)]
    return (
        proportion(
            "promises.kept",
            _("Promises kept"),
            len(kept_promises),
            len(due),
            note=_("No promise was due in the period."),
            why=_("promises kept by their due date / promises due in the period = {k} / {n}"),
            opens=Opens("plans", tuple(plan.uid for plan in due)),
        ),
        Figure(
            key="promises.open",
            label=_("Open promises"),
            value=len(open_promises),
            unit=COUNT,
            why=_("{n} of {all} promises to customers are open").format(
                n=len(open_promises), all=len(promised)
            ),
            opens=Opens("plans", tuple(plan.uid for plan in open_promises)),
        ),
    )


def _is_decided(plan: Plan, request: ReportRequest) -> bool:
    """Return whether a promise can be judged: it is done, or its due date is past."""
    return bool(_done_on(plan, request.as_of)) or bool(plan.due_on and plan.due_on < request.as_of)


def _promise_table(data: SalesData, request: ReportRequest) -> Table:
    open_promises = [plan for plan in _promise_tasks(data, request) if not _done_on(plan, request.as_of)]
    open_promises.sort(key=lambda plan: (str(plan.due_on or "9999"), plan.uid))
    return Table(
        key="promises",
        label=_("Open promises"),
        columns=(
            Column("due_on", _("Due"), DATE),
            Column("late", _("Days late"), DAYS),
            Column("customer", _("Customer")),
            Column("step", _("Promised")),
            Column("goal", _("Goal")),
        ),
        rows=tuple(
            Row(
                (
                    plan.due_on,
                    max(0, (request.as_of - plan.due_on).days) or None if plan.due_on else None,
                    data.names.get(plan.customer.uid, plan.customer.name),
                    plan.step,
                    plan.goal,
                ),
                Opens("plans", (plan.uid,)),
            )
            for plan in open_promises
        ),
        empty=_("There are no open promises."),
    )
