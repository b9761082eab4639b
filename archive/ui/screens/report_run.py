"""Run a report in a thread, with progress and cancellation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from archive.analysis.report import Report
from archive.analysis.request import Cancelled, ReportRequest, asked
from archive.errors import ArchiveError
from archive.service.archive import Archive
from archive.service.reporting import Reporting
from archive.ui.screens.report_period import ALL, EARLIEST, Period


class Wish(NamedTuple):
    """A request for a report: everything the user can change on its screen."""

    period: Period = Period()
    as_of: date | None = None  # None: today
    by: str = ""
    options: Mapping[str, str] = {}

    def day(self, today: date) -> date:
        """Return the as-of day, from which periods are counted."""
        return self.as_of or today


class Answer(NamedTuple):
    """The result of a request: a report, an error, or neither if it was cancelled."""

    wish: Wish
    report: Report | None = None
    error: ArchiveError | None = None


def work_out(
    archive: Archive,
    reporting: Reporting,
    name: str,
    wish: Wish,
    on_step: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> Answer:
    """Run a report. Thread-safe."""
    try:
        request = _ask(archive, wish, on_step, cancelled)
        return Answer(wish, reporting.run(name, request))
    except ArchiveError as error:
        return Answer(wish, error=error)
    except Cancelled:
        return Answer(wish)


def _ask(
    archive: Archive, wish: Wish, on_step: Callable[[float], None], cancelled: Callable[[], bool]
) -> ReportRequest:
    day = wish.day(archive.ctx.today)
    start, end = wish.period.days(day, first_day(archive) if wish.period.kind == ALL else EARLIEST)
    before = wish.period if wish.period.named or not wish.period.can_shift else wish.period.shifted(1, day)
    return asked(
        archive.ctx.today,
        as_of=min(day, end),
        start=start,
        end=end,
        by=wish.by,
        options=wish.options,
        preceding=before.days(day) if before != wish.period else None,
        on_step=on_step,
        cancelled=cancelled,
    )


def first_day(archive: Archive) -> date:
    """Return the date of the oldest transaction."""
    days = filter(None, archive.columns("transactions", ("on",))["on"])
    return date.fromisoformat(min(days, default=EARLIEST.isoformat()))
