"""The keys of all commands: press enter on a command, then its new key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key
from textual.widgets import Static

from archive.text import N_, _
from archive.ui.commands import HasCommands, command, show_key
from archive.ui.safe_text import plain
from archive.ui.screens.dialogs import DecideScreen, Question
from archive.ui.screens.table_screen import Finder, TablePlace, on_a_line
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_lines import Cells, tone_key

RESERVED = frozenset(
    {"escape", "enter", "tab", "shift+tab", "up", "down", "left", "right", "backspace", "ctrl+q"}
)
"""Keys that every screen needs."""


class KeyLine(NamedTuple):
    """A command with its keys."""

    name: str  # in the settings, such as "browser.export"
    screen: str  # title of its screen
    label: str
    about: str
    keys: str  # in effect: Textual key names, separated by commas
    usual: str  # the default


def key_lines(app: type[HasCommands], changed: Mapping[str, str]) -> dict[str, KeyLine]:
    """Return the commands of the app and all screens by name; `changed` maps names to keys changed by the user."""
    from archive.ui.screens.all_commands import SCREENS, by_prefix, own  # imports every screen

    lines = {}
    for prefix, owner in by_prefix(app).items():
        for action, declared, about in own(owner):
            name = f"{prefix}.{action}"
            keys = changed.get(name, declared.keys)
            lines[name] = KeyLine(name, _(SCREENS[prefix]), _(declared.label), _(about), keys, declared.keys)
    return lines


def conflict(lines: Mapping[str, KeyLine], line: KeyLine, key: str) -> KeyLine | None:
    """Return another command that has this key on the same screen or on every screen, or None."""
    shared = ("archiveapp", "archive")
    prefix = line.name.partition(".")[0]
    for other in lines.values():
        near = other.name.partition(".")[0]
        if other.name != line.name and key in other.keys.split(",") and (near == prefix or near in shared):
            return other
    return None


def shown_keys(keys: str) -> str:
    """Return the display names of keys."""
    return "  ".join(dict.fromkeys(show_key(key) for key in keys.split(",")))


def _is_changed(screen: KeysScreen) -> bool:
    return screen.line is not None and screen.line.keys != screen.line.usual


class KeysScreen(TablePlace[KeyLine]):
    """The list of commands with their keys."""

    COLUMNS = [
        Column("screen", N_("Screen"), 12, 1, 1, secondary=True),
        Column("label", N_("Command"), 16, 1),
        Column("keys", N_("Keys"), 14, 1),
        Column("about", N_("What it does"), 20, 4, 2, secondary=True),
    ]

    def on_mount(self) -> None:
        self.records.can_mark = False

    def heading(self) -> str:
        return _("Keys")

    def finder(self) -> Finder[KeyLine]:
        app, changed = cast(type[HasCommands], type(self.app)), self.owner.settings.keys
        return lambda _cancelled: key_lines(app, changed)

    def empty_words(self) -> Content:
        return Content("")

    def cells(self, line: KeyLine) -> Cells:
        return {
            "screen": line.screen,
            "label": line.label,
            "keys": shown_keys(line.keys) + (" ●" if line.keys != line.usual else ""),
            "about": line.about,
            tone_key("screen"): "dim",
            tone_key("about"): "dim",
        }

    def open(self, line: KeyLine) -> None:
        self.app.push_screen(PressScreen(line), lambda key: self._take(line, key))

    def _take(self, line: KeyLine, key: str | None) -> None:
        if not key:
            return
        other = conflict(self.lines, line, key)
        if other is None:
            self._store({line.name: key})
            return
        title = _("{key} is the key of {command} ({screen}).").format(
            key=show_key(key), command=other.label, screen=other.screen
        )
        answers = {"s": _("Swap the keys of the two commands"), "escape": _("Cancel")}

        def decided(answer: str | None) -> None:
            if answer == "s":
                self._store({line.name: key, other.name: line.keys})

        self.app.push_screen(DecideScreen(title, answers), decided)

    def _store(self, keys: Mapping[str, str]) -> None:
        changed = {**self.owner.settings.keys, **keys}
        usual = {
            name: text for name, text in changed.items() if text != getattr(self.lines.get(name), "usual", "")
        }
        self.run_worker(self.owner.set_setting("keys", usual), exit_on_error=False)

    @command(
        "r",
        N_("Reset"),
        footer=True,
        when=_is_changed,
    )
    def action_reset(self) -> None:
        """Give the command under the cursor its usual key again."""
        if self.line:
            self._store({self.line.name: self.line.usual})

    @command("e", N_("Change key"), when=on_a_line)
    def action_edit(self) -> None:
        """Choose another key for the command under the cursor."""
        if self.line:
            self.open(self.line)


class PressScreen(Question[str]):
    """Returns the next key that is pressed."""

    def __init__(self, line: KeyLine) -> None:
        super().__init__(_("Press the new key for {command}.").format(command=line.label))
        self._line = line

    def compose_answer(self) -> ComposeResult:
        now = _("Now: {keys}").format(keys=shown_keys(self._line.keys))
        yield Static(plain(f"{self._line.screen}: {self._line.about}\n{now}"), id="note")

    def on_key(self, event: Key) -> None:
        if event.key == "escape":
            return
        event.stop()
        event.prevent_default()
        if event.key in RESERVED:
            words = _("{key} is needed on every screen. Press another key.")
            self.query_one("#note", Static).update(plain(words.format(key=show_key(event.key))))
        else:
            self.dismiss(event.key)
