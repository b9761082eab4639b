"""Edit a single field in place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Static

from archive.errors import ArchiveError
from archive.model.fields import Field
from archive.model.records.customer import Customer
from archive.service.drafts import Draft
from archive.service.extra import record_values, value_of
from archive.text import N_
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.safe_text import plain
from archive.ui.screens.dialogs import Question
from archive.ui.screens.surroundings import surroundings
from archive.ui.widgets.field_row import FieldRow
from archive.ui.widgets.list_row import PartsRow
from archive.ui.widgets.rows import row_for

LEAST_HEIGHT = 3  # lines for the field, its message and the keys


class FieldScreen(Question[bool]):
    """A dialog with one field of a customer, placed over its line; enter saves."""

    DEFAULT_CSS = """
    FieldScreen { align: left top; background: $background 30%; }
    FieldScreen > #box { width: 100%; padding: 0 1; background: $surface; height: auto; max-height: 80%; }
    FieldScreen > #box > #title { display: none; }
    FieldScreen KeyBar { margin: 0; }
    """

    KEY_LABELS = {"submit": N_("Save")}

    def __init__(self, uid: str, field: Field, line: int) -> None:
        super().__init__("")
        self._uid, self._field, self._at = uid, field, line

    def compose_answer(self) -> ComposeResult:
        value = value_of(self.archive.get(Customer, self._uid), self._field.key)
        with VerticalScroll(id="fields", can_focus=False):
            yield row_for(self._field, replace(surroundings(self, "customers"), is_alone=True), value)
        yield Static(id="note")

    def on_mount(self) -> None:
        self._stand(height=LEAST_HEIGHT)
        self.screen_layout_refresh_signal.subscribe(self, self._keep_whole)
        self.row.enter()
        if isinstance(self.row, PartsRow) and not self.row.parts:
            self.row.add_first(self._added_first)

    def _added_first(self, added: bool) -> None:
        self.call_later(self.action_save if added else self.action_cancel)

    def _stand(self, height: int) -> None:
        """Place the box over the line of its field, or higher if it would not fit there."""
        top = max(0, min(self._at, self.app.size.height - height))
        self.query_one("#box").styles.offset = (0, top)

    def _keep_whole(self, _screen: Screen[Any]) -> None:
        """Move the box up after a layout in which it outgrew the screen, for example by a long error."""
        self._stand(self.query_one("#box").outer_size.height)

    @property
    def row(self) -> FieldRow:
        """The field."""
        return self.query_one(FieldRow)

    @on(FieldRow.Noted)
    def _noted(self, event: FieldRow.Noted) -> None:
        note = self.query_one("#note", Static)
        note.set_class(event.wrong, "-error")
        note.update(plain(("! " if event.wrong else "") + event.text))

    @property
    def rows(self) -> list[FieldRow]:
        """The field, in a list that is empty until it is mounted."""
        return [row for row in self.query(FieldRow) if row.began is not None]

    def first_key(self) -> str:
        """The key of the field."""
        return self._field.key

    def draft(self, **more: Any) -> Draft:
        """Return the draft of the current input; `more` overrides texts by field key."""
        archive = self.archive
        since = archive.clock().isoformat(timespec="minutes")
        title = f"{archive.name('customers', self._uid)} · {self._field.title}"
        texts = {row.field.key: row.typed for row in self.rows if row.changed}
        return Draft("customers", self._uid, self._field.group.key, title, since, {**texts, **more})

    @on(FieldRow.Changed)
    def _changed(self) -> None:
        self.owner.drafts.keep(self.draft())

    @on(Input.Submitted)
    async def _submitted(self) -> None:
        await self.action_save()

    @command("ctrl+s,f2", N_("Save"), footer=True, priority=True)
    async def action_save(self) -> None:
        """Save the field. Enter does the same."""
        if self.has_left:  # already saved by the previous key
            return
        reading = self.row.read()
        if reading.error:
            self.row.complain(reading.error)
            return
        archive, key = self.archive, self._field.key
        try:
            await self.owner.change_or_raise(
                lambda: archive.edit(
                    "customers",
                    self._uid,
                    **record_values(archive.get(Customer, self._uid), {key: reading.value}),
                )
            )
        except ArchiveError as error:
            self.row.complain(str(error))
            return
        self._forget_draft()
        self.dismiss(True)

    @command("escape", N_("Cancel"), footer=True)
    def action_cancel(self) -> None:
        """Close without changing the field."""
        self._forget_draft()
        self.dismiss(None)

    def _forget_draft(self) -> None:
        self.owner.drafts.drop(f"customers/{self._uid}/{self._field.group.key}")
