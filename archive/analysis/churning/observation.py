"""From which day losses are on record: a customer who left before can be in no survival curve."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from archive.analysis.book import Book
from archive.analysis.churning.lives import Life
from archive.analysis.question import Ask
from archive.model.summary import year_before
from archive.text import _


class Observation(NamedTuple):
    """The day number from which losses are recorded, 0 if nothing is on record; `first_loss` is 0 for none.

    `is_default` if nobody entered the day: it is that of the first record.
    """

    since: int
    first_loss: int
    is_default: bool

    @property
    def day(self) -> date | None:
        """The day as a date."""
        return date.fromordinal(self.since) if self.since else None

    def notes(self) -> tuple[str, ...]:
        """Give both dates if the first loss comes more than 12 months after the first record."""
        if not self.is_default or not self.since or not self.first_loss:
            return ()
        start, loss = date.fromordinal(self.since), date.fromordinal(self.first_loss)
        if year_before(loss) <= start:
            return ()
        return (
            _(
                "The archive's first record is of {start}, the first loss of {loss}, more than 12 months later. If"
                " losses were not recorded in between, customers stay less long than shown here."
            ).format(start=start, loss=loss),
        )


def observation(book: Book, ask: Ask, everyone: Iterable[Life]) -> Observation:
    """Find the day from which losses are recorded: the one entered, else the first record's.

    The first record is the first transaction, activity or loss. *Customer since* does not count: it is often older
    than the archive.
    """
    losses = [life.first_loss for life in everyone if life.first_loss]
    first_loss = min(losses, default=0)
    if ask.observed_since:
        return Observation(ask.observed_since.toordinal(), first_loss, is_default=False)
    seen = ask.as_of.toordinal()
    days = [day for day in (_first_activity(book), *book.dealings.day) if 0 < day <= seen]
    return Observation(min([*days, *losses], default=0), first_loss, is_default=True)


def _first_activity(book: Book) -> int:
    (moments,) = book.columns("interactions", "at")
    first = min(filter(None, moments), default="")
    return date.fromisoformat(first[:10]).toordinal() if first else 0
