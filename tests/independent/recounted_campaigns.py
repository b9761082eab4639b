"""Recalculate campaigns and their responses from the definitions in the manual.

A transaction that names a campaign is a response unless it is dated before the campaign. A campaign without a goal
is a sales campaign; without a last day, it lasts a day.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tests.independent.ledger import ZERO, Dealing, Ledger, Period, Row, day_of, number_of
from tests.independent.stays import stays


@dataclass
class Sale:
    """An order or return that names a campaign, with its revenue and margin, each None if unknown."""

    dealing: Dealing
    revenue: Decimal | None
    margin: Decimal | None


@dataclass
class Effort:
    """A campaign of the period."""

    row: Row
    start: date
    last: date
    cost: Decimal | None
    reached: set[str]
    held: set[str]
    responses: list[Dealing] = field(default_factory=list)
    early: int = 0
    sales: list[Sale] = field(default_factory=list)
    new: set[str] = field(default_factory=set)

    @property
    def is_sale(self) -> bool:
        """Whether it is a sales campaign."""
        return self.row["goal"] in ("", "sell")

    def of(self, kind: str) -> list[Dealing]:
        """Return the responses of a type, without negative orders."""
        return [each for each in self.responses if each.type == kind and (kind != "order" or each.is_order)]

    @property
    def revenue(self) -> Decimal | None:
        """Return orders minus returns; None if there are sales but no known amounts."""
        known = [sale.revenue for sale in self.sales if sale.revenue is not None]
        return sum(known, ZERO) if known or not self.sales else None

    @property
    def margin(self) -> Decimal | None:
        """Return the margin, extrapolated to sales with unknown costs."""
        if not self.sales:
            return ZERO
        known = [sale for sale in self.sales if sale.margin is not None]
        whole = sum((sale.revenue or ZERO for sale in known), ZERO)
        if not whole:
            return None
        return sum((sale.margin or ZERO for sale in known), ZERO) * (self.revenue or ZERO) / whole


def efforts(ledger: Ledger, period: Period) -> list[Effort]:
    """Return the campaigns that ran in the period, the latest first."""
    since = {stay.code: stay.start for stay in stays(ledger, period.as_of, with_wrong_dates=True)}
    first = {code: days[0] for code, days in ledger.purchase_days(period.as_of).items()}
    found = []
    for row in ledger.tables["campaigns"]:
        start, last = day_of(row["start"]), day_of(row["end"] or row["start"])
        assert start
        assert last
        if start <= period.last and last >= period.first:
            effort = _effort(ledger, row, start, last, period.as_of)
            buyers = {each.customer for each in effort.of("order") if each.on == first[each.customer]}
            effort.new = {code for code in buyers if since[code] >= start}
            found.append(effort)
    return sorted(found, key=lambda effort: (effort.start, effort.row["id"]), reverse=True)


def _effort(ledger: Ledger, row: Row, start: date, last: date, as_of: date) -> Effort:
    cost, money = number_of(row["cost"]), ledger.money
    if cost is not None:
        cost = money.at_home(cost, row["currency"] or ledger.named_home, start)
    held = _codes(row["held_back"])
    effort = Effort(row, start, last, cost, _codes(row["audience"]) - held, held)
    for each in ledger.dealings:
        if each.row["campaign.name"] == row["name"] and each.on <= as_of:
            if each.on < start:
                effort.early += 1
            else:
                effort.responses.append(each)
    effort.responses.sort(key=lambda each: (each.on, each.row["id"]))
    effort.sales = [_sale(ledger, each) for each in effort.responses if each.is_sale]
    return effort


def _codes(cell: str) -> set[str]:
    return {code.strip() for code in cell.split(";") if code.strip()}


def _sale(ledger: Ledger, dealing: Dealing) -> Sale:
    cost = _cost(ledger, dealing)
    margin = None
    if dealing.home is not None and cost is not None:
        margin = abs(dealing.home) - (abs(cost) if dealing.is_return else cost)
        margin = -margin if dealing.is_return else margin
    return Sale(dealing, dealing.revenue, margin)


def _cost(ledger: Ledger, dealing: Dealing) -> Decimal | None:
    """Return the cost of the goods: the transaction's or, failing that, quantity times the product's cost, rounded."""
    money, written = ledger.money, number_of(dealing.row["cost"])
    if written is not None:
        return money.at_home(written, dealing.currency, dealing.on)
    product, quantity = (
        ledger.products.get(dealing.row["product.code"], {}),
        number_of(dealing.row["quantity"]),
    )
    if quantity is None or not product.get("cost"):
        return None
    currency = product["currency"] or dealing.currency
    return money.at_home(money.rounded(Decimal(product["cost"]) * quantity, currency), currency, dealing.on)
