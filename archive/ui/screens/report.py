"""The screen of a report: figures on top, charts and tables below, with links to records and explanations."""

from __future__ import annotations

from dataclasses import dataclass

from textual import work
from textual.app import ComposeResult
from textual.events import DescendantFocus
from textual.message import Message
from textual.worker import get_current_worker

from archive.analysis.formatting import cases, form_of
from archive.analysis.report import Opens, Report
from archive.analysis.request import ReportSpec, report
from archive.model.dates import show_date
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.report_page import ReportPage
from archive.ui.screens.report_run import Answer, ReportSettings, work_out
from archive.ui.screens.report_sections import customers_opened_by
from archive.ui.screens.report_table import SectionTable
from archive.ui.widgets.figures import FigureStrip
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar
from archive.ui.widgets.table import RecordTable


def _has_why(screen: ReportScreen) -> bool:
    return bool(screen.page.why()[1])


def _can_group(screen: ReportScreen) -> bool:
    return screen.declared.groups


def _on_records(screen: ReportScreen) -> bool:
    table = screen.focused
    return isinstance(table, SectionTable) and table.opens


def _has_answer(screen: ReportScreen) -> bool:
    return screen.shown is not None


class ReportScreen(ArchiveScreen[None]):
    """One report. `settings` is the request, `shown` the last report."""

    @dataclass
    class Progressed(Message):
        """Progress of a calculation; `number` identifies the request."""

        number: int
        done: float

    @dataclass
    class Answered(Message):
        """A calculation has finished, with a report or an error."""

        number: int
        answer: Answer

    def __init__(self, name: str) -> None:
        super().__init__()
        self.declared: ReportSpec = report(name).declared
        self.settings = ReportSettings()
        self.shown: Report | None = None
        self._shown_settings = self.settings
        self._request_number = 0
        self._answered = 0
        self._says_progress = False

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield ReportPage()
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self._say_title()
        self._follow()

    @property
    def page(self) -> ReportPage:
        """The content below the title bar."""
        return self.query_one(ReportPage)

    @property
    def is_working(self) -> bool:
        """Whether keys must wait for the result. They do not wait for a slow report, so that esc can stop it."""
        return (self._answered != self._request_number and not self.declared.slow) or super().is_working

    # Calculating

    def show_archive(self) -> None:
        self.ask(self.settings)

    def ask(self, settings: ReportSettings) -> None:
        """Calculate in a thread. The previous report remains until the new report is ready."""
        self.settings = settings
        self._request_number += 1
        self._say_title()
        self._work_out(self._request_number, settings)

    @work(thread=True, exclusive=True, group="report", exit_on_error=False)
    def _work_out(self, number: int, settings: ReportSettings) -> None:
        worker = get_current_worker()
        last_share = 0.0

        def on_step(done: float) -> None:
            nonlocal last_share
            if done >= last_share + 0.01:
                last_share = done
                self.post_message(self.Progressed(number, done))

        answer = work_out(
            self.archive,
            self.owner.reporting,
            self.declared.name,
            settings,
            on_step,
            lambda: worker.is_cancelled,
        )
        self.post_message(self.Answered(number, answer))

    def on_report_screen_progressed(self, message: Progressed) -> None:
        if message.number == self._request_number and self._answered != self._request_number:
            words = _("Calculating … {percent} %  (esc stops)")
            self._says_progress = True
            self.query_one(StatusLine).say(words.format(percent=round(message.done * 100)))

    async def on_report_screen_answered(self, message: Answered) -> None:
        if message.number != self._request_number or not self.is_there:
            return
        answer = message.answer
        if self._says_progress:  # any other message stays
            self._says_progress = False
            self.query_one(StatusLine).say("")
        if answer.report:
            self.shown, self._shown_settings = answer.report, answer.settings
            self._say_title()
            await self.page.show(self.shown, form_of(self.shown, self.archive.ctx))
        else:
            self._give_up(answer)
        self._answered = message.number
        self.refresh_bindings()

    def _give_up(self, answer: Answer) -> None:
        """Return to the request of the previous report."""
        self.settings = self._shown_settings
        self._say_title()
        if answer.error and self.shown:
            self.owner.show_error(answer.error)
        elif answer.error:
            self.page.say(f"! {answer.error}")

    # Showing

    def _say_title(self) -> None:
        """Fill the title bar: report, n, as-of date and period. If it is too narrow, the first details are dropped."""
        settings, report = self.settings, self.shown
        details = []
        if report:
            details.append(cases(report.n, form_of(report, self.archive.ctx)))
            details.append(_("by {field}").format(field=settings.by) if settings.by else "")
            details.append(
                _("as of {day}").format(day=show_date(report.as_of)) if report.as_of != report.end else ""
            )
            details.append(_("{start} to {end}").format(start=report.start, end=report.end))
        details.append(f"[ {settings.period.label} ]" if settings.period.can_shift else settings.period.label)
        self.query_one(TitleBar).show(_(self.declared.title), *details)

    @on(DescendantFocus)
    @on(RecordTable.Highlighted)
    @on(FigureStrip.Highlighted)
    def _follow_cursor(self) -> None:
        self.refresh_bindings()

    # Navigation

    @command("tab", N_("Next"), when=_has_answer)
    def action_next_part(self) -> None:
        """Go to the next chart or table."""
        self.focus_next()

    @command("shift+tab", N_("Previous"), when=_has_answer)
    def action_previous_part(self) -> None:
        """Go to the previous chart or table."""
        self.focus_previous()

    # Records and explanation of a figure or row

    @on(FigureStrip.Opened)
    def _open_figure(self, event: FigureStrip.Opened) -> None:
        if event.figure.opens:
            self._open(event.figure.opens, event.figure.label)

    @on(RecordTable.Opened)
    def _open_row(self, event: RecordTable.Opened) -> None:
        table = event.table
        if isinstance(table, SectionTable) and table.row is not None:
            opens = table.section.opens(table.row)
            if opens:
                self._open(opens, table.section.why(table.row)[0], customers_opened_by(table.section))

    def _open(self, opens: Opens, about: str, neighbours: list[str] | None = None) -> None:
        """Open a single customer's profile, or else a list of the records."""
        from archive.ui.screens.report_records import OpenedScreen

        if opens.table == "customers" and len(opens.uids) == 1:
            self.show_customer(opens.uids[0], neighbours or [])
        else:
            self.app.push_screen(OpenedScreen(opens.table, opens.uids, about))

    @command("w", N_("Why"), footer=True, when=_has_why)
    def action_why(self) -> None:
        """Explain how the figure was calculated, or why the row is listed."""
        from archive.ui.screens.report_questions import WhyScreen

        self.app.push_screen(WhyScreen(*self.page.why()))

    # Changing the request

    @command("p", N_("Period"), footer=True)
    def action_period(self) -> None:
        """Switch the period: 12 months, this quarter, this year, last year, all."""
        day = self.settings.day(self.archive.ctx.today)
        self.ask(self.settings._replace(period=self.settings.period.next_kind(day)))

    @command("left_square_bracket,comma,ctrl+pageup", N_("Earlier"))
    def action_earlier(self) -> None:
        """Show the previous period."""
        self._shift(1)

    @command("right_square_bracket,full_stop,ctrl+pagedown", N_("Later"))
    def action_later(self) -> None:
        """Show the next period."""
        self._shift(-1)

    def _shift(self, back: int) -> None:
        settings = self.settings
        period = settings.period.shifted(back, settings.day(self.archive.ctx.today))
        if settings.period.can_shift and period != settings.period:
            self.ask(settings._replace(period=period))

    @command("b", N_("Group"), footer=True, when=_can_group)
    def action_by(self) -> None:
        """Group customers by a field."""
        from archive.ui.screens.report_questions import pick_field

        pick_field(self.app, self.settings, self.ask)

    @command("o", N_("Options"))
    def action_options(self) -> None:
        """Change the as-of date, the period or the assumptions of the report."""
        from archive.ui.screens.report_questions import pick_option

        pick_option(self, self.declared, self.settings, self.ask)

    @command("m", N_("Change marked"), when=_on_records, writes=True)
    def action_change(self) -> None:
        """Change the records behind the marked rows, or behind the row under the cursor, together."""
        from archive.ui.screens.bulk import change_opened

        table = self.focused
        if isinstance(table, SectionTable):
            change_opened(self, [table.section.opens(int(row)) for row in table.chosen], table)

    @command("x", N_("Export"), footer=True, when=_has_answer)
    def action_export(self) -> None:
        """Export the table under the cursor, or its marked rows, or else the figures, to the export folder."""
        self._export(ask=False)

    @command("X", N_("Export to …"), when=_has_answer)
    def action_export_to(self) -> None:
        """Export after choosing file name, format, rows, columns and headings."""
        self._export(ask=True)

    def _export(self, *, ask: bool) -> None:
        from archive.service.sheets import lines_sheet
        from archive.ui.screens.exporting import export_sheet

        section = self.page.section
        if self.shown and section:
            name = f"{self.shown.name}-{section.key}"
            sheet = lines_sheet(name, section.lines()[1:], section.headings(), self.page.marked)
            export_sheet(self, sheet, ask=ask)

    # Leaving

    @command("escape", N_("Back"))
    async def action_back(self) -> None:
        """Stop the calculation, or clear the marks, or go back."""
        if self._answered != self._request_number and self.shown:
            self._stop()
        elif not self.step_back():
            await self.action_leave()

    def _stop(self) -> None:
        self.workers.cancel_group(self, "report")
        self._request_number = self._answered = self._request_number + 1
        self._give_up(Answer(self.settings))
        self.query_one(StatusLine).say(_("Calculation stopped."))

    @command("q", N_("Back"))
    async def action_leave(self) -> None:
        """Go back to the list of reports."""
        self.workers.cancel_group(self, "report")
        self.dismiss()
