"""Truncate each file of an archive at each byte and flip each bit: what is read is right, or the damage is reported."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from archive.errors import ArchiveError
from archive.store import mmap_file, snapshot
from faults.crashes import memory
from faults.rare import make_rare_frequent
from faults.results import Result
from faults.stores import Store, total_of
from faults.work import Worker

IN_SNAPSHOT = ["new", "edit", "new", "undo"]
IN_JOURNAL = ["new", "edit", "new"]
ENOUGH = 5  # undetected errors after which a run stops


class Damage(NamedTuple):
    """Damage to a file."""

    file: str
    at: int
    bit: int  # -1: the file is truncated at `at`; -2: it is deleted
    lazy: bool  # whether it is read in parts, like a large file


class Sound(NamedTuple):
    """The undamaged archive and its acknowledged states."""

    files: dict[str, bytes]
    states: dict[int, Any]  # checksum: derived data; oldest first
    journal: str
    frames: set[int]  # offsets in the journal at which a frame ends


def run(store: type[Store], count: int, rng: Random, folder: Path) -> Result:
    result = Result()
    make_rare_frequent(checkpoints=False, index=True, parts=False)
    small = mmap_file.SMALL, snapshot.SMALL
    with memory() as place:
        sound = _made(store, place / "archive.json")
        cases = [
            damage
            for name, data in sound.files.items()
            for damage in _cases(name, len(data), store.has_history)
        ]
        for damage in rng.sample(cases, min(count, len(cases))):
            mmap_file.SMALL, snapshot.SMALL = (0, 0) if damage.lazy else small
            _try(store, sound, damage, place / "damaged", result)
            if result.lost >= ENOUGH:
                break
    result.count("points", len(cases))
    return result


def _made(store: type[Store], path: Path) -> Sound:
    worker = Worker(store, path, Random(3), lambda text: None)
    for step in IN_SNAPSHOT:
        worker.step(step)
    worker.opened.compact()
    states = {}
    for step in ["", *IN_JOURNAL]:
        if step:
            worker.step(step)
        states[total_of(worker.opened)] = worker.opened.derived()
    worker.opened.drop()
    files = {found.name: found.read_bytes() for found in path.parent.iterdir() if found.suffix != ".lock"}
    journal = max((name for name in files if ".j0" in name), default="")
    frames = {at for at, byte in enumerate(files.get(journal, b""), 1) if byte == ord("\n")}
    assert store.has_history <= any(name.endswith(".idx") for name in files)
    return Sound(files, states, journal, frames)


def _cases(name: str, size: int, can_be_lazy: bool) -> Iterator[Damage]:
    for lazy in (False, True) if can_be_lazy and not name.endswith(".idx") else (False,):
        yield Damage(name, 0, -2, lazy)
        for at in range(size):
            for bit in range(-1, 8):
                yield Damage(name, at, bit, lazy)


def _damaged(files: dict[str, bytes], damage: Damage) -> dict[str, bytes]:
    data = bytearray(files[damage.file])
    if damage.bit == -2:
        return {name: found for name, found in files.items() if name != damage.file}
    if damage.bit == -1:
        del data[damage.at :]
    else:
        data[damage.at] ^= 1 << damage.bit
    return {**files, damage.file: bytes(data)}


def _try(store: type[Store], sound: Sound, damage: Damage, folder: Path, result: Result) -> None:
    folder.mkdir()
    for name, data in _damaged(sound.files, damage).items():
        (folder / name).write_bytes(data)
    result.cycles += 1
    try:
        wrong = _wrong(store, sound, damage, folder / "archive.json", result)
    except ArchiveError as error:
        result.count("refused")
        wrong = "" if damage.file in str(error) else f"the file is not named: {error}"
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}" if store.has_history else ""
    if wrong:
        result.wrong(str(damage), wrong)
    shutil.rmtree(folder)


def _wrong(store: type[Store], sound: Sound, damage: Damage, path: Path, result: Result) -> str:
    opened = store(path)
    try:
        found, derived, notices = total_of(opened), opened.derived(), opened.notices
    finally:
        opened.drop()
    if found not in sound.states:
        return "it reads a state that was never saved"
    if derived != sound.states[found]:
        return "derived data is wrong"
    if found == list(sound.states)[-1]:
        result.count("nothing lost")
        return ""
    return _wrong_loss(sound, damage, found, bool(notices), result)


def _wrong_loss(sound: Sound, damage: Damage, found: int, is_reported: bool, result: Result) -> str:
    """Return the error if an older state may not be read, or was read without a notice.

    The loss of whole frames at the end of the journal leaves no trace and cannot be detected.
    """
    if damage.file != sound.journal:
        return "an older state is read"
    if damage.bit == -2 or (damage.bit == -1 and (damage.at in sound.frames or not damage.at)):
        result.count("cut off at a frame")
        return ""
    result.count("torn end reported")
    is_last = found == list(sound.states)[-2]
    return "" if is_reported and (is_last or damage.bit == -1) else "changes are missing without a notice"
