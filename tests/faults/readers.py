"""Read an archive while another process saves and compacts: each reader finds a complete, up-to-date state."""

from __future__ import annotations

from functools import partial
from mmap import mmap
from pathlib import Path
from random import Random

from archive.errors import InUse
from faults.children import Child
from faults.rare import make_rare_frequent
from faults.results import Result
from faults.stores import Store, total_at
from faults.work import USUAL, Tell, Worker

STEPS = [step for step in USUAL if step != "reopen"]  # reopening would let another writer in
READINGS = 60  # reads per archive
INTRUSIONS = 5  # reads between two attempts to open it for writing
WIDTH = 8  # bytes of the shared counter


def run(store: type[Store], count: int, rng: Random, folder: Path) -> Result:
    result = Result()
    while result.cycles < count and result.lost < 5:
        path = folder / f"{result.cycles}" / "archive.json"
        path.parent.mkdir()
        _round(store, path, rng.randrange(1 << 30), result)
    return result


def _round(store: type[Store], path: Path, seed: int, result: Result) -> None:
    counter = mmap(-1, WIDTH)
    writer = Child(partial(_write, store, path, seed, counter))
    writer.listen(3, 0)
    reader = Child(partial(_read, store, path, counter, writer.pid))
    while reader.is_running(None, writer):
        reader.hear()
        writer.hear()
    writer.kill(with_all=True)
    reported = writer.finish()
    places = {int(line[2:]): place for place, line in enumerate(_states(reported))}
    for line in reported:
        if line.startswith("X"):
            result.wrong("the writer", line)
    for line in reader.finish():
        result.cycles += 1
        if wrong := _wrong(line, places):
            result.wrong(f"reading {result.cycles}", wrong)
    result.count("saves while reading", len(places))


def _states(reported: list[str]) -> list[str]:
    """Return the lines with the intended states of the archive, oldest first."""
    return [line for line in reported if line[:2] in ("O ", "I ")]


def _wrong(line: str, places: dict[int, int]) -> str:
    kind, _space, rest = line.partition(" ")
    if kind != "R":
        return line
    before, found = map(int, rest.split())
    if found not in places:
        return "it read a state that was never saved"
    return "" if places[found] >= before else "it read an older state than the last acknowledged one"


def _write(store: type[Store], path: Path, seed: int, counter: mmap, tell: Tell) -> None:
    rng = Random(seed)
    checkpoints = bool(seed & 1)
    make_rare_frequent(checkpoints=checkpoints, index=bool(seed & 2), parts=bool(seed & 4))
    intended = 0

    def counting(text: str) -> None:
        nonlocal intended
        intended += text.startswith("I")
        if text.startswith("A"):
            counter[:WIDTH] = intended.to_bytes(WIDTH, "big")
        tell(text)

    worker = Worker(store, path, rng, counting, checkpoints=checkpoints)
    while True:
        worker.step(rng.choice(STEPS))


def _read(store: type[Store], path: Path, counter: mmap, writer: int, tell: Tell) -> None:
    for reading in range(READINGS):
        before = int.from_bytes(counter[:WIDTH], "big")
        try:
            tell(f"R {before} {total_at(store, path)}")
        except Exception as error:
            tell(f"E cannot be read: {type(error).__name__}: {error}")
        if reading % INTRUSIONS == 0:
            _intrude(store, path, writer, tell)


def _intrude(store: type[Store], path: Path, writer: int, tell: Tell) -> None:
    try:
        store(path)
    except InUse as error:
        if str(writer) not in str(error):
            tell(f"E the holder is not named: {error}")
    except Exception as error:
        tell(f"E {type(error).__name__}: {error}")
    else:
        tell("E a second writer could open the archive")
