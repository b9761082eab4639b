"""JSON Lines: a JSON object per row."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from archive.errors import UsageError
from archive.exchange.format import Certainty, Format, ReadOptions, Row, Source, Table, WriteOptions
from archive.text import N_, _


def _sniff(head: bytes, suffix: str) -> Certainty:
    if not head.startswith(b'{"'):
        return Certainty.NO
    return Certainty.CERTAIN if suffix == ".jsonl" else Certainty.LIKELY


def _read(data: bytes, options: ReadOptions) -> Source:
    lines = [(line, text, _object(text)) for line, text in enumerate(data.decode().splitlines(), 1)]
    header = list(dict.fromkeys(key for _line, _text, found in lines for key in found))
    return Source(header=header, rows=[_row(header, *line) for line in lines], encoding="utf-8")


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _row(header: Sequence[str], line: int, text: str, found: dict[str, Any]) -> Row:
    if not found:
        return Row(line, [text], error="no-object", sentence=_("The line is not a JSON object."))
    cells = [found.get(key, "") for key in header]
    return Row(line, [cell if isinstance(cell, str) else json.dumps(cell) for cell in cells])


def _write(tables: Sequence[Table], options: WriteOptions) -> Iterator[bytes]:
    if len(tables) != 1:
        raise UsageError(_("JSON Lines hold exactly one table."), _("Export each table to its own file."))
    for row in tables[0].rows:
        found = {key: cell for key, cell in zip(tables[0].header, row, strict=True) if cell}
        yield json.dumps(found, ensure_ascii=False).encode() + b"\n"


def _loses(table: Table) -> list[str]:
    return [_("JSON Lines leave out columns in which all cells are empty.")]


FORMAT = Format(
    key="jsonl",
    label=N_("JSON Lines"),
    suffixes=(".jsonl", ".ndjson"),
    place=2,
    sniff=_sniff,
    read=_read,
    write=_write,
    loses=_loses,
)
