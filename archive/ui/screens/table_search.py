"""Search, sort and count the lines of a table that is computed as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from textual.content import Content

from archive.store import Sort
from archive.text import _, fold
from archive.ui.safe_text import template
from archive.ui.widgets.table import RecordTable

Line = TypeVar("Line")
_SAMPLE = 200


def sample(lines: Sequence[Line]) -> Sequence[Line]:
    """Return at most some hundred lines, evenly spread, by which to measure columns."""
    return lines[:: max(1, len(lines) // _SAMPLE)]


def search_lines(
    lines: Mapping[str, Line], query: str, texts: Callable[[Line], str], cancelled: Callable[[], bool]
) -> list[str]:
    """Return the keys of the lines whose texts contain every word of the query; a word after "-" must not occur."""
    words = fold(query).split()
    if not words:
        return list(lines)
    wanted = [word for word in words if not word.startswith("-")]
    unwanted = [word[1:] for word in words if len(word) > 1 and word.startswith("-")]
    found = []
    for key, line in lines.items():
        if cancelled():
            break
        text = fold(texts(line))
        if all(word in text for word in wanted) and not any(word in text for word in unwanted):
            found.append(key)
    return found


def nothing_matches(query: str) -> Content:
    """Return the text for a list in which a search finds nothing."""
    return template(_("Nothing matches [b]$query[/b].\n[b]esc[/b] clears the search."), query=query)


def sort_lines(ids: Sequence[str], sort: Sort, value: Callable[[str, str], Any]) -> list[str]:
    """Return the ids sorted; `value` takes an id and a column. Ids without a value come last in both directions."""
    ordered = list(ids)
    for by in reversed(sort.keys):  # each sort keeps the order of equal values
        values = {id: value(id, by.key) for id in ordered}
        known = [id for id in ordered if values[id] is not None]
        unknown = [id for id in ordered if values[id] is None]
        ordered = sorted(known, key=values.__getitem__, reverse=by.reverse) + unknown
    return ordered


def amount_value(amount: Decimal | None, currency: str) -> tuple[str, Decimal] | None:
    """Return the value by which to sort an amount: different currencies are kept apart."""
    return None if amount is None else (currency, amount)


def shown_count(records: RecordTable, total: int) -> str:
    """Return the count of rows, such as "2 marked · 14 of 58"."""
    listed = len(records.ids)
    count = str(listed) if listed == total else _("{shown} of {total}").format(shown=listed, total=total)
    marked = _("{n} marked").format(n=len(records.marks)) if records.marks else ""
    return " · ".join(filter(None, (marked, count))) if total else ""
