"""The commands of all screens, for the list of keys in Settings and for the manual."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from archive.text import N_
from archive.ui import screens
from archive.ui.commands import Command, HasCommands, commands_of

SCREENS = {
    "archiveapp": N_("Everywhere"),
    "archive": N_("Unless a screen says otherwise"),
    "browser": N_("Tables"),
    "opened": N_("Records behind a figure, as other tables, and"),
    "profile": N_("Profile"),
    "tab": N_("Lines and rows of a profile"),
    "record": N_("Reading a record"),
    "field": N_("A field in the profile"),
    "form": N_("Forms"),
    "part": N_("Part of a list, such as an address"),
    "week": N_("Week"),
    "oneline": N_("Quick entry"),
    "today": N_("Today"),
    "pipeline": N_("Pipeline"),
    "openitems": N_("Receivables"),
    "report": N_("Reports"),
    "why": N_("Explanation of a figure"),
    "import": N_("Import"),
    "filepick": N_("List of files"),
    "tableplace": N_("Every place with a table"),
    "listplace": N_("Today, Pipeline, Receivables and History"),
    "history": N_("History"),
    "bulkvalue": N_("Value for the marked rows"),
    "bulkpreview": N_("Preview of a change"),
    "export": N_("Export"),
    "settings": N_("Settings"),
    "keys": N_("Keys"),
    "firststart": N_("First start"),
    "question": N_("Dialogs"),
    "pickmany": N_("Dialogs with several choices"),
    "everything": N_("Search everything"),
    "columns": N_("Columns of a list"),
    "sort": N_("Sort order of a list"),
    "help": N_("Help"),
}
"""Titles of the screens with commands, by the prefix of their commands' names in the settings."""


def owners(app: type[HasCommands]) -> Iterator[type[HasCommands]]:
    """Yield the class of the app, and every screen that declares commands. Imports all screens."""
    yield app
    names = [f"{screens.__name__}.{module.name}" for module in iter_modules(screens.__path__)]
    for module in map(import_module, names):
        classes = {thing for thing in vars(module).values() if isinstance(thing, type)}
        for owner in sorted(classes, key=lambda cls: cls.__name__):
            if owner.__module__ == module.__name__ and issubclass(owner, HasCommands) and any(own(owner)):
                yield owner


def own(owner: type) -> Iterator[tuple[str, Command, str]]:
    """Yield (action, command, help) for the commands that a screen itself declares."""
    return (found for found in commands_of(owner) if f"action_{found[0]}" in vars(owner))


def prefix(owner: type) -> str:
    """Return the prefix of a screen's commands in the settings, such as "browser"."""
    return owner.__name__.removesuffix("Screen").lower()


def by_prefix(app: type[HasCommands]) -> dict[str, type[HasCommands]]:
    """Return the class of the app and the screens with commands by prefix, in the order of `SCREENS`.

    Raises:
        ValueError: A screen with commands has no title, or a title has no screen.
    """
    found = {prefix(owner): owner for owner in owners(app)}
    if wrong := sorted(found.keys() ^ SCREENS.keys()):
        raise ValueError(f"SCREENS and the screens with commands differ: {', '.join(wrong)}.")
    return {name: found[name] for name in SCREENS}
