"""Declaration and parameters of reports.

Every module of `archive.analysis` that defines `REPORT` and `run(data, request)` is a report; the menu, the screens,
`archive report` and the exports pick it up from there.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from archive import analysis
from archive.errors import NotFound, UsageError
from archive.model.periods import Days, is_calendar, previous
from archive.model.summary import year_before
from archive.text import _, nearest

if TYPE_CHECKING:
    from archive.analysis.dataset import SalesData
    from archive.analysis.report import Report


class Cancelled(BaseException):
    """The user pressed escape while a report was being calculated."""


class Option(NamedTuple):
    """An option of a report. `choices` maps values to labels (English source text); empty: a number or free text."""

    key: str
    label: str
    default: str
    choices: Mapping[str, str] = {}

    def label_of(self, value: str) -> str:
        """Return the label of a value."""
        return _(self.choices[value]) if value in self.choices else value


@dataclass(frozen=True, kw_only=True)
class ReportSpec:
    """The declaration of a report; `title` and `question` are English source text, translated on display.

    Attributes:
        letter: Its key on the Analysis screen.
        place: Its position in the menu.
        figures: All its stable figure keys.
        sums: Keys of the figures that depend on sums of the period's sales.
        groups: Whether it supports `--by FIELD`, grouping by a field of the customers.
        slow: Whether it fits a model, so that progress should be shown.
    """

    name: str
    title: str
    question: str
    letter: str
    place: int
    figures: tuple[str, ...]
    tables: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    sums: tuple[str, ...] = ()
    groups: bool = False
    slow: bool = False


@dataclass(frozen=True, kw_only=True)
class ReportRequest:
    """The parameters of a report.

    Attributes:
        as_of: The as-of date, included; later records are ignored.
        start: First day of the period.
        end: Last day of the period, included.
        options: Options that differ from their defaults.
        observed_since: Day from which losses are recorded; None for the day of the first record.
        preceding: Comparison period, if not the same number of days just before `start`: for an unfinished quarter,
            the whole quarter before.
        on_step: Called with the progress from 0 to 1.
        cancelled: Polled to find out whether the user cancelled.
    """

    as_of: date
    start: date
    end: date
    by: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    observed_since: date | None = None
    preceding: Days | None = None
    on_step: Callable[[float], None] = lambda done: None
    cancelled: Callable[[], bool] = lambda: False

    def step(self, done: float) -> None:
        """Report the progress, from 0 to 1.

        Raises:
            Cancelled: The user cancelled the report.
        """
        if self.cancelled():
            raise Cancelled
        self.on_step(done)

    def before(self) -> ReportRequest:
        """Return the same request for the preceding period, as of its last day."""
        start, end = self.preceding or previous(self.start, self.end)
        return replace(self, as_of=end, start=start, end=end, preceding=None, on_step=lambda done: None)


def make_request(
    today: date,
    *,
    as_of: date | None = None,
    start: date | None = None,
    end: date | None = None,
    by: str = "",
    options: Mapping[str, str] | None = None,
    observed_since: date | None = None,
    preceding: Days | None = None,
    on_step: Callable[[float], None] = lambda done: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ReportRequest:
    """Build a request with its defaults: as of `end`, or today; a period of the 12 months up to then.

    Raises:
        UsageError: The period begins after its end.
    """
    as_of = as_of or (min(end, today) if end else today)
    if start and end and start <= as_of < end and is_calendar(start, end):  # the period is not over
        preceding = preceding or previous(start, end)
    end = min(end, as_of) if end else as_of
    start = start or year_before(end) + timedelta(days=1)
    if start > end:
        raise UsageError(
            _("The period starts on {start}, after its end on {end}.").format(start=start, end=end),
            _("Change one of the two dates."),
        )
    return ReportRequest(
        as_of=as_of,
        start=start,
        end=end,
        by=by,
        options=options or {},
        observed_since=observed_since,
        preceding=preceding,
        on_step=on_step,
        cancelled=cancelled,
    )


class Module(NamedTuple):
    """A report: its declaration and its function."""

    declared: ReportSpec
    run: Callable[[SalesData, ReportRequest], Report]


def reports() -> dict[str, Module]:
    """Return all reports by name, in menu order."""
    names = [module.name for module in pkgutil.iter_modules(analysis.__path__)]
    modules = [import_module(f"archive.analysis.{name}") for name in names]
    entries = [Module(module.REPORT, module.run) for module in modules if hasattr(module, "REPORT")]
    entries.sort(key=lambda module: module.declared.place)
    return {module.declared.name: module for module in entries}


def report(name: str) -> Module:
    """Return the report with this name.

    Raises:
        NotFound: There is no such report; the hint lists similar names or all.
    """
    by_name = reports()
    if name not in by_name:
        similar = nearest(name, by_name)
        hint = _("Did you mean {names}?") if similar else _("The reports are {names}.")
        raise NotFound(
            _("There is no report {name}.").format(name=name),
            hint.format(names=", ".join(similar or by_name)),
        )
    return by_name[name]


def option(spec: ReportSpec, request: ReportRequest, key: str) -> str:
    """Return the value of a report's option, or its default."""
    return request.options.get(key, next(o.default for o in spec.options if o.key == key))


def checked_options(spec: ReportSpec, values: Mapping[str, str]) -> dict[str, str]:
    """Validate the options of a report and return them.

    Raises:
        UsageError: An option or its value is not allowed; the hint lists what is.
    """
    options = {o.key: o for o in spec.options}
    for key, value in values.items():
        if key not in options:
            raise UsageError(
                _("The report {name} has no option {key}.").format(name=spec.name, key=key),
                _("Its options are {names}.").format(names=", ".join(options)) if options else "",
            )
        if options[key].choices and value not in options[key].choices:
            raise UsageError(
                _("{key} cannot be {value}.").format(key=key, value=value),
                _("Choose one of {names}.").format(names=", ".join(options[key].choices)),
            )
    return dict(values)
