"""Choosing a file among folders."""

from __future__ import annotations

from pathlib import Path

from textual_fspicker import FileOpen, Filters

from archive.text import _

SUFFIXES = (".csv", ".tsv", ".txt")


class FilePick(FileOpen):
    """Folders and the files that can be imported."""

    def __init__(self, folder: Path) -> None:
        filters = Filters(
            (_("Sheets as text"), lambda path: path.suffix.lower() in SUFFIXES),
            (_("All files"), lambda _path: True),
        )
        super().__init__(folder, _("Import which file?"), filters=filters)
