"""Kill a child at a random moment while it saves: every acknowledged change is there, and at most one more."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from random import Random

from faults.children import Child, Transcript
from faults.rare import make_rare_frequent
from faults.results import Result, complaint
from faults.stores import Store
from faults.work import Tell, usual

PER_ARCHIVE = 10  # cycles before a new archive is started, which keeps the history short
LINES = 20  # most lines read before the kill
LONGEST = 0.01  # seconds from there to the kill
ENOUGH = 5  # losses after which a run stops


def run(store: type[Store], count: int, rng: Random, folder: Path) -> Result:
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


def _cycle(store: type[Store], path: Path, before: set[int], rng: Random, result: Result) -> set[int]:
    """Return the checksums allowed at the next opening, an empty set after a loss."""
    child = Child(partial(_session, store, path, rng.randrange(1 << 30)))
    child.listen(rng.randrange(LINES), rng.uniform(0, LONGEST))
    child.kill(with_all=rng.random() < 0.5)
    transcript = Transcript(before, child.finish())
    found, wrong = complaint(store, path, transcript.allowed)
    result.cycles += 1
    result.count("acknowledged", transcript.acknowledged)
    result.count("killed" if child.signal else "ended first")
    for why in [*transcript.wrong, *([wrong] if wrong else [])]:
        result.wrong(f"cycle {result.cycles}", why)
    return set() if wrong or transcript.wrong else {found}


def _session(store: type[Store], path: Path, seed: int, tell: Tell) -> None:
    """Half of the sessions compact in a child process, and half write index files."""
    checkpoints = bool(seed & 1)
    make_rare_frequent(
        checkpoints=checkpoints, index=bool(seed & 2), parts=bool(seed & 4), forked=bool(seed % 50)
    )
    usual(store, path, seed, tell, steps=200, checkpoints=checkpoints)
