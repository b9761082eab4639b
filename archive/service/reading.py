"""Feedback on a text while it is typed into a field: the parsed value, or the error."""

from __future__ import annotations

from typing import Any, NamedTuple

from archive.errors import BadValue
from archive.model.field_type import Context
from archive.model.fields import Fact
from archive.model.kinds import Choice, Link
from archive.model.tables import TABLES
from archive.text import _


class Reading(NamedTuple):
    """The value of a typed text, with the message to show. If there is an `error`, `value` is None."""

    value: Any
    understood: str = ""
    error: str = ""


def read_text(fact: Fact, text: str, ctx: Context) -> Reading:
    """Parse a text typed into a field."""
    try:
        value = fact.kind.parse(text, ctx)
    except BadValue as error:
        return Reading(None, "", str(error))
    if value == fact.kind.empty:
        return Reading(value)
    if isinstance(fact.kind, Link) and not value.uid:
        words = _("not linked: no match in {table} (f3 lists similar names)")
        return Reading(value, words.format(table=_(TABLES[fact.kind.table].LABEL)))
    shown = fact.kind.show(value, ctx)
    return Reading(value, "" if shown == text.strip() else f"= {shown}")


def hint_for(fact: Fact) -> str:
    """Return a short hint on the values of a field."""
    if isinstance(fact.kind, Choice):
        return " · ".join(_(label) for label in fact.kind.options.values())
    return _(fact.hint)
