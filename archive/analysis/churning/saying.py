"""Small things that every section says in the same way."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from archive.analysis.book import Book
from archive.analysis.maths.proportions import wilson
from archive.text import _


def band(k: int, n: int) -> tuple[float | None, float | None]:
    """The 95 % interval of k in n; None, None where there is no case."""
    return wilson(k, n) or (None, None)


def some(names: Sequence[str], n: int) -> str:
    """The first names of so many: "Globex, Initech and 3 more"."""
    first = ", ".join(names)
    rest = n - len(names)
    return _("{names} and {n} more").format(names=first, n=rest) if rest > 0 else first


def worth(book: Book, uid: str, start: int, end: int) -> Decimal | None:
    """What a customer bought in a period; None where they did buy, but no amount is known or can be converted."""
    history = book.history(uid)
    first, last = bisect_left(history.days, start), bisect_right(history.days, end)
    amounts = history.amounts[first:last]
    return None if amounts and not any(amounts) else book.money(sum(amounts))


def day_of(number: int) -> date | None:
    """A day number as a date; None for 0."""
    return date.fromordinal(number) if number else None
