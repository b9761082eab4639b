"""Figures derived from a contract as of a day: its status, the status of its terms, and deliveries on the terms.

Nothing here is entered or stored. All functions are pure and ignore entries dated after `today`. A delivery counts
once for a term, even if it is recorded both in the term's own list and as a transaction that refers to the term.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from archive.errors import BadValue
from archive.model.field_types.duration import Span
from archive.model.field_types.standard import Choice
from archive.model.records.contract import Contract, Term
from archive.text import N_

CONTRACT_STATUS = Choice(
    unsigned=N_("unsigned"),
    signed=N_("signed"),
    active=N_("active"),
    ended=N_("ended"),
    cancelled=N_("cancelled"),
)
TERM_STATUS = Choice(
    open=N_("open"),
    part=N_("partly fulfilled"),
    on_time=N_("fulfilled on time"),
    late=N_("fulfilled late"),
    overdue=N_("overdue"),
    lapsed=N_("lapsed"),
)
DONE = frozenset({"on_time", "late"})
NOTHING = Decimal(0)


class Delivered(NamedTuple):
    """One delivery: date, and quantity or amount; negative for a return."""

    on: date
    quantity: Decimal | None = None
    amount: Decimal | None = None


class Fulfilment(NamedTuple):
    """How far a term is fulfilled.

    Attributes:
        status: A key of TERM_STATUS.
        done_on: The day on which the term was fulfilled.
        measure: "quantity", "amount", or "" for an obligation that is only done or not done.
        committed: Quantity or amount agreed, depending on `measure`.
        delivered: Quantity or amount delivered net of returns, never below 0. A term that was marked as fulfilled
            without any delivery counts as delivered in full.
        deliveries: All deliveries and returns, in order of date.
    """

    status: str
    done_on: date | None
    measure: str
    committed: Decimal | None
    delivered: Decimal | None
    deliveries: tuple[Delivered, ...]

    @property
    def is_done(self) -> bool:
        """Whether the term is fulfilled."""
        return self.status in DONE


# Status and periods of a contract


def contract_status(contract: Contract, today: date) -> str:
    """Return the status as of `today`, a key of CONTRACT_STATUS. An auto-renewing contract ends only if cancelled."""
    if contract.cancelled_on and contract.cancelled_on <= today:
        return "cancelled"
    if not contract.signed_on or contract.signed_on > today:
        return "unsigned"
    if contract.start and contract.start > today:
        return "signed"  # not started yet
    return "ended" if contract.end and contract.end < today and not contract.renews else "active"


def is_binding(contract: Contract, today: date) -> bool:
    """Return whether the contract was signed by `today`. An unsigned contract is never binding, even if cancelled."""
    return bool(contract.signed_on and contract.signed_on <= today)


def stopped_on(contract: Contract, today: date) -> date | None:
    """Return the last day of a contract that has ended or is under notice; None if it continues."""
    if contract.cancelled_on:
        return _final_end(contract)
    return contract.end if contract.end and contract.end < today and not contract.renews else None


def renews(contract: Contract) -> bool:
    """Return whether the contract renews after the current period: auto-renewal is on and no notice has been given."""
    return contract.renews and not contract.cancelled_on


def _final_end(contract: Contract) -> date | None:
    """Return the last day if the contract does not renew: the end or the cancellation date, whichever is earlier."""
    ends = [contract.cancelled_on, None if contract.renews else contract.end]
    return min((day for day in ends if day), default=None)


def current_end(contract: Contract, today: date) -> date | None:
    """Return the day on which the contract ends or, without notice, next renews; None if it has no end."""
    return _final_end(contract) if contract.cancelled_on else running_period(contract, today)[1]


def running_period(contract: Contract, today: date) -> tuple[date | None, date | None]:
    """Return the first and last day of the contract period that includes `today`.

    An auto-renewing contract has consecutive periods. Other contracts, and cancelled ones, have a final last day.
    """
    start, end = contract.start, contract.end
    final = _final_end(contract)
    if not start or not end or end < start or not contract.renews:
        return start, final or end
    day = min(today, final) if final else today
    return _period_on(day, start, end, final)


def _period_on(day: date, start: date, end: date, final: date | None) -> tuple[date | None, date | None]:
    """Return the renewal period that includes `day`, cut off at the `final` day if there is one."""
    nth_end = period_ends(start, end)
    try:
        count = max(1, (day - start).days // ((end - start).days + 4))  # lower bound of the number
        while (last := nth_end(count)) < day:
            count += 1
        first = Span(days=1).after(nth_end(count - 1)) if count > 1 else start
    except BadValue:  # after the year 9999
        return None, final
    return first, min(last, final) if final else last


def period_ends(start: date, end: date) -> Callable[[int], date]:
    """Return a function that gives the last day of the n-th period, for a first period from `start` to `end`.

    Periods of whole months are counted from `start`, so that a short month shortens only its own period, not the later
    ones. A period may end on the same day of the month as it started (15 May 2025 to 15 May 2026) or on the day before
    (1 January to 31 December). A period from 29 February to 28 February ends on the 28th in leap years too.
    """
    next_day = Span(days=1).after(end)
    if months := _whole_months(start, next_day):
        return lambda n: Span(days=1).before(Span(months=months * n).after(start))
    if months := _whole_months(start, end):
        is_leap_day = (start.month, start.day, end.day) == (2, 29, 28) and months % 12 == 0
        if is_leap_day:
            return lambda n: Span(months=months * (n - 1)).after(end)
        return lambda n: Span(months=months * n).after(start)
    days = (next_day - start).days
    return lambda n: Span(days=days * n - 1).after(start)


def _whole_months(start: date, end: date) -> int:
    """Return the months from `start` to `end`, clipping at short months; 0 if it is not a whole number of months."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if months > 0 and Span(months=months).after(start) == end else 0


