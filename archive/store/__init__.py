"""Where an archive is kept. The only package that imports tinydb; the rest of the program sees `Store`."""

from archive.store.changes import Change, Entry
from archive.store.select import UNSORTED, Sort
from archive.store.store import Store

__all__ = ["UNSORTED", "Change", "Entry", "Sort", "Store"]
