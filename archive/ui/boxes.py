"""Notification boxes for errors and warnings."""

from __future__ import annotations

from time import monotonic

from textual.app import App

from archive.errors import ArchiveError
from archive.text import clean

ERROR_STAYS = 12.0  # seconds
WARNING_STAYS = 20.0  # longer, because a warning at startup affects all further work


class Boxes:
    """Shows errors and warnings as notifications of an app."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._last_error = ("", 0.0)  # last error of `error_once`, and when its box closes

    def error(self, error: ArchiveError) -> None:
        """Show an error with its hint."""
        title, text = (error.message, error.hint) if error.hint else ("", error.message)
        self._app.notify(clean(text), title=clean(title), severity="error", markup=False, timeout=ERROR_STAYS)

    def error_once(self, error: ArchiveError) -> None:
        """Show an error unless its box is still open, because every row of a table may raise the same error."""
        text, until = self._last_error
        if str(error) != text or monotonic() >= until:
            self._last_error = (str(error), monotonic() + ERROR_STAYS)
            self.error(error)

    def warning(self, sentence: str) -> None:
        """Show a warning."""
        self._app.notify(clean(sentence), severity="warning", markup=False, timeout=WARNING_STAYS)
