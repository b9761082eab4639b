"""Saved views: named combinations of query, sort order and columns, stored as TOML beside the settings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from archive.files import make_folder, write_whole
from archive.model.tables import stored_name
from archive.settings import bad_file, config_folder, read_toml
from archive.store import UNSORTED, Sort
from archive.text import _

LAST = "_last"  # the name of the view with the columns last used; `of` omits it


Widths: TypeAlias = tuple[tuple[str, int], ...]
"""The widths in cells that the user has set, by column key. The other columns are as wide as their texts."""
LEAST_WIDTH, MOST_WIDTH = 3, 120


@dataclass(frozen=True)
class View:
    """Query, sort order and columns of a table."""

    query: str = ""
    sort: Sort = UNSORTED
    columns: tuple[str, ...] = ()  # empty for the default columns
    widths: Widths = ()


class Views:
    """The saved views of all tables. A change is on the disk when its method returns."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or config_folder() / "views.toml"
        self._views = _load(self.path)

    def of(self, table: str) -> dict[str, View]:
        """Return the views of a table by name, in order of creation."""
        return {name: view for name, view in self._views.get(table, {}).items() if name != LAST}

    def last(self, table: str) -> View:
        """Return a view with the columns that were last used for a table."""
        return self._views.get(table, {}).get(LAST, View())

    def keep(self, table: str, name: str, view: View) -> None:
        """Save a view, and replace any with the same name."""
        self._views.setdefault(table, {})[name] = view
        self._save()

    def remove(self, table: str, name: str) -> None:
        """Delete a view."""
        self._views.get(table, {}).pop(name, None)
        self._save()

    def _save(self) -> None:
        make_folder(self.path.parent)
        tables = (
            _toml(table, name, view) for table, views in self._views.items() for name, view in views.items()
        )
        write_whole(self.path, "\n".join(tables).encode("utf-8", "replace"), force=True)


def _toml(table: str, name: str, view: View) -> str:
    return (
        f"[{_quoted(table)}.{_quoted(name)}]\n"
        f"query = {_quoted(view.query)}\n"
        f"sort = {_quoted(view.sort.key)}\n"
        f"reverse = {str(view.sort.reverse).lower()}\n"
        f"{_then(view.sort)}"
        f"columns = [{', '.join(map(_quoted, view.columns))}]\n"
        f"{_widths(view.widths)}"
    )


def _then(sort: Sort) -> str:
    """Return the line of the further sort keys, those of a falling order with "-"; "" if there are none."""
    keys = [_quoted(("-" if by.reverse else "") + by.key) for by in sort.then]
    return f"then = [{', '.join(keys)}]\n" if keys else ""


def _widths(widths: Widths) -> str:
    shown = ", ".join(f"{_quoted(key)} = {width}" for key, width in widths)
    return f"widths = {{{shown}}}\n" if shown else ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _load(path: Path) -> dict[str, dict[str, View]]:
    raw = read_toml(path)
    by_table: dict[str, dict[str, View]] = {}
    try:
        for table, views in raw.items():
            read = {name: _view(view) for name, view in views.items()}
            by_table.setdefault(stored_name(table), {}).update(read)
        return by_table
    except (AttributeError, TypeError, ValueError):
        raise bad_file(path, _("it contains no views")) from None


def _view(raw: dict[str, Any]) -> View:
    then = tuple(Sort(key.removeprefix("-"), key.startswith("-")) for key in map(str, raw.get("then", ())))
    key = str(raw.get("sort", ""))
    sort = Sort(key, bool(raw.get("reverse", False)), then if key else ())
    widths = tuple((key, _width(width)) for key, width in raw.get("widths", {}).items())
    return View(str(raw.get("query", "")), sort, tuple(map(str, raw.get("columns", ()))), widths)


def _width(width: Any) -> int:
    return max(LEAST_WIDTH, min(int(width), MOST_WIDTH))
