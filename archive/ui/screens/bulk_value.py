"""Enter the value of a change of many records, in the editor of its field; then its preview opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from archive.errors import BadValue
from archive.model.fields import Field
from archive.service.bulk_change import Applied, BulkChange
from archive.service.completion import completions
from archive.text import N_
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.safe_text import plain
from archive.ui.screens.bulk_preview import BulkPreviewScreen
from archive.ui.screens.dialogs import Question
from archive.ui.screens.match_list import match_list
from archive.ui.screens.part_form import PartScreen
from archive.ui.widgets.field_row import FieldRow, Surroundings
from archive.ui.widgets.rows import row_for

Make = Callable[[Sequence[Any]], BulkChange]
"""Returns the change for the values of the fields; raises BadValue, with the key of its field, if one is missing."""


class BulkValueScreen(Question[Applied]):
    """One or two fields. Returns the result once the change was applied."""

    DEFAULT_CSS = """
    BulkValueScreen > #box { width: 90; }
    BulkValueScreen #note { height: auto; min-height: 1; padding: 0 0 0 22; }
    BulkValueScreen.-low > #box > #title, BulkValueScreen.-low > #box > #note { margin: 0; }
    BulkValueScreen.-low > #box > #fields { padding: 0; }
    BulkValueScreen.-narrow #note, BulkValueScreen.-tiny #note { padding: 0; }
    """
    KEY_LABELS = {"submit": N_("Preview")}

    def __init__(
        self,
        title: str,
        table: str,
        fields: Sequence[tuple[Field, Any]],
        make: Make,
        *,
        hint: str = "",
    ) -> None:
        super().__init__(title)
        self._table, self._fields, self._make, self._hint = table, fields, make, hint

    def compose_answer(self) -> ComposeResult:
        archive = self.archive

        def known(key: str, begin: str) -> list[str]:
            return completions(archive, self._table, key, begin)

        around = Surroundings(lambda: archive.ctx, PartScreen, known, partial(match_list, archive))
        with VerticalScroll(id="fields", can_focus=False):
            for field, value in self._fields:
                yield row_for(field, around, value)
        yield Static(id="note")

    def on_mount(self) -> None:
        self._note(self._hint, wrong=False)
        rows = list(self.query(FieldRow))
        next((row for row in rows if not row.typed), rows[0]).enter()

    def _note(self, text: str, *, wrong: bool) -> None:
        note = self.query_one("#note", Static)
        note.set_class(wrong, "-error")
        note.update(plain(("! " if wrong else "") + (text or self._hint)))

    @on(FieldRow.Noted)
    def _noted(self, event: FieldRow.Noted) -> None:
        self._note(event.text, wrong=event.wrong)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_save()

    @command("ctrl+s,f2", N_("Preview"), footer=True, priority=True)
    def action_save(self) -> None:
        """Show what would change. Enter does the same."""
        change = self._change()
        if change and self.is_current:
            self.query_one("#box").visible = False
            self.app.push_screen(BulkPreviewScreen(self._title, change), self._take)

    def _change(self) -> BulkChange | None:
        rows = list(self.query(FieldRow))
        values = []
        for row in rows:
            reading = row.read()
            if reading.error:
                row.complain(reading.error)
                row.enter()
                return None
            values.append(reading.value)
        try:
            return self._make(values)
        except BadValue as error:
            row = next((row for row in rows if not row.typed), rows[-1])
            row.complain(str(error))
            row.enter()
            return None

    def _take(self, result: Applied | None) -> None:
        if result is not None:
            self.dismiss(result)
        else:
            self.query_one("#box").visible = True
