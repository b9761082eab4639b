"""Recalculate contracts and their terms as of a day from the definitions in the manual.

A delivery counts once, whether it is in the term's list or a transaction on the contract and term: a delivery or,
if there is none, an order. Returns are subtracted. An unsigned contract is not binding. A renewal lasts as long as
the first period, counted from the first day.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tests.independent.ledger import (
    DAY,
    ZERO,
    Dealing,
    Ledger,
    Row,
    day_of,
    deliveries_of,
    months_after,
    number_of,
    numbered,
    whole_months,
)

TERM_KEYS = (
    *("key", "requirement", "duty", "due_on", "quantity", "unit", "amount", "deliveries"),
    *("fulfilled_on", "weight", "evidence"),
)
GRAMS = {
    "g": Decimal(1),
    "kg": Decimal(1000),
    "t": Decimal(1_000_000),
    "lb": Decimal("453.59237"),
    "斤": Decimal(500),
}
MILLILITRES = {"ml": Decimal(1), "l": Decimal(1000)}


@dataclass
class Term:
    """A term of a contract as of a day; `committed` is in `unit`, which is a currency for amounts."""

    contract: "Contract"
    row: Row
    due: date | None
    committed: Decimal | None
    unit: str
    delivered: Decimal
    done_on: date | None  # the day on which the delivery was complete
    moves: list["Move"]
    by_amount: bool
    status: str
    weight: Decimal

    @property
    def is_ours(self) -> bool:
        """Whether we are responsible."""
        return self.row["duty"] != "theirs"

    @property
    def filled(self) -> Decimal | None:
        """Return the share that is fulfilled, at most 1."""
        if self.committed:
            return max(ZERO, min(Decimal(1), self.delivered / self.committed))
        return Decimal(1) if self.done_on else ZERO

    @property
    def is_on_time(self) -> bool:
        """Whether the term was fulfilled on time or, if it is not fulfilled, all deliveries so far were on time."""
        assert self.due
        if self.done_on:
            return self.done_on <= self.due
        days = [move.on for move in self.moves if not move.is_return]
        return bool(days) and max(days) <= self.due


@dataclass
class Contract:
    """A contract as of a day; `start` and `end` delimit the current period."""

    row: Row
    status: str
    start: date
    end: date | None
    stops_on: date | None
    is_signed: bool
    as_of: date
    terms: list[Term]

    @property
    def ends(self) -> date | None:
        """Return the day to which the contract is cancelled, or the end of the current period."""
        return self.stops_on if self.row["cancelled_on"] else self.end

    @property
    def running_terms(self) -> list[Term]:
        """Return our terms due in the current period; a term without a due date starts again in each period."""
        ours = [term for term in self.terms if term.is_ours]
        if self.start == day_of(self.row["start"]):
            return ours
        kept = []
        for term in ours:
            if not term.due:
                since = [move for move in term.moves if move.on >= self.start]
                sizes = [move.size(by_amount=term.by_amount) or ZERO for move in since]
                kept.append(replace(term, moves=since, delivered=max(ZERO, sum(sizes, ZERO))))
            elif self.start <= term.due <= (self.end or date.max):
                kept.append(term)
        return kept


def contracts(ledger: Ledger, as_of: date) -> list[Contract]:
    """Return the contracts that count as of a day."""
    rows = [row for row in ledger.tables["contracts"] if is_known(row, as_of)]
    return [_contract(ledger, row, as_of) for row in rows]


def is_known(row: Row, as_of: date) -> bool:
    """Whether a contract had begun or was signed by a day; before that, it is only a draft."""
    return min(row["start"], row["signed_on"] or row["start"]) <= as_of.isoformat()


def _contract(ledger: Ledger, row: Row, as_of: date) -> Contract:
    first, last = day_of(row["start"]), day_of(row["end"])
    assert first
    cancelled = day_of(row["cancelled_on"])
    renews = row["renews"] == "true" and not cancelled
    does_renew = row["renews"] == "true" and bool(last)
    final = (
        min(filter(None, (cancelled, None if row["renews"] == "true" else last)), default=None)
        if cancelled
        else None
    )
    start, end = first, final or last
    if does_renew and last:
        start, end = running(first, last, min(as_of, final) if final else as_of)
        end = min(end, final) if final else end
    stops = final if cancelled else (end if end and not renews and end < as_of else None)
    signed = day_of(row["signed_on"])
    is_signed = bool(signed and signed <= as_of)
    if cancelled and cancelled <= as_of:
        status = "cancelled"
    elif not is_signed:
        status = "unsigned"
    elif first > as_of:
        status = "signed"
    else:
        status = "ended" if stops and stops < as_of else "active"
    contract = Contract(row, status, start, end, stops, is_signed, as_of, [])
    for term in numbered(row, "terms", *TERM_KEYS):
        contract.terms.append(_term(ledger, contract, term, as_of))
    return contract


def running(first: date, last: date, as_of: date) -> tuple[date, date]:
    """Return the current period of a renewing contract on a day."""
    start, end, number = first, last, 1
    while end < as_of:
        number += 1
        start, end = end + DAY, _end(first, last, number)
    return start, end


def _end(first: date, last: date, number: int) -> date:
    months = whole_months(first, last)
    if months:
        return months_after(first, months * number) - DAY
    if (first.month, first.day, last.day, last.month) == (
        2,
        29,
        28,
        2,
    ):  # ends on 28 February, even in leap years
        return date(last.year + (last.year - first.year) * (number - 1), 2, 28)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and months_after(first, months) == last:
        return months_after(first, months * number)
    return first + ((last - first).days + 1) * number * DAY - DAY


def _term(ledger: Ledger, contract: Contract, row: Row, as_of: date) -> Term:
    due, quantity, amount = day_of(row["due_on"]), number_of(row["quantity"]), number_of(row["amount"])
    by_amount = quantity is None and amount is not None
    unit = (contract.row["currency"] or ledger.named_home) if by_amount else row["unit"]
    committed = amount if by_amount else quantity
    moves = sorted(
        _moves(ledger, contract, row, as_of, by_amount=by_amount, unit=unit), key=lambda each: each.on
    )
    delivered, done = ZERO, None
    for move in moves:
        delivered += move.size(by_amount=by_amount) or ZERO
        done = (done or move.on) if committed and delivered >= committed else None
    written = day_of(row["fulfilled_on"])
    if written and written <= as_of:
        done = written
        if not moves and committed:
            delivered = committed
    term = Term(
        contract=contract,
        row=row,
        due=due,
        committed=committed,
        unit=unit,
        delivered=max(ZERO, delivered),
        done_on=done,
        moves=moves,
        by_amount=by_amount,
        status="",
        weight=number_of(row["weight"]) or Decimal(1),
    )
    term.status = _status(term, as_of)
    return term


def _status(term: Term, as_of: date) -> str:
    stops, due = term.contract.stops_on, term.due
    if term.done_on:
        return "fulfilled late" if due and term.done_on > due else "fulfilled on time"
    if stops and ((due and due > stops) or (not due and stops < as_of)):
        return "lapsed"
    if due and due < as_of:
        return "overdue"
    return "part" if term.moves else "open"


@dataclass(frozen=True)
class Move:
    """A delivery or a return, with its quantity or amount."""

    on: date
    quantity: Decimal | None
    amount: Decimal | None

    def size(self, *, by_amount: bool) -> Decimal | None:
        """Return the amount or the quantity, whichever the term is measured in."""
        return self.amount if by_amount else self.quantity

    @property
    def is_return(self) -> bool:
        """Whether it is a return."""
        return (self.quantity or ZERO) < 0 or (self.amount or ZERO) < 0

    def is_one_with(self, other: "Move") -> bool:
        """Whether both are the same delivery: equal days, and equal quantities and amounts if both have them."""
        pairs = ((self.quantity, other.quantity), (self.amount, other.amount))
        return self.on == other.on and all(a is None or b is None or a == b for a, b in pairs)


def _moves(
    ledger: Ledger, contract: Contract, row: Row, as_of: date, *, by_amount: bool, unit: str
) -> list[Move]:
    """Merge the deliveries in the term's list with the transactions on the term."""
    own = [
        Move(
            date.fromisoformat(each["on"]),
            number_of(each.get("quantity", "")),
            number_of(each.get("amount", "")),
        )
        for each in deliveries_of(row["deliveries"])
    ]
    found = []
    for move in _tied(ledger, contract, row, as_of, by_amount=by_amount):
        same = next((each for each in own if not move.is_return and each.is_one_with(move)), None)
        if same:
            own.remove(same)
            quantity = move.quantity if same.quantity is None else same.quantity
            move = Move(move.on, quantity, move.amount if same.amount is None else same.amount)
        found.append(move)
    return [move for move in (*own, *found) if move.on <= as_of]


