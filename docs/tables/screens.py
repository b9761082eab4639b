"""Generate the manual's tables of places, keys, filter syntax and import options."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from archive.ui import app, screens
from archive.ui.commands import Command, HasCommands, commands_of, show_key
from archive.ui.navigation import destinations
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.help import FILTERS, TABLE_KEYS
from archive.ui.screens.import_options import OPTIONS
from docs.tables.markdown import code, codes, table

SCREENS = {
    "archiveapp": "Everywhere",
    "archive": "Unless a screen says otherwise",
    "browser": "Tables",
    "opened": "Records behind a figure, as other tables, and",
    "profile": "Profile",
    "record": "Reading a record",
    "field": "A field in the profile",
    "form": "Forms",
    "part": "Part of a list, such as an address",
    "week": "Week",
    "oneline": "Quick entry",
    "today": "Today",
    "pipeline": "Pipeline",
    "openitems": "Receivables",
    "report": "Reports",
    "why": "Explanation of a figure",
    "import": "Import",
    "filepick": "List of files",
    "history": "History",
    "question": "Dialogs",
    "pickmany": "Dialogs with several choices",
    "help": "Help",
}
"""Titles of the screens with commands, by the prefix of their names in the settings."""


def places() -> Iterator[str]:
    """Yield the places of ctrl+g with their letters."""
    return table(("key", "place"), ((code(letter), title) for letter, _name, title in destinations()))


def all_keys() -> Iterator[str]:
    """Yield a section for each screen, in the order of `SCREENS`.

    Raises:
        ValueError: A screen with commands has no title, or a title has no screen.
    """
    found = {_prefix(owner): owner for owner in owners()}
    if wrong := sorted(found.keys() ^ SCREENS.keys()):
        raise ValueError(
            f"SCREENS in docs/tables/screens.py and the screens with commands differ: {', '.join(wrong)}."
        )
    for prefix, title in SCREENS.items():
        yield from (f"### {title}", "", *keys_of(found[prefix]), "")


def keys_of(owner: type) -> Iterator[str]:
    """Yield the commands that a screen itself declares, with their names in `settings.toml`."""
    if owner is BrowserScreen:
        yield from (*table(("key", "what it does"), ((codes(keys), text) for keys, text in TABLE_KEYS)), "")
    rows = (
        (_keys(found), found.label, text, code(f"{_prefix(owner)}.{name}"))
        for name, found, text in _own(owner)
    )
    yield from table(("key", "command", "what it does", "name in settings"), rows)


def _keys(found: Command) -> str:
    return " ".join(dict.fromkeys(code(show_key(key)) for key in found.keys.split(",")))


def owners() -> Iterator[type[HasCommands]]:
    """Yield every screen that declares commands, and the app."""
    names = [f"{screens.__name__}.{module.name}" for module in iter_modules(screens.__path__)]
    for module in [app, *map(import_module, names)]:
        classes = {thing for thing in vars(module).values() if isinstance(thing, type)}
        for owner in sorted(classes, key=lambda cls: cls.__name__):
            if owner.__module__ == module.__name__ and issubclass(owner, HasCommands) and list(_own(owner)):
                yield owner


def _own(owner: type) -> Iterator[tuple[str, Command, str]]:
    return (found for found in commands_of(owner) if f"action_{found[0]}" in vars(owner))


def _prefix(owner: type) -> str:
    return owner.__name__.removesuffix("Screen").lower()


def filters() -> Iterator[str]:
    """Yield the syntax of filters, as the help screen shows it."""
    rows = ((codes(words, "  "), text) for words, text in FILTERS)
    return table(("you type", "meaning"), rows)


def import_options() -> Iterator[str]:
    """Yield the options of the Import screen with their choices."""
    rows = ((title, _choices(values(None))) for title, values in OPTIONS.values())
    return table(("option", "choices"), rows)


def _choices(values: list[tuple[str, str]]) -> str:
    return " · ".join(_choice(label) for _value, label in values) or "depends on the file"


def _choice(label: str) -> str:
    return label if label.strip(",;|") else code(label)
