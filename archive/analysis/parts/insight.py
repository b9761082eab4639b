"""A line of what the reports know about one customer."""

from __future__ import annotations

from typing import NamedTuple

WARN = "warn"


class Insight(NamedTuple):
    """A line: what it is about, what is known, its tone ("" or "warn"), why, and the report that knows more."""

    label: str
    text: str
    tone: str
    why: str
    report: str
