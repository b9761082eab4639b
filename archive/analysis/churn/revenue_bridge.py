"""Revenue bridge between two periods, by customer and exact to the cent; gross and net revenue retention."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from archive.analysis.churn.formatting import day_of
from archive.analysis.churn.purchase_history import any_between
from archive.analysis.common.customers import customers_since
from archive.analysis.common.result import Section, customer, customers
from archive.analysis.dataset import SalesData
from archive.analysis.pictures import Bridge, Step
from archive.analysis.report import MONEY, SHARE, TEXT, Column, Figure, Row, Table
from archive.analysis.request import ReportRequest
from archive.text import N_, _, plural

_KINDS = {
    "new": N_("New customers"),
    "reactivation": N_("Reactivated"),
    "expansion": N_("Expansion"),
    "contraction": N_("Contraction"),
    "churn": N_("Churned"),
}
_REVENUE = {
    "new": N_("Revenue from new customers"),
    "reactivation": N_("Reactivated revenue"),
    "expansion": N_("Expansion revenue"),
    "contraction": N_("Contraction revenue"),
    "churn": N_("Churned revenue"),
}
KEYS = ("revenue.before", *(f"revenue.{kind}" for kind in _KINDS), "revenue", "grr", "nrr")


class Flow(NamedTuple):
    """A customer's sales in the preceding and the current period, in minor units.

    `earlier` is their sales one period earlier still, for the GRR and NRR of the preceding period. A customer with
    sales before who ordered nothing now, but returned something, has two changes.
    """

    uid: str
    earlier: int
    before: int
    now: int
    changes: tuple[Change, ...]


class Change(NamedTuple):
    """One customer's contribution to a step of the waterfall, from `before` to `now`."""

    uid: str
    kind: str
    before: int
    now: int

    @property
    def amount(self) -> int:
        """The change in revenue."""
        return self.now - self.before


class Retention(NamedTuple):
    """The opening cohort: revenue before, retained revenue, and revenue now."""

    customers: list[str]
    before: int
    retained: int
    now: int

    @property
    def grr(self) -> float | None:
        """Gross revenue retention: retained revenue without expansion, as a fraction from 0 to 1."""
        return self.retained / self.before if self.before else None

    @property
    def nrr(self) -> float | None:
        """Net revenue retention: current revenue of the opening cohort including expansion, without new customers."""
        return self.now / self.before if self.before else None


class _Edges(NamedTuple):
    """The first days of three consecutive periods, and the day after the last."""

    earlier: int
    before: int
    now: int
    end: int


def flows(data: SalesData, request: ReportRequest) -> list[Flow]:
    """Return every customer with sales in the period or in the two periods before."""
    before = request.before()
    days = [before.before().start, before.start, request.start, request.end + timedelta(days=1)]
    edges = _Edges(*(day.toordinal() for day in days))
    since = customers_since(data, request.as_of)
    result = []
    for uid, history in data.histories.items():
        if history.days[-1] < edges.earlier:
            continue
        a, b, c, d = [bisect_left(history.days, edge) for edge in edges]
        older, old, now = (sum(history.amounts[x:y]) for x, y in ((a, b), (b, c), (c, d)))
        if older or old or now:
            changes = _changes_of(uid, history.events, old, now, edges, since.get(uid, 0))
            result.append(Flow(uid, older, old, now, changes))
    return result


def _changes_of(
    uid: str, purchase_days: Sequence[int], before: int, now: int, edges: _Edges, since: int
) -> tuple[Change, ...]:
    """Classify the change of a customer by sign, so that all changes of a step have the same direction.

    Churned revenue is at most the revenue before; returns beyond it are contraction.
    """
    if before == now:
        return ()
    if any_between(purchase_days, edges.now, edges.end - 1):
        return (Change(uid, _kind(purchase_days, now - before, edges, since), before, now),)
    churned = (Change(uid, "churn", before, 0),) if before > 0 else ()
    rest = Change(uid, "", 0 if churned else before, now)
    kind = "expansion" if rest.amount > 0 else "contraction"
    return (*churned, rest._replace(kind=kind)) if rest.amount else churned


