"""Generate the manual's tables of places, keys, filter syntax and import options."""

from __future__ import annotations

from collections.abc import Iterator

from archive.ui.app import ArchiveApp
from archive.ui.commands import Command, show_key
from archive.ui.navigation import destinations
from archive.ui.screens.all_commands import SCREENS, by_prefix, own, prefix
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.help_lines import FILTERS, TABLE_KEYS
from archive.ui.screens.import_options import OPTIONS
from docs.tables.markdown import code, codes, table


def places() -> Iterator[str]:
    """Yield the places of ctrl+g with their letters."""
    return table(("key", "place"), ((code(letter), title) for letter, _name, title in destinations()))


def all_keys() -> Iterator[str]:
    """Yield a section for each screen with commands."""
    for name, owner in by_prefix(ArchiveApp).items():
        yield from (f"### {SCREENS[name]}", "", *keys_of(owner), "")


def keys_of(owner: type) -> Iterator[str]:
    """Yield the commands that a screen itself declares, with their names in `settings.toml`."""
    if owner is BrowserScreen:
        yield from (*table(("key", "what it does"), ((codes(keys), text) for keys, text in TABLE_KEYS)), "")
    rows = (
        (_keys(found), found.label, text, code(f"{prefix(owner)}.{name}")) for name, found, text in own(owner)
    )
    yield from table(("key", "command", "what it does", "name in settings"), rows)


def _keys(found: Command) -> str:
    return " ".join(dict.fromkeys(code(show_key(key)) for key in found.keys.split(",")))


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
