"""A file system without locks, such as some network drives: the archive opens read-only and says why."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from archive.store import lock
from faults.bad_programs import as_it_is
from faults.commands import run_command
from faults.results import Result
from faults.screens import Screen, import_late_modules, own_folders, program

SOURCE = Path(__file__).with_name("unlocked.c")
ERRORS = [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EIO, errno.EINVAL]
REASON = "lock"  # a word of every message about it
KEYS = ("nAnn\x13", "lcall x\r", "bx\r", "d", "u", "\x1b")


def trusting() -> None:
    """Continue without the lock."""
    lock._lock = lambda descriptor: None


SUBJECTS = {"ours": as_it_is, "trusting": trusting}


def run(install: Callable[[], None], count: int, rng: Random, folder: Path) -> Result:
    if not os.environ.get("LD_PRELOAD"):
        return Result(skip="the shim is not loaded")
    result = Result()
    own_folders(folder / "home")
    import_late_modules()
    scene = folder / "scene"
    scene.mkdir()
    for name in ("Ann", "Ben"):
        words = ["add", "customers", "kind=person", f"full_name={name}"]
        made = run_command(["--archive", str(scene / "archive.json"), *words], scene)
        assert made.code == 0, made
    for number in range(count):
        place = folder / f"{number}"
        shutil.copytree(scene, place)
        failing = ERRORS[number % len(ERRORS)]
        trial = Trial(install, place / "archive.json", failing)
        for why in (*trial.commands(), *trial.screen(), *trial.unchanged(scene)):
            result.wrong(f"{errno.errorcode[failing]}", why)
        result.cycles += 1
        shutil.rmtree(place)
        if result.lost and install is not as_it_is:
            break
    return result


class Trial:
    """An archive that cannot be locked."""

    def __init__(self, install: Callable[[], None], path: Path, failing: int) -> None:
        self._path, self._usual, self._failing = path, install, failing

    def _install(self) -> None:
        self._usual()
        os.environ["FLOCK_FAILS"] = str(self._failing)

    def commands(self) -> Iterator[str]:
        words = ["--archive", str(self._path)]
        answer = run_command([*words, "list", "--format", "csv"], self._path.parent, self._install)
        if answer.code or "Ann" not in answer.out:
            yield f"it cannot be read: {answer}"
        for refused in (
            ["add", "customers", "kind=person", "full_name=New"],
            ["undo"],
            ["compact"],
            ["log", "Ann", "call x"],
        ):
            answer = run_command([*words, *refused], self._path.parent, self._install)
            if answer.code not in (73, 75):
                yield f"`archive {refused[0]}` ends with {answer.code}: {answer.err[-300:]}"
            elif REASON not in answer.err:
                yield f"the message gives no reason: {answer.err[-300:]}"

    def screen(self) -> Iterator[str]:
        begin = program([str(self._path)])
        screen = Screen(lambda: (self._install(), begin())[1])
        try:
            if not screen.until("read-only", seconds=20):
                yield f"it does not open for reading: {screen.shown()[-500:]}"
                return
            if not screen.until(REASON, seconds=5):
                yield f"the reason is not shown: {screen.shown()[-500:]}"
            for keys in KEYS:
                screen.type(keys)
                screen.until("\0", seconds=0.05)
            screen.type("\x11")
            if (code := screen.ended()) != 0:
                yield f"the terminal program ends with {code}: {screen.shown()[-500:]}"
        finally:
            screen.close()

    def unchanged(self, scene: Path) -> Iterator[str]:
        for file in scene.glob("archive.json*"):
            there = self._path.with_name(file.name)
            if file.suffix != ".lock" and (not there.exists() or there.read_bytes() != file.read_bytes()):
                yield f"{file.name} was changed"
        if more := {file.name for file in self._path.parent.glob("archive.json.j*")}:
            yield f"it wrote a journal: {more}"