def _kind(purchase_days: Sequence[int], change: int, edges: _Edges, since: int) -> str:
    """Classify the change of a customer who bought in the period."""
    if change < 0:
        return "contraction"
    if any_between(purchase_days, edges.before, edges.now - 1):
        return "expansion"
    return "reactivation" if since < edges.now or purchase_days[0] < edges.now else "new"


def retention_of(amounts: Iterable[tuple[str, int, int]]) -> Retention:
    """Measure the retention of the opening cohort: customers with revenue before, given as (uid, before, now)."""
    cohort = [(uid, before, now) for uid, before, now in amounts if before > 0]
    return Retention(
        [uid for uid, _before, _now in cohort],
        sum(before for _uid, before, _now in cohort),
        sum(max(0, min(before, now)) for _uid, before, now in cohort),
        sum(now for _uid, _before, now in cohort),
    )


def waterfall(data: SalesData, request: ReportRequest) -> Section:
    """Build the revenue bridge between the periods, and revenue retention."""
    customer_flows = flows(data, request)
    retention = retention_of((flow.uid, flow.before, flow.now) for flow in customer_flows)
    earlier_retention = retention_of((flow.uid, flow.earlier, flow.before) for flow in customer_flows)
    by_kind = defaultdict(list)
    for flow in customer_flows:
        for change in flow.changes:
            by_kind[change.kind].append(change)
    return Section(
        figures=(*_steps(data, customer_flows, by_kind), *_retention(data, retention, earlier_retention)),
        tables=(_changes(data, by_kind),),
        pictures=(_bridge(data, customer_flows, by_kind),),
        notes=(
            *_incomplete_before(data, request),
            *_not_new(data, request, by_kind["reactivation"]),
            *_left_out(data, request),
        ),
    )


def _steps(data: SalesData, customer_flows: list[Flow], by_kind: Mapping[str, list[Change]]) -> list[Figure]:
    before, now = sum(flow.before for flow in customer_flows), sum(flow.now for flow in customer_flows)
    sums = {kind: sum(change.amount for change in by_kind.get(kind, ())) for kind in _KINDS}
    why = _(
        "{before} + {new} new + {reactivation} reactivated + {expansion} expansion - "
        "{contraction} contraction - {churn} churned = {now}"
    ).format(
        before=f"{data.money(before):,}",
        now=f"{data.money(now):,}",
        **{kind: f"{data.money(abs(amount)):,}" for kind, amount in sums.items()},
    )
    earlier, current = [f for f in customer_flows if f.before], [f for f in customer_flows if f.now]
    return [
        _money(data, "revenue.before", _("Revenue in the previous period"), before, earlier, why),
        *(
            _money(data, f"revenue.{kind}", _(label), sums[kind], by_kind.get(kind, []), why)
            for kind, label in _REVENUE.items()
        ),
        _money(data, "revenue", _("Revenue in the period"), now, current, why),
    ]


def _money(
    data: SalesData, key: str, label: str, amount: int, entries: Sequence[Flow | Change], why: str
) -> Figure:
    return Figure(
        key=key,
        label=label,
        value=data.money(amount),
        unit=MONEY,
        n=len(entries),
        why=why,
        opens=customers(entry.uid for entry in entries),
    )


def _retention(data: SalesData, retention: Retention, earlier: Retention) -> tuple[Figure, Figure]:
    note = "" if retention.before else _("There were no purchases in the previous period.")
    before = f"{data.money(retention.before):,}"
    gross = _("{kept} retained, without growth / {before} from the {n} customers of the previous period")
    net = _("{now} now / {before} then, from the {n} customers of the previous period")
    cohort = customers(retention.customers)
    return (
        Figure(
            key="grr",
            label=_("Gross revenue retention"),
            value=retention.grr,
            unit=SHARE,
            n=len(retention.customers),
            before=earlier.grr,
            note=note,
            why=gross.format(
                kept=f"{data.money(retention.retained):,}", before=before, n=len(retention.customers)
            ),
            opens=cohort,
        ),
        Figure(
            key="nrr",
            label=_("Net revenue retention"),
            value=retention.nrr,
            unit=SHARE,
            n=len(retention.customers),
            before=earlier.nrr,
            note=note,
            why=net.format(now=f"{data.money(retention.now):,}", before=before, n=len(retention.customers)),
            opens=cohort,
            top=True,
        ),
    )


