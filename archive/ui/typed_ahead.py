"""Keys and pastes that were read from the terminal but have not taken effect yet."""

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
    """Return the text of an editor, or "" for any other widget."""
    return widget.value if isinstance(widget, Input) else widget.text if isinstance(widget, TextArea) else ""


@dataclass
class Waiting:
    """Pending input: `under_way` was delivered to `editor`, which contained `before`; `keys` are queued after it."""

    under_way: Typed | None = None
    editor: Widget | None = None
    before: str = ""
    keys: list[Typed] = field(default_factory=list)

    def text(self, editor: Widget | None = None) -> str:
        """Return the text of `editor` after all pending keys, as if they all went there."""
        if editor is not None and editor is self.editor and self.under_way:
            return typed(self.before, [self.under_way, *self.keys])
        return typed(text_in(editor), self.keys)

    def behind(self, number: int) -> Waiting:
        """Return the pending input without the first `number` keys, of which the key under way is the first."""
        keys = [self.under_way, *self.keys] if self.under_way else self.keys
        return Waiting(keys=keys[number:])

    def all(self) -> list[Typed]:
        """Return all pending keys, in order."""
        return [self.under_way, *self.keys] if self.under_way else self.keys


class TypedAhead:
    """Records keys as soon as they are read; the event loop may process them much later."""

    def __init__(self) -> None:
        self._keys: deque[Typed] = deque()  # the key delivered last, and all later keys
        self._delivered: Typed | None = None
        self._editor: Callable[[], Widget | None] = lambda: (
            None
        )  # weak reference, because its screen may close
        self._before = ""

    def read(self, key: Typed) -> None:
        """Record a key. Thread-safe."""
        self._keys.append(key)

    def delivering(self, key: Typed, focused: Widget | None) -> None:
        """Record that a key is delivered to the focused widget, so that all earlier ones are done."""
        while self._keys and self._keys[0] is not key:
            self._keys.popleft()
        self._delivered, self._before = key, text_in(focused)
        self._editor = ref(focused) if focused else lambda: None

    def waiting(self, *, is_idle: bool) -> Waiting:
        """Return the pending input. If the event loop `is_idle`, the key delivered last has taken effect."""
        keys = list(self._keys)
        if self._delivered is None:
            return Waiting(keys=keys)
        behind = keys[1:] if keys and keys[0] is self._delivered else keys
        return Waiting(None if is_idle else self._delivered, self._editor(), self._before, behind)


def typed(text: str, keys: list[Typed]) -> str:
    """Return a text after keys typed at its end.

    A key that leads to the next field adds a blank; any other non-text key ends the text.
    """
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
