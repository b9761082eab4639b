"""Totals of all campaigns of a period: cost, responses, revenue, return and pooled lift."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from archive.analysis.campaigns.goals import Reach
from archive.analysis.campaigns.incrementality import Lift
from archive.analysis.campaigns.responses import Effort
from archive.analysis.common.notes import listed
from archive.analysis.common.result import Section, customers
from archive.analysis.dataset import SalesData
from archive.analysis.maths.proportions import wilson
from archive.analysis.maths.stratified import Standardised, mantel_haenszel
from archive.analysis.report import COUNT, MONEY, SHARE, Figure, Opens
from archive.model.summary import SIGN
from archive.text import _, plural

KEYS = (
    *("cost", "reached", "enquiries", "quotations", "orders", "new_customers", "revenue"),
    *("cpl", "cac", "romi", "lift", "notice.told", "win_back.won_back"),
)


class Result(NamedTuple):
    """A campaign with its lift, and the measure of its goal if it is not a sales campaign."""

    effort: Effort
    lift: Lift
    reach: Reach | None = None


class Sums(NamedTuple):
    """Totals of several campaigns. `cost` covers all with a known cost, None if there are none.

    All other totals exclude notices and win-backs, which were not made for sales.
    """

    cost: int | None
    sale_cost: int | None
    margin: int | None  # of campaigns with a known cost and a known margin
    margin_cost: int
    enquiries: int
    new: int  # distinct customers
    rated: int  # campaigns with a known cost and a known margin


def sums(results: list[Result]) -> Sums:
    """Add up the numerators and denominators of the ratios."""
    with_cost = [r.effort for r in results if r.effort.cost is not None]
    for_sales = [e for e in with_cost if e.is_sale]
    with_margin = [e for e in for_sales if e.margin is not None]
    return Sums(
        cost=sum(e.cost or 0 for e in with_cost) if with_cost else None,
        sale_cost=sum(e.cost or 0 for e in for_sales) if for_sales else None,
        margin=sum(e.margin or 0 for e in with_margin) if with_margin else None,
        margin_cost=sum(e.cost or 0 for e in with_margin),
        enquiries=sum(len(e.of("enquiry")) for e in for_sales),
        new=len({uid for e in for_sales for uid in e.new}),
        rated=len(with_margin),
    )


def revenue(results: list[Result]) -> int | None:
    """Return the revenue of the campaigns; None if there are sales, but no amount is known."""
    revenues = [r.effort.revenue for r in results if r.effort.sales]
    amounts = [amount for amount in revenues if amount is not None]
    return sum(amounts) if amounts or not revenues else None


def money(data: SalesData, minor: int | None) -> Decimal | None:
    """Convert minor units to an amount, if known."""
    return None if minor is None else data.money(minor)


def results(data: SalesData, campaign_results: list[Result]) -> Section:
    """Build the figures of all campaigns."""
    return Section(figures=tuple(_figures(data, campaign_results)))


def _campaigns(results: list[Result]) -> Opens:
    return Opens("campaigns", tuple(r.effort.campaign.uid for r in results))


def _no_cost(results: list[Result]) -> str:
    """Return why no cost is known: none is entered, or none can be converted."""
    currencies = sorted({r.effort.campaign.currency for r in results if r.effort.campaign.cost is not None})
    if currencies:
        return _("The costs are in {currencies}, for which there is no exchange rate.").format(
            currencies=listed(currencies)
        )
    return _("No campaign in the period has a cost.")


def _figures(data: SalesData, results: list[Result]) -> list[Figure]:
    total = sums(results)
    return [
        Figure(
            key="cost",
            label=_("Cost"),
            value=None if total.cost is None else data.money(total.cost),
            unit=MONEY,
            n=sum(r.effort.cost is not None for r in results),
            note="" if total.cost is not None else _no_cost(results),
            why=_("total cost of the {n} campaigns in the period that have a cost = {cost}").format(
                n=sum(r.effort.cost is not None for r in results), cost=f"{data.money(total.cost or 0):,}"
            ),
            omitted=_costs_left_out(results),
            opens=_campaigns(results),
            top=True,
        ),
        _audience(results),
        *(_responses(results, key, label, kind) for key, label, kind in _stages()),
        Figure(
            key="new_customers",
            label=_("New customers"),
            value=len({uid for r in results for uid in r.effort.new}),
            why=_(
                "{n} customers whose very first order belongs to a campaign and is not dated before its start"
            ).format(n=len({uid for r in results for uid in r.effort.new})),
            opens=customers({uid for r in results for uid in r.effort.new}),
        ),
        Figure(
            key="revenue",
            label=_("Revenue"),
            value=money(data, revenue(results)),
            unit=MONEY,
            n=len(results),
            note=""
            if revenue(results) is not None
            else _("No sale has a known amount with an exchange rate."),
            omitted=_sales_left_out(results),
            why=_(
                "orders minus returns that belong to a campaign and are not dated before its start = {revenue}"
            ).format(revenue=f"{data.money(revenue(results) or 0):,}"),
            opens=opens_transactions(results, *SIGN),
            top=True,
        ),
        *_ratios(data, results, total),
        _pooled(results),
        *_reach(results),
    ]


def _audience(results: list[Result]) -> Figure:
    return Figure(
        key="reached",
        label=_("Customers reached"),
        value=len({uid for r in results for uid in r.effort.reached}),
        why=_(
            "{n} customers in the audience of one of {campaigns} campaigns and not in its control group, each "
            "counted once"
        ).format(n=len({uid for r in results for uid in r.effort.reached}), campaigns=len(results)),
        opens=customers({uid for r in results for uid in r.effort.reached}),
    )


def _stages() -> tuple[tuple[str, str, str], ...]:
    return (
        ("enquiries", _("Enquiries"), "enquiry"),
        ("quotations", _("Quotations"), "quotation"),
        ("orders", _("Orders"), "order"),
    )


def opens_transactions(results: list[Result], *kinds: str) -> Opens:
    """Return the transactions of these types that name the campaigns."""
    return Opens("transactions", tuple(s.uid for r in results for s in r.effort.responses if s.type in kinds))


def _responses(results: list[Result], key: str, label: str, kind: str) -> Figure:
    return Figure(
        key=key,
        label=label,
        value=sum(len(r.effort.of(kind)) for r in results),
        unit=COUNT,
        why=_(
            "{n} transactions of this type belong to one of {campaigns} campaigns and are "
            "dated from its first day to the report date"
        ).format(n=sum(len(r.effort.of(kind)) for r in results), campaigns=len(results)),
        opens=opens_transactions(results, kind),
    )


def _ratios(data: SalesData, results: list[Result], total: Sums) -> list[Figure]:
    with_cost = [r for r in results if r.effort.cost is not None and r.effort.is_sale]
    reason = _nothing_to_divide(results, total)
    enquiries = _cost_per(
        data,
        "cpl",
        _("Cost per enquiry"),
        total,
        total.enquiries,
        reason or _("No enquiry is from a campaign."),
    )
    no_new = reason or _("No campaign won a new customer.")
    customer = _cost_per(data, "cac", _("Cost per new customer"), total, total.new, no_new)
    return [
        replace(enquiries, opens=opens_transactions(with_cost, "enquiry")),
        replace(customer, opens=customers({uid for r in with_cost for uid in r.effort.new})),
        Figure(
            key="romi",
            label=_("Campaign ROI"),
            value=romi(total),
            unit=SHARE,
            n=total.rated,
            note="" if romi(total) is not None else reason or _no_margin(with_cost, total),
            why=_(
                "(margin - cost) / cost = ({margin} - {cost}) / {cost}; margin is revenue minus "
                "cost of goods; sales without a known cost are assumed to have the margin of the "
                "others; notices and win-backs are excluded"
            ).format(margin=f"{data.money(total.margin or 0):,}", cost=f"{data.money(total.margin_cost):,}"),
            omitted="; ".join(filter(None, (_margins_left_out(with_cost), _sales_left_out(with_cost)))),
            opens=_campaigns(with_cost),
            top=True,
        ),
    ]


def _sales_left_out(results: list[Result]) -> str:
    count = sum(sale.amount is None for r in results for sale in r.effort.sales)
    return (
        plural(
            "{n} sale left out: no amount or no exchange rate",
            "{n} sales left out: no amount or no exchange rate",
            count,
        )
        if count
        else ""
    )


def _margins_left_out(results: list[Result]) -> str:
    count = sum(r.effort.margin is None for r in results)
    return (
        plural("{n} campaign left out: margin not known", "{n} campaigns left out: margin not known", count)
        if count
        else ""
    )


def _costs_left_out(results: list[Result]) -> str:
    no_rate = sum(r.effort.cost is None and r.effort.campaign.cost is not None for r in results)
    no_cost = sum(r.effort.campaign.cost is None for r in results)
    parts = (
        plural("{n} cost left out: no exchange rate", "{n} costs left out: no exchange rate", no_rate)
        if no_rate
        else "",
        plural("{n} campaign without a cost", "{n} campaigns without a cost", no_cost) if no_cost else "",
    )
    return "; ".join(filter(None, parts))


def romi(total: Sums) -> float | None:
    """Return the return on marketing investment; None if cost or margin is unknown or the cost is zero."""
    if total.margin is None or not total.margin_cost:
        return None
    return (total.margin - total.margin_cost) / total.margin_cost


def _nothing_to_divide(results: list[Result], total: Sums) -> str:
    """Return why there is no cost to divide; "" if there is."""
    if total.sale_cost is not None:
        return ""
    for_sales = [r for r in results if r.effort.is_sale]
    if results and not for_sales:
        return _(
            "No campaign in the period was a sales campaign: notices and win-backs are measured separately."
        )
    return _no_cost(for_sales)


def _no_margin(results: list[Result], total: Sums) -> str:
    """Return why there is no return on campaigns with a cost: the margin is unknown, or the cost is zero."""
    if not total.sale_cost:
        return _("The campaigns cost nothing.")
    sales = [sale for r in results for sale in r.effort.sales if r.effort.margin is None]
    if sales and all(sale.amount is None for sale in sales):
        return _("No sale has a known amount with an exchange rate.")
    if all(sale.margin is None for sale in sales):
        if any(sale.has_cost for sale in sales):
            return _("The cost of the goods sold has no exchange rate.")
        return _("The cost of the goods sold is not known.")
    return _("The sales with a known cost add up to zero, so their margin cannot be applied to the others.")


def _cost_per(data: SalesData, key: str, label: str, total: Sums, cases: int, reason: str) -> Figure:
    cost = total.sale_cost
    is_known = cost is not None and cases > 0
    return Figure(
        key=key,
        label=label,
        value=data.money((2 * (cost or 0) + cases) // (2 * cases)) if is_known else None,
        unit=MONEY,
        n=cases,
        note="" if is_known else reason,
        why=_("cost of sales campaigns / responses to campaigns with a known cost = {cost} / {n}").format(
            cost=f"{data.money(cost or 0):,}", n=cases
        ),
        top=key == "cac",
    )


def _controlled(results: list[Result]) -> list[Result]:
    """Return the sales campaigns with a control group to compare with."""
    return [r for r in results if r.effort.is_sale and not r.lift.observational and r.lift.compared]


def pooled(results: list[Result]) -> Standardised | None:
    """Pool the lift of all campaigns with a control group, with the campaigns as strata."""
    return mantel_haenszel(r.lift.stratum for r in _controlled(results))


def _pooled(results: list[Result]) -> Figure:
    controlled, lift = _controlled(results), pooled(results)
    difference = lift.difference if lift else None
    reached, controls = sum(r.lift.reached for r in controlled), sum(r.lift.others for r in controlled)
    return Figure(
        key="lift",
        label=_("Lift vs. control group"),
        value=difference.value if difference else None,
        unit=SHARE,
        n=reached + controls,
        low=difference.low if difference else None,
        high=difference.high if difference else None,
        note="" if difference else _("No sales campaign has a control group. See the comparisons below."),
        why=_lift_why(controlled, lift),
        opens=_campaigns(controlled),
        top=True,
    )


def _lift_why(controlled: list[Result], lift: Standardised | None) -> str:
    if lift is None:
        return _("share of the audience who ordered - share of the control group who did")
    numbers = {
        "first": lift.first,
        "second": lift.second,
        "k1": sum(r.lift.ordered for r in controlled),
        "n1": sum(r.lift.reached for r in controlled),
        "k0": sum(r.lift.others_ordered for r in controlled),
        "n0": sum(r.lift.others for r in controlled),
        "campaigns": len(controlled),
    }
    if len(controlled) == 1:
        return _(
            "share of the audience who ordered - share of the control group who did = {k1} / {n1} - {k0} / {n0} = "
            "{first:.1%} - {second:.1%}; interval by Newcombe (1998)"
        ).format(**numbers)
    return _(
        "share of the audience who ordered - share of the control group who did = {first:.1%} - {second:.1%}, pooled "
        "over {campaigns} campaigns by Mantel-Haenszel: weights n1 n0 / (n1 + n0), variance by Sato (1989); ordered in "
        "all: {k1} of {n1} and {k0} of {n0}"
    ).format(**numbers)


def _reach(results: list[Result]) -> tuple[Figure, Figure]:
    """Return the measures of notices and of win-backs."""
    return (
        _goal_figure(
            [r for r in results if r.effort.campaign.goal == "notice"],
            "notice.told",
            _("Customers notified"),
            _(
                "customers contacted during the campaign or its attribution window / customers in "
                "the audience = {k} / {n}"
            ),
            _("No notice in the period has an audience."),
        ),
        _goal_figure(
            [r for r in results if r.effort.campaign.goal == "win_back"],
            "win_back.won_back",
            _("Customers won back"),
            _("customers won back since the campaign began / lost customers in its audience = {k} / {n}"),
            _("No win-back in the period had an audience of customers who were lost when it began."),
        ),
    )


def _goal_figure(results: list[Result], key: str, label: str, why: str, reason: str) -> Figure:
    goals = [r.reach for r in results if r.reach]
    uids, n = [uid for goal in goals for uid in goal.achieved], sum(len(goal.audience) for goal in goals)
    band = wilson(len(uids), n)
    return Figure(
        key=key,
        label=label,
        value=len(uids) / n if n else None,
        unit=SHARE,
        k=len(uids),
        n=n,
        low=band.low if band else None,
        high=band.high if band else None,
        note="" if n else reason,
        why=why.format(k=len(uids), n=n),
        opens=customers(dict.fromkeys(uids)),
    )
