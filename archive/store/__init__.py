"""Where an archive is kept: TinyDB, on a journal and a snapshot. No other package imports tinydb."""

from archive.store.archive_db import ArchiveDB
from archive.store.changes import Change, Entry
from archive.store.select import UNSORTED, Sort

__all__ = ["UNSORTED", "ArchiveDB", "Change", "Entry", "Sort"]
