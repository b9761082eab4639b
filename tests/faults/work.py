"""The work of the child processes: saves of every kind, undo, compaction, reopening.

A child reports each step in a line (n is the archive's checksum, s a sentence):

O n   opened                            I n   about to save; n is the state after the save
A n   the save was acknowledged         F s   the operation was refused
X s   an error that must never happen   R s   the archive could not be opened
D     all steps done
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from time import monotonic

from archive.errors import InUse
from faults.book import Book, Move
from faults.stores import Change, Raw, Store, total_of

Tell = Callable[[str], None]
SIZES = [10] * 9 + [250]  # people in an import; each has an order
PATIENCE = 5.0  # seconds to wait for the lock
LONG = 600  # longest text, in characters; a later edit shortens it


def customer(rng: Random, name: str) -> Raw:
    return {"uid": f"{rng.getrandbits(64):016x}", "kind": "person", "full_name": name}


def order(rng: Random, whose: str) -> Raw:
    number = f"{rng.randrange(1, 9999)}.00"
    return {"uid": f"{rng.getrandbits(64):016x}", "customer": whose, "on": "2026-11-21", "amount": number}


def added(table: str, row: Raw) -> Change:
    return Change(table, row["uid"], row, None)


def new(rng: Random, book: Book) -> Move:
    """Add a customer with two orders: three records in two tables."""
    made = customer(rng, f"Person {rng.randrange(999)}")
    orders = [added("transactions", order(rng, made["uid"])) for _ in range(2)]
    return Move("new", [added("customers", made), *orders])


def edit(rng: Random, book: Book) -> Move | None:
    """Give a customer a long background text, or shorten the existing text."""
    if not book.tables["customers"]:
        return None
    uid = rng.choice(sorted(book.tables["customers"]))
    old = book.tables["customers"][uid]
    size = rng.randrange(9) if "background" in old else rng.randrange(LONG)
    return Move(
        "edit", [Change("customers", uid, {**old, "background": f"{rng.random()} " + "x" * size}, old)]
    )


def gone(rng: Random, book: Book) -> Move | None:
    """Delete a customer with all their orders."""
    if not book.tables["customers"]:
        return None
    uid = rng.choice(sorted(book.tables["customers"]))
    theirs = [row for row in book.tables["transactions"].values() if row["customer"] == uid]
    rows = [("customers", book.tables["customers"][uid]), *(("transactions", row) for row in theirs)]
    return Move("gone", [Change(table, row["uid"], None, row) for table, row in rows])


def many(rng: Random, book: Book) -> Move:
    """Import customers, or delete them all if there are many."""
    if len(book.tables["customers"]) > 60:
        rows = [
            (table, row) for table in ("transactions", "customers") for row in book.tables[table].values()
        ]
        return Move("wipe", [Change(table, row["uid"], None, row) for table, row in rows])
    people = [customer(rng, f"Imported {n}") for n in range(rng.choice(SIZES))]
    orders = [order(rng, one["uid"]) for one in people]
    rows = [("customers", one) for one in people] + [("transactions", one) for one in orders]
    return Move("import", [added(table, row) for table, row in rows])


def undo(rng: Random, book: Book) -> Move | None:
    return book.undoing()


def redo(rng: Random, book: Book) -> Move | None:
    return book.redoing()


MOVES = {move.__name__: move for move in (new, edit, gone, many, undo, redo)}
USUAL = ["new"] * 5 + ["edit"] * 6 + ["gone", "many", "undo", "undo", "redo", "compact", "reopen"]


class Worker:
    """A session with an archive."""

    def __init__(
        self, store: type[Store], path: Path, rng: Random, tell: Tell, *, checkpoints: bool = False
    ) -> None:
        self._store, self._path, self._rng, self._checkpoints = store, path, rng, checkpoints
        self.tell = tell
        self.opened = store(path, checkpoints=checkpoints)
        self.book = Book(self.opened)
        tell(f"O {self.book.total}")

    def step(self, name: str) -> None:
        """Run a step. A refusal is reported, and the next step can follow."""
        if name == "reopen":
            self.opened.close()
            self.opened = self._store(self._path, checkpoints=self._checkpoints)
            self._compare()
        elif name == "compact":
            self._or_say(self.opened.compact)
        elif move := MOVES[name](self._rng, self.book):
            self._save(name, move)

    def _save(self, name: str, move: Move) -> None:
        self.book.apply(move)
        self.tell(f"I {self.book.total}")
        act = {"undo": self.opened.undo, "redo": self.opened.redo} if self.opened.has_history else {}
        if self._or_say(act.get(name, lambda: self.opened.put(move.label, move.changes))):
            self.tell(f"A {self.book.total}")
        else:
            self.book.revert(move)

    def _or_say(self, act: Callable[[], None]) -> bool:
        try:
            act()
        except self.opened.may_fail as error:
            self.tell(f"F {error}".replace("\n", " "))
            return False
        return True

    def _compare(self) -> None:
        if total_of(self.opened) != self.book.total:
            self.tell("X the archive is different after reopening")


def usual(
    store: type[Store], path: Path, seed: int, tell: Tell, *, steps: int, checkpoints: bool = False
) -> None:
    """Run a session of random steps, chosen by the seed."""
    rng = Random(seed)
    until = monotonic() + PATIENCE
    worker = None
    while not worker:
        try:
            worker = Worker(store, path, rng, tell, checkpoints=checkpoints)
        except store.may_fail as error:
            # A child that was being started when its parent was killed holds the lock a little longer.
            if not isinstance(error, InUse) or monotonic() > until:
                tell(f"R {error}")
                return
    try:
        for _ in range(steps):
            worker.step(rng.choice(USUAL))
        worker.opened.close()
    except store.may_fail as error:  # reopening failed
        tell(f"F {error}")
    else:
        tell("D")
