"""The top-level screens, each with its letter for ctrl+g."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from operator import attrgetter
from typing import cast

from textual.screen import Screen

from archive.model.tables import by_rank
from archive.text import N_, _


@dataclass(frozen=True)
class Place:
    """A mode of the app. The module of its screen is imported when the user first goes there."""

    name: str
    letter: str
    label: str
    screen: str  # "module:Class" below archive.ui.screens
    arguments: tuple[str, ...] = ()
    rank: int = 0  # order in the list of places, lowest first

    @property
    def title(self) -> str:
        """The label, translated."""
        return _(self.label)

    @property
    def screen_class(self) -> Callable[..., Screen[None]]:
        """The class of its screen, imported on first access."""
        module, _colon, name = self.screen.partition(":")
        return cast(Callable[..., Screen[None]], getattr(import_module(f"archive.ui.screens.{module}"), name))

    def make(self) -> Screen[None]:
        """Return a new screen of this place."""
        return self.screen_class(*self.arguments)


def _lists() -> Iterator[Place]:
    """Yield the lists of the record types that have a letter."""
    for cls in by_rank():
        if cls.LETTER:
            yield Place(cls.TABLE, cls.LETTER, cls.LABEL, "browser:BrowserScreen", (cls.TABLE,), cls.RANK)


_WORK = (
    Place("today", "t", N_("Today"), "today:TodayScreen", rank=0),
    Place("pipeline", "l", N_("Pipeline"), "pipeline:PipelineScreen", rank=45),
    Place("open_items", "o", N_("Receivables"), "receivables:OpenItemsScreen", rank=46),
    Place("analysis", "a", N_("Analysis"), "analysis:AnalysisScreen", rank=2000),
    Place("import", "i", N_("Import"), "import_screen:ImportScreen", rank=2001),
    Place("history", "h", N_("History"), "history:HistoryScreen", rank=2002),
    Place("settings", ",", N_("Settings"), "settings_screen:SettingsScreen", rank=2003),
)
PLACES: dict[str, Place] = {
    place.name: place for place in sorted((*_WORK, *_lists()), key=attrgetter("rank"))
}
HOME = "today"
"""The start place, unless the settings name another."""
SETTINGS = "settings"


def start_place(name: str) -> str:
    """Return the name of the place to start with; `name` is the user's setting."""
    return name if name in PLACES else HOME


def destinations() -> list[tuple[str, str, str]]:
    """Return (letter, name, title) of everything ctrl+g leads to."""
    return [(place.letter, place.name, place.title) for place in PLACES.values()]


def choices_of_places() -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Return the (name, label) of each destination, and the name that each letter leads to."""
    places = destinations()
    return [(name, f"{letter}  {title}") for letter, name, title in places], {
        letter: name for letter, name, _title in places
    }
