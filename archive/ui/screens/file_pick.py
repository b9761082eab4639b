"""Choosing a file among folders."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Button
from textual_fspicker import FileOpen, Filters
from textual_fspicker.file_dialog import FileFilter

from archive.text import _

SUFFIXES = (".csv", ".tsv", ".txt")


class FilePick(FileOpen):
    """Folders and the files that can be imported."""

    # The name has a line of its own: beside the filter and the buttons nothing is left of it at 80 columns.
    DEFAULT_CSS = """
    FilePick {
        Dialog { width: 100%; max-width: 100; height: 90%; }
        InputBar {
            layout: grid; grid-size: 3; grid-columns: 1fr auto auto; grid-rows: 1; grid-gutter: 1 2;
            height: auto; padding: 1 1 0 1;
            Input { width: 100%; height: 1; border: none; padding: 0; column-span: 3; background: $surface; }
            FileFilter { width: 100%; height: 1; }
            Button { width: auto; min-width: 8; margin: 0; }
        }
    }
    """

    def __init__(self, folder: Path) -> None:
        filters = Filters(
            (_("Sheets as text"), lambda path: path.suffix.lower() in SUFFIXES),
            (_("All files"), lambda _path: True),
        )
        super().__init__(folder, _("Import which file?"), filters=filters)

    def on_mount(self) -> None:
        """The filter and the buttons take one line each."""
        self.query_one(FileFilter).compact = True
        for button in self.query(Button):
            button.compact = True
