"""The changes of a journal that was harmed, as far as they make sense."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from archive.model.tables import TABLES
from archive.store.frames import Frame
from archive.store.loose_journal import Found, Readable
from archive.store.said import Said
from archive.store.salvage_tables import called
from archive.store.state import State
from archive.text import _


class Reapplied:
    """Brings a state forward, change by change."""

    def __init__(self, state: State, said: Said, known: int) -> None:
        """`known` is the number of the last change that the state holds."""
        self._state, self._said, self._known = state, said, known
        self._has_gap = False

    def follow(self, journal: Iterable[Readable], uuid: str) -> None:
        """Apply what can be read, each change once and in the order of their numbers."""
        found: list[Found] = []
        for one in journal:
            if one.archive not in ("", uuid):
                said = _("{path} belongs to another archive and was left out.")
                self._said.lost.append(said.format(path=one.path))
                continue
            self._say_harm(one)
            found += [change for change in one.changes if change.frame.lsn > self._known]
            found += [Found(-1, Frame(one.after + 1, 0, "", [], {}))] if one.after else []
        for change in sorted(found, key=lambda change: change.frame.lsn):
            self._step(change)

    def _say_harm(self, one: Readable) -> None:
        if one.refused:
            self._said.lost.append(one.refused)
        for start, end in one.gaps:
            said = _("{path}: what stood in bytes {start} to {end}.")
            self._said.lost.append(said.format(path=one.path, start=start, end=end))

    def _step(self, change: Found) -> None:
        lsn = change.frame.lsn
        if lsn > self._known + 1:
            self._has_gap = True
            said = _("The changes {start} to {end}.")
            self._said.lost.append(said.format(start=self._known + 1, end=lsn - 1))
            self._known = lsn - 1
        if lsn > self._known and change.offset >= 0:
            self._known = lsn
            self._apply(change)

    def _apply(self, change: Found) -> None:
        frame = change.frame
        if not change.whole:
            self._has_gap = True
            said = _("A part of change {n}: {label}")
            self._said.lost.append(said.format(n=frame.lsn, label=frame.label))
        changes = list(self._sensible(frame))
        self._state.follow(frame._replace(changes=changes, extra=self._extra_of(frame)))

    def _sensible(self, frame: Frame) -> Iterator[list[Any]]:
        for table, number, new, old in frame.changes:
            if why := self._why_not(table, int(number), new, old):
                said = _("A change of {name} in change {n}: {why}")
                name = called(table, new or old or {}) if table in TABLES else table
                self._said.lost.append(said.format(name=name, n=frame.lsn, why=why))
                continue
            there = self._row(table, int(number))
            if self._has_gap and there not in (old, new):
                said = _("{table} {key}: {name} was changed by what is lost, look at it.")
                name = called(table, new or old)
                self._said.doubtful.append(said.format(table=table, key=number, name=name))
            yield [table, number, new, old]

    def _why_not(self, table: str, number: int, new: Any, old: Any) -> str:
        if table not in TABLES or (new is None and old is None):
            return _("it is of no table of this version.")
        if any(row is not None and TABLES[table].misfit(row) for row in (new, old)):
            return _("it is not what this program writes.")
        kept = self._state.tables[table]
        slot = kept.of(new["uid"]) if new else None
        if slot is not None and kept.number(slot) != number:
            return _("another record has its uid.")
        return ""

    def _row(self, table: str, number: int) -> dict[str, Any] | None:
        kept = self._state.tables[table]
        slot = kept.slot(number)
        return None if slot is None else kept.row(slot)

    def _extra_of(self, frame: Frame) -> dict[str, Any]:
        """What the history can take in."""
        heads = self._state.history.heads
        extra: dict[str, Any] = {}
        try:
            if type(entry := frame.extra.get("entry")) is int and datetime.fromisoformat(frame.extra["at"]):
                extra = {"entry": entry, "at": frame.extra["at"]}
            undone = [[int(number), bool(is_undone)] for number, is_undone in frame.extra.get("undone", [])]
            told = {str(key): int(number) for key, number in frame.extra.get("meta", {}).items()}
        except (KeyError, TypeError, ValueError, AttributeError):
            return extra
        extra["undone"] = [pair for pair in undone if pair[0] in heads]
        return {**extra, "meta": told} if told else extra