def _changes(data: SalesData, by_kind: Mapping[str, list[Change]]) -> Table:
    changes = [change for of_kind in by_kind.values() for change in of_kind]
    ranked = sorted(changes, key=lambda change: (-abs(change.amount), change.uid, change.kind))
    rows = [
        Row(
            (
                data.names.get(change.uid, change.uid),
                _(_KINDS[change.kind]),
                data.money(change.before),
                data.money(change.now),
                data.money(change.amount),
            ),
            customer(change.uid),
        )
        for change in ranked
    ]
    return Table(
        key="revenue_changes",
        label=_("Largest revenue changes"),
        columns=(
            Column("customer", _("Customer"), TEXT),
            Column("change", _("Change"), TEXT),
            Column("before", _("Sales before"), MONEY),
            Column("sales", _("Sales now"), MONEY),
            Column("difference", _("Difference"), MONEY),
        ),
        rows=tuple(rows),
        empty=_("No customer's revenue differs from the previous period."),
    )


def _bridge(data: SalesData, customer_flows: list[Flow], by_kind: Mapping[str, list[Change]]) -> Bridge:
    steps = [
        Step(_(label), float(data.money(sum(change.amount for change in by_kind.get(kind, ())))))
        for kind, label in _KINDS.items()
    ]
    return Bridge(
        key="waterfall",
        label=_("Revenue from the previous to this period"),
        unit=MONEY,
        empty=_("There are no sales in either period."),
        steps=(
            Step(_("Previous"), float(data.money(sum(f.before for f in customer_flows))), total=True),
            *steps,
            Step(_("This period"), float(data.money(sum(f.now for f in customer_flows))), total=True),
        )
        if any(flow.before or flow.now for flow in customer_flows)
        else (),
    )


def _incomplete_before(data: SalesData, request: ReportRequest) -> list[str]:
    """Return a note if the data begins within the preceding period, which is then incomplete."""
    earlier = request.before()
    first = min((h.events[0] for h in data.histories.values() if h.events and h.events[0]), default=0)
    if not earlier.start.toordinal() < first <= request.end.toordinal():
        return []
    return [
        _(
            "Sales are recorded only from {day}, but the previous period began on {start}: "
            "customers may only appear to be new, and growth, gross and net retention are "
            "measured against an incomplete period."
        ).format(day=day_of(first), start=earlier.start)
    ]


def _not_new(data: SalesData, request: ReportRequest, reactivated: Sequence[Change]) -> list[str]:
    """Return a note on older customers whose first order on record is in the period."""
    start = request.start.toordinal()
    n = sum(data.history(change.uid).events[0] >= start for change in reactivated)
    if not n:
        return []
    return [
        plural(
            "{n} older customer has its first recorded order in this period and is counted as "
            "reactivated, not new.",
            "{n} older customers have their first recorded order in this period and are "
            "counted as reactivated, not new.",
            n,
        )
    ]


def _left_out(data: SalesData, request: ReportRequest) -> list[str]:
    """Return notes on sales of the preceding period without a rate; `report_of` adds notes on the current period."""
    earlier = request.before()
    return [
        plural(
            "{n} sale in {{currency}} in the previous period, {{total}} in total, is left out: there is no exchange "
            "rate for it.",
            "{n} sales in {{currency}} in the previous period, {{total}} in total, are left out: there is no exchange "
            "rate for them.",
            out.sales,
        ).format(currency=currency, total=f"{out.total:,}")
        for currency, out in data.left_out(earlier.start.toordinal(), earlier.end.toordinal()).items()
    ]
