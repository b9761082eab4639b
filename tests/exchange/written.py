"""CSV output in one piece."""

from collections.abc import Iterable, Sequence
from typing import Any

from archive.exchange.writer import csv_pieces


def write_csv(rows: Iterable[Sequence[str]], **options: Any) -> bytes:
    """Return the whole output of `csv_pieces`."""
    return b"".join(csv_pieces(rows, **options))
