"""Generate the tables of docs/manual.md from the program's declarations: `make manual`.

A table is between the lines `<!-- table: NAME -->` and `<!-- end -->`. Everything between them is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from docs.tables import commands, examples, records, screens

_BLOCK = re.compile(r"^<!-- table: (.+?) -->\n(?:(?!<!-- table: ).*\n)*?<!-- end -->$", re.MULTILINE)
_OPENING = re.compile(r"^<!-- table: (.+?) -->$", re.MULTILINE)

Lines = Iterable[str]


def rewritten(text: str) -> str:
    """Return the manual with every table regenerated.

    Raises:
        ValueError: A table is unknown or has no end.
    """
    known = tables()
    names = _OPENING.findall(text)
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"The manual has unknown tables: {', '.join(unknown)}. Known: {', '.join(known)}.")
    if len(_BLOCK.findall(text)) != len(names):
        raise ValueError("A table of the manual has no line <!-- end -->.")
    return _BLOCK.sub(lambda block: _block(block[1], known[block[1]]()), text)


def stale(text: str) -> list[str]:
    """Return the names of the tables that are missing from the manual or out of date."""
    fresh = _BLOCK.finditer(rewritten(text))
    now = {block[1]: block[0] for block in _BLOCK.finditer(text)}
    return [
        *(name for name in tables() if name not in now),
        *(block[1] for block in fresh if block[0] != now[block[1]]),
    ]


def _block(name: str, lines: Lines) -> str:
    return "\n".join([f"<!-- table: {name} -->", *lines, "<!-- end -->"])


def tables() -> dict[str, Callable[[], Lines]]:
    """Return the functions that generate the tables, by name."""
    return {
        "places": screens.places,
        "keys": screens.all_keys,
        "filters": screens.filters,
        "import options": screens.import_options,
        "short names": records.short_names,
        "fields": records.fields,
        "archive settings": records.archive_settings,
        "personal settings": records.personal_settings,
        "programs": records.programs,
        "formats": records.formats_table,
        "limits": records.limits,
        "dates": examples.dates,
        "numbers": examples.numbers,
        "log": examples.log_lines,
        "purchases": examples.purchase_lines,
        "lists": examples.lists,
        "commands": commands.commands,
        "reports": commands.all_reports,
    }
