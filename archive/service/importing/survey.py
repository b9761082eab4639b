"""The first pass over a file: collect the cells from which formats are detected, and count filled cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from archive.exchange.format import Source
from archive.exchange.mapping import Mapped
from archive.exchange.paths import ID
from archive.model.field_types.standard import Link
from archive.model.references import links_between
from archive.model.tables import STORED

_BLOCK = 1_000


@dataclass
class Survey:
    """The result of the first pass.

    Attributes:
        rows: The number of data rows.
        texts: The distinct cells of each column of dates or numbers, by column number.
        filled: The number of non-empty cells in each column.
        ids: The values in the column `id`.
        codes: The id, or "", of each code; empty if records of the table do not refer to each other.
    """

    rows: int = 0
    texts: dict[int, Sequence[str]] = field(default_factory=dict)
    filled: list[int] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)


def survey(source: Source, mapped: Mapped, on_rows: Callable[[int], None]) -> Survey:
    """Read all rows once; call `on_rows` with the number of rows read after each block."""
    result = Survey(filled=[0] * len(source.header))
    deciding = {number: dict[str, None]() for number in _deciding(mapped, len(source.header))}
    cls = STORED[mapped.table]
    id_column = mapped.column_of(ID)
    code_column = mapped.column_of("code") if links_between(cls, mapped.table) else None
    rows = (row.cells for row in source.rows if not row.error and not row.is_blank)
    while block := list(islice(rows, _BLOCK)):
        columns = list(zip(*block, strict=True))
        result.rows += len(block)
        result.filled = [n + sum(map(bool, cells)) for n, cells in zip(result.filled, columns, strict=True)]
        for number, texts in deciding.items():
            texts.update(dict.fromkeys(columns[number]))
        if id_column is not None and id_column < len(columns):
            result.ids.update(filter(None, map(str.strip, columns[id_column])))
        if code_column is not None and code_column < len(columns):
            ids = columns[id_column] if id_column is not None else [""] * len(block)
            result.codes.update(
                (code.strip(), uid.strip()) for code, uid in zip(columns[code_column], ids, strict=True)
            )
        on_rows(result.rows)
    result.texts = {number: list(texts) for number, texts in deciding.items()}
    result.codes.pop("", None)
    return result


def _deciding(mapped: Mapped, width: int) -> list[int]:
    """Return the columns that are mapped to dates or numbers."""
    cls = STORED[mapped.table]
    numbers = []
    for target in mapped.targets[:width]:
        field = target.place.field(cls) if target.place else None
        if field and not isinstance(field.type, Link) and _decides(field.type.family, field.type.name):
            numbers.append(target.column)
    return numbers


def _decides(family: str, name: str) -> bool:
    return family in ("number", "date") or name == "partial date"
