"""Where columns of files went before, kept as TOML in the user's configuration folder; names only, never data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from archive.exchange.mapping import fingerprint
from archive.files import make_folder, write_whole
from archive.settings import bad_file, config_folder, read_toml
from archive.text import _


def mapping_path(table: str, header: Sequence[str]) -> Path:
    """The file of the mapping for a header."""
    return config_folder() / "mappings" / f"{table}-{fingerprint(table, header)}.toml"


def kept(table: str, header: Sequence[str]) -> dict[str, str]:
    """The fields that a person chose for the columns of a file with this header; none where there was no such file."""
    path = mapping_path(table, header)
    raw = read_toml(path)
    try:
        return {str(name): str(field) for name, field in raw["columns"].items()} if raw else {}
    except (KeyError, AttributeError):
        raise bad_file(path, _("it does not say where columns go")) from None


def keep(table: str, header: Sequence[str], columns: Mapping[str, str]) -> None:
    """Remember these columns, and those of earlier files with this header. CannotWrite where that fails."""
    path = mapping_path(table, header)
    make_folder(path.parent)
    lines = [
        f"{_quoted(name)} = {_quoted(field)}" for name, field in {**kept(table, header), **columns}.items()
    ]
    write_whole(path, "\n".join([f"table = {_quoted(table)}", "[columns]", *lines, ""]).encode(), force=True)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
