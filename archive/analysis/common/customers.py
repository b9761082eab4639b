"""Customer-since dates and new customers: the single definition for all reports.

A customer counts from *customer since*, or else from the first order. The first order on record does not make a
customer new if *customer since* is earlier.
"""

from __future__ import annotations

from datetime import date

from archive.analysis.dataset import SalesData
from archive.analysis.money import ordinal


def customers_since(data: SalesData, as_of: date) -> dict[str, int]:
    """Return the effective customer-since day number of everyone who is a customer by `as_of`.

    Args:
        data: The data.
        as_of: The last day that is known. A later *customer since* is ignored.
    """
    last_day = as_of.toordinal()
    days = {}
    for uid, since in zip(*data.columns("customers", "uid", "customer_since"), strict=True):
        if day := customer_from(data, uid, since, last_day):
            days[uid] = day
    return days


def customer_from(data: SalesData, uid: str, since: str | None, as_of: int) -> int:
    """Return the day number of `since`, or of the first order up to the day `as_of`; 0 if there is neither."""
    day = known_day(since, as_of)
    if day:
        return day
    return next(iter(data.history(uid).purchases(as_of, 1)), 0)


def known_day(text: str | None, as_of: int) -> int:
    """Return a stored date as a day number; 0 if there is none or it is after the day `as_of`."""
    day = ordinal(text) if text else 0
    return day if day <= as_of else 0
