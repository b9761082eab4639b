"""Customer tenure: when each customer was with us, as known on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from archive.analysis.churn.purchase_history import Purchases
from archive.analysis.common.customers import known_day
from archive.analysis.dataset import SalesData
from archive.model.losses import EARLIER, MOVED, Spells, spells
from archive.text import plural

_NEVER = (0,)
_KEYS = ("uid", "customer_since", "status", *MOVED[:4], EARLIER)


class Absence(NamedTuple):
    """A period in which the customer was lost: from `lost` to `back` (won back), both day numbers; 0 if not yet.

    `reason` is the lost reason and `to` the competitor, "" if not recorded.
    """

    lost: int
    back: int
    reason: str
    to: str = ""


class CustomerTenure(NamedTuple):
    """The tenure of a customer: from the day number `since`, except for absences, oldest first."""

    uid: str
    since: int
    absences: tuple[Absence, ...] = ()

    def lasts(self, day: int) -> bool:
        """Return whether this is a customer at the end of a day."""
        return self.since <= day and not any(a.lost <= day and not 0 < a.back <= day for a in self.absences)

    @property
    def first_loss(self) -> int:
        """The day of the first loss, 0 if there was none."""
        return self.absences[0].lost if self.absences else 0


class Tenures(NamedTuple):
    """The tenure of everyone who was ever a customer, and the number of records with inconsistent dates."""

    all: list[CustomerTenure]
    left_out: int  # lost before the customer-since date
    without_day: int  # status lost, but no lost date
    overlapping: int  # lost again without being won back
    never_there: int = 0  # lost, but with neither customer-since date nor order

    def notes(self) -> list[str]:
        """Return notes on the records that are excluded."""
        counts = (
            (
                self.left_out,
                "{n} customer was lost before becoming a customer and is left out: one of the dates is wrong.",
                "{n} customers were lost before becoming customers and are left out: for each, one of the dates is "
                "wrong.",
            ),
            (
                self.never_there,
                "{n} lost customer is left out: there is neither a date in Customer since nor an order.",
                "{n} lost customers are left out: there is neither a date in Customer since nor an order.",
            ),
            (
                self.without_day,
                "{n} customer with the status lost has no lost date and is not counted as lost.",
                "{n} customers with the status lost have no lost date and are not counted as lost.",
            ),
            (
                self.overlapping,
                "{n} loss is not counted: the customer had not been won back after the previous loss.",
                "{n} losses are not counted: the customers had not been won back after their previous loss.",
            ),
        )
        return [plural(singular, plural_form, n) for n, singular, plural_form in counts if n]


def tenures_of(data: SalesData, as_of: date, purchase_days: Purchases) -> Tenures:
    """Determine tenure from customer since, or else from the first order, as known on `as_of`."""
    last_day = as_of.toordinal()
    tenures: list[CustomerTenure] = []
    left_out = without_day = overlapping = never_there = 0
    for uid, since, status, *loss, earlier in zip(*data.columns("customers", *_KEYS), strict=True):
        start = known_day(since, last_day) or purchase_days.get(uid, _NEVER)[0]
        without_day += status == "lost" and not loss[0]
        if not (loss[0] or earlier):
            if start:
                tenures.append(CustomerTenure(uid, start))
            continue
        absences, overlaps = _absences(spells(earlier or (), *(part or "" for part in loss)), last_day)
        if not start:
            never_there += bool(absences)
        elif absences and absences[0].lost < start:
            left_out += 1
        else:
            overlapping += overlaps
            tenures.append(CustomerTenure(uid, start, absences))
    return Tenures(tenures, left_out, without_day, overlapping, never_there)


def _absences(spells: Spells, as_of: int) -> tuple[tuple[Absence, ...], int]:
    """Return the absences that had begun by the day `as_of`, and the number of losses excluded."""
    days = ((known_day(s.lost, as_of), known_day(s.back, as_of), s.reason, s.to) for s in spells.all)
    return tuple(Absence(*line) for line in days if line[0]), spells.left_out


def lost_customers(tenures: Iterable[CustomerTenure], day: int) -> set[str]:
    """Return the uids of customers who are lost at the end of a day."""
    return {tenure.uid for tenure in tenures if tenure.absences and not tenure.lasts(day)}
