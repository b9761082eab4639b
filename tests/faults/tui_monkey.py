"""Random input on a real terminal, including bytes that no key sends.

The program keeps running, quits on ctrl+q, restores the terminal and leaves a sound archive.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from faults.fence import fence
from faults.keys import inputs
from faults.monkey import SMALL, Real, make_small_sample, own_folders
from faults.monkey import SUBJECTS as PLANTED
from faults.results import Result
from faults.screens import Screen, import_late_modules, program
from faults.story import checked

SUBJECTS = PLANTED
SESSION = 400  # inputs
LEAVE = "\x11"
TO_LEAVE = 20  # attempts to leave, from any screen
ENOUGH = 5
_NAMED = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "insert": "\x1b[2~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "ctrl+pageup": "\x1b[5;5~",
    "ctrl+pagedown": "\x1b[6;5~",
    "ctrl+right": "\x1b[1;5C",
    "ctrl+left": "\x1b[1;5D",
    "shift+right": "\x1b[1;2C",
    "shift+left": "\x1b[1;2D",
    "shift+end": "\x1b[1;2F",
    "space": " ",
    "slash": "/",
    "colon": ":",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f8": "\x1b[19~",
    "ctrl+@": "\0",
    "alt+x": "\x1bx",
}
NOISE = [
    *(
        b"\xff\xfe",
        b"\xc3",
        b"\xe7\x8e",
        b"\x1b[",
        b"\x1b[<",
        b"\x1b[<0;999;999M",
        b"\x1b[200~",
        b"\x1b[201~",
        b"\x1b]11;",
    ),
    *(
        b"\x1b[?2026;2$y",
        b"\x1b[I",
        b"\x1b[O",
        b"\x1bP",
        b"\x9b",
        b"\x1b[999;999R",
        b"\x1b" * 30,
        b"\x1b[1;1;1;1u",
    ),
]


def run(subject: type[Real], count: int, rng: Random, folder: Path) -> Result:
    result = Result()
    import_late_modules()
    make_small_sample(folder / SMALL)
    while result.cycles < count:
        seed = rng.randrange(1 << 30)
        place = folder / f"{seed}"
        place.mkdir()
        own_folders(place)
        typist = Typist(subject, place, Random(seed))
        for why in typist.session(min(SESSION, count - result.cycles)):
            result.wrong(f"seed {seed}", why)
            sys.stderr.write(f"{result.details[-1]}\n")
        result.cycles += typist.keys
        result.count("sessions")
        result.count("openings", typist.openings)
        os.chdir(folder)
        shutil.rmtree(place, ignore_errors=True)
        if result.lost >= (ENOUGH if subject is Real else 1):
            break
    return result


class Typist:
    """Type at random, and restart the program whenever it ends."""

    def __init__(self, subject: type[Real], place: Path, rng: Random) -> None:
        self._subject, self._place, self._rng = subject, place, rng
        self.keys = self.openings = 0
        self._typed: list[str] = []

    def session(self, count: int) -> list[str]:
        made = iter(inputs(self._rng, count))
        wrong: list[str] = []
        while not wrong and (first := next(made, None)) is not None:
            wrong = self._one([first], made)
        return wrong or list(filter(None, [checked(self._place / "archive.json")]))

    def _one(self, first: list[str], made: Iterator[str]) -> list[str]:
        begin = program([str(self._place / "archive.json")])

        def guarded() -> int:
            self._subject.install()
            fence(self._place)
            return begin()

        screen = Screen(guarded)
        self.openings += 1
        try:
            if not screen.until("all saved"):
                return [f"it does not open: {screen.shown()[-400:]}"]
            for one in first:
                self._input(screen, one)
            for one in made:
                if not screen.lives():
                    break
                self._input(screen, one)
            return self._left(screen)
        finally:
            screen.close()

    def _left(self, screen: Screen) -> list[str]:
        for _time in range(TO_LEAVE):
            if not screen.lives():
                break
            screen.type(LEAVE)
            screen.until("\0", seconds=0.3)
        code = screen.ended()
        last = json.dumps(self._typed[-60:], ensure_ascii=False)
        if code is None:
            return [f"it does not end: {screen.shown()[-300:]}; typed: {last}"]
        if code:
            return [f"it ended with {code}: {screen.shown()[-300:]}; typed: {last}"]
        return [] if screen.restored else [f"the terminal was not restored; typed: {last}"]

    def _input(self, screen: Screen, made: str) -> None:
        self._typed.append(made)
        kind, _space, what = made.partition(" ")
        if kind == "key":
            self.keys += 1
            screen.type(_bytes_of(what))
        elif kind == "paste":
            screen.paste(json.loads(what))
        elif kind == "click":
            x, y = map(int, what.split(","))
            screen.type(f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m")
        elif kind == "size":
            screen.resize(*map(int, what.split("x")))
        elif kind == "rest":
            screen.until("\0", seconds=0.05)
        if self._rng.random() < 0.01:
            noise = self._rng.choice(NOISE)
            self._typed.append(f"noise {noise!r}")
            screen.send(noise)


def _bytes_of(key: str) -> str:
    if key.startswith("ctrl+") and len(key) == 6 and key[5].isalpha():
        return chr(ord(key[5]) & 0x1F)
    return _NAMED.get(key, key if len(key) == 1 else "")
