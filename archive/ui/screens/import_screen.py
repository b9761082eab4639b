"""Import a file: choose it, review the plan, adjust the mapping and options, then import everything at once."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from archive.errors import ArchiveError
from archive.exchange.source import read_file
from archive.service.folder import home_folder, is_folder
from archive.service.importing import apply, read_plan
from archive.service.importing.plan import Cancelled, ImportOptions, Plan
from archive.service.rejects import free_rejects_path, write_rejects
from archive.text import N_, _, plural
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.safe_text import template
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.import_view import (
    COLUMNS,
    ROWS,
    column_cells,
    field_choices,
    found_line,
    no_file_text,
    nothing_to_review,
    outcome_lines,
    progress_line,
    row_cells,
)
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar
from archive.ui.widgets.table import RecordTable


def _has_file(screen: ImportScreen) -> bool:
    return screen.path is not None


def _has_plan(screen: ImportScreen) -> bool:
    """Return whether the plan on the screen matches the current file and options."""
    return screen.plan is not None and not screen.reading


_OF_COLUMNS = {"open": N_("Change"), "turn": N_("Rows")}
_OF_ROWS = {"open": N_("Read"), "turn": N_("Columns")}


_PATIENCE = 1.0  # seconds without data before the wait is explained


class ImportScreen(ArchiveScreen[None]):
    """A file, its import options, and the resulting plan. Nothing is written until ctrl+s."""

    KEY_LABELS = _OF_COLUMNS

    @dataclass
    class Step(Message):
        """Progress: `done` of `total` rows were read."""

        done: int
        total: int

    class Waiting(Message):
        """The file is a pipe, and no data has arrived for a while."""

    @dataclass
    class Planned(Message):
        """The plan is ready, or reading the file with these options failed."""

        options: ImportOptions
        plan: Plan | None
        error: ArchiveError | None = None

    def __init__(self) -> None:
        super().__init__()
        self.path: Path | None = None
        self.options = ImportOptions()
        self.plan: Plan | None = None
        self.reading = False
        self._began = 0.0
        self._by_row = False
        self._cells: dict[str, Mapping[str, str]] = {}
        self._piped = b""  # data from a pipe, which can be read only once

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield Static(id="found")
        with Vertical(classes="place-body -spaced"):
            yield RecordTable(self._fetch, id="records")
        yield Static(id="outcome")
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.records.set_columns(COLUMNS)
        self.records.can_mark = False
        self.records.empty = no_file_text()
        self.records.focus()

    @property
    def records(self) -> RecordTable:
        """The table of columns or rows."""
        return self.query_one("#records", RecordTable)

    def show_archive(self) -> None:
        self.show_title(_("Import"), self.path.name if self.path else "")
        self._read()

    # Reading

    def read_file(self, path: Path) -> None:
        """Read a file and show the plan for importing it."""
        self.path, self.options, self._by_row, self._piped = path, ImportOptions(), False, b""
        self._read()

    def _read(self) -> None:
        if self.path is None:  # closed while a dialog was open
            return
        self._began = time.monotonic()
        self.reading = True
        self.refresh_bindings()
        self.show_title(_("Import"), self.path.name)
        self._make_plan(self.path, self.options)

    @work(thread=True, exclusive=True, group="plan", exit_on_error=False)
    def _make_plan(self, path: Path, options: ImportOptions) -> None:
        worker = get_current_worker()

        def step(done: int, total: int) -> None:
            self.post_message(self.Step(done, total))

        def turn(silent: float) -> None:
            if worker.is_cancelled:
                raise Cancelled("")
            if silent >= _PATIENCE:
                self.post_message(self.Waiting())

        try:
            data = self._piped or read_file(path, options.format, options.encoding, turn)
            self._piped = b"" if path.is_file() else data
            plan = read_plan(self.archive, data, options, step, lambda: worker.is_cancelled, name=path.name)
            answer = self.Planned(options, plan)
        except Cancelled:
            return
        except ArchiveError as error:
            answer = self.Planned(options, None, error)
        if not worker.is_cancelled:
            self.post_message(answer)

    def on_import_screen_step(self, message: Step) -> None:
        if self.reading:
            seconds = time.monotonic() - self._began
            self.query_one(StatusLine).say(progress_line(message.done, message.total, seconds))

    def on_import_screen_waiting(self) -> None:
        if self.reading:
            self.query_one(StatusLine).say(_("Waiting for data from the pipe. esc cancels."))

    def on_import_screen_planned(self, message: Planned) -> None:
        if (
            not self.reading or message.options is not self.options
        ):  # the file was closed, or is being read again
            return
        status = self.query_one(StatusLine)
        self.plan, self.reading = message.plan, False
        if message.error:
            status.say(str(message.error), error=True)
            words = _("Press [b]o[/b] to change how the file is read, [b]f[/b] to choose another file.")
            self.records.empty = template(f"$error\n\n{words}", error=str(message.error))
        else:
            status.say("")
        self._show_plan()

    def _show_plan(self) -> None:
        plan = self.plan
        self.query_one("#found", Static).update(found_line(plan))
        self.query_one("#outcome", Static).update(outcome_lines(plan))
        self.records.set_columns(ROWS if self._by_row else COLUMNS)
        rows = (row_cells(plan) if self._by_row else column_cells(plan)) if plan else []
        self._cells = {str(number): cells for number, cells in enumerate(rows)}
        self.records.refresh_rows()
        if plan:
            self.records.empty = nothing_to_review() if self._by_row else no_file_text()
        self.KEY_LABELS = _OF_ROWS if self._by_row else _OF_COLUMNS  # type: ignore[misc]
        self.records.set_ids(list(self._cells))
        self.records.opens = bool(self._cells)
        self.refresh_bindings()

    def _fetch(self, ids: Sequence[str]) -> list[Mapping[str, str]]:
        return [self._cells.get(id, {}) for id in ids]

    # Commands

    @command("ctrl+s,f2", N_("Import"), footer=True, when=_has_plan, writes=True)
    async def action_import(self) -> None:
        """Import the file in a single step, which u undoes; rejected rows are written to a file beside it."""
        plan, path = self.plan, self.path
        if plan is None or path is None:
            return
        entry = await self.owner.change_or_raise(lambda: apply(self.archive, plan))
        rejects = await self.owner.change(lambda: _keep_rejects(plan, path)) if plan.rejects else None
        words = [entry.label if entry else _("Nothing to import: the archive already contains all rows.")]
        if rejects:
            n = len(plan.rejects)
            rejected = plural("{n} rejected row", "{n} rejected rows", n)
            words.append(_("{rejected} written to {path}.").format(rejected=rejected, path=rejects))
        self._put_away(" ".join(words))

    def _put_away(self, words: str) -> None:
        self.path = self.plan = None
        self.reading = self._by_row = False
        self._show_plan()
        self.records.empty = no_file_text()
        self.show_title(_("Import"))
        self.query_one(StatusLine).say(words)

    @command("tab", N_("Columns or rows"), footer=True, when=_has_plan)
    def action_turn(self) -> None:
        """Switch between the columns with their fields, and the rows to review: changes, duplicates, rejected rows."""
        self._by_row = not self._by_row
        self._show_plan()

    @on(RecordTable.Opened)
    def _opened(self, event: RecordTable.Opened) -> None:
        if event.id not in self._cells:  # another file or view is shown by now
            return
        if self._by_row:
            self._show_message(self._cells[event.id])
        elif self.plan is not None:
            self._map(self.plan, int(event.id))

    def _show_message(self, row: Mapping[str, str]) -> None:
        """Show the full message about a row, which is usually truncated in the table."""
        from archive.ui.screens.report_questions import WhyScreen

        line = _("line {n}").format(n=row["line"]) if row["line"] else ""
        about = " · ".join(filter(None, [row["what"], line, row["name"]]))
        self.app.push_screen(WhyScreen(about, row["detail"]))

    def _map(self, plan: Plan, number: int) -> None:
        from archive.ui.screens.find import FindScreen

        column = plan.columns[number]

        def take(path: str | None) -> None:
            if path is not None:
                self._change(maps={**self.options.maps, column.header: path})

        title = _("Field for column {column}").format(column=column.header)
        self.app.push_screen(FindScreen(title, field_choices(plan.table), at=column.path), take)

    def _change(self, **values: Any) -> None:
        self.options = dataclasses.replace(self.options, **values)
        self._read()

    @command("o", N_("Options"), footer=True, when=_has_file)
    def action_options(self) -> None:
        """Change how the file is read: record type, format, encoding, dates, numbers, conflicts, unknown customers."""
        from archive.ui.screens.import_options import ask_option

        ask_option(self, self.plan, self.options, self._change)

    @command("f", N_("File"), footer=True)
    def action_file(self) -> None:
        """Choose a file from a list."""
        from archive.ui.screens.file_pick import FilePick

        def take(path: Path | None) -> None:
            if path is not None:
                self.read_file(path)

        folder = self.path.parent if self.path else Path.cwd()
        self.app.push_screen(FilePick(folder if is_folder(folder) else Path.cwd()), take)

    @command("p", N_("Path"))
    def action_path(self) -> None:
        """Enter the path of a file."""
        from archive.ui.screens.dialogs import LineScreen

        def take(text: str | None) -> None:
            if text and text.strip():
                self.read_file(home_folder(text.strip()))

        self.app.push_screen(LineScreen(_("Path of the file to import"), placeholder="~/contacts.csv"), take)

    @command("escape", N_("Cancel"))
    async def action_back(self) -> None:
        """Stop reading or close the file, without importing anything; without a file, go back."""
        if not _has_file(self):
            await super().action_back()
            return
        self.workers.cancel_group(self, "plan")
        self._put_away(_("File closed; nothing was imported."))


def _keep_rejects(plan: Plan, path: Path) -> Path | None:
    target = free_rejects_path(str(path))
    if target:
        write_rejects(plan, target)
    return target
