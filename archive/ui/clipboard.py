"""What leaves the program by the clipboard."""

from __future__ import annotations

from typing import Any, cast

from textual.app import App

from archive.text import clean_lines, pasteable, without_hidden


class PlainClipboard:
    """Put before an app class: the only way to the clipboard, for our commands and for Textual's own copying.

    What is copied is pasted into a shell some day, and may come from a stranger's file: a line break would run it, an
    escape would end a bracketed paste or steer the terminal.
    """

    copied = ""
    """What was copied last, its lines kept, for pasting within the program."""

    def copy_to_clipboard(self, text: str) -> None:
        """Put a text on the clipboard, on one line and without controls."""
        self.copied = clean_lines(without_hidden(text))
        cast("App[Any]", super()).copy_to_clipboard(pasteable(text))
