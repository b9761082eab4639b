"""Choose the form row for a field."""

from __future__ import annotations

from typing import Any

from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import LongText
from archive.model.fields import Field
from archive.ui.widgets.field_row import FieldRow, LineRow, LongRow, Surroundings
from archive.ui.widgets.list_row import LinesRow, PartsRow


def row_for(field: Field, around: Surroundings, value: Any) -> FieldRow:
    """Return a form row for a field, filled with a value."""
    if isinstance(field.type, ListOf):
        return (LinesRow if field.type.one_line else PartsRow)(field, around, value)
    if isinstance(field.type, LongText):
        return LongRow(field, around, value)
    return LineRow(field, around, value)
