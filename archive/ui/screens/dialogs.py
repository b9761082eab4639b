"""Small modal dialogs: choose an option, choose several, enter a line, decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key, Resize
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from archive.service.archive import Archive
from archive.text import N_
from archive.ui.commands import HasCommands, command, show_key
from archive.ui.error_guard import on
from archive.ui.host import AppServices, owner_of
from archive.ui.leaving import LeavesOnce
from archive.ui.safe_text import fit, plain, template
from archive.ui.widgets.frame import KeyBar
from archive.ui.widgets.option_list import OptionList
from archive.ui.widgets.search import LineInput

T = TypeVar("T")
LEAST_WIDTH = 60  # of a dialog, if the screen is as wide
SIDES = 5  # cells beside the content of a dialog, with its scrollbar
MARK = 2  # cells of the mark before an option, with the blank


def widest_of(lines: Iterable[str]) -> int:
    """Return the width of the widest line, in cells."""
    return max(map(cell_len, lines), default=0)


class Question(HasCommands, LeavesOnce, ModalScreen[T], Generic[T]):
    """A dialog box in the middle of the screen; escape returns None."""

    DEFAULT_CSS = """
    Question { align: center middle; background: $background 60%; }
    Question > #box {
        width: 60; max-width: 100%; height: auto; max-height: 100%; padding: 1 2; background: $surface;
    }
    Question > #box > #title { text-style: bold; margin: 0 0 1 0; height: auto; }
    Question KeyBar { margin: 1 0 0 0; padding: 0; }
    Question OptionList {
        height: auto; border: none; padding: 0; background: $surface;
    }
    Question OptionList:focus { border: none; }
    Question.-low > #box, Question.-flat > #box { padding: 0 1; }
    Question.-cramped > #box > #title, Question.-cramped KeyBar { margin: 0; }
    Question.-cramped > #box > #title { max-height: 3; }
    """

    CRAMPED: ClassVar[int] = 14
    """Below this height, blank lines give way, so that title and keys stay on the screen."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    @property
    def owner(self) -> AppServices:
        """The services of the app."""
        return owner_of(self)

    @property
    def archive(self) -> Archive:
        """The open archive."""
        return self.owner.archive

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(plain(self._title), id="title")
            yield from self.compose_answer()
            yield KeyBar()

    def compose_answer(self) -> ComposeResult:
        """Yield the widgets for the answer."""
        yield from ()

    def on_mount(self) -> None:
        self._fit(self.app.size)  # before the first frame, so that nothing moves after it

    def on_resize(self, event: Resize) -> None:
        self._fit(event.size)

    def _fit(self, size: Size) -> None:
        """Fit the box to the screen: as wide as its longest line, and lists so high that title and keys have room."""
        self.set_class(size.height < self.CRAMPED, "-cramped")
        if self.widest():
            self.query_one("#box").styles.width = max(LEAST_WIDTH, self.widest() + SIDES)
        for option_list in self.query(OptionList):
            option_list.styles.max_height = self.most_lines(size.height)

    def widest(self) -> int:
        """Return the cells that the longest line needs, or 0 if the style sheet sets the width."""
        return 0

    def most_lines(self, height: int) -> int | None:
        """Return the maximum height of a list on a screen of this height, or None for the stylesheet's maximum."""
        return max(1, height * 3 // 5)

    @command("escape,q", N_("Cancel"), footer=True)
    def action_cancel(self) -> None:
        """Close the dialog without changes."""
        self.dismiss(None)


class Choices(OptionList):
    """A list in which enter or space chooses an option."""

    BINDINGS = [
        Binding("enter", "select", N_("Choose")),
        Binding("space", "select", show=False),
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]


class Answer(LineInput):
    """An input; enter returns its text."""

    BINDINGS = [Binding("enter", "submit", N_("OK"))]


class PickScreen(Question[str]):
    """Choose one of several options, with arrows and enter or with its letter."""

    def __init__(
        self,
        title: str,
        choices: Sequence[tuple[str, str]],
        *,
        keys: Mapping[str, str] | None = None,
        at: str = "",
    ) -> None:
        super().__init__(title)
        self._choices = choices
        self._keys = keys or {}
        self._at = at

    def compose_answer(self) -> ComposeResult:
        yield Choices(*(Option(plain(label), id=f"_{n}") for n, (_key, label) in enumerate(self._choices)))

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        names = [key for key, _label in self._choices]
        options.highlighted = names.index(self._at) if self._at in names else 0 if names else None

    def widest(self) -> int:
        return widest_of([self._title, *(label for _key, label in self._choices)])

    def on_key(self, event: Key) -> None:
        chosen = self._keys.get(event.character or "") or self._keys.get(event.key)
        if chosen is not None:
            event.stop()
            self.dismiss(chosen)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index][0])


class PickManyScreen(Question[T], Generic[T]):
    """Choose several options; the result is in the order of the list."""

    def __init__(self, title: str, choices: Sequence[tuple[str, str]], chosen: Sequence[str]) -> None:
        super().__init__(title)
        self._choices = choices
        self._chosen = set(chosen)

    def compose_answer(self) -> ComposeResult:
        yield Choices(*(Option(self.line(n)) for n in range(len(self._choices))))

    def widest(self) -> int:
        return MARK + widest_of([self._title, *(label for _key, label in self._choices)])

    def line(self, index: int) -> Content:
        """Return the line of an option."""
        key, label = self._choices[index]
        sign = "✓" if key in self._chosen else " "
        return template("[$text-accent]$sign[/] $label", sign=sign, label=label)

    @on(OptionList.OptionSelected)
    def _turned(self, event: OptionList.OptionSelected) -> None:
        self._chosen ^= {self._choices[event.option_index][0]}
        event.option_list.replace_option_prompt_at_index(event.option_index, self.line(event.option_index))
        self.changed()

    def changed(self) -> None:
        """React to a change of the selection."""

    @property
    def keys(self) -> list[str]:
        """The chosen options, in the order of the list."""
        return [key for key, _label in self._choices if key in self._chosen]

    @command("ctrl+s,f2", N_("Apply"), footer=True, priority=True)
    def action_done(self) -> None:
        """Apply the selection."""
        self.dismiss(self.answer())

    def answer(self) -> T:
        """Return the result of the dialog."""
        raise NotImplementedError


class LineScreen(Question[str]):
    """Enter a line of text."""

    def __init__(self, title: str, value: str = "", placeholder: str = "") -> None:
        super().__init__(title)
        self._value = value
        self._placeholder = placeholder

    def compose_answer(self) -> ComposeResult:
        yield Answer(self._value, placeholder=self._placeholder, max_length=1000)

    def widest(self) -> int:
        return widest_of([self._title, self._value, self._placeholder])

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


class DecideScreen(Question[str]):
    """A question with two or three answers, one key each."""

    def __init__(self, title: str, answers: Mapping[str, str]) -> None:
        super().__init__(title)
        self._answers = answers

    def compose_answer(self) -> ComposeResult:
        for key, label in self._answers.items():
            yield Static(template("[$text-accent]$key[/]  $label", key=fit(show_key(key), 6), label=label))

    def on_mount(self) -> None:
        self.query_one(KeyBar).display = False

    def on_key(self, event: Key) -> None:
        if event.key in self._answers or (event.character or "") in self._answers:
            event.stop()
            self.dismiss(event.character if event.character in self._answers else event.key)
