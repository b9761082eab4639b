"""Basic elements of charts: text with a role (style), measured in terminal cells.

Roles only repeat information in the text: each state has its own sign, each part of a stack its own fill.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from textwrap import wrap
from typing import Literal, NamedTuple

from archive.analysis.formatting import Form
from archive.text import _, cell_width, char_width, clean

ACCENT, DIM, BOLD, GOOD, BAD, WARN = "accent", "dim", "bold", "good", "bad", "warn"
SERIES = ("series1", "series2", "series3", "series4", "series5", "series6")
HEAT = ("heat1", "heat2", "heat3", "heat4", "heat5")
ROLES = frozenset({"", ACCENT, DIM, BOLD, GOOD, BAD, WARN, *SERIES, *HEAT})

FILLS = "█▓▒░▞·"
"""Fill characters that distinguish the parts of a stack without colour, one for each of SERIES."""

SIGNS = {"good": ("✓", GOOD), "late": ("!", WARN), "bad": ("✗", BAD), "open": ("○", ACCENT)}
"""The sign and role of a state."""

Align = Literal["left", "right", "center"]

# Joiners, variation selectors and skin tones: terminals disagree on the width of emoji that contain them.
_JOINERS = {0xAD: None, 0x200B: None, 0x200D: None, 0xFE0F: None, **dict.fromkeys(range(0x1F3FB, 0x1F400))}
_CODE_POINTS_A_CELL = 8  # more than this in a cell are stacked accents, not a name


class Ink(NamedTuple):
    """A styled piece of a line."""

    text: str
    role: str = ""


Drawn = tuple[Ink, ...]
"""A line."""


class Room(NamedTuple):
    """The space for a chart in cells and lines, and the number format."""

    width: int
    height: int
    form: Form


def text_of(line: Drawn) -> str:
    """Return the text of a line without roles."""
    return "".join(ink.text for ink in line).rstrip()


def fit(text: str, width: int, align: Align = "left") -> str:
    """Sanitise a text and fit it to exactly `width` cells, padded with blanks or truncated with "…"."""
    if width <= 0:
        return ""
    return padded(cut(text, width), width, align)


def cut(text: str, width: int) -> str:
    """Sanitise a text and truncate it with "…" to at most `width` cells."""
    longest = max(0, width) * _CODE_POINTS_A_CELL
    tidy_text = tidy(text[:longest])
    if len(text) <= longest and cell_width(tidy_text) <= width:
        return tidy_text
    return _beginning(tidy_text, width - 1).rstrip() + "…" if width > 0 else ""


def tidy(text: str) -> str:
    """Sanitise a text to a single line whose characters have the same width in all terminals."""
    return clean(text).translate(_JOINERS)


def padded(text: str, width: int, align: Align = "left") -> str:
    """Pad a text with blanks."""
    blanks = max(0, width - cell_width(text))
    left_blanks = {"left": 0, "right": blanks, "center": blanks // 2}[align]
    return " " * left_blanks + text + " " * (blanks - left_blanks)


def _beginning(text: str, width: int) -> str:
    cells = 0
    for index, char in enumerate(text):
        cells += char_width(char)
        if cells > width:
            return text[:index]
    return text


def cut_line(line: Iterable[Ink], width: int) -> Drawn:
    """Truncate a line to `width` cells."""
    inks: list[Ink] = []
    for ink in line:
        cells = cell_width(ink.text)
        if cells > width:
            inks.append(Ink(cut(ink.text, width), ink.role))
            break
        inks.append(ink)
        width -= cells
    return tuple(ink for ink in inks if ink.text)


def widest(texts: Iterable[str], most: int) -> int:
    """Return the width of the widest text in cells, at most `most`."""
    return min(most, max((cell_width(tidy(text[: most + 1])) for text in texts), default=0))


def wrapped(pieces: Sequence[Sequence[Ink]], width: int, gap: str = "   ") -> list[Drawn]:
    """Lay out pieces side by side, wrapped into lines; a piece wider than a line is truncated."""
    lines: list[Drawn] = []
    line: list[Ink] = []
    used = 0
    for piece in pieces:
        cells = sum(cell_width(ink.text) for ink in piece)
        if line and used + len(gap) + cells > width:
            lines.append(tuple(line))
            line, used = [], 0
        if line:
            line.append(Ink(gap))
            used += len(gap)
        line += piece
        used += cells
    return [cut_line(line, width) for line in [*lines, tuple(line)] if line]


def paragraph(text: str, width: int, indent: str = "") -> list[str]:
    """Wrap a text into lines; Chinese, which has no blanks, is broken anywhere."""
    tidy_text = tidy(text)
    return wrap(
        tidy_text, max(20, width * len(tidy_text) // max(1, cell_width(tidy_text))), subsequent_indent=indent
    ) or [""]


def more_line(n: int, width: int) -> Drawn:
    """Return the line that stands for `n` entries for which there is no space."""
    return (Ink(cut(_("… {n} more").format(n=n), width), DIM),)


def as_many(entries: Sequence[list[Drawn]], room: Room) -> list[Drawn]:
    """Return the lines of as many entries as fit, followed by the number of omitted entries, if any."""
    ends = list(accumulate(map(len, entries)))
    is_cut = ends[-1] > room.height
    count = max(1, sum(end < room.height for end in ends)) if is_cut else len(entries)
    lines = [line for entry in entries[:count] for line in entry]
    return [*lines, more_line(len(entries) - count, room.width)] if is_cut else lines
