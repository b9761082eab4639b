"""Start of observation: the day from which losses are recorded. Survival curves exclude customers lost before it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from archive.analysis.churn.tenure import CustomerTenure
from archive.analysis.dataset import SalesData
from archive.analysis.request import ReportRequest
from archive.model.summary import year_before
from archive.text import _


class Observation(NamedTuple):
    """The day number from which losses are recorded, 0 if there are no records; `first_loss` is 0 if there is none.

    `is_default` means that no day was entered, so the day of the first record is used.
    """

    since: int
    first_loss: int
    is_default: bool

    @property
    def day(self) -> date | None:
        """The day as a date."""
        return date.fromordinal(self.since) if self.since else None

    def notes(self) -> tuple[str, ...]:
        """Return a warning if no day was entered and the first loss is more than 12 months after the first record."""
        if not self.is_default or not self.since or not self.first_loss:
            return ()
        start, loss = date.fromordinal(self.since), date.fromordinal(self.first_loss)
        if year_before(loss) <= start:
            return ()
        return (
            _(
                "The archive's first record is dated {start}, its first loss {loss}, more than 12 "
                "months later. If losses were not recorded in between, customers actually stay "
                "for less time than shown here."
            ).format(start=start, loss=loss),
        )


def observation(data: SalesData, request: ReportRequest, tenures: Iterable[CustomerTenure]) -> Observation:
    """Determine the day from which losses are recorded: the day entered, by default the day of the first record.

    The first record is the first transaction, activity or loss. *Customer since* does not count, as it is often older
    than the archive.
    """
    losses = [tenure.first_loss for tenure in tenures if tenure.first_loss]
    first_loss = min(losses, default=0)
    if request.observed_since:
        return Observation(request.observed_since.toordinal(), first_loss, is_default=False)
    as_of = request.as_of.toordinal()
    days = [day for day in (_first_activity(data), *data.transactions.day) if 0 < day <= as_of]
    return Observation(min([*days, *losses], default=0), first_loss, is_default=True)


def _first_activity(data: SalesData) -> int:
    (moments,) = data.columns("interactions", "at")
    first = min(filter(None, moments), default="")
    return date.fromisoformat(first[:10]).toordinal() if first else 0
