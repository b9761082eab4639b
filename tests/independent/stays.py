"""Recalculate when customers came, were lost and came back.

A customer counts from *customer since* or, failing that, the first order, and is lost from each *lost on* to
*won back on*. The status does not matter.
"""

from dataclasses import dataclass
from datetime import date

from tests.independent.ledger import DAY, Ledger, Period, Row, day_of, numbered


@dataclass(frozen=True)
class Stay:
    """A customer's first day and losses; each loss has the day of the return, or None."""

    code: str
    start: date
    losses: tuple[tuple[date, date | None], ...]
    reasons: tuple[str, ...]
    row: Row

    def is_there(self, on: date) -> bool:
        """Whether this is a customer at the end of a day."""
        if on < self.start:
            return False
        return not any(lost <= on and (back is None or on < back) for lost, back in self.losses)


def losses_of(row: Row, as_of: date) -> tuple[tuple[date, date | None], ...]:
    """Return a customer's losses up to a day, oldest first."""
    return tuple((lost, back) for lost, back, _reason in _spells(row, as_of))


def reasons_of(row: Row, as_of: date) -> tuple[str, ...]:
    """Return the reasons for a customer's losses up to a day, oldest first."""
    return tuple(reason for _lost, _back, reason in _spells(row, as_of))


def _spells(row: Row, as_of: date) -> list[tuple[date, date | None, str]]:
    keys = ("lost_on", "won_back_on", "lost_reason")
    found = []
    for part in [*numbered(row, "earlier_losses", *keys), {key: row[key] for key in keys}]:
        lost, back = day_of(part["lost_on"]), day_of(part["won_back_on"])
        if lost and lost <= as_of:
            found.append((lost, back if back and back <= as_of else None, part["lost_reason"]))
    return sorted(found, key=lambda spell: spell[0])


def stays(
    ledger: Ledger, as_of: date, *, orders_before: date | None = None, with_wrong_dates: bool = False
) -> list[Stay]:
    """Return the customers whose first day has come.

    Customers lost before their first day are left out, because one of the dates is wrong. Only orders before
    `orders_before` count, if it is given.
    """
    bought = ledger.purchase_days(orders_before - DAY if orders_before else as_of)
    found = []
    for row in ledger.tables["customers"]:
        since = day_of(row["customer_since"])
        if since and since > as_of:
            since = None
        start = since or min(bought.get(row["code"], []), default=None)
        losses = losses_of(row, as_of)
        if start and (
            with_wrong_dates or not (losses and losses[0][0] < start)
        ):  # lost before the first day: one of the dates is wrong
            found.append(Stay(row["code"], start, losses, reasons_of(row, as_of), row))
    return found


@dataclass(frozen=True)
class Loss:
    """A recorded loss with its reason and competitor."""

    code: str
    on: date
    reason: str
    to: str


def losses_in(ledger: Ledger, period: Period) -> list[Loss]:
    """Return the losses in a period, of customers with plausible dates."""
    keys = ("lost_on", "lost_reason", "lost_to")
    found = []
    for stay in stays(ledger, period.as_of):
        parts = [*numbered(stay.row, "earlier_losses", *keys), {key: stay.row[key] for key in keys}]
        for part in parts:
            on = day_of(part["lost_on"])
            if on and period.first <= on <= period.last:
                found.append(Loss(stay.code, on, part["lost_reason"], part["lost_to"]))
    return found


def customers_on(ledger: Ledger, on: date) -> set[str]:
    """Return the customers at the end of a day."""
    return {stay.code for stay in stays(ledger, on) if stay.is_there(on)}


def without_a_start(ledger: Ledger, as_of: date) -> set[str]:
    """Return the customers with neither *customer since* nor an order by a day."""
    bought = ledger.purchase_days(as_of)
    rows = ledger.tables["customers"]
    return {row["code"] for row in rows if not row["customer_since"] and row["code"] not in bought}
