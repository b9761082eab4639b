"""Unsaved form data, stored in a file beside the archive, so that nothing is lost in a crash."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from threading import Lock
from typing import Any

from archive.errors import ArchiveError, NotFound
from archive.file_status import is_strangers
from archive.files import cannot_write, write_whole
from archive.inputs import open_to_read, read_open
from archive.text import _

Texts = Mapping[str, Any]  # by key: a text, a list of texts, or a list of entries as JSON


@dataclass(frozen=True)
class Draft:
    """The contents of an unsaved form: its table, the record's uid ("" if new), and the texts of its fields."""

    table: str
    uid: str
    group: str
    title: str
    since: str
    texts: Texts

    def __post_init__(self) -> None:
        """Raise TypeError if the values read from a file have the wrong types."""
        words = (self.table, self.uid, self.group, self.title, self.since)
        if not all(isinstance(word, str) for word in words) or not isinstance(self.texts, Mapping):
            raise TypeError

    @property
    def key(self) -> str:
        """The key of the form. A second draft of the same form replaces the first."""
        return f"{self.table}/{self.uid}/{self.group}"


class Drafts:
    """The drafts of an archive.

    Each change is on the disk when its method returns; the method raises ArchiveError if that fails.

    An unreadable file is renamed, never deleted, and a message is added to `notices`. Symbolic links are not followed,
    and another user's file is not read: anybody with write access to the folder could plant such a file.
    """

    def __init__(self, archive: Path) -> None:
        self.path = archive.with_name(archive.name + ".drafts")
        self._archive = archive
        self.notices: list[str] = []
        self._guard = Lock()  # forms write from worker threads

    def all(self) -> list[Draft]:
        """Return all drafts."""
        with self._guard:
            return list(self._read().values())

    def put(self, draft: Draft) -> None:
        """Store a draft."""
        with self._guard:
            self._write({**self._read(), draft.key: draft})

    def drop(self, key: str) -> None:
        """Delete a draft that was saved or discarded."""
        with self._guard:
            drafts = self._read()
            if drafts.pop(key, None):
                self._write(drafts)

    def _read(self) -> dict[str, Draft]:
        try:
            drafts = [Draft(**raw) for raw in json.loads(self._content().decode("utf-8", "surrogatepass"))]
        except NotFound:
            return {}
        except (ArchiveError, ValueError, TypeError, RecursionError):
            self._set_aside()
            return {}
        return {draft.key: draft for draft in drafts}

    def _content(self) -> bytes:
        with open_to_read(self.path, follow=False) as descriptor:
            if is_strangers(os.fstat(descriptor).st_uid, self._archive):
                raise PermissionError
            return read_open(descriptor, self.path)

    def _set_aside(self) -> None:
        renamed = self._free_name()
        try:
            self.path.rename(renamed)
        except OSError as error:
            raise cannot_write(
                self.path, error, _("Delete or move it so that drafts can be saved.")
            ) from error
        sentence = _("The drafts in {path} cannot be read. The file was renamed to {kept}.")
        self.notices.append(sentence.format(path=self.path, kept=renamed.name))

    def _free_name(self) -> Path:
        """Return an unused name for an unreadable file."""
        endings = chain([".unreadable"], (f".unreadable-{n}" for n in count(2)))
        names = (self.path.with_name(self.path.name + ending) for ending in endings)
        return next(name for name in names if not os.path.lexists(name))

    def _write(self, drafts: dict[str, Draft]) -> None:
        rows = [draft.__dict__ for draft in drafts.values()]
        if rows:
            data = json.dumps(rows, ensure_ascii=False, default=dict).encode("utf-8", "surrogatepass")
            write_whole(self.path, data, force=True, follow=False)
            return
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(self.path, error) from error
