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
from faults.kept import Kept, total_of
from faults.rare import make_rare_frequent
from faults.results import Result
from faults.work import Worker

IN_SNAPSHOT = ["new", "edit", "new", "undo"]
IN_JOURNAL = ["new", "edit", "new"]
ENOUGH = 5  # undetected errors after which a run stops


class Harm(NamedTuple):
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


def run(store: type[Kept], count: int, rng: Random, folder: Path) -> Result:
    result = Result()
    make_rare_frequent(checkpoints=False, shelf=True, parts=False)
    small = mmap_file.SMALL, snapshot.SMALL
    with memory() as place:
        sound = _made(store, place / "archive.json")
        harms = [
            harm for name, data in sound.files.items() for harm in _harms(name, len(data), store.has_history)
        ]
        for harm in rng.sample(harms, min(count, len(harms))):
            mmap_file.SMALL, snapshot.SMALL = (0, 0) if harm.lazy else small
            _try(store, sound, harm, place / "harmed", result)
            if result.lost >= ENOUGH:
                break
    result.count("points", len(harms))
    return result


def _made(store: type[Kept], path: Path) -> Sound:
    worker = Worker(store, path, Random(3), lambda text: None)
    for step in IN_SNAPSHOT:
        worker.step(step)
    worker.kept.compact()
    states = {}
    for step in ["", *IN_JOURNAL]:
        if step:
            worker.step(step)
        states[total_of(worker.kept)] = worker.kept.derived()
    worker.kept.drop()
    files = {found.name: found.read_bytes() for found in path.parent.iterdir() if found.suffix != ".lock"}
    journal = max((name for name in files if ".j0" in name), default="")
    frames = {at for at, byte in enumerate(files.get(journal, b""), 1) if byte == ord("\n")}
    assert store.has_history <= any(name.endswith(".idx") for name in files)
    return Sound(files, states, journal, frames)


def _harms(name: str, size: int, can_be_lazy: bool) -> Iterator[Harm]:
    for lazy in (False, True) if can_be_lazy and not name.endswith(".idx") else (False,):
        yield Harm(name, 0, -2, lazy)
        for at in range(size):
            for bit in range(-1, 8):
                yield Harm(name, at, bit, lazy)


def _harmed(files: dict[str, bytes], harm: Harm) -> dict[str, bytes]:
    data = bytearray(files[harm.file])
    if harm.bit == -2:
        return {name: found for name, found in files.items() if name != harm.file}
    if harm.bit == -1:
        del data[harm.at :]
    else:
        data[harm.at] ^= 1 << harm.bit
    return {**files, harm.file: bytes(data)}


def _try(store: type[Kept], sound: Sound, harm: Harm, folder: Path, result: Result) -> None:
    folder.mkdir()
    for name, data in _harmed(sound.files, harm).items():
        (folder / name).write_bytes(data)
    result.cycles += 1
    try:
        wrong = _wrong(store, sound, harm, folder / "archive.json", result)
    except ArchiveError as error:
        result.count("refused")
        wrong = "" if harm.file in str(error) else f"the file is not named: {error}"
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}" if store.has_history else ""
    if wrong:
        result.wrong(str(harm), wrong)
    shutil.rmtree(folder)


def _wrong(store: type[Kept], sound: Sound, harm: Harm, path: Path, result: Result) -> str:
    kept = store(path)
    try:
        found, derived, notices = total_of(kept), kept.derived(), kept.notices
    finally:
        kept.drop()
    if found not in sound.states:
        return "it reads a state that was never saved"
    if derived != sound.states[found]:
        return "derived data is wrong"
    if found == list(sound.states)[-1]:
        result.count("nothing lost")
        return ""
    return _may_lack(sound, harm, found, bool(notices), result)


def _may_lack(sound: Sound, harm: Harm, found: int, is_said: bool, result: Result) -> str:
    """Return the error if an older state may not be read, or was read without a notice.

    The loss of whole frames at the end of the journal leaves no trace and cannot be detected.
    """
    if harm.file != sound.journal:
        return "an older state is read"
    if harm.bit == -2 or (harm.bit == -1 and (harm.at in sound.frames or not harm.at)):
        result.count("cut off at a frame")
        return ""
    result.count("torn end reported")
    is_last = found == list(sound.states)[-2]
    return "" if is_said and (is_last or harm.bit == -1) else "changes are missing without a notice"
