"""The real program in a real terminal, which is closed, or blocks, while something is painted.

It ends in time with the right code, the lock is free, the archive sound, what was typed is kept, and nothing else is
left.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random
from string import ascii_lowercase
from time import monotonic
from typing import NamedTuple

from archive.errors import ArchiveError
from archive.service.archive import Archive
from archive.service.demo import make_demo
from archive.service.drafts import Drafts
from archive.service.repairing import findings
from archive.ui.navigation import PLACES
from faults.results import Result
from faults.window import OPENS, Window

PROMISED = 2.0  # seconds in which it ends; more is counted, as a busy machine may be what is slow
HANGS = 5.0  # seconds after which it is not believed to end any more
STARTS = 60.0  # seconds until the first screen; nothing is ever waited for that long
PAINTS = 3.0  # seconds that the way to a screen may take
PAUSE = 0.3  # seconds at the most between the last key and the end
FIRST_SECOND = 1.0
TAKES = 0.5  # seconds in which typed keys are taken from the terminal
ENOUGH = 5  # failures
PEOPLE = "Name,Email\n" + "".join(f"Person {n},p{n}@people.example\n" for n in range(3000))
SIZES = [(80, 24), (140, 40), (50, 20), (200, 60)]

_MAIN = "from archive.__main__ import main\nmain()\n"
# What the program would be without: as the toolkit drives the terminal, with the signals on its event loop.
_STOCK = """
import asyncio, signal
from contextlib import nullcontext
from functools import partial
from archive.ui.app import ArchiveApp
from archive.ui.signals import Ending
from textual.drivers.linux_driver import LinuxDriver
def attach(app):
    for number in (signal.SIGHUP, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, partial(app.exit, return_code=128 + number))
ArchiveApp.get_driver_class = lambda app: LinuxDriver
ArchiveApp.on_load = attach
Ending.watched = lambda ending: nullcontext()
"""
# And one that ends at once, whatever is still on its way to a field.
_HASTY = """
from archive.ui.app import ArchiveApp
async def leave(app, code):
    app.exit(return_code=code)
