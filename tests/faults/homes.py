"""Run commands with missing, read-only or oddly named home and XDG folders: each works or explains why not."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

from archive import settings
from faults.bad_programs import as_it_is, enough
from faults.commands import CommandResult, run_command
from faults.fence import fence
from faults.results import Result
from faults.screens import Screen, import_late_modules, program

VARIABLES = ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"]
ANSWERS = {0, 1, 2, 64, 65, 66, 69, 73, 74, 75, 77, 78}  # exit codes that come with a message
MISSING = "\0"


def careless() -> None:
    """Assume that HOME is set."""
    settings._home = lambda variable: Path(os.environ["HOME"])


SUBJECTS = {"ours": as_it_is, "careless": careless}


def run(install: Callable[[], None], count: int, rng: Random, folder: Path) -> Result:
    result = Result()
    import_late_modules()
    cases = list(itertools.product(PLACES, ["HOME", "all", "XDG_CONFIG_HOME", "XDG_DATA_HOME"], COMMANDS))
    for number, (place, which, command) in enumerate(rng.sample(cases, min(count, len(cases)))):
        here = folder / f"{number}"
        here.mkdir()
        chosen = VARIABLES if which == "all" else [which]
        values = {name: place(here) if name in chosen else str(here / "usual" / name) for name in VARIABLES}
        where = f"{which} {place.__name__}, {command.__name__}"
        for why in command(partial(_surrounded, install, values, folder), here):
            result.wrong(where, why)
        result.cycles += 1
        _writable(here)
        shutil.rmtree(here, ignore_errors=True)
        if result.lost >= enough(install):
            break
    result.count("cases", len(cases))
    return result


def _surrounded(install: Callable[[], None], values: dict[str, str], folder: Path) -> None:
    """Set the variables, and refuse writes outside `folder`."""
    install()
    for name, value in values.items():
        os.environ.pop(name, None)
        if value != MISSING:
            os.environ[name] = value
    os.chdir(folder)
    fence(folder)


def _writable(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o700)


# Values of the variables


def usual(here: Path) -> str:
    return str(here / "home")


def missing(here: Path) -> str:
    return MISSING


def empty(here: Path) -> str:
    return ""


def relative(here: Path) -> str:
    return "some/home"


def a_file(here: Path) -> str:
    (here / "file").write_text("")
    return str(here / "file")


def in_a_file(here: Path) -> str:
    return str(Path(a_file(here)) / "home")


def read_only(here: Path) -> str:
    (here / "locked").mkdir(exist_ok=True)
    (here / "locked").chmod(0o500)
    return str(here / "locked")


def not_written(here: Path) -> str:
    """A folder in which even root cannot write."""
    return "/proc/self"


def with_newline(here: Path) -> str:
    (here / "ho\nme").mkdir(exist_ok=True)
    return str(here / "ho\nme")


def hostile(here: Path) -> str:
    (here / "[b]\x1b[2J 王").mkdir(exist_ok=True)
    return str(here / "[b]\x1b[2J 王")


def not_unicode(here: Path) -> str:
    name = os.fsdecode(b"\xff\xfe")
    (here / name).mkdir(exist_ok=True)
    return str(here / name)


def long(here: Path) -> str:
    return str(here / ("x" * 300))


def in_a_circle(here: Path) -> str:
    (here / "circle").unlink(missing_ok=True)
    (here / "circle").symlink_to("circle")
    return str(here / "circle")


def nowhere(here: Path) -> str:
    (here / "nowhere").unlink(missing_ok=True)
    (here / "nowhere").symlink_to("gone")
    return str(here / "nowhere")


PLACES: list[Callable[[Path], str]] = [
    usual,
    missing,
    empty,
    relative,
    a_file,
    in_a_file,
    read_only,
    not_written,
    with_newline,
    hostile,
    not_unicode,
    long,
    in_a_circle,
    nowhere,
]

# Commands


def lists(around: Callable[[], None], here: Path) -> Iterator[str]:
    """List the default archive, which may be missing or have an impossible path."""
    yield from _wrong(run_command(["list"], here, around))


def adds(around: Callable[[], None], here: Path) -> Iterator[str]:
    """Add a customer to the default archive and list it."""
    answer = run_command(["add", "customers", "kind=person", "full_name=Ann"], here, around)
    yield from _wrong(answer)
    if answer.code == 0:
        again = run_command(["list", "--format", "csv"], here, around)
        if "Ann" not in again.out:
            yield f"the saved customer is missing: {again}"


def named(around: Callable[[], None], here: Path) -> Iterator[str]:
    """Add a customer to an archive elsewhere."""
    words = ["--archive", str(here / "archive.json")]
    yield from _wrong(run_command([*words, "add", "customers", "kind=person", "full_name=Ann"], here, around))


def imports(around: Callable[[], None], here: Path) -> Iterator[str]:
    (here / "in.csv").write_text("Full name,Kind\nAnn,person\n")
    words = ["--archive", str(here / "archive.json"), "import", str(here / "in.csv"), "--map", "Kind=kind"]
    yield from _wrong(run_command(words, here, around))


def shows(around: Callable[[], None], here: Path) -> Iterator[str]:
    """Run the terminal program: choose columns (a saved setting), export a table, leave."""
    yield from _shown(around, [])


def shows_named(around: Callable[[], None], here: Path) -> Iterator[str]:
    yield from _shown(around, [str(here / "archive.json")])


def _shown(around: Callable[[], None], words: list[str]) -> Iterator[str]:
    begin = program(words)
    screen = Screen(lambda: (around(), begin())[1])
    try:
        shown = screen.until("all saved", "archive:")
        for keys in ("nAnn\x13", "c", "\x13", "x", "q", "\x11"):
            screen.type(keys)
            screen.until("\0", seconds=0.1)
        code = screen.ended()
        if code is None or code not in ANSWERS or not shown:
            yield f"ends with {code}: {screen.shown()[-600:]}"
    finally:
        screen.close()


def _wrong(answer: CommandResult) -> Iterator[str]:
    if answer.code not in ANSWERS or "Traceback" in answer.err:
        yield f"ends with {answer.code}: {answer.err[-600:]}"
    elif answer.code and not answer.err.startswith("archive: "):
        yield f"ends with {answer.code} without a reason: {answer.err[-300:]}"


COMMANDS: list[Callable[[Callable[[], None], Path], Iterator[str]]] = [
    lists,
    adds,
    named,
    imports,
    shows,
    shows_named,
]
