"""What all campaigns of a period cost and brought together, and their lift."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from archive.analysis.book import Book
from archive.analysis.efforts.lift import Lift
from archive.analysis.efforts.responses import Effort
from archive.analysis.maths.proportions import Difference, newcombe
from archive.analysis.parts.result import Section, customers
from archive.analysis.report import COUNT, MONEY, SHARE, Figure, Opens
from archive.model.summary import SIGN
from archive.text import _

KEYS = (
    *("cost", "reached", "enquiries", "quotations", "orders", "new_customers", "revenue"),
    *("cpl", "cac", "romi", "lift"),
)


class Result(NamedTuple):
    """A campaign, and whether it did anything."""

    effort: Effort
    lift: Lift


class Sums(NamedTuple):
    """Several campaigns together. Costs are those of campaigns whose cost is known, None where it is of none."""

    cost: int | None
    margin: int | None  # of campaigns with a known cost and a known margin
    margin_cost: int
    enquiries: int
    new: int


def sums(results: list[Result]) -> Sums:
    """What the ratios are made of."""
    known = [r.effort for r in results if r.effort.cost is not None]
    both = [effort for effort in known if effort.margin is not None]
    return Sums(
        cost=sum(e.cost or 0 for e in known) if known else None,
        margin=sum(e.margin or 0 for e in both) if both else None,
        margin_cost=sum(e.cost or 0 for e in both),
        enquiries=sum(len(e.of("enquiry")) for e in known),
        new=sum(len(e.new) for e in known),
    )


def revenue(results: list[Result]) -> int | None:
    """What campaigns brought; None where the amount of no sale is known."""
    every = [r.effort.revenue for r in results if r.effort.sales]
    known = [amount for amount in every if amount is not None]
    return sum(known) if known or not every else None


def money(book: Book, minor: int | None) -> Decimal | None:
    """An amount to show."""
    return None if minor is None else book.money(minor)


def results(book: Book, found: list[Result]) -> Section:
    """The figures of all campaigns together."""
    return Section(figures=tuple(_figures(book, found)))


def _campaigns(found: list[Result]) -> Opens:
    return Opens("campaigns", tuple(r.effort.campaign.uid for r in found))


def _no_cost() -> str:
    return _("No campaign of the period has a cost.")


def _figures(book: Book, found: list[Result]) -> list[Figure]:
    total = sums(found)
    return [
        Figure(
            key="cost",
            label=_("Cost"),
            value=None if total.cost is None else book.money(total.cost),
            unit=MONEY,
            n=len(found),
            note="" if total.cost is not None else _no_cost(),
            why=_("the costs of the campaigns that ran in the period"),
            opens=_campaigns(found),
            top=True,
        ),
        Figure(
            key="reached",
            label=_("Customers reached"),
            value=len({uid for r in found for uid in r.effort.reached}),
            why=_("customers in an audience who were not held back, each once"),
            opens=customers({uid for r in found for uid in r.effort.reached}),
        ),
        *(_responses(found, key, label, kind) for key, label, kind in _stages()),
        Figure(
            key="new_customers",
            label=_("New customers"),
            value=len({uid for r in found for uid in r.effort.new}),
            why=_("customers whose first order of all names a campaign"),
            opens=customers({uid for r in found for uid in r.effort.new}),
        ),
        Figure(
            key="revenue",
            label=_("Revenue"),
            value=money(book, revenue(found)),
            unit=MONEY,
            n=len(found),
            note=""
            if revenue(found) is not None
            else _("No sale has an amount that is known and has a rate."),
            why=_("orders minus returns that name a campaign"),
            opens=dealings(found, *SIGN),
            top=True,
        ),
        *_ratios(book, found, total),
        _pooled(found),
    ]


def _stages() -> tuple[tuple[str, str, str], ...]:
    return (
        ("enquiries", _("Enquiries"), "enquiry"),
        ("quotations", _("Quotations"), "quotation"),
        ("orders", _("Orders"), "order"),
    )


def dealings(found: list[Result], *kinds: str) -> Opens:
    """The dealings of some types that name the campaigns."""
    return Opens("transactions", tuple(s.uid for r in found for s in r.effort.responses if s.type in kinds))


def _responses(found: list[Result], key: str, label: str, kind: str) -> Figure:
    return Figure(
        key=key,
        label=label,
        value=sum(len(r.effort.of(kind)) for r in found),
        unit=COUNT,
        why=_("dealings of this type that name a campaign, until the day of the report"),
        opens=dealings(found, kind),
    )


def _ratios(book: Book, found: list[Result], total: Sums) -> list[Figure]:
    known = [result for result in found if result.effort.cost is not None]
    enquiries = _cost_per(
        book, "cpl", _("Cost per enquiry"), total.cost, total.enquiries, _("No enquiry names a campaign.")
    )
    customer = _cost_per(
        book, "cac", _("Cost per new customer"), total.cost, total.new, _("No campaign won a customer.")
    )
    return [
        replace(enquiries, opens=dealings(known, "enquiry")),
        replace(customer, opens=customers({uid for r in known for uid in r.effort.new})),
        Figure(
            key="romi",
            label=_("Return on the effort"),
            value=romi(total),
            unit=SHARE,
            note=_romi_note(total),
            why=_(
                "(margin - cost) / cost = ({margin} - {cost}) / {cost}; margin is revenue less the cost of goods"
            ).format(margin=f"{book.money(total.margin or 0):,}", cost=f"{book.money(total.margin_cost):,}"),
            opens=_campaigns(known),
            top=True,
        ),
    ]


def romi(total: Sums) -> float | None:
    """The return on marketing investment, None where a cost or a margin is not known."""
    if total.margin is None or not total.margin_cost:
        return None
    return (total.margin - total.margin_cost) / total.margin_cost


def _romi_note(total: Sums) -> str:
    if romi(total) is not None:
        return ""
    if total.cost is None:
        return _no_cost()
    return (
        _("The campaigns cost nothing.")
        if not total.cost
        else _("What was sold has no known cost or no known amount.")
    )


def _cost_per(book: Book, key: str, label: str, cost: int | None, cases: int, none: str) -> Figure:
    known = cost is not None and cases > 0
    return Figure(
        key=key,
        label=label,
        value=book.money(round((cost or 0) / cases)) if known else None,
        unit=MONEY,
        n=cases,
        note="" if known else (_no_cost() if cost is None else none),
        why=_("cost / cases = {cost} / {n}").format(cost=f"{book.money(cost or 0):,}", n=cases),
        top=key == "cac",
    )


def pooled(found: list[Result]) -> Difference | None:
    """The lift over all campaigns that held customers back, as one experiment."""
    tried = [r.lift for r in found if not r.lift.observational and r.lift.difference]
    if not tried:
        return None
    return newcombe(
        sum(t.ordered for t in tried),
        sum(t.reached for t in tried),
        sum(t.others_ordered for t in tried),
        sum(t.others for t in tried),
    )


def _pooled(found: list[Result]) -> Figure:
    difference = pooled(found)
    return Figure(
        key="lift",
        label=_("Lift over the held back"),
        value=difference.value if difference else None,
        unit=SHARE,
        n=sum(r.lift.others for r in found if not r.lift.observational),
        low=difference.low if difference else None,
        high=difference.high if difference else None,
        note=""
        if difference
        else _("No campaign of the period held customers back: see the comparisons below."),
        why=_(
            "share of the reached who ordered - share of those held back who did; interval by Newcombe (1998)"
        ),
        opens=_campaigns([r for r in found if not r.lift.observational]),
        top=True,
    )
