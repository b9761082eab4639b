"""What frames every place: a title line above, a status line and the keys below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from archive.text import _
from archive.ui.commands import show_key, writes
from archive.ui.owner import why_reading
from archive.ui.plain import plain, template

MOST_KEYS = 6
DOT = " · "
LEADS_OUT = ("esc", "?")  # these keys stand last, and stay where it is narrow


class TwoEnds(Widget):
    """One line with a text at its left end and one at its right; the right one gives way, part by part."""

    left: reactive[Content] = reactive(Content)
    right: reactive[Sequence[Content]] = reactive(())
    """The parts at the right end, from the one that goes first to the one that stays longest."""

    def render(self) -> RenderResult:
        width, left = self.size.width, self.left
        for right in self.right_ends():
            gap = width - left.cell_length - right.cell_length
            if gap >= 2:
                return Content.assemble(left, " " * gap, right)
        return left.truncate(width, ellipsis=True)

    def right_ends(self) -> Iterator[Content]:
        """What may stand at the right end, from the longest to the shortest."""
        for first in range(len(self.right)):
            yield Content(DOT).join(self.right[first:])


class TitleBar(TwoEnds):
    """Place, archive, counts, state of saving."""

    DEFAULT_CSS = """
    TitleBar { height: 1; padding: 0 1; color: $text-muted; background: $panel; }
    """

    def show(self, place: str, *details: str) -> None:
        """Say where one is, and what of; where it is narrow the first of the details goes first."""
        self.left = template("[bold $text]$place[/]", place=place)
        self.right = [plain(detail) for detail in details if detail]

    def right_ends(self) -> Iterator[Content]:
        """The last detail may itself be of parts: where not even it fits, its first ones stay, and a sign."""
        yield from super().right_ends()
        parts = self.right[-1].plain.split(DOT) if self.right else []
        for count in range(len(parts) - 1, 0, -1):
            yield plain(DOT.join([*parts[:count], "…"]))


class StatusLine(TwoEnds):
    """What just happened, and what undo would take back."""

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; color: $text-muted; }
    StatusLine.-error { color: $text-error; }
    """

    def say(self, text: str, *, error: bool = False) -> None:
        """A sentence about what happened."""
        self.set_class(error, "-error")
        self.left = template("! $text" if error else "$text", text=text)


class KeyBar(Widget):
    """The keys that do something here and now, at most six of them."""

    DEFAULT_CSS = """
    KeyBar { height: 1; padding: 0 1; color: $text-muted; }
    """

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def render(self) -> RenderResult:
        keys = self._keys()
        while len(keys) > 1 and self._line(keys).cell_length > self.size.width:
            del keys[
                max(place for place, (key, _label) in enumerate(keys) if place == 0 or key not in LEADS_OUT)
            ]
        return self._line(keys)

    def _line(self, keys: Sequence[tuple[str, str]]) -> Content:
        parts = [template("[$text-accent]$key[/] $label", key=key, label=label) for key, label in keys]
        return Content("  ").join(parts)

    def _keys(self) -> list[tuple[str, str]]:
        shown: dict[str, tuple[str, str]] = {}
        labels = getattr(self.screen, "KEY_LABELS", {})
        reads = bool(why_reading(self))
        focused = self.screen.focused
        writing = focused is not None and focused.check_consume_key("a", "a")  # a letter is a letter there
        for active in self.screen.active_bindings.values():
            binding = active.binding
            key = binding.key_display or show_key(binding.key)
            typed = writing and len(key) == 1
            does = active.enabled and not typed and not (reads and writes(active.node, binding.action))
            if binding.show and does and binding.action not in shown:
                shown[binding.action] = (key, _(labels.get(binding.action, binding.description)))
        keys: dict[str, str] = {}  # by label: of two keys that do the same the first has the place
        for key, label in shown.values():
            keys.setdefault(label, key)
        out = [(key, label) for label, key in keys.items() if key in LEADS_OUT]
        others = [(key, label) for label, key in keys.items() if key not in LEADS_OUT]
        return [*others[: MOST_KEYS - len(out)], *out]
