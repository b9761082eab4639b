"""Kill the compaction or the daily backup of a large archive, its parent process, or both, while the parent saves."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

from archive.errors import ArchiveError
from archive.service.archive import Archive
from archive.service.backups import daily, folder_of
from archive.store import Change, database
from archive.store.database import Database
from faults import large
from faults.children import Child, Transcript
from faults.commands import run_command
from faults.results import Result, complaint
from faults.screens import own_folders
from faults.stores import NOW, Ours
from faults.story import checked
from faults.work import Tell, Worker, customer

LINES = 60  # most lines read before the kill; a change writes two
LONGEST = 2.0  # seconds from there to the kill; a compaction takes about as long
CHANGES = 400  # most changes of a session
ENOUGH = 5  # losses after which a run stops
STEPS = ["new"] * 3 + ["edit"] * 3 + ["undo"]


class Dropping(Ours):
    """A store that deletes the whole journal after a compaction, including changes saved in the meantime."""

    def __init__(self, path: Path, *, write: bool = True, checkpoints: bool = False) -> None:
        Database._install_checkpoint = _adopt_and_drop  # type: ignore[method-assign]
        super().__init__(path, write=write, checkpoints=checkpoints)


_ADOPT = Database._install_checkpoint


def _adopt_and_drop(opened: Database, old: str, lsn: int, prepared: Any) -> None:
    _ADOPT(opened, old, lsn, prepared)
    for segment in opened.path.parent.glob(f"{opened.path.name}.j*"):
        segment.unlink()


SUBJECTS = {"ours": Ours, "dropping": Dropping}


def run(subject: type[Ours], count: int, rng: Random, folder: Path) -> Result:
    result = Result()
    own_folders(folder / "home")
    scene = folder / "scene"
    scene.mkdir()
    before = _make_scene(scene / "archive.json")
    for number in range(count):
        place = folder / f"{number}"
        shutil.copytree(scene, place)
        trial = Trial(subject, place / "archive.json", before, rng, result)
        for why in trial.backup() if number % 3 == 2 else trial.compaction():
            result.wrong(f"{number}", why)
        result.cycles += 1
        shutil.rmtree(place, ignore_errors=True)  # an orphaned process may still write there
        if result.lost >= (ENOUGH if subject is Ours else 1):
            break
    return result


def _make_scene(path: Path) -> int:
    """Make a large archive that is due for compaction, and return its checksum."""
    large.made(path, Random(1)).unlink()
    opened, rng = Ours(path), Random(2)
    while not opened.db.storage.database._files.waits(database.LEAST, database.MOST):
        large.add(opened, rng, 100)
    opened.drop()
    return complaint(Ours, path, set())[0]


class Trial:
    """Kill a program with a background process and check the files."""

    def __init__(self, subject: type[Ours], path: Path, before: int, rng: Random, result: Result) -> None:
        self._subject, self._path, self._before = subject, path, before
        self._rng, self._result = rng, result

    def compaction(self) -> Iterator[str]:
        child = Child(partial(_save, self._subject, self._path, self._rng.randrange(1 << 30)))
        self._kill(child)
        transcript = Transcript({self._before}, child.finish())
        self._result.count("acknowledged", transcript.acknowledged)
        yield from transcript.wrong
        found, wrong = complaint(Ours, self._path, transcript.allowed)
        yield from filter(None, [wrong])
        if not wrong:
            yield from self._after(found)

    def _after(self, found: int) -> Iterator[str]:
        """Yield an error unless the next writer can save and compact, and leaves one snapshot and one index file."""
        transcript = Transcript({found}, Child(partial(_go_on, self._subject, self._path)).finish())
        yield from transcript.wrong
        yield from filter(None, [complaint(Ours, self._path, transcript.allowed)[1]])
        names = sorted(path.name for path in self._path.parent.iterdir())
        if left := [name for name in names if name.endswith(".part")]:
            yield f"temporary files after the next compaction: {left}"
        if len(indexes := [name for name in names if name.endswith(".idx")]) > 1:
            yield f"more than one index after the next compaction: {indexes}"

    def _kill(self, child: Child) -> None:
        """Kill the program, its background process, or both."""
        whom = self._rng.choice(["program", "program", "process", "both"])
        child.listen(self._rng.randrange(1, LINES), self._rng.uniform(0, LONGEST))
        if self._rng.random() < 0.5:
            self._until_done(child)
        if whom == "process":
            beside = _children_of(child.pid)
            for pid in beside:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._result.count("process killed", bool(beside))
        else:
            beside = _children_of(child.pid)
            child.kill(with_all=whom == "both")
            self._result.count("killed during background work", bool(beside))

    def _until_done(self, child: Child) -> None:
        """Wait for the process to end, and a little longer: the parent is then installing the snapshot."""
        while _children_of(child.pid) and child.is_running(0.005):
            child.hear()
        child.listen(0, self._rng.uniform(0, LONGEST / 10))
        self._result.count("killed during installation")

    def backup(self) -> Iterator[str]:
        child = Child(partial(_back_up, self._path, self._rng.randrange(1 << 30)))
        self._kill(child)
        lines = child.finish()
        yield from (line[2:] for line in lines if line.startswith("X "))
        saved = [line[2:] for line in lines if line.startswith("A ")]
        self._result.count("acknowledged", len(saved))
        opened = Ours(self._path, write=False)
        customers = opened.db.table("customers")
        names = set(map(customers.name_of, customers.uids()))
        opened.drop()
        if lost := [name for name in saved if name not in names]:
            yield f"{len(lost)} lost: {lost[:4]}"
        self._result.count("backups")
        yield from self._backups()
        again = run_command(["--archive", str(self._path), "backup"], self._path.parent)
        if again.code:
            yield f"the next backup ends with {again.code}: {again.err[-300:]}"

    def _backups(self) -> Iterator[str]:
        for path in folder_of(self._path).glob("*.json"):
            self._result.count("whole backups")
            yield from filter(None, [checked(path)])


def _save(subject: type[Ours], path: Path, seed: int, tell: Tell) -> None:
    rng = Random(seed)
    worker = Worker(subject, path, rng, tell, checkpoints=True)
    for _change in range(CHANGES):
        worker.step(rng.choice(STEPS))
    worker.opened.wait()
    worker.opened.close()
    tell("D")


def _go_on(subject: type[Ours], path: Path, tell: Tell) -> None:
    worker = Worker(subject, path, Random(3), tell)
    worker.step("new")
    worker.opened.compact()
    worker.opened.close()


def _back_up(path: Path, seed: int, tell: Tell) -> None:
    rng = Random(seed)
    archive = Archive.open(path, clock=lambda: NOW)

    def make() -> None:
        with suppress(ArchiveError):  # the backup process was killed
            daily(archive, lambda: False)

    beside = Thread(target=make, daemon=True)
    beside.start()
    while beside.is_alive():
        name = f"B{rng.getrandbits(40):010x}"
        row = customer(rng, name)
        archive.apply("save", [Change("customers", row["uid"], row, None)])
        tell(f"A {name}")
    archive.close()


def _children_of(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found
