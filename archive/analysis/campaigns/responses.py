"""Campaign responses: the transactions that name a campaign, with revenue and margin."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from archive.analysis.common.customers import customers_since
from archive.analysis.dataset import SalesData
from archive.analysis.money import digits, half_up, to_minor
from archive.analysis.request import ReportRequest
from archive.model.records.campaign import Campaign
from archive.model.summary import SIGN
from archive.text import fold

SELL = ("", "sell")  # goals measured by sales; a campaign without a goal is a sales campaign


class Response(NamedTuple):
    """A transaction that names a campaign. Money is in minor units of the data's currency, None if unknown."""

    uid: str
    customer: str
    day: int
    type: str
    amount: int | None
    margin: int | None
    has_cost: bool = False  # whether the cost of goods is known, even if it has no rate


class Effort(NamedTuple):
    """A campaign with its responses up to the as-of date. `cost` is None if unknown or without a rate.

    `early` are transactions that name it but precede its first day; they are not responses.
    """

    campaign: Campaign
    cost: int | None
    reached: frozenset[str]
    held_back: frozenset[str]
    responses: tuple[Response, ...]
    new: frozenset[str]  # customers whose first order ever names the campaign
    early: tuple[Response, ...] = ()

    @property
    def is_sale(self) -> bool:
        """Whether it is measured by sales; a notice and a win-back have their own measures."""
        return self.campaign.goal in SELL

    def of(self, kind: str) -> list[Response]:
        """Return the responses of a transaction type."""
        return [response for response in self.responses if response.type == kind]

    @property
    def start(self) -> int:
        """Its first day, as an ordinal."""
        return (self.campaign.start or date.min).toordinal()

    @property
    def last(self) -> int:
        """Its last day as an ordinal, or its first day if it has no last."""
        return self.campaign.end.toordinal() if self.campaign.end else self.start

    @property
    def sales(self) -> list[Response]:
        """The orders and returns that name the campaign."""
        return [response for response in self.responses if response.type in SIGN]

    @property
    def revenue(self) -> int | None:
        """Orders minus returns that name the campaign; None if there are some, but no amount is known."""
        amounts = [SIGN[r.type] * r.amount for r in self.sales if r.amount is not None]
        return sum(amounts) if amounts or not self.sales else None

    @property
    def margin(self) -> int | None:
        """Revenue minus cost of goods; None if no sale has a known margin.

        Sales with an unknown cost are assumed to have the average margin of the others.
        """
        margins_and_amounts = [
            (SIGN[r.type] * r.margin, SIGN[r.type] * (r.amount or 0))
            for r in self.sales
            if r.margin is not None
        ]
        revenue = sum(amount for _margin, amount in margins_and_amounts)
        if not self.sales:
            return 0
        total_revenue = self.revenue or 0
        margins = sum(margin for margin, _amount in margins_and_amounts)
        return half_up(Decimal(margins * total_revenue) / revenue) if revenue else None


def efforts(data: SalesData, request: ReportRequest) -> list[Effort]:
    """Return the campaigns that ran in the period, latest first, with their responses up to the as-of date."""
    campaigns = [
        c
        for c in data.records(Campaign)
        if c.start and c.start <= request.end and (c.end or c.start) >= request.start
    ]
    responses = _responses(data, request.as_of)
    names = {fold(campaign.name): campaign.uid for campaign in campaigns}
    by_name: defaultdict[str, list[Response]] = defaultdict(list)
    for name, of_campaign in responses.items():
        by_name[names.get(name, name)] += of_campaign
    with_responses = [_effort(data, campaign, by_name[campaign.uid]) for campaign in campaigns]
    since = customers_since(data, request.as_of)  # older customers are not new
    with_responses = [
        e._replace(new=frozenset(uid for uid in e.new if since.get(uid, 0) >= e.start))
        for e in with_responses
    ]
    return sorted(with_responses, key=lambda e: (e.campaign.start or date.min, e.campaign.uid), reverse=True)


def _effort(data: SalesData, campaign: Campaign, responses: list[Response]) -> Effort:
    held_back = frozenset(ref.uid for ref in campaign.held_back if ref.uid)
    start = (campaign.start or date.min).toordinal()
    early = tuple(r for r in responses if r.day < start)
    responses = [r for r in responses if r.day >= start]
    orders = sorted((r for r in responses if r.type == "order"), key=lambda r: r.day)
    return Effort(
        campaign=campaign,
        cost=data.amount(campaign.cost, campaign.currency, campaign.start or date.min),
        reached=frozenset(ref.uid for ref in campaign.audience if ref.uid) - held_back,
        held_back=held_back,
        responses=tuple(sorted(responses, key=lambda r: (r.day, r.uid))),
        new=frozenset(r.customer for r in orders if data.history(r.customer).events[:1] == (r.day,)),
        early=early,
    )


def _responses(data: SalesData, as_of: date) -> dict[str, list[Response]]:
    """Return the transactions that name a campaign, by its uid or by its folded name."""
    d = data.transactions
    campaigns, costs, products, quantities = data.columns(
        "transactions", "campaign", "cost", "product", "quantity"
    )
    unit_costs = _unit_costs(data)
    last = as_of.toordinal()
    by_campaign: defaultdict[str, list[Response]] = defaultdict(list)
    for position, campaign in enumerate(campaigns):
        if campaign is None or d.day[position] > last:
            continue
        amount, currency, day = d.amount[position], d.currency[position], d.day[position]
        amount_in_currency = None if amount is None else data.minor(amount, currency, day)
        cost = (
            _of_product(products[position], quantities[position], unit_costs, currency)
            if costs[position] is None
            else (to_minor(costs[position], currency), currency)
        )
        if cost is not None and d.type[position] == "return":
            cost = abs(cost[0]), cost[1]  # like the amount, it counts as negative whichever sign was entered
        cost_of_goods = None if cost is None else data.minor(*cost, day)
        margin = (
            None
            if amount_in_currency is None or cost_of_goods is None
            else amount_in_currency - cost_of_goods
        )
        key = campaign if isinstance(campaign, str) else fold(campaign.get("name", ""))
        by_campaign[key].append(
            Response(
                d.uid[position],
                d.customer[position],
                day,
                d.type[position],
                amount_in_currency,
                margin,
                cost is not None,
            )
        )
    return by_campaign


def _unit_costs(data: SalesData) -> dict[str, tuple[Decimal, str]]:
    """Return the unit cost of each product, with the currency of its record."""
    currencies = data.values("products", "currency")
    return {
        uid: (Decimal(cost), currencies.get(uid, "")) for uid, cost in data.values("products", "cost").items()
    }


def _of_product(
    product: Any, quantity: Any, unit_costs: dict[str, tuple[Decimal, str]], currency: str
) -> tuple[int, str] | None:
    """Return the cost of goods of a sale in minor units, and its currency; None if unknown.

    The cost is in the product's currency, or in that of the sale if the product has none. It is rounded after the
    multiplication: 1,000 pieces at 0.004 cost 4.00, not 0.
    """
    if quantity is None or not isinstance(product, str) or product not in unit_costs:
        return None
    unit_cost, cost_currency = unit_costs[product]
    cost = unit_cost * Decimal(quantity)
    cost_currency = cost_currency or currency
    return int(cost.scaleb(digits(cost_currency)).to_integral_value(ROUND_HALF_UP)), cost_currency
