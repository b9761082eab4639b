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
from faults.kept import NOW, Kept
from faults.results import SHOWN, Result
from faults.specimen import ARCHIVE, Specimen, made, world_at, world_of
from faults.verdict import differences, wrong_after

SECTOR = 512
SHORT = 10_000  # runs of up to this many tries only sample the damages
STRICT = {"flip", "cut", "zero", "gone"}  # for these a repair must name every lost record
ENOUGH = 30  # failures after which a process stops
Files = dict[str, bytes]


class Harm(NamedTuple):
    """Damage to a file. The meaning of `at` depends on the kind."""

    kind: str  # "name" is a bit flip in the checksum table
    file: str
    at: tuple[int, ...]


def run(store: type[Kept], count: int, rng: Random, folder: Path) -> Result:
    with memory() as place:
        (place / "sound").mkdir()
        sound = made(place / "sound")
        store(place / "store.json").close()  # a bad store patches the repair in this process
        return _shared_out(sound, chosen(sound, count, rng), place)


def chosen(sound: Specimen, count: int, rng: Random) -> list[Harm]:
    """Return all damages if `count` is large, else every bit of the checksum table and a sample of the others."""
    single = [*flips(sound), *cuts(sound), *zeroed(sound), *moved(sound), *dropped(sound), *gone(sound)]
    if count > SHORT:
        return [*single, *pairs(sound, count // 20, rng), *unaligned(sound, count // 50, rng)]
    sums = sound.files[ARCHIVE].rindex(b',"_sum"')
    return [
        *(harm._replace(kind="name") for harm in flips(sound) if harm.file == ARCHIVE and harm.at[0] >= sums),
        *rng.sample(single, min(count, len(single))),
        *pairs(sound, count // 4, rng),
        *unaligned(sound, count // 8, rng),
    ]


def flips(sound: Specimen) -> Iterator[Harm]:
    for name, data in sound.files.items():
        yield from (Harm("flip", name, (at, bit)) for at in range(len(data)) for bit in range(8))


def cuts(sound: Specimen) -> Iterator[Harm]:
    for name, data in sound.files.items():
        yield from (Harm("cut", name, (at,)) for at in range(len(data)))


def zeroed(sound: Specimen) -> Iterator[Harm]:
    for name, data in sound.files.items():
        yield from (Harm("zero", name, (at,)) for at in range(-SECTOR + 1, len(data)))


def moved(sound: Specimen) -> Iterator[Harm]:
    for name, data in sound.files.items():
        starts = range(0, len(data), SECTOR)
        yield from (Harm("swap", name, (one, other)) for one in starts for other in starts if one < other)
        yield from (Harm("copy", name, (one, other)) for one in starts for other in starts if one != other)


def dropped(sound: Specimen) -> Iterator[Harm]:
    """Yield deletions of whole lines, after which the rest of the file is still well-formed."""
    for name, data in sound.files.items():
        ends = [0, *(at for at, byte in enumerate(data, 1) if byte == ord("\n"))]
        yield from (Harm("drop", name, (start, end)) for start in ends for end in ends if start < end)


def gone(sound: Specimen) -> Iterator[Harm]:
    yield from (Harm("gone", name, ()) for name in sound.files)


def pairs(sound: Specimen, count: int, rng: Random) -> Iterator[Harm]:
    everything = sum(map(len, sound.files.values())) * 8
    yield from (
        Harm("pair", "", (rng.randrange(everything), rng.randrange(everything))) for _ in range(count)
    )


def unaligned(sound: Specimen, count: int, rng: Random) -> Iterator[Harm]:
    for _ in range(count):
        name = rng.choice(list(sound.files))
        most = len(sound.files[name]) - 1
        size = rng.randrange(1, SECTOR)
        kind = rng.choice(["swap", "copy", "add", "drop"])
        at = rng.randrange(most)
        yield Harm(kind, name, (at, at + size) if kind == "drop" else (at, rng.randrange(most), size))


def harmed(files: Files, harm: Harm) -> Files:
    if harm.kind == "gone":
        return {name: data for name, data in files.items() if name != harm.file}
    if harm.kind == "pair":
        for place in harm.at:
            files = _flipped(files, *_place(files, place))
        return files
    if harm.kind in ("flip", "name"):
        return _flipped(files, harm.file, *harm.at)
    return {**files, harm.file: _HARMS[harm.kind](files[harm.file], *harm.at)}


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


_HARMS = {"cut": _cut, "zero": _zero, "copy": _copy, "swap": _swap, "drop": _drop, "add": _add}


def _shared_out(sound: Specimen, harms: Sequence[Harm], place: Path) -> Result:
    """Try all damages, in one process per core."""
    total = Result()
    shares = max(1, os.cpu_count() or 1)
    children = [_forked(sound, harms[share::shares], place / f"{share}") for share in range(shares)]
    for pid, output in children:
        with os.fdopen(output, "rb") as pipe:
            data = pipe.read()
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        _sum_up(total, pickle.loads(data))
    return total


def _forked(sound: Specimen, harms: Sequence[Harm], folder: Path) -> tuple[int, int]:
    output, there = os.pipe()
    pid = os.fork()
    if pid:
        os.close(there)
        return pid, output
    code = 1
    try:
        os.close(output)
        result = Result()
        for harm in harms:
            if result.lost < ENOUGH:
                _try(sound, harm, folder, result)
        with os.fdopen(there, "wb") as pipe:
            pipe.write(pickle.dumps(result))
        code = 0
    finally:
        os._exit(code)


def _sum_up(total: Result, more: Result) -> None:
    total.cycles += more.cycles
    total.lost += more.lost
    total.told = [*total.told, *more.told][:SHOWN]
    for what, number in more.counts.items():
        total.count(what, number)


def _try(sound: Specimen, harm: Harm, folder: Path, result: Result) -> None:
    folder.mkdir()
    files = harmed(sound.files, harm)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    result.cycles += 1
    result.count(harm.kind)
    try:
        wrong = _judged(sound, harm, files, folder / ARCHIVE, result)
    except Exception as error:
        wrong = [f"{type(error).__name__}: {error}"]
    if wrong:
        result.count(f"{harm.kind} wrong")
        result.wrong(str(harm), wrong[:4])
    shutil.rmtree(folder)


def _judged(sound: Specimen, harm: Harm, files: Files, path: Path, result: Result) -> list[str]:
    """Repair a damaged archive and return the errors of the repair.

    For the many flips in the checksum table, which every run tries, the result is not written to the disk.
    """
    if harm.kind == "name":
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
        return _left_alone(sound, harm, path, result)
    if is_clean:
        return ["repaired, but the check found no damage"]
    told = wrong_after(
        sound,
        world_at(path),
        done.lost,
        done.doubtful,
        strict=harm.kind in STRICT,
        overwritten=_overwritten(sound, harm),
    )
    wrong = list(told)
    if not all(one.harmless for one in verify_files(path)):
        wrong.append("damaged after the repair")
    return wrong


def _overwritten(sound: Specimen, harm: Harm) -> list[int]:
    """Return the LSNs of changes that were completely overwritten by a copy of other bytes."""
    if harm.kind != "copy" or harm.file == ARCHIVE:
        return []
    _source, start, *size = harm.at
    end = start + (size[0] if size else SECTOR)
    frames = sound.frames[harm.file].items()
    return [lsn for lsn, (begin, stop) in frames if start <= begin and stop <= end]


def _left_alone(sound: Specimen, harm: Harm, path: Path, result: Result) -> list[str]:
    """Return the differences in an archive that the repair reports as undamaged."""
    if not path.exists():
        return []
    wrong = [f"reported as undamaged, but {key} differs" for key in differences(sound.world, world_at(path))]
    if wrong and _is_gone_to_the_byte(sound, harm):
        result.count("cut at a line")
        return []
    return wrong


def _is_gone_to_the_byte(sound: Specimen, harm: Harm) -> bool:
    """Return whether the journal now ends exactly at a line, so that the loss of later lines cannot be detected."""
    if harm.file != max(sound.ends) or harm.kind not in ("gone", "cut", "drop"):
        return False
    end = len(sound.files[harm.file])
    return harm.kind == "gone" or (
        harm.at[0] in sound.ends[harm.file] and (harm.kind == "cut" or harm.at[1] >= end)
    )
