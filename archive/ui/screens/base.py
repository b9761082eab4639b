"""The base class of all screens: frame, archive, and updates after changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from textual.app import App
from textual.events import Key, Paste
from textual.geometry import Size
from textual.screen import Screen

from archive.errors import ArchiveError
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.service.progress import Progress
from archive.settings import Settings
from archive.text import N_, _, plural
from archive.ui.busy import Work
from archive.ui.commands import HasCommands, command
from archive.ui.crash import EndsWithErrors
from archive.ui.host import AppServices, owner_of, refused_as_repeat
from archive.ui.leaving import LeavesOnce
from archive.ui.messages import (
    Changed,
    CustomerWanted,
    EverythingWanted,
    LookedOver,
    MinutePassed,
    Opened,
    RecordWanted,
)
from archive.ui.screens.marking import FOR_MARKS, clear_marks, marked_words
from archive.ui.wall_clock import minute_of
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar
from archive.ui.widgets.table import RecordTable

ResultType = TypeVar("ResultType")


class ArchiveScreen(HasCommands, LeavesOnce, EndsWithErrors, Screen[ResultType], Generic[ResultType]):
    """A screen that shows part of the archive and follows its changes."""

    _shown_revision = -1
    KEY_LABELS: ClassVar[dict[str, str]] = {"change": N_("Change")}
    keys_for_marks: Sequence[str] = ()
    """While rows are marked, the commands in the key bar, which act on all marked rows."""
    progress: Progress | None = None
    """Long work that esc stops; None if there is none."""
    _followed_settings: Settings | None = None
    _work: Work | None = None
    _size_before: Size | None = None
    _shown_at: datetime | None = None  # the minute for which dates and local times are shown

    def __init__(self) -> None:
        super().__init__()
        self.add_class(*_classes_of_size(self.app), update=False)

    @property
    def owner(self) -> AppServices:
        """The services of the app."""
        return owner_of(self)

    @property
    def archive(self) -> Archive:
        """The open archive."""
        return self.owner.archive

    @property
    def has_content(self) -> bool:
        """Whether the screen shows what it is for; until then it shows no keys, which would move soon after."""
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow only search, back and quit until the archive is open."""
        if not self.owner.is_open and action not in ("search", "back", "leave"):
            return False
        return super().check_action(action, parameters)

    @property
    def is_working(self) -> bool:
        """Whether keys must wait until the archive is open and the screen shows its latest revision."""
        return not self.owner.is_open or self._shown_revision != self.archive.revision

    def is_urgent(self, typed: Key | Paste) -> bool:
        """Whether a key works before the archive is open: leave and quit do."""
        if self.owner.is_open or isinstance(typed, Paste):
            return False
        active = self.active_bindings.get(typed.key)
        return active is not None and active.binding.action in ("leave", "quit", "app.quit")

    def on_screen_resume(self) -> None:
        self._follow()

    def on_screen_suspend(self) -> None:
        front = self.app.screen
        if front is not self and isinstance(front, ArchiveScreen):
            for status in self.query(StatusLine):
                status.move_on()

    def on_opened(self, message: Opened) -> None:
        self._follow()
        self.owner.offer_drafts(self)

    def on_changed(self, message: Changed) -> None:
        self._follow()

    def on_minute_passed(self, message: MinutePassed) -> None:
        self._follow()

    def on_looked_over(self, message: LookedOver) -> None:
        if not self.has_left:
            self.show_insights()

    def show_insights(self) -> None:
        """Show the insights about the customer on the screen, if there is room."""

    def _follow(self) -> None:
        """Refresh the screen if the archive or date has changed; if only the minute has, refresh the local times."""
        if not self.owner.is_open or self.has_left:
            return
        for status in self.query(StatusLine):
            status.follow()
        before, self._shown_at = self._shown_at, minute_of(self.archive.clock())
        if (
            self._shown_revision != self.archive.revision
            or self._followed_settings is not self.owner.settings
            or before is None
            or before.date() != self._shown_at.date()
        ):
            self._show(self.show_archive)
        elif before != self._shown_at:
            self._show(self.show_times)

    def _show(self, show: Callable[[], None]) -> None:
        self._shown_revision, self._followed_settings = self.archive.revision, self.owner.settings
        try:
            show()
        except ArchiveError as error:  # a damaged record: keep the readable part, and show the error
            self.owner.show_error(error)

    def show_archive(self) -> None:
        """Show the current state of the archive."""

    def show_times(self) -> None:
        """Refresh the local times on the screen, once a minute."""

    def show_title(self, title: str, detail: str = "") -> None:
        """Fill the title bar."""
        count = plural("{n} customer", "{n} customers", self.archive.count("customers"))
        name = _("demo") if self.owner.demo else self.archive.path.name
        state = _("read-only") if self.archive.why_reading else _("all saved")
        self.query_one(TitleBar).show(title, name, count, state, detail)

    def begin_work(self, words: str) -> None:
        """Say in the status line what takes long, if it has not ended after 300 ms."""
        self._work = self._work or Work(words, self._show_work)

    def end_work(self) -> None:
        """End the work that has begun."""
        if self._work:
            self._work.end()
            self._work = None

    def _show_work(self, words: str) -> None:
        for status in self.query(StatusLine):
            status.working = words

    def on_unmount(self) -> None:
        self.end_work()

    def is_resized(self) -> bool:
        """Return whether the size has changed since the last call. The first call follows the mounting: it has not."""
        before, self._size_before = self._size_before, self.app.size
        return before not in (None, self.app.size)

    def step_back(self) -> bool:
        """Stop long work, or else clear the marks; return whether there was either."""
        if self.progress:
            self.progress.stop()
            return True
        return clear_marks(self.query(RecordTable))

    def on_record_table_marked(self, _message: RecordTable.Marked) -> None:
        if not self.has_left:
            words = marked_words(self.query(RecordTable))
            self.query_one(TitleBar).show_marked(words)
            self.keys_for_marks = FOR_MARKS if words else ()
            for bar in self.query(KeyBar):
                bar.refresh()

    def show_customer(self, uid: str, ids: Sequence[str] = ()) -> None:
        """Open the profile of a customer; `ids` are the customers for next and previous."""
        self.post_message(CustomerWanted(uid, ids or [uid]))

    def show_record(self, table: str, uid: str, ids: Sequence[str] = ()) -> None:
        """Open a record for reading: a customer's profile, or the read view of any other record."""
        if table == Customer.TABLE:
            self.show_customer(uid, ids)
        else:
            self.post_message(RecordWanted(table, uid, ids or [uid]))

    def enter_line(self, kind: str, customer: str) -> None:
        """Open the quick entry of an activity or a purchase."""
        from archive.ui.screens.one_line import OneLineScreen

        if customer:
            self.app.push_screen(OneLineScreen(kind, customer))

    async def delete(self, table: str, uids: Sequence[str], key: str = "") -> bool:
        """Delete records. Return whether they were deleted.

        `key` names the target for the guard against accidental double presses; the default is the table.
        """
        if refused_as_repeat(self, key or table):
            return False
        return await self.owner.change(lambda: self.archive.delete(table, uids)) is not None

    @command("escape", N_("Back"))
    async def action_back(self) -> None:
        """Go back one step: to the screen below, or to the start place."""
        if self._is_place:
            await self.owner.leave_place(quits=False)
        else:
            self.dismiss(None)

    @command("ctrl+f", N_("Search everything"), priority=True)
    def action_search_everything(self) -> None:
        """Search customers, activities, contracts, transactions and all notes at once."""
        self.post_message(EverythingWanted())

    @command("q", N_("Back or quit"))
    async def action_leave(self) -> None:
        """Go back one step, or quit from the start place."""
        if self._is_place:
            await self.owner.leave_place(quits=True)
        else:
            await self.action_back()

    @property
    def _is_place(self) -> bool:
        return self.app.screen_stack[0] is self


def _classes_of_size(app: App[object]) -> list[str]:
    """Return the size classes that Textual will set. Setting them from the start saves styling the screen twice."""
    sides = ((app.HORIZONTAL_BREAKPOINTS, app.size.width), (app.VERTICAL_BREAKPOINTS, app.size.height))
    return [max(step for step in steps if step[0] <= length)[1] for steps, length in sides if steps]
