"""From the revenue of the period before to that of this one, customer by customer, to the cent; GRR and NRR."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from archive.analysis.book import Book
from archive.analysis.churning.purchases import any_between
from archive.analysis.churning.saying import day_of
from archive.analysis.parts.result import Section, customer, customers
from archive.analysis.pictures import Bridge, Step
from archive.analysis.question import Ask
from archive.analysis.report import MONEY, SHARE, TEXT, Column, Figure, Row, Table
from archive.text import N_, _

_KINDS = {
    "new": N_("New customers"),
    "reactivation": N_("After a pause"),
    "expansion": N_("Bought more"),
    "contraction": N_("Bought less"),
    "churn": N_("Bought no more"),
}
_REVENUE = {
    "new": N_("Revenue of new customers"),
    "reactivation": N_("Revenue after a pause"),
    "expansion": N_("Revenue added by those who bought more"),
    "contraction": N_("Revenue lost by those who bought less"),
    "churn": N_("Revenue lost by those who bought no more"),
}
KEYS = ("revenue.before", *(f"revenue.{kind}" for kind in _KINDS), "revenue", "grr", "nrr")
SHOWN = 100  # customers in the list of changes: each step opens all of its own


class Flow(NamedTuple):
    """What a customer bought in the period before and in this one (minor units), and how the change is called.

    `earlier` is what they bought in the period before that one: what GRR and NRR of the period before rest on.
    """

    uid: str
    earlier: int
    before: int
    now: int
    kind: str

    @property
    def change(self) -> int:
        """What came or went."""
        return self.now - self.before


class Kept(NamedTuple):
    """Of the revenue of the customers who bought in the period before, what they kept and what they buy now."""

    customers: list[str]
    before: int
    kept: int
    now: int

    @property
    def grr(self) -> float | None:
        """Gross revenue retention: what was kept without what grew. At most 1."""
        return self.kept / self.before if self.before else None

    @property
    def nrr(self) -> float | None:
        """Net revenue retention: what they buy now, growth included, new customers not."""
        return self.now / self.before if self.before else None


def flows(book: Book, ask: Ask) -> list[Flow]:
    """Every customer with sales in the period, or in one of the two before."""
    before = ask.before()
    periods = [before.before().start, before.start, ask.start, ask.end + timedelta(days=1)]
    edges = [day.toordinal() for day in periods]
    found = []
    for uid, history in book.histories.items():
        days, amounts = history.days, history.amounts
        if days[-1] >= edges[0]:
            a, b, c, d = [bisect_left(days, edge) for edge in edges]
            older, old, now = sum(amounts[a:b]), sum(amounts[b:c]), sum(amounts[c:d])
            if older or old or now:
                found.append(Flow(uid, older, old, now, _kind(history.events, now - old, edges)))
    return found


def _kind(bought: Sequence[int], change: int, edges: Sequence[int]) -> str:
    """By the sign of the change, so that each step goes one way and all of them together reconcile."""
    if change == 0:
        return ""
    _older, first, middle, end = edges
    if change < 0:
        return "contraction" if any_between(bought, middle, end - 1) else "churn"
    if any_between(bought, first, middle - 1):
        return "expansion"
    return "reactivation" if any_between(bought, 0, middle - 1) else "new"


def kept_of(found: Iterable[tuple[str, int, int]]) -> Kept:
    """Of customers with what they bought before and now: those who did buy before are the opening cohort."""
    cohort = [(uid, before, now) for uid, before, now in found if before > 0]
    return Kept(
        [uid for uid, _before, _now in cohort],
        sum(before for _uid, before, _now in cohort),
        sum(min(before, now) for _uid, before, now in cohort),
        sum(now for _uid, _before, now in cohort),
    )


def waterfall(book: Book, ask: Ask) -> Section:
    """The steps from one period's revenue to the next's, and how much of it was kept."""
    found = flows(book, ask)
    kept = kept_of((flow.uid, flow.before, flow.now) for flow in found)
    earlier = kept_of((flow.uid, flow.earlier, flow.before) for flow in found)
    by_kind = defaultdict(list)
    for flow in found:
        if flow.change:
            by_kind[flow.kind].append(flow)
    return Section(
        figures=(*_steps(book, found, by_kind), *_retention(book, kept, earlier)),
        tables=(_changes(book, found),),
        pictures=(_bridge(book, found, by_kind),),
        notes=(*_begun_late(book, ask), *_left_out(book, ask)),
    )


def _steps(book: Book, found: list[Flow], by_kind: Mapping[str, list[Flow]]) -> list[Figure]:
    before, now = sum(flow.before for flow in found), sum(flow.now for flow in found)
    sums = {kind: sum(flow.change for flow in by_kind.get(kind, ())) for kind in _KINDS}
    why = _(
        "{before} + {new} new + {reactivation} again after a pause + {expansion} more - {contraction} less"
        " - {churn} no more = {now}"
    ).format(
        before=f"{book.money(before):,}",
        now=f"{book.money(now):,}",
        **{kind: f"{book.money(abs(amount)):,}" for kind, amount in sums.items()},
    )
    earlier, current = [f for f in found if f.before], [f for f in found if f.now]
    return [
        _money(book, "revenue.before", _("Revenue of the period before"), before, earlier, why),
        *(
            _money(book, f"revenue.{kind}", _(label), sums[kind], by_kind.get(kind, []), why)
            for kind, label in _REVENUE.items()
        ),
        _money(book, "revenue", _("Revenue of the period"), now, current, why),
    ]


def _money(book: Book, key: str, label: str, amount: int, those: list[Flow], why: str) -> Figure:
    return Figure(
        key=key,
        label=label,
        value=book.money(amount),
        unit=MONEY,
        n=len(those),
        why=why,
        opens=customers(flow.uid for flow in those),
    )


def _retention(book: Book, kept: Kept, earlier: Kept) -> tuple[Figure, Figure]:
    note = "" if kept.before else _("No customer bought anything in the period before.")
    before = f"{book.money(kept.before):,}"
    gross = _(
        "{kept} kept, each customer's growth left out / {before} of the {n} customers of the period before"
    )
    net = _("{now} bought now by the {n} customers of the period before / {before} they bought then")
    cohort = customers(kept.customers)
    return (
        Figure(
            key="grr",
            label=_("Revenue kept (gross)"),
            value=kept.grr,
            unit=SHARE,
            n=len(kept.customers),
            before=earlier.grr,
            note=note,
            why=gross.format(kept=f"{book.money(kept.kept):,}", before=before, n=len(kept.customers)),
            opens=cohort,
        ),
        Figure(
            key="nrr",
            label=_("Revenue kept (net)"),
            value=kept.nrr,
            unit=SHARE,
            n=len(kept.customers),
            before=earlier.nrr,
            note=note,
            why=net.format(now=f"{book.money(kept.now):,}", before=before, n=len(kept.customers)),
            opens=cohort,
            top=True,
        ),
    )


def _changes(book: Book, found: list[Flow]) -> Table:
    changed = sorted((f for f in found if f.change), key=lambda flow: (-abs(flow.change), flow.uid))
    rows = [
        Row(
            (
                book.names.get(flow.uid, flow.uid),
                _(_KINDS[flow.kind]),
                book.money(flow.before),
                book.money(flow.now),
                book.money(flow.change),
            ),
            customer(flow.uid),
        )
        for flow in changed[:SHOWN]
    ]
    return Table(
        key="revenue_changes",
        label=_("Whose revenue changed most"),
        columns=(
            Column("customer", _("Customer"), TEXT),
            Column("change", _("Change"), TEXT),
            Column("before", _("Sales before"), MONEY),
            Column("sales", _("Sales now"), MONEY),
            Column("difference", _("Difference"), MONEY),
        ),
        rows=tuple(rows),
        empty=_("No customer bought more or less than in the period before."),
        note=_("The {shown} largest of {n} changes.").format(shown=SHOWN, n=len(changed))
        if len(changed) > SHOWN
        else "",
    )


def _bridge(book: Book, found: list[Flow], by_kind: Mapping[str, list[Flow]]) -> Bridge:
    steps = [
        Step(_(label), float(book.money(sum(flow.change for flow in by_kind.get(kind, ())))))
        for kind, label in _KINDS.items()
    ]
    return Bridge(
        key="waterfall",
        label=_("Revenue from the period before to this one"),
        unit=MONEY,
        empty=_("There are no sales in either period."),
        steps=(
            Step(_("Before"), float(book.money(sum(f.before for f in found))), total=True),
            *steps,
            Step(_("Now"), float(book.money(sum(f.now for f in found))), total=True),
        )
        if any(flow.before or flow.now for flow in found)
        else (),
    )


def _begun_late(book: Book, ask: Ask) -> list[str]:
    """Where the data begins within the period before, that period is too short to compare with."""
    earlier = ask.before()
    first = min((h.events[0] for h in book.histories.values() if h.events and h.events[0]), default=0)
    if not earlier.start.toordinal() < first <= ask.end.toordinal():
        return []
    return [
        _(
            "Sales are on record from {day} only, after the period before began on {start}: customers may only look"
            " new, and growth, gross and net retention compare with less than a whole period."
        ).format(day=day_of(first), start=earlier.start)
    ]


def _left_out(book: Book, ask: Ask) -> list[str]:
    """Sales of the period before without a rate; those of the period itself are said of the whole report."""
    earlier = ask.before()
    return [
        _(
            "{n} sales in {currency} of the period before, together {total}, are left out: "
            "the settings have no rate for them."
        ).format(n=out.sales, currency=currency, total=f"{out.total:,}")
        for currency, out in book.left_out(earlier.start.toordinal(), earlier.end.toordinal()).items()
    ]
