"""The command palette: go to any place, customer, report, view or setting, or run any command, by its name."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key, Paste, Resize
from textual.message import Message
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from archive.errors import ArchiveError
from archive.text import N_, _, fold
from archive.ui.error_guard import on
from archive.ui.safe_text import fit, plain, template
from archive.ui.screens import palette_entries as listing
from archive.ui.screens.dialogs import Question
from archive.ui.screens.find import FindLine
from archive.ui.screens.palette_entries import Entry, Owner, Sections
from archive.ui.widgets.option_list import OptionList

_NAME = 26  # width of a name, if notes stand beside it
_ROOM_FOR_NOTES = 50  # minimum width of the list for showing notes


class PaletteScreen(Question[Entry]):
    """Returns the entry to run. The list changes once a letter, when everything for it has been found."""

    KEY_LABELS = {"submit": N_("Open")}

    DEFAULT_CSS = """
    PaletteScreen > #box { width: 90; }
    PaletteScreen OptionList { margin: 1 0 0 0; max-height: 100%; }
    PaletteScreen #said { height: auto; color: $text-muted; margin: 1 0 0 0; }
    PaletteScreen.-low OptionList, PaletteScreen.-flat OptionList { margin: 0; }
    PaletteScreen.-low #said, PaletteScreen.-flat #said { margin: 0; }
    """

    @dataclass
    class Found(Message):
        """The customers and reports for a text."""

        number: int
        text: str
        uids: Sequence[str]  # of the best matching customers
        total: int
        reports: Sequence[Entry]

    def __init__(self, owners: Sequence[Owner]) -> None:
        super().__init__(_("Go to or run"))
        self._owners = owners
        self._entries: list[Entry] = []
        self._query = ""
        self._sections: Sections = []
        self._lines: list[Entry | None] = []  # None for a heading
        self._total = 0
        self._request_number = self._answered = 0

    def compose_answer(self) -> ComposeResult:
        yield FindLine(placeholder=_("place, command, customer, report, view or setting"), max_length=100)
        listed = OptionList()
        listed.can_focus = False
        yield listed
        yield Static(id="said")

    def on_mount(self) -> None:
        home = self.app
        self._entries = list(listing.commands(self._owners))
        if self.owner.is_open:
            self._entries = [
                *listing.places(home),
                *self._entries,
                *listing.views(home),
                *listing.settings(home),
            ]
        self._show_all()

    # Finding

    @property
    def is_working(self) -> bool:
        """Whether the list still shows an earlier text."""
        return self._answered != self._request_number

    def is_urgent(self, typed: Key | Paste) -> bool:
        """Letters do not wait for the list; enter does."""
        return isinstance(typed, Paste) or typed.key != "enter"

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._request_number += 1
        if event.value.strip() and self.owner.is_open:
            self._find(self._request_number, event.value)
        else:
            self.on_palette_screen_found(self.Found(self._request_number, event.value, (), 0, ()))

    @work(thread=True, exclusive=True, group="palette", exit_on_error=False)
    def _find(self, number: int, text: str) -> None:
        try:
            uids = self.archive.by_name("customers", text)
        except ArchiveError:  # damaged records: the rest can still be found
            uids = []
        reports = list(listing.reports(self.app))
        self.post_message(self.Found(number, text, list(uids[: listing.MOST_FOUND]), len(uids), reports))

    def on_palette_screen_found(self, message: Found) -> None:
        if message.number != self._request_number:
            return
        self._answered, self._query, self._total = message.number, fold(message.text), message.total
        if not self._query:
            self._show_all()
            return
        people = (
            listing.customers(self.app, self.archive, message.uids, listing.CUSTOMER) if message.uids else ()
        )
        self._sections = listing.found([*self._entries, *message.reports], message.text, list(people))
        self._draw()
        self._say(
            "" if self._sections else _("Nothing is called “{name}”.").format(name=message.text.strip())
        )

    def _show_all(self) -> None:
        """Without a text, list the pinned and recent customers, and the commands of the screen."""
        self._sections = []
        if self.owner.is_open:
            uids = listing.recent_uids(self.app, str(getattr(self._owners[0], "uid", "")))
            people = list(listing.customers(self.app, self.archive, uids, listing.RECENT))
            self._sections = [(listing.RECENT, people)] if people else []
        here = [entry for entry in self._entries if entry.section == listing.COMMAND]
        here.sort(key=lambda entry: (not entry.is_armed(""), entry.leaves))
        self._sections.append((listing.COMMAND, here))
        self._draw()
        self._say("")

    # Drawing

    def _draw(self) -> None:
        """Draw the list with the cursor on the first entry, unless enter may not run that."""
        self._lines = [line for _title, entries in self._sections for line in (None, *entries)]
        self._fill()
        first = self._lines[1] if self._lines else None
        listed = self.query_one(OptionList)
        listed.highlighted = 1 if first and first.is_armed(self._query) else None
        listed.scroll_home(animate=False)
        self.query_one(FindLine).finds = bool(self._lines)

    def _fill(self) -> None:
        listed = self.query_one(OptionList)
        width = listed.scrollable_content_region.width - 1  # the scroll bar does not touch the keys
        options = []
        for title, entries in self._sections:
            options.append(Option(self._heading(title, len(entries)), disabled=True))
            options += [Option(self._line(entry, width)) for entry in entries]
        listed.clear_options()
        listed.add_options(options)
        listed.display = bool(options)

    def _heading(self, title: str, shown: int) -> Content:
        is_cut = title == listing.CUSTOMER and self._total > shown
        count = _("{shown} of {total}").format(shown=shown, total=f"{self._total:,}") if is_cut else ""
        return template("[$foreground 60%]$title  $count[/]", title=_(title), count=count)

    def _line(self, entry: Entry, width: int) -> Content:
        key = fit(entry.key, max(1, min(len(entry.key), width // 2)))
        room = max(1, width - 2 - (len(key) + 2 if entry.key else 0))
        is_noted = width >= _ROOM_FOR_NOTES
        name = fit(entry.name, min(_NAME, room) if is_noted else room)
        note = fit(self._note(entry), room - _NAME - 1) if is_noted else ""
        gap = " " if is_noted else ""
        text = template("  $name$gap[$foreground 60%]$note[/]", name=name, gap=gap, note=note)
        return Content.assemble(text, template("  [$text-accent]$key[/]", key=key)) if entry.key else text

    def _note(self, entry: Entry) -> str:
        return entry.note if entry.is_armed(self._query) else _type_it(entry)

    def _say(self, words: str) -> None:
        hint = self.query_one("#said", Static)
        hint.display = bool(words)
        hint.update(plain(words))

    def on_resize(self, _event: Resize) -> None:
        """Redraw with the new width once it is known."""
        self.call_after_refresh(self._redraw)

    def _redraw(self) -> None:
        listed = self.query_one(OptionList)
        at = listed.highlighted
        self._fill()
        listed.highlighted = at

    # Choosing

    @on(Input.Submitted)
    def _submitted(self) -> None:
        at = self.query_one(OptionList).highlighted
        first = self._lines[1] if self._lines else None
        entry = first if at is None else self._lines[at]
        if entry and (at is not None or not entry.is_armed(self._query)):
            self._choose(entry)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        entry = self._lines[event.option_index] if self.query_one(OptionList).still_shows(event) else None
        if entry:
            self._choose(entry)

    def _choose(self, entry: Entry) -> None:
        if entry.is_armed(self._query):
            self.dismiss(entry)
        else:
            self._say(_type_it(entry))

    def action_step(self, by: int) -> None:
        """Move through the list."""
        listed = self.query_one(OptionList)
        if listed.highlighted is None:
            listed.highlighted = 1 if self._lines else None
        elif by > 0:
            listed.action_cursor_down()
        else:
            listed.action_cursor_up()
        if listed.highlighted == 1:
            listed.scroll_home(animate=False)  # so that the heading is in view, too


def _type_it(entry: Entry) -> str:
    return _("This changes data at once. Type “{name}” in full to run it.").format(name=entry.name.lower())


async def run(entry: Entry | None) -> None:
    """Run the chosen entry."""
    done = entry.run() if entry else None
    if inspect.isawaitable(done):
        await done
