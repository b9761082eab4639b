"""The services of the app that screens may use. The app imports its screens, so they know it only by this protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from textual.dom import DOMNode
from textual.screen import Screen

from archive.errors import ArchiveError, CannotWrite
from archive.service.archive import Archive
from archive.settings import Settings
from archive.text import _
from archive.ui.draft_autosave import DraftAutosave
from archive.ui.insights_cache import InsightsCache
from archive.ui.recent_customers import RecentCustomers
from archive.ui.repeats import RepeatGuard
from archive.ui.today_count import TodayCount

if TYPE_CHECKING:
    from archive.service.reporting import Reporting

T = TypeVar("T")


class AppServices(Protocol):
    """The app: gives access to the open archive, changes it off the event loop, and shows messages."""

    wanted_setting: str
    """The key of the setting to put the cursor on when Settings is shown, or ""."""
    home: str
    """The name of the start place."""
    is_open: bool
    """Whether the archive is open; until then, `archive` must not be used."""
    demo: bool
    drafts: DraftAutosave
    insights: InsightsCache
    recent: RecentCustomers
    repeats: RepeatGuard
    today_count: TodayCount
    copied: str
    """The text copied last, with its line breaks."""

    @property
    def settings(self) -> Settings:
        """The personal settings."""

    @property
    def archive(self) -> Archive:
        """The open archive."""

    @property
    def reporting(self) -> Reporting:
        """The report service; it reads the archive once and then follows its changes."""

    async def change(self, work: Callable[[], T], *, shows_work: bool = True) -> T | None:
        """Run a change of the archive. Show an error and return None if it fails.

        If it takes long, the status line says so, unless the caller shows its progress.
        """

    async def change_or_raise(self, work: Callable[[], T], *, shows_work: bool = True) -> T:
        """Like `change`, for a form that shows the error beside its field."""

    def offer_drafts(self, screen: Screen[Any]) -> None:
        """Offer the drafts of the previous run on a screen, if that has not been done yet."""

    async def set_setting(self, key: str, value: Any) -> bool:
        """Change a personal setting, now and in settings.toml. Show an error and return False if that fails."""

    def tried(self, work: Callable[[], T]) -> T | None:
        """Run a quick call at once. Show an error and return None if it fails."""

    def show_error(self, error: ArchiveError) -> None:
        """Show an error."""

    def say(self, text: str, *, error: bool = False) -> None:
        """Show a message in the status line, until the archive changes or another screen opens."""

    async def leave_place(self, *, quits: bool) -> None:
        """Go from a place to the start place, or quit from there if `quits`."""

    def show_work(self, words: str) -> None:
        """Show in the status line that work takes long, or with "" that it has ended."""

    def go_to(self, place: str | None) -> None:
        """Switch to a place by its name."""

    def go_to_setting(self, key: str) -> None:
        """Go to a setting by its key, as in `service.setting_lines`."""

    async def action_quit(self) -> None:
        """Quit the program."""


def today_count(widget: DOMNode) -> TodayCount | None:
    """Return the count of what is due today, or None in an app without an archive."""
    return getattr(owner_of(widget), "today_count", None)


def why_reading(widget: DOMNode) -> str:
    """Return why the archive is read-only, or "" if it can be changed."""
    owner = owner_of(widget)
    return owner.archive.why_reading if owner.is_open else ""


def revision(widget: DOMNode) -> int:
    """Return the revision of the archive, or -1 before it is open."""
    owner = owner_of(widget)
    return owner.archive.revision if owner.is_open else -1


def undo_label(widget: DOMNode) -> str:
    """Return the label of the change that undo would undo, or "" if it can undo nothing."""
    owner = owner_of(widget)
    return owner.archive.undo_label() if owner.is_open and not owner.archive.why_reading else ""


def refused_while_reading(widget: DOMNode) -> bool:
    """Return whether the archive is read-only; if so, show why."""
    why = why_reading(widget)
    if why:
        owner_of(widget).show_error(CannotWrite(why, _("The archive is open read-only.")))
    return bool(why)


def refused_as_repeat(widget: DOMNode, target: str) -> bool:
    """Return whether to ignore a delete key that was pressed twice but has now reached another `target`.

    If so, tell the user.
    """
    owner = owner_of(widget)
    if owner.repeats.admits((id(widget), target)):
        return False
    owner.say(
        _("The key was pressed twice, so only one deletion was made. Press it again to delete this as well.")
    )
    return True


def turn_pin(widget: DOMNode, uid: str, name: str) -> None:
    """Pin or unpin a customer, and say so."""
    owner = owner_of(widget)
    sentence = _("Pinned {name}.") if owner.recent.turn(uid) else _("Unpinned {name}.")
    owner.say(sentence.format(name=name))


def owner_of(widget: DOMNode) -> AppServices:
    """Return the app of a screen or widget."""
    return cast(AppServices, widget.app)
