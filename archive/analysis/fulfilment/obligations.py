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


class Obligation(NamedTuple):
    """A term of a contract with its fulfilment."""

    contract: Contract
    term: Term
    fulfilment: Fulfilment

    @property
    def whose(self) -> str:
        """The responsible side, ours or theirs (default: ours)."""
        return self.term.duty or OURS

    @property
    def part(self) -> Fraction:
        """The delivered part of the commitment, 0 to 1; a term without quantity or amount is either done or not."""
        committed, delivered = self.fulfilment.committed, self.fulfilment.delivered
        if committed and delivered is not None:
            return Fraction(min(delivered, committed)) / Fraction(committed)
        return Fraction(int(self.fulfilment.is_done))

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
        due, days = (
            self.term.due_on,
            [delivery.on for delivery in self.fulfilment.deliveries if not is_return(delivery)],
        )
        last = self.fulfilment.done_on or max(days, default=None)
        return bool(due and last and last <= due)

    @property
    def is_in_full(self) -> bool:
        """Whether everything was delivered, on time or late."""
        return self.fulfilment.is_done

    def late_by(self, as_of: date) -> int:
        """Return the days from the due date to completion, or to `as_of` if overdue; 0 if not late."""
        due = self.term.due_on
        if due is None or self.fulfilment.status not in ("late", "overdue"):
            return 0
        return ((self.fulfilment.done_on or as_of) - due).days


class Agreement(NamedTuple):
    """A contract with its status and terms.

    `start` and `end` limit the contract period that includes the as-of date: a renewed contract counts from
    its renewal. `net_sales` is orders minus returns linked to it in that period, in minor units of the data's currency.
    """

    contract: Contract
    status: str
    is_binding: bool
    start: date | None
    end: date | None
    obligations: tuple[Obligation, ...]
    net_sales: int
    uncounted: tuple[Uncounted, ...] = ()

    @property
    def is_renewed(self) -> bool:
        """Whether it is in a later period than its first."""
        return self.start is not None and self.start != self.contract.start

    @property
    def current_obligations(self) -> list[Obligation]:
        """The terms of the current period: due in it, or without a due date."""
        if not self.is_renewed:
            return list(self.obligations)
        return [obligation for obligation in map(self._current, self.obligations) if obligation]

    def _current(self, obligation: Obligation) -> Obligation | None:
        """Return the term for the current period; an undated term counts deliveries since the period's start only."""
        start, due, fulfilment = self.start or date.min, obligation.term.due_on, obligation.fulfilment
        if due:
            return obligation if start <= due <= (self.end or date.max) else None
        deliveries = tuple(delivery for delivery in fulfilment.deliveries if delivery.on >= start)
        measured = (
            [getattr(delivery, fulfilment.measure) or NOTHING for delivery in deliveries]
            if fulfilment.measure
            else []
        )
        delivered = max(NOTHING, sum(measured, NOTHING)) if fulfilment.measure else None
        return obligation._replace(fulfilment=fulfilment._replace(deliveries=deliveries, delivered=delivered))


def agreements(data: SalesData, request: ReportRequest) -> list[Agreement]:
    """Return all contracts that had started or were signed by the as-of date."""
    contracts = [contract for contract in data.records(Contract) if is_known(contract, request.as_of)]
    transactions = _linked_transactions(data, request.as_of) if contracts else defaultdict(list)
    return [
        _agreement(data, contract, transactions[contract.uid], request.as_of)
        for contract in sorted(contracts, key=lambda c: (c.start or date.min, c.number))
    ]


def unit_of(obligation: Obligation) -> str:
    """Return the unit of a term: its own, or the contract's currency."""
    return (
        obligation.contract.currency
        if obligation.fulfilment.measure == "amount"
        else fold(unit_name(obligation.term.unit))
    )


def due_in(agreements: list[Agreement], request: ReportRequest, whose: str) -> list[Obligation]:
    """Return the terms of one side that fell due in the period, of signed contracts; lapsed terms are excluded."""
    return [
        obligation
        for agreement in agreements
        if agreement.is_binding
        for obligation in agreement.obligations
        if obligation.whose == whose
        and obligation.term.due_on
        and request.start <= obligation.term.due_on <= request.end
        and obligation.fulfilment.status not in ("lapsed", "open", "part")
    ]


def is_known(contract: Contract, as_of: date) -> bool:
    """Return whether a contract had started or was signed by a day."""
    first = min((day for day in (contract.start, contract.signed_on) if day), default=as_of)
    return first <= as_of


def _agreement(
    data: SalesData, contract: Contract, transactions: list[Transaction], as_of: date
) -> Agreement:
    allocation = tied(contract, transactions, data.convert)
    stop_date = stopped_on(contract, as_of)
    no_deliveries: list[Delivered] = []
    obligations = (
        Obligation(
            contract,
            term,
            fulfilment(term, allocation.deliveries.get(term.key, no_deliveries), as_of, stop_date),
        )
        for term in contract.terms
    )
    start, end = running_period(contract, as_of)
    in_period = [
        transaction
        for transaction in transactions
        if not start or not transaction.on or transaction.on >= start or start == contract.start
    ]
    return Agreement(
        contract=contract,
        status=contract_status(contract, as_of),
        is_binding=is_binding(contract, as_of),
        start=start,
        end=end,
        obligations=tuple(obligations),
        net_sales=_net_sales(data, in_period),
        uncounted=tuple(allocation.uncounted),
    )


def is_return(delivery: Delivered) -> bool:
    """Return whether a delivery is a return."""
    return any(value is not None and value < 0 for value in delivery[1:])


def _net_sales(data: SalesData, transactions: list[Transaction]) -> int:
    total = 0
    for transaction in transactions:
        amount = data.amount(transaction.amount, transaction.currency, transaction.on or date.min) or 0
        kind = sale_type(transaction.type, str(amount))
        total += SIGN.get(kind, 0) * (abs(amount) if kind == "return" else amount)
    return total


def _linked_transactions(data: SalesData, as_of: date) -> defaultdict[str, list[Transaction]]:
    """Return the transactions linked to a contract, by its uid; only these are decoded."""
    columns = data.columns("transactions", *_KEYS)
    contracts = columns[_KEYS.index("contract")]
    by_contract: defaultdict[str, list[Transaction]] = defaultdict(list)
    for position, contract in enumerate(contracts):
        if isinstance(contract, str):
            values = {key: column[position] for key, column in zip(_KEYS, columns, strict=True)}
            transaction = Transaction.load({key: value for key, value in values.items() if value is not None})
            if transaction.on and transaction.on <= as_of:
                by_contract[contract].append(transaction)
    return by_contract


def shortfall(data: SalesData, obligation: Obligation) -> int | None:
    """Return the unfulfilled part of a term's amount; None if there is no amount or no rate for it."""
    contract, term = obligation.contract, obligation.term
    amount = data.amount(term.amount, contract.currency, term.due_on or contract.start or date.min)
    if amount is None:
        return None
    missing = amount * (1 - obligation.part)  # exact: with a float, half a cent could round down
    return half_up(Decimal(missing.numerator) / missing.denominator)
