"""Random input for the real app, which must not crash, hang, drop a key, leak screens or lose a change."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic

from textual import events
from textual.keys import _character_to_key, key_to_character
from textual.pilot import Pilot
from textual.worker import Worker, WorkerState

import archive.ui.app
from archive.errors import ArchiveError
from archive.settings import Settings
from archive.ui.app import ArchiveApp
from archive.ui.key_queue import GIVE_UPS
from faults.children import Child
from faults.fence import fence
from faults.keys import inputs
from faults.leaks import Leaks
from faults.results import Result
from faults.shortest import shortest
from faults.stores import NOW, Ours, total_of
from faults.work import Tell

SAMPLE = Path(__file__).parents[2] / "sample_data"
SMALL = "small.json"  # the file name of the copy
SESSION = 2_000  # inputs per archive
LONGEST = 60.0  # longest time for an input on a busy machine, in seconds
TURN = 0.001  # seconds between two checks of a condition
FIRST_MARK, MARK = 500, 500  # inputs between two measurements of memory
ENOUGH = 25  # failures after which a run stops
MANY, BUSY = 20_000, 2  # a run of this many keys shares the machine with this many busy processes
TRIES = 40  # replays to shorten a failing sequence


class Planted:
    """The app with a planted crash: ctrl+g on any screen but the customer list."""

    @staticmethod
    def install() -> None:
        usual = ArchiveApp.action_go

        def action_go(app: ArchiveApp) -> None:
            if type(app.screen).__name__ != "BrowserScreen":
                raise RuntimeError("planted")
            usual(app)

        action_go.__dict__.update(usual.__dict__)
        ArchiveApp.action_go = action_go  # type: ignore[method-assign]


class Real:
    """The unchanged app."""

    @staticmethod
    def install() -> None: ...


SUBJECTS = {"ours": Real, "planted": Planted}


def run(subject: type[Real], count: int, rng: Random, folder: Path) -> Result:
    """Press `count` keys, in sessions that each start with a copy of the sample."""
    result = Result()
    finder = Finder(subject, folder)
    make_small_sample(folder / SMALL)
    enough = ENOUGH if subject is Real else 1
    with busy(BUSY if count >= MANY else 0):
        while result.cycles < count and result.lost < enough:
            seed = rng.randrange(1 << 30)
            made = inputs(Random(seed), min(SESSION, count - result.cycles))
            lines = finder.play(made)
            result.cycles += sum(one.startswith("key") for one in made)
            _count(lines, result)
            for failure in finder.new_failures():
                result.wrong(f"seed {seed}", failure)
                sys.stderr.write(f"seed {seed}: {failure}\n")
    return result


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Keep this many processes busy in the background."""
    children = [Child(_spin) for _number in range(processes)]
    yield
    for child in children:
        child.kill()
        child.finish()


def _spin(_tell: Tell) -> None:
    while True:
        pass


def _count(lines: list[str], result: Result) -> None:
    result.count("sessions")
    result.count("openings", lines.count("O"))
    for line in lines:
        if line.startswith("M "):
            for what, number in zip(("dead screens", "kB grown"), map(int, line.split()[1:]), strict=True):
                result.counts[what] = max(number, result.counts.get(what, 0))


class Finder:
    """Play sequences of input and, for each kind of failure, find a short sequence that causes it."""

    def __init__(self, subject: type[Real], folder: Path) -> None:
        self._subject, self._folder = subject, folder
        self._known: set[str] = set()
        self._found: dict[str, tuple[str, list[str]]] = {}  # kind: (message, inputs up to the failure)

    def play(self, made: list[str]) -> list[str]:
        lines = _played(self._subject, self._folder, made)
        for kind, (why, reached) in _failures(lines).items():
            self._found.setdefault(kind, (why, made[:reached]))
        return lines

    def new_failures(self) -> Iterator[str]:
        """Yield the new failures, including failures found while another one was being shortened."""
        while self._found:
            kind, (why, made) = self._found.popitem()
            if kind in self._known:
                yield f"{why} (again)"
                continue
            self._known.add(kind)
            tries = TRIES if self._subject is Real else 0
            found = shortest(made, partial(self._fails, kind), tries)
            words = "shortest sequence" if found else "not reproduced; last inputs"
            yield f"{why}\n{words}: {json.dumps(found or made[-80:], ensure_ascii=False)}"

    def _fails(self, kind: str, made: list[str]) -> bool:
        self.play(made)
        found = self._found.pop(kind, None)
        for other in self._known & set(self._found):
            del self._found[other]
        return found is not None


