"""Close or block the terminal of the real program while it draws a screen.

The program ends in time with the right exit code, releases the lock, leaves a sound archive, keeps typed text as a
draft, and leaves no temporary files or processes.
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
from faults.screens import start_in_customers
from faults.window import OPENS, Window

PROMISED = (
    2.0  # seconds in which it should end; more is only counted, because a busy machine may be the reason
)
HANGS = 5.0  # seconds after which it counts as hanging
STARTS = 60.0  # longest wait for the first screen, in seconds
PAINTS = 3.0  # longest wait for a screen to be drawn, in seconds
PAUSE = 0.3  # longest pause between the last key and the end, in seconds
FIRST_SECOND = 1.0
TAKES = 0.5  # seconds in which the program reads typed keys from the terminal
ENOUGH = 5  # failures
PEOPLE = "Name,Email\n" + "".join(f"Person {n},p{n}@people.example\n" for n in range(3000))
SIZES = [(80, 24), (140, 40), (50, 20), (200, 60)]

_MAIN = "from archive.__main__ import main\nmain()\n"
# A bad program: Textual's own terminal driver, with the signals handled in its event loop.
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
# A bad program: it ends at once, and loses keys that have not reached their field yet.
_HASTY = """
from archive.ui.app import ArchiveApp
async def leave(app, code):
    app.exit(return_code=code)
ArchiveApp.leave = leave
ArchiveApp.keep_typed = lambda app, last: None
"""
PROGRAMS = {"ours": _MAIN, "stock": _STOCK + _MAIN, "hasty": _HASTY + _MAIN}


class Way(NamedTuple):
    """Keys that lead to a screen, the last keys before the end, and whether a word to keep is typed after them."""

    name: str
    keys: Sequence[str]
    last: str
    types: bool = False


DOWN, PAGE, ENTER, TAB, SAVE, GO, PALETTE = "j", "\x1b[6~", "\r", "\t", "\x13", "\x07", "\x10"


def ways(rng: Random, people: Path) -> list[Way]:
    """List what the program is doing when it must end. Slow screens and typing come up more often.

    Args:
        people: A CSV file to import.
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
    """How the program is made to end."""

    name: str
    ignores_hangup: bool = False
    stranger: bool = False  # the terminal does not control its session, so that it gets no SIGHUP
    is_read: bool = True  # whether its output is read until then
    closes: bool = True  # close the window, instead of sending SIGTERM


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
    """Make a program of `PROGRAMS` end `count` times. Stop after `enough` failures."""
    result = Result()
    sample = make_demo(folder / "sample.json", date.today())  # noqa: DTZ011 - as the program does
    took: list[float] = []
    for cycle in range(count):
        place = folder / str(cycle)
        place.mkdir()
        start_in_customers(place / "xdg" / "CONFIG")
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
    """Make it end once. Returns the seconds that it took, an empty list if it did not end."""
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
            result.count("keys not read")  # the program never got them from the terminal
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
    """Type the keys of the way. Returns whether the program has read them all."""
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
    """Make it end. Returns the seconds that it took, and the errors."""
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
        wrong.append("did not restore the terminal")
    return time, wrong


def _left(window: Window, place: Path, word: str) -> list[str]:
    """Return the errors in the files and processes left behind. The typed `word` must be in a file."""
    path = place / "archive.json"
    wrong = ["left a child process behind"] if window.leaves_children(HANGS) else []
    wrong += [f"left {part.name}" for part in place.rglob("*.part")]
    wrong += [str(damage.message) for damage in findings(path) if not damage.harmless]
    drafts = str([draft.texts for draft in Drafts(path).all()])
    try:
        Archive.open(path).close()
    except ArchiveError as error:
        return [*wrong, str(error)]
    if word not in drafts and word.encode() not in path.read_bytes():
        wrong.append(f"{word} was typed and is in no draft: {drafts}")
    return wrong
