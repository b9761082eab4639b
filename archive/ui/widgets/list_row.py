"""Form rows for lists: each part is an input line, or a line that opens a form for the part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from textual import events
from textual.app import ComposeResult, RenderResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from archive.errors import BadValue
from archive.model.field_types.lists import PREFERRED, ListOf
from archive.model.field_types.standard import Link
from archive.model.fields import Field, Item
from archive.service.reading import Reading
from archive.text import N_, _
from archive.ui.error_guard import ShowsErrors, on
from archive.ui.safe_text import fit
from archive.ui.widgets.field_row import FieldRow, Surroundings
from archive.ui.widgets.inputs import BETWEEN_FIELDS, Known, ValueInput


class LinesRow(FieldRow):
    """A list with an input line for each part, and an empty line to add another."""

    def __init__(self, field: Field, around: Surroundings, value: tuple[Item, ...]) -> None:
        super().__init__(field, around)
        ctx = around.ctx()
        # Not queried, because removed inputs remain among the children for a few messages.
        self._inputs = self._value_inputs([field.type.line(part, ctx) for part in value])  # type: ignore[attr-defined]

    def compose(self) -> ComposeResult:
        with Vertical():
            yield from self._inputs

    def _value_inputs(self, lines: Sequence[str]) -> list[ValueInput]:
        return [self._input(line, more=bool(lines) and not line) for line in [*lines, ""]]

    def _input(self, text: str, *, more: bool) -> ValueInput:
        field_input = ValueInput(self.field, text)
        field_input.set_class(more, "-more")
        return field_input

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show what the last line is for while the list is focused."""
        more = self._inputs[-1]
        more.placeholder = _("+ another") if more.has_class("-more") else ""

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        self._inputs[-1].placeholder = ""

    @property
    def editor(self) -> Widget:
        return self._inputs[0]

    @property
    def typed(self) -> list[str]:
        return [line for line in (field.value.strip() for field in self._inputs) if line]

    def fill(self, content: Any) -> None:
        self._inputs = self._value_inputs([str(line) for line in content])
        box = self.query_one(Vertical)
        box.remove_children()
        box.mount(*self._inputs)

    def read(self) -> Reading:
        ctx = self.around.ctx()
        try:
            by_line = [self.kind.part.all_from_line(line, ctx) for line in self.typed]  # type: ignore[attr-defined]
            parts = tuple(part for line in by_line for part in line)
            self.kind.refuse_two_preferred(parts, ctx)
        except BadValue as error:
            return Reading(None, "", str(error))
        return Reading(parts, self._understood(by_line))

    @property
    def kind(self) -> ListOf[Item]:
        """The type of the list."""
        assert isinstance(self.field.type, ListOf)
        return self.field.type

    def _understood(self, by_line: list[tuple[Item, ...]]) -> str:
        """Return the interpretation of the line with the cursor; several parts are separated by semicolons."""
        focused = [number for number, field in enumerate(self._inputs) if field.has_focus]
        if not focused or focused[0] >= len(by_line):
            return ""
        return "= " + "; ".join(map(self._part_text, by_line[focused[0]]))

    def _part_text(self, part: Item) -> str:
        ctx = self.around.ctx()
        values = (field.type.show(getattr(part, key), ctx) for key, field in part.FIELDS.items())
        titles = (field.title for field in part.FIELDS.values())
        texts = [
            title.lower() if text == _("yes") else text for title, text in zip(titles, values, strict=True)
        ]
        return " · ".join(text for text in texts if text and text != _("no"))

    @on(Input.Changed)
    def _line_changed(self) -> None:
        if self.began is None:
            return
        self._settle_last()
        if self.around.is_alone:
            self._grow()
        self.handle_edit()

    @on(Input.Submitted)
    def _line_submitted(self, event: Input.Submitted) -> None:
        """Go to a new line below the last one. It is added only now: while an entry is typed, no field may move."""
        last = self._inputs[-1]
        if not self.around.is_alone and last.has_focus and last.value.strip():
            event.stop()
            self._grow()
            self.screen.set_focus(self._inputs[-1])

    def _settle_last(self) -> None:
        """Let the last line look like an entry once it has text."""
        if self._inputs[-1].value:
            self._inputs[-1].remove_class("-more")
            self._inputs[-1].placeholder = ""

    def _grow(self) -> None:
        if self._inputs[-1].value.strip() and self.is_attached:  # not attached during shutdown
            self._inputs.append(self._input("", more=True))
            self._inputs[-1].placeholder = _("+ another")
            self.query_one(Vertical).mount(self._inputs[-1])


