"""An insight about one customer."""

from __future__ import annotations

from typing import NamedTuple

WARN = "warn"


class Insight(NamedTuple):
    """An insight: label, text, tone ("" or "warn"), explanation, and the name of the report with the details."""

    label: str
    text: str
    tone: str
    why: str
    report: str
