"""Generate the transactions of each customer, from enquiry to payment, according to its plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.service.demo import SAMPLE_DAY
from sample_data import texts
from sample_data.dice import Dice, ago, workday
from sample_data.stories import Plan

CENT = Decimal("0.01")
EUR_TO_USD = Decimal("1.10")  # a fixed rate, for the few customers invoiced in dollars
# Seasonal factor on demand by month: high before the winter holidays, low in summer.
_MONTHS = (1.12, 1.08, 0.98, 0.97, 0.98, 0.95, 0.84, 0.82, 1.02, 1.05, 1.08, 1.18)
_CHANNELS = {"phone": 5, "message": 3, "email": 2, "visit": 1}
_LATE = {"table": 0.08, "trade": 0.14}


@dataclass(frozen=True)
class Order:
    """An order with its lines."""

    on: date
    due: date  # promised delivery date
    lines: tuple[Transaction, ...]

    @property
    def amount(self) -> Decimal:
        """Return the sum of the lines."""
        return sum((line.amount or Decimal(0) for line in self.lines), Decimal(0))


class Book:
    """Generate the transactions of a customer."""

    def __init__(self, plan: Plan, customer: Customer, products: dict[str, Product]) -> None:
        self.plan = plan
        self.customer = customer
        self.products = products
        self.dice = Dice(f"dealings {plan.purpose}")
        self.rows: list[Transaction] = []
        self._serial = 0

    def filled(self) -> list[Transaction]:
        """Return all transactions since the first enquiry, in order of date."""
        if self.plan.story == "prospect":
            self._ask()
        else:
            self._begin()
            for day in self._order_days():
                self._deal(day)
            self._offer()
        return sorted(self.rows, key=lambda row: (str(row.on), row.number))

    def _ask(self) -> None:
        """Add a prospect's enquiry and, for companies, a quotation that is open, lost or undecided."""
        plan, dice = self.plan, self.dice
        code = dice.choice(plan.codes)
        self._add(workday(plan.start), "enquiry", product=self._ref(code), channel=dice.weighted(_CHANNELS))
        if plan.segment.kind == "person":
            return
        sent = plan.start + timedelta(days=dice.randrange(2, 9))
        old = sent < ago(75)
        outcome = dice.weighted({"lost": 6, "no_decision": 3}) if old else "open"
        if sent <= SAMPLE_DAY:
            self._quote(sent, code, outcome)

    def _begin(self) -> None:
        plan, dice = self.plan, self.dice
        if plan.story != "new" and (plan.start < ago(1000) or not dice.chance(0.6)):
            return
        before = (16, 40) if plan.segment.trade else (3, 15)  # a quotation follows before the first order
        first = workday(plan.start - timedelta(days=dice.randrange(*before)))
        campaign = self.customer.source if " " in self.customer.source.replace("trade fair", "") else ""
        self._add(first, "enquiry", product=self._ref(plan.codes[0]), campaign=Ref(name=campaign))

    def _order_days(self) -> Iterator[date]:
        plan, dice = self.plan, self.dice
        day, once = plan.start, plan.story in ("once", "lost_once")
        while day <= plan.end:
            if plan.away and plan.away[0] < day < plan.away[1]:
                day = plan.away[1]
            yield workday(day)
            if once:
                return
            season = 1 if plan.household else (1 + _MONTHS[day.month - 1]) / 2
            slow = 1.35 if plan.story == "fading" and day > plan.end - timedelta(days=plan.gap * 4) else 1
            day += timedelta(days=max(3, round(dice.about(plan.gap, plan.gap * 0.2) * slow / season)))

    def _deal(self, day: date) -> None:
        if day > SAMPLE_DAY:
            return
        plan, dice = self.plan, self.dice
        code = plan.codes[0] if plan.household else dice.choice(plan.codes)
        first = plan.story == "new" and not any(row.type == "order" for row in self.rows)
        if plan.segment.trade and (first or dice.chance(0.36)):
            self._won_quotation(day, code)
        elif plan.segment.trade and dice.chance(0.3):
            self._quote(day - timedelta(days=dice.randrange(9, 30)), dice.choice(plan.codes), "lost")
        order = self._order(day, code)
        if plan.segment.kind == "organisation" and (plan.segment.trade or day > ago(200)):
            self._deliver(order)
        if plan.segment.trade:
            self._invoice(order)
        if dice.chance(0.02):
            self._give_back(order)

    def _offer(self) -> None:
        """Add an open quotation for some of the better companies."""
        plan, dice = self.plan, self.dice
        if plan.segment.trade and plan.story in ("growing", "steady") and dice.chance(0.75):
            goods = [code for code in plan.segment.codes if not code.startswith("S")]
            self._quote(ago(dice.randrange(2, 40)), dice.choice(goods), "open")

    def _won_quotation(self, day: date, code: str) -> None:
        self._quote(day - timedelta(days=self.dice.randrange(4, 15)), code, "won")

    def _quote(self, on: date, code: str, outcome: str) -> None:
        dice, on = self.dice, workday(on)
        line = self._line(on, "quotation", code, self._quantity(on, code))
        expected = workday(on + timedelta(days=dice.randrange(14, 60)))
        if outcome == "open" and expected < ago(-8) and not dice.chance(0.2):
            expected = workday(ago(-dice.randrange(9, 55)))  # only a few decisions are overdue
        rival = outcome == "lost" and dice.chance(0.8)
        self.rows.append(
            line.with_values(
                number=self._number("Q"),
                cost=None,
                expected_on=expected,
                likelihood=Decimal(dice.choice((20, 40, 50, 60, 75, 90))) / 100
                if outcome == "open"
                else None,
                outcome=outcome,
                lost_to=dice.choice(texts.COMPETITORS) if rival else "",
                reason=dice.choice(texts.LOST_QUOTE) if outcome == "lost" else "",
            )
        )

    def _order(self, day: date, code: str) -> Order:
        plan, dice = self.plan, self.dice
        number = self._number("O")
        due = workday(day + timedelta(days=dice.randrange(4, 12) if plan.segment.trade else 2))
        fields: dict[str, Any] = {"number": number}
        if plan.segment.kind == "organisation":
            fields["due_on"] = due
        if dice.chance(0.3):
            fields["channel"] = dice.weighted(_CHANNELS)
        lines = [self._line(day, "order", code, self._quantity(day, code)).with_values(**fields)]
        second = [other for other in plan.codes if other != code]
        if second and not plan.household and dice.chance(0.16):
            other = dice.choice(second)
            lines.append(self._line(day, "order", other, self._quantity(day, other)).with_values(**fields))
        self.rows += lines
        return Order(day, due, tuple(lines))

    def _deliver(self, order: Order) -> None:
        dice = self.dice
        late = dice.chance(_LATE[self.plan.segment.key.partition("_")[0]])
        on = workday(order.due + timedelta(days=dice.randrange(2, 12))) if late else order.due
        for line in order.lines:
            if on <= SAMPLE_DAY and line.unit != "hour":
                fields = {"product": line.product, "quantity": line.quantity, "unit": line.unit}
                self._add(on, "delivery", line.number, **fields)

    def _invoice(self, order: Order) -> None:
        dice = self.dice
        on = workday(order.due + timedelta(days=1))
        days = int(self.customer.payment_terms.partition(" ")[2])
        if on > SAMPLE_DAY:
            return
        number, due = self._number("I"), on + timedelta(days=days)
        money = {"amount": order.amount, "currency": self.plan.segment.currency}
        self._add(on, "invoice", number, due_on=due, terms=self.customer.payment_terms, **money)
        slow = dice.chance(0.15)
        paid = due + timedelta(days=dice.randrange(5, 45) if slow else dice.randrange(-12, 3))
        paid = workday(max(paid, on + timedelta(days=1)))
        forgotten = due > ago(75) and dice.chance(0.2)
        if paid <= SAMPLE_DAY and not forgotten:
            part = Decimal("0.5") if due > ago(60) and dice.chance(0.15) else Decimal(1)
            money["amount"] = (order.amount * part).quantize(CENT, ROUND_HALF_UP)
            self._add(paid, "payment", number, **money)

    def _give_back(self, order: Order) -> None:
        line = order.lines[0]
        on = workday(order.due + timedelta(days=self.dice.randrange(2, 14)))
        if on > SAMPLE_DAY or line.quantity is None or line.unit == "hour":
            return
        fewer = max(Decimal(1), (line.quantity / 4).to_integral_value())
        whole = line.quantity <= 2
        back = line.with_values(
            uid=self.dice.uid(), on=on, type="return", quantity=line.quantity if whole else fewer,
            due_on=None, channel="", amount=None, note=self.dice.choice(("broken grains", "wrong sort", "torn bag")),
        )  # fmt: skip
        share = (back.quantity or Decimal(1)) / line.quantity
        self.rows.append(
            back.with_values(amount=_amount(back), cost=((line.cost or Decimal(0)) * share).quantize(CENT))
        )

    def _line(self, on: date, type_: str, code: str, quantity: Decimal) -> Transaction:
        product = self.products[code]
        price, cost = self._prices(product, on)
        line = Transaction(
            uid=self.dice.uid(),
            customer=Ref(uid=self.customer.uid),
            on=on,
            type=type_,
            product=Ref(uid=product.uid),
            category=product.category,
            quantity=quantity,
            unit=product.unit,
            unit_price=price,
            discount=self._discount(quantity),
            currency=self.plan.segment.currency,
            cost=(quantity * cost).quantize(CENT),
        )
        return line.with_values(amount=_amount(line))

    def _prices(self, product: Product, on: date) -> tuple[Decimal, Decimal]:
        """Return the unit price and unit cost on a day: both rose by about 3 % a year."""
        year = Decimal((SAMPLE_DAY - on).days // 365)
        rate = (1 - Decimal("0.03") * year) * (EUR_TO_USD if self.plan.segment.currency == "USD" else 1)
        price, cost = product.usual_price or Decimal(0), product.cost or Decimal(0)
        return (price * rate).quantize(Decimal("0.1"), ROUND_HALF_UP), (cost * rate).quantize(CENT)

    def _discount(self, quantity: Decimal) -> Decimal | None:
        generous = self.plan.segment.trade and quantity >= 25
        return Decimal(self.dice.choice((5, 5, 8, 10))) / 100 if generous and self.dice.chance(0.5) else None

    def _quantity(self, on: date, code: str) -> Decimal:
        plan, dice = self.plan, self.dice
        if plan.household:
            return self._jarful()
        if code.startswith("K"):
            return Decimal(dice.weighted({1: 5, 2: 2, 3: 1}))
        if code.startswith("S"):
            return Decimal(dice.randrange(2, 9))
        low, high = plan.segment.quantity
        usual = low + (high - low) * (plan.number * 7 % 10) / 9  # differs by customer, constant over time
        season = _MONTHS[on.month - 1] if high > 4 else 1
        return Decimal(max(1, round(dice.about(usual, usual * 0.3) * self._grown(on) * season)))

    def _jarful(self) -> Decimal:
        """Return the quantity that refills the jar, to the half kilogram: about the use since the last delivery."""
        home = self.plan.household
        assert home is not None
        kilograms = min(self.dice.about(self.plan.gap * home.daily, home.daily * 2), home.jar)
        return Decimal(round(kilograms * 2)) / 2

    def _grown(self, on: date) -> float:
        first, now = self.plan.growth
        return now - (now - first) * min(1.0, (SAMPLE_DAY - on).days / 1095)

    def _add(self, on: date, type_: str, number: str = "", **fields: Any) -> None:
        customer = Ref(uid=self.customer.uid)
        self.rows.append(
            Transaction(uid=self.dice.uid(), customer=customer, on=on, type=type_, number=number, **fields)
        )

    def _ref(self, code: str) -> Ref:
        return Ref(uid=self.products[code].uid)

    def _number(self, letter: str) -> str:
        """Return a unique number: letter, last digits of the customer's code, serial number."""
        self._serial += 1
        return f"{letter}{self.customer.code[-3:]}-{self._serial:03d}"


def _amount(line: Transaction) -> Decimal:
    """Return quantity times price less discount, rounded half up to the cent, without the program's own rounding."""
    whole = (line.quantity or 0) * (line.unit_price or Decimal(0)) * (1 - (line.discount or 0))
    return whole.quantize(CENT, ROUND_HALF_UP)
