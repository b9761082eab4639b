"""Labels of changes, for the undo message and the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archive.model.field_types.base import Context
from archive.model.fields import Field
from archive.model.tables import OF_A_CUSTOMER, STORED, TABLES
from archive.store import Change
from archive.text import _, plural


def save_label(changes: Sequence[Change], ctx: Context) -> str:
    """Return the label of a save: "Changed phone of Marta Smith", "New customer: 王建国", "Changed 12 customers"."""
    real = [change for change in changes if change.new != change.old]
    if len(real) != 1:
        return _label_of_many(real)
    change = real[0]
    if change.old is None and change.table in TABLES:
        noun = _(STORED[change.table].NOUN)
        return _("New {noun}: {name}").format(noun=noun, name=subject(change.table, change.new or {}, ctx))
    if change.table not in TABLES:
        return _("Changed {fields} of {name}").format(
            fields=_fields(change), name=_of_no_record(change.table)
        )
    return _("Changed {fields} of {name}").format(fields=_fields(change), name=_owner(change, ctx))


def _label_of_many(changes: Sequence[Change]) -> str:
    """Return the label of a save of no or several records: "Added 12 customers"."""
    records = _counted(changes)
    if changes and all(change.old is None for change in changes):
        return _("Added {records}").format(records=records)
    return _("Changed {records}").format(records=records)


def _counted(changes: Sequence[Change]) -> str:
    """Return the number of changed records: "1 record", "12 customers", "12 records" of several tables."""
    tables = {change.table for change in changes}
    if len(changes) > 1 and len(tables) == 1 and tables <= TABLES.keys():
        return _("{n} {records}").format(
            n=f"{len(changes):,}", records=lowered(_(TABLES[tables.pop()].LABEL))
        )
    return plural("{n} record", "{n} records", len(changes))


def _owner(change: Change, ctx: Context) -> str:
    """Return whose values changed: "Marta Smith", "activity Marta Smith 2026-11-21"."""
    name = subject(change.table, change.new or change.old or {}, ctx)
    if change.table not in OF_A_CUSTOMER:
        return name
    return _("{noun} {name}").format(noun=_(STORED[change.table].NOUN), name=name)


def _of_no_record(table: str) -> str:
    return lowered(_(STORED[table].LABEL)) if table in STORED else table


def lowered(title: str) -> str:
    """Return the form of a title inside a sentence: "Phone" is "phone"; "NPS" stays."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def settled_label(label: str, settled: int) -> str:
    """Add the number of due items that a save settled to its label."""
    if not settled:
        return label
    done = plural("{n} due item completed", "{n} due items completed", settled)
    return _("{label}, {done}").format(label=label, done=done)


def _fields(change: Change) -> str:
    keys = changed_keys(change)
    fields = fields_of(change.table)
    titles = [lowered(fields[key].title) if key in fields else key for key in keys]
    return _(" and ").join(titles) if len(titles) <= 2 else plural("{n} field", "{n} fields", len(titles))


def changed_keys(change: Change) -> list[str]:
    """Return the keys whose values differ, in the order of the fields."""
    new, old = change.new or {}, change.old or {}
    fields = list(fields_of(change.table))
    differing = [key for key in {**old, **new} if new.get(key) != old.get(key)]
    return sorted(differing, key=lambda key: fields.index(key) if key in fields else len(fields))


def fields_of(table: str) -> Mapping[str, Field]:
    """Return the fields of a table by key; none for a table that was created with TinyDB."""
    return STORED[table].FIELDS if table in STORED else {}


def subject(table: str, raw: dict[str, Any], ctx: Context) -> str:
    """Return the name of a record. If it belongs to a customer, that is the customer's name and its number or day."""
    cls = STORED.get(table)
    if cls is None:
        return table
    if table not in TABLES:
        return _(cls.LABEL)
    if table in OF_A_CUSTOMER:
        own = raw.get(cls.NAMED_BY) or raw.get(cls.DAY, "")[:10]
        name = f"{ctx.name_of('customers', raw.get('customer', ''))} {own}".strip()
        return name or str(raw.get("step") or raw.get("uid", ""))
    return str(raw.get(cls.NAMED_BY) or raw.get("code") or raw.get("uid", ""))


def deletion_label(changes: Sequence[Change], table: str, ctx: Context) -> str:
    """Return the label of a deletion: "Deleted 王建国 and 41 related records"."""
    deleted = [change for change in changes if change.new is None]
    heads = [change for change in deleted if change.table == table]
    with_them = len(deleted) - len(heads)
    name = _owner(heads[0], ctx) if len(heads) == 1 else _counted(heads)
    if not with_them:
        return _("Deleted {what}").format(what=name)
    return _("Deleted {what} and {records}").format(
        what=name, records=plural("{n} related record", "{n} related records", with_them)
    )
