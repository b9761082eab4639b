"""Choose one of many items by typing, such as the field for an import column."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.reactive import reactive
from textual.widgets import Input
from textual.widgets.option_list import Option

from archive.text import N_, _, fold
from archive.ui.error_guard import on
from archive.ui.safe_text import plain
from archive.ui.screens.dialogs import Question, widest_of
from archive.ui.widgets.option_list import OptionList
from archive.ui.widgets.search import LineInput


class FindLine(LineInput):
    """The input of a search list: up and down move through the results, enter chooses."""

    finds: reactive[bool] = reactive(True, init=False, bindings=True)

    BINDINGS = [
        Binding("enter", "submit", N_("Choose")),
        Binding("down", "screen.step(1)", show=False),
        Binding("up", "screen.step(-1)", show=False),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable enter if there are no results."""
        return action != "submit" or self.finds


class FindScreen(Question[str]):
    """A list of (key, label), filtered to choices whose label or key contains all typed words."""

    def __init__(self, title: str, choices: Sequence[tuple[str, str]], at: str = "") -> None:
        super().__init__(title)
        self._choices = choices
        self._matches = list(choices)
        self._at = at

    def compose_answer(self) -> ComposeResult:
        yield FindLine(placeholder=_("type to search"), max_length=100)
        option_list = OptionList()
        option_list.can_focus = False
        yield option_list

    def on_mount(self) -> None:
        self._show("")
        places = [number for number, (key, _label) in enumerate(self._matches) if key == self._at]
        self.query_one(OptionList).highlighted = places[0] if places else 0
        self.query_one(Input).focus()

    def widest(self) -> int:
        return widest_of([self._title, *(label for _key, label in self._choices)])

    def _show(self, text: str) -> None:
        words = fold(text).split()
        self._matches = [
            (key, label)
            for key, label in self._choices
            if all(word in fold(f"{label} {key}") for word in words)
        ]
        option_list = self.query_one(OptionList)
        option_list.clear_options()
        option_list.add_options([Option(plain(label)) for _key, label in self._matches])
        option_list.highlighted = 0 if self._matches else None
        self.query_one(FindLine).finds = bool(self._matches)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._show(event.value)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.choose(self._matches[at][0])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        if self.query_one(OptionList).still_shows(event):
            self.choose(self._matches[event.option_index][0])

    def choose(self, key: str) -> None:
        """Return the key of the chosen item."""
        self.dismiss(key)

    def action_step(self, by: int) -> None:
        """Move through the list."""
        option_list = self.query_one(OptionList)
        option_list.action_cursor_down() if by > 0 else option_list.action_cursor_up()
