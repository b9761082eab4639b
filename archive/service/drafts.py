"""What was typed and not yet saved. It lies beside the archive, so that a crash or a closed terminal loses nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from threading import Lock
from typing import Any

from archive.errors import NotFound
from archive.files import read_bytes, write_whole

Texts = Mapping[str, Any]  # key -> a text, a list of texts, or a list of parts in JSON


@dataclass(frozen=True)
class Draft:
    """A form as it was left: its table, the record it changes ("" for a new one), and what stood in its fields."""

    table: str
    uid: str
    group: str
    title: str
    since: str
    texts: Texts

    def __post_init__(self) -> None:
        """TypeError for what no form left."""
        words = (self.table, self.uid, self.group, self.title, self.since)
        if not all(isinstance(word, str) for word in words) or not isinstance(self.texts, Mapping):
            raise TypeError

    @property
    def key(self) -> str:
        """One draft a form: a second one for the same record takes its place."""
        return f"{self.table}/{self.uid}/{self.group}"


class Drafts:
    """The drafts of one archive. Each change is on the disk when its method returns."""

    def __init__(self, archive: Path) -> None:
        self.path = archive.with_name(archive.name + ".drafts")
        self._guard = Lock()  # forms write from worker threads

    def all(self) -> list[Draft]:
        """The drafts that were left. A file that cannot be read is set aside, never deleted."""
        with self._guard:
            return list(self._read().values())

    def put(self, draft: Draft) -> None:
        """Keep a draft."""
        with self._guard:
            self._write({**self._read(), draft.key: draft})

    def drop(self, key: str) -> None:
        """Forget a draft: it was saved or given up."""
        with self._guard:
            kept = self._read()
            if kept.pop(key, None):
                self._write(kept)

    def _read(self) -> dict[str, Draft]:
        try:
            drafts = [
                Draft(**raw) for raw in json.loads(read_bytes(self.path).decode("utf-8", "surrogatepass"))
            ]
        except NotFound:
            return {}
        except (ValueError, TypeError, RecursionError):
            self.path.rename(self._free_name())
            return {}
        return {draft.key: draft for draft in drafts}

    def _free_name(self) -> Path:
        """Where an unreadable file is put, beside those that were put there before."""
        endings = chain([".unreadable"], (f".unreadable-{n}" for n in count(2)))
        names = (self.path.with_name(self.path.name + ending) for ending in endings)
        return next(name for name in names if not os.path.lexists(name))

    def _write(self, drafts: dict[str, Draft]) -> None:
        if not drafts:
            self.path.unlink(missing_ok=True)
            return
        rows = [draft.__dict__ for draft in drafts.values()]
        write_whole(
            self.path,
            json.dumps(rows, ensure_ascii=False, default=dict).encode("utf-8", "surrogatepass"),
            force=True,
        )
