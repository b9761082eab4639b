"""Choose the form row for a field."""

from __future__ import annotations

from typing import Any

from archive.model.fields import Fact
from archive.model.kinds import LongText
from archive.model.lists import ListOf
from archive.ui.widgets.field_row import FieldRow, LineRow, LongRow, Surroundings
from archive.ui.widgets.list_row import LinesRow, PartsRow


def row_for(fact: Fact, around: Surroundings, value: Any) -> FieldRow:
    """Return a form row for a field, filled with a value."""
    if isinstance(fact.kind, ListOf):
        return (LinesRow if fact.kind.one_line else PartsRow)(fact, around, value)
    if isinstance(fact.kind, LongText):
        return LongRow(fact, around, value)
    return LineRow(fact, around, value)
