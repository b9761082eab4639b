"""The form of a list item such as an address, a position, or a product in use."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from archive.model.field_types.lists import ListOf
from archive.model.fields import Item, problems
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.safe_text import plain
from archive.ui.screens.dialogs import Question
from archive.ui.widgets.field_row import FieldRow, Surroundings
from archive.ui.widgets.rows import row_for


class PartScreen(Question[Item]):
    """A form generated from the fields of the part; returns the part, or None."""

    def __init__(self, kind: ListOf[Item], part: Item | None, around: Surroundings) -> None:
        super().__init__(_(kind.noun).capitalize())
        self.kind = kind
        self.begun = part or kind.part()
        self._around = around

    def compose_answer(self) -> ComposeResult:
        with VerticalScroll(id="fields"):
            for key, field in self.kind.part.FIELDS.items():
                yield row_for(field, self._around, getattr(self.begun, key))
        yield Static(id="note")

    def on_mount(self) -> None:
        self.query_one(FieldRow).enter()

    @on(FieldRow.Noted)
    def _noted(self, event: FieldRow.Noted) -> None:
        note = self.query_one("#note", Static)
        note.set_class(event.wrong, "-error")
        note.update(plain(("! " if event.wrong else "") + event.text))

    @on(Input.Submitted)
    def _next(self) -> None:
        rows = list(self.query(FieldRow))
        if rows[-1].has_focus_within:
            self.action_save()
        else:
            self.focus_next()

    def part(self) -> Item:
        """Return the part as edited so far; a field that cannot be parsed keeps its old value."""
        readings = {row.field.key: row.read() for row in self.query(FieldRow)}
        return self.begun.with_values(
            **{key: reading.value for key, reading in readings.items() if not reading.error}
        )

    @command("ctrl+s,f2", N_("OK"), footer=True, priority=True)
    def action_save(self) -> None:
        """Apply the entry. It is saved when you save the record."""
        values = {}
        for row in self.query(FieldRow):
            reading = row.read()
            if reading.error:
                row.complain(reading.error)
                row.enter()
                return
            values[row.field.key] = reading.value
        part = self.kind.part(**values)
        for key, sentence in problems(part).items():
            row = next(row for row in self.query(FieldRow) if row.field.key == key)
            row.complain(sentence)
            row.enter()
            return
        self.dismiss(part)
