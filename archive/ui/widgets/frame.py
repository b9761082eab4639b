"""The frame of every screen: title bar, status line and key bar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from archive.text import _
from archive.ui.commands import show_key, writes
from archive.ui.host import today_count, why_reading
from archive.ui.safe_text import plain, template

MOST_KEYS = 6
DOT = " · "
LEADS_OUT = ("esc", "?")  # these keys come last, and remain in a narrow window


class TwoEnds(Widget):
    """A line with text at both ends; if it is too narrow, the right end drops its parts in order."""

    left: reactive[Content] = reactive(Content)
    right: reactive[Sequence[Content]] = reactive(())
    """The parts at the right end, the first to be dropped first."""

    def render(self) -> RenderResult:
        width, left = self.size.width, self.left
        for right in self.right_ends():
            gap = width - left.cell_length - right.cell_length
            if gap >= 2:
                return Content.assemble(left, " " * gap, right)
        return left.truncate(width, ellipsis=True)

    def right_ends(self) -> Iterator[Content]:
        """Return the possible right ends, longest first."""
        for first in range(len(self.right)):
            yield Content(DOT).join(self.right[first:])


class TitleBar(TwoEnds):
    """Screen, archive, counts and state of saving."""

    DEFAULT_CSS = """
    TitleBar { height: 1; padding: 0 1; color: $text-muted; background: $panel; }
    """

    today: reactive[str] = reactive("")
    """What is due now, such as "Today 9", at the left of the right end, where its arrival moves nothing."""

    def on_mount(self) -> None:
        count = today_count(self)
        if count and getattr(self.screen, "COUNTS_TODAY", True):
            self.today = count.words
            count.changed.subscribe(self, self._counted)

    def _counted(self, words: str) -> None:
        self.today = words

    def show(self, title: str, *details: str) -> None:
        """Show the name of the screen and details about it; in a narrow window the first details are dropped first."""
        self.left = template("[bold $text]$place[/]", place=title)
        self.right = [plain(detail) for detail in details if detail]
        count = today_count(self)
        if count:
            count.follow()

    def right_ends(self) -> Iterator[Content]:
        """Return the possible right ends, longest first: with and without what is due today."""
        ends = [*super().right_ends(), *self._shortened()]
        if self.today:
            today = plain(self.today)
            yield from (Content(DOT).join([today, end]) for end in ends)
            if not ends:
                yield today
        yield from ends

    def _shortened(self) -> Iterator[Content]:
        """Return the last detail without its last parts, ending with "…"."""
        parts = self.right[-1].plain.split(DOT) if self.right else []
        for count in range(len(parts) - 1, 0, -1):
            yield plain(DOT.join([*parts[:count], "…"]))


class StatusLine(TwoEnds):
    """The last event, and what undo would revert."""

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; color: $text-muted; }
    StatusLine.-error { color: $text-error; }
    """

    def say(self, text: str, *, error: bool = False) -> None:
        """Show a message."""
        self.set_class(error, "-error")
        self.left = template("! $text" if error else "$text", text=text)


class KeyBar(Widget):
    """The keys that are available now, at most six."""

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
                max(index for index, (key, _label) in enumerate(keys) if index == 0 or key not in LEADS_OUT)
            ]
        return self._line(keys)

    def _line(self, keys: Sequence[tuple[str, str]]) -> Content:
        parts = [template("[$text-accent]$key[/] $label", key=key, label=label) for key, label in keys]
        return Content("  ").join(parts)

    def _keys(self) -> list[tuple[str, str]]:
        by_action: dict[str, tuple[str, str]] = {}
        labels = getattr(self.screen, "KEY_LABELS", {})
        reads = bool(why_reading(self))
        focused = self.screen.focused
        writing = focused is not None and focused.check_consume_key("a", "a")  # an editor uses letters itself
        for active in self.screen.active_bindings.values():
            binding = active.binding
            key = binding.key_display or show_key(binding.key)
            typed = writing and len(key) == 1
            does = active.enabled and not typed and not (reads and writes(active.node, binding.action))
            if binding.show and does and binding.action not in by_action:
                by_action[binding.action] = (key, _(labels.get(binding.action, binding.description)))
        keys: dict[str, str] = {}  # by label: of two keys with the same label, show the first
        for key, label in by_action.values():
            keys.setdefault(label, key)
        out = [(key, label) for label, key in keys.items() if key in LEADS_OUT]
        others = [(key, label) for label, key in keys.items() if key not in LEADS_OUT]
        return [*others[: MOST_KEYS - len(out)], *out]
