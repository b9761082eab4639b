"""The services of the app that screens may use. The app imports its screens, so they know it only by this protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from textual.dom import DOMNode

from archive.errors import ArchiveError, CannotWrite
from archive.service.archive import Archive
from archive.text import _
from archive.ui.draft_autosave import DraftAutosave
from archive.ui.insights_cache import InsightsCache
from archive.ui.repeats import RepeatGuard
from archive.ui.today_count import TodayCount

if TYPE_CHECKING:
    from archive.service.reporting import Reporting

T = TypeVar("T")


class AppServices(Protocol):
    """The app: gives access to the open archive, changes it off the event loop, and shows messages."""

    is_open: bool
    """Whether the archive is open; until then, `archive` must not be used."""
    demo: bool
    drafts: DraftAutosave
    insights: InsightsCache
    repeats: RepeatGuard
    today_count: TodayCount
    copied: str
    """The text copied last, with its line breaks."""

    @property
    def archive(self) -> Archive:
        """The open archive."""

    @property
    def reporting(self) -> Reporting:
        """The report service; it reads the archive once and then follows its changes."""

    async def change(self, work: Callable[[], T]) -> T | None:
        """Run a change of the archive. Show an error and return None if it fails."""

    async def change_or_raise(self, work: Callable[[], T]) -> T:
        """Like `change`, for a form that shows the error beside its field."""

    def tried(self, work: Callable[[], T]) -> T | None:
        """Run a quick call at once. Show an error and return None if it fails."""

    def show_error(self, error: ArchiveError) -> None:
        """Show an error."""

    def say(self, text: str) -> None:
        """Show a message in the status line."""

    async def action_quit(self) -> None:
        """Quit the program."""


def today_count(widget: DOMNode) -> TodayCount | None:
    """Return the count of what is due today, or None in an app without an archive."""
    return getattr(owner_of(widget), "today_count", None)


def why_reading(widget: DOMNode) -> str:
    """Return why the archive is read-only, or "" if it can be changed."""
    owner = owner_of(widget)
    return owner.archive.why_reading if owner.is_open else ""


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


def owner_of(widget: DOMNode) -> AppServices:
    """Return the app of a screen or widget."""
    return cast(AppServices, widget.app)
