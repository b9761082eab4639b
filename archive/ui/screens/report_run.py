"""Run a report in a thread, with progress and cancellation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from archive.analysis.report import Report
from archive.analysis.request import Cancelled, ReportRequest, make_request
from archive.errors import ArchiveError
from archive.service.archive import Archive
from archive.service.reporting import Reporting
from archive.ui.screens.report_period import ALL, EARLIEST, Period


class ReportSettings(NamedTuple):
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

    settings: ReportSettings
    report: Report | None = None
    error: ArchiveError | None = None


def work_out(
    archive: Archive,
    reporting: Reporting,
    name: str,
    settings: ReportSettings,
    on_step: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> Answer:
    """Run a report. Thread-safe."""
    try:
        request = _ask(archive, settings, on_step, cancelled)
        return Answer(settings, reporting.run(name, request))
    except ArchiveError as error:
        return Answer(settings, error=error)
    except Cancelled:
        return Answer(settings)


def _ask(
    archive: Archive,
    settings: ReportSettings,
    on_step: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> ReportRequest:
    day = settings.day(archive.ctx.today)
    start, end = settings.period.days(day, first_day(archive) if settings.period.kind == ALL else EARLIEST)
    before = (
        settings.period
        if settings.period.named or not settings.period.can_shift
        else settings.period.shifted(1, day)
    )
    return make_request(
        archive.ctx.today,
        as_of=min(day, end),
        start=start,
        end=end,
        by=settings.by,
        options=settings.options,
        preceding=before.days(day) if before != settings.period else None,
        on_step=on_step,
        cancelled=cancelled,
    )


def first_day(archive: Archive) -> date:
    """Return the date of the oldest transaction."""
    days = filter(None, archive.columns("transactions", ("on",))["on"])
    return date.fromisoformat(min(days, default=EARLIEST.isoformat()))
