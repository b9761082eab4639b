"""Kill commands at random moments and at each of their system calls.

The archive then holds every acknowledged change and no partial one, every other file is complete or missing, and the
next run of the same command removes all temporary files.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from archive.store.database import Database
from faults.bad_programs import PROGRAMS, enough
from faults.calls import WRITING, called, cannot_trace, some, traced
from faults.commands import Command, CommandResult, run_command
from faults.results import Result
from faults.screens import import_late_modules, own_folders
from faults.story import CONTACT, PURCHASE, State, Story, Unreadable, checked, difference, facts_at, fitting

SUBJECTS = PROGRAMS
LONGEST = 0.12  # seconds until the kill; most commands end within this time
OLD_BACKUPS = 30  # enough for the next backup to delete some
ROWS = 40  # in the imported file
DONE = {0, 1}  # exit codes without an error


class Verb(NamedTuple):
    """A command, the story after it, and the files that it writes, with their previous content."""

    words: list[str]
    after: Story
    files: dict[str, bytes] = {}


def run(install: Callable[[], None], count: int, rng: Random, folder: Path) -> Result:
    """Kill half of the commands at random moments and, if strace works, half at a system call."""
    result = Result()
    own_folders(folder / "home")
    import_late_modules()
    scene = Scene(folder / "scene")
    cannot = cannot_trace(folder)
    points = [] if cannot else list(_points(install, scene, folder))
    result.count("system calls", len(points))
    for number in range(count):
        trial = Trial(install, scene, folder / f"{number}", result)
        if points and number % 2:
            trial.at_call(*rng.choice(points))
        else:
            trial.at_moment(rng.choice(sorted(VERBS)), rng.uniform(0, LONGEST))
        shutil.rmtree(folder / f"{number}", ignore_errors=True)
        if result.lost >= enough(install):
            break
    return result


class Scene:
    """An archive with changes in its journal, a damaged copy, backups and a file to import."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        story = Story()
        for words, state in _changes(story.now):
            answer = run_command(["--archive", str(folder / "archive.json"), *words], folder, _leaves_journal)
            assert answer.code == 0, answer
            story = story.changed(state) if state != story.now else story
        self.story = story
        self._make_backups()
        run_command(["--archive", str(folder / "archive.json"), "undo"], folder, _leaves_journal)
        self.undone = story.undone()
        self._make_files()

    def _make_backups(self) -> None:
        answer = run_command(["--archive", str(self.folder / "archive.json"), "backup"], self.folder)
        newest = Path(answer.out.strip())
        for week in range(OLD_BACKUPS):
            shutil.copy(
                newest,
                newest.with_name(
                    f"archive-20{20 + week % 6}{1 + week % 12:02}{1 + week % 27:02}-120000.json"
                ),
            )
        shutil.move(newest, self.folder / "backup.json")

    def _make_files(self) -> None:
        rows = [f"I{n},person" for n in range(ROWS)] + [",person,", "x,nonsense"]
        (self.folder / "in.csv").write_text("\n".join(["Full name,Kind", *rows, ""]))
        damaged = self.folder / "damaged.json"
        shutil.copy(self.folder / "archive.json", damaged)
        data = bytearray(damaged.read_bytes())
        at = data.index(b"Wdoomed")
        data[at : at + 7] = b"\xff" * 7
        damaged.write_bytes(data)

    def copied(self, to: Path) -> Path:
        shutil.copytree(self.folder, to)
        return to / "archive.json"


def _leaves_journal() -> None:
    """Close without compacting, so that the journal stays, as after a kill."""
    Database.close = lambda database: database._files.close()  # type: ignore[method-assign]


def _changes(state: State) -> Iterator[tuple[list[str], State]]:
    """Yield commands and the state after each."""
    for number, name in enumerate(("Ka", "Kb", "Kc", "Kd"), 1):
        state = state.with_customers(name)
        yield ["add", "customers", "kind=person", f"full_name={name}"], state
        state = state.with_line(CONTACT, number, f"W{number}")
        yield ["log", name, f"call W{number}"], state
        state = state.with_line(PURCHASE, number, f"P{number}")
        yield ["buy", name, f"3 bags P{number} @5"], state
    state = state.with_line(CONTACT, 1, "Wdoomed")
    yield ["log", "Ka", "call Wdoomed"], state
    yield ["compact"], state
    for number in (2, 3):
        state = state.with_line(CONTACT, number, f"Wlast{number}")
        yield ["log", f"K{'abcd'[number - 1]}", f"call Wlast{number}"], state


