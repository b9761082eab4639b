"""Short sessions in which harnesses make each operation fail in turn."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

from faults.children import Child, Transcript
from faults.rare import make_rare_frequent
from faults.results import Result, complaint
from faults.stores import Store, total_of
from faults.work import Tell, Worker

BEFORE = ["new", "new", "edit", "new", "undo"]  # saved before a session starts
STEPS = {
    "first": ["new", "edit"],
    "plain": ["new"],
    "save": ["edit", "new", "undo", "redo"],
    "import": ["many"],
    "open": [],
    "compact": ["edit", "compact", "new"],
    "close": ["edit", "reopen", "new"],
    "checkpoints": ["new"],
    "adopt": ["new", "edit"],
}
CHECKPOINTING = ("checkpoints", "adopt")  # a child process compacts
OPENED = ("adopt",)  # the archive is opened before the fault is injected


class Scene(NamedTuple):
    """The archive at the start of a session."""

    deed: str
    folder: Path
    total: int


def scene(store: type[Store], deed: str, folder: Path) -> Scene:
    """Make an archive with changes in its journal, a torn frame, and the temporary file of a killed writer."""
    place = folder / f"scene-{deed}"
    place.mkdir()
    if deed == "first":
        return Scene(deed, place, 0)
    path = place / "archive.json"
    worker = Worker(store, path, Random(7), lambda text: None)
    worker.step("new")
    worker.step("reopen")
    for step in BEFORE:
        worker.step(step)
    total = total_of(worker.opened)
    if deed == "plain":  # a single file: closed normally
        worker.opened.close()
        return Scene(deed, place, total)
    worker.opened.drop()
    if worker.opened.has_history:
        from archive.files import write_beside
        from archive.store.wal import segments

        write_beside(path, [b"half a snapshot"])
        with segments.listed(path)[-1].open("ab") as journal:
            journal.write(b"0badbad0 00000123 [99,")
    return Scene(deed, place, total)


class Session:
    """A process with an open archive, which goes on after a step has failed."""

    def __init__(self, store: type[Store], deed: str, path: Path) -> None:
        self._store, self._deed, self._path = store, deed, path
        self._worker: Worker | None = None

    def begin(self, tell: Tell) -> None:
        """Run the part before faults are injected."""
        if self._deed in OPENED:
            self._or_say(tell, lambda: self._open(tell))

    def go_on(self, tell: Tell) -> None:
        """Run the steps."""
        index = self._deed in ("compact", *CHECKPOINTING)
        make_rare_frequent(checkpoints=self._deed in CHECKPOINTING, index=index, parts=self._deed == "import")
        self._or_say(tell, lambda: self._steps(self._worker or self._open(tell)))

    def _or_say(self, tell: Tell, act: Callable[[], object]) -> None:
        try:
            act()
        except self._store.may_fail as error:
            tell(f"F {error}")

    def _open(self, tell: Tell) -> Worker:
        self._worker = Worker(
            self._store, self._path, Random(8), tell, checkpoints=self._deed in CHECKPOINTING
        )
        return self._worker

    def _steps(self, worker: Worker) -> None:
        for step in STEPS[self._deed]:
            worker.step(step)
            worker.opened.wait()
        worker.step("new")
        worker.step("edit")


def copied(found: Scene, to: Path) -> Path:
    """Copy a scene to a new folder and return the archive's path."""
    shutil.copytree(found.folder, to)
    return to / "archive.json"


def child_of(store: type[Store], deed: str, path: Path) -> Child:
    """Start a session in a child process that waits for `go`."""
    session = Session(store, deed, path)
    child = Child(session.go_on, waits=True, first=session.begin)
    child.listen(1 if deed in OPENED else 0, 0)
    return child


def judge(store: type[Store], path: Path, transcript: Transcript, where: str, result: Result) -> None:
    """Record a loss unless the archive holds every acknowledged change and accepts another change."""
    result.cycles += 1
    result.count("acknowledged", transcript.acknowledged)
    result.count("refused", transcript.refused)
    result.count("stuck at the end", transcript.is_stuck)
    found, wrong = complaint(store, path, transcript.allowed)
    wrong = wrong or save_and_close(store, path, found)
    for why in [*transcript.wrong, *([wrong] if wrong else [])]:
        result.wrong(where, why)


def save_and_close(store: type[Store], path: Path, found: int) -> str:
    """Save another change and close. Returns the error, "" if there is none."""
    lines: list[str] = []
    try:
        worker = Worker(store, path, Random(9), lines.append)
        worker.step("new")
        worker.opened.close()
    except Exception as error:
        return f"the next save or closing failed: {type(error).__name__}: {error}"
    transcript = Transcript({found}, lines)
    _after, wrong = complaint(store, path, transcript.allowed)
    bad = [*transcript.wrong, *(line for line in lines if line.startswith("F"))]
    return bad[0] if bad else wrong
