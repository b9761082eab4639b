"""The status lines of all open screens, which show the same message, so that it outlives the screen in front."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import App

from archive.ui.widgets.frame import StatusLine


class StatusLines:
    """Messages in the status lines of an app."""

    def __init__(self, app: App[None]) -> None:
        self._app = app

    def say(self, text: str, *, error: bool) -> None:
        """Show a message."""
        for line in self._lines():
            line.say(text, error=error)
            line.follow()

    def follow(self) -> None:
        """Drop messages that are older than the last change, and show what undo would undo now."""
        for line in self._lines():
            line.follow()

    def show_work(self, words: str) -> None:
        """Show that work takes long, or with "" that it has ended."""
        for line in self._lines():
            line.working = words

    def _lines(self) -> Iterator[StatusLine]:
        for screen in self._app.screen_stack:
            yield from screen.query(StatusLine)
