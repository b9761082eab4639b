"""What came of each campaign: the dealings that name it, and what they brought."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from archive.analysis.book import Book
from archive.analysis.money import to_minor
from archive.analysis.parts.customers import customers_since
from archive.analysis.question import Ask
from archive.model.campaign import Campaign
from archive.model.summary import SIGN
from archive.text import fold


class Response(NamedTuple):
    """A dealing that names a campaign. Money is in minor units of the book's currency, None where it is not known."""

    uid: str
    customer: str
    day: int
    type: str
    amount: int | None
    margin: int | None


class Effort(NamedTuple):
    """A campaign and what came of it until the day of the question. `cost` None: not known."""

    campaign: Campaign
    cost: int | None
    reached: frozenset[str]
    held_back: frozenset[str]
    responses: tuple[Response, ...]
    new: frozenset[str]  # customers whose first order ever names the campaign

    def of(self, kind: str) -> list[Response]:
        """The responses of a type."""
        return [response for response in self.responses if response.type == kind]

    @property
    def start(self) -> int:
        """Its first day, as an ordinal."""
        return (self.campaign.start or date.min).toordinal()

    @property
    def last(self) -> int:
        """Its last day, as an ordinal; its first where it has none."""
        return self.campaign.end.toordinal() if self.campaign.end else self.start

    @property
    def sales(self) -> list[Response]:
        """The orders and returns that name the campaign."""
        return [response for response in self.responses if response.type in SIGN]

    @property
    def revenue(self) -> int | None:
        """Orders minus returns that name the campaign; None where there are some, but the amount of none is known."""
        known = [SIGN[r.type] * r.amount for r in self.sales if r.amount is not None]
        return sum(known) if known or not self.sales else None

    @property
    def margin(self) -> int | None:
        """Revenue less the cost of what was sold; None where that is known of no sale.

        Sales whose cost is not known are taken to have the margin of the others.
        """
        known = [
            (SIGN[r.type] * r.margin, SIGN[r.type] * (r.amount or 0))
            for r in self.sales
            if r.margin is not None
        ]
        revenue = sum(amount for _margin, amount in known)
        if not self.sales:
            return 0
        whole = self.revenue or 0
        return round(sum(margin for margin, _amount in known) / revenue * whole) if revenue else None


def efforts(book: Book, ask: Ask) -> list[Effort]:
    """The campaigns that ran in the period, the latest first, with all that named them until the day asked for."""
    running = [
        c
        for c in book.records(Campaign)
        if c.start and c.start <= ask.end and (c.end or c.start) >= ask.start
    ]
    responses = _responses(book, ask.as_of)
    names = {fold(campaign.name): campaign.uid for campaign in running}
    by_name: defaultdict[str, list[Response]] = defaultdict(list)
    for name, found in responses.items():
        by_name[names.get(name, name)] += found
    made = [_effort(book, campaign, by_name[campaign.uid]) for campaign in running]
    since = customers_since(book, ask.as_of)  # a customer of longer standing is not new with the first order
    made = [e._replace(new=frozenset(uid for uid in e.new if since.get(uid, 0) >= e.start)) for e in made]
    return sorted(made, key=lambda e: (e.campaign.start or date.min, e.campaign.uid), reverse=True)


def _effort(book: Book, campaign: Campaign, responses: list[Response]) -> Effort:
    held_back = frozenset(ref.uid for ref in campaign.held_back if ref.uid)
    orders = sorted((r for r in responses if r.type == "order"), key=lambda r: r.day)
    return Effort(
        campaign=campaign,
        cost=book.amount(campaign.cost, campaign.currency, campaign.start or date.min),
        reached=frozenset(ref.uid for ref in campaign.audience if ref.uid) - held_back,
        held_back=held_back,
        responses=tuple(sorted(responses, key=lambda r: (r.day, r.uid))),
        new=frozenset(r.customer for r in orders if book.history(r.customer).events[:1] == (r.day,)),
    )


def _responses(book: Book, as_of: date) -> dict[str, list[Response]]:
    """The dealings that name a campaign, by its uid or by its folded name."""
    d = book.dealings
    named, costs, products, quantities = book.columns(
        "transactions", "campaign", "cost", "product", "quantity"
    )
    unit_costs = book.values("products", "cost")
    last = as_of.toordinal()
    found: defaultdict[str, list[Response]] = defaultdict(list)
    for place, campaign in enumerate(named):
        if campaign is None or d.day[place] > last:
            continue
        amount, currency, day = d.amount[place], d.currency[place], d.day[place]
        known = None if amount is None else book.minor(amount, currency, day)
        cost = _cost(costs[place], products[place], quantities[place], unit_costs, currency)
        of_goods = None if cost is None else book.minor(cost, currency, day)
        margin = None if known is None or of_goods is None else known - of_goods
        key = campaign if isinstance(campaign, str) else fold(campaign.get("name", ""))
        found[key].append(Response(d.uid[place], d.customer[place], day, d.type[place], known, margin))
    return found


def _cost(kept: Any, product: Any, quantity: Any, unit_costs: dict[str, str], currency: str) -> int | None:
    """What was sold cost, in minor units: as it was entered, else the product's cost times the quantity."""
    if kept is not None:
        return to_minor(kept, currency)
    if quantity is None or not isinstance(product, str) or product not in unit_costs:
        return None
    return round(to_minor(unit_costs[product], currency) * float(quantity))
