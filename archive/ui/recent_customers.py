"""Remember which customers were opened last or are pinned; the file is written off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock

from textual.app import App

from archive.errors import ArchiveError
from archive.service.recent import Recent, read_recent, write_recent


class RecentCustomers:
    """The recent and pinned customers of the archive at `path`."""

    def __init__(self, app: App[None], path: Path, show_error: Callable[[ArchiveError], None]) -> None:
        self._app, self._path, self._show_error = app, path, show_error
        self._recent: Recent | None = None  # not read yet
        self._written: Recent | None = None
        self._guard = Lock()  # serialises writes, so that an older state never replaces a newer one
        self.rests = False  # read-only or demo: nothing is written

    @property
    def now(self) -> Recent:
        """The recent and pinned customers; the file is read on first access."""
        if self._recent is None:
            self._recent = self._written = read_recent(self._path)
        return self._recent

    def opened(self, uid: str) -> None:
        """Put a customer at the top of the recent ones. An error of writing is not worth a message."""
        if self.now.opened[:1] != (uid,):
            self._change(self.now.with_opened(uid), told=False)

    def turn(self, uid: str) -> bool:
        """Pin or unpin a customer. Return whether it is pinned now."""
        self._change(self.now.with_turned(uid), told=True)
        return uid in self.now.pinned

    def finish(self) -> None:
        """Write the latest state now, because the program is ending."""
        with suppress(ArchiveError):  # no screen is left to show the error
            self._write()

    def _change(self, recent: Recent, *, told: bool) -> None:
        self._recent = recent
        if not self.rests:
            self._app.run_worker(self._write_soon(told), group="recent", exit_on_error=False)

    async def _write_soon(self, told: bool) -> None:
        try:
            await asyncio.to_thread(self._write)
        except ArchiveError as error:
            if told:
                self._show_error(error)

    def _write(self) -> None:
        with self._guard:
            recent = self._recent
            if recent is not None and recent != self._written and not self.rests:
                write_recent(self._path, recent)
                self._written = recent
