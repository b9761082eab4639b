"""Kill the terminal program during random edits: every acknowledged change is saved, and no change is partial.

The program runs on a pseudo-terminal and is driven by keys. The status line acknowledges a change.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction
from archive.service.drafts import Drafts
from faults.bad_programs import PROGRAMS, enough
from faults.results import Result
from faults.screens import Screen, import_late_modules, own_folders, program
from faults.story import CONTACT, PURCHASE, Story, Unreadable, checked, difference, facts_at, fitting

SUBJECTS = PROGRAMS
PER_ARCHIVE = 8  # cycles per archive
FEWEST, MOST = 3, 9  # acknowledgements before the kill
LONGEST = 0.4  # seconds from the last keys to the kill
NEW_INTERPRETER = 20  # every nth cycle reads the archive in a new interpreter
SOON = 60.0  # seconds until a draft is on the disk, on a busy machine

# Escape is not used: with a letter directly after it, it would read as alt+letter.
CTRL_G, CTRL_S, END, CLEAR, DOWN = "\x07", "\x13", "\x05", "\x15", "\x1b[B"


WITHDRAWING = ("undo", "palette", "redo")  # their messages are only on the left of the status line


class Act(NamedTuple):
    """Keys to type, the story after them, and the words on the screen that acknowledge the change."""

    name: str
    keys: str
    story: Story
    message: str


def run(install: Callable[[], None], count: int, rng: Random, folder: Path) -> Result:
    result = Result()
    own_folders(folder / "home")
    import_late_modules()
    place, stories, shown = folder, [Story()], set[str]()
    for cycle in range(count):
        if cycle % PER_ARCHIVE == 0 or not stories:
            shutil.rmtree(place, ignore_errors=True) if place != folder else None
            place, stories, shown = folder / f"{cycle}", [Story()], set()
            place.mkdir()
        user = User(install, place, rng, result, shown)
        stories = user.cycle(stories[0], new_interpreter=cycle % NEW_INTERPRETER == 0)
        result.cycles += 1
        if result.lost >= enough(install):
            break
    return result


class User:
    """A user, who types until the program is killed.

    `shown` collects the messages of this archive's changes. The status line also names an older change, which undo
    would undo, so a message that was shown before acknowledges nothing.
    """

    def __init__(
        self, install: Callable[[], None], place: Path, rng: Random, result: Result, shown: set[str]
    ) -> None:
        self._install, self._place, self._rng, self._result = install, place, rng, result
        self._path = place / "archive.json"
        self._where = f"cycle {result.cycles}"
        self._left = ""  # the last message on the left of the status line
        self._shown = shown

    def cycle(self, story: Story, *, new_interpreter: bool) -> list[Story]:
        """Start, make some changes, kill. Returns the story to continue with, an empty list after a loss."""
        begin = program([str(self._path)])
        self._screen = Screen(lambda: (self._install(), begin())[1])
        try:
            possible = self._work(story)
        except NotShown as error:
            self._result.wrong(self._where, error)
            possible = []
        finally:
            self._screen.kill()
            self._screen.ended()
            self._screen.close()
        return self._judged(possible, new_interpreter) if possible else []

    # Typing

    def _work(self, story: Story) -> list[Story]:
        """Type some changes and kill. Returns the possible stories on the disk, earliest first."""
        self._wait("all saved", since=0)
        story = self._drafts(story)
        for _number in range(self._rng.randrange(FEWEST, MOST)):
            act = self._chosen(story)
            since = len(self._screen.seen)
            self._screen.type(act.keys)
            self._acknowledged(act, since)
            story = act.story
        return self._last(story)

    def _last(self, story: Story) -> list[Story]:
        """Kill in the middle of the next change or shortly after it."""
        if self._rng.random() < 0.15:
            self._leave_draft()
            return [story]
        act = self._chosen(story)
        keys = act.keys if self._rng.random() < 0.8 else act.keys[: self._rng.randrange(len(act.keys))]
        since = len(self._screen.seen)
        self._screen.type(keys)
        shown = self._screen.until(act.message, since=since, seconds=self._rng.uniform(0, LONGEST))
        self._screen.kill()
        self._screen.ended()
        if shown or act.message in self._screen.seen[since:]:
            self._result.count("acknowledged")
            return [act.story]
        return [story, act.story]

    def _acknowledged(self, act: Act, since: int) -> None:
        self._wait(act.message, since=since, what=f"{act.name} {act.keys!r}")
        self._left = act.message
        self._result.count("acknowledged")
        self._result.count(act.name)

    def _wait(self, words: str, *, since: int, what: str = "the start") -> None:
        if not self._screen.until(words, since=since):
            state = "is still running" if self._screen.lives() else "ended"
            raise NotShown(
                f"after {what} it never showed {words!r}; it {state}, and wrote {self._screen.shown(since)}"
            )

    # Actions

    def _chosen(self, story: Story) -> Act:
        while True:
            make = self._rng.choice(_ACTS)
            act = make(self, story)
            is_new = act and act.message not in (self._left, *self._shown)
            if act and (is_new or (act.name in WITHDRAWING and act.message != self._left)):
                self._shown.add(act.message)
                return act

    def _word(self, letter: str) -> str:
        return f"{letter}{self._rng.getrandbits(40):010x}"

    def _at(self, story: Story) -> tuple[int, str, str]:
        """Choose a customer, with the keys that move the cursor there."""
        number = self._rng.choice(sorted(story.now.names))
        name = story.now.names[number]
        return number, name, f"/{CLEAR}{name}{DOWN}"

    def new(self, story: Story) -> Act:
        name = self._word("K")
        label = f"New customer: {name}"
        keys = f"n{name}{CTRL_S}"
        return Act("new", keys, story.changed(story.now.with_customers(name), label), label)

    def log(self, story: Story) -> Act | None:
        return self._line(story, CONTACT, "l", "call {words}\r", f"New {Interaction.NOUN}: {{name}}")

    def buy(self, story: Story) -> Act | None:
        return self._line(story, PURCHASE, "b", "3 bags {words} @5\r", f"New {Transaction.NOUN}: {{name}}")

    def _line(self, story: Story, table: str, letter: str, typed: str, label: str) -> Act | None:
        if not story.now.names:
            return None
        number, name, there = self._at(story)
        words = self._word("W")
        label = label.format(name=name)
        changed = story.changed(story.now.with_line(table, number, words), label)
        return Act(table, f"{there}{letter}{typed.format(words=words)}", changed, label)

    def edit(self, story: Story) -> Act | None:
        if not story.now.names:
            return None
        number, _name, there = self._at(story)
        name = self._word("E")
        label = f"Changed full name of {name}"
        keys = f"{there}e\t\t{END}{CLEAR}{name}{CTRL_S}"
        return Act("edit", keys, story.changed(story.now.renamed(number, name), label), label)

    def delete(self, story: Story) -> Act | None:
        if len(story.now.names) < 3:
            return None
        number, name, there = self._at(story)
        label = f"Deleted {name}"
        return Act("delete", f"{there}d", story.changed(story.now.without(number), label), label)

    def undo(self, story: Story) -> Act | None:
        return Act("undo", "u", story.undone(), f"Undone: {story.to_undo}") if story.to_undo else None

    def undo_by_name(self, story: Story) -> Act | None:
        act = self.undo(story)
        return act and act._replace(name="palette", keys=":undo\r")

    def redo(self, story: Story) -> Act | None:
        return Act("redo", "U", story.redone(), f"Redone: {story.to_redo}") if story.to_redo else None

    def imported(self, story: Story) -> Act:
        names = [self._word("I") for _row in range(self._rng.randrange(2, 30))]
        path = self._place / f"{self._word('f')}.csv"
        path.write_text("\n".join(["Full name,Kind", *(f"{name},person" for name in names), ""]))
        since = len(self._screen.seen)
        self._screen.type(f"{CTRL_G}ip{path}\r")
        self._wait(f"{len(names)} new", since=since, what=f"the path of {path}")
        label = f"Imported {path.name}"
        changed = story.changed(story.now.with_customers(*names), label)
        return Act("import", f"{CTRL_S}{CTRL_G}c", changed, label)

    # Drafts

    def _leave_draft(self) -> None:
        """Start typing a new customer, and kill the program once the draft is on the disk."""
        name = self._word("D")
        self._screen.type(f"n{name}")
        drafts = Drafts(self._path)
        is_saved = lambda: any(draft.texts.get("full_name") == name for draft in drafts.all())  # noqa: E731
        if not self._screen.wait(is_saved, SOON):
            raise NotShown(f"the typed name {name} is in no draft")
        self._screen.kill()
        self._result.count("drafts left")

    def _drafts(self, story: Story) -> Story:
        """Resume the drafts of new customers and save them; discard all others."""
        for draft in Drafts(self._path).all():
            self._wait("You have an unsaved draft", since=0, what="the start with a draft")
            name = str(draft.texts.get("full_name", ""))
            since = len(self._screen.seen)
            if draft.uid or draft.table != "customers" or not name.startswith("D") or len(name) != 11:
                self._screen.type("d")
                self._screen.read(0.2)
                continue
            self._screen.type("\r\x13")
            changed = story.changed(story.now.with_customers(name))
            self._acknowledged(Act("draft saved", "enter, ctrl+s", changed, f"New customer: {name}"), since)
            story = changed
        return story

    # Judging

    def _judged(self, possible: list[Story], new_interpreter: bool) -> list[Story]:
        try:
            found = facts_at(self._path, new_interpreter=new_interpreter)
        except Unreadable as error:
            self._result.wrong(self._where, error)
            return []
        story = fitting(possible, found)
        wrong = [] if story else [difference(one, found) for one in possible]
        wrong += filter(None, [checked(self._path)])
        wrong += [f"left: {left.name}" for left in self._place.iterdir() if "unreadable" in left.name]
        for why in wrong:
            self._result.wrong(self._where, why)
        return [story] if story and not wrong else []


class NotShown(Exception):
    """The program did not show the expected words."""


_ACTS: list[Callable[[User, Story], Act | None]] = [
    *[User.new] * 3,
    *[User.log] * 3,
    *[User.buy] * 3,
    *[User.edit] * 2,
    User.delete,
    *[User.undo] * 2,
    User.undo_by_name,
    User.redo,
    User.imported,
]
