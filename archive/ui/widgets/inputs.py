"""Editors for values: a line, a long text, a choice. A paste is inserted completely or refused with a message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.dom import DOMNode
from textual.strip import Strip
from textual.suggester import Suggester
from textual.widgets import TextArea

from archive.errors import ArchiveError
from archive.model.field_types.standard import Choice, Flag, Link
from archive.model.field_types.text import TEXT_CAP
from archive.model.fields import Field
from archive.text import N_, _, clean, clean_lines, fold, without_hidden
from archive.ui.host import owner_of
from archive.ui.widgets.search import LineInput

Known = Callable[[str, str], Sequence[str]]  # field key and typed text -> completions
LONGEST_LINE = 10_000  # with longer lines, each key takes seconds in a text area


async def _query(query: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Query completions in a thread. Damage in the archive must not prevent typing."""
    try:
        return await asyncio.to_thread(query)
    except ArchiveError:
        return ()


class KnownValues(Suggester):
    """Suggests known values after the cursor; the right arrow accepts."""

    def __init__(self, key: str, completions: Known) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._key = key
        self._complete = completions

    async def get_suggestion(self, value: str) -> str | None:
        before, separator, last = value.rpartition(",")
        begin = last.lstrip()
        if not begin:
            return None
        names = await _query(partial(self._complete, self._key, begin))
        lead = before + separator + last[: len(last) - len(begin)]
        return next(
            (lead + begin + name[len(begin) :] for name in names if fold(name).startswith(fold(begin))), None
        )


class KnownPhrases(Suggester):
    """Suggests completions for the last words of a line: "20 bags jas" becomes the full name of a product."""

    LONGEST = 4  # maximum number of words to complete

    def __init__(self, completions: Callable[[str], Sequence[str]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = completions

    async def get_suggestion(self, value: str) -> str | None:
        words = value.split(" ")
        for start in range(max(0, len(words) - self.LONGEST), len(words)):
            begin = " ".join(words[start:])
            if len(begin) < 2 or not begin[0].isalpha():
                continue
            for name in await _query(partial(self._complete, begin)):
                if fold(name).startswith(fold(begin)) and fold(name) != fold(begin):
                    return value + name[len(begin) :]
        return None


BETWEEN_FIELDS = [
    Binding("down", "app.focus_next", N_("Next field"), show=False),
    Binding("up", "app.focus_previous", N_("Previous field"), show=False),
]


class ValueInput(LineInput):
    """An input for a single value."""

    BINDINGS = [Binding("enter", "submit", N_("Next field")), *BETWEEN_FIELDS]

    def __init__(self, field: Field, text: str, completions: Known | None = None) -> None:
        suggester = KnownValues(field.key, completions) if completions else None
        super().__init__(text, max_length=1000, suggester=suggester)
        self.field = field
        self._completions = completions

    async def action_submit(self) -> None:
        """Leave the field. In a link, take the record whose name begins with the text."""
        if isinstance(self.field.type, Link) and self._completions and self.value.strip():
            self.value = await self._first_match(self._completions, self.value.strip())
        await super().action_submit()

    async def _first_match(self, completions: Known, text: str) -> str:
        """Return the name that the text begins, or the text if it is a whole name or begins none."""
        names = await _query(partial(completions, self.field.key, text))
        begun = [name for name in names if fold(name).startswith(fold(text))]
        return text if not begun or fold(text) in map(fold, begun) else begun[0]

    def render_line(self, y: int) -> Strip:
        """Draw the line under the field dim, where it has no text."""
        dim = Style(color=self.get_component_rich_style("input--placeholder").color)
        return Strip(
            Segment(text, style if text.strip() else (style or Style()) + dim, control)
            for text, style, control in super().render_line(y)
        )


class ChoiceInput(ValueInput):
    """An input in which space, right and left step through the choices; typing the beginning of a choice works too."""

    STEPS = MappingProxyType({"space": 1, "right": 1, "left": -1})

    def on_key(self, event: events.Key) -> None:
        if event.key in self.STEPS:
            event.stop()
            event.prevent_default()
            self.value = self._next(self.STEPS[event.key])
            self.cursor_position = len(self.value)

    def _next(self, step: int) -> str:
        labels = self.labels()
        now = fold(self.value)
        places = [index for index, label in enumerate(labels) if fold(label) == now]
        return labels[(places[0] + step) % len(labels)] if places else labels[1 if len(labels) > 1 else 0]

    def labels(self) -> list[str]:
        """Return the choices, the empty one first."""
        kind = self.field.type
        if isinstance(kind, Flag):
            return ["", _("yes")]
        return ["", *(_(label) for label in kind.options.values())] if isinstance(kind, Choice) else [""]


class LongInput(TextArea):
    """A text area; tab leaves it, and so does the cursor above the first and below the last line."""

    def __init__(self, field: Field, text: str) -> None:
        super().__init__(text, tab_behavior="focus", soft_wrap=True, highlight_cursor_line=False)
        self.field = field
        self.move_cursor(self.document.end)

    def action_cursor_down(self, select: bool = False) -> None:
        """Move one line down, or from the last line to the next field."""
        if self.cursor_at_last_line and not select:
            self.screen.focus_next()
        else:
            super().action_cursor_down(select)

    def action_cursor_up(self, select: bool = False) -> None:
        """Move one line up, or from the first line to the previous field."""
        if self.cursor_at_first_line and not select:
            self.screen.focus_previous()
        else:
            super().action_cursor_up(select)

    def watch(
        self, obj: DOMNode, attribute_name: str, callback: Callable[..., Any], init: bool = True
    ) -> None:
        """Watch another object, but not the app, which would keep a reference to this input and its text for good."""
        if obj is not self.app:
            super().watch(obj, attribute_name, callback, init)

    def get_line(self, line_index: int) -> Text:
        """Return a line as rendered: each control character is replaced by a visible sign of one character."""
        line = self.document.get_line(line_index)
        return Text("\t".join(map(clean, line.split("\t"))), end="", no_wrap=True)

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self._take(event.text)

    def action_paste(self) -> None:
        """Paste the text copied within the program, with its line breaks."""
        self._take(owner_of(self).copied)

    def _take(self, pasted: str) -> None:
        text = clean_lines(without_hidden(pasted))
        longest = max(map(len, text.split("\n")), default=0)
        if len(self.text) + len(text) > TEXT_CAP or longest > LONGEST_LINE:
            self.post_message(LineInput.PasteRefused(len(text), min(TEXT_CAP, LONGEST_LINE)))
        else:
            self.replace(text, *self.selection)
