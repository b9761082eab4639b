"""The keys and pastes that were read from the terminal and have not had their effect yet."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import ref

from textual.events import Key, Paste
from textual.widget import Widget
from textual.widgets import Input, TextArea

Typed = Key | Paste
_NEXT = {"tab", "enter", "down"}


def text_in(widget: Widget | None) -> str:
    """The text of an editor, "" for any other widget."""
    return widget.value if isinstance(widget, Input) else widget.text if isinstance(widget, TextArea) else ""


@dataclass
class Waiting:
    """What has no effect yet: one may be under way, to `editor`, which held `before`; the others come behind it."""

    under_way: Typed | None = None
    editor: Widget | None = None
    before: str = ""
    keys: list[Typed] = field(default_factory=list)

    def text(self, editor: Widget | None = None) -> str:
        """What would stand in `editor` after all of them, as if it were the only one."""
        if editor is not None and editor is self.editor and self.under_way:
            return typed(self.before, [self.under_way, *self.keys])
        return typed(text_in(editor), self.keys)

    def behind(self, number: int) -> Waiting:
        """Those behind so many, counted from the one under way."""
        keys = [self.under_way, *self.keys] if self.under_way else self.keys
        return Waiting(keys=keys[number:])

    def all(self) -> list[Typed]:
        """Every one of them, in order."""
        return [self.under_way, *self.keys] if self.under_way else self.keys


class TypedAhead:
    """Knows them from the moment they were read; the event loop may hear of them much later."""

    def __init__(self) -> None:
        self._keys: deque[Typed] = deque()  # the one delivered last, and those behind it
        self._delivered: Typed | None = None
        self._editor: Callable[[], Widget | None] = lambda: (
            None
        )  # no more than a reference: its screen may close
        self._before = ""

    def read(self, key: Typed) -> None:
        """Take note of a key; from any thread."""
        self._keys.append(key)

    def delivering(self, key: Typed, focused: Widget | None) -> None:
        """Take note that a key goes to the widget with the focus, and that those before it are done."""
        while self._keys and self._keys[0] is not key:
            self._keys.popleft()
        self._delivered, self._before = key, text_in(focused)
        self._editor = ref(focused) if focused else lambda: None

    def waiting(self, *, is_idle: bool) -> Waiting:
        """The keys without effect; if the loop `is_idle`, the one delivered last has had its effect."""
        keys = list(self._keys)
        if self._delivered is None:
            return Waiting(keys=keys)
        behind = keys[1:] if keys and keys[0] is self._delivered else keys
        return Waiting(None if is_idle else self._delivered, self._editor(), self._before, behind)


def typed(text: str, keys: list[Typed]) -> str:
    """A text after keys at its end. A key that leads to the next field leaves a blank, any other one ends the text."""
    blank = ""
    for key in keys:
        if isinstance(key, Paste):
            text, blank = text + blank + " ".join(key.text.splitlines()), ""
        elif key.key in _NEXT:
            blank = " "
        elif key.key == "backspace":
            text = text[:-1]
        elif key.is_printable and key.character:
            text, blank = text + blank + key.character, ""
        else:
            break
    return text
