"""Contracts and their terms with the fulfilment on a day, on which all figures of this report are based."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from archive.analysis.dataset import SalesData
from archive.analysis.money import half_up
from archive.analysis.request import ReportRequest
from archive.model.contract_status import (
    NOTHING,
    Delivered,
    Fulfilment,
    contract_status,
    fulfilment,
    is_binding,
    running_period,
    stopped_on,
)
from archive.model.records.contract import Contract, Term
from archive.model.records.transaction import Transaction
from archive.model.summary import SIGN, sale_type
from archive.model.tied_deliveries import Uncounted, tied
from archive.model.units import unit_name
from archive.text import fold

OURS, THEIRS = "ours", "theirs"
_KEYS = ("uid", "customer", "on", "type", "quantity", "unit", "amount", "currency", "contract", "term")


class Duty(NamedTuple):
    """A term of a contract with its fulfilment."""

    contract: Contract
    term: Term
    found: Fulfilment

    @property
    def whose(self) -> str:
        """The responsible side, ours or theirs (default: ours)."""
        return self.term.duty or OURS

    @property
    def part(self) -> Fraction:
        """The delivered part of the commitment, 0 to 1; a term without quantity or amount is either done or not."""
        committed, delivered = self.found.committed, self.found.delivered
        if committed and delivered is not None:
            return Fraction(min(delivered, committed)) / Fraction(committed)
        return Fraction(int(self.found.is_done))

    @property
    def fill(self) -> float:
        """`part` as a float, for display."""
        return float(self.part)

    @property
    def weight(self) -> float:
        """The weight of the term in averages."""
        return 1.0 if self.term.weight is None else float(self.term.weight)

    @property
    def is_on_time(self) -> bool:
        """Whether delivery was complete by the due date or, if incomplete, the last delivery was by then.

        Deliveries after completion do not matter.
        """
        due, days = self.term.due_on, [one.on for one in self.found.deliveries if not is_return(one)]
        last = self.found.done_on or max(days, default=None)
        return bool(due and last and last <= due)

    @property
    def is_in_full(self) -> bool:
        """Whether everything was delivered, on time or late."""
        return self.found.is_done

    def late_by(self, as_of: date) -> int:
        """Return the days from the due date to completion, or to `as_of` if overdue; 0 if not late."""
        due = self.term.due_on
        if due is None or self.found.status not in ("late", "overdue"):
            return 0
        return ((self.found.done_on or as_of) - due).days


class Agreement(NamedTuple):
    """A contract with its status and terms.

    `start` and `end` limit the contract period that includes the as-of date: a renewed contract counts from
    its renewal. `sold` is orders minus returns linked to it in that period, in minor units of the data's currency.
    """

    contract: Contract
    status: str
    is_binding: bool
    start: date | None
    end: date | None
    duties: tuple[Duty, ...]
    sold: int
    uncounted: tuple[Uncounted, ...] = ()

    @property
    def is_renewed(self) -> bool:
        """Whether it is in a later period than its first."""
        return self.start is not None and self.start != self.contract.start

    @property
    def current_duties(self) -> list[Duty]:
        """The terms of the current period: due in it, or without a due date."""
        if not self.is_renewed:
            return list(self.duties)
        return [duty for duty in map(self._current, self.duties) if duty]

    def _current(self, duty: Duty) -> Duty | None:
        """Return the term for the current period; an undated term counts deliveries since the period's start only."""
        start, due, found = self.start or date.min, duty.term.due_on, duty.found
        if due:
            return duty if start <= due <= (self.end or date.max) else None
        deliveries = tuple(one for one in found.deliveries if one.on >= start)
        measured = [getattr(one, found.measure) or NOTHING for one in deliveries] if found.measure else []
        delivered = max(NOTHING, sum(measured, NOTHING)) if found.measure else None
        return duty._replace(found=found._replace(deliveries=deliveries, delivered=delivered))


