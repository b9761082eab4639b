"""Generate contracts with companies: call-offs linked to their deliveries, service visits and customer duties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from archive.model.field_types.base import Ref
from archive.model.field_types.duration import Span
from archive.model.records.contract import Contract, Delivery, Term, numbered
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.service.demo import SAMPLE_DAY
from sample_data.cast import Actor, round_to
from sample_data.dice import Dice, ago, workday

MONTHS = {n: Span(months=n) for n in (1, 2, 3)}
# Start, end and notice period, chosen so that notice deadlines fall around SAMPLE_DAY and in the months after it.
_PERIODS = (
    (date(2026, 1, 1), date(2026, 12, 31), Span(days=42)),
    (date(2026, 1, 1), date(2026, 12, 31), Span(days=30)),
    (date(2026, 2, 1), date(2027, 1, 31), MONTHS[2]),
    (date(2026, 3, 1), date(2027, 2, 28), MONTHS[3]),
    (date(2026, 4, 1), date(2027, 3, 31), MONTHS[3]),
    (date(2025, 12, 1), date(2027, 5, 31), MONTHS[3]),
    (date(2025, 1, 1), date(2026, 12, 31), MONTHS[1]),
)
_TO_BE_SIGNED = (date(2026, 11, 16), date(2027, 11, 15), MONTHS[2])
_YEAR_BEFORE = (date(2025, 1, 1), date(2025, 12, 31), Span(days=30))
_TITLES = (
    ("Rice supply and service", "大米供应与服务"),
    ("Annual supply agreement", "年度供货协议"),
    ("Kitchen supplies and service", "厨房用品与服务"),
)
_MOST_CALL_OFFS = 5  # so that a contract has at most 12 terms, which CSV files write in columns of their own


@dataclass
class Agreed:
    """Hold the contracts, and map a transaction's uid to the contract and the term it belongs to."""

    contracts: list[Contract] = field(default_factory=list)
    ties: dict[str, tuple[str, str]] = field(default_factory=dict)

    def tied(self, dealings: Iterable[Transaction]) -> list[Transaction]:
        """Return the transactions, linked to their contracts and terms."""
        return [self._tied(dealing) for dealing in dealings]

    def _tied(self, dealing: Transaction) -> Transaction:
        contract, term = self.ties.get(dealing.uid, ("", ""))
        return dealing.with_values(contract=Ref(contract), term=term) if contract else dealing


def agreed(actors: Iterable[Actor], products: dict[str, Product]) -> Agreed:
    """Return the contracts of customers in trade segments."""
    found = Agreed()
    names = {product.uid: product.name for product in products.values()}
    for actor in actors:
        if actor.plan.segment.trade:
            _with(found, actor, names)
    return found


def _with(found: Agreed, actor: Actor, names: dict[str, str]) -> None:
    dice, story = Dice(f"contracts {actor.plan.purpose}"), actor.plan.story
    before = actor.plan.start < date(2025, 2, 1) and dice.chance(0.55)
    if before and (not actor.plan.lost_on or actor.plan.lost_on > _YEAR_BEFORE[1]):
        _Writer(dice, actor, names, found, _YEAR_BEFORE).write()
    share = {"steady": 0.85, "growing": 1.0, "new": 0.5, "fading": 0.8, "lost": 0.6, "back": 0.5}[story]
    if not dice.chance(share):
        return
    period = dice.choice(_PERIODS[:-1] if before else _PERIODS)
    if story == "new":
        period = _TO_BE_SIGNED
    if not actor.plan.lost_on or story == "back" or actor.plan.lost_on > period[0]:
        _Writer(dice, actor, names, found, period).write()


