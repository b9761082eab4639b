"""Let another program change the archive's files while the terminal program has it open.

The program reports the change. Every acknowledged record, and every record of the other program, is in the archive or
in a file beside it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from archive.errors import ArchiveError
from faults import foreign
from faults.bad_programs import as_it_is
from faults.meddling import WAYS, Meddle
from faults.results import Result
from faults.screens import Screen, import_late_modules, own_folders, program
from faults.stores import Ours
from faults.tui_kills import CTRL_S

SAID = (
    "changed by another program",
    "conflict",
    "cannot be",
    "is in use",
    "does not exist",
    "another program",
)
SOON = 15.0  # seconds until a save is acknowledged or refused
LEAVE, TO_LEAVE = "\x11", 10
ANSWERS = {0, 1, 65, 66, 73, 74, 75}
ENOUGH = 5

SUBJECTS = {"ours": as_it_is, "overwriting": foreign.overwrite}


def run(install: Callable[[], None], count: int, rng: Random, folder: Path) -> Result:
    result = Result()
    own_folders(folder / "home")
    import_late_modules()
    for number in range(count):
        way = WAYS[number % len(WAYS)]
        place = folder / f"{number}"
        place.mkdir()
        for why in Trial(install, way, place, rng, result).run():
            result.wrong(f"{way.__name__} ({number})", why)
        result.cycles += 1
        shutil.rmtree(place, ignore_errors=True)
        if result.lost >= (ENOUGH if install is as_it_is else 1):
            break
    return result


class Trial:
    """A run of the program in which the archive's files are changed once."""

    def __init__(
        self, install: Callable[[], None], way: Meddle, place: Path, rng: Random, result: Result
    ) -> None:
        self._install, self._way, self._place = install, way, place
        self._rng, self._result = rng, result
        self._path = place / "here" / "archive.json"
        self._path.parent.mkdir()
        self._saved: list[str] = []

    def run(self) -> Iterator[str]:
        foreign.first_session(Ours, self._path, self._rng, lambda text: None)
        past = foreign.make_past(Ours, self._path, self._place, self._rng)
        begin = program([str(self._path)])
        self._screen = Screen(lambda: (self._install(), begin())[1])
        try:
            if not self._screen.until("all saved"):
                yield f"it does not open: {self._screen.shown()}"
                return
            self._type(self._rng.randrange(1, 4))
            theirs = foreign.rows_brought_by(self._way, past, self._path)
            self._moved = self._way(self._path, past)
            self._type(self._rng.randrange(3))
            yield from self._leave()
        finally:
            self._screen.close()
        yield from self._judge(theirs)

    def _type(self, count: int) -> None:
        """Enter new customers, and stop when a save is refused."""
        for _number in range(count):
            name = f"K{self._rng.getrandbits(40):010x}"
            since = len(self._screen.seen)
            self._screen.type(f"n{name}{CTRL_S}")
            shown = self._screen.until(f"New customer: {name}", *SAID, since=since, seconds=SOON)
            if shown in SAID or not shown:
                self._result.count("refused")
                return
            self._saved.append(name)
            self._result.count("acknowledged")

    def _leave(self) -> Iterator[str]:
        for _time in range(TO_LEAVE):
            if not self._screen.lives():
                break
            self._screen.type(LEAVE)
            self._screen.until("\0", seconds=0.5)
        code = self._screen.ended()
        if code not in ANSWERS:
            yield f"it ends with {code}: {self._screen.shown()[-500:]}"

    def _judge(self, theirs: foreign.Rows) -> Iterator[str]:
        found = list(foreign.all_rows(self._path.parent))
        if self._moved:
            found += foreign.all_rows(self._moved.parent)
        names = {row.get("full_name") for rows in found for row in rows.values()}
        if lost := [name for name in self._saved if name not in names]:
            yield f"{len(lost)} records are lost: {lost[:4]}; {self._screen.shown()[-400:]}"
        if gone := [row["full_name"] for row in theirs.values() if row["full_name"] not in names]:
            yield f"{len(gone)} records of the other program are lost: {gone[:4]}"
        if not set(self._saved) <= self._in_archive() and not self._was_said() and not self._moved:
            yield f"saved records are no longer in the archive, without a message: {self._screen.shown()[-400:]}"

    def _in_archive(self) -> set[str]:
        try:
            return {row.get("full_name", "") for row in foreign.rows_in(self._path).values()}
        except ArchiveError:
            return set()

    def _was_said(self) -> bool:
        return any(words in self._screen.seen for words in SAID)
