"""What can be told of a change that does not read: at the end of a journal, or in the middle of one.

Whether the last change was acknowledged cannot be told for certain if it does not read: a save that was interrupted
leaves the same traces as a saved change that was damaged later. So messages name both, the likelier one first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from archive.model.tables import STORED
from archive.store.wal.records import length_at
from archive.text import _

_SHOWN = 10  # records that are named
_READ = 1 << 20  # bytes that are looked through for names
_LABEL = re.compile(rb'\[[0-9]{1,18},[0-9]{1,18},("(?:[^"\\]|\\.){0,200}")')
_CHANGE = re.compile(rb'\["([a-z_]{1,40})","([0-9]{1,18})",')
_NAMES = [
    re.compile(rb'"(?:%b)":("(?:[^"\\]|\\.){0,80}")' % keys)
    for keys in (b"full_name|name|title", b"code|uid")
]


class Tail(NamedTuple):
    """The end of the last file of a journal, from which no change reads."""

    path: Path
    start: int
    data: bytes
    bad: bytes  # of that what does not read

    @property
    def is_likely_damage(self) -> bool:
        """Whether the change was probably saved: a save that was interrupted leaves a part of one line."""
        return length_at(self.bad) == len(self.bad) or b"\n" in self.bad[:-1]

    @property
    def said(self) -> str:
        """Both things that may have happened, the likelier one first."""
        what = glimpsed(self.data)
        if not self.start:
            told = _(
                "{path} has no complete first line. Either the program was stopped when it had just begun this file,"
                " or changes that were saved in it are lost."
            )
        elif self.is_likely_damage:
            told = _(
                "{path}: from byte {n} on, nothing reads as it was written{what}. Either one or more saved changes"
                " were damaged there, or a power cut interrupted the last save."
            )
        else:
            told = _(
                "{path}: from byte {n} on, no change is complete{what}. Either the last save was interrupted, or one"
                " or more saved changes were lost there."
            )
        return told.format(path=self.path, n=self.start, what=f" ({what})" if what else "")


def glimpsed(data: bytes) -> str:
    """The label of a change and the records in it, as far as they read; "" if nothing does."""
    seen = data[:_READ]
    label = _LABEL.search(seen)
    told = [_text(label[1])] if label else []
    told += dict.fromkeys(islice(_records(seen), _SHOWN + 1))
    if len(told) > _SHOWN:
        told[_SHOWN:] = ["..."]
    return ", ".join(filter(None, told))


def _records(data: bytes) -> Iterator[str]:
    for change in _CHANGE.finditer(data):
        table = str(change[1], "ascii")
        if table in STORED:
            following = _CHANGE.search(data, change.end())
            end = following.start() if following else len(data)
            found = (names.search(data, change.end(), end) for names in _NAMES)
            name = next((text for one in found if one and (text := _text(one[1]))), "")
            yield f"{table} {int(change[2])}" + (f": {name}" if name else "")


def _text(raw: bytes) -> str:
    try:
        return str(json.loads(str(raw, "utf-8", "replace")))
    except ValueError:
        return ""
