"""Cells that a spreadsheet would run as a formula get one apostrophe on the way out and lose it on the way in.

Let a cell be any number of apostrophes and a rest. `protect` adds one apostrophe when the rest is dangerous, `restore`
takes one away when the rest is dangerous and one is there. So every text comes back, those that began with
apostrophes of their own included, and nothing dangerous is left bare.
"""

import re
from collections.abc import Sequence

# Any apostrophes, then a rest that is dangerous: no plain number, but a sign that starts a formula, also in the
# full-width forms that East Asian spreadsheets accept, or a control. Before the sign may stand blanks and
# characters that print nothing, for spreadsheets drop those.
_DANGEROUS_REST = re.compile(
    r"'*+(?![+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z)(?:[\s\0\u200b\ufeff]*+[=+\-@＝＋－＠]|[\t\r\n\0])"
).match


def is_dangerous(cell: str) -> bool:
    """Whether a spreadsheet might take `cell` for a formula; plain numbers such as -12.50 and +49 are harmless."""
    return cell[:1] != "'" and bool(_DANGEROUS_REST(cell))


def protect(cell: str) -> str:
    """`cell` as a spreadsheet may safely open it."""
    return "'" + cell if _DANGEROUS_REST(cell) else cell


def restore(cell: str) -> str:
    """The text that `protect` was given: `restore(protect(text)) == text` for every text."""
    return cell[1:] if cell[:1] == "'" and _DANGEROUS_REST(cell) else cell


def protect_row(cells: Sequence[str]) -> list[str]:
    """Every cell protected; what begins with a letter or a digit, as nearly all do, is harmless."""
    return [cell if not cell or cell[0].isalnum() else protect(cell) for cell in cells]


def restore_row(cells: list[str]) -> list[str]:
    """Every cell restored; `cells` itself where none begins with an apostrophe, as in nearly all rows."""
    if "\0'" not in "\0" + "\0".join(cells):
        return cells
    return [restore(cell) for cell in cells]
