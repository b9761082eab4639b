"""Text that a spreadsheet would run as a formula gets an apostrophe on the way out and loses it on the way in.

A cell is looked at in pieces: the whole cell, and the rest after each sign that another program may split it at (see
`SEPARATORS`). Take any piece as k apostrophes and a rest: `protect` adds one apostrophe if the rest is dangerous,
`restore` removes one. What decides whether a rest is dangerous never includes an apostrophe that another piece may get,
so every text comes back unchanged, texts that began with apostrophes included.

docs/adr/0018-the-formula-guard.md lists what spreadsheets were found to run.
"""

import re
from collections.abc import Sequence
from string import ascii_letters, digits

SEPARATORS = ",;|\t\r\n"
# What starts a formula, in every form that Unicode treats as the same sign, and the two other dashes that a Japanese
# input method writes for a minus.
EQUALS = "=⁼₌⩵⩶﹦＝"
OTHER_SIGNS = "+⁺₊﬩﹢＋" + "-⁻₋﹣－−ー" + "@﹫＠"
# Blanks and what is not visible: some programs drop these before they look at a cell. SEPARATORS are kept out, so that
# a piece ends where the next one begins.
UNSEEN = (
    r" \0-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    r"\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff"
    r"\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U00013438\U00016fe4\U0001bca0-\U0001bca3\U0001d159"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_SIGNS = "".join(map(re.escape, EQUALS + OTHER_SIGNS))
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z"
# A call, another sheet or another program: without one of these a formula only calculates.
_REACHES_OUT = r"[^\r\n]*?(?:[^\W\d][ ]*[(（]|[!！|｜])"
_CELL = rf"\A(?=('*+)(?!{_NUMBER})(?:[{UNSEEN}]*+[{_SIGNS}]|[\t\r\n\0]))"
_PIECE = rf"(?<=[{SEPARATORS}])(?=('*+)[{UNSEEN}\"]*+(?:[{EQUALS}]|[{_SIGNS}]{_REACHES_OUT}))"
_DANGEROUS = re.compile(f"{_CELL}|{_PIECE}")
_GUARDED = re.compile(f"(?:{_CELL}|{_PIECE})'")
_INNER = re.compile(rf"[{SEPARATORS}]['\"{UNSEEN}]*+[{_SIGNS}]").search  # a place where _PIECE may fit
_PLAIN = frozenset(ascii_letters + digits)
_FIRST = re.compile(rf"['{UNSEEN}{_SIGNS}\t\r\n]").match  # a beginning that _CELL may fit


def is_dangerous(cell: str) -> bool:
    """Whether a spreadsheet might run a part of `cell`; plain numbers such as -12.50 and +49 are harmless."""
    return any(not match[1] and not match[2] for match in _DANGEROUS.finditer(cell))


def protect(cell: str) -> str:
    """`cell` in a form that a spreadsheet opens as text."""
    return _DANGEROUS.sub("'", cell)


def restore(cell: str) -> str:
    """The text that `protect` was given: `restore(protect(text)) == text` for every text."""
    return _GUARDED.sub("", cell)


def protect_row(cells: Sequence[str]) -> list[str]:
    """Every cell protected. The first character of nearly all cells shows that they are harmless."""
    if _INNER("".join(cells)):
        return list(map(protect, cells))
    return [protect(cell) if cell and cell[0] not in _PLAIN and _FIRST(cell) else cell for cell in cells]


def restore_row(cells: list[str]) -> list[str]:
    """Every cell restored; `cells` itself if none holds an apostrophe."""
    if "'" not in "\n".join(cells):
        return cells
    return [restore(cell) if "'" in cell else cell for cell in cells]
