"""Short sessions for harnesses that let something fail in them, at one place after the other."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from faults.children import Child, Tale
from faults.kept import Kept, total_of
from faults.rare import make_rare_frequent
from faults.results import Result, complaint
from faults.work import Tell, Worker

BEFORE = ["new", "new", "edit", "new", "undo"]  # what a session finds
STEPS = {
    "first": ["new", "edit"],
    "plain": ["new"],
    "save": ["edit", "new", "undo", "redo"],
    "import": ["many"],
    "open": [],
    "compact": ["edit", "compact", "new"],
    "close": ["edit", "reopen", "new"],
    "upkeep": ["new"],
}


class Scene(NamedTuple):
    """An archive as a session finds it."""

    deed: str
    folder: Path
    total: int


def scene(store: type[Kept], deed: str, folder: Path) -> Scene:
    """Make it: with changes in the journal, a torn end, and what a killed writer left."""
    kept = folder / f"scene-{deed}"
    kept.mkdir()
    if deed == "first":
        return Scene(deed, kept, 0)
    path = kept / "archive.json"
    worker = Worker(store, path, Random(7), lambda text: None)
    worker.step("new")
    worker.step("reopen")
    for step in BEFORE:
        worker.step(step)
    total = total_of(worker.kept)
    if deed == "plain":  # one file, as closing leaves it
        worker.kept.close()
        return Scene(deed, kept, total)
    worker.kept.drop()
    if worker.kept.has_history:
        from archive.files import write_beside
        from archive.store import segments

        write_beside(path, [b"half a snapshot"])
        with segments.listed(path)[-1].open("ab") as journal:
            journal.write(b"0badbad0 00000123 [99,")
    return Scene(deed, kept, total)


def perform(store: type[Kept], deed: str, path: Path, tell: Tell) -> None:
    """The session; where a step fails there are others after it."""
    upkeep = deed == "upkeep"
    make_rare_frequent(upkeep=upkeep, shelf=deed in ("upkeep", "compact"), parts=deed == "import")
    try:
        worker = Worker(store, path, Random(8), tell, upkeep=upkeep)
        for step in STEPS[deed]:
            worker.step(step)
            worker.kept.wait()
        worker.step("new")
        worker.step("edit")
    except store.may_fail as error:
        tell(f"F {error}")


def copied(found: Scene, to: Path) -> Path:
    """The archive of a scene, in a folder of its own."""
    shutil.copytree(found.folder, to)
    return to / "archive.json"


def child_of(store: type[Kept], deed: str, path: Path) -> Child:
    """The session in a process that waits to be told to go."""
    return Child(partial(perform, store, deed, path), waits=True)


def judge(store: type[Kept], path: Path, tale: Tale, where: str, result: Result) -> None:
    """Whether all is there that was acknowledged, and whether it can be gone on with."""
    result.cycles += 1
    result.count("acknowledged", tale.acknowledged)
    result.count("refused", tale.refused)
    found, wrong = complaint(store, path, tale.allowed)
    wrong = wrong or goes_on(store, path, found)
    for why in [*tale.wrong, *([wrong] if wrong else [])]:
        result.wrong(where, why)


def goes_on(store: type[Kept], path: Path, found: int) -> str:
    """What is wrong with one more change and with closing, "" where nothing is."""
    said: list[str] = []
    try:
        worker = Worker(store, path, Random(9), said.append)
        worker.step("new")
        worker.kept.close()
    except Exception as error:
        return f"cannot be gone on with: {type(error).__name__}: {error}"
    tale = Tale({found}, said)
    _after, wrong = complaint(store, path, tale.allowed)
    bad = [*tale.wrong, *(line for line in said if line.startswith("F"))]
    return bad[0] if bad else wrong