def _tied(ledger: Ledger, contract: Contract, row: Row, as_of: date, *, by_amount: bool) -> list[Move]:
    """Return the deliveries on the term, or the orders if no delivery has a measure, and the returns."""
    has_measure = bool(row["quantity"] or row["amount"])
    by_kind: dict[str, list[Move]] = {"delivery": [], "order": [], "return": []}
    for each in sorted(ledger.dealings, key=lambda dealing: dealing.row["id"]):
        if each.on <= as_of and each.type in by_kind and _is_of(each, contract.row, row):
            kind = "return" if each.is_return else each.type
            by_kind[kind].append(_move(ledger, contract, row, each))
    deliveries = by_kind["delivery"]
    said = any(not has_measure or move.size(by_amount=by_amount) is not None for move in deliveries)
    counted = deliveries if said or not by_kind["order"] else by_kind["order"]
    return counted + (by_kind["return"] if has_measure else [])


def _move(ledger: Ledger, contract: Contract, row: Row, dealing: Dealing) -> Move:
    quantity = _quantity(dealing, row["unit"])
    wanted = contract.row["currency"]
    amount = dealing.amount
    if amount is not None and dealing.row["currency"] and wanted:
        amount = exchanged(ledger, amount, dealing.currency, wanted, dealing.on)
    if dealing.is_return:
        quantity, amount = (None if value is None else -abs(value) for value in (quantity, amount))
    return Move(dealing.on, quantity, amount)


