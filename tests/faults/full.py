"""Fill a real disk, or limit the size of files: no saved change is lost, and saving works again once there is space."""

from __future__ import annotations

import os
import resource
import shutil
from functools import partial
from pathlib import Path
from random import Random

from faults.children import Child, Transcript
from faults.deeds import judge
from faults.rare import make_rare_frequent
from faults.results import Result
from faults.stores import Store
from faults.work import Tell, Worker

STEPS = ["new"] * 6 + ["edit"] * 6 + ["undo", "compact", "reopen"]
MOST = 1500  # steps of a session
REFUSALS = 6  # refused saves after which the disk counts as full


def run(store: type[Store], count: int, rng: Random, folder: Path) -> Result:
    """Alternate between a full file system (`test_faults.py` mounts a small one) and a limit of the file size."""
    result = Result()
    for number in range(count):
        path = folder / f"{number}" / "archive.json"
        path.parent.mkdir()
        limit = rng.randrange(2_000, 60_000) if number % 2 else 0
        _round(store, path, rng, limit, result)
        shutil.rmtree(path.parent, ignore_errors=True)  # a child of the child may still write there
        if store.may_fail == (OSError,) and result.lost > 1:
            break
    return result


def _round(store: type[Store], path: Path, rng: Random, limit: int, result: Result) -> None:
    ballast = path.with_name("ballast")
    if not limit:
        fill(ballast, rng.randrange(10_000, 200_000))
    child = Child(partial(_session, store, path, rng.randrange(1 << 30), limit))
    transcript = Transcript({0}, child.finish())
    result.count("filled up" if transcript.refused else "not filled up")
    ballast.unlink(missing_ok=True)
    judge(store, path, transcript, "file size limit" if limit else "full disk", result)


def fill(ballast: Path, leaving: int) -> None:
    free = os.statvfs(ballast.parent)
    ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_bsize - leaving)))


def _session(store: type[Store], path: Path, seed: int, limit: int, tell: Tell) -> None:
    """Save until several changes have been refused."""
    rng = Random(seed)
    make_rare_frequent(checkpoints=bool(seed & 1), index=bool(seed & 2), parts=bool(seed & 4))
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    refused = 0

    def counting(text: str) -> None:
        nonlocal refused
        refused += text.startswith("F")
        tell(text)

    try:
        worker = Worker(store, path, rng, counting, checkpoints=bool(seed & 1))
        for _ in range(MOST):
            if refused < REFUSALS:
                worker.step(rng.choice(STEPS))
        worker.opened.wait()  # a running compaction would use up the space that is freed afterwards
    except store.may_fail as error:
        tell(f"F {error}")