ArchiveApp.leave = leave
ArchiveApp.keep_typed = lambda app, last: None
"""
PROGRAMS = {"ours": _MAIN, "stock": _STOCK + _MAIN, "hasty": _HASTY + _MAIN}


class Way(NamedTuple):
    """Keys to a screen, those pressed last of all, and whether a word is typed behind them that must be kept."""

    name: str
    keys: Sequence[str]
    last: str
    types: bool = False


DOWN, PAGE, ENTER, TAB, SAVE, GO, PALETTE = "j", "\x1b[6~", "\r", "\t", "\x13", "\x07", "\x10"


def ways(rng: Random, people: Path) -> list[Way]:
    """Where to be when it happens; `people` is a file to import. What is painted longest, and where something is typed,
    comes more often.
    """
    down = DOWN * rng.randrange(6)
    return [
        *[Way("a form opens", [down], "n", types=True)] * 4,
        Way("a form is typed into", [down, "n"], "", types=True),
        Way("a group is edited", [down, ENTER], "e", types=True),
        Way("a form is saved", ["n", f"Saved {rng.randrange(999)}"], SAVE),
        Way("a contact is logged", [down], "l", types=True),
        Way("a purchase is entered", [down + ENTER], "b", types=True),
        Way("fields are gone through", ["n"], TAB * rng.randrange(1, 20)),
        Way("paging", [], PAGE * rng.randrange(1, 6) + DOWN * rng.randrange(20)),
        Way("searching", [], "/" + rng.choice(["a", "ma", "tag:"])),
        Way("profile", [down], ENTER),
        Way("tabs", [down, ENTER], "".join(rng.sample("123456", 3))),
        Way("neighbours", [down, ENTER], "]" * rng.randrange(1, 4)),
        Way("week", [down, ENTER], "w"),
        Way("help", [], "?"),
        Way("palette", [], PALETTE + rng.choice(["", "rep", "go"])),
        Way("question", [], rng.choice(["c", "s", "v", GO])),
        Way("place", [], GO + rng.choice([place.letter for place in PLACES.values()])),
        Way("import", [GO + "i"], rng.choice([DOWN, "p", TAB])),
        Way("import of a file", [GO + "i", "p", f"{people}{ENTER}"], SAVE),
        *[Way("report", [GO + "a"], DOWN * rng.randrange(12) + ENTER)] * 2,
        Way("undo", ["n", f"Undone {rng.randrange(999)}", SAVE], "u"),
        Way("start", [], ""),
    ]


class Ending(NamedTuple):
    """How the program is asked to end."""

    name: str
    ignores_hangup: bool = False
    stranger: bool = False  # to its terminal: nobody sends it a SIGHUP
    is_read: bool = True
    closes: bool = True  # the window; else SIGTERM is sent


CLOSED = Ending("closed")
ENDINGS = [
    *[CLOSED] * 6,
    Ending("hangup ignored", ignores_hangup=True),
    Ending("no hangup sent", stranger=True),
    Ending("terminated", closes=False),
    Ending("terminated unread", is_read=False, closes=False),
    Ending("closed unread", is_read=False),
]


def run(program: str, count: int, rng: Random, folder: Path, enough: int = ENOUGH) -> Result:
    """Let the program end `count` times, fewer if it fails `enough` times; `program` is one of `PROGRAMS`."""
    result = Result()
    sample = make_demo(folder / "sample.json", date.today())  # noqa: DTZ011 - as the program itself
    took: list[float] = []
    for cycle in range(count):
        place = folder / str(cycle)
        place.mkdir()
        shutil.copy(sample, place / "archive.json")
        (place / "people.csv").write_text(PEOPLE, "utf-8")
        took += _cycle(program, place, rng, result)
        shutil.rmtree(place)
        if result.lost >= enough:
            break
    _measure(took, result)
    return result


def _measure(took: list[float], result: Result) -> None:
    times = sorted(took) or [0.0]
    for share in (50, 95):
        result.count(f"ms for {share} %", round(1000 * times[(len(times) - 1) * share // 100]))
    result.count("ms at most", round(1000 * times[-1]))
    result.count("late", sum(time > PROMISED for time in times))


def _cycle(program: str, place: Path, rng: Random, result: Result) -> list[float]:
    """One end; the seconds that it took, nothing if it never came."""
    way, ending = rng.choice(ways(rng, place / "people.csv")), rng.choice(ENDINGS)
    word = "".join(rng.choices(ascii_lowercase, k=8)) if way.types else ""
    result.cycles += 1
    result.count(ending.name)
    where = f"cycle {result.cycles}, {way.name}, {ending.name}"
    window = Window(
        PROGRAMS[program],
        [str(place / "archive.json")],
        _environment(place),
        rng.choice(SIZES),
        ignores_hangup=ending.ignores_hangup,
        stranger=ending.stranger,
    )
    try:
        has_read = _go(window, way, ending, word, rng)
        time, wrong = _end(window, way, ending)
        if not has_read:
            result.count("keys lost on their way")  # by the system: they were never read
        if not wrong:
            wrong = _left(window, place, word if has_read else "")
    finally:
        window.close()
    for why in wrong:
        result.wrong(where, why)
    return [time] if time < HANGS else []


def _environment(place: Path) -> Mapping[str, str]:
    own = {f"XDG_{kind}_HOME": str(place / "xdg" / kind) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    return {**os.environ, **own, "HOME": str(place), "TERM": "xterm-256color", "COVERAGE_PROCESS_START": ""}


def _go(window: Window, way: Way, ending: Ending, word: str, rng: Random) -> bool:
    """Take the way, until the moment of the end; whether all keys were read."""
    if way.name == "start":
        window.read(rng.uniform(0, FIRST_SECOND))
        return True
    if not window.until(OPENS, STARTS):
        return False
    window.settle(STARTS)
    for keys in way.keys:
        window.type(keys)
        window.settle(PAINTS)
    window.type(way.last)
    if not ending.is_read:
        window.type(word)
        return window.has_read(TAKES, reads=False)
    for letter in word:
        window.read(rng.uniform(0, PAUSE) / 4)
        window.type(letter)
    has_read = window.has_read(TAKES)
    window.read(rng.uniform(0, PAUSE))
    return has_read


def _end(window: Window, way: Way, ending: Ending) -> tuple[float, list[str]]:
    """How long the end took, and what was wrong with it."""
    if window.has_ended():
        return 0.0, [f"ended by itself with {window.status()}: {window.seen[-600:]!r}"]
    (window.hang_up if ending.closes else window.terminate)()
    begun = monotonic()
    while not window.has_ended(0.02):
        if ending.is_read and not ending.closes:
            window.read(0.02)
        if monotonic() - begun > HANGS:
            return HANGS, [f"still there after {HANGS} s"]
    time = monotonic() - begun
    number = signal.SIGHUP if ending.closes else signal.SIGTERM
    right = {128 + number, -number, 2} if way.name == "start" else {128 + number}
    wrong = [] if window.status() in right else [f"ended with {window.status()}"]
    if not ending.closes and way.name != "start" and not window.is_restored():
        wrong.append("left the terminal raw, or on its own screen")
    return time, wrong


def _left(window: Window, place: Path, word: str) -> list[str]:
    """What is wrong with what it left behind; `word` was typed and must be in it."""
    path = place / "archive.json"
    wrong = ["left a child process behind"] if window.leaves_children(HANGS) else []
    wrong += [f"left {part.name}" for part in place.rglob("*.part")]
    wrong += [str(damage.said) for damage in findings(path) if not damage.harmless]
    drafts = str([draft.texts for draft in Drafts(path).all()])
    try:
        Archive.open(path).close()
    except ArchiveError as error:
        return [*wrong, str(error)]
    if word not in drafts and word.encode() not in path.read_bytes():
        wrong.append(f"{word} was typed and is in no draft: {drafts}")
    return wrong
