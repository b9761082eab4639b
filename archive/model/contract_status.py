"""What follows from a contract as of a day: its status, that of its terms, and what was delivered on them.

Nothing of this is typed or kept. All functions are pure: what is dated after `today` is not seen. A delivery counts
for a term once, whether it stands in the term's own list, in a dealing that names the term, or in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from archive.errors import BadValue
from archive.model.contract import Contract, Term, term_named
from archive.model.kinds import Choice
from archive.model.spans import Span
from archive.model.transaction import Transaction
from archive.model.units import same_unit
from archive.text import N_

CONTRACT_STATUS = Choice(
    unsigned=N_("unsigned"), active=N_("active"), ended=N_("ended"), cancelled=N_("cancelled")
)
TERM_STATUS = Choice(
    open=N_("open"),
    part=N_("fulfilled in part"),
    on_time=N_("fulfilled on time"),
    late=N_("fulfilled late"),
    overdue=N_("overdue"),
    lapsed=N_("lapsed"),
)
DONE = frozenset({"on_time", "late"})
NOTHING = Decimal(0)


class Delivered(NamedTuple):
    """One delivery: its day and how much, or worth how much."""

    on: date
    quantity: Decimal | None = None
    amount: Decimal | None = None


class Fulfilment(NamedTuple):
    """How far a term is fulfilled. `committed` and `delivered` are quantities or, by `measure`, amounts.

    `measure` is "quantity", "amount" or "" for a duty that is only done or not. `done_on` is the day on which the
    term was fulfilled. What was typed as fulfilled without any delivery counts as delivered in full.
    """

    status: str
    done_on: date | None
    measure: str
    committed: Decimal | None
    delivered: Decimal | None
    deliveries: tuple[Delivered, ...]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.status in DONE


# The contract


def contract_status(contract: Contract, today: date) -> str:
    """unsigned, active, ended or cancelled, as of `today`. One that renews by itself ends only by being cancelled."""
    if contract.cancelled_on and contract.cancelled_on <= today:
        return "cancelled"
    if not contract.signed_on or contract.signed_on > today:
        return "unsigned"
    return "ended" if contract.end and contract.end < today and not contract.renews else "active"


def stopped_on(contract: Contract, today: date) -> date | None:
    """The last day on which a contract that has ended or was cancelled was in force; None while it runs."""
    status = contract_status(contract, today)
    if status == "cancelled":
        return contract.cancelled_on
    return contract.end if contract.end and contract.end < today and not contract.renews else None


def current_end(contract: Contract, today: date) -> date | None:
    """The end of the period that runs `today`: one that renews by itself runs each time for as long as at first."""
    start, end = contract.start, contract.end
    if not start or not end or end >= today or end < start or not contract.renews:
        return end
    period = _length(start, end)
    count = (today - start).days // (period.days + 31 * period.months)  # no more than have passed
    try:
        while end < today:
            count += 1
            end = Span(days=1).before(Span(period.days * count, period.months * count).after(start))
    except BadValue:  # beyond the calendar
        return None
    return end


def _length(start: date, end: date) -> Span:
    """From the first day to the last, in whole months where it is so many."""
    after = Span(days=1).after(end)
    months = (after.year - start.year) * 12 + after.month - start.month
    is_whole = months > 0 and Span(months=months).after(start) == after
    return Span(months=months) if is_whole else Span(days=(after - start).days)


def notice_deadline(contract: Contract, today: date) -> date | None:
    """The last day to give notice: the end less the notice period, month ends clipped.

    None where either is not known, and once the contract is cancelled or has ended.
    """
    end = current_end(contract, today)
    if not end or contract.notice_period is None or stopped_on(contract, today):
        return None
    try:
        return contract.notice_period.before(end)
    except BadValue:  # before the calendar begins
        return None


# Its terms


def term_status(term: Term, tied: Iterable[Delivered], today: date, stopped: date | None = None) -> str:
    """open, part, on_time, late, overdue or lapsed; see `fulfilment`."""
    return fulfilment(term, tied, today, stopped).status


def fulfilment(term: Term, tied: Iterable[Delivered], today: date, stopped: date | None = None) -> Fulfilment:
    """How far a term is fulfilled as of `today` by its own deliveries and those `tied` to it by dealings.

    `stopped` is the last day of a contract that is over: what was not yet due then has lapsed. A term is overdue from
    the day after it was due.
    """
    found = deliveries_of(term, tied, today)
    measure = measure_of(term)
    committed = getattr(term, measure) if measure else None
    delivered = sum((getattr(one, measure) or NOTHING for one in found), NOTHING) if measure else None
    typed = term.fulfilled_on if term.fulfilled_on and term.fulfilled_on <= today else None
    if typed and not found:
        delivered = committed
    done_on = typed or (_reached_on(found, measure, committed) if committed else None)
    status = _status(term, done_on, bool(found), today, stopped)
    return Fulfilment(status, done_on, measure, committed, delivered, found)


def _status(term: Term, done_on: date | None, begun: bool, today: date, stopped: date | None) -> str:
    if done_on:
        return "late" if term.due_on and done_on > term.due_on else "on_time"
    if stopped and stopped <= today and (not term.due_on or term.due_on > stopped):
        return "lapsed"
    if term.due_on and term.due_on < today:
        return "overdue"
    return "part" if begun else "open"


def _reached_on(found: Iterable[Delivered], measure: str, committed: Decimal) -> date | None:
    so_far = NOTHING
    for one in found:
        so_far += getattr(one, measure) or NOTHING
        if so_far >= committed:
            return one.on
    return None


def measure_of(term: Term) -> str:
    """What a term is counted in: "quantity", else "amount", "" where it says neither."""
    return next((key for key in ("quantity", "amount") if (getattr(term, key) or NOTHING) > 0), "")


def deliveries_of(term: Term, tied: Iterable[Delivered], today: date) -> tuple[Delivered, ...]:
    """Every delivery on a term up to `today`, in order: one that stands in both lists counts once."""
    own = [Delivered(one.on, one.quantity, one.amount) for one in term.deliveries if one.on]
    found = []
    for one in tied:
        same = next((other for other in own if _are_one(other, one)), None)
        if same:
            own.remove(same)
            one = Delivered(one.on, _either(same.quantity, one.quantity), _either(same.amount, one.amount))
        found.append(one)
    return tuple(sorted((one for one in (*own, *found) if one.on <= today), key=lambda one: one.on))


def _are_one(own: Delivered, tied: Delivered) -> bool:
    """Whether two entries tell of one delivery: the same day, and as far as both say it, the same measures."""
    return own.on == tied.on and all(
        one is None or other is None or one == other for one, other in zip(own[1:], tied[1:], strict=True)
    )


def _either(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one


# What is tied to it by dealings


def tied_deliveries(contract: Contract, dealings: Iterable[Transaction]) -> Mapping[str, list[Delivered]]:
    """By the key of each term, what was delivered by dealings that name it.

    A dealing of another currency than the contract's, or of another unit than the term's, does not count in it. Where
    deliveries name a term, the orders before them are not counted as well.
    """
    found: dict[str, dict[str, list[Delivered]]] = {}
    for dealing in dealings:
        kind = dealing.type or "order"
        if dealing.contract.uid != contract.uid or kind not in ("delivery", "order") or not dealing.on:
            continue
        term = term_named(contract.terms, dealing.term)
        if term:
            of_term = found.setdefault(term.key, {"delivery": [], "order": []})
            of_term[kind].append(_delivered(contract, term, dealing, dealing.on))
    measures = {term.key: measure_of(term) for term in contract.terms}
    return {key: _counted(of_term, measures[key]) for key, of_term in found.items()}


def _delivered(contract: Contract, term: Term, dealing: Transaction, on: date) -> Delivered:
    fits = not term.unit or not dealing.unit or same_unit(term.unit, dealing.unit)
    paid = not contract.currency or dealing.currency in (contract.currency, "")
    return Delivered(on, dealing.quantity if fits else None, dealing.amount if paid else None)


def _counted(of_term: Mapping[str, list[Delivered]], measure: str) -> list[Delivered]:
    """The deliveries where they say what the term is counted in, else the orders."""
    delivered = of_term["delivery"]
    said = any(not measure or getattr(one, measure) is not None for one in delivered)
    return delivered if said or not of_term["order"] else of_term["order"]
