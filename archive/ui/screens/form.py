"""The form of a record, generated from its fields: for a new record, or a section of an existing record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Input, Static

from archive.errors import ArchiveError, BadValue
from archive.model.archive_settings import ArchiveSettings
from archive.model.fields import Group, Record, problems
from archive.model.tables import STORED
from archive.service.change_labels import subject
from archive.service.drafts import Draft
from archive.service.extra import value_of
from archive.service.own_settings import unused_personal
from archive.text import N_, _, plural
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.safe_text import plain
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.dialogs import DecideScreen
from archive.ui.screens.form_faults import Faults
from archive.ui.screens.form_sections import Sections, first_to_fill, missing
from archive.ui.screens.form_values import blocks, first_key, initial_texts, new_values, save_values
from archive.ui.screens.surroundings import surroundings
from archive.ui.widgets.duplicate_note import TELLING, DuplicateNote, noted_after
from archive.ui.widgets.field_row import FieldRow, Surroundings
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar
from archive.ui.widgets.rows import row_for

ROOMY = 30  # lines of a screen from which a form has blank lines and taller long texts


def has_many(form: FormScreen) -> bool:
    """Return whether the table can contain more than one record."""
    return form.table_name != ArchiveSettings.TABLE


class FormScreen(ArchiveScreen[str | None]):
    """Edits a record. Returns its uid if it was saved, or else None. Unsaved input is stored as a draft."""

    AUTO_FOCUS = ""  # the first field is focused once it is mounted

    def __init__(
        self,
        table: str,
        uid: str = "",
        *,
        group: Group | None = None,
        values: Mapping[str, Any] | None = None,
        draft: Draft | None = None,
        at: str = "",
    ) -> None:
        """Edit the record `uid` of a table, or a new one; the cursor starts in the field `at`."""
        super().__init__()
        self._at = at
        self.table_name, self.uid, self.group = table, uid, group
        self._cls: type[Record] = STORED[table]
        self._values = dict(values or {})
        self._draft = draft
        self._is_filled = False
        self._is_saving = False
        self._faults = Faults()
        self.rows: list[FieldRow] = []  # in display order
        self._sections = Sections()

    # Layout

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield VerticalScroll(id="fields", can_focus=False)
        yield Static(id="note")
        yield StatusLine()
        yield KeyBar()

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.height >= ROOMY, "-roomy")

    def on_mount(self) -> None:
        # When the size is known; otherwise every field would be styled and laid out three times.
        self.call_after_refresh(self._fill)

    @property
    def has_content(self) -> bool:
        """Whether the first field has the focus."""
        return self._is_filled

    @property
    def is_working(self) -> bool:
        """Whether keys must wait; in addition to the usual reasons, until the first field has the focus."""
        return not self._is_filled or super().is_working

    async def _fill(self) -> None:
        try:
            await self._fill_fields(self._record())
        except ArchiveError as error:  # the record was deleted while the form opened, or is damaged
            self.owner.show_error(error)
            self.dismiss(None)

    async def _fill_fields(self, record: Record) -> None:
        await self.query_one("#fields").mount(*self._field_rows(record, surroundings(self, self.table_name)))
        if not self.is_there:  # dismissed while the fields were being mounted
            return
        self.rows = list(self.query(FieldRow))
        if self._draft:
            self._restore(self._draft)
        self._show_only()
        self.show_archive()
        self.call_after_refresh(self._enter_first)

    def _enter_first(self) -> None:
        if self.is_there:  # it may have been dismissed before the refresh
            first_to_fill(self.rows, self._at).enter()
            self._is_filled = True
            self.refresh_bindings()

    def _record(self) -> Record:
        if self.uid:
            return self.archive.get(self._cls, self.uid)
        return new_values(self._cls, self._values, self.archive)

    def _field_rows(self, record: Record, around: Surroundings) -> Iterator[Widget]:
        if isinstance(record, ArchiveSettings) and (unused := unused_personal(record, self.archive.settings)):
            yield Static(plain(unused), classes="group")
        sections = list(blocks(record, self.uid, self.group))
        noted = noted_after(field.key for _group, fields in sections for field in fields)
        for group, fields in sections:
            if group.label:
                yield Static(plain(_(group.label)), classes="group")
            for number, field in enumerate(fields):
                row = row_for(field, around, value_of(record, field.key))
                if not number:
                    self._sections.add(_(group.label), row)
                yield row
                if field.key == noted and self.table_name == "customers":
                    yield DuplicateNote(lambda: self.archive)

    def _row(self, key: str) -> FieldRow | None:
        return next((row for row in self.rows if row.field.key == key), None)

    def show_archive(self) -> None:
        if not (self.is_mounted and self.rows):  # the title names the section, which the fields decide
            return
        changed = sum(row.changed for row in self.rows)
        state = plural("{n} unsaved change", "{n} unsaved changes", changed) if changed else ""
        self.query_one(TitleBar).show(self._title(), self._sections.place(self.rows), state)

    def _title(self) -> str:
        if self.table_name == ArchiveSettings.TABLE:
            return _(self._cls.LABEL)
        if not self.uid:
            return _("New {noun}").format(noun=_(self._cls.NOUN))
        stored = self.archive.raw(self.table_name, self.uid)
        name = subject(self.table_name, dict(stored or {}), self.archive.ctx)
        return f"{name} · {_(self.group.label)}" if self.group else name

    def _show_only(self) -> None:
        """Hide fields of the other kind of customer, person or organisation, unless they have a value."""
        kind = self._row("kind")
        chosen = kind.read().value if kind else getattr(self._record(), "kind", "")
        for row in self.rows:
            if row.field.only:
                row.display = row.field.only == chosen or bool(row.typed)

    # While typing

    @on(FieldRow.Changed)
    def _changed(self, event: FieldRow.Changed) -> None:
        if event.row.field.key == "kind":
            self._show_only()
        self.show_archive()
        self._keep_draft()
        if self._faults:
            self._say_faulty()
        if not self.query_one("#fields").region.overlaps(event.row.region):
            event.row.scroll_visible(animate=False)  # the user scrolled away and continues typing
        if event.row.field.key in TELLING and event.row.changed:
            for note in self.query(DuplicateNote):
                note.look_for(self.uid, self._telling_values())

    @on(FieldRow.Noted)
    def _noted(self, event: FieldRow.Noted) -> None:
        note = self.query_one("#note", Static)
        note.set_class(event.wrong, "-error")
        # Its height is fixed, so skip the layout of the form at each letter.
        note.update(plain(("! " if event.wrong else "") + event.text), layout=False)
        if self._sections.has_moved(self.rows):
            self.show_archive()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.focus_next()

    def _telling_values(self) -> dict[str, Any]:
        rows = filter(None, map(self._row, TELLING))
        return {row.field.key: value for row in rows if (value := row.read().value)}

    # Drafts

    def draft(self, **more: Any) -> Draft:
        """Return the draft of the current input; `more` overrides texts by field key."""
        restored = dict(self._draft.texts) if self._draft and not self.rows else {}
        texts = {row.field.key: row.typed for row in self.rows if row.changed}
        group = self.group.key if self.group else ""
        since = self.archive.clock().isoformat(timespec="minutes")
        texts = {**restored, **texts, **more}
        if texts:
            texts = {**self._initial_texts, **texts}
        return Draft(self.table_name, self.uid, group, self._title(), since, texts)

    @cached_property
    def _initial_texts(self) -> dict[str, str]:
        """The texts of the values the form was opened with, such as the customer of a profile."""
        return initial_texts(self._record(), self._values, self.archive.ctx)

    def first_key(self) -> str:
        """The key of the field to focus first, known before the fields are mounted."""
        return first_key(self._record(), self.uid, self.group)

    def _keep_draft(self) -> None:
        self.owner.drafts.keep(self.draft())

    def _drop_draft(self) -> None:
        group = self.group.key if self.group else ""
        self.owner.drafts.drop(f"{self.table_name}/{self.uid}/{group}")

    def _restore(self, draft: Draft) -> None:
        for key, content in draft.texts.items():
            row = self._row(key)
            if row:
                row.fill(content)

    # Saving and leaving

    @command("ctrl+s,f2", N_("Save"), footer=True, priority=True, writes=True)
    async def action_save(self) -> None:
        """Save the record. If a field is invalid, go to that field."""
        uid = await self._save()
        if uid is not None:
            self.dismiss(uid)

    @command("ctrl+n", N_("Save and new"), footer=True, priority=True, writes=True, when=has_many)
    async def action_save_and_new(self) -> None:
        """Save, then open a blank form for another record."""
        uid = await self._save()
        if uid is not None and self.is_active:
            self.app.switch_screen(FormScreen(self.table_name, values=self._values))
        elif uid is not None:  # another screen is in front of the form
            self.dismiss(uid)

    async def _save(self) -> str | None:
        """Save once, even if a button and a key trigger it together. Return the uid, or None if nothing was saved."""
        if self._is_saving or self.has_left:
            return None
        self._is_saving = True
        try:
            return await self._save_values()
        finally:
            self._is_saving = False

    async def _save_values(self) -> str | None:
        values = self._read_all()
        if values is None:
            return None
        try:
            uid = await self.owner.change_or_raise(
                lambda: save_values(self.archive, self._cls, self.uid, self._record(), values)
            )
        except BadValue as error:
            found = problems(self._record().with_values(**values)) if "." not in error.field else {}
            self._point_at({error.field: str(error)} | {key: found[key] for key in found if key in values})
            return None
        except ArchiveError as error:
            self.owner.show_error(error)
            return None
        self._drop_draft()
        return uid

    def _read_all(self) -> dict[str, Any] | None:
        """Return the changed values, or None if a value is invalid; all invalid fields are then marked."""
        readings = {row.field.key: row.read() for row in self.rows if row.changed}
        unreadable = {key: reading.error for key, reading in readings.items() if reading.error}
        if unreadable:
            self._point_at(unreadable | missing(self.rows))
            return None
        return {key: reading.value for key, reading in readings.items()}

    def _point_at(self, sentences: Mapping[str, str]) -> None:
        """Mark the fields with their errors, and go to the first of them."""
        if self._faults.mark(self.rows, sentences):
            self._say_faulty()
        else:
            self.owner.show_error(ArchiveError(next(iter(sentences.values()))))

    def _say_faulty(self) -> None:
        """Name the fields that are still wrong in the status line."""
        words = self._faults.words()
        self.query_one(StatusLine).say(words, error=bool(words))

    @command("ctrl+pagedown", N_("Next section"), priority=True, when=lambda form: form.has_sections)
    def action_next_section(self) -> None:
        """Go to the next section of the form."""
        self._sections.go(self.rows, 1)

    @command("ctrl+pageup", N_("Previous section"), priority=True, when=lambda form: form.has_sections)
    def action_previous_section(self) -> None:
        """Go to the beginning of this section, or to the section before."""
        self._sections.go(self.rows, -1)

    @property
    def has_sections(self) -> bool:
        """Whether the form has more than one section."""
        return self._sections.are_many

    @command("ctrl+o", N_("Open duplicate"), priority=True)
    def action_open_duplicate(self) -> None:
        """Open the possible duplicate; the form stays open."""
        for note in self.query(DuplicateNote):
            if note.first:
                self.show_customer(note.first)

    @command("f4", N_("Contact hours"))
    def action_paint_hours(self) -> None:
        """Mark the best contact hours, or our working hours, on a weekly grid."""
        row = self._row("windows") or self._row("working_hours")
        if row:
            from archive.ui.screens.week import paint_row

            paint_row(row)

    @command("escape", N_("Back"), footer=True)
    async def action_back(self) -> None:
        """Close the form. If there are unsaved changes, choose whether to save or discard them."""
        if any(row.changed for row in self.rows):
            answers = {"s": _("Save"), "d": _("Discard changes"), "escape": _("Keep editing")}
            self.app.push_screen(DecideScreen(_("You have unsaved changes."), answers), self._decided)
        else:
            self.dismiss(None)

    async def _decided(self, answer: str | None) -> None:
        if answer == "s":
            await self.action_save()
        elif answer == "d":
            self._drop_draft()
            self.dismiss(None)