def _add(scene: Scene, place: Path) -> Verb:
    state = scene.undone.now.with_customers("Knew")
    return Verb(["add", "customers", "kind=person", "full_name=Knew"], scene.undone.changed(state))


def _log(scene: Scene, place: Path) -> Verb:
    return Verb(
        ["log", "Ka", "call Wnew"], scene.undone.changed(scene.undone.now.with_line(CONTACT, 1, "Wnew"))
    )


def _buy(scene: Scene, place: Path) -> Verb:
    state = scene.undone.now.with_line(PURCHASE, 1, "Pnew")
    return Verb(["buy", "Ka", "3 bags Pnew @5"], scene.undone.changed(state))


def _import(scene: Scene, place: Path) -> Verb:
    names = [f"I{number}" for number in range(ROWS)]
    state = scene.undone.now.with_customers(*names)
    return Verb(["import", str(place / "in.csv")], scene.undone.changed(state), {"in.rejected.csv": b""})


def _export(scene: Scene, place: Path) -> Verb:
    return Verb(["export", "-o", str(place / "out.csv")], scene.undone, {"out.csv": b""})


def _replace(scene: Scene, place: Path) -> Verb:
    (place / "old.csv").write_bytes(OLD)
    return Verb(["export", "-o", str(place / "old.csv"), "--force"], scene.undone, {"old.csv": OLD})


def _restore(scene: Scene, place: Path) -> Verb:
    return Verb(["restore", str(place / "backup.json")], scene.story)


VERBS: dict[str, Callable[[Scene, Path], Verb]] = {
    "add": _add,
    "log": _log,
    "buy": _buy,
    "import": _import,
    "undo": lambda scene, place: Verb(["undo"], scene.undone.undone()),
    "redo": lambda scene, place: Verb(["redo"], scene.undone.redone()),
    "compact": lambda scene, place: Verb(["compact"], scene.undone),
    "backup": lambda scene, place: Verb(["backup"], scene.undone),
    "export": _export,
    "export --force": _replace,
    "restore": _restore,
    "repair": lambda scene, place: Verb(["repair"], scene.undone),
}
OLD = b"what was there before\n"


