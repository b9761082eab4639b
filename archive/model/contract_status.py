"""What follows from a contract as of a day: its status, that of its terms, and what was delivered on them.

Nothing of this is typed or kept. All functions are pure: what is dated after `today` is not seen. A delivery counts
for a term once, whether it stands in the term's own list, in a transaction that names the term, or in both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from archive.errors import BadValue
from archive.model.contract import Contract, Term
from archive.model.kinds import Choice
from archive.model.spans import Span
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
    part=N_("fulfilled in part"),
    on_time=N_("fulfilled on time"),
    late=N_("fulfilled late"),
    overdue=N_("overdue"),
    lapsed=N_("lapsed"),
)
DONE = frozenset({"on_time", "late"})
NOTHING = Decimal(0)


class Delivered(NamedTuple):
    """One delivery: its day and how much, or worth how much; negative if goods were returned."""

    on: date
    quantity: Decimal | None = None
    amount: Decimal | None = None


class Fulfilment(NamedTuple):
    """How far a term is fulfilled. `committed` and `delivered` are quantities or, by `measure`, amounts.

    `delivered` is less what was returned, never under 0.

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
    """unsigned, active, ended or cancelled, as of `today`. A renewing contract ends only if it is cancelled."""
    if contract.cancelled_on and contract.cancelled_on <= today:
        return "cancelled"
    if not contract.signed_on or contract.signed_on > today:
        return "unsigned"
    if contract.start and contract.start > today:
        return "signed"  # not begun
    return "ended" if contract.end and contract.end < today and not contract.renews else "active"


def is_binding(contract: Contract, today: date) -> bool:
    """Whether the contract was signed by `today`: one that never was binds nobody, even if it was cancelled."""
    return bool(contract.signed_on and contract.signed_on <= today)


def stopped_on(contract: Contract, today: date) -> date | None:
    """The last day of a contract that is over or under notice; None while it runs on."""
    if contract.cancelled_on:
        return _final_end(contract)
    return contract.end if contract.end and contract.end < today and not contract.renews else None


def renews(contract: Contract) -> bool:
    """Whether the contract goes on after its running period: not once notice has been given."""
    return contract.renews and not contract.cancelled_on


def _final_end(contract: Contract) -> date | None:
    """The last day of a contract that does not renew: the day to which it is cancelled, if that comes first."""
    ends = [contract.cancelled_on, None if contract.renews else contract.end]
    return min((day for day in ends if day), default=None)


def current_end(contract: Contract, today: date) -> date | None:
    """The day on which the contract ends or, unless notice has been given, next renews. None if it has no end."""
    return _final_end(contract) if contract.cancelled_on else running_period(contract, today)[1]


def running_period(contract: Contract, today: date) -> tuple[date | None, date | None]:
    """The first and the last day of the period that runs on `today`.

    A contract that renews runs from period to period; one that does not, or that is cancelled, has one last day.
    """
    start, end = contract.start, contract.end
    final = _final_end(contract)
    if not start or not end or end < start or not contract.renews:
        return start, final or end
    seen = min(today, final) if final else today
    return _period_on(seen, start, end, final)


def _period_on(day: date, start: date, end: date, final: date | None) -> tuple[date | None, date | None]:
    """The period of a renewing contract that `day` lies in, cut at its `final` day."""
    nth_end = period_ends(start, end)
    try:
        count = max(1, (day - start).days // ((end - start).days + 4))  # no later than the one looked for
        while (last := nth_end(count)) < day:
            count += 1
        first = Span(days=1).after(nth_end(count - 1)) if count > 1 else start
    except BadValue:  # beyond the calendar
        return None, final
    return first, min(last, final) if final else last


def period_ends(start: date, end: date) -> Callable[[int], date]:
    """The last day of the n-th period of a contract that first runs from `start` to `end`.

    A period of whole months is counted from `start`, so that a short month shortens one period and not those after
    it. It may end on the day of the month on which it began (15 May 2025 to 15 May 2026) or on the day before
    (1 January to 31 December). One that began on 29 February and ends on the 28th does so in leap years too.
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
    """The months from `start` to `end`, the end of a short month clipped; 0 if they are not whole."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if months > 0 and Span(months=months).after(start) == end else 0


def notice_deadline(contract: Contract, today: date) -> date | None:
    """The last day to give notice: the end less the notice period, month ends clipped.

    None if either is not known, once notice has been given, and once the contract has ended.
    """
    if contract.cancelled_on or contract.notice_period is None or stopped_on(contract, today):
        return None
    end = current_end(contract, today)
    if not end:
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

    `stopped` is the last day of a contract that is over or under notice: what is due after it has lapsed, and once
    it is over, what is due on no day. A term is overdue from the day after it was due.
    """
    found = deliveries_of(term, tied, today)
    measure = measure_of(term)
    committed = getattr(term, measure) if measure else None
    delivered = _net(found, measure) if measure else None
    typed = term.fulfilled_on if term.fulfilled_on and term.fulfilled_on <= today else None
    if typed and not found:
        delivered = committed
    done_on = typed or (_reached_on(found, measure, committed) if committed else None)
    status = _status(term, done_on, bool(found), today, stopped)
    return Fulfilment(status, done_on, measure, committed, delivered, found)


def _status(term: Term, done_on: date | None, begun: bool, today: date, stopped: date | None) -> str:
    if done_on:
        return "late" if term.due_on and done_on > term.due_on else "on_time"
    if stopped and (term.due_on > stopped if term.due_on else stopped <= today):
        return "lapsed"
    if term.due_on and term.due_on < today:
        return "overdue"
    return "part" if begun else "open"


def _net(found: Iterable[Delivered], measure: str) -> Decimal:
    return max(NOTHING, sum((getattr(one, measure) or NOTHING for one in found), NOTHING))


def _reached_on(found: Iterable[Delivered], measure: str, committed: Decimal) -> date | None:
    """Return the day from which all was delivered: a return reopens the term until its goods are replaced."""
    so_far, reached = NOTHING, None
    for one in found:
        so_far += getattr(one, measure) or NOTHING
        if so_far < committed:
            reached = None
        elif reached is None:
            reached = one.on
    return reached


def measure_of(term: Term) -> str:
    """What a term is counted in: "quantity", else "amount", "" where it says neither."""
    return next((key for key in ("quantity", "amount") if (getattr(term, key) or NOTHING) > 0), "")


def deliveries_of(term: Term, tied: Iterable[Delivered], today: date) -> tuple[Delivered, ...]:
    """Every delivery on a term up to `today`, in order: one that stands in both lists counts once."""
    own = [Delivered(one.on, one.quantity, one.amount) for one in term.deliveries if one.on]
    found = []
    for one in tied:
        same = next((other for other in own if not _is_return(one) and _are_one(other, one)), None)
        if same:
            own.remove(same)
            one = Delivered(one.on, _either(same.quantity, one.quantity), _either(same.amount, one.amount))
        found.append(one)
    return tuple(sorted((one for one in (*own, *found) if one.on <= today), key=lambda one: one.on))


def _is_return(one: Delivered) -> bool:
    return any(value is not None and value < 0 for value in one[1:])


def _are_one(own: Delivered, tied: Delivered) -> bool:
    """Whether two entries tell of one delivery: the same day, and as far as both say it, the same measures."""
    return own.on == tied.on and all(
        one is None or other is None or one == other for one, other in zip(own[1:], tied[1:], strict=True)
    )


def _either(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one
