"""Keeps what is being typed, so that nothing is lost when the program ends: on the disk, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock

from textual.app import App

from archive.errors import ArchiveError
from archive.service.drafts import Draft, Drafts


class DraftKeeper:
    """The drafts of the archive at `path`. Of several of one form in a row the last one wins."""

    def __init__(self, app: App[None], path: Path, show_error: Callable[[ArchiveError], None]) -> None:
        self._app = app
        self._show_error = show_error
        self._drafts = Drafts(path)
        self._waiting: dict[str, Draft | None] = {}  # by its key; None: to be forgotten
        self._guard = Lock()  # one writes at a time, so that an older draft never replaces a newer one
        self._writing = False
        self._offered = False
        self._is_closed = False
        self._shown = ""  # the error on the screen: each key typed on a full disk has the same one
        self.rests = False  # the drafts are another program's that has the archive open

    def left_behind(self) -> list[Draft]:
        """What was left when the program ended last; nothing when asked again."""
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
        """Keep what was typed; a draft without texts is forgotten."""
        self._put(draft.key, draft if draft.texts else None)

    def drop(self, key: str) -> None:
        """Forget a draft that was saved or given up."""
        self._put(key, None)

    def keep_now(self, find: Callable[[], Draft | None]) -> None:
        """Write what is still waiting, and the draft that is found then, if any; from any thread."""
        self.finish()
        draft = None if self.rests else find()
        if draft and draft.texts:
            self._waiting[draft.key] = draft
            self.finish()

    def close(self, find: Callable[[], Draft | None]) -> None:
        """The same, and write no draft after that: what arrives in a form later is in the one that was found."""
        self._is_closed = True
        self.keep_now(find)

    async def unkept(self) -> ArchiveError | None:
        """Write what is still waiting, and return why what was typed is in no draft, None if it is."""
        try:
            await asyncio.to_thread(self._write_all)
        except ArchiveError as error:
            return error if any(self._waiting.values()) else None
        return None

    def finish(self) -> None:
        """Write what is still waiting now, because the program is ending; from any thread."""
        with suppress(ArchiveError):  # there is no screen left to show it on
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
                self._shown = ""
                self._tell()
        except ArchiveError as error:
            if str(error) != self._shown:
                self._shown = str(error)
                self._show_error(error)
        finally:
            self._writing = False

    def _write_next(self) -> bool:
        """Write one of the waiting drafts, False if there is none.

        A draft waits until its turn on the disk has come: if no thread is free until the end, `finish` finds it.
        """
        with self._guard:
            try:
                key, draft = self._waiting.popitem()
            except KeyError:
                return False
            try:
                self._drafts.put(draft) if draft else self._drafts.drop(key)
            except ArchiveError:
                self._waiting.setdefault(key, draft)  # for the next try, unless a newer one waits
                raise
            return True

    def _tell(self) -> None:
        """Say which file of drafts could not be read and where it was put."""
        while self._drafts.notices:
            self._show_error(ArchiveError(self._drafts.notices.pop()))
