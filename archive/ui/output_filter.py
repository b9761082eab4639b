"""The last filter before the terminal: removes control characters, even from screens of a library."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from archive.text import clean


class PlainLines(LineFilter):
    """Strips control characters, direction marks and hyperlinks (OSC 8) from every rendered line.

    Our own widgets replace such characters with visible signs and never create links. At this point the width of the
    line must not change.
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
    return " " * cell_len(char)  # width of most is 0


PLAIN = PlainLines()
