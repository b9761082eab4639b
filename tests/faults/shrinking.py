"""Truncate, overwrite or punch holes into a large archive while it is open.

No process is killed by a signal, no wrong value is read, and every acknowledged change is in a file.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from importlib import import_module
from mmap import ACCESS_READ, mmap
from pathlib import Path
from random import Random

from archive.child_process import start_child
from archive.errors import ArchiveError
from archive.store import Change
from archive.store.mmap_file import SMALL
from faults import large
from faults.children import Child
from faults.commands import Command
from faults.results import Result
from faults.screens import Screen, import_late_modules, own_folders, program
from faults.stores import Ours
from faults.work import Tell, customer

STEPS = 40  # steps per session
LONGEST = 0.3  # seconds until the file changes
AFTER = 0.5  # seconds before the terminal program quits
ENOUGH = 5
_PUNCH, _KEEP_SIZE = 2, 1


class Mapped(Ours):
    """A store that maps large files into memory."""

    def __init__(self, path: Path, *, write: bool = True, checkpoints: bool = False) -> None:
        map_files()
        super().__init__(path, write=write, checkpoints=checkpoints)


class _Map(mmap):
    def windows(self, start: int, end: int):
        yield start, self[start:end]


def map_files() -> None:
    """Map large files into memory."""

    def map_file(path: Path) -> bytes | mmap:
        if path.stat().st_size <= SMALL:
            return path.read_bytes()
        with path.open("rb") as file:
            return _Map(file.fileno(), 0, access=ACCESS_READ)

    for name in ("opening", "copying", "verify", "index_file", "checkpoint"):
        import_module(f"archive.store.{name}").map_file = map_file


SUBJECTS = {"ours": Ours, "mapped": Mapped}


def run(store: type[Ours], count: int, rng: Random, folder: Path) -> Result:
    """Test a session with the store, a command, the compaction process and the terminal program in turn."""
    result = Result()
    own_folders(folder / "home")
    import_late_modules()
    scene = folder / "scene"
    scene.mkdir()
    large.made(scene / "archive.json", Random(1))
    for number in range(count):
        place = folder / f"{number}"
        shutil.copytree(scene, place)
        damage = rng.choice(CHANGES)
        judge = JUDGES[number % len(JUDGES)]
        for why in judge(
            store, place / "archive.json", partial(damage, place / "archive.json", rng), rng, result
        ):
            result.wrong(f"{judge.__name__[1:]}, {damage.__name__} ({number})", why)
        result.cycles += 1
        result.count(judge.__name__[1:])
        shutil.rmtree(place, ignore_errors=True)
        if result.lost >= (ENOUGH if store is Ours else 1):
            break
    return result


# Changes of the file


def cut(path: Path, rng: Random) -> None:
    os.truncate(path, rng.randrange(path.stat().st_size))


def emptied(path: Path, rng: Random) -> None:
    os.truncate(path, 0)


def copied_over(path: Path, rng: Random) -> None:
    """Overwrite the file as `cp` does: truncate it, then write it piece by piece."""
    shutil.copyfile(path.with_name("older.json"), path)


def punched(path: Path, rng: Random) -> None:
    """Replace a part of the file by zeros without changing its size."""
    with path.open("r+b") as file:
        start = rng.randrange(path.stat().st_size)
        libc = ctypes.CDLL(None, use_errno=True)
        sizes = ctypes.c_longlong(start), ctypes.c_longlong(1 << 20)
        if libc.fallocate(file.fileno(), _PUNCH | _KEEP_SIZE, *sizes):
            os.pwrite(file.fileno(), bytes(1 << 20), start)
    os.utime(path)


def index_cut(path: Path, rng: Random) -> None:
    for index in path.parent.glob(f"{path.name}.*.idx"):
        os.truncate(index, rng.randrange(index.stat().st_size))


CHANGES: list[Callable[[Path, Random], None]] = [cut, emptied, copied_over, punched, index_cut]

# Readers and writers


def _worked(
    store: type[Ours], path: Path, damage: Callable[[], None], rng: Random, result: Result
) -> list[str]:
    child = Child(partial(_work, store, path, rng.randrange(1 << 30)))
    child.listen(rng.randrange(2, 8), rng.uniform(0, LONGEST / 10))
    damage()
    lines = child.finish()
    wrong = [line[2:] for line in lines if line.startswith("X ")]
    if lines[-1:] != ["D"] and not wrong:
        wrong.append(f"it ended by signal {child.signal}")
    saved = [line[2:] for line in lines if line.startswith("A ")]
    result.count("acknowledged", len(saved))
    result.count("refused", sum(line.startswith("F ") for line in lines))
    files = [file.read_bytes() for file in path.parent.iterdir() if file.is_file()]
    lost = [name for name in saved if not any(name.encode() in data for data in files)]
    return wrong + ([f"acknowledged, but in no file: {lost[:4]}"] if lost else [])


def _work(store: type[Ours], path: Path, seed: int, tell: Tell) -> None:
    rng = Random(seed)
    try:
        opened = store(path)
    except ArchiveError as error:
        tell(f"F {error}")
        tell("D")
        return
    work = _Work(opened, rng, tell)
    for _step in range(STEPS):
        tell("S")
        try:
            rng.choice([work.save, work.read, work.read, work.select, work.ask, work.compact])()
        except ArchiveError as error:
            tell(f"F {error}")
    try:
        opened.close()
    except ArchiveError as error:
        tell(f"F {error}")
    tell("D")


class _Work:
    """Random operations on an archive, which check the values they read."""

    def __init__(self, opened: Ours, rng: Random, tell: Tell) -> None:
        self._opened, self._rng, self._tell = opened, rng, tell
        self._uids: list[str] = []

    def _some(self) -> list[str]:
        self._uids = self._uids or self._opened.db.table("customers").uids()
        return self._rng.sample(self._uids, 50)

    def save(self) -> None:
        row = customer(self._rng, f"N{self._rng.getrandbits(40):010x}")
        self._opened.put("save", [Change("customers", row["uid"], row, None)])
        self._tell(f"A {row['full_name']}")

    def read(self) -> None:
        """Read some records. Each text repeats a single number, so that mixed-up bytes are noticed."""
        for uid in self._some():
            row = self._opened.db.table("customers").by_uid(uid) or {}
            text = row.get("background", "")
            if row.get("uid") != uid or text != text[:16] * (len(text) // 16):
                self._tell(f"X {uid} reads {str(row)[:100]}")

    def select(self) -> None:
        uids = list(self._opened.derived()[0][0])
        if self._uids and not set(self._rng.sample(self._uids, 5)) <= set(uids):
            self._tell("X a search misses existing customers")

    def ask(self) -> None:
        self._opened.db.table("customers").columns(["uid", "full_name"])

    def compact(self) -> None:
        if self._rng.random() < 0.3:
            self._opened.compact()


def _asked(
    store: type[Ours], path: Path, damage: Callable[[], None], rng: Random, result: Result
) -> list[str]:
    words = rng.choice(
        [
            ["list", "7"],
            ["check"],
            ["export", "-o", "-"],
            ["backup"],
            ["compact"],
            ["list", "--format", "json"],
        ]
    )
    command = Command(
        ["--archive", str(path), *words], path.parent, map_files if store is Mapped else lambda: None
    )
    command.lives(rng.uniform(0, LONGEST))
    damage()
    answer = command.finish()
    if answer.code < 0 or answer.code == 70:
        return [f"`archive {words[0]}` ends with {answer.code}: {answer.err[-400:]}"]
    return []


def _compacted(
    store: type[Ours], path: Path, damage: Callable[[], None], rng: Random, result: Result
) -> list[str]:
    """Change the file while the compaction process reads it, which must not be killed by a signal."""
    process = start_child("archive.store.checkpointer", str(path), "0", stdout=subprocess.DEVNULL)
    try:
        process.wait(rng.uniform(0, 4 * LONGEST))
    except subprocess.TimeoutExpired:
        result.count("changed during compaction")
    damage()
    code = process.wait()
    return [f"it ends by signal {-code}"] if code < 0 else []


def _shown(
    store: type[Ours], path: Path, damage: Callable[[], None], rng: Random, result: Result
) -> list[str]:
    begin = program([str(path)])
    screen = Screen(lambda: (map_files() if store is Mapped else None, begin())[1])
    try:
        screen.until("all saved")
        for keys in ("\x1b[6~" * 3, "/77\r", "\x15", "s\r", "G", "g", "\r"):
            screen.type(keys)
            screen.read(rng.uniform(0, 0.1))
            if rng.random() < 0.3:
                damage()
        damage()
        screen.type("\x1b[6~\x1b[6~Ggq")
        screen.until("\x00", seconds=AFTER)
        screen.type("\x11")
        code = screen.ended()
        if code is None:
            return [f"it does not end: {screen.shown()}"]
        return [f"it ended with {code}: {screen.shown()}"] if code < 0 or code in (1, 70) else []
    finally:
        screen.close()


JUDGES = [_worked, _asked, _compacted, _shown]
