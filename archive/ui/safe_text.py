"""Convert untrusted text for Textual: markup is taken literally, control characters become visible signs."""

from typing import Literal

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from archive.text import clean, clean_lines

Align = Literal["left", "right"]
LABEL_WIDTH = 20  # cells for the label of a field, in forms and profiles

# Terminals disagree on the width of joined emoji, and a single row with the wrong width breaks the table. Without the
# joiner and the emoji selector, every part has the same width everywhere.
_JOINERS = {0x200D: None, 0xFE0F: None}
# More code points per cell than this are stacked accents, not a name; the rest is cut off unread.
_CODE_POINTS_A_CELL = 8


def plain(text: str) -> Content:
    """Return `text` as one line, without interpreting markup."""
    return Content(clean(text))


def lines(text: str) -> Content:
    """Return `text` with its line breaks, without interpreting markup."""
    return Content(clean_lines(text))


def template(markup: str, /, **values: str) -> Content:
    """Return our own markup with each `$name` replaced by an untrusted value, which is taken literally.

    `template("[b]$name[/b]", name=customer.name)`
    """
    return Content.from_markup(markup, **{name: clean(value) for name, value in values.items()})


def fit(text: str, width: int, align: Align = "left") -> str:
    """Return `text` in exactly `width` terminal cells, padded with blanks or truncated with "…"."""
    if width <= 0:
        return ""
    if len(text) <= width and text.isascii() and text.isprintable():
        return text.rjust(width) if align == "right" else text.ljust(width)
    return _pad(_shorten(text, width), width, align)


def shorten(text: str, width: int) -> str:
    """Return `text` in at most `width` terminal cells: of a longer text, the beginning and the end with "…" between."""
    display = clean(text).translate(_JOINERS)
    if cell_len(display) <= width:
        return display
    if width < 2:
        return "…"[:width]
    end = (width - 1) // 3
    tail = set_cell_size(display[::-1], end)[::-1].lstrip() if end else ""
    return set_cell_size(display, width - 1 - cell_len(tail)).rstrip() + "…" + tail


def _shorten(text: str, width: int) -> str:
    longest = width * _CODE_POINTS_A_CELL
    display = clean(text[:longest]).translate(_JOINERS)
    if len(text) <= longest and cell_len(display) <= width:
        return display
    return set_cell_size(display, width - 1).rstrip() + "…"


def _pad(text: str, width: int, align: Align) -> str:
    blanks = " " * (width - cell_len(text))
    return blanks + text if align == "right" else text + blanks
