"""The list of reports, each with the question it answers; enter or a report's letter opens it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.widgets import Static

from archive.analysis.request import ReportSpec, reports
from archive.text import N_, _, plural
from archive.ui.safe_text import plain, template
from archive.ui.screens.table_screen import Finder, TablePlace
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_lines import Cells


class AnalysisScreen(TablePlace[ReportSpec]):
    """The reports."""

    COLUMNS = [
        Column("letter", "", 1),
        Column("title", N_("Report"), 26),
        Column("question", N_("Question"), 20, 1, 1, secondary=True),
    ]
    BODY = Vertical
    SEARCHES = False  # each letter opens a report

    def on_mount(self) -> None:
        super().on_mount()
        self.records.can_mark = False

    def heading(self) -> str:
        return _("Analysis")

    def detail(self) -> str:
        return plural("{n} report", "{n} reports", len(self.lines))

    def empty_words(self) -> Content:
        return template(
            _(
                "No reports yet. Add a customer first.\n\n"
                "Press [b]ctrl+g c[/b], then [b]n[/b] to add a customer, or [b]ctrl+g i[/b] to import a file."
            )
        )

    def finder(self) -> Finder[ReportSpec]:
        archive = self.archive
        return lambda _cancelled: (
            {name: spec.declared for name, spec in reports().items()} if archive.count("customers") else {}
        )

    def cells(self, line: ReportSpec) -> Cells:
        return {"letter": line.letter, "title": _(line.title), "question": _(line.question)}

    def compose_beside(self) -> ComposeResult:
        yield Static(classes="report-note")

    def show_line(self, line: ReportSpec | None) -> None:
        """Show the full question, which may be truncated in the table."""
        self.query_one(".report-note", Static).update(plain(_(line.question) if line else ""))

    def open(self, line: ReportSpec) -> None:
        """Open the report."""
        from archive.ui.screens.report import ReportScreen

        self.app.push_screen(ReportScreen(line.name))

    def on_key(self, event: Key) -> None:
        """Open the report with this letter."""
        report = next((line for line in self.lines.values() if line.letter == event.character), None)
        if report:
            event.stop()
            self.open(report)
