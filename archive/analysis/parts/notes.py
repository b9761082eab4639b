"""What every report says of what it could not take in."""

from __future__ import annotations

from archive.analysis.book import Book
from archive.analysis.question import Ask
from archive.model.numbers import NO_CURRENCY
from archive.text import _


def money_notes(book: Book, ask: Ask) -> list[str]:
    """Sales that are in no one's sum because their currency has no rate, and what a missing currency means."""
    found = [
        _(
            "{n} sales in {currency}, together {total}, are left out: the archive has no exchange rate for them."
        ).format(n=out.sales, currency=currency, total=f"{out.total:,}")
        for currency, out in book.left_out(ask.start.toordinal(), ask.end.toordinal()).items()
    ]
    if book.currency == NO_CURRENCY and book.histories:
        found.append(_("The sales have no currency: set a home currency in the archive settings."))
    return found
