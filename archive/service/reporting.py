"""Run reports on an open archive. Their data set is built once and updated after each change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from threading import Lock
from time import sleep
from typing import Any, TypeVar

from archive.analysis.about import Insight, Overview, about, overview
from archive.analysis.dataset import SalesData
from archive.analysis.report import Report
from archive.analysis.request import ReportRequest, checked_options, report
from archive.collector import at_rest
from archive.errors import ArchiveError
from archive.model.archive_settings import ArchiveSettings
from archive.service.archive import Archive
from archive.store import Change, Entry
from archive.text import _

MANY = 500  # if more customers changed, building the data set again is faster than updating it
TRIES = 20  # if the archive changes while a report reads it
PAUSE = 0.02  # seconds between two tries
T = TypeVar("T")


class _Changed(Exception):
    """The archive has changed since the calculation began."""


class Reporting:
    """Runs reports, in any thread, but only one at a time.

    Other threads may change the archive during a calculation. All its columns are read at one revision: if the archive
    changes between two reads, the calculation begins again, because the columns would not fit together.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._data: SalesData | None = None
        self._overview: Overview | None = None
        self._is_old = False  # whether the archive has changed since the last `look_over`
        self._changed: list[Change] = []
        self._followed = archive.revision  # the revision up to which the changes are known
        self._read_at = self._followed  # the revision of the current calculation
        self._following = Lock()
        self._one_at_a_time = Lock()
        archive.on_entry.append(self._follow)

    def run(self, name: str, request: ReportRequest) -> Report:
        """Run a report.

        Raises:
            NotFound: There is no report with this name.
            UsageError: An option is unknown or invalid.
        """
        declaration = report(name)
        checked_options(declaration.declared, request.options)
        with self._one_at_a_time, at_rest():
            answer = self._at_one_revision(lambda data: declaration.run(data, self._observed(request)))
        is_ahead = request.as_of > self._archive.ctx.today
        return replace(answer, notes=(_ahead(request.as_of), *answer.notes)) if is_ahead else answer

    def look_over(self, request: ReportRequest) -> None:
        """Calculate the insights on all customers if the archive or the date has changed. This is slow."""
        with self._one_at_a_time, at_rest():
            if self._is_old or self._overview is None or self._overview.as_of != request.as_of:
                self._is_old = False
                try:
                    self._overview = self._at_one_revision(
                        lambda data: overview(data, self._observed(request))
                    )
                except BaseException:
                    self._is_old = True
                    raise

    def _observed(self, request: ReportRequest) -> ReportRequest:
        """Add the date from which losses are recorded, from the archive's settings, unless the request has one."""
        return replace(request, observed_since=request.observed_since or self._archive.own.observed_since)

    def about(self, customer: str) -> list[Insight]:
        """Return the insights on a customer as of the last `look_over`; empty before the first."""
        return about(self._overview, customer) if self._overview else []

    def _follow(self, entry: Entry) -> None:
        with self._following:
            self._changed += entry.changes
            self._followed += 1
            self._is_old = True

    def _at_one_revision(self, calculate: Callable[[SalesData], T]) -> T:
        """Run a calculation on the data set; repeat it if the archive changes while the calculation reads it.

        Raises:
            ArchiveError: The archive changed during every attempt.
        """
        for _again in range(TRIES):
            try:
                return calculate(self._up_to_date())
            except _Changed:
                sleep(PAUSE)  # the thread that made the change has to report it first
        raise ArchiveError(
            _("The archive kept changing while the report was being calculated."), _("Run the report again.")
        )

    def _columns(self, table: str, keys: Sequence[str]) -> Mapping[str, Sequence[Any]]:
        """Return stored values by column.

        Raises:
            _Changed: The archive has changed since the calculation began.
        """
        values = self._archive.columns(table, keys)
        if self._archive.revision != self._read_at:
            raise _Changed
        return values

    def _up_to_date(self) -> SalesData:
        with self._following:
            changed, self._changed = self._changed, []
            self._read_at = self._followed
        touched = set(_customers(changed))
        has_new_settings = any(change.table == ArchiveSettings.TABLE for change in changed)
        if self._data is None or has_new_settings or len(touched) > MANY:
            return self._anew()
        if changed:
            self._data.forget({change.table for change in changed})
            for customer in touched:
                uids = self._archive.children("transactions", customer)
                rows = (self._archive.raw("transactions", uid) for uid in uids)
                self._data.follow(customer, [row for row in rows if row])
        return self._data

    def _anew(self) -> SalesData:
        ctx = self._archive.ctx
        self._data = SalesData(
            self._columns,
            home=ctx.currency,
            rates=ctx.rates,
        )
        return self._data


def _ahead(day: date) -> str:
    """Return the note on a report for a date in the future."""
    return _("{day} is in the future: the figures include only records entered so far.").format(day=day)


def _customers(changes: list[Change]) -> Iterator[str]:
    """Yield the customers whose transactions changed."""
    for change in changes:
        if change.table == "transactions":
            rows: list[Mapping[str, Any]] = [row for row in (change.new, change.old) if row]
            yield from (row["customer"] for row in rows if "customer" in row)
