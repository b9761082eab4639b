"""Changes that other programs make to the files of an open archive: copy, replace, delete, rename, append.

Each function takes the archive's path and a `Past` with older copies of its files and copies from another machine.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

from archive.store.wal import segments


class Past(NamedTuple):
    """Folders with copies of the archive's files."""

    older: Path  # the state at the last closing
    newer: Path  # with changes of another machine, closed there
    midway: Path  # with changes of another machine, still open there
    other: Path  # an unrelated archive
    rng: Random


Meddle = Callable[[Path, Past], Path | None]
"""Returns the archive's new path if it was moved."""


def _copy(source: Path, target: Path, past: Past) -> None:
    """Overwrite the file in place, as `cp` does, or replace it by a new file."""
    if past.rng.random() < 0.5:
        shutil.copyfile(source, target)
    else:
        fresh = target.with_name("incoming")
        shutil.copyfile(source, fresh)
        fresh.replace(target)


def _copy_all(source: Path, path: Path, past: Past) -> None:
    for file in sorted(source.glob(f"{path.name}*")):
        if file.suffix != ".lock":
            _copy(file, path.with_name(file.name), past)


def older_snapshot(path: Path, past: Past) -> None:
    _copy(past.older / path.name, path, past)


def older_files(path: Path, past: Past) -> None:
    _copy_all(past.older, path, past)


def newer_snapshot(path: Path, past: Past) -> None:
    _copy(past.newer / path.name, path, past)


def newer_files(path: Path, past: Past) -> None:
    _copy_all(past.newer, path, past)


def newer_journal(path: Path, past: Past) -> None:
    for file in segments.listed(past.midway / path.name):
        _copy(file, path.with_name(file.name), past)


def files_midway(path: Path, past: Past) -> None:
    _copy_all(past.midway, path, past)


def another_archive(path: Path, past: Past) -> None:
    _copy(past.other / path.name, path, past)


def another_with_journal(path: Path, past: Past) -> None:
    _copy_all(past.other, path, past)


def no_journal(path: Path, past: Past) -> None:
    for file in segments.listed(path):
        file.unlink()


def no_last_segment(path: Path, past: Past) -> None:
    for file in segments.listed(path)[-1:]:
        file.unlink()


def no_snapshot(path: Path, past: Past) -> None:
    path.unlink(missing_ok=True)


def nothing_left(path: Path, past: Past) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink(missing_ok=True)  # the program deletes drafts meanwhile


def garbage_in_journal(path: Path, past: Past) -> None:
    for file in segments.listed(path)[-1:]:
        with file.open("ab") as journal:
            journal.write(past.rng.randbytes(past.rng.randrange(1, 60)))


def garbage_in_snapshot(path: Path, past: Past) -> None:
    with path.open("ab") as snapshot:
        snapshot.write(b"\n{}")


def cut_journal(path: Path, past: Past) -> None:
    for file in segments.listed(path)[-1:]:
        os.truncate(file, past.rng.randrange(file.stat().st_size + 1))


def touched(path: Path, past: Past) -> None:
    """Change only the modification times."""
    for file in path.parent.glob(f"{path.name}*"):
        os.utime(file)


def no_lock(path: Path, past: Past) -> None:
    path.with_name(f"{path.name}.lock").unlink(missing_ok=True)


def other_lock(path: Path, past: Past) -> None:
    lock = path.with_name(f"{path.name}.lock")
    lock.unlink(missing_ok=True)
    lock.write_text("{}")


def folder_renamed(path: Path, past: Past) -> Path:
    there = path.parent.with_name(f"{path.parent.name}-renamed")
    path.parent.rename(there)
    return there / path.name


def folder_replaced(path: Path, past: Past) -> Path:
    """Rename the folder and put an older copy in its place."""
    there = folder_renamed(path, past)
    shutil.copytree(past.older, path.parent)
    return there


def folder_emptied(path: Path, past: Past) -> Path:
    there = folder_renamed(path, past)
    path.parent.mkdir()
    return there


def folder_read_only(path: Path, past: Past) -> None:
    path.parent.chmod(0o500)


WAYS: list[Meddle] = [
    older_snapshot,
    older_files,
    newer_snapshot,
    newer_files,
    newer_journal,
    files_midway,
    another_archive,
    another_with_journal,
    no_journal,
    no_last_segment,
    no_snapshot,
    nothing_left,
    garbage_in_journal,
    garbage_in_snapshot,
    cut_journal,
    touched,
    no_lock,
    other_lock,
    folder_renamed,
    folder_replaced,
    folder_emptied,
]
