"""Migrate files of older versions to the current schema. Every schema change is a function here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from archive.errors import Damaged
from archive.model.tables import STORED
from archive.text import _

FORMAT = "customer-archive"
_DOCUMENTS = "documents"  # former format name of files with other TinyDB tables
Tables = dict[str, dict[str, dict[str, Any]]]


def link_campaigns(tables: Tables) -> None:
    """Convert the campaign of each transaction from text to a link that has only a name."""
    for row in _every_version(tables, "transactions"):
        if isinstance(row.get("campaign"), str):
            row["campaign"] = {"name": row["campaign"]}


def _every_version(tables: Tables, table: str) -> Iterator[dict[str, Any]]:
    """Yield each record of a table, and its old and new versions in the history."""
    yield from tables.get(table, {}).values()
    for entry in tables.get("_history", {}).values():
        for change in entry.get("changes", ()):  # skip damaged entries: `check_tables` reports them
            if isinstance(change, list) and change[:1] == [table]:
                yield from (version for version in change[2:] if isinstance(version, dict))


# MIGRATIONS[n] migrates the tables from schema n + 1 to n + 2, in place.
MIGRATIONS: list[Callable[[Tables], None]] = [link_campaigns]
SCHEMA = 1 + len(MIGRATIONS)


def migrated(tables: Tables | None, path: Path, *, takes_over: bool = False) -> Tables:
    """Return the tables in the current schema, with every table present.

    Args:
        tables: The tables of a file, changed in place; None for a new archive.
        path: The file, for the error message.
        takes_over: Whether to turn a TinyDB file without `_meta` into an archive.

    Raises:
        Damaged: It is not an archive, or a newer version wrote it.
    """
    if tables is None or (takes_over and "_meta" not in tables):
        tables = {"_meta": {"1": {"format": FORMAT, "schema": SCHEMA}}, **(tables or {})}
    meta = tables.get("_meta", {}).get("1", {})
    if meta.get("format") == _DOCUMENTS and meta.pop("version", None) == 1:
        meta |= {"format": FORMAT, "schema": SCHEMA}
    numbers = [meta.get(key, 1) for key in ("schema", "entries", "last_code", "lsn")]
    if meta.get("format") != FORMAT or not all(type(number) is int and number > -1 for number in numbers):
        raise Damaged(
            _("{path} is JSON, but not a customer archive.").format(path=path),
            _("It was not changed. To import its data, use `archive import`."),
        )
    _bring_up(tables, max(1, meta.get("schema", 1)), path)
    tables["_meta"]["1"].setdefault("uuid", os.urandom(16).hex())
    for table in (*STORED, "_history"):
        tables.setdefault(table, {})
    return tables


def _bring_up(tables: Tables, schema: int, path: Path) -> None:
    if schema > SCHEMA:
        raise Damaged(
            _("{path} was written by a newer version of this program.").format(path=path),
            _("It was not changed. Install the newer version to open it."),
        )
    for migrate in MIGRATIONS[schema - 1 :]:
        migrate(tables)
    tables["_meta"]["1"]["schema"] = SCHEMA
