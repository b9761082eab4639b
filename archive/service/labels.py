"""What a change is called in the undo line and in History."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archive.model.fields import Context, Fact
from archive.model.tables import OF_A_CUSTOMER, STORED, TABLES
from archive.store import Change
from archive.text import _, plural


def save_label(changes: Sequence[Change], ctx: Context) -> str:
    """ "Phone of Marta Smith", "new customer 王建国", "12 records"."""
    real = [change for change in changes if change.new != change.old]
    if len(real) != 1:
        return plural("{n} record", "{n} records", len(real))
    change = real[0]
    name = subject(change.table, change.new or change.old or {}, ctx)
    if change.old is None and change.table in TABLES:
        return _("new {noun}: {name}").format(noun=_(STORED[change.table].NOUN), name=name)
    return _("{fields} of {name}").format(fields=_fields(change), name=name)


def settled_label(label: str, settled: int) -> str:
    """The label of a save that settled what was due besides."""
    if not settled:
        return label
    done = plural("{n} due item settled", "{n} due items settled", settled)
    return _("{label}, {done}").format(label=label, done=done)


def _fields(change: Change) -> str:
    keys = changed_keys(change)
    facts = facts_of(change.table)
    titles = [facts[key].title if key in facts else key for key in keys]
    return ", ".join(titles) if len(titles) <= 2 else plural("{n} field", "{n} fields", len(titles))


def changed_keys(change: Change) -> list[str]:
    """The keys whose values differ, in the order of the declaration."""
    new, old = change.new or {}, change.old or {}
    facts = list(facts_of(change.table))
    differing = [key for key in {**old, **new} if new.get(key) != old.get(key)]
    return sorted(differing, key=lambda key: facts.index(key) if key in facts else len(facts))


def facts_of(table: str) -> Mapping[str, Fact]:
    """The fields of a table by key; none for a table that was made with TinyDB."""
    return STORED[table].FACTS if table in STORED else {}


def subject(table: str, raw: dict[str, Any], ctx: Context) -> str:
    """The name of a record; where it belongs to a customer, theirs with its number or its day."""
    cls = STORED.get(table)
    if cls is None:
        return table
    if table not in TABLES:
        return _(cls.LABEL)
    if table in OF_A_CUSTOMER:
        own = raw.get(cls.NAMED_BY) or raw.get(cls.DAY, "")[:10]
        called = f"{ctx.name_of('customers', raw.get('customer', ''))} {own}".strip()
        return called or str(raw.get("step") or raw.get("uid", ""))
    return str(raw.get(cls.NAMED_BY) or raw.get("code") or raw.get("uid", ""))


def deletion_label(changes: Sequence[Change], table: str, ctx: Context) -> str:
    """ "deleted 王建国 and 41 records"."""
    gone = [change for change in changes if change.new is None]
    heads = [change for change in gone if change.table == table]
    with_them = len(gone) - len(heads)
    what = (
        subject(table, heads[0].old or {}, ctx)
        if len(heads) == 1
        else plural("{n} record", "{n} records", len(heads))
    )
    if not with_them:
        return _("deleted {what}").format(what=what)
    return _("deleted {what} and {records} with it").format(
        what=what, records=plural("{n} record", "{n} records", with_them)
    )
