"""Show the part of a text around a search match, with the matches highlighted."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from archive.model.excerpts import Span
from archive.text import clean

_MATCH = "bold $text-accent"
_LEAD = 3  # a match further right than a third of the room is moved to the left


def excerpt(text: str, spans: Sequence[Span], room: int) -> Content:
    """Return at most `room` cells of a text as one line, beginning so that its first match is visible."""
    start = _start(text, spans, room)
    line = clean(" ".join(text[start : start + room].split("\n")))  # as long as before: the spans stay valid
    shown = Content(line)
    for first, last in spans:
        if last > start and first < start + room:
            shown = shown.stylize(_MATCH, max(0, first - start), last - start)
    if start:
        shown = Content.assemble("…", shown)
    if start + room < len(text):
        shown = Content.assemble(shown, "…")
    return shown.truncate(max(1, room), ellipsis=True)


def _start(text: str, spans: Sequence[Span], room: int) -> int:
    """Return where the excerpt begins: at the start of a word before the first match."""
    if not spans or spans[0][1] <= room - 1:
        return 0
    start = max(0, spans[0][0] - room // _LEAD)
    blank = text.find(" ", start, spans[0][0])
    return start if blank < 0 else blank + 1
