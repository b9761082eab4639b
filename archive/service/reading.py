"""Feedback on a text while it is typed into a field: the parsed value, or the error."""

from __future__ import annotations

from typing import Any, NamedTuple

from archive.errors import BadValue
from archive.model.field_types.base import Context
from archive.model.field_types.standard import Choice, Link
from archive.model.fields import Field
from archive.model.tables import TABLES
from archive.service.link_creation import can_create
from archive.text import _


class Reading(NamedTuple):
    """The value of a typed text, with the message to show. If there is an `error`, `value` is None."""

    value: Any
    understood: str = ""
    error: str = ""


def read_text(field: Field, text: str, ctx: Context) -> Reading:
    """Parse a text typed into a field."""
    try:
        value = field.type.parse(text, ctx)
    except BadValue as error:
        return Reading(None, "", str(error))
    if value == field.type.empty:
        return Reading(value)
    if isinstance(field.type, Link) and not value.uid:
        words = _("not linked: no match in {table} (f3 lists similar names)")
        if can_create(field):
            words = _("not linked: no match in {table} (f3 lists similar names, f6 creates it)")
        return Reading(value, words.format(table=_(TABLES[field.type.table].LABEL)))
    text_of_value = field.type.show(value, ctx)
    return Reading(value, "" if text_of_value == text.strip() else f"= {text_of_value}")


def hint_for(field: Field) -> str:
    """Return a short hint on the values of a field."""
    if isinstance(field.type, Choice):
        return " · ".join(_(label) for label in field.type.options.values())
    return _(field.hint)
