"""Trace a session and open every state of its folder that a crash at any moment could leave on the disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import blake2b
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from faults.calls import cannot_trace, traced
from faults.children import Child, Transcript
from faults.deeds import save_and_close, scene
from faults.disk import CALLS, Call, Disk, State, calls
from faults.rare import make_rare_frequent
from faults.results import Result, complaint
from faults.stores import Store
from faults.work import Tell, Worker

STEPS = "new edit new undo compact edit redo new reopen gone many new compact edit undo reopen new".split()
FEW_CUTS, MANY_CUTS = 3, 40
MANY = 5000  # runs of more states than this are thorough
EACH = 4  # every 4th state is also written to again
SHARED = Path("/dev/shm")  # memory: no harness here needs a real disk


def run(store: type[Store], count: int, rng: Random, folder: Path) -> Result:
    """Try `count` different states: all states of each session in a long run, a random part in a short one."""
    if why := cannot_trace(folder):
        return Result(skip=why)
    result = Result()
    seen: set[bytes] = set()
    with memory() as place:
        for seed in range(1000):
            share = 1.0 if count > MANY else count / 12000
            _session(store, seed, Random(seed), place / f"{seed}", share, seen, result)
            result.count("sessions")
            if result.cycles >= count or result.lost > 5:
                break
    return result


def _session(
    store: type[Store], seed: int, rng: Random, folder: Path, share: float, seen: set[bytes], result: Result
) -> None:
    folder.mkdir()
    transcript = Transcript({_begun(store, seed, folder)}, [])
    disk = Disk(folder / "session")
    trace = _recorded(store, seed, folder / "session")
    for number, call in enumerate(trace):
        if call.name == "writev":
            transcript.take(call.texts[0].decode().rstrip("\n"))
        elif disk.follow(call):
            for state in disk.states(rng, MANY_CUTS if share == 1.0 else FEW_CUTS):
                if rng.random() < share and _is_new(state, transcript, seen):
                    _judge(
                        store,
                        state,
                        transcript,
                        folder / "state",
                        f"session {seed}, call {number}, {call.name}",
                        result,
                    )
    assert not transcript.wrong, transcript.wrong
    assert disk.found() == {file.name: file.read_bytes() for file in (folder / "session").iterdir()}
    shutil.rmtree(folder)


def _begun(store: type[Store], seed: int, folder: Path) -> int:
    """Set up the session's folder, empty or as a crash left it, and return the archive's checksum."""
    if seed % 4 != 1:
        (folder / "session").mkdir()
        return 0
    found = scene(store, "open", folder)
    found.folder.rename(folder / "session")
    return found.total


def _recorded(store: type[Store], seed: int, folder: Path) -> list[Call]:
    child = Child(partial(_work, store, seed, folder / "archive.json"), waits=True)
    trace = folder.parent / "trace"
    traced(child, trace, CALLS, ["-y", "-xx", "-s", "10000000"])
    child.finish()
    with trace.open() as lines:
        return list(calls(lines))


def _work(store: type[Store], seed: int, path: Path, tell: Tell) -> None:
    checkpoints = seed % 3 == 2
    make_rare_frequent(checkpoints=checkpoints, index=bool(seed & 1), parts=bool(seed & 2))
    worker = Worker(store, path, Random(seed), tell, checkpoints=checkpoints)
    for step in STEPS:
        worker.step(step)
    worker.opened.close()


def _is_new(state: State, transcript: Transcript, seen: set[bytes]) -> bool:
    """Return whether this combination of files and acknowledged changes is untried, and remember it."""
    key = blake2b(repr((sorted(transcript.allowed), sorted(state.items()))).encode(), digest_size=12).digest()
    if key in seen:
        return False
    seen.add(key)
    return True


def _judge(
    store: type[Store], state: State, transcript: Transcript, folder: Path, where: str, result: Result
) -> None:
    folder.mkdir()
    for name, content in state.items():
        (folder / name).write_bytes(content)
    path = folder / "archive.json"
    found, wrong = complaint(store, path, transcript.allowed)
    if not wrong and result.cycles % EACH == 0:
        wrong = save_and_close(store, path, found)
        result.count("written to again")
    result.cycles += 1
    if wrong:
        result.wrong(f"{where}, {sorted((name, len(content)) for name, content in state.items())}", wrong)
    shutil.rmtree(folder)


@contextmanager
def memory() -> Iterator[Path]:
    """Provide a temporary folder in memory."""
    place = Path(mkdtemp(prefix="archive-faults-", dir=SHARED if SHARED.is_dir() else None))
    try:
        yield place
    finally:
        shutil.rmtree(place)
