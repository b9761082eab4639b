"""Protection against formula injection: add an apostrophe to dangerous text on export, remove it on import.

A cell is examined in pieces: the whole cell, and the rest after each character at which another program may split it
(see `SEPARATORS`). A piece is k apostrophes and a remainder: `protect` adds an apostrophe if the remainder is
dangerous, `restore` removes one. Whether a remainder is dangerous never depends on an apostrophe that another piece
may get. Therefore every text survives a round trip unchanged, including texts that start with apostrophes.

docs/adr/0018-formula-guard.md lists which texts spreadsheets were found to execute.
"""

import re
from collections.abc import Sequence
from string import ascii_letters, digits

SEPARATORS = ",;|\t\r\n"
# Characters that start a formula, with all their compatibility forms in Unicode, and the two other dashes that
# Japanese input methods produce for a minus.
EQUALS = "=⁼₌⩵⩶﹦＝"
OTHER_SIGNS = "+⁺₊﬩﹢＋" + "-⁻₋﹣－−ー" + "@﹫＠"
# Blanks and invisible characters, which some programs remove before they examine a cell. SEPARATORS are excluded, so
# that pieces do not overlap.
UNSEEN = (
    r" \0-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    r"\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff"
    r"\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U00013438\U00016fe4\U0001bca0-\U0001bca3\U0001d159"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_SIGNS = "".join(map(re.escape, EQUALS + OTHER_SIGNS))
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z"
# A function call or a reference to another sheet or program; formulas without these only calculate.
_REACHES_OUT = r"[^\r\n]*?(?:[^\W\d][ ]*[(（]|[!！|｜])"
_CELL = rf"\A(?=('*+)(?!{_NUMBER})(?:[{UNSEEN}]*+[{_SIGNS}]|[\t\r\n\0]))"
_PIECE = rf"(?<=[{SEPARATORS}])(?=('*+)[{UNSEEN}\"]*+(?:[{EQUALS}]|[{_SIGNS}]{_REACHES_OUT}))"
_DANGEROUS = re.compile(f"{_CELL}|{_PIECE}")
_GUARDED = re.compile(f"(?:{_CELL}|{_PIECE})'")
_INNER = re.compile(rf"[{SEPARATORS}]['\"{UNSEEN}]*+[{_SIGNS}]").search  # fast check: _PIECE can match
_PLAIN = frozenset(ascii_letters + digits)
_FIRST = re.compile(rf"['{UNSEEN}{_SIGNS}\t\r\n]").match  # fast check: _CELL can match


def protect(cell: str) -> str:
    """Return `cell` in a form that spreadsheets treat as text."""
    return _DANGEROUS.sub("'", cell)


def restore(cell: str) -> str:
    """Return the text that was passed to `protect`: `restore(protect(text)) == text` for every text."""
    return _GUARDED.sub("", cell)


def protect_row(cells: Sequence[str]) -> list[str]:
    """Protect all cells. The first character shows for nearly every cell that it is harmless."""
    if _INNER("".join(cells)):
        return list(map(protect, cells))
    return [protect(cell) if cell and cell[0] not in _PLAIN and _FIRST(cell) else cell for cell in cells]


def restore_row(cells: list[str]) -> list[str]:
    """Restore all cells; returns `cells` itself if no cell contains an apostrophe."""
    if "'" not in "\n".join(cells):
        return cells
    return [restore(cell) if "'" in cell else cell for cell in cells]
