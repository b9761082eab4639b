"""Cells that refer to another record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from archive.model.field_types.base import Json
from archive.model.field_types.standard import Link


class LinkText(NamedTuple):
    """A row's reference to another record. `sided` means that code and name have separate columns."""

    table: str
    free: bool
    code: str
    name: str
    sided: bool


Resolve = Callable[[LinkText], Json]
"""Returns the stored form of a reference; raises BadValue if there is no such record and a name is not enough."""


def link_text(kind: Link, columns: Mapping[str, int], cells: Sequence[str]) -> LinkText:
    """Return the reference in the cells of a row."""

    if "" in columns:
        return LinkText(kind.table, kind.free, "", " ".join(cells[columns[""]].split()), False)
    code, name = (cells[columns[side]].strip() if side in columns else "" for side in ("code", "name"))
    return LinkText(kind.table, kind.free, code, name, "code" in columns)
