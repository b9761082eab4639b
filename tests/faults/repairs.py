"""Flip every bit of a small archive, and worse: the report of `archive repair` agrees with the records it salvaged."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from archive.errors import ArchiveError
from archive.service.repairing import repair
from archive.store.salvage.salvage import salvage
from archive.store.verify import verify_files
from faults.crashes import memory
from faults.results import SHOWN, Result
from faults.specimen import ARCHIVE, Specimen, made, world_at, world_of
from faults.stores import NOW, Store
from faults.verdict import differences, wrong_after

SECTOR = 512
SHORT = 10_000  # runs of up to this many tries only sample the cases
STRICT = {"flip", "cut", "zero", "gone"}  # for these a repair must name every lost record
ENOUGH = 30  # failures after which a process stops
Files = dict[str, bytes]


class Damage(NamedTuple):
    """Damage to a file. The meaning of `at` depends on the kind."""

    kind: str  # "name" is a bit flip in the checksum table
    file: str
    at: tuple[int, ...]


def run(store: type[Store], count: int, rng: Random, folder: Path) -> Result:
    with memory() as place:
        (place / "sound").mkdir()
        sound = made(place / "sound")
        store(place / "store.json").close()  # a bad store patches the repair in this process
        return _shared_out(sound, chosen(sound, count, rng), place)


def chosen(sound: Specimen, count: int, rng: Random) -> list[Damage]:
    """Return all cases if `count` is large, else every bit of the checksum table and a sample of the others."""
    single = [*flips(sound), *cuts(sound), *zeroed(sound), *moved(sound), *dropped(sound), *gone(sound)]
    if count > SHORT:
        return [*single, *pairs(sound, count // 20, rng), *unaligned(sound, count // 50, rng)]
    sums = sound.files[ARCHIVE].rindex(b',"_sum"')
    return [
        *(
            damage._replace(kind="name")
            for damage in flips(sound)
            if damage.file == ARCHIVE and damage.at[0] >= sums
        ),
        *rng.sample(single, min(count, len(single))),
        *pairs(sound, count // 4, rng),
        *unaligned(sound, count // 8, rng),
    ]


def flips(sound: Specimen) -> Iterator[Damage]:
    for name, data in sound.files.items():
        yield from (Damage("flip", name, (at, bit)) for at in range(len(data)) for bit in range(8))


def cuts(sound: Specimen) -> Iterator[Damage]:
    for name, data in sound.files.items():
        yield from (Damage("cut", name, (at,)) for at in range(len(data)))


def zeroed(sound: Specimen) -> Iterator[Damage]:
    for name, data in sound.files.items():
        yield from (Damage("zero", name, (at,)) for at in range(-SECTOR + 1, len(data)))


def moved(sound: Specimen) -> Iterator[Damage]:
    for name, data in sound.files.items():
        starts = range(0, len(data), SECTOR)
        yield from (Damage("swap", name, (one, other)) for one in starts for other in starts if one < other)
        yield from (Damage("copy", name, (one, other)) for one in starts for other in starts if one != other)


def dropped(sound: Specimen) -> Iterator[Damage]:
    """Yield deletions of whole lines, after which the rest of the file is still well-formed."""
    for name, data in sound.files.items():
        ends = [0, *(at for at, byte in enumerate(data, 1) if byte == ord("\n"))]
        yield from (Damage("drop", name, (start, end)) for start in ends for end in ends if start < end)


def gone(sound: Specimen) -> Iterator[Damage]:
    yield from (Damage("gone", name, ()) for name in sound.files)


def pairs(sound: Specimen, count: int, rng: Random) -> Iterator[Damage]:
    everything = sum(map(len, sound.files.values())) * 8
    yield from (
        Damage("pair", "", (rng.randrange(everything), rng.randrange(everything))) for _ in range(count)
    )


def unaligned(sound: Specimen, count: int, rng: Random) -> Iterator[Damage]:
    for _ in range(count):
        name = rng.choice(list(sound.files))
        most = len(sound.files[name]) - 1
        size = rng.randrange(1, SECTOR)
        kind = rng.choice(["swap", "copy", "add", "drop"])
        at = rng.randrange(most)
        yield Damage(kind, name, (at, at + size) if kind == "drop" else (at, rng.randrange(most), size))


def damaged(files: Files, damage: Damage) -> Files:
    if damage.kind == "gone":
        return {name: data for name, data in files.items() if name != damage.file}
    if damage.kind == "pair":
        for place in damage.at:
            files = _flipped(files, *_place(files, place))
        return files
    if damage.kind in ("flip", "name"):
        return _flipped(files, damage.file, *damage.at)
    return {**files, damage.file: _APPLY[damage.kind](files[damage.file], *damage.at)}


def _place(files: Files, place: int) -> tuple[str, int, int]:
    for name, data in files.items():
        if place < len(data) * 8:
            return name, place // 8, place % 8
        place -= len(data) * 8
    raise AssertionError


def _flipped(files: Files, name: str, at: int, bit: int) -> Files:
    data = bytearray(files[name])
    data[at] ^= 1 << bit
    return {**files, name: bytes(data)}


def _cut(data: bytes, at: int) -> bytes:
    return data[:at]


def _zero(data: bytes, at: int) -> bytes:
    start, end = max(0, at), min(len(data), at + SECTOR)
    return data[:start] + bytes(end - start) + data[end:]


def _copy(data: bytes, source: int, target: int, size: int = SECTOR) -> bytes:
    piece = data[source : source + size][: len(data) - target]
    return data[:target] + piece + data[target + len(piece) :]


def _drop(data: bytes, start: int, end: int) -> bytes:
    return data[:start] + data[end:]


def _add(data: bytes, source: int, target: int, size: int) -> bytes:
    return data[:target] + data[source : source + size] + data[target:]


def _swap(data: bytes, one: int, other: int, size: int = SECTOR) -> bytes:
    size = min(size, abs(one - other), len(data) - max(one, other))
    there = bytearray(data)
    there[one : one + size], there[other : other + size] = data[other : other + size], data[one : one + size]
    return bytes(there)


_APPLY = {"cut": _cut, "zero": _zero, "copy": _copy, "swap": _swap, "drop": _drop, "add": _add}


def _shared_out(sound: Specimen, cases: Sequence[Damage], place: Path) -> Result:
    """Try all cases, in as many processes as there are cores."""
    total = Result()
    shares = max(1, os.cpu_count() or 1)
    children = [_forked(sound, cases[share::shares], place / f"{share}") for share in range(shares)]
    for pid, output in children:
        with os.fdopen(output, "rb") as pipe:
            data = pipe.read()
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        _sum_up(total, pickle.loads(data))
    return total


def _forked(sound: Specimen, cases: Sequence[Damage], folder: Path) -> tuple[int, int]:
    output, there = os.pipe()
    pid = os.fork()
    if pid:
        os.close(there)
        return pid, output
    code = 1
    try:
        os.close(output)
        result = Result()
        for damage in cases:
            if result.lost < ENOUGH:
                _try(sound, damage, folder, result)
        with os.fdopen(there, "wb") as pipe:
            pipe.write(pickle.dumps(result))
        code = 0
    finally:
        os._exit(code)


def _sum_up(total: Result, more: Result) -> None:
    total.cycles += more.cycles
    total.lost += more.lost
    total.details = [*total.details, *more.details][:SHOWN]
    for what, number in more.counts.items():
        total.count(what, number)


def _try(sound: Specimen, damage: Damage, folder: Path, result: Result) -> None:
    folder.mkdir()
    files = damaged(sound.files, damage)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    result.cycles += 1
    result.count(damage.kind)
    try:
        wrong = _judged(sound, damage, files, folder / ARCHIVE, result)
    except Exception as error:
        wrong = [f"{type(error).__name__}: {error}"]
    if wrong:
        result.count(f"{damage.kind} wrong")
        result.wrong(str(damage), wrong[:4])
    shutil.rmtree(folder)


def _judged(sound: Specimen, damage: Damage, files: Files, path: Path, result: Result) -> list[str]:
    """Repair a damaged archive and return the errors of the repair.

    For the many flips in the checksum table, which every run tries, the result is not written to the disk.
    """
    if damage.kind == "name":
        saved = salvage(path)
        return list(
            wrong_after(sound, world_of(saved.state), saved.report.lost, saved.report.doubtful, strict=True)
        )
    is_clean = all(one.harmless for one in verify_files(path)) if files else False
    try:
        done = repair(path, NOW)
    except ArchiveError as error:
        result.count("refused")
        return [f"refused, but the check found no damage: {error}"] if is_clean else []
    if done.copies is None:
        return _left_alone(sound, damage, path, result)
    if is_clean:
        return ["repaired, but the check found no damage"]
    errors = wrong_after(
        sound,
        world_at(path),
        done.lost,
        done.doubtful,
        strict=damage.kind in STRICT,
        overwritten=_overwritten(sound, damage),
    )
    wrong = list(errors)
    if not all(one.harmless for one in verify_files(path)):
        wrong.append("damaged after the repair")
    return wrong


def _overwritten(sound: Specimen, damage: Damage) -> list[int]:
    """Return the LSNs of changes that were completely overwritten by a copy of other bytes."""
    if damage.kind != "copy" or damage.file == ARCHIVE:
        return []
    _source, start, *size = damage.at
    end = start + (size[0] if size else SECTOR)
    frames = sound.frames[damage.file].items()
    return [lsn for lsn, (begin, stop) in frames if start <= begin and stop <= end]


def _left_alone(sound: Specimen, damage: Damage, path: Path, result: Result) -> list[str]:
    """Return the differences in an archive that the repair reports as undamaged."""
    if not path.exists():
        return []
    wrong = [f"reported as undamaged, but {key} differs" for key in differences(sound.world, world_at(path))]
    if wrong and _is_undetectable(sound, damage):
        result.count("cut at a line")
        return []
    return wrong


def _is_undetectable(sound: Specimen, damage: Damage) -> bool:
    """Return whether the journal now ends exactly at a line, so that the loss of later lines cannot be detected."""
    if damage.file != max(sound.ends) or damage.kind not in ("gone", "cut", "drop"):
        return False
    end = len(sound.files[damage.file])
    return damage.kind == "gone" or (
        damage.at[0] in sound.ends[damage.file] and (damage.kind == "cut" or damage.at[1] >= end)
    )
