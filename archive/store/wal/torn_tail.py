"""Describe unreadable bytes in a journal: a torn tail, or damage in the middle.

If the last change is unreadable, nothing shows for certain whether it was acknowledged: an interrupted save leaves the
same traces as a saved change that was damaged later. So messages name both causes, the likelier first.
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

_SHOWN = 10  # records named in a message
_READ = 1 << 20  # bytes searched for names
_LABEL = re.compile(rb'\[[0-9]{1,18},[0-9]{1,18},("(?:[^"\\]|\\.){0,200}")')
_CHANGE = re.compile(rb'\["([a-z_]{1,40})","([0-9]{1,18})",')
_NAMES = [
    re.compile(rb'"(?:%b)":("(?:[^"\\]|\\.){0,80}")' % keys)
    for keys in (b"full_name|name|title", b"code|uid")
]


class Tail(NamedTuple):
    """The end of the last journal segment, which contains no complete change."""

    path: Path
    start: int
    data: bytes
    bad: bytes  # the end of `data`, after any intact frames

    @property
    def is_likely_damage(self) -> bool:
        """Whether the change was probably saved: an interrupted save leaves only part of one line."""
        return length_at(self.bad) == len(self.bad) or b"\n" in self.bad[:-1]

    @property
    def message(self) -> str:
        """A message with both possible causes, the likelier first."""
        excerpt = glimpsed(self.data)
        if not self.start:
            message = _(
                "{path} has no complete first line. Either the program was stopped just after "
                "creating this file, or changes saved in it are lost."
            )
        elif self.is_likely_damage:
            message = _(
                "{path}: from byte {n} on, nothing can be read{what}. Either one or more saved changes"
                " were damaged there, or a power cut interrupted the last save."
            )
        else:
            message = _(
                "{path}: from byte {n} on, no change is complete{what}. Either the last save was interrupted, or one"
                " or more saved changes were lost there."
            )
        return message.format(path=self.path, n=self.start, what=f" ({excerpt})" if excerpt else "")


def glimpsed(data: bytes) -> str:
    """Return the readable parts of a damaged change, its label and its records; "" if nothing is readable."""
    start = data[:_READ]
    label = _LABEL.search(start)
    parts = [_text(label[1])] if label else []
    parts += dict.fromkeys(islice(_records(start), _SHOWN + 1))
    if len(parts) > _SHOWN:
        parts[_SHOWN:] = ["..."]
    return ", ".join(filter(None, parts))


def _records(data: bytes) -> Iterator[str]:
    for change in _CHANGE.finditer(data):
        table = str(change[1], "ascii")
        if table in STORED:
            following = _CHANGE.search(data, change.end())
            end = following.start() if following else len(data)
            matches = (names.search(data, change.end(), end) for names in _NAMES)
            name = next((text for match in matches if match and (text := _text(match[1]))), "")
            yield f"{table} {int(change[2])}" + (f": {name}" if name else "")


def _text(raw: bytes) -> str:
    try:
        return str(json.loads(str(raw, "utf-8", "replace")))
    except ValueError:
        return ""
