"""Imported rows of record types that are matched by natural keys instead of codes, such as contracts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archive.exchange.reading import Checked, Issue
from archive.service.defaults import with_defaults
from archive.service.importing.draft import Draft
from archive.store import Change
from archive.text import fold

Raw = Mapping[str, Any]


class NamedRows:
    """Matches a row by its id, else by its natural key if that is unique."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._keys = draft.cls.IDENTITY
        self._match = draft.plan.options.match
        self._by_name: dict[tuple[str, ...], list[str]] = {}
        archive, table = draft.archive, draft.plan.table
        for uid in archive.uids(table):
            self._index(archive.raw(table, uid) or {}, uid)

    def add(self, checked: Checked, values: dict[str, Any]) -> Issue | None:
        """Add a row; return an issue if it is rejected."""
        by_id = checked.id and "id" in self._match
        uid = checked.id if by_id else self._uid_of(values)
        exists = bool(uid) and self._draft.get(uid) is not None
        if not exists and (issue := self._draft.unfit(checked, values)):
            return issue
        if by_id and (issue := self._draft.named_by_id(checked)):
            return issue
        if exists:
            return self._draft.update(checked, uid, values, checked.extra)
        raw = self._draft.create(values, checked.extra, uid)
        self._index(raw, raw["uid"])
        return None

    def _uid_of(self, values: Raw) -> str:
        uids = self._by_name.get(self._name(values), []) if "name" in self._match else []
        return uids[0] if len(uids) == 1 else ""

    def _index(self, raw: Raw, uid: str) -> None:
        self._by_name.setdefault(self._name(raw), []).append(uid)

    def _name(self, raw: Raw) -> tuple[str, ...]:
        return tuple(fold(str(raw.get(key, ""))) for key in self._keys)

    def finish(self) -> Iterator[Change]:
        """Yield the changes, with default currencies and numbers of terms filled in."""
        archive, cls = self._draft.archive, self._draft.cls
        for change in self._draft.finish():
            assert change.new is not None
            completed = with_defaults(archive, cls.load(change.new)).dump()
            yield change._replace(new={**change.new, **completed})
