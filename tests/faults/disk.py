"""A model of a folder on a disk: applies traced system calls and lists the states that a crash could leave."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

CALLS = "openat,write,writev,pwrite64,ftruncate,fsync,fdatasync,rename,renameat2,link,linkat,unlink,unlinkat,lseek"
_LINE = re.compile(r"(?:(\d+) +)?(\w+)\((.*)\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FILE = re.compile(r"^(\d+)<((?:\\x[0-9a-f]{2})*)>")
_BEGUN, _RESUMED = " <unfinished ...>", re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)")
Names = dict[str, int]
State = dict[str, bytes]
BESIDE = ".part"  # suffix of files that are still being written
FEW = 6  # pending writes of a file to drop in turn


class Call(NamedTuple):
    """A system call that succeeded."""

    process: str
    name: str
    descriptor: int
    path: bytes  # path of the descriptor
    texts: list[bytes]
    words: str
    result: int


def calls(trace: Iterable[str]) -> Iterator[Call]:
    """Parse the output of strace. Yields the successful calls in the order in which they ended."""
    begun: dict[str, str] = {}
    for line in trace:
        line = line.rstrip("\n")
        process = line.split(" ")[0]
        if line.endswith(_BEGUN):
            begun[process] = line.removesuffix(_BEGUN)
            continue
        if resumed := _RESUMED.match(line):
            line = begun.pop(process) + resumed[2]
        if (found := _LINE.match(line)) and int(found[4]) >= 0:
            file = _FILE.match(found[3])
            descriptor, path = (int(file[1]), _bytes(file[2])) if file else (-1, b"")
            texts = [_bytes(text) for text in _TEXT.findall(found[3])]
            yield Call(found[1], found[2], descriptor, path, texts, found[3], int(found[4]))


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


class File:
    """The content of a file (`now`), and the part of it that a sync guarantees (`synced`)."""

    def __init__(self, data: bytes = b"") -> None:
        self.now = self.synced = data
        self.pending: list[tuple[int, bytes | None]] = []  # (offset, data written; None: truncated there)

    def change(self, at: int, data: bytes | None) -> None:
        self.pending.append((at, data))
        self.now = _changed(self.now, at, data)

    def sync(self) -> None:
        self.synced, self.pending = self.now, []

    def without(self, left_out: int) -> bytes:
        """Return the content if the pending change `left_out` did not reach the disk."""
        found = self.synced
        for number, (at, data) in enumerate(self.pending):
            found = found if number == left_out else _changed(found, at, data)
        return found


def _changed(old: bytes, at: int, data: bytes | None) -> bytes:
    if data is None:
        return old[:at].ljust(at, b"\0")
    return old[:at].ljust(at, b"\0") + data + old[at + len(data) :]


class Disk:
    """A folder with its files and their names."""

    def __init__(self, folder: Path) -> None:
        """Start with the files in `folder`, which count as synced."""
        self._folder = str(folder).encode()
        self.files: list[File] = []
        self.names: Names = {}
        for number, path in enumerate(sorted(folder.iterdir())):
            self.files.append(File(path.read_bytes()))
            self.names[path.name] = number
        self._synced_names: Names = dict(self.names)
        self._pending: list[tuple[str, str, int]] = []
        self._places: dict[tuple[str, int], int] = {}
        self._appends: set[tuple[str, int]] = set()
        self.torn: tuple[File, int, bytes] | None = None  # the last write, which a crash can tear
        self._acts: dict[str, Callable[[Call], bool]] = {
            "openat": self._opened,
            "write": self._written,
            "lseek": self._sought,
            "ftruncate": self._cut,
            "fsync": self._synced,
            "fdatasync": self._synced,
            "rename": self._renamed,
            "renameat2": self._renamed,
            "unlink": self._unlinked,
            "unlinkat": self._unlinked,
            "link": self._linked,
            "linkat": self._linked,
        }

    def follow(self, call: Call) -> bool:
        """Apply a call. Returns whether it added states that a crash could leave."""
        self.torn = None
        act = self._acts.get(call.name)
        return bool(act and act(call))

    def found(self) -> State:
        """Return the state without a crash."""
        return self._state(self.names, {number: file.now for number, file in enumerate(self.files)})

    def states(self, rng: Random, cuts: int) -> Iterator[State]:
        """Yield the states that a crash at this moment could leave."""
        now = {number: file.now for number, file in enumerate(self.files)}
        synced = {number: file.synced for number, file in enumerate(self.files)}
        yield self.found()
        for done in range(len(self._pending) + 1):
            names = dict(self._synced_names)
            for rename in self._pending[:done]:
                _rename(names, *rename)
            yield self._state(names, now)
            yield self._state(names, synced)
        for number, file in enumerate(self.files):
            for left_out in range(len(file.pending))[-FEW:] if self._is_read(number) else []:
                yield self._state(self.names, {**now, number: file.without(left_out)})
        yield from self._torn(now, rng, cuts)

    def _is_read(self, number: int) -> bool:
        """Return whether the program reads the file: not if it has no name or a temporary one."""
        return any(number == named and not name.endswith(BESIDE) for name, named in self.names.items())

    def _torn(self, now: dict[int, bytes], rng: Random, cuts: int) -> Iterator[State]:
        """Yield states in which the last write is cut at some byte, with the rest missing or zeros."""
        if not self.torn or not self._is_read(self.files.index(self.torn[0])):
            return
        file, at, data = self.torn
        number = self.files.index(file)
        before = _changed(file.without(len(file.pending) - 1), at, None)
        places = {1, len(data) - 1, *(rng.randrange(len(data)) for _ in range(cuts))}
        for place in sorted(places) if len(data) > 1 else []:
            cut = before + data[:place]
            yield self._state(self.names, {**now, number: cut})
            yield self._state(self.names, {**now, number: cut.ljust(at + len(data), b"\0")})

    def _state(self, names: Names, contents: dict[int, bytes]) -> State:
        return {name: contents[number] for name, number in names.items()}

    # Calls

    def _name(self, path: bytes) -> str | None:
        folder, _slash, name = path.rpartition(b"/")
        return name.decode() if folder == self._folder else None

    def _file(self, call: Call) -> File | None:
        name = self._name(call.path)
        return self.files[self.names[name]] if name in self.names else None

    def _opened(self, call: Call) -> bool:
        name = self._name(call.texts[0])
        if name is None:
            return False
        self._places[call.process, call.result] = 0
        self._appends.discard((call.process, call.result))
        if "O_APPEND" in call.words:
            self._appends.add((call.process, call.result))
        if name not in self.names and "O_CREAT" in call.words:
            self.files.append(File())
            self._rename("", name, len(self.files) - 1)
            return True
        if "O_TRUNC" in call.words:
            self.files[self.names[name]].change(0, None)
        return "O_TRUNC" in call.words

    def _written(self, call: Call) -> bool:
        file = self._file(call)
        if file is None:
            return False
        key = call.process, call.descriptor
        at = len(file.now) if key in self._appends else self._places.get(key, 0)
        data = call.texts[0][: call.result]
        file.change(at, data)
        self._places[key] = at + len(data)
        self.torn = file, at, data
        return True

    def _sought(self, call: Call) -> bool:
        self._places[call.process, call.descriptor] = call.result
        return False

    def _cut(self, call: Call) -> bool:
        file = self._file(call)
        if file:
            file.change(int(call.words.rpartition(", ")[2]), None)
        return bool(file)

    def _synced(self, call: Call) -> bool:
        if call.path == self._folder:
            self._synced_names, self._pending = dict(self.names), []
        elif file := self._file(call):
            file.sync()
        return False

    def _renamed(self, call: Call) -> bool:
        old, new = self._name(call.texts[0]), self._name(call.texts[1])
        if old is None or new is None:
            return False
        self._rename(old, new, self.names[old])
        return True

    def _unlinked(self, call: Call) -> bool:
        name = self._name(call.texts[0])
        if name in self.names:
            self._rename(name, "", 0)
        return True

    def _linked(self, call: Call) -> bool:
        old, new = self._name(call.texts[0]), self._name(call.texts[1])
        assert old is not None
        assert new is not None
        self._rename("", new, self.names[old])
        return True

    def _rename(self, old: str, new: str, number: int) -> None:
        self._pending.append((old, new, number))
        _rename(self.names, old, new, number)


def _rename(names: Names, old: str, new: str, number: int) -> None:
    """Rename a file; it is created if `old` is "", and deleted if `new` is ""."""
    names.pop(old, None)
    if new:
        names[new] = number
