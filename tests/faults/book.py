"""A reference model of an archive: records, history and checksum after each step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from faults.stores import Change, Past, Store, mark, total


class Move(NamedTuple):
    """A step and its effect on records and history."""

    label: str
    changes: Sequence[Change]
    turns: Past | None = None  # the history entry that is undone or redone


class Book:
    """Records, history and their checksum."""

    def __init__(self, opened: Store) -> None:
        self.tables = opened.tables()
        self.past = opened.history()
        self._remembers = opened.has_history
        self.redoable: list[Past] = []  # undone since this book was opened, and still to redo
        self.total = total(self.tables, self.past)

    def apply(self, move: Move) -> None:
        """Apply a step."""
        self._change(move.changes)
        if move.turns:
            self._turn(move.turns)
        else:
            self.redoable.clear()
            self._add(Past(1 + (self.past[-1].number if self.past else 0), move.label, move.changes))

    def revert(self, move: Move) -> None:
        """Reverse a step that the store refused."""
        self._change([change.inverted() for change in reversed(move.changes)])
        if move.turns:
            self._turn(move.turns._replace(undone=not move.turns.undone))
        else:
            self._count(self.past.pop(), -1)

    def undoing(self) -> Move | None:
        """Return the step that undoes the newest change, None if there is none."""
        newest = next((past for past in reversed(self.past) if not past.undone), None)
        if newest is None:
            return None
        return Move("undo", [change.inverted() for change in reversed(newest.changes)], newest)

    def redoing(self) -> Move | None:
        """Return the step that redoes the last undone change, None if this book has not undone any."""
        last = self.redoable[-1] if self.redoable else None
        return Move("redo", last.changes, last) if last else None

    def _add(self, past: Past) -> None:
        self.past.append(past)
        self._count(past, 1)

    def _turn(self, past: Past) -> None:
        inverted = past._replace(undone=not past.undone)
        self.past[self.past.index(past)] = inverted
        self._count(past, -1)
        self._count(inverted, 1)
        if inverted.undone:
            self.redoable.append(inverted)
        elif self.redoable:
            self.redoable.pop()

    def _count(self, past: Past, sign: int) -> None:
        if self._remembers:
            self.total += sign * mark(*past)

    def _change(self, changes: Sequence[Change]) -> None:
        for table, uid, new, old in changes:
            rows = self.tables[table]
            assert rows.get(uid) == old, f"a change of {table} {uid} does not follow from the state before"
            if uid in rows:
                self.total -= mark(table, uid, rows.pop(uid))
            if new is not None:
                rows[uid] = new
                self.total += mark(table, uid, new)
