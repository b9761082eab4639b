"""Choose a file: with arrows, by typing part of its name, or by typing a path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len
from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from archive.errors import ArchiveError
from archive.exchange.formats import readable
from archive.service.folder import Entry, folder_entries, home_folder, is_folder
from archive.text import N_, _, fold
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.safe_text import fit, plain, template
from archive.ui.screens.dialogs import Question
from archive.ui.screens.find import FindLine
from archive.ui.widgets.option_list import OptionList

_DAY, _SIZE = 10, 7  # column widths
_ROOM_FOR_DAY = 60  # below this width the date is dropped


class FileLine(FindLine):
    """An input for part of a name, or a path; backspace in the empty line goes to the parent folder."""

    BINDINGS = [
        Binding("enter", "submit", N_("Open")),
        Binding("pagedown", "screen.step(10)", show=False),
        Binding("pageup", "screen.step(-10)", show=False),
    ]

    def action_delete_left(self) -> None:
        """Delete a letter, or go to the parent folder."""
        if self.value:
            super().action_delete_left()
        else:
            self.post_message(FilePick.Above())


class FilePick(Question[Path]):
    """A list of folders and of files that can be imported."""

    DEFAULT_CSS = """
    FilePick > #box { width: 100%; max-width: 100; height: 90%; }
    FilePick #folder { color: $text-muted; height: auto; max-height: 3; }
    FilePick OptionList { height: 1fr; max-height: 100%; margin: 1 0 0 0; }
    FilePick.-low > #box, FilePick.-flat > #box { height: 100%; }
    FilePick.-low OptionList, FilePick.-flat OptionList { margin: 0; }
    FilePick.-flat #title, FilePick.-flat #folder, FilePick.-flat KeyBar { display: none; }
    """

    class Above(Message):
        """The user goes to the parent folder."""

    @dataclass
    class Listed(Message):
        """The content of a folder, or the error of reading it."""

        number: int  # number of the request
        folder: Path
        entries: Sequence[Entry]
        error: ArchiveError | None = None

    def __init__(self, folder: Path) -> None:
        super().__init__(_("Import which file?"))
        self._folder = folder.absolute()
        self._every = False
        self._entries: Sequence[Entry] = ()
        self._matches: list[Entry] = []
        self._from: Path | None = None  # the folder the user has come up from
        self._request_number = 0
        self._answered = 0

    def compose_answer(self) -> ComposeResult:
        yield Static(id="folder")
        yield FileLine(placeholder=_("search, or enter a path"), max_length=1000)
        option_list = OptionList()
        option_list.can_focus = False
        yield option_list

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._list(self._folder, every=self._every)

    @property
    def is_working(self) -> bool:
        """Whether keys must wait for the entries of a folder."""
        return self._answered != self._request_number

    def _list(self, folder: Path, *, every: bool) -> None:
        self._request_number += 1
        self._read(self._request_number, folder, every=every)

    @work(thread=True, exclusive=True, group="folder", exit_on_error=False)
    def _read(self, number: int, folder: Path, *, every: bool) -> None:
        worker = get_current_worker()
        try:
            answer = self.Listed(
                number, folder, folder_entries(folder, _every_file if every else _importable())
            )
        except ArchiveError as error:
            answer = self.Listed(number, folder, (), error)
        if not worker.is_cancelled:
            self.post_message(answer)

    def on_file_pick_listed(self, message: Listed) -> None:
        if message.number != self._request_number:
            return
        self._answered = message.number
        if message.error:
            self.query_one("#folder", Static).update(
                template("[$text-error]! $error[/]", error=str(message.error))
            )
            return
        self._folder, self._entries = message.folder, message.entries
        self.query_one(Input).value = ""
        self._show("")

    def _show(self, text: str) -> None:
        words = fold(text).split()
        above = Entry(self._folder.parent, True)
        self._matches = [
            entry for entry in self._entries if all(word in fold(entry.path.name) for word in words)
        ]
        if not words and self._folder != self._folder.parent:
            self._matches.insert(0, above)
        self._draw(self._place_of(self._from))

    def _place_of(self, path: Path | None) -> int:
        """Return the initial position of the cursor: the folder just left, or else the first entry that is not ".."."""
        places = [index for index, entry in enumerate(self._matches) if entry.path == path]
        return places[0] if places else min(1, len(self._matches) - 1) if self._is_above(0) else 0

    def _is_above(self, index: int) -> bool:
        return index < len(self._matches) and self._matches[index].path == self._folder.parent

    def _draw(self, at: int) -> None:
        option_list = self.query_one(OptionList)
        width = option_list.scrollable_content_region.width
        option_list.clear_options()
        option_list.add_options([Option(self._line(index, width)) for index in range(len(self._matches))])
        option_list.highlighted = at if self._matches else None
        self.query_one(FileLine).finds = bool(self._matches) or self._typed_path() is not None
        self.query_one("#folder", Static).update(plain(_ending(str(self._folder), width)))

    def _line(self, index: int, width: int) -> Content:
        entry = self._matches[index]
        if entry.is_folder:
            return template("[$text-accent]$name[/]", name=fit(self._folder_name(index), width))
        behind = f"  {entry.size_shown:>{_SIZE}}"
        if width >= _ROOM_FOR_DAY:
            behind += f"  {entry.changed:%Y-%m-%d}" if entry.changed else " " * (_DAY + 2)
        name = fit(entry.path.name, width - len(behind))
        return template("$name[$foreground 60%]$behind[/]", name=name, behind=behind)

    def _folder_name(self, index: int) -> str:
        return ".." if self._is_above(index) else self._matches[index].path.name + "/"

    def on_resize(self, event: events.Resize) -> None:
        """Redraw with the new width once it is known."""
        self.call_after_refresh(lambda: self._draw(self.query_one(OptionList).highlighted or 0))

    def most_lines(self, height: int) -> int | None:
        """Do not limit the height of the list."""
        return None

    # Choosing

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        if event.value:
            self._from = None
        self._show("" if self._typed_path() else event.value)

    def _typed_path(self) -> Path | None:
        text = self.query_one(Input).value.strip()
        return self._folder / home_folder(text) if "/" in text or text.startswith("~") else None

    @on(Input.Submitted)
    def _submitted(self) -> None:
        at = self.query_one(OptionList).highlighted
        if path := self._typed_path():
            self._open(path)
        elif at is not None:
            self._open(self._matches[at].path)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        if self.query_one(OptionList).still_shows(event):
            self._open(self._matches[event.option_index].path)

    def _open(self, path: Path) -> None:
        if not is_folder(path):
            self.dismiss(path)
            return
        self._from = self._folder if path == self._folder.parent else None
        self._list(path, every=self._every)

    @on(Above)
    def _go_above(self) -> None:
        self._open(self._folder.parent)

    @command("tab", N_("All files"), footer=True, priority=True)
    def action_turn(self) -> None:
        """Show all files; press again to show only files that can be imported."""
        self._every = not self._every
        self._list(self._folder, every=self._every)

    def action_step(self, by: int) -> None:
        """Move through the list."""
        option_list = self.query_one(OptionList)
        if self._matches:
            at = (option_list.highlighted or 0) + by
            option_list.highlighted = max(0, min(at, len(self._matches) - 1))


def _importable() -> Callable[[Entry], bool]:
    """Return a filter for folders, and for files with the suffix of a format that can be imported."""
    suffixes = {suffix for form in readable().values() for suffix in form.suffixes}

    def is_importable(entry: Entry) -> bool:
        is_hidden = entry.path.name.startswith(".")
        return not is_hidden and (entry.is_folder or entry.path.suffix.lower() in suffixes)

    return is_importable


def _every_file(_entry: Entry) -> bool:
    return True


def _ending(path: str, width: int) -> str:
    """Return as much of the end of a path as fits."""
    while cell_len(path) > width > 1:
        path = "…" + path[2 if path.startswith("…") else 1 :]
    return path