class Trial:
    """Kill a command and check the files."""

    def __init__(self, install: Callable[[], None], scene: Scene, place: Path, result: Result) -> None:
        self._install, self._scene, self._place, self._result = install, scene, place, result
        self._path = scene.copied(place)

    def at_moment(self, name: str, seconds: float) -> None:
        """Kill it `seconds` after its start."""
        command, verb = self._begun(name)
        command.go()
        command.lives(seconds)
        command.kill(with_all=True)
        self._judge(name, verb, command.finish(), f"{name} after {seconds:.4f} s")

    def at_call(self, name: str, call: str, at: int) -> None:
        """Kill it at the `at`th system call of this name."""
        command, verb = self._begun(name)
        traced(command, self._place / "trace", call, ["-e", f"inject={call}:signal=SIGKILL:when={at}"])
        self._judge(name, verb, command.finish(), f"{name} at {call} {at}")

    def calls(self, name: str) -> list[str]:
        """Return the names of the system calls that it makes."""
        command, _verb = self._begun(name)
        traced(command, self._place / "trace", ",".join(WRITING))
        answer = command.finish()
        assert answer.code in DONE, answer
        return called(self._place / "trace")

    def _begun(self, name: str) -> tuple[Command, Verb]:
        verb = VERBS[name](self._scene, self._place)
        if name == "repair":
            self._damage()
        return Command(self._words(verb), self._place, self._install, waits=True), verb

    def _words(self, verb: Verb) -> list[str]:
        return ["--archive", str(self._path), *verb.words]

    def _damage(self) -> None:
        for path in self._place.glob("archive.json*"):
            path.unlink()
        shutil.copy(self._place / "damaged.json", self._path)

    # Judging

    def _judge(self, name: str, verb: Verb, answer: CommandResult, where: str) -> None:
        self._result.cycles += 1
        self._result.count("killed" if answer.code < 0 else "ended first")
        if answer.code >= 0 and answer.code not in DONE:
            self._result.wrong(where, f"ends with {answer.code}: {answer.err[-500:]}")
            return
        acknowledged = answer.code >= 0 or bool(answer.out)
        self._result.count("acknowledged", acknowledged)
        try:
            wrong = [*self._files(verb, acknowledged), *self._backups()]
            wrong += self._repaired(answer) if name == "repair" else self._facts(verb, acknowledged)
            wrong += self._again(name, verb)
        except (Unreadable, TimeoutError) as error:
            wrong = [str(error)]
        for why in wrong:
            self._result.wrong(where, why)

    def _facts(self, verb: Verb, acknowledged: bool) -> Iterator[str]:
        found = facts_at(self._path)
        possible = [verb.after] if acknowledged else [self._scene.undone, verb.after]
        if not fitting(possible, found):
            yield from (difference(one, found) for one in possible)
        yield from filter(None, [checked(self._path)])

    def _files(self, verb: Verb, acknowledged: bool) -> Iterator[str]:
        """Yield an error for each export or file of rejected rows that is neither complete nor unchanged."""
        for name, before in verb.files.items():
            path = self._place / name
            found = path.read_bytes() if path.exists() else b""
            if found not in ({self._whole(name)} if acknowledged else {before, self._whole(name)}):
                yield f"{name} is incomplete: {len(found)} bytes"

    def _whole(self, name: str) -> bytes:
        known = self._scene.folder / f"whole-{name}"
        if not known.exists():
            place = self._place.with_name(f"{self._place.name}-whole")
            path = self._scene.copied(place)
            verb = next(v for v in (make(self._scene, place) for make in VERBS.values()) if name in v.files)
            run_command(["--archive", str(path), *verb.words], place)
            shutil.move(place / name, known)
            shutil.rmtree(place)
        return known.read_bytes()

    def _backups(self) -> Iterator[str]:
        """Yield an error for each incomplete backup, and if one of the newest was deleted."""
        folder = self._place / "backups"
        before = {path.name for path in (self._scene.folder / "backups").iterdir()}
        there = {path.name for path in folder.glob("archive-*.json")}
        for name in there - before:
            if answer := checked(folder / name):
                yield f"the backup {name}: {answer}"
        newest = sorted(before)[-9:]
        if gone := set(newest) - there:
            yield f"deleted backups that should be kept: {sorted(gone)}"

    def _repaired(self, answer: CommandResult) -> Iterator[str]:
        """Repair again: only the damaged record may be missing, and a copy of the damaged file must exist."""
        again = run_command(self._words(Verb(["repair"], self._scene.undone)), self._place)
        if again.code not in DONE:
            yield f"the next repair ends with {again.code}: {again.err[-300:]}"
            return
        found = facts_at(self._path)
        wanted = _compacted(self._scene)
        if missing := wanted - found:
            yield f"repair lost {sorted(missing)[:5]}"
        copies = list(self._place.glob("archive.json.before-repair-*/archive.json"))
        if not any(copy.read_bytes() == (self._place / "damaged.json").read_bytes() for copy in copies):
            yield "there is no copy of the damaged archive"

    def _again(self, name: str, verb: Verb) -> Iterator[str]:
        """Run the command again: it must succeed and delete the temporary files of the killed run."""
        again = run_command(self._words(verb), self._place)
        taken = name in ("export",) and "already exists" in again.err
        if again.code not in DONE and not taken:
            yield f"the next run ends with {again.code}: {again.err[-300:]}"
        if left := [path.name for path in self._place.rglob("*.part")]:
            yield f"temporary files after the next run: {left}"


def _compacted(scene: Scene) -> frozenset[tuple[str, str, str]]:
    """Return the facts of the damaged archive without the damaged contact."""
    facts = (
        facts_at(scene.folder / "damaged-facts.json")
        if (scene.folder / "damaged-facts.json").exists()
        else None
    )
    if facts is None:
        shutil.copy(scene.folder / "archive.json", scene.folder / "damaged-facts.json")
        facts = facts_at(scene.folder / "damaged-facts.json")
    return frozenset(line for line in facts if line[2] != "Wdoomed")


def _points(install: Callable[[], None], scene: Scene, folder: Path) -> Iterator[tuple[str, str, int]]:
    """Yield (command, system call, its number among the calls of this name)."""
    for name in sorted(VERBS):
        made = Trial(install, scene, folder / f"all-{name}", Result()).calls(name)
        for call in WRITING:
            yield from ((name, call, at) for at in some(made.count(call)))
