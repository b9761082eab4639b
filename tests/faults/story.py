"""A reference model of the archive, with undo and redo, for the harnesses that drive the whole program."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from faults.commands import CommandResult, run_command, run_in_new_interpreter

CONTACT, PURCHASE = "interactions", "transactions"
_COLUMNS = {
    "customers": ("full_name", ""),
    CONTACT: ("customer", "summary"),
    PURCHASE: ("customer", "product"),
}
Line = tuple[str, str, str]  # table, customer's name, text of the contact or purchase


class State(NamedTuple):
    """The customers by number, and their contacts and purchases."""

    names: dict[int, str]
    lines: dict[str, tuple[str, int]]  # text: (table, customer)

    def facts(self) -> frozenset[Line]:
        """Return the state in the form in which `facts_at` reads it."""
        people = {("customers", name, "") for name in self.names.values()}
        return frozenset(
            people | {(table, self.names[whose], words) for words, (table, whose) in self.lines.items()}
        )

    def with_customers(self, *names: str) -> State:
        first = 1 + max(self.names, default=0)
        return self._replace(names={**self.names, **dict(enumerate(names, first))})

    def renamed(self, customer: int, name: str) -> State:
        return self._replace(names={**self.names, customer: name})

    def with_line(self, table: str, customer: int, words: str) -> State:
        return self._replace(lines={**self.lines, words: (table, customer)})

    def without(self, customer: int) -> State:
        names = {number: name for number, name in self.names.items() if number != customer}
        lines = {words: line for words, line in self.lines.items() if line[1] != customer}
        return State(names, lines)


class Step(NamedTuple):
    """A state, and the label of the change that led to it."""

    state: State
    label: str


@dataclass
class Story:
    """The states of an archive that undo and redo step through."""

    past: list[Step] = field(default_factory=lambda: [Step(State({}, {}), "")])
    future: list[Step] = field(default_factory=list)

    @property
    def now(self) -> State:
        return self.past[-1].state

    def changed(self, state: State, label: str = "") -> Story:
        return Story([*self.past, Step(state, label)], [])

    @property
    def to_undo(self) -> str:
        """The label of the newest change, "" if there is none."""
        return self.past[-1].label

    @property
    def to_redo(self) -> str:
        """The label of the change to redo, "" if there is none."""
        return self.future[-1].label if self.future else ""

    def undone(self) -> Story:
        return Story(self.past[:-1], [*self.future, self.past[-1]])

    def redone(self) -> Story:
        return Story([*self.past, self.future[-1]], self.future[:-1])


def fitting(stories: Iterable[Story], found: frozenset[Line]) -> Story | None:
    """Return the latest story whose state matches `found`, None if there is none."""
    return next((story for story in reversed(list(stories)) if story.now.facts() == found), None)


def difference(story: Story, found: frozenset[Line]) -> str:
    """Describe how `found` differs from a story."""
    wanted = story.now.facts()
    missing, more = sorted(wanted - found)[:5], sorted(found - wanted)[:5]
    return f"{len(wanted - found)} missing: {missing}, {len(found - wanted)} unexpected: {more}"


class Unreadable(Exception):
    """The command line could not read the archive."""


def facts_at(path: Path, *, new_interpreter: bool = False) -> frozenset[Line]:
    """Read an archive through the command line, in a new interpreter if `new_interpreter`."""
    found: set[Line] = set()
    for table, (whose, words) in _COLUMNS.items():
        columns = ",".join(filter(None, (whose, words)))
        for row in json.loads(
            _asked(path, new_interpreter, "list", "--table", table, "--columns", columns, "--format", "json")
        ):
            found.add((table, str(row[whose]), str(row[words]) if words else ""))
    return frozenset(found)


def _asked(path: Path, new_interpreter: bool, *words: str) -> str:
    command = ["--archive", str(path), *words]
    answer = run_in_new_interpreter(command) if new_interpreter else run_command(command, path.parent)
    if answer.code:
        raise Unreadable(
            f"`archive {' '.join(words[:3])}` ends with {answer.code}: {answer.err.strip()[-400:]}"
        )
    return answer.out


def checked(path: Path, folder: Path | None = None) -> str:
    """Return the error of `archive check`, "" if the archive is sound or only the last change was interrupted.

    Args:
        folder: Folder for its output, in case the archive's disk is full.
    """
    answer: CommandResult = run_command(["--archive", str(path), "check"], folder or path.parent)
    if answer.code == 0 or "interrupted" in answer.out:
        return ""
    return f"`archive check` ends with {answer.code}: {answer.out.strip()[-400:]} {answer.err.strip()[-400:]}"