def agreements(data: SalesData, request: ReportRequest) -> list[Agreement]:
    """Return all contracts that had started or were signed by the as-of date."""
    contracts = [contract for contract in data.records(Contract) if is_known(contract, request.as_of)]
    dealings = _tied(data, request.as_of) if contracts else defaultdict(list)
    return [
        _agreement(data, contract, dealings[contract.uid], request.as_of)
        for contract in sorted(contracts, key=lambda c: (c.start or date.min, c.number))
    ]


def unit_of(duty: Duty) -> str:
    """Return the unit of a term: its own, or the contract's currency."""
    return duty.contract.currency if duty.found.measure == "amount" else fold(unit_name(duty.term.unit))


def due_in(found: list[Agreement], request: ReportRequest, whose: str) -> list[Duty]:
    """Return the terms of one side that fell due in the period, of signed contracts; lapsed terms are excluded."""
    return [
        duty
        for agreement in found
        if agreement.is_binding
        for duty in agreement.duties
        if duty.whose == whose
        and duty.term.due_on
        and request.start <= duty.term.due_on <= request.end
        and duty.found.status not in ("lapsed", "open", "part")
    ]


def is_known(contract: Contract, as_of: date) -> bool:
    """Return whether a contract had started or was signed by a day."""
    first = min((day for day in (contract.start, contract.signed_on) if day), default=as_of)
    return first <= as_of


def _agreement(data: SalesData, contract: Contract, dealings: list[Transaction], as_of: date) -> Agreement:
    found = tied(contract, dealings, data.convert)
    stopped = stopped_on(contract, as_of)
    nothing: list[Delivered] = []
    duties = (
        Duty(contract, term, fulfilment(term, found.deliveries.get(term.key, nothing), as_of, stopped))
        for term in contract.terms
    )
    start, end = running_period(contract, as_of)
    in_period = [
        one for one in dealings if not start or not one.on or one.on >= start or start == contract.start
    ]
    return Agreement(
        contract=contract,
        status=contract_status(contract, as_of),
        is_binding=is_binding(contract, as_of),
        start=start,
        end=end,
        duties=tuple(duties),
        sold=_sold(data, in_period),
        uncounted=tuple(found.uncounted),
    )


def is_return(one: Delivered) -> bool:
    """Return whether a delivery is a return."""
    return any(value is not None and value < 0 for value in one[1:])


def _sold(data: SalesData, dealings: list[Transaction]) -> int:
    total = 0
    for dealing in dealings:
        amount = data.amount(dealing.amount, dealing.currency, dealing.on or date.min) or 0
        kind = sale_type(dealing.type, str(amount))
        total += SIGN.get(kind, 0) * (abs(amount) if kind == "return" else amount)
    return total


def _tied(data: SalesData, as_of: date) -> defaultdict[str, list[Transaction]]:
    """Return the transactions linked to a contract, by its uid; only these are decoded."""
    columns = data.columns("transactions", *_KEYS)
    contracts = columns[_KEYS.index("contract")]
    found: defaultdict[str, list[Transaction]] = defaultdict(list)
    for place, contract in enumerate(contracts):
        if isinstance(contract, str):
            values = {key: column[place] for key, column in zip(_KEYS, columns, strict=True)}
            dealing = Transaction.load({key: value for key, value in values.items() if value is not None})
            if dealing.on and dealing.on <= as_of:
                found[contract].append(dealing)
    return found


def shortfall(data: SalesData, duty: Duty) -> int | None:
    """Return the unfulfilled part of a term's amount; None if there is no amount or no rate for it."""
    contract, term = duty.contract, duty.term
    amount = data.amount(term.amount, contract.currency, term.due_on or contract.start or date.min)
    if amount is None:
        return None
    missing = amount * (1 - duty.part)  # exact: with a float, half a cent could round down
    return half_up(Decimal(missing.numerator) / missing.denominator)
