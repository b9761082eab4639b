"""Damage the settings, views, mappings and drafts of a user.

The program starts, or names the file and how to fix it. It never destroys a file that it cannot read: the content stays
in place or is moved to a file beside it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from strategies import HOSTILE, NAUGHTY

from archive.errors import ArchiveError
from archive.service import drafts, mapping_store
from archive.service.drafts import Draft, Drafts
from archive.service.views import View, Views
from archive.settings import config_folder, load_settings
from archive.store import Sort
from faults.bad_programs import as_it_is
from faults.children import Child
from faults.commands import run_command
from faults.fence import fence
from faults.results import Result
from faults.screens import Screen, import_late_modules, own_folders, program
from faults.work import Tell

AT_ONCE = 200  # mutations per process
SHOWN = 40  # mutations per start of the whole program
HEADER = ["Full name", "Phone", "Town"]
NOISE = [
    *(
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"[",
        b"]",
        b"{",
        b"}",
        b'"',
        b"'",
        b"\n",
        b"=",
        b"null",
        b"1e999",
    ),
    *(b"\\u0000", b"\\ud800", b"-" * 99, b"[" * 3000),
]


class UserFile(NamedTuple):
    """A user's file, its valid content, and the functions that read and change it."""

    path: Path
    whole: bytes
    read: Callable[[], object]
    change: Callable[[], object]


def overwriting() -> None:
    """Delete a file that cannot be read."""
    usual = drafts.Drafts._read

    def read(store: Drafts) -> dict[str, Draft]:
        found = usual(store)
        for left in store.path.parent.glob(f"{store.path.name}.unreadable*"):
            left.unlink()
        return found

    drafts.Drafts._read = read  # type: ignore[method-assign]


SUBJECTS = {"ours": as_it_is, "overwriting": overwriting}


