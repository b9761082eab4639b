"""Column mappings of earlier imports: TOML files in the user's configuration folder, with names but no data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from archive.exchange.mapping import fingerprint
from archive.files import make_folder, write_whole
from archive.settings import bad_file, config_folder, read_toml
from archive.text import _


def mapping_path(table: str, header: Sequence[str]) -> Path:
    """Return the path of the mapping for a header."""
    return config_folder() / "mappings" / f"{table}-{fingerprint(table, header)}.toml"


def saved_mapping(table: str, header: Sequence[str]) -> dict[str, str]:
    """Return the field that the user chose for each column of a file with this header; empty if there was none."""
    path = mapping_path(table, header)
    raw = read_toml(path)
    try:
        return {str(name): str(field) for name, field in raw["columns"].items()} if raw else {}
    except (KeyError, AttributeError):
        raise bad_file(path, _("it contains no column mapping")) from None


def save_mapping(table: str, header: Sequence[str], columns: Mapping[str, str]) -> None:
    """Store the mapping of columns, merged into the mapping of earlier files with this header.

    Raises:
        CannotWrite: The file could not be written.
    """
    path = mapping_path(table, header)
    make_folder(path.parent)
    lines = [
        f"{_quoted(name)} = {_quoted(field)}"
        for name, field in {**saved_mapping(table, header), **columns}.items()
    ]
    write_whole(path, "\n".join([f"table = {_quoted(table)}", "[columns]", *lines, ""]).encode(), force=True)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
