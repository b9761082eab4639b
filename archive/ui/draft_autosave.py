"""Autosave unsaved input to disk, off the event loop, so that it survives the end of the program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock

from textual.app import App

from archive.errors import ArchiveError
from archive.service.drafts import Draft, Drafts


class DraftAutosave:
    """The drafts of the archive at `path`. A newer draft of the same form replaces a queued draft."""

    def __init__(self, app: App[None], path: Path, show_error: Callable[[ArchiveError], None]) -> None:
        self._app = app
        self._show_error = show_error
        self._drafts = Drafts(path)
        self._waiting: dict[str, Draft | None] = {}  # by draft key; None means delete
        self._guard = Lock()  # serialises writes, so that an older draft never replaces a newer draft
        self._writing = False
        self._offered = False
        self._is_closed = False
        self._last_error = ""  # last error shown: on a full disk every key press raises the same error
        self.rests = False  # read-only: another program has the archive open and owns the drafts

    def left_behind(self) -> list[Draft]:
        """Return the drafts left by the previous run; empty on every later call."""
        first, self._offered = not self._offered, True
        if not first or self.rests:
            return []
        try:
            return self._drafts.all()
        except ArchiveError as error:
            self._show_error(error)
            return []
        finally:
            self._tell()

    def keep(self, draft: Draft) -> None:
        """Save a draft; delete it if it has no text."""
        self._put(draft.key, draft if draft.texts else None)

    def drop(self, key: str) -> None:
        """Delete a draft that was saved as a record or discarded."""
        self._put(key, None)

    def keep_now(self, find: Callable[[], Draft | None]) -> None:
        """Write the queued drafts and the draft returned by `find`, if any. Thread-safe."""
        self.finish()
        draft = None if self.rests else find()
        if draft and draft.texts:
            self._waiting[draft.key] = draft
            self.finish()

    def close(self, find: Callable[[], Draft | None]) -> None:
        """Like `keep_now`, but accept no drafts afterwards: later input is included in the draft from `find`."""
        self._is_closed = True
        self.keep_now(find)

    async def unkept(self) -> ArchiveError | None:
        """Write the queued drafts. Return the error if unsaved input could not be written, else None."""
        try:
            await asyncio.to_thread(self._write_all)
        except ArchiveError as error:
            return error if any(self._waiting.values()) else None
        return None

    def finish(self) -> None:
        """Write the queued drafts now, because the program is ending. Thread-safe."""
        with suppress(ArchiveError):  # no screen is left to show the error
            self._write_all()

    def _write_all(self) -> None:
        while self._write_next():
            pass

    def _put(self, key: str, draft: Draft | None) -> None:
        if self.rests or (draft and self._is_closed):
            return
        self._waiting[key] = draft
        if not self._writing:
            self._writing = True
            self._app.run_worker(self._write_waiting(), group="drafts", exit_on_error=False)

    async def _write_waiting(self) -> None:
        try:
            while self._waiting:
                await asyncio.to_thread(self._write_next)
                self._last_error = ""
                self._tell()
        except ArchiveError as error:
            if str(error) != self._last_error:
                self._last_error = str(error)
                self._show_error(error)
        finally:
            self._writing = False

    def _write_next(self) -> bool:
        """Write the next queued draft, or return False if there is none.

        A draft stays in the queue until it is written: if no thread is free before the end, `finish` writes it.
        """
        with self._guard:
            try:
                key, draft = self._waiting.popitem()
            except KeyError:
                return False
            try:
                self._drafts.put(draft) if draft else self._drafts.drop(key)
            except ArchiveError:
                self._waiting.setdefault(key, draft)  # retry later, unless a newer draft is queued
                raise
            return True

    def _tell(self) -> None:
        """Report draft files that could not be read, and where they were moved."""
        while self._drafts.notices:
            self._show_error(ArchiveError(self._drafts.notices.pop()))
