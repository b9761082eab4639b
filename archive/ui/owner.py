"""What a screen may ask of the app that shows it. The app imports its screens, so the screens know it by this alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from textual.dom import DOMNode

from archive.errors import ArchiveError, CannotWrite
from archive.service.archive import Archive
from archive.text import _
from archive.ui.draft_keeper import DraftKeeper
from archive.ui.insight_keeper import InsightKeeper
from archive.ui.repeats import RepeatGuard

if TYPE_CHECKING:
    from archive.service.reporting import Reporting

T = TypeVar("T")


class Owner(Protocol):
    """Holds the open archive; changes it off the event loop; says what happened."""

    is_open: bool
    """False until the archive has been read: before that there is no `archive`."""
    demo: bool
    drafts: DraftKeeper
    insights: InsightKeeper
    repeats: RepeatGuard
    copied: str
    """What was copied last, its lines kept."""

    @property
    def archive(self) -> Archive:
        """The open archive."""

    @property
    def reporting(self) -> Reporting:
        """Answers reports; reads the archive once and follows every change."""

    async def change(self, work: Callable[[], T]) -> T | None:
        """Run a change of the archive. An error is shown, and None returned."""

    async def change_or_raise(self, work: Callable[[], T]) -> T:
        """Like `change`, for a form that shows the error beside its field."""

    def tried(self, work: Callable[[], T]) -> T | None:
        """Run quick work at once. An error is shown, and None returned."""

    def show_error(self, error: ArchiveError) -> None:
        """Show what went wrong."""

    def say(self, text: str) -> None:
        """A sentence about what just happened."""

    async def action_quit(self) -> None:
        """Leave the program."""


def why_reading(widget: DOMNode) -> str:
    """Return why the archive is read-only, "" if it can be changed."""
    owner = owner_of(widget)
    return owner.archive.why_reading if owner.is_open else ""


def refused_while_reading(widget: DOMNode) -> bool:
    """Whether the archive is read-only; if so, show why."""
    why = why_reading(widget)
    if why:
        owner_of(widget).show_error(CannotWrite(why, _("It is open for reading only.")))
    return bool(why)


def refused_as_repeat(widget: DOMNode, what: str) -> bool:
    """Whether a key that deletes was pressed twice, and deletes `what` here for the first time; then say so."""
    owner = owner_of(widget)
    if owner.repeats.admits((id(widget), what)):
        return False
    owner.say(
        _("Nothing more was deleted: the key was pressed twice. Press it again to delete here as well.")
    )
    return True


def owner_of(widget: DOMNode) -> Owner:
    """The app that shows a screen or a widget."""
    return cast(Owner, widget.app)
