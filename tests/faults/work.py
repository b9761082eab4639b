"""What the children do: saves of every kind, undo, compaction, reopening. Each says what it will do and has done.

O n   opened, and n stands for what is there        I n   about to save what n stands for
A n   the save returned                             F s   it was refused, with this sentence
X s   what never may happen                         R s   it could not be opened, with this sentence
D     done with all of it
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from time import monotonic

from archive.errors import InUse
from faults.book import Book, Move
from faults.kept import Change, Kept, Raw, total_of

Tell = Callable[[str], None]
SIZES = [10] * 9 + [250]  # of an import; each person has an order
PATIENCE = 5.0  # seconds
LONG = 600  # characters of a text that a later edit makes short again


def customer(rng: Random, name: str) -> Raw:
    return {"uid": f"{rng.getrandbits(64):016x}", "kind": "person", "full_name": name}


def order(rng: Random, whose: str) -> Raw:
    number = f"{rng.randrange(1, 9999)}.00"
    return {"uid": f"{rng.getrandbits(64):016x}", "customer": whose, "on": "2026-11-21", "amount": number}


def added(table: str, row: Raw) -> Change:
    return Change(table, row["uid"], row, None)


def new(rng: Random, book: Book) -> Move:
    """A customer with two orders: three records in two tables."""
    made = customer(rng, f"Person {rng.randrange(999)}")
    orders = [added("transactions", order(rng, made["uid"])) for _ in range(2)]
    return Move("new", [added("customers", made), *orders])


def edit(rng: Random, book: Book) -> Move | None:
    """A long text, or a short one where a long one was."""
    if not book.tables["customers"]:
        return None
    uid = rng.choice(sorted(book.tables["customers"]))
    old = book.tables["customers"][uid]
    size = rng.randrange(9) if "background" in old else rng.randrange(LONG)
    return Move(
        "edit", [Change("customers", uid, {**old, "background": f"{rng.random()} " + "x" * size}, old)]
    )


def gone(rng: Random, book: Book) -> Move | None:
    """A customer, and all that is theirs."""
    if not book.tables["customers"]:
        return None
    uid = rng.choice(sorted(book.tables["customers"]))
    theirs = [row for row in book.tables["transactions"].values() if row["customer"] == uid]
    rows = [("customers", book.tables["customers"][uid]), *(("transactions", row) for row in theirs)]
    return Move("gone", [Change(table, row["uid"], None, row) for table, row in rows])


def many(rng: Random, book: Book) -> Move:
    """An import, or the end of all customers where there are many."""
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
    """One session with an archive."""

    def __init__(
        self, store: type[Kept], path: Path, rng: Random, tell: Tell, *, checkpoints: bool = False
    ) -> None:
        self._store, self._path, self._rng, self._upkeep = store, path, rng, checkpoints
        self.tell = tell
        self.kept = store(path, checkpoints=checkpoints)
        self.book = Book(self.kept)
        tell(f"O {self.book.total}")

    def step(self, name: str) -> None:
        """Do one thing; a refusal is said, and the next thing may be done."""
        if name == "reopen":
            self.kept.close()
            self.kept = self._store(self._path, checkpoints=self._upkeep)
            self._compare()
        elif name == "compact":
            self._or_say(self.kept.compact)
        elif move := MOVES[name](self._rng, self.book):
            self._save(name, move)

    def _save(self, name: str, move: Move) -> None:
        self.book.play(move)
        self.tell(f"I {self.book.total}")
        act = {"undo": self.kept.undo, "redo": self.kept.redo} if self.kept.has_history else {}
        if self._or_say(act.get(name, lambda: self.kept.put(move.label, move.changes))):
            self.tell(f"A {self.book.total}")
        else:
            self.book.unplay(move)

    def _or_say(self, act: Callable[[], None]) -> bool:
        try:
            act()
        except self.kept.may_fail as error:
            self.tell(f"F {error}".replace("\n", " "))
            return False
        return True

    def _compare(self) -> None:
        if total_of(self.kept) != self.book.total:
            self.tell("X what was acknowledged is not there after reopening")


def usual(
    store: type[Kept], path: Path, seed: int, tell: Tell, *, steps: int, checkpoints: bool = False
) -> None:
    """A session of many steps; the seed says which."""
    rng = Random(seed)
    until = monotonic() + PATIENCE
    worker = None
    while not worker:
        try:
            worker = Worker(store, path, rng, tell, checkpoints=checkpoints)
        except store.may_fail as error:
            # A child that was being begun when its parent was killed has the lock for a moment yet.
            if not isinstance(error, InUse) or monotonic() > until:
                tell(f"R {error}")  # what could not be opened
                return
    try:
        for _ in range(steps):
            worker.step(rng.choice(USUAL))
        worker.kept.close()
    except store.may_fail as error:  # at reopening
        tell(f"F {error}")
    else:
        tell("D")
