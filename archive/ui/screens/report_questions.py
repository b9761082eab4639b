"""Dialogs of a report: group by, as of, custom dates, assumptions, and the explanation of a figure."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from archive.analysis.common.groups import groupable
from archive.analysis.request import Option, ReportSpec
from archive.model.dates import show_date
from archive.model.field_types.base import Context
from archive.model.field_types.standard import DATE
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.safe_text import lines
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.dialogs import LineScreen, PickScreen, Question, widest_of
from archive.ui.screens.find import FindScreen
from archive.ui.screens.report_period import DAYS, Period, read_days
from archive.ui.screens.report_run import ReportSettings

RunReport = Callable[[ReportSettings], None]
READABLE = 110  # cells of a line of prose
_NOT_GROUPED = "\0"
_AS_OF, _OVER, _BY, _USUAL = "\0a", "\0d", "\0b", "\0u"


class WhyScreen(Question[None]):
    """Explains a figure or a row."""

    KEY_LABELS = {"cancel": N_("Back")}

    def __init__(self, about: str, why: str) -> None:
        super().__init__(about)
        self._why = why

    def compose_answer(self) -> ComposeResult:
        with VerticalScroll(id="why"):
            yield Static(lines(self._why))

    def widest(self) -> int:
        return min(READABLE, widest_of([self._title, *self._why.splitlines()]))

    @command("w,enter,q", N_("Back"))
    def action_leave(self) -> None:
        """Go back to the report."""
        self.dismiss(None)


def pick_field(app: App[None], settings: ReportSettings, ask: RunReport) -> None:
    """Ask which field to group customers by."""
    names = dict.fromkeys(field.key for field in groupable().values())
    choices = [(key, groupable()[key].title) for key in names]

    def take(key: str | None) -> None:
        if key is not None:
            ask(settings._replace(by="" if key == _NOT_GROUPED else key))

    none = [(_NOT_GROUPED, _("default grouping"))] if settings.by else []
    app.push_screen(FindScreen(_("Group customers by which field?"), [*none, *choices], at=settings.by), take)


def pick_option(
    screen: ArchiveScreen[None], declared: ReportSpec, settings: ReportSettings, ask: RunReport
) -> None:
    """Ask which option to change, then its value."""
    ctx = screen.archive.ctx
    day_text = show_date(settings.as_of) if settings.as_of else _("today")
    choices = [
        (_AS_OF, _("a  as-of date: {day}").format(day=day_text)),
        (_OVER, _("d  period: {period}").format(period=settings.period.label)),
    ]
    keys = {"a": _AS_OF, "d": _OVER}
    if declared.groups:
        choices.append((_BY, _("b  group by: {field}").format(field=settings.by or "-")))
        keys["b"] = _BY
    for number, option in enumerate(declared.options, 1):
        value = option.label_of(settings.options.get(option.key, option.default)) or "-"
        choices.append((option.key, f"{number}  {_(option.label)}: {value}"))
        keys[str(number)] = option.key
    choices.append((_USUAL, _("u  reset to defaults")))
    keys["u"] = _USUAL

    def take(key: str | None) -> None:
        if key == _AS_OF:
            _ask_day(screen, settings, ask, ctx)
        elif key == _OVER:
            _ask_days(screen, settings, ask, ctx)
        elif key == _BY:
            pick_field(screen.app, settings, ask)
        elif key == _USUAL:
            ask(ReportSettings())
        elif key is not None:
            option = next(option for option in declared.options if option.key == key)
            _ask_option(screen, option, settings, ask)

    screen.app.push_screen(PickScreen(_("Report options"), choices, keys=keys), take)


def _ask_day(screen: ArchiveScreen[None], settings: ReportSettings, ask: RunReport, ctx: Context) -> None:
    """Ask for the as-of date; an empty line means today."""

    def take(text: str | None) -> None:
        day = None if text is None else screen.owner.tried(lambda: DATE.parse(text, ctx))
        if day is not None or text == "":
            ask(settings._replace(as_of=day))

    text_of_day = settings.as_of.isoformat() if settings.as_of else ""
    screen.app.push_screen(
        LineScreen(_("As-of date"), text_of_day, _("today, 2026-09-30, eom, 3 months ago")), take
    )


def _ask_days(screen: ArchiveScreen[None], settings: ReportSettings, ask: RunReport, ctx: Context) -> None:
    """Ask for the first and last day."""

    def take(text: str | None) -> None:
        days = screen.owner.tried(lambda: read_days(text, ctx)) if text and text.strip() else None
        if days is not None:
            ask(settings._replace(period=Period(DAYS, named=days)))

    placeholder = _("2026, 2026-03 or 2026-03-01..2026-06-30")
    screen.app.push_screen(LineScreen(_("Period"), placeholder=placeholder), take)


def _ask_option(
    screen: ArchiveScreen[None], option: Option, settings: ReportSettings, ask: RunReport
) -> None:
    """Ask for the value of an option, as a choice or as text."""
    now = settings.options.get(option.key, option.default)

    def take(value: str | None) -> None:
        if value is not None:
            others = {key: text for key, text in settings.options.items() if key != option.key}
            ask(settings._replace(options=others | ({option.key: value.strip()} if value.strip() else {})))

    if option.choices:
        choices = [(value, option.label_of(value)) for value in option.choices]
        screen.app.push_screen(PickScreen(_(option.label), choices, at=now), take)
    else:
        screen.app.push_screen(LineScreen(_(option.label), now), take)
