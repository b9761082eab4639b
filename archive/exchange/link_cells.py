"""What the cells of a row say of another record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from archive.model.fields import Json
from archive.model.kinds import Link


class LinkText(NamedTuple):
    """What a row says of another record. `sided` means that code and name stand in columns of their own."""

    table: str
    free: bool
    code: str
    name: str
    sided: bool


Resolve = Callable[[LinkText], Json]
"""The kept form of a link, or BadValue where there is no such record and none may be named."""


def link_text(kind: Link, columns: Mapping[str, int], cells: Sequence[str]) -> LinkText:
    """What the columns of a link say in a row."""

    if "" in columns:
        return LinkText(kind.table, kind.free, "", " ".join(cells[columns[""]].split()), False)
    code, name = (cells[columns[side]].strip() if side in columns else "" for side in ("code", "name"))
    return LinkText(kind.table, kind.free, code, name, "code" in columns)