def _failures(lines: list[str]) -> dict[str, tuple[str, int]]:
    """Map each kind of failure to its message and the number of inputs before it."""
    found: dict[str, tuple[str, int]] = {}
    reached = 0
    for line in lines:
        if line.startswith("K "):
            reached = int(line[2:]) + 1
        if line.startswith("X "):
            found.setdefault(line[2:].partition(" | ")[0], (line[2:], reached))
    if lines[-1:] != ["D"] and not found:
        found["hang"] = ("hangs, or was killed", reached)
    return found


def _played(subject: type[Real], folder: Path, made: list[str]) -> list[str]:
    place = folder / "monkey"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    child = Child(partial(_session, subject, place, made))
    last, heard = monotonic(), -1
    while child.is_running(1.0):
        child.hear()
        if len(child.lines()) != heard:
            last, heard = monotonic(), len(child.lines())
        if monotonic() - last > LONGEST * 2:
            child.kill(with_all=True)
    return child.finish()


def _session(subject: type[Real], place: Path, made: list[str], tell: Tell) -> None:
    subject.install()
    fence(place)
    own_folders(place)
    Monkey(place / "archive.json", tell).play(made)
    tell("D")


def own_folders(place: Path) -> None:
    """Point all folders of the program to `place`, and copy an archive and files to import there."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME"):
        os.environ[variable] = str(place / "home" / variable)
        (place / "home" / variable).mkdir(parents=True)
    for name in ("contacts.csv", "purchases.csv", "contacts_zh.csv"):
        shutil.copy(SAMPLE / name, place / name)
    (place / "folder").mkdir()
    shutil.copy(place.parent / SMALL, place / "archive.json")
    os.chdir(place)


def make_small_sample(path: Path) -> None:
    """Copy the hostile sample, which is small and has neither history nor checksums."""
    shutil.copy(SAMPLE / "hostile.archive.json", path)


class Watched(ArchiveApp):
    """The app, which also computes the archive's checksum before closing it."""

    CSS_PATH = Path(archive.ui.app.__file__).with_name("app.tcss")
    total = -1  # checksum of the archive at closing, -1 if it was never open

    def on_unmount(self) -> None:
        if self.is_open:
            self.total = _total(self)
        super().on_unmount()


