"""Every contract and term with how far it is fulfilled on a day: the ground of every figure of this report."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from archive.analysis.book import Book
from archive.analysis.money import half_up
from archive.analysis.question import Ask
from archive.model.contract import Contract, Term
from archive.model.contract_status import (
    Delivered,
    Fulfilment,
    contract_status,
    fulfilment,
    stopped_on,
    tied_deliveries,
)
from archive.model.summary import SIGN, sale_type
from archive.model.transaction import Transaction

OURS, THEIRS = "ours", "theirs"
_KEYS = ("uid", "customer", "on", "type", "quantity", "unit", "amount", "currency", "contract", "term")


class Duty(NamedTuple):
    """A term of a contract, and how far it is fulfilled."""

    contract: Contract
    term: Term
    found: Fulfilment

    @property
    def whose(self) -> str:
        """ours or theirs; a term that does not say is ours."""
        return self.term.duty or OURS

    @property
    def fill(self) -> float:
        """Which part of what was committed is delivered, from 0 to 1; a duty without a measure is done or not."""
        committed, delivered = self.found.committed, self.found.delivered
        if committed and delivered is not None:
            return float(min(delivered, committed) / committed)
        return 1.0 if self.found.is_done else 0.0

    @property
    def weight(self) -> float:
        """How much the term counts beside others."""
        return 1.0 if self.term.weight is None else float(self.term.weight)

    @property
    def is_on_time(self) -> bool:
        """Something was delivered, and nothing after the day it was due."""
        due, days = self.term.due_on, [one.on for one in self.found.deliveries]
        last = max(days, default=self.found.done_on)
        return bool(due and last and last <= due)

    @property
    def is_in_full(self) -> bool:
        """All was delivered, on time or late."""
        return self.found.is_done

    def late_by(self, as_of: date) -> int:
        """Days after the due day on which it was fulfilled, so far where it is overdue; 0 where it is not late."""
        due = self.term.due_on
        if due is None or self.found.status not in ("late", "overdue"):
            return 0
        return ((self.found.done_on or as_of) - due).days


class Agreement(NamedTuple):
    """A contract with its status and duties."""

    contract: Contract
    status: str
    duties: tuple[Duty, ...]
    sold: int  # orders minus returns tied to it, in minor units of the book's currency


def agreements(book: Book, ask: Ask) -> list[Agreement]:
    """Every contract that had begun or was signed by the day of the question, and has not gone before the period."""
    contracts = [contract for contract in book.records(Contract) if _is_known(contract, ask.as_of)]
    dealings = _tied(book, ask.as_of) if contracts else defaultdict(list)
    return [
        _agreement(book, contract, dealings[contract.uid], ask.as_of)
        for contract in sorted(contracts, key=lambda c: (c.start or date.min, c.number))
    ]


def due_in(found: list[Agreement], ask: Ask, whose: str) -> list[Duty]:
    """The duties of one side that fell due in the period, of contracts that were signed; what lapsed is not due."""
    return [
        duty
        for agreement in found
        if agreement.status != "unsigned"
        for duty in agreement.duties
        if duty.whose == whose
        and duty.term.due_on
        and ask.start <= duty.term.due_on <= ask.end
        and duty.found.status not in ("lapsed", "open", "part")
    ]


def _is_known(contract: Contract, as_of: date) -> bool:
    first = min((day for day in (contract.start, contract.signed_on) if day), default=as_of)
    return first <= as_of


def _agreement(book: Book, contract: Contract, dealings: list[Transaction], as_of: date) -> Agreement:
    tied = tied_deliveries(contract, dealings)
    stopped = stopped_on(contract, as_of)
    nothing: list[Delivered] = []
    duties = (
        Duty(contract, term, fulfilment(term, tied.get(term.key, nothing), as_of, stopped))
        for term in contract.terms
    )
    return Agreement(contract, contract_status(contract, as_of), tuple(duties), _sold(book, dealings))


def _sold(book: Book, dealings: list[Transaction]) -> int:
    total = 0
    for dealing in dealings:
        amount = book.amount(dealing.amount, dealing.currency, dealing.on or date.min) or 0
        kind = sale_type(dealing.type, str(amount))
        total += SIGN.get(kind, 0) * (abs(amount) if kind == "return" else amount)
    return total


def _tied(book: Book, as_of: date) -> defaultdict[str, list[Transaction]]:
    """The dealings that name a contract, by its uid; only these are decoded."""
    columns = book.columns("transactions", *_KEYS)
    contracts = columns[_KEYS.index("contract")]
    found: defaultdict[str, list[Transaction]] = defaultdict(list)
    for place, contract in enumerate(contracts):
        if isinstance(contract, str):
            values = {key: column[place] for key, column in zip(_KEYS, columns, strict=True)}
            dealing = Transaction.load({key: value for key, value in values.items() if value is not None})
            if dealing.on and dealing.on <= as_of:
                found[contract].append(dealing)
    return found


def shortfall(book: Book, duty: Duty) -> int | None:
    """What is missing of a duty in money: the part of its amount that is not fulfilled; None without an amount."""
    contract, term = duty.contract, duty.term
    amount = book.amount(term.amount, contract.currency, term.due_on or contract.start or date.min)
    return None if amount is None else half_up(amount * (1 - Decimal(duty.fill)))
