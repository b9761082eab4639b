"""Make a write partial; then the disk is full or fails, the process is killed, or the writing goes on."""

from __future__ import annotations

import ctypes
import errno
import shutil
from functools import partial
from pathlib import Path
from random import Random

from faults.children import Child, Transcript
from faults.deeds import STEPS, Session, copied, judge, scene
from faults.results import Result
from faults.stores import Store
from faults.work import Tell

SOURCE = Path(__file__).with_name("halves.c")
AFTER = {"full": errno.ENOSPC, "EIO": errno.EIO, "kill": -1, "nothing": 0}
KEEP = [0, 1, 17, 18, 19, 100, 1000]  # bytes written; the header of a frame has 18
MOST = 40  # writes tried of a session


def run(store: type[Store], count: int, rng: Random, folder: Path) -> Result:
    shim = ctypes.CDLL(None)
    if not hasattr(shim, "arm"):
        return Result(skip="the shim could not be loaded")
    result = Result()
    scenes = {deed: scene(store, deed, folder) for deed in STEPS}
    points = [
        (deed, at, keep, after)
        for deed in STEPS
        for at in range(1, 1 + min(MOST, _writes(store, deed, copied(scenes[deed], folder / f"all-{deed}"))))
        for keep in KEEP
        for after in AFTER
        if keep or after != "nothing"  # a write of 0 bytes without an error is repeated for ever
    ]
    for number, (deed, at, keep, after) in enumerate(rng.sample(points, min(count, len(points)))):
        path = copied(scenes[deed], folder / f"{number}")
        child = Child(partial(_armed, store, deed, path, at, keep, AFTER[after]))
        transcript = Transcript({scenes[deed].total}, child.finish())
        judge(store, path, transcript, f"{deed}, write {at} writes {keep} bytes, then {after}", result)
        shutil.rmtree(path.parent, ignore_errors=True)  # a child of the killed process may still write there
        if store.may_fail == (OSError,) and result.lost > 5:
            break
    result.count("points", len(points))
    return result


def _armed(store: type[Store], deed: str, path: Path, at: int, keep: int, after: int, tell: Tell) -> None:
    session = Session(store, deed, path)
    session.begin(tell)
    numbers = map(ctypes.c_long, (at, keep, after))
    ctypes.CDLL(None).arm(str(path.parent).encode(), *numbers)
    session.go_on(tell)


def _writes(store: type[Store], deed: str, path: Path) -> int:
    """Count the writes of a session."""

    def work(tell: Tell) -> None:
        _armed(store, deed, path, 0, 0, 0, lambda text: None)
        tell(str(ctypes.CDLL(None).writes()))

    return int(Child(work).finish()[0])