class _Writer:
    """Write a contract."""

    def __init__(
        self,
        dice: Dice,
        actor: Actor,
        names: dict[str, str],
        found: Agreed,
        period: tuple[date, date, Span],
    ) -> None:
        self.dice, self.actor, self.names, self.found = dice, actor, names, found
        self.start, self.end, self.notice = period
        self.uid = dice.uid()
        self.terms: list[Term] = []
        self.pending: list[tuple[int, list[Transaction]]] = []  # index of a term, and its transactions
        lost = actor.plan.lost_on if actor.plan.story == "lost" else None
        self.cancelled = lost if lost and lost < self.end else None

    def write(self) -> None:
        """Add the contract with its terms, and link the transactions of its period to them."""
        dice, actor = self.dice, self.actor
        unsigned = actor.plan.story == "new"
        if not unsigned:
            self._rice()
        self._visits()
        self._theirs()
        self._loans()
        terms = numbered(self.terms)
        for place, dealings in self.pending:
            for dealing in dealings:
                self.found.ties[dealing.uid] = (self.uid, terms[place].key)
        signee = actor.staff[0].full_name if actor.staff else ""
        self.found.contracts.append(
            Contract(
                uid=self.uid,
                number=f"K-{self.start.year}-{len(self.found.contracts) + 1:03d}",
                customer=Ref(uid=actor.customer.uid),
                title=actor.say(*_TITLES[len(self.found.contracts) % len(_TITLES)]),
                start=self.start,
                end=self.end,
                signed_on=None if unsigned else workday(self.start - timedelta(days=dice.randrange(5, 30))),
                signee="" if unsigned else signee,
                value=round_to(self._value(), 100),
                currency=actor.plan.segment.currency,
                cancelled_on=self.cancelled,
                renews=self.end.year > 2025 and not unsigned and dice.chance(0.45),
                notice_period=self.notice,
                terms_text=actor.say(
                    "List prices, reviewed every quarter. Free delivery within a week of the order.",
                    "价格按目录，每季度复核。接单后一周内送货上门。",
                ),
                terms=terms,
            )
        )

    def _value(self) -> Decimal:
        """Extrapolate the sales so far to the whole period, and add 10 %; at least 1,500."""
        days = Decimal((min(self.end, SAMPLE_DAY) - self.start).days + 1)
        sold = self.actor.sold("", self.start, min(self.end, SAMPLE_DAY))
        return max(Decimal(1500), sold * (self.end - self.start).days / days * Decimal("1.1"))

    def _add(self, dealings: Iterable[Transaction] = (), **values: Any) -> None:
        self.terms.append(Term(**values))
        self.pending.append((len(self.terms) - 1, list(dealings)))

    # Ours

    def _rice(self) -> None:
        """Add either a quantity for the whole period, or call-offs with a due date each."""
        last = min(self.end, self.cancelled or self.end, SAMPLE_DAY)
        orders = [order for order in self.actor.of_type("order", self.start, last) if order.unit == "bag"]
        if not orders:
            return
        if self.dice.chance(0.3):
            self._frame(orders)
            return
        for order in orders[-_MOST_CALL_OFFS:]:
            self._call_off(order)
        if not self.cancelled and self.end > SAMPLE_DAY and self.dice.chance(0.5):
            self._call_to_come(orders[-1])

    def _deliveries_of(self, order: Transaction) -> list[Transaction]:
        return [
            dealing
            for dealing in self.actor.dealings
            if dealing.type == "delivery"
            and dealing.number == order.number
            and dealing.product == order.product
        ]

    def _frame(self, orders: list[Transaction]) -> None:
        product = max({o.product for o in orders}, key=lambda ref: (self._ordered(orders, ref), ref.uid))
        of_it = [order for order in orders if order.product == product]
        days = Decimal((min(self.end, SAMPLE_DAY) - self.start).days + 1)
        rate = self._ordered(orders, product) / days * ((self.end - self.start).days + 1)
        wanted = round_to(rate * Decimal(self.dice.choice((80, 90, 95, 105, 115))) / 100, 10)
        self._add(
            [delivery for order in of_it for delivery in self._deliveries_of(order)],
            requirement=self.actor.say(
                f"Delivery over the term: {self._name(product)}", f"合同期内供货：{self._name(product)}"
            ),
            duty="ours",
            due_on=self.end,
            quantity=max(wanted, Decimal(10)),
            unit="bag",
            weight=Decimal(3),
        )

    def _ordered(self, orders: list[Transaction], product: Ref) -> Decimal:
        return sum((order.quantity or Decimal(0) for order in orders if order.product == product), Decimal(0))

    def _name(self, product: Ref) -> str:
        return self.names[product.uid]

    def _call_off(self, order: Transaction) -> None:
        quantity = order.quantity or Decimal(1)
        old = self.end > SAMPLE_DAY and order.on is not None and order.on < ago(75)
        short = (
            self.dice.chance(0.05) and not old
        )  # less was delivered than agreed, and the rest is still due
        self._add(
            [order, *self._deliveries_of(order)],
            requirement=self.actor.say(
                f"Call-off {order.number}: {self._name(order.product)}",
                f"订单 {order.number}：{self._name(order.product)}",
            ),
            duty="ours",
            due_on=order.due_on,
            quantity=quantity + (max(Decimal(2), round_to(quantity / 4, 1)) if short else 0),
            unit="bag",
            amount=order.amount,
            weight=Decimal(2),
        )

    def _call_to_come(self, last: Transaction) -> None:
        late = self.dice.chance(0.2)
        due = workday(ago(self.dice.randrange(2, 10) if late else -self.dice.randrange(8, 50)))
        if due <= self.end:
            self._add(
                requirement=self.actor.say(
                    f"Next call-off: {self._name(last.product)}", f"下一批：{self._name(last.product)}"
                ),
                duty="ours",
                due_on=due,
                quantity=last.quantity,
                unit="bag",
                amount=last.amount,
                weight=Decimal(2),
            )

    def _visits(self) -> None:
        """Add quarterly or half-yearly service visits: most on time, some late, a few never made."""
        dice = self.dice
        often, rarely = 91, 182
        step = dice.choice((often, rarely)) if (self.end - self.start).days < 400 else rarely
        due = self.start + timedelta(days=step)
        while due <= self.end:
            day = workday(due)
            done = self._done(day, 0.68, 0.2)
            if self.cancelled and done and done > self.cancelled:
                done = None  # no visits after cancellation
            self._add(
                requirement=self.actor.say(
                    "Service visit: clean and check the cookers", "上门服务：清洗并检查电饭煲"
                ),
                duty="ours",
                due_on=day,
                fulfilled_on=done,
                evidence=self.actor.say("signed report", "签字回执") if done else "",
            )
            due += timedelta(days=step)

    def _loans(self) -> None:
        """Add a loan of tasting sets, delivered in two parts that are listed in the term itself."""
        dice = self.dice
        due = workday(self.start + timedelta(days=45))
        if not dice.chance(0.35) or due > SAMPLE_DAY or (self.cancelled and due > self.cancelled):
            return
        first = workday(due - timedelta(days=dice.randrange(6, 25)))
        second = workday(due + timedelta(days=dice.weighted({-3: 5, 0: 2, 4: 2, 12: 1})))
        self._add(
            requirement=self.actor.say("Tasting sets for the kitchen", "厨房试吃装"),
            duty="ours",
            due_on=due,
            quantity=Decimal(24),
            unit=self.actor.say("set", "套"),
            deliveries=(
                Delivery(on=first, quantity=Decimal(10)),
                Delivery(on=second, quantity=Decimal(14), note=self.actor.say("with recipes", "附菜谱")),
            ),
        )

    # Theirs

    def _theirs(self) -> None:
        """Add the customer's duties: to report needs, return cans or confirm prices."""
        dice = self.dice
        asked = (
            ("Announce next quarter's needs", "告知下季度用量"),
            ("Return the empty cans", "退回空桶"),
            ("Confirm the price list", "确认价格表"),
        )
        tired = self.actor.plan.story in ("fading", "lost")
        for english, chinese in dice.some(asked, 1, 2):
            day = workday(dice.day(self.start + timedelta(days=60), self.end))
            if self.cancelled and day > self.cancelled:
                continue
            self._add(
                requirement=self.actor.say(english, chinese),
                duty="theirs",
                due_on=day,
                fulfilled_on=self._done(day, 0.45 if tired else 0.75, 0.15),
            )

    def _done(self, due: date, in_time: float, late: float) -> date | None:
        """Return the day on which a duty was fulfilled, or None if it is still open. Nothing is open for long."""
        mark = self.dice.random()
        ahead, behind = self.dice.randrange(0, 9), self.dice.randrange(2, 24)
        day = workday(due - timedelta(days=ahead) if mark < in_time else due + timedelta(days=behind))
        forgotten = mark >= in_time + late and due > ago(75)
        return day if not forgotten and day <= SAMPLE_DAY else None
