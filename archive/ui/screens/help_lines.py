"""What works on a screen now: its keys by group, and the search syntax if it has a search line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from textual.app import App
from textual.binding import Binding
from textual.containers import ScrollableContainer
from textual.screen import Screen
from textual.widgets import Input, OptionList, TextArea

from archive.model.filter_fields import field_names
from archive.model.tables import TABLES
from archive.text import N_, _
from archive.ui.commands import FULL_WIDTH, commands_of, show_key, writes
from archive.ui.host import why_reading
from archive.ui.widgets.search import SearchInput
from archive.ui.widgets.table import RecordTable

FILTERS = [
    ("王建国  globex  5555 0147", N_("words and numbers anywhere in the record; punctuation is ignored")),
    ("status:active  city:Bonn", N_("a field equals or contains a value")),
    ("tag:vip  -tag:x", N_("tagged / not tagged")),
    ("last:>90d  bought:<2w", N_("last contact over 90 days ago; last order in the last 2 weeks")),
    ("since:>=2024  since:2024..2025-03", N_("from a date / between two dates")),
    ("value:>1000  orders:0", N_("revenue in 12 months (orders less returns); number of orders")),
    ("has:phone  no:email", N_("has a value / is empty")),
    ("product:rice  manager:li", N_("product bought; account manager")),
    ("(tag:vip | grade:A) -lost", N_("OR, grouping, NOT")),
]
TABLE_KEYS = [
    ("↑ ↓  j k", N_("move")),
    ("g G  home end", N_("first and last row")),
    ("space", N_("mark and move down")),
    ("shift+↑ shift+↓  J K", N_("mark a range; moving back shrinks it")),
    ("*", N_("mark all rows, or none")),
    ("enter", N_("open")),
]
GROUPS = {
    N_("Move"): {
        *("tab", "next_tab", "next_customer", "previous_customer", "next", "previous", "earlier", "later"),
        *("focus_next", "focus_previous", "leave_below", "step", "move"),
    },
    N_("Act"): set[str](),
    N_("Find"): {"search", "search_all", "find", "sort", "views", "columns", "turn"},
    N_("Go"): {"back", "cancel", "leave", "close", "go", "commands", "help", "quit", "customer", "recent"},
}
_ACT = "Act"
_STOCK = {
    binding.action
    for cls in (Input, TextArea, OptionList, ScrollableContainer)
    for binding in cls.BINDINGS
    if isinstance(binding, Binding)
}
_OURS = {"submit", "select"}  # keys of Textual's widgets to which our widgets give a meaning
MOST_KEYS = 2  # of an action
_NAME = re.compile(r"(\w+):")
_FOR_ANY = ("has", "no")


class Key(NamedTuple):
    """The keys of an action, its name and what it does."""

    keys: str
    name: str
    text: str


class Help(NamedTuple):
    """The help for the current state of a screen."""

    groups: Sequence[tuple[str, Sequence[Key]]]
    syntax: Sequence[tuple[str, str]]
    """Search syntax and its meaning; empty without a search line."""
    fields: Sequence[str]
    """The names that can precede a colon in the search line."""


def help_for(screen: Screen[Any]) -> Help:
    """Return what works on a screen now."""
    groups: dict[str, list[Key]] = {title: [] for title in GROUPS}
    if any(table.display for table in screen.query(RecordTable)):
        groups["Move"] += [Key(keys, "", _(text)) for keys, text in TABLE_KEYS]
    for action, key in _keys(screen):
        title = next((title for title, actions in GROUPS.items() if action in actions), _ACT)
        groups[title].append(key)
    table = getattr(screen, "table_name", "")
    has_search = any(line.parent and line.parent.display for line in screen.query(SearchInput))
    return Help(
        [(_(title), keys) for title, keys in groups.items() if keys],
        list(_syntax(table)) if has_search else [],
        _fields(table) if has_search else [],
    )


def _keys(screen: Screen[Any]) -> Iterator[tuple[str, Key]]:
    """Yield the actions that have a key and are available: of the focused widgets, the screen and the app."""
    reads = bool(why_reading(screen))
    texts = {
        action: (_(declared.label), _(text))
        for owner in (type(screen.app), type(screen))
        for action, declared, text in commands_of(owner)
    }
    found: dict[str, list[str]] = {}
    names: dict[str, tuple[str, str]] = {}
    for active in screen.active_bindings.values():
        binding, owner = active.binding, active.node
        action = binding.action.partition("(")[0].removeprefix("screen.").removeprefix("app.")
        is_declared = action in texts and isinstance(owner, Screen | App)
        if not active.enabled or binding.key in FULL_WIDTH.values() or (reads and writes(owner, action)):
            continue
        if is_declared or _is_of_a_widget(owner, binding.description, action):
            found.setdefault(action, []).append(show_key(binding.key))
            names.setdefault(action, texts[action] if is_declared else (_(binding.description), ""))
    for action, keys in found.items():
        shown = dict.fromkeys(keys)
        yield action, Key("  ".join(list(shown)[:MOST_KEYS]), *names[action])


def _is_of_a_widget(owner: object, description: str, action: str) -> bool:
    """Return whether a key belongs to a widget of ours, not to Textual or to the table, whose keys are explained."""
    if not description or isinstance(owner, RecordTable | App):
        return False
    if isinstance(owner, Screen):
        return action == "next_tab"
    return action in _OURS or action not in _STOCK


def _syntax(table: str) -> Iterator[tuple[str, str]]:
    """Yield the search syntax whose fields a table has, with an example of the table first."""
    names = {*(field_names(TABLES[table]) if table in TABLES else ()), *_FOR_ANY}
    if table in TABLES and TABLES[table].EXAMPLE:
        yield (
            _(TABLES[table].EXAMPLE).partition(",")[2].strip().partition(" ")[2],
            _("an example for this list"),
        )
    for words, text in FILTERS:
        if set(_NAME.findall(words)) <= names:
            yield words, _(text)


def _fields(table: str) -> list[str]:
    """Return the names of the fields of a table in the search language, the short name of each."""
    if table not in TABLES:
        return []
    cls = TABLES[table]
    own = {key: (field.aliases or (key,))[0] for key, field in cls.FIELDS.items()}
    others = [name for name in field_names(cls) if "." not in name and name not in _all_names(table)]
    return [*own.values(), *others]


def _all_names(table: str) -> set[str]:
    return {name for key, field in TABLES[table].FIELDS.items() for name in (key, *field.aliases)}
