"""Sanitise text that is copied to the clipboard."""

from __future__ import annotations

from typing import Any, cast

from textual.app import App

from archive.text import clean_lines, pasteable, without_hidden


class PlainClipboard:
    """Mixin for the app that sanitises everything copied to the clipboard, by our commands and by Textual itself.

    Copied text may come from an untrusted file and be pasted into a shell. There a line break would run it as a
    command, and an escape sequence could end a bracketed paste or control the terminal.
    """

    copied = ""
    """The text copied last, with its line breaks, for pasting within the program."""

    def copy_to_clipboard(self, text: str) -> None:
        """Copy text to the clipboard as a single line without control characters."""
        self.copied = clean_lines(without_hidden(text))
        cast("App[Any]", super()).copy_to_clipboard(pasteable(text))
