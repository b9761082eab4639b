"""The child saves, and is killed at some moment: every acknowledged change is there, and at most the one after it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from random import Random

from faults.children import Child, Tale
from faults.kept import Kept
from faults.rare import make_rare_frequent
from faults.results import Result, complaint
from faults.work import Tell, usual

PER_ARCHIVE = 10  # cycles, then a new one begins: its history would grow for ever
LINES = 20  # that are heard at the most before the kill
LONGEST = 0.01  # seconds more until it
ENOUGH = 5  # losses


def run(store: type[Kept], count: int, rng: Random, folder: Path) -> Result:
    result = Result()
    path, allowed = folder / "none", {0}
    for cycle in range(count):
        if cycle % PER_ARCHIVE == 0 or not allowed:
            path, allowed = folder / f"{cycle}" / "archive.json", {0}
            path.parent.mkdir()
        allowed = _cycle(store, path, allowed, rng, result)
        if result.lost >= ENOUGH:
            break
    return result


def _cycle(store: type[Kept], path: Path, before: set[int], rng: Random, result: Result) -> set[int]:
    """What may be there at the next opening, nothing where something was lost."""
    child = Child(partial(_session, store, path, rng.randrange(1 << 30)))
    child.listen(rng.randrange(LINES), rng.uniform(0, LONGEST))
    child.kill(with_all=rng.random() < 0.5)
    tale = Tale(before, child.finish())
    found, wrong = complaint(store, path, tale.allowed)
    result.cycles += 1
    result.count("acknowledged", tale.acknowledged)
    result.count("killed" if child.signal else "ended first")
    for why in [*tale.wrong, *([wrong] if wrong else [])]:
        result.wrong(f"cycle {result.cycles}", why)
    return set() if wrong or tale.wrong else {found}


def _session(store: type[Kept], path: Path, seed: int, tell: Tell) -> None:
    """One in two with compaction in a child process, one in two with what is derived on the disk."""
    checkpoints = bool(seed & 1)
    make_rare_frequent(
        checkpoints=checkpoints, shelf=bool(seed & 2), parts=bool(seed & 4), forked=bool(seed % 50)
    )
    usual(store, path, seed, tell, steps=200, checkpoints=checkpoints)
