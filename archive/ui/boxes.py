"""The boxes in which errors and warnings stand in front of a screen for a while."""

from __future__ import annotations

from time import monotonic

from textual.app import App

from archive.errors import ArchiveError
from archive.text import clean

ERROR_STAYS = 12.0  # seconds
WARNING_STAYS = 20.0  # a warning at opening concerns all that is done after it


class Boxes:
    """Shows errors and warnings of one program."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._shown = ("", 0.0)  # the last error of `error_once`, and until when its box stands

    def error(self, error: ArchiveError) -> None:
        """Show an error with its hint."""
        title, text = (error.message, error.hint) if error.hint else ("", error.message)
        self._app.notify(clean(text), title=clean(title), severity="error", markup=False, timeout=ERROR_STAYS)

    def error_once(self, error: ArchiveError) -> None:
        """Show an error unless its box stands already: each row of a table may have the same one."""
        said, until = self._shown
        if str(error) != said or monotonic() >= until:
            self._shown = (str(error), monotonic() + ERROR_STAYS)
            self.error(error)

    def warning(self, sentence: str) -> None:
        """Show a warning."""
        self._app.notify(clean(sentence), severity="warning", markup=False, timeout=WARNING_STAYS)
