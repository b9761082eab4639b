"""Nothing that steers a terminal leaves the program, not even from a screen that is a library's own."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from archive.text import clean


class PlainLines(LineFilter):
    """Takes controls and direction marks out of every line that is drawn.

    Our own widgets show them as signs. Here a line's width is settled already, and these characters have none.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [segment if segment.text.isprintable() else _plain(segment) for segment in segments]


def _plain(segment: Segment) -> Segment:
    kept = "".join(char for char in segment.text if char.isprintable() or clean(char) == char)
    return Segment(kept, segment.style, segment.control)


PLAIN = PlainLines()
