"""Fill the disk while the terminal program runs.

The program reports it, loses no change, leaves no partial file, and saves again once there is space.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from faults.bad_programs import PROGRAMS, enough
from faults.commands import run_command
from faults.full import fill
from faults.results import Result
from faults.screens import Screen, import_late_modules, own_folders, program
from faults.story import State, Story, Unreadable, checked, difference, facts_at, fitting
from faults.tui_kills import CTRL_G, CTRL_S

SUBJECTS = PROGRAMS
ELSEWHERE = Path("/dev/shm")
LEAST, MOST = 6_000, 60_000  # free bytes at the start
IMPORTS = 30  # most imports until the disk is full
ROWS = 25
FULL = "disk is full"
BACKUP = "it is too long to be saved often " * 40


def run(install: Callable[[], None], count: int, rng: Random, folder: Path) -> Result:
    """Run on a small file system, which test_faults.py mounts."""
    result = Result()
    outside = ELSEWHERE / f"faults-{folder.name}-{rng.getrandbits(32):08x}"
    own_folders(outside / "home")
    import_late_modules()
    try:
        for number in range(count):
            place = folder / f"{number}"
            place.mkdir()
            trial = Trial(install, place, outside, rng, result)
            for why in trial.run():
                result.wrong(f"{number}", why)
            result.cycles += 1
            shutil.rmtree(place)
            if result.lost >= enough(install):
                break
    finally:
        shutil.rmtree(outside, ignore_errors=True)
    return result


class Trial:
    """A run of the program on a disk that fills up and is freed again."""

    def __init__(
        self, install: Callable[[], None], place: Path, outside: Path, rng: Random, result: Result
    ) -> None:
        self._install, self._place, self._outside = install, place, outside
        self._rng, self._result = rng, result
        self._path = place / "archive.json"
        self._ballast = place / "ballast"

    def run(self) -> Iterator[str]:
        begin = program([str(self._path)])
        self._screen = Screen(lambda: (self._install(), begin())[1])
        try:
            if not self._screen.until("all saved"):
                yield f"it does not open: {self._screen.shown()}"
                return
            yield from self._fill_up()
        finally:
            self._screen.close()

    def _fill_up(self) -> Iterator[str]:
        story = self._new(Story())
        fill(self._ballast, self._rng.randrange(LEAST, MOST))
        said_full = False
        for _number in range(IMPORTS):
            story, said_full = self._import(story)
            if said_full:
                break
        self._result.count("filled up" if said_full else "not filled up")
        if said_full:
            yield from self._while_full()
        self._ballast.unlink()
        after = self._new(story)
        if after is story:
            yield f"saving fails although there is space again: {self._screen.shown()[-600:]}"
        yield from self._left([after])

    def _while_full(self) -> Iterator[str]:
        """Yield an error if the program has ended, or if an export or backup is partial."""
        yield from self._facts_now()
        words = ["--archive", str(self._path)]
        export = run_command([*words, "export", "-o", str(self._place / "out.csv")], self._outside)
        made = self._place / "out.csv"
        if export.code not in (0, 73) or (export.code and made.exists()):
            yield f"`archive export` ends with {export.code}: {export.err[-300:]}, and leaves {made.exists()}"
        made.unlink(missing_ok=True)
        backup = run_command([*words, "backup"], self._outside)
        whole = list((self._place / "backups").glob("*.json"))
        if backup.code not in (0, 73) or (backup.code and whole):
            yield f"`archive backup` ends with {backup.code}: {backup.err[-300:]}, and leaves {whole}"
        for path in whole:
            yield from filter(None, [checked(path, self._outside)])
            path.unlink()
        if left := [path.name for path in self._place.rglob("*.part")]:
            yield f"it leaves {left}"

    def _facts_now(self) -> Iterator[str]:
        if not self._screen.lives():
            yield f"the program ended: {self._screen.shown()[-600:]}"

    def _left(self, possible: list[Story]) -> Iterator[str]:
        """Quit, and yield an error if an acknowledged change is missing."""
        self._screen.type("\x11")
        if (code := self._screen.ended()) != 0:
            yield f"it ends with {code}: {self._screen.shown()[-600:]}"
        try:
            found = facts_at(self._path)
        except Unreadable as error:
            yield str(error)
            return
        if not fitting(possible, found):
            yield from (difference(one, found) for one in possible)
        yield from filter(None, [checked(self._path, self._outside)])

    def _new(self, story: Story) -> Story:
        name = f"K{self._rng.getrandbits(40):010x}"
        label = f"New customer: {name}"
        since = len(self._screen.seen)
        self._screen.type(f"n{name}{CTRL_S}")
        if not self._screen.until(label, since=since):
            return story
        self._result.count("acknowledged")
        return story.changed(story.now.with_customers(name), label)

    def _import(self, story: Story) -> tuple[Story, bool]:
        names = [f"I{self._rng.getrandbits(40):010x}" for _row in range(ROWS)]
        path = self._outside / f"{names[0]}.csv"
        path.write_text(
            "\n".join(["Full name,Kind,Background", *(f"{n},person,{BACKUP}" for n in names), ""])
        )
        since = len(self._screen.seen)
        self._screen.type(f"{CTRL_G}ip{path}\r")
        self._screen.until(f"{ROWS} new", since=since)
        since = len(self._screen.seen)
        self._screen.type(CTRL_S)
        shown = self._screen.until(f"Imported {path.name}", FULL, since=since)
        self._screen.type(f"{CTRL_G}c")
        path.unlink()
        if shown == FULL or not shown:
            self._screen.until("all saved", since=since)
            return story, True
        self._result.count("acknowledged")
        return story.changed(State(story.now.with_customers(*names).names, story.now.lines), "import"), False