def run(install: Callable[[], None], count: int, rng: Random, folder: Path) -> Result:
    result = Result()
    own_folders(folder / "home")
    import_late_modules()
    made = run_command(
        ["--archive", str(folder / "archive.json"), "add", "customers", "kind=person", "full_name=Ann"],
        folder,
    )
    assert made.code == 0, made
    while result.cycles < count:
        many = min(AT_ONCE, count - result.cycles)
        lines = Child(partial(_mutations, install, rng.randrange(1 << 30), many, folder)).finish()
        for line in lines:
            if line.startswith("X "):
                result.wrong(f"after {result.cycles}", line[2:])
            elif line.startswith("C "):
                result.count(line[2:])
        result.cycles += many
        for _number in range(max(1, many // SHOWN)):
            for why in _started(install, rng, folder):
                result.wrong("the program", why)
            result.count("started")
        if result.lost >= 5:
            break
    return result


def _files(folder: Path) -> list[UserFile]:
    """Write a valid file of each kind."""
    shutil.rmtree(config_folder(), ignore_errors=True)
    config_folder().mkdir(parents=True)
    settings = config_folder() / "settings.toml"
    settings.write_text(
        'me = "Ann"\ncurrency = "EUR"\n[rates]\n"USD 2026-01-01" = "0.92"\n[keys]\n"browser.new" = "f8"\n'
    )
    views = Views()
    views.keep("customers", "Mine", View("status:active", Sort("full_name", True), ("full_name", "status")))
    views.keep("transactions", "_last", View("", Sort("on", False), ("on", "amount")))
    mapping_store.save_mapping("customers", HEADER, {"Town": "addresses.city"})
    mapping = mapping_store.mapping_path("customers", HEADER)
    left = Drafts(folder / "archive.json")
    left.put(
        Draft(
            "customers",
            "",
            "",
            "New customer",
            "2026-11-21T10:00",
            {"full_name": "Ann", "phones": ["1", "2"]},
        )
    )
    left.put(Draft("line:contact", "u", "", "Contact", "2026-11-21T10:00", {"line": "call"}))
    other = Draft("products", "", "", "New product", "2026-11-21T10:00", {"name": "Rice"})
    return [
        UserFile(settings, settings.read_bytes(), load_settings, lambda: None),
        UserFile(
            views.path, views.path.read_bytes(), Views, lambda: Views().keep("customers", "Other", View("x"))
        ),
        UserFile(
            mapping,
            mapping.read_bytes(),
            lambda: mapping_store.saved_mapping("customers", HEADER),
            lambda: mapping_store.save_mapping("customers", HEADER, {"Phone": "phones"}),
        ),
        UserFile(
            left.path, left.path.read_bytes(), left.all, lambda: Drafts(folder / "archive.json").put(other)
        ),
    ]


def _mutations(install: Callable[[], None], seed: int, count: int, folder: Path, tell: Tell) -> None:
    install()
    rng = Random(seed)
    files = _files(folder)
    for _number in range(count):
        file = rng.choice(files)
        wrong = mutated(file.whole, rng)
        for left in file.path.parent.glob(f"{file.path.name}*"):
            left.unlink()
        file.path.write_bytes(wrong)
        could = _asked(file.read, file, wrong, tell)
        _look_for(wrong, file.path, tell)
        _asked(file.change, file, wrong, tell)
        if not could:
            _look_for(wrong, file.path, tell)
        tell("C read" if could else "C refused or set aside")


def _look_for(wrong: bytes, path: Path, tell: Tell) -> None:
    """Report an error if no file has this content any more."""
    if not any(there.read_bytes() == wrong for there in path.parent.glob(f"{path.name}*") if there.is_file()):
        tell(ascii(f"X {path.name} is gone: {wrong[:300]!r}")[1:-1])


def _asked(act: Callable[[], object], file: UserFile, wrong: bytes, tell: Tell) -> bool:
    """Call `act`. Returns whether it succeeded and no file was set aside as unreadable."""
    try:
        act()
    except ArchiveError as error:
        if str(file.path) not in str(error):
            tell(ascii(f"X the file is not named: {error}")[1:-1])
        return False
    except Exception as error:
        tell(ascii(f"X {file.path.name}: {type(error).__name__}: {error}: {wrong[:300]!r}")[1:-1])
        return False
    return not any(".unreadable" in path.name for path in file.path.parent.iterdir())


def mutated(whole: bytes, rng: Random) -> bytes:
    """Truncate, duplicate, flip bits, insert noise or hostile text, or replace everything."""
    data = bytearray(whole)
    for _change in range(rng.choice([1, 1, 1, 2, 5])):
        at = rng.randrange(len(data) + 1)
        end = min(len(data), at + rng.choice([0, 1, 1, 5, 40]))
        kind = rng.randrange(7)
        if kind == 0:
            del data[at:]
        elif kind == 1:
            data[at:end] = rng.choice(NOISE)
        elif kind == 2:
            data[at:end] = data[rng.randrange(len(data) + 1) :][:40]
        elif kind == 3 and data:
            data[at % len(data)] ^= 1 << rng.randrange(8)
        elif kind == 4:
            data[at:end] = rng.choice([*HOSTILE, *NAUGHTY]).encode("utf-8", "surrogatepass")
        elif kind == 5:
            data = _reworded(data, rng)
        elif rng.random() < 0.2:
            data = bytearray(
                rng.choice([b"", b"[]", b"{}", b"null", b"[[[", b"\xff" * 40, b'{"a": 1}', b'[{"table": 1}]'])
            )
    return bytes(data)


def _reworded(data: bytearray, rng: Random) -> bytearray:
    """Replace a quoted word."""
    parts = bytes(data).split(b'"')
    if len(parts) > 2:
        at = rng.randrange(1, len(parts), 2) if len(parts) > 2 else 0
        parts[at] = rng.choice(
            [b"", b"nonsense", "王".encode(), b"x" * 70_000, b"\\u0000", b"\\ud800", b"../../x", b"[b]"]
        )
    return bytearray(b'"'.join(parts))


# Running the whole program with a damaged file


def _started(install: Callable[[], None], rng: Random, folder: Path) -> list[str]:
    file = rng.choice(_files(folder))
    file.path.write_bytes(mutated(file.whole, rng))
    words = ["--archive", str(folder / "archive.json")]
    listed = run_command([*words, "list"], folder, install)
    if listed.code < 0 or listed.code in (1, 70) or (listed.code and str(file.path) not in listed.err):
        return [f"{file.path.name}: `archive list` ends with {listed.code}: {listed.err[-300:]}"]
    begin = program([str(folder / "archive.json")])

    def guarded() -> int:
        install()
        fence(folder)
        return begin()

    screen = Screen(guarded)
    try:
        shown = screen.until("all saved", str(file.path)[:40])
        screen.type("\x1b")
        screen.until("\0", seconds=0.2)
        for keys in ("d", "d", "c", "\x13", "v", "q", "\x11"):
            screen.type(keys)
            screen.until("\0", seconds=0.1)
        code = screen.ended()
        if code is None or code < 0 or code in (1, 70) or (not shown and not code):
            return [f"{file.path.name}: the program ends with {code}: {screen.shown()[-500:]}"]
    finally:
        screen.close()
    return []
