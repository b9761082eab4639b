"""Search customers, activities, contracts, transactions and all other tables at once, as you type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Key, Paste, Resize
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, OptionList, Static
from textual.worker import get_current_worker

from archive.errors import ArchiveError
from archive.service.search_everything import Hit, Hits, is_enough, search_everything
from archive.service.views import View
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.safe_text import template
from archive.ui.screens.base import ArchiveScreen
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar
from archive.ui.widgets.hit_list import HitList, Target
from archive.ui.widgets.search import SearchInput, is_search_text

SOON = 0.3  # seconds after which the hits found so far are shown, and that the search goes on


class WordsInput(SearchInput):
    """The search line; escape in an empty line leaves the screen."""

    has_hits: reactive[bool] = reactive(False, init=False, bindings=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the way to the hits if there are none."""
        return action not in ("leave", "open_hit") or self.has_hits

    def action_clear_or_leave(self) -> None:
        """Clear the line, or leave the screen if it is empty."""
        if self.value:
            self.value = ""
        else:
            self.screen.dismiss()


class EverythingScreen(ArchiveScreen[None]):
    """Hits in all tables. Those of a slow search appear table by table, below the ones that are shown."""

    AUTO_FOCUS = "#filter"
    KEY_LABELS: ClassVar[dict[str, str]] = {"clear_or_leave": N_("Back")}
    DEFAULT_CSS = """
    EverythingScreen #hint { height: 1fr; padding: 0 3; }
    """

    @dataclass
    class Found(Message):
        """The hits of the first tables, or of all if it `is_all`."""

        number: int
        groups: Sequence[Hits]
        is_all: bool
        error: ArchiveError | None = None

    def __init__(self) -> None:
        super().__init__()
        self._request_number = self._answered = 0
        self._text = ""

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Horizontal(id="filter-line"):
            yield Static("/", id="filter-sign")
            yield WordsInput(placeholder=_("words anywhere: names, notes, numbers"), id="filter")
        yield HitList(id="hits")
        yield Static(id="hint")
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self._show_hint(
            _(
                "Type at least two letters. Customers, activities, contracts, transactions and all notes are searched."
            )
        )

    @property
    def hits(self) -> HitList:
        """The list of hits."""
        return self.query_one("#hits", HitList)

    @property
    def is_working(self) -> bool:
        """Whether the list still shows the hits of another text."""
        return super().is_working or self._answered != self._request_number

    def is_urgent(self, typed: Key | Paste) -> bool:
        """Letters typed into the search line do not wait for the hits; enter does."""
        return (is_search_text(self, typed) and not super().is_working) or super().is_urgent(typed)

    # Searching

    def show_archive(self) -> None:
        self.show_title(_("Search everything"))
        if self._text:
            self._ask()

    @on(Input.Changed, "#filter")
    def _typed(self, event: Input.Changed) -> None:
        self._text = event.value
        self._ask()

    def _ask(self) -> None:
        self._request_number += 1
        number, groups = self._request_number, list[Hits]()
        self.set_timer(SOON, lambda: self._show_so_far(number, groups))
        self._search(number, self._text if is_enough(self._text) else "", groups)

    def _show_so_far(self, number: int, groups: Sequence[Hits]) -> None:
        """Show that a slow search goes on, and the hits found so far."""
        if number == self._request_number != self._answered:
            self.show_title(_("Search everything"), _("searching …"))
            if groups:
                self.on_everything_screen_found(self.Found(number, tuple(groups), False))

    @work(thread=True, exclusive=True, group="everything", exit_on_error=False)
    def _search(self, number: int, text: str, groups: list[Hits]) -> None:
        worker, soon = get_current_worker(), monotonic() + SOON
        error = None
        try:
            for hits in search_everything(self.archive, text, lambda: worker.is_cancelled):
                groups.append(hits)
                if monotonic() >= soon:
                    self.post_message(self.Found(number, tuple(groups), False))
        except ArchiveError as raised:
            error = raised
        if not worker.is_cancelled:
            self.post_message(self.Found(number, tuple(groups), True, error))

    def on_everything_screen_found(self, message: Found) -> None:
        if message.number != self._request_number:
            return
        if self._answered == message.number:
            self.hits.add(message.groups[self.hits.shown :])
        else:
            self.hits.show(message.groups)
        self._answered = message.number
        self._say_found(message)

    def _say_found(self, message: Found) -> None:
        total = sum(group.total for group in message.groups)
        words = _("{n} found").format(n=f"{total:,}") if message.groups else ""
        going_on = "" if message.is_all else _("searching …")
        self.show_title(_("Search everything"), " · ".join(filter(None, [words, going_on])))
        if message.error:
            self.query_one(StatusLine).say(str(message.error), error=True)
        if message.groups or not message.is_all:
            self._show_hint("")
        elif is_enough(self._text):
            self._show_hint(_("Nothing contains “{text}”.").format(text=self._text.strip()))
        else:
            self._show_hint(_("Type at least two letters."))

    def _show_hint(self, words: str) -> None:
        hint = self.query_one("#hint", Static)
        hint.display, self.hits.display = bool(words), not words
        self.query_one(WordsInput).has_hits = not words
        hint.update(template("[$foreground 60%]$words[/]", words=words))

    def on_resize(self, _event: Resize) -> None:
        self.call_after_refresh(self.hits.redraw)

    # Opening

    @on(SearchInput.Left)
    def _enter_hits(self) -> None:
        self.set_focus(self.hits)

    @on(SearchInput.HitWanted)
    def _open_first(self) -> None:
        if target := self.hits.target:
            self.set_focus(self.hits)
            self._open(target)

    @on(OptionList.OptionSelected, "#hits")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        target = self.hits.target_of(event.option_index) if self.hits.still_shows(event) else None
        if target is not None:
            self._open(target)

    def _open(self, target: Target) -> None:
        if isinstance(target, str):
            from archive.ui.screens.palette_entries import go_to_view

            go_to_view(self.app, target, View(self._text.strip()))
        else:
            open_hit(self, target)

    @command("slash", N_("Search"), footer=True)
    def action_search(self) -> None:
        """Change the search: what you type replaces the old text."""
        self.query_one("#filter", SearchInput).enter()

    @command("ctrl+f", N_("Search everything"), priority=True)
    def action_search_everything(self) -> None:
        """Change the search: what you type replaces the old text."""
        self.action_search()

    @command("escape", N_("Back"), footer=True)
    async def action_back(self) -> None:
        """Go back to the screen you came from."""
        self.dismiss()

    @command("q", N_("Back"))
    async def action_leave(self) -> None:
        """Go back to the screen you came from."""
        self.dismiss()


def open_hit(screen: ArchiveScreen[None], hit: Hit) -> None:
    """Open the record of a hit, with the cursor on the field that contains the words."""
    if hit.table == "customers":
        from archive.ui.screens.profile import ProfileScreen

        screen.app.push_screen(ProfileScreen(hit.uid, [hit.uid], hit.key))
    else:
        from archive.ui.screens.record import RecordScreen

        screen.app.push_screen(RecordScreen(hit.table, hit.uid, [hit.uid], hit.key))
