"""Fail each system call of a session in turn, with SIGKILL, EIO or ENOSPC: no acknowledged change is lost."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Protocol

from faults.children import Child, Transcript
from faults.deeds import STEPS, Scene, child_of, copied, judge, scene
from faults.results import Result
from faults.stores import Store

FAULTS = {"kill": "signal=SIGKILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
WRITING = [
    "openat",
    "write",
    "fsync",
    "fdatasync",
    "ftruncate",
    "rename",
    "unlink",
    "chmod",
    "fchmod",
    "mkdir",
    "flock",
]
READING = ["read", "newfstatat", "fstat", "lseek", "close", "getdents64"]
CALLS = [*WRITING, *READING]
FIRST, EACH = 60, 11
_CALL = re.compile(r"^\d+ +(\w+)\(", re.MULTILINE)


def run(store: type[Store], count: int, rng: Random, folder: Path) -> Result:
    """Try all points, or a random sample if `count` is smaller."""
    if why := cannot_trace(folder):
        return Result(skip=why)
    result = Result()
    scenes = {deed: scene(store, deed, folder) for deed in STEPS}
    points = [point for deed in STEPS for point in _points(store, scenes[deed], folder)]
    for number, (deed, call, at, fault) in enumerate(rng.sample(points, min(count, len(points)))):
        path = copied(scenes[deed], folder / f"{number}")
        child = child_of(store, deed, path)
        traced(child, folder / "trace", call, ["-e", f"inject={call}:{FAULTS[fault]}:when={at}"])
        transcript = Transcript({scenes[deed].total}, child.finish())
        judge(store, path, transcript, f"{deed}, {call} {at}, {fault}", result)
        shutil.rmtree(path.parent, ignore_errors=True)  # a child of the killed process may still write there
        if store.may_fail == (OSError,) and result.lost > 5:
            break
    result.count("points", len(points))
    return result


def _points(store: type[Store], found: Scene, folder: Path) -> Iterator[tuple[str, str, int, str]]:
    """Yield (deed, system call, its number among the calls of this name, fault)."""
    child = child_of(store, found.deed, copied(found, folder / f"all-{found.deed}"))
    traced(child, folder / "trace", ",".join(CALLS))
    wrong = Transcript({found.total}, child.finish()).wrong
    assert not wrong, wrong
    made = called(folder / "trace")
    for call in CALLS:
        for at in some(made.count(call)):
            for fault in FAULTS:
                if fault != "ENOSPC" or call in WRITING:
                    yield found.deed, call, at, fault


def called(trace: Path) -> list[str]:
    """Return the names of the traced calls, in order."""
    return _CALL.findall(trace.read_text())


def some(number: int) -> list[int]:
    """Return the call numbers to try: all of a few, the first, the last and every 11th of many."""
    return [at for at in range(1, number + 1) if at <= FIRST or at % EACH == 0 or at > number - FIRST // 2]


class Waiting(Protocol):
    """A process that waits until `go` is called."""

    pid: int

    def go(self) -> None: ...


def traced(child: Waiting, output: Path, calls: str, how: Iterable[str] = ()) -> None:
    """Attach strace to the child, start it, and wait until all traced processes have ended."""
    command = ["strace", "-f", "-o", str(output), "-e", f"trace={calls}", "-e", "signal=none", *how]
    with subprocess.Popen([*command, "-p", str(child.pid)], stderr=subprocess.PIPE, text=True) as strace:
        assert strace.stderr
        first = strace.stderr.readline()
        assert "attached" in first, first
        child.go()
        strace.communicate()


def cannot_trace(folder: Path) -> str:
    """Return the reason why processes cannot be traced here, "" if they can."""
    if not shutil.which("strace"):
        return "strace is not installed"
    child = Child(lambda tell: None, waits=True)
    try:
        traced(child, folder / "trace", "write")
    except AssertionError as error:
        child.kill()
        return f"processes cannot be traced here: {error}"
    finally:
        child.finish()
    return ""
