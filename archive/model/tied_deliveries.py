"""Deliveries and returns on contract terms, converted to the term's unit and the contract's currency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from archive.model.contract_status import Delivered, measure_of
from archive.model.money import Convert
from archive.model.records.contract import Contract, Term, term_named
from archive.model.records.transaction import Transaction
from archive.model.summary import sale_type
from archive.model.units import in_unit
from archive.text import N_, _, plural

UNIT, CURRENCY, TERM, AMOUNT = "unit", "currency", "term", "amount"


class Uncounted(NamedTuple):
    """A transaction that refers to a contract but does not count for any of its terms.

    `reason` is UNIT or CURRENCY if `given` cannot be converted to `wanted`, TERM if the contract has no such term, or
    AMOUNT if the transaction has no value in the term's measure.
    """

    transaction: Transaction
    reason: str
    given: str = ""
    wanted: str = ""


class Tied(NamedTuple):
    """The deliveries on each term by its key, and the transactions that could not be counted."""

    deliveries: Mapping[str, list[Delivered]]
    uncounted: list[Uncounted]


class _Entry(NamedTuple):
    kind: str
    delivered: Delivered
    problem: Uncounted | None


REASONS = {
    UNIT: N_("unit cannot be converted"),
    CURRENCY: N_("no exchange rate"),
    TERM: N_("no such term"),
    AMOUNT: N_("no quantity or amount"),
}


def say_uncounted(uncounted: Iterable[Uncounted]) -> str:
    """Describe in short what is left out and why, for a contract or term; "" if nothing is left out."""
    counts = Counter((item.reason, item.given) for item in uncounted)
    return "; ".join(_say_left_out(unit, count, reason) for (reason, unit), count in sorted(counts.items()))


def _say_left_out(unit: str, count: int, reason: str) -> str:
    if unit:
        text = plural("{n} delivery in {{given}} left out", "{n} deliveries in {{given}} left out", count)
        return f"{text.format(given=unit)}: {_(REASONS[reason])}"
    return plural("{n} delivery left out", "{n} deliveries left out", count) + f": {_(REASONS[reason])}"


def _no_rate(_amount: Decimal, _own: str, _wanted: str, _day: date) -> None:
    """Return None for every conversion: there are no exchange rates."""


def tied(contract: Contract, transactions: Iterable[Transaction], convert: Convert = _no_rate) -> Tied:
    """Collect deliveries and returns by term. If a term has no deliveries, its orders count instead.

    Other units and currencies are converted if the factor or exchange rate is known.
    """
    by_term: dict[str, list[_Entry]] = {}
    uncounted: list[Uncounted] = []
    for transaction in transactions:
        kind = _kind(transaction)
        if transaction.contract.uid != contract.uid or kind not in _SIGNS or not transaction.on:
            continue
        term = term_named(contract.terms, transaction.term)
        if term is None:
            uncounted += [Uncounted(transaction, TERM)] if kind != "order" and contract.terms else []
            continue
        by_term.setdefault(term.key, []).append(_entry(contract, term, transaction, transaction.on, convert))
    measures = {term.key: measure_of(term) for term in contract.terms}
    counted = {key: _counted(entries, measures[key]) for key, entries in by_term.items()}
    uncounted += [entry.problem for entries in counted.values() for entry in entries if entry.problem]
    return Tied({key: [entry.delivered for entry in entries] for key, entries in counted.items()}, uncounted)


_SIGNS = {"delivery": 1, "order": 1, "return": -1}


def _kind(transaction: Transaction) -> str:
    """Return the effective type of a transaction: an order with a negative amount is a return."""
    return sale_type(transaction.type, None if transaction.amount is None else str(transaction.amount))


def _entry(contract: Contract, term: Term, transaction: Transaction, on: date, convert: Convert) -> _Entry:
    """Convert a transaction to a delivery on a term, with the problem if it has no value in the term's measure."""
    kind = _kind(transaction)
    quantity, amount = _quantity(term, transaction), _amount(contract, transaction, on, convert)
    problem, measure = None, measure_of(term)
    if measure == "quantity" and quantity is None:
        problem = _missing(transaction, transaction.quantity, UNIT, transaction.unit, term.unit)
    elif measure == "amount" and amount is None:
        problem = _missing(transaction, transaction.amount, CURRENCY, transaction.currency, contract.currency)
    sign = _SIGNS[kind]
    return _Entry(kind, Delivered(on, _signed(sign, quantity), _signed(sign, amount)), problem)


def _missing(
    transaction: Transaction, value: Decimal | None, reason: str, unit: str, term_unit: str
) -> Uncounted:
    return (
        Uncounted(transaction, AMOUNT) if value is None else Uncounted(transaction, reason, unit, term_unit)
    )


def _signed(sign: int, value: Decimal | None) -> Decimal | None:
    """Make returns negative, whatever sign was entered."""
    return None if value is None else -abs(value) if sign < 0 else value


def _quantity(term: Term, transaction: Transaction) -> Decimal | None:
    if transaction.quantity is None or not term.unit or not transaction.unit:
        return transaction.quantity
    return in_unit(transaction.quantity, transaction.unit, term.unit)


def _amount(contract: Contract, transaction: Transaction, on: date, convert: Convert) -> Decimal | None:
    own, target = transaction.currency, contract.currency
    if transaction.amount is None or not own or not target or own == target:
        return transaction.amount
    return convert(transaction.amount, own, target, on)


def _counted(entries: Iterable[_Entry], measure: str) -> list[_Entry]:
    """Return the deliveries, or the orders if no delivery has a value in the term's measure; and the returns."""
    by_kind: dict[str, list[_Entry]] = {kind: [] for kind in _SIGNS}
    for entry in entries:
        by_kind[entry.kind].append(entry)
    deliveries = by_kind["delivery"]
    has_values = any(not measure or getattr(entry.delivered, measure) is not None for entry in deliveries)
    # Without a measure, a term is only done or not done, so a return must not count as partial fulfilment.
    returned = by_kind["return"] if measure else []
    return [*(deliveries if has_values or not by_kind["order"] else by_kind["order"]), *returned]
