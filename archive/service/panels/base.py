"""The parts of a read view."""

from __future__ import annotations

from typing import NamedTuple

WARN, DIM = "warn", "dim"


class Item(NamedTuple):
    """A line of a read view.

    Attributes:
        label: Its label, or "" for a line that continues the one above.
        text: Its value; may have several lines.
        tone: "", "warn" or "dim".
        opens: Table and uid of the record that it links to, if any.
        key: What it is about, for commands: the number of a contract's term.
    """

    label: str
    text: str
    tone: str = ""
    opens: tuple[str, str] = ("", "")
    key: str = ""


class Panel(NamedTuple):
    """A titled part of a read view, never empty."""

    title: str
    items: list[Item]
