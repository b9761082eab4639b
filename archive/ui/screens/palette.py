"""The command palette: run any command of the screen or the app by its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from textual.app import App, ComposeResult
from textual.content import Content
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from archive.text import N_, _, fold
from archive.ui.commands import Command, commands_of
from archive.ui.error_guard import on
from archive.ui.safe_text import fit, plain, template
from archive.ui.screens.dialogs import Question
from archive.ui.screens.find import FindLine
from archive.ui.widgets.option_list import OptionList

AppServices = Screen[Any] | App[Any]
LEAVING = ("back", "leave")
_NAME = 24  # width of a name and its key
_ROOM_FOR_HELP = 50  # minimum width of the list for showing help texts


class Entry(NamedTuple):
    """An available command."""

    owner: AppServices
    action: str
    command: Command
    help: str

    @property
    def name(self) -> str:
        """The translated name."""
        return _(self.command.label)

    def rank(self, query: str) -> int | None:
        """Return how well the name matches, 0 best, or None. Letters inside a word match last; subsequences never do.

        Args:
            query: The typed text, folded.
        """
        name = fold(self.name)
        words, parts = name.split(), query.split()
        if name.startswith(query):
            return int(name != query)
        if all(any(word.startswith(part) for word in words) for part in parts):
            return 2
        return 3 if all(part in name for part in parts) else None

    def explains(self, query: str) -> bool:
        """Return whether each typed word begins a word of the help text; commands that write are found by name only."""
        words = fold(_(self.help)).replace(",", " ").split()
        return not self.command.writes and all(
            any(word.startswith(part) for word in words) for part in query.split()
        )

    def is_armed(self, query: str) -> bool:
        """Return whether enter may run it: a destructive command only by its full name."""
        return not self.command.destructive or fold(self.name) == query


def entries(owners: Sequence[AppServices]) -> Iterator[Entry]:
    """List the available commands."""
    for owner in owners:
        for action, declared, text in commands_of(type(owner)):
            if owner.check_action(action, ()):
                yield Entry(owner, action, declared, text)


def matches(commands: Sequence[Entry], query: str) -> list[Entry]:
    """List the matching commands, best first. Commands that leave the screen or need their name typed come last."""
    ranks = {entry: entry.rank(query) for entry in commands}
    named = sorted(
        (entry for entry in commands if ranks[entry] is not None), key=lambda entry: ranks[entry] or 0
    )
    hits = named or [entry for entry in commands if entry.explains(query)]
    return sorted(hits, key=lambda entry: (not entry.is_armed(query), not query and entry.action in LEAVING))


class PaletteScreen(Question[Entry]):
    """Returns the command to run. The list is filtered at each letter, so it always matches the input."""

    KEY_LABELS = {"submit": N_("Run")}

    DEFAULT_CSS = """
    PaletteScreen > #box { width: 90; }
    PaletteScreen OptionList { margin: 1 0 0 0; max-height: 100%; }
    PaletteScreen #said { height: auto; color: $text-muted; margin: 1 0 0 0; }
    PaletteScreen.-low OptionList, PaletteScreen.-flat OptionList { margin: 0; }
    PaletteScreen.-low #said, PaletteScreen.-flat #said { margin: 0; }
    """

    def __init__(self, owners: Sequence[AppServices]) -> None:
        super().__init__(_("Commands"))
        self._entries = list(entries(owners))
        self._query = ""
        self._matches: list[Entry] = []

    def compose_answer(self) -> ComposeResult:
        yield FindLine(placeholder=_("type a command"), max_length=100)
        listed = OptionList()
        listed.can_focus = False
        yield listed
        yield Static(id="said")

    def on_mount(self) -> None:
        self._show("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._show(event.value)

    def _show(self, text: str) -> None:
        self._query = fold(text)
        self._matches = matches(self._entries, self._query)
        self._draw(0)
        self._say("" if self._matches else _("No command matches “{name}”.").format(name=text.strip()))

    def _draw(self, at: int) -> None:
        listed = self.query_one(OptionList)
        width = listed.scrollable_content_region.width
        listed.clear_options()
        listed.add_options([Option(self._line(entry, width)) for entry in self._matches])
        listed.display = bool(self._matches)
        is_offered = at < len(self._matches) and self._matches[at].is_armed(self._query)
        listed.highlighted = at if is_offered else None
        self.query_one(FindLine).finds = bool(self._matches)

    def _line(self, entry: Entry, width: int) -> Content:
        name = template("$name  [$text-accent]($key)[/]", name=entry.name, key=entry.command.key_shown())
        room = width - _NAME
        if width < _ROOM_FOR_HELP or name.cell_length >= _NAME:
            return name
        text = _(entry.help)
        if not entry.is_armed(self._query):
            text = _type_it(entry)
        blanks = " " * (_NAME - name.cell_length)
        return Content.assemble(name, blanks, template("[$foreground 60%]$text[/]", text=fit(text, room)))

    def _say(self, words: str) -> None:
        hint = self.query_one("#said", Static)
        hint.display = bool(words)
        hint.update(plain(words))

    def on_resize(self, _event: Resize) -> None:
        """Redraw with the new width once it is known."""
        self.call_after_refresh(lambda: self._draw(self.query_one(OptionList).highlighted or 0))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is None:
            self._refuse(self._matches[0] if self._matches else None)
        else:
            self._choose(self._matches[at])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        if self.query_one(OptionList).still_shows(event):
            self._choose(self._matches[event.option_index])

    def _choose(self, entry: Entry) -> None:
        if entry.is_armed(self._query):
            self.dismiss(entry)
        else:
            self._refuse(entry)

    def _refuse(self, entry: Entry | None) -> None:
        if entry:
            self._say(_type_it(entry))

    def action_step(self, by: int) -> None:
        """Move through the list."""
        listed = self.query_one(OptionList)
        if listed.highlighted is None:
            listed.highlighted = 0 if self._matches else None
        elif by > 0:
            listed.action_cursor_down()
        else:
            listed.action_cursor_up()


def _type_it(entry: Entry) -> str:
    return _("This changes data at once. Type “{name}” in full to run it.").format(name=entry.name.lower())


async def run(entry: Entry | None) -> None:
    """Run the chosen command."""
    if entry:
        await entry.owner.run_action(entry.action)
