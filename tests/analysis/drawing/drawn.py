"""Draw pictures as text, and compare them with golden files."""

import os
from pathlib import Path

from archive.analysis.drawing.draw import draw
from archive.analysis.drawing.style import Room, text_of
from archive.analysis.formatting import Form

GOLDEN = Path(__file__).parents[2] / "golden"
HEIGHT = 18
EURO = Form(".", "EUR")
STEERING = {
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u200f",
}


def drawn(picture, width=80, height=HEIGHT, form=EURO):
    return [text_of(line) for line in draw(picture, Room(width, height, form))]


def line_with(lines, text):
    return next(line for line in lines if text in line)


def compare_with_golden(text, name):
    """Compare with a golden file. GOLDEN=write rewrites the file; review the difference before committing."""
    path = GOLDEN / name
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
