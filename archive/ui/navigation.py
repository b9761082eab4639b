"""The top-level screens, each with its letter for ctrl+g."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from textual.screen import Screen

from archive.text import N_, _


@dataclass(frozen=True)
class Place:
    """A mode of the app. The module of its screen is imported when the user first goes there."""

    name: str
    letter: str
    label: str
    screen: str  # "module:Class" below archive.ui.screens
    arguments: tuple[str, ...] = ()

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


PLACES: dict[str, Place] = {
    place.name: place
    for place in (
        Place("today", "t", N_("Today"), "today:TodayScreen"),
        Place("customers", "c", N_("Customers"), "browser:BrowserScreen", ("customers",)),
        Place("transactions", "d", N_("Transactions"), "browser:BrowserScreen", ("transactions",)),
        Place("interactions", "k", N_("Contacts"), "browser:BrowserScreen", ("interactions",)),
        Place("products", "p", N_("Products"), "browser:BrowserScreen", ("products",)),
        Place("pipeline", "l", N_("Pipeline"), "pipeline:PipelineScreen"),
        Place("open_items", "o", N_("Open items"), "receivables:OpenItemsScreen"),
        Place("contracts", "n", N_("Contracts"), "browser:BrowserScreen", ("contracts",)),
        Place("wallets", "w", N_("Wallets"), "browser:BrowserScreen", ("wallets",)),
        Place("campaigns", "m", N_("Campaigns"), "browser:BrowserScreen", ("campaigns",)),
        Place("plans", "s", N_("Plans"), "browser:BrowserScreen", ("plans",)),
        Place("analysis", "a", N_("Analysis"), "analysis:AnalysisScreen"),
        Place("import", "i", N_("Import"), "import_screen:ImportScreen"),
        Place("history", "h", N_("History"), "history:HistoryScreen"),
    )
}
HOME = "customers"
SETTINGS = "settings"  # a form, not a place; named like its table


def destinations() -> list[tuple[str, str, str]]:
    """Return (letter, name, title) of everything ctrl+g leads to."""
    places = [(place.letter, place.name, place.title) for place in PLACES.values()]
    return [*places, ("e", SETTINGS, _("Archive settings"))]