class Monkey:
    """Play a sequence of input, and restart the app whenever it ends."""

    def __init__(self, path: Path, tell: Tell) -> None:
        self._path, self._tell = path, tell
        self._settings = Settings(
            currency="EUR",
            region="DE",
            date_order="ymd",
            export_folder=str(path.parent),
            start_place="customers",
        )
        self._total = -1
        self._leaks = Leaks()
        _report_failed_workers(tell)

    def play(self, made: list[str]) -> None:
        left = iter(enumerate(made))
        asyncio.run(self._sessions(left))

    async def _sessions(self, left: Iterator[tuple[int, str]]) -> None:
        asyncio.get_running_loop().set_exception_handler(self._unhandled)
        is_over = False
        while not is_over:
            self._tell("O")
            is_over = await self._one(left)
            self._compare()

    def _unhandled(self, _loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        self._tell(f"X {_place(error) if isinstance(error, BaseException) else context['message']}")

    async def _one(self, left: Iterator[tuple[int, str]]) -> bool:
        """Run the app until it ends or the input is used up. Returns whether the input is used up."""
        self._leaks.begin()
        app = Watched(self._path, self._settings, clock=lambda: NOW)
        app.animation_level = "none"
        try:
            async with app.run_test(size=(80, 24), notifications=True) as pilot:
                await _until(lambda: app.is_open or _ended(app))
                return await self._type(app, pilot, left)
        except Exception as error:
            self._tell(f"X {_place(error)}")
            return True
        finally:
            if app.failure:
                self._tell(f"X cannot be opened: {app.failure}")
            self._total = app.total

    async def _type(self, app: Watched, pilot: Pilot[None], left: Iterator[tuple[int, str]]) -> bool:
        for number, made in left:
            self._tell(f"K {number}")
            await _input(app, pilot, made)
            while GIVE_UPS:
                self._tell(f"X a key was dropped on {GIVE_UPS.popleft()}")
            if _ended(app):
                return False
            if number % MARK == MARK - 1:
                await self._measure(app)
        await _until(lambda: app.typed.is_idle or _ended(app))
        app.exit()
        return True

    async def _measure(self, app: Watched) -> None:
        await _until(lambda: app.typed.is_idle or _ended(app))
        measured = await self._leaks.measure(app)
        self._tell(f"M {len(measured.dead)} {measured.grown >> 10}")
        for fault in measured.faults():
            self._tell(f"X {fault}")

    def _compare(self) -> None:
        """Report an error if the archive on the disk differs from the state of the app at closing."""
        if self._total < 0:
            return
        opened = Ours(self._path, write=False)
        try:
            if total_of(opened) != self._total:
                self._tell("X the reopened archive differs from the state of the app at closing")
        finally:
            opened.drop()


def _ended(app: ArchiveApp) -> bool:
    return bool(app._exit or app._exception or app.return_code is not None)


def _total(app: ArchiveApp) -> int:
    opened = object.__new__(Ours)
    opened.db = app.archive._db
    return total_of(opened)


async def _input(app: Watched, pilot: Pilot[None], made: str) -> None:
    kind, _space, what = made.partition(" ")
    if kind == "key":
        name = _character_to_key(what) if len(what) == 1 else what
        app.post_message(events.Key(name, what if len(what) == 1 else key_to_character(name)))
    elif kind == "paste":
        app.post_message(events.Paste(json.loads(what)))
    elif kind == "size":
        width, height = map(int, what.split("x"))
        await pilot.resize_terminal(width, height)
    elif kind == "click":
        x, y = (place % room for place, room in zip(map(int, what.split(",")), app.size, strict=True))
        for event in (events.MouseDown, events.MouseUp):
            app.post_message(event(None, x, y, 0, 0, 1, False, False, False, x, y))
    elif kind == "rest":
        await _until(lambda: _is_quiet(app))
    await asyncio.sleep(0)


def _is_quiet(app: Watched) -> bool:
    return _ended(app) or (
        app.typed.is_idle
        and all(worker.is_finished for worker in app.workers)
        and not any(pump.message_queue_size for pump in [app, *app.screen.walk_children(with_self=True)])
    )


async def _until(condition: Callable[[], bool]) -> None:
    end = monotonic() + LONGEST
    while not condition():
        if monotonic() > end:
            raise TimeoutError("hang")
        await asyncio.sleep(TURN)


def _report_failed_workers(tell: Tell) -> None:
    """Report errors of workers that no code awaits."""
    usual = Worker.StateChanged.__init__

    def made(message: Worker.StateChanged, worker: Worker[object], state: WorkerState) -> None:
        error = sys.exception()  # worker.error is not set yet
        if state == WorkerState.ERROR and not isinstance(error, ArchiveError):
            tell(f"X in a worker: {_place(error)}")
        usual(message, worker, state)

    Worker.StateChanged.__init__ = made  # type: ignore[method-assign]


def _place(error: BaseException | None) -> str:
    """Format the type, line and stack of an error on one line."""
    frames = traceback.extract_tb(error.__traceback__ if error else None)
    way = " < ".join(f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in reversed(frames[-6:]))
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"
    return f"{type(error).__name__} in {where} | {error} | {way}"
