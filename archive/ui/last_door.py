"""The last filter before the terminal: nothing that steers it leaves the program, not even from a library's screen."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from archive.text import clean


class PlainLines(LineFilter):
    """Takes controls, direction marks and hyperlinks (OSC 8) out of every line that is drawn.

    Our own widgets show such characters as signs and never make links. Here the width of a line is settled already.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [segment if _is_plain(segment) else _plain(segment) for segment in segments]


def _is_plain(segment: Segment) -> bool:
    return segment.text.isprintable() and (segment.style is None or segment.style.link is None)


def _plain(segment: Segment) -> Segment:
    style = segment.style
    if style is not None and style.link is not None:
        style = style.update_link(None)
    return Segment("".join(map(_plain_char, segment.text)), style, segment.control)


def _plain_char(char: str) -> str:
    if char.isprintable() or clean(char) == char:
        return char
    return " " * cell_len(char)  # mostly none


PLAIN = PlainLines()
