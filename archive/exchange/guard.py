"""Cells that a spreadsheet would run as a formula get one apostrophe on the way out and lose it on the way in.

Let a cell be any number of apostrophes and a rest. `protect` adds one apostrophe when the rest is dangerous, `restore`
takes one away when the rest is dangerous and one is there. So every text comes back, those that began with
apostrophes of their own included, and nothing dangerous is left bare.
"""

import re
from collections.abc import Sequence

# Signs that start a formula, also in the full-width forms that East Asian spreadsheets accept. Before them may stand
# blanks and signs that print nothing, for spreadsheets drop those.
_DANGEROUS = re.compile("[\\s\0\u200b\ufeff]*[=+\\-@＝＋－＠]|[\t\r\n\0]")
_PLAIN_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")


def is_dangerous(cell: str) -> bool:
    """Whether a spreadsheet might take `cell` for a formula; plain numbers such as -12.50 and +49 are harmless."""
    return bool(_DANGEROUS.match(cell)) and not _PLAIN_NUMBER.match(cell)


def protect(cell: str) -> str:
    """`cell` as a spreadsheet may safely open it."""
    return "'" + cell if is_dangerous(cell.lstrip("'")) else cell


def restore(cell: str) -> str:
    """The text that `protect` was given: `restore(protect(text)) == text` for every text."""
    return cell[1:] if cell.startswith("'") and is_dangerous(cell.lstrip("'")) else cell


def protect_row(cells: Sequence[str]) -> list[str]:
    """Every cell protected; what begins with a letter or a digit, nearly everything, is passed by quickly."""
    return [cell if cell[:1].isalnum() else protect(cell) for cell in cells]


def restore_row(cells: list[str]) -> list[str]:
    """Every cell restored; `cells` itself where no cell begins with an apostrophe."""
    if "'" not in "".join(cells):
        return cells
    return [restore(cell) for cell in cells]
