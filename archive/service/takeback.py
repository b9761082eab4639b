"""Taking back one change out of the middle of the history, without harm to what was edited since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from archive.model.fields import Context
from archive.model.tables import TABLES
from archive.service.labels import changed_keys, subject
from archive.store import Change, Entry
from archive.text import _

Get = Callable[[str, str], Mapping[str, Any] | None]


def taken_back(entry: Entry, get: Get, ctx: Context) -> tuple[list[Change], list[str]]:
    """The changes that take `entry` back, and a sentence for each value that was edited since and is kept."""
    changes: list[Change] = []
    kept: list[str] = []
    for change in reversed(entry.changes):
        now = get(change.table, change.uid)
        restored, lost = _restored(change, dict(now) if now is not None else None)
        if restored != now:
            changes.append(Change(change.table, change.uid, restored, dict(now) if now is not None else None))
        kept.extend(_sentence(change, key, ctx) for key in lost)
    return changes, kept


def _restored(change: Change, now: dict[str, Any] | None) -> tuple[dict[str, Any] | None, list[str]]:
    if now == change.new:
        return change.old, []
    if now is None or change.old is None or change.new is None:
        return now, [""]
    keys = changed_keys(change)
    ours = [key for key in keys if now.get(key) == change.new.get(key)]
    restored = {key: value for key, value in now.items() if key not in ours}
    restored.update({key: change.old[key] for key in ours if key in change.old})
    return _in_order(restored, change.old, now), [key for key in keys if key not in ours]


def _in_order(restored: dict[str, Any], *examples: dict[str, Any]) -> dict[str, Any]:
    keys = dict.fromkeys(key for example in examples for key in example if key in restored)
    return {key: restored[key] for key in keys}


def _sentence(change: Change, key: str, ctx: Context) -> str:
    name = subject(change.table, change.new or change.old or {}, ctx)
    if not key:
        return _("{name} was changed since and is kept as it is.").format(name=name)
    facts = TABLES[change.table].FACTS
    field = facts[key].title if key in facts else key
    return _("{field} of {name} was changed since and is kept.").format(field=field, name=name)