def _is_of(dealing: Dealing, contract: Row, term: Row) -> bool:
    named = dealing.row["term"].casefold()
    return (
        dealing.row["contract.name"] == contract["number"]
        and bool(named)
        and named in (term["key"].casefold(), term["requirement"].casefold())
    )


def _quantity(dealing: Dealing, unit: str) -> Decimal | None:
    """Convert the quantity to the unit of the term; None if the units are not convertible."""
    quantity, own = number_of(dealing.row["quantity"]), dealing.row["unit"]
    if quantity is None or own == unit or not own or not unit:
        return quantity
    for factors in (GRAMS, MILLILITRES):
        if own in factors and unit in factors:
            return quantity * factors[own] / factors[unit]
    return None


def exchanged(ledger: Ledger, amount: Decimal, own: str, wanted: str, on: date) -> Decimal | None:
    """Convert an amount to another currency at the rates of a day."""
    if own == wanted:
        return amount
    money = ledger.money
    first, then = _rate(ledger, own, on), _rate(ledger, wanted, on)
    return None if first is None or then is None else money.rounded(amount * first / then, wanted)


def _rate(ledger: Ledger, currency: str, on: date) -> Decimal | None:
    if currency == ledger.named_home:
        return Decimal(1)
    known = [rate for since, rate in ledger.money.rates.get(currency, []) if since <= on]
    return known[-1] if known else None
