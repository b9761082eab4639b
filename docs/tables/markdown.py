"""Format Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    for cells in (head, ("---",) * len(head), *rows):
        line = " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells)
        yield f"| {line} |" if cells[0] != "---" else f"|{'---|' * len(head)}"


def code(text: str) -> str:
    """Format a text as code; "" stays empty."""
    return f"`{text}`" if text else ""


def codes(text: str, between: str | None = None) -> str:
    """Format each word of a text as code."""
    return " ".join(map(code, text.split(between)))