def notice_deadline(contract: Contract, today: date) -> date | None:
    """Return the last day to give notice: the end date minus the notice period, clipped at month ends.

    None if the end or the notice period is unknown, notice has been given, or the contract has ended.
    """
    if contract.cancelled_on or contract.notice_period is None or stopped_on(contract, today):
        return None
    end = current_end(contract, today)
    if not end:
        return None
    try:
        return contract.notice_period.before(end)
    except BadValue:  # before the year 1000
        return None


# Status of a term


def fulfilment(term: Term, tied: Iterable[Delivered], today: date, stopped: date | None = None) -> Fulfilment:
    """Determine how far a term is fulfilled as of `today`.

    A term becomes overdue on the day after its due date.

    Args:
        term: The term with its own list of deliveries.
        tied: Deliveries and returns from transactions that refer to the term.
        today: Later entries are ignored.
        stopped: Last day of a contract that has ended or is under notice. Terms due after it have lapsed; terms without
            a due date lapse when it is reached.
    """
    deliveries = deliveries_of(term, tied, today)
    measure = measure_of(term)
    committed = getattr(term, measure) if measure else None
    delivered = _net(deliveries, measure) if measure else None
    recorded_day = term.fulfilled_on if term.fulfilled_on and term.fulfilled_on <= today else None
    if recorded_day and not deliveries:
        delivered = committed
    done_on = recorded_day or (_fulfilled_on(deliveries, measure, committed) if committed else None)
    status = _status(term, done_on, bool(deliveries), today, stopped)
    return Fulfilment(status, done_on, measure, committed, delivered, deliveries)


def _status(term: Term, done_on: date | None, has_deliveries: bool, today: date, stopped: date | None) -> str:
    if done_on:
        return "late" if term.due_on and done_on > term.due_on else "on_time"
    if stopped and (term.due_on > stopped if term.due_on else stopped <= today):
        return "lapsed"
    if term.due_on and term.due_on < today:
        return "overdue"
    return "part" if has_deliveries else "open"


def _net(deliveries: Iterable[Delivered], measure: str) -> Decimal:
    return max(NOTHING, sum((getattr(delivery, measure) or NOTHING for delivery in deliveries), NOTHING))


def _fulfilled_on(deliveries: Iterable[Delivered], measure: str, committed: Decimal) -> date | None:
    """Return the day since which everything is delivered. A return reopens the term until the goods are replaced."""
    so_far, fulfilled_on = NOTHING, None
    for delivery in deliveries:
        so_far += getattr(delivery, measure) or NOTHING
        if so_far < committed:
            fulfilled_on = None
        elif fulfilled_on is None:
            fulfilled_on = delivery.on
    return fulfilled_on


def measure_of(term: Term) -> str:
    """Return "quantity" or "amount", whichever the term specifies (quantity first); "" if it specifies neither."""
    return next((key for key in ("quantity", "amount") if (getattr(term, key) or NOTHING) > 0), "")


def deliveries_of(term: Term, tied: Iterable[Delivered], today: date) -> tuple[Delivered, ...]:
    """Return all deliveries on a term up to `today`, in order of date. A delivery in both lists counts once."""
    own = [
        Delivered(delivery.on, delivery.quantity, delivery.amount)
        for delivery in term.deliveries
        if delivery.on
    ]
    merged = []
    for delivery in tied:
        same = next(
            (other for other in own if not _is_return(delivery) and _is_same_delivery(other, delivery)), None
        )
        if same:
            own.remove(same)
            delivery = Delivered(
                delivery.on, _either(same.quantity, delivery.quantity), _either(same.amount, delivery.amount)
            )
        merged.append(delivery)
    return tuple(
        sorted(
            (delivery for delivery in (*own, *merged) if delivery.on <= today),
            key=lambda delivery: delivery.on,
        )
    )


def _is_return(delivery: Delivered) -> bool:
    return any(value is not None and value < 0 for value in delivery[1:])


def _is_same_delivery(own: Delivered, tied: Delivered) -> bool:
    """Return whether two entries record the same delivery: same day, and no different quantity or amount."""
    return own.on == tied.on and all(
        value is None or other_value is None or value == other_value
        for value, other_value in zip(own[1:], tied[1:], strict=True)
    )


def _either(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    return second if first is None else first
