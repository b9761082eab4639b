"""The search line: an input that escape and the down key leave. A paste is inserted completely or refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.suggester import SuggestionReady
from textual.widgets import Input

from archive.errors import ArchiveError
from archive.model.query import QUERY_CAP
from archive.text import N_, _, clean, without_hidden


class LineInput(Input):
    """An input for a single line: a paste becomes one line, and control characters become visible signs."""

    # Without `layout`: longer text scrolls inside the line, and a new layout of the form would slow down every letter.
    virtual_size: reactive[Size] = reactive(Size(0, 0))

    @dataclass
    class PasteRefused(Message):
        """A paste was too long for this input."""

        length: int
        cap: int

        @property
        def error(self) -> ArchiveError:
            """The error for the user."""
            sentence = _("The text has {n} characters; at most {cap} are allowed here. Nothing was pasted.")
            return ArchiveError(sentence.format(n=f"{self.length:,}", cap=f"{self.cap:,}"))

    @property
    def _value(self) -> Text:
        """The text as rendered: each control character is replaced by a visible sign of one character."""
        return Text(clean(self.value), no_wrap=True, overflow="ignore", end="")

    def on_suggestion_ready(self, event: SuggestionReady) -> None:
        """Do not suggest text with control characters, which could not be shown literally."""
        if clean(event.suggestion) != event.suggestion:
            event.prevent_default()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self._take(event.text)

    def action_paste(self) -> None:
        """Paste the text copied within the program."""
        self._take(self.app.clipboard)

    def _take(self, pasted: str) -> None:
        line = " ".join(pasted.replace("\t", " ").rstrip("\r\n").splitlines())
        text = clean(without_hidden(line))
        if self.max_length and len(self.value) + len(text) > self.max_length:
            self.post_message(self.PasteRefused(len(text), self.max_length))
            return
        self.replace(text, *self.selection) if not self.selection.is_empty else self.insert_text_at_cursor(
            text
        )


class SearchInput(LineInput):
    """The input for a search query."""

    BINDINGS = [
        Binding("enter", "open_hit", N_("Open")),
        Binding("down,pagedown", "leave", N_("Go to list"), key_display="↓"),
        Binding("escape", "clear_or_leave", N_("Clear"), key_display="esc"),
    ]

    @dataclass
    class Left(Message):
        """The cursor moves from the search line to the results."""

    @dataclass
    class HitWanted(Message):
        """The user opens the result under the cursor, which is the first one after each letter."""

    def __init__(self, *, placeholder: str, id: str) -> None:
        super().__init__(placeholder=placeholder, id=id, max_length=QUERY_CAP, select_on_focus=False)

    def action_clear_or_leave(self) -> None:
        """Clear the line, or leave it if it is empty."""
        if self.value:
            self.value = ""
        else:
            self.action_leave()

    def enter(self) -> None:
        """Take the focus and select the text, so that typing replaces it."""
        self.focus()
        self.action_select_all()

    def action_leave(self) -> None:
        """Go to the results."""
        self.post_message(self.Left())

    def action_open_hit(self) -> None:
        """Open the result under the cursor; without a text, go to the results."""
        self.post_message(self.HitWanted() if self.value.strip() else self.Left())


def is_search_text(screen: Screen[Any], typed: events.Key | events.Paste) -> bool:
    """Return whether a key or paste changes the text of a search line. Enter does not: it opens a result."""
    is_enter = isinstance(typed, events.Key) and typed.key == "enter"
    return isinstance(screen.focused, SearchInput) and not is_enter
