"""The store: TinyDB on top of a snapshot and a journal (write-ahead log). No other package imports tinydb."""

from archive.store.archive_db import ArchiveDB
from archive.store.changes import Change, Entry, Head
from archive.store.related_search import Searched
from archive.store.select import UNSORTED, Sort

__all__ = ["UNSORTED", "ArchiveDB", "Change", "Entry", "Head", "Searched", "Sort"]
