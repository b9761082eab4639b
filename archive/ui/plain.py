"""The one door for text from outside to the toolkit: markup stays text, controls become visible signs."""

from typing import Literal

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from archive.text import clean, clean_lines

Align = Literal["left", "right"]

# Terminals disagree on how wide a joined emoji is, and a row that is one cell off tears the whole table:
# without the joiner and the emoji selector every part has the width it has everywhere.
_JOINERS = {0x200D: None, 0xFE0F: None}
# More code points than this for one cell are stacked accents, not a name; beyond it a text is cut unread.
_CODE_POINTS_A_CELL = 8


def plain(text: str) -> Content:
    """`text` as one line, taken literally."""
    return Content(clean(text))


def lines(text: str) -> Content:
    """`text` taken literally, its line breaks kept."""
    return Content(clean_lines(text))


def template(markup: str, /, **values: str) -> Content:
    """Markup of our own in which each `$name` stands for a value from outside, taken literally.

    `template("[b]$name[/b]", name=customer.name)`
    """
    return Content.from_markup(markup, **{name: clean(value) for name, value in values.items()})


def fit(text: str, width: int, align: Align = "left") -> str:
    """`text` on exactly `width` terminal cells: padded with blanks, or cut with "…" at its end."""
    if width <= 0:
        return ""
    if len(text) <= width and text.isascii() and text.isprintable():
        return text.rjust(width) if align == "right" else text.ljust(width)
    return _pad(_shorten(text, width), width, align)


def _shorten(text: str, width: int) -> str:
    longest = width * _CODE_POINTS_A_CELL
    shown = clean(text[:longest]).translate(_JOINERS)
    if len(text) <= longest and cell_len(shown) <= width:
        return shown
    return set_cell_size(shown, width - 1).rstrip() + "…"


def _pad(text: str, width: int, align: Align) -> str:
    blanks = " " * (width - cell_len(text))
    return blanks + text if align == "right" else text + blanks
