"""Cut the power: shut down an ext4 file system in an image file while a child saves, and mount it again."""

from __future__ import annotations

import fcntl
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic

from faults.children import Child, Transcript
from faults.kills import LINES, LONGEST
from faults.rare import make_rare_frequent
from faults.results import Result, complaint
from faults.stores import Store
from faults.work import Tell, usual

SHUTDOWN = 0x8004587D
WITHOUT_THE_LOG = struct.pack("I", 2)
SIZE = 32 << 20
PER_DISK = 10  # power cuts per file system
PATIENCE = 60  # seconds until it can be unmounted
OPTIONS = "loop,noauto_da_alloc"  # auto_da_alloc would hide a missing sync before a rename


def run(store: type[Store], count: int, rng: Random, folder: Path) -> Result:
    if why := _cannot(folder):
        return Result(skip=why)
    result = Result()
    image, place = folder / "disk", folder / "mounted"
    place.mkdir()
    allowed: set[int] = set()
    for number in range(count):
        if number % PER_DISK == 0 or not allowed:
            _format(image)
            allowed = {0}
        allowed = _cut(store, image, place, allowed, rng, result)
        if result.lost >= 5:
            break
    return result


def _cut(
    store: type[Store], image: Path, place: Path, before: set[int], rng: Random, result: Result
) -> set[int]:
    with _mounted(image, place):
        child = Child(partial(_session, store, place / "archive.json", rng.randrange(1 << 30)))
        heard = child.listen(rng.randrange(LINES * 2), rng.uniform(0, LONGEST))
        _shut_down(place)
        child.kill(with_all=True)
        later = child.finish()[len(heard) :]
    transcript = Transcript(before, heard)
    for line in later:  # reported after the cut: these changes may be there, but need not
        if line[:2] in ("A ", "I "):
            transcript.allowed.add(int(line[2:]))
        elif line.startswith("X"):
            transcript.wrong.append(line)  # "R" is fine: it opened the archive after the cut
    result.cycles += 1
    result.count("acknowledged", transcript.acknowledged)
    with _mounted(image, place):
        found, wrong = complaint(store, place / "archive.json", transcript.allowed)
    for why in [*transcript.wrong, *([wrong] if wrong else [])]:
        result.wrong(f"cut {result.cycles}", why)
    return set() if wrong or transcript.wrong else {found}


def _session(store: type[Store], path: Path, seed: int, tell: Tell) -> None:
    make_rare_frequent(checkpoints=bool(seed & 1), index=bool(seed & 2), parts=bool(seed & 4))
    usual(store, path, seed, tell, steps=200, checkpoints=bool(seed & 1))


def _shut_down(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        fcntl.ioctl(descriptor, SHUTDOWN, WITHOUT_THE_LOG)
    finally:
        os.close(descriptor)


def _format(image: Path) -> None:
    image.unlink(missing_ok=True)
    with image.open("wb") as file:
        file.truncate(SIZE)
    _call("mkfs.ext4", "-q", "-F", str(image))


@contextmanager
def _mounted(image: Path, place: Path) -> Iterator[None]:
    _call("mount", "-o", OPTIONS, str(image), str(place))
    try:
        yield
    finally:
        until = monotonic() + PATIENCE
        while subprocess.run(["umount", str(place)], check=False, capture_output=True).returncode:
            # Killed processes take a moment to end.
            assert monotonic() < until, f"{place} cannot be unmounted"


def _call(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _cannot(folder: Path) -> str:
    if os.geteuid():
        return "power cuts need root"
    if not shutil.which("mkfs.ext4"):
        return "mkfs.ext4 is not installed"
    try:
        _format(folder / "try")
        (folder / "there").mkdir()
        with _mounted(folder / "try", folder / "there"):
            _shut_down(folder / "there")
    except (OSError, subprocess.CalledProcessError) as error:
        return f"image files cannot be mounted and shut down here: {error}"
    return ""
