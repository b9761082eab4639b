"""Textual's app, adapted to a terminal program that must lose no key and print no customer data."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from rich.text import Text
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.driver import Driver
from textual.events import Event, Key, Paste
from textual.filter import LineFilter

from archive.ui.crash import EndsWithErrors, crash_report
from archive.ui.housekeeping import Housekeeping
from archive.ui.key_queue import KeyQueue
from archive.ui.output_filter import PLAIN
from archive.ui.repeats import RepeatGuard
from archive.ui.signals import Ending
from archive.ui.typed_ahead import TypedAhead


class TerminalApp(EndsWithErrors, App[None]):
    """Delivers keys in order, filters the output, survives a hang-up, and reports errors without their data."""

    ending: Ending

    def __init__(self) -> None:
        super().__init__()
        self.typed = KeyQueue(self, self._deliver)
        self.repeats = RepeatGuard(self.typed)
        self.typed_ahead = TypedAhead()
        self.housekeeping = Housekeeping(self, self.typed)

    async def on_event(self, event: Event) -> None:
        """Queue keys and pastes, which keep their order; handle everything else at once."""
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            await self.typed.put(event)
        else:
            await super().on_event(event)

    async def _deliver(self, typed: Key | Paste) -> None:
        if self.screen_stack:  # empty once the program ends
            self.typed_ahead.delivering(typed, self.focused)
            await super().on_event(typed)

    def get_driver_class(self) -> type[Driver]:
        """Return our driver, which survives a hang-up; Textual's own on Windows or if TEXTUAL_DRIVER is set."""
        if sys.platform == "win32" or os.environ.get("TEXTUAL_DRIVER"):
            return super().get_driver_class()
        from archive.ui.terminal import Terminal  # needs termios, which Windows lacks

        return Terminal

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add the last filter, which strips control characters from every rendered line."""
        return [*super().get_line_filters(), PLAIN]

    def pop_screen(self) -> AwaitComplete:
        """Close the screen in front and free the cached styles of its widgets."""
        closed = super().pop_screen()
        self.housekeeping.screen_closed()
        return closed

    def _fatal_error(self) -> None:
        """Print the location of the error, without the customer data in local variables."""
        error = sys.exception()
        if not (self._exit_renderables or self.ending.has_begun):  # only the first, if there is a terminal
            self._exit_renderables.append(Text(crash_report(error)))
        self._close_messages_no_wait()