class PartLine(ShowsErrors, Widget, can_focus=True):
    """A part of a list on one line; enter opens its form."""

    BINDINGS = [
        Binding("enter,space", "open", N_("Open"), id="part.open"),
        Binding("delete,backspace,d", "remove", N_("Remove"), show=False, id="part.remove"),
        *BETWEEN_FIELDS,
    ]

    @dataclass
    class Asked(Message):
        """The user opens or removes the part."""

        line: PartLine
        remove: bool

    def __init__(self, part: Item | None, text: str) -> None:
        super().__init__()
        self.part = part
        self.text = text

    is_active: reactive[bool] = reactive(False)
    """Whether the cursor is in the list; a line that adds a part is blank otherwise."""

    def render(self) -> RenderResult:
        text = self.text if self.part is not None or self.is_active else ""
        return Content(fit(text, max(1, self.size.width)))

    def on_click(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Open the form of the part."""
        self.post_message(self.Asked(self, False))

    def action_remove(self) -> None:
        """Remove the part from the list."""
        if self.part is not None:
            self.post_message(self.Asked(self, True))


def _known_within(completions: Known, of: str, key: str, begin: str) -> Sequence[str]:
    return completions(f"{of}.{key}", begin)


def _unlinked(part: Item) -> str:
    """Return the mark for a part that names a record which is not in the archive, or ""."""
    links = (getattr(part, key) for key, field in part.FIELDS.items() if isinstance(field.type, Link))
    return "  " + _("(not linked)") if any(link.name and not link.uid for link in links) else ""


class PartsRow(FieldRow):
    """A list whose parts are edited in a form, such as addresses."""

    def __init__(self, field: Field, around: Surroundings, value: tuple[Item, ...]) -> None:
        super().__init__(field, around)
        self.parts = list(value)
        self._lines = self._part_lines()

    @property
    def kind(self) -> ListOf[Item]:
        """The type of the list."""
        assert isinstance(self.field.type, ListOf)
        return self.field.type

    def compose(self) -> ComposeResult:
        with Vertical():
            yield from self._lines

    def _part_lines(self) -> list[PartLine]:
        ctx = self.around.ctx()
        more = _("+ another {noun}") if self.parts else _("+ {noun}")
        lines = [PartLine(part, self.kind.line(part, ctx) + _unlinked(part)) for part in self.parts]
        add = PartLine(None, more.format(noun=_(self.kind.noun)))
        add.set_class(bool(self.parts), "-more")
        return [*lines, add]

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self._lines[-1].is_active = True

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        self._lines[-1].is_active = False

    @property
    def editor(self) -> Widget:
        return self._lines[0]

    @property
    def typed(self) -> list[dict[str, Any]]:
        return [part.dump() for part in self.parts]

    def fill(self, content: Any) -> None:
        self.parts = list(self.kind.load(content))
        self._show()

    def read(self) -> Reading:
        return Reading(tuple(self.parts))

    @on(PartLine.Asked)
    def _part_requested(self, event: PartLine.Asked) -> None:
        event.stop()
        if event.line not in self._lines:  # replaced after the key was pressed
            return
        index = self._lines.index(event.line)
        if event.remove:
            del self.parts[index]
            self._edited(index)
        else:
            self._open(index, event.line.part)

    def add_first(self, closed: Callable[[bool], None]) -> None:
        """Open the form of a new part at once. `closed` is then called with whether a part was added."""
        self._open(0, None, closed)

    def _open(self, index: int, part: Item | None, closed: Callable[[bool], None] | None = None) -> None:
        def take(edited: Item | None) -> None:
            if edited is not None:
                self.parts[index : index + 1] = [edited]
                self._prefer(index)
                self._edited(index)
            if closed:
                closed(edited is not None)

        self.app.push_screen(self.around.part_form(self.kind, part, self._around_part()), take)

    def _prefer(self, index: int) -> None:
        """If a part is marked as preferred, clear the mark on the others."""
        if self.kind.prefers and getattr(self.parts[index], PREFERRED):
            for other, part in enumerate(self.parts):
                self.parts[other] = part if other == index else part.with_values(**{PREFERRED: False})

    def _around_part(self) -> Surroundings:
        completions = self.around.known
        within = partial(_known_within, completions, self.field.key) if completions else None
        return replace(self.around, known=within)

    def _edited(self, index: int) -> None:
        self._show()
        self.screen.set_focus(self._lines[min(index, len(self.parts))])
        self.handle_edit()

    def _show(self) -> None:
        """Replace the lines at once, because a key must not reach a line that is about to be removed."""
        self._lines = self._part_lines()
        box = self.query_one(Vertical)
        box.remove_children()
        box.mount(*self._lines)
