"""How a report is declared and what it is asked with. A module of `archive.analysis` that has a `REPORT` and a
`run(book, ask)` is a report: the menu, the screen, `archive report` and the exports follow from that."""

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
    from archive.analysis.book import Book
    from archive.analysis.report import Report


class Cancelled(BaseException):
    """The reader pressed escape while a report was being worked out."""


class Option(NamedTuple):
    """Something a report can be told. `choices` are values and how they are called, as English source text; empty:
    a number or a free text, read by the report."""

    key: str
    label: str
    default: str
    choices: Mapping[str, str] = {}

    def said(self, value: str) -> str:
        """A value as it is called."""
        return _(self.choices[value]) if value in self.choices else value


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What a report module declares; `title` and `asks` are English source text, translated where shown.

    `figures` are all its stable keys, `sums` those that rest on sums of the period's sales, `groups` whether it takes
    `--by` a field of the customers, `letter` its key on the Analysis place, `slow` whether it fits a model, so that
    progress is worth showing.
    """

    name: str
    title: str
    asks: str
    letter: str
    place: int  # in the menu
    figures: tuple[str, ...]
    tables: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    sums: tuple[str, ...] = ()
    groups: bool = False
    slow: bool = False


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What a report is asked: seen on `as_of` (inclusive: nothing later exists), over `start` to `end` (inclusive).

    `options` holds what differs from the defaults; `observed_since` is the day from which losses are recorded, None
    for that of the first record. `preceding` is the period before, if it does not follow from the days: of a quarter
    that is not over the whole quarter before. `on_step` is told how far the work is, from 0 to 1; `cancelled` is
    asked now and then.
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
        """Tell how far the work is; raises Cancelled where it is not wanted any more."""
        if self.cancelled():
            raise Cancelled
        self.on_step(done)

    def before(self) -> Ask:
        """Return the same question over the period before, as of that period's last day."""
        start, end = self.preceding or previous(self.start, self.end)
        return replace(self, as_of=end, start=start, end=end, preceding=None, on_step=lambda done: None)


def asked(
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
) -> Ask:
    """The question with its defaults: as of `end`, else today; the 12 months to then. UsageError where days cross."""
    as_of = as_of or (min(end, today) if end else today)
    if start and end and start <= as_of < end and is_calendar(start, end):  # the period is not over
        preceding = preceding or previous(start, end)
    end = min(end, as_of) if end else as_of
    start = start or year_before(end) + timedelta(days=1)
    if start > end:
        raise UsageError(
            _("The period begins on {start}, after its end on {end}.").format(start=start, end=end)
        )
    return Ask(
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

    declared: Declaration
    run: Callable[[Book, Ask], Report]


def reports() -> dict[str, Module]:
    """Every report by its name, in the order of the menu."""
    names = [found.name for found in pkgutil.iter_modules(analysis.__path__) if not found.ispkg]
    modules = [import_module(f"archive.analysis.{name}") for name in names]
    found = [Module(module.REPORT, module.run) for module in modules if hasattr(module, "REPORT")]
    found.sort(key=lambda module: module.declared.place)
    return {module.declared.name: module for module in found}


def report(name: str) -> Module:
    """The report of this name; NotFound names those there are."""
    known = reports()
    if name not in known:
        near = nearest(name, known)
        hint = _("Did you mean {names}?") if near else _("There are {names}.")
        raise NotFound(
            _("There is no report {name}.").format(name=name), hint.format(names=", ".join(near or known))
        )
    return known[name]


def option(declared: Declaration, ask: Ask, key: str) -> str:
    """The value of an option of a report, its default where none was given."""
    return ask.options.get(key, next(o.default for o in declared.options if o.key == key))


def checked_options(declared: Declaration, given: Mapping[str, str]) -> dict[str, str]:
    """The options as they were given; UsageError names what the report can be told."""
    known = {o.key: o for o in declared.options}
    for key, value in given.items():
        if key not in known:
            raise UsageError(
                _("The report {name} has no option {key}.").format(name=declared.name, key=key),
                _("It has {names}.").format(names=", ".join(known)) if known else "",
            )
        if known[key].choices and value not in known[key].choices:
            raise UsageError(
                _("{key} cannot be {value}.").format(key=key, value=value),
                _("It is one of {names}.").format(names=", ".join(known[key].choices)),
            )
    return dict(given)
