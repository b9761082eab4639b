"""The frame of every screen: title bar, status line and key bar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from archive.text import N_, _, clean
from archive.ui.commands import show_key, writes
from archive.ui.host import revision, today_count, undo_label, why_reading
from archive.ui.safe_text import plain, shorten, template

MOST_KEYS = 6
DOT = " · "
LEADS_OUT = ("esc", "ctrl+g", "?")  # these keys come last; of them, a narrow window drops the last one first
SAVES = "ctrl+s"
LABEL_CELLS = 12  # minimum width for the change that undo would undo
MESSAGE_CELLS = 12  # minimum width of a shortened message beside the key that undoes


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

    _title, _marked = Content(), Content()
    today: reactive[str] = reactive("")
    """What is due now, such as "Today 9", at the left of the right end, where its arrival moves nothing."""

    def on_mount(self) -> None:
        count = today_count(self)
        if count and getattr(self.screen, "COUNTS_TODAY", True):
            self.today = count.words
            count.changed.subscribe(self, self._counted)

    def on_unmount(self) -> None:
        count = today_count(self)
        if count:  # it outlives this screen, and its list of subscribers would keep this widget
            count.changed.unsubscribe(self)

    def _counted(self, words: str) -> None:
        self.today = words

    def show(self, title: str, *details: str) -> None:
        """Show the name of the screen and details about it; in a narrow window the first details are dropped first."""
        self._title = template("[bold $text]$place[/]", place=title)
        self.left = Content.assemble(self._title, self._marked)
        self.right = [plain(detail) for detail in details if detail]
        count = today_count(self)
        if count:
            count.follow()

    def show_marked(self, words: str) -> None:
        """Show the number of marked rows beside the name of the screen, at any width; "" for none."""
        self._marked = template("  [$text-accent]● $words[/]", words=words) if words else Content()
        self.left = Content.assemble(self._title, self._marked)

    def render(self) -> RenderResult:
        room = self.size.width - self._marked.cell_length
        if not self._marked or self._title.cell_length <= room:
            return super().render()
        return Content.assemble(self._title.truncate(max(0, room), ellipsis=True), self._marked)

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


class StatusLine(Widget):
    """The last event on the left; on the right the key that undoes the newest change, and what it would undo."""

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; color: $text-muted; }
    StatusLine.-error { color: $text-error; }
    """

    message: reactive[str] = reactive("")
    working: reactive[str] = reactive("")
    """Work that takes long; it is shown instead of the message."""
    undoes: reactive[str] = reactive("")
    """The label of the change that undo would undo now."""
    _told_at = -1  # revision of the archive when the message was shown

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._keys_changed)

    def _keys_changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def say(self, text: str, *, error: bool = False) -> None:
        """Show a message until the archive changes."""
        self.set_class(error and bool(text), "-error")
        self.message = clean(f"! {text}" if error and text else text)
        self._told_at = revision(self)

    def follow(self) -> None:
        """Show what undo would undo now, and drop a message that is older than the last change."""
        self.undoes = undo_label(self)
        if self.message and self._told_at != revision(self):
            self.say("")

    def move_on(self) -> None:
        """Drop a message because another screen is opened. An error stays, because its cause does."""
        if not self.has_class("-error"):
            self.say("")

    def render(self) -> RenderResult:
        width, left = self.size.width, self.working or self.message
        for right in self._right_ends(left):
            room = width - right.cell_length - 2
            if room >= min(cell_len(left), MESSAGE_CELLS):
                text = shorten(left, room)
                return Content.assemble(text, " " * (width - cell_len(text) - right.cell_length), right)
        return Content(shorten(left, width))

    def _right_ends(self, left: str) -> Iterator[Content]:
        """Return the possible right ends, longest first. A change that the message names is not named again."""
        key = self._undo_key() if self.undoes else ""
        if not key:
            return
        hint = template(_("[$text-accent]$key[/] Undo"), key=key)
        label = clean(self.undoes)
        rest = self.size.width - hint.cell_length - cell_len(left) - 4
        if label not in left and rest >= LABEL_CELLS:
            yield Content.assemble(hint, ": ", shorten(label, rest))
        yield hint

    def _undo_key(self) -> str:
        """Return the key that undoes, or "" while letters are typed into an input."""
        focused = self.screen.focused
        for active in self.screen.active_bindings.values():
            if active.binding.action == "undo" and active.enabled:
                is_typed = focused is not None and focused.check_consume_key(active.binding.key, "u")
                return "" if is_typed else active.binding.key_display or show_key(active.binding.key)
        return ""


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
        if revision(self) >= 0 and not getattr(self.screen, "has_content", True):
            return ""
        keys = self._keys()
        while len(keys) > 1 and self._line(keys).cell_length > self.size.width:
            keys.remove(_least_important(keys))
        return self._line(keys)

    def _line(self, keys: Sequence[tuple[str, str]]) -> Content:
        parts = [template("[$text-accent]$key[/] $label", key=key, label=label) for key, label in keys]
        return Content("  ").join(parts)

    def _keys(self) -> list[tuple[str, str]]:
        by_action: dict[str, tuple[str, str]] = {}
        for_marks: Sequence[str] = getattr(self.screen, "keys_for_marks", ())
        labels = getattr(self.screen, "KEY_LABELS", {}) | ({"back": N_("Clear")} if for_marks else {})
        reads = bool(why_reading(self))
        focused = self.screen.focused
        writing = focused is not None and focused.check_consume_key("a", "a")  # an editor uses letters itself
        for active in self.screen.active_bindings.values():
            binding = active.binding
            key = binding.key_display or show_key(binding.key)
            typed = writing and len(key) == 1
            does = active.enabled and not typed and not (reads and writes(active.node, binding.action))
            shows = binding.action in for_marks if for_marks else binding.show
            if shows and does and binding.action not in by_action:
                by_action[binding.action] = (key, _(labels.get(binding.action, binding.description)))
        if for_marks:
            by_action = {action: by_action[action] for action in for_marks if action in by_action}
        keys: dict[str, str] = {}  # by label: of two keys with the same label, show the first
        for key, label in by_action.values():
            keys.setdefault(label, key)
        out = [(key, label) for label, key in keys.items() if key in LEADS_OUT]
        others = [(key, label) for label, key in keys.items() if key not in LEADS_OUT]
        return [*others[: MOST_KEYS - len(out)], *out]


def _least_important(keys: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Return the key that a narrow window drops first: the last that does something here, but not the first two.

    Then help, the first keys, the key that saves, Go to and at last the way back.
    """
    others = sorted((pair for pair in keys if pair[0] not in LEADS_OUT), key=lambda pair: pair[0] != SAVES)
    out = sorted((pair for pair in keys if pair[0] in LEADS_OUT), key=lambda pair: LEADS_OUT.index(pair[0]))
    if len(others) > 2:
        return others[-1]
    if out and out[-1][0] == "?":
        return out[-1]
    return (others or out)[-1]
