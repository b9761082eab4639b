"""Helpers that write small journals and read them back."""

from archive.store.wal.log import Journal
from archive.store.wal.records import LogRecord

UUID = "0123456789abcdef"


def frame(lsn, name="Ada", changes=1):
    return LogRecord(
        lsn, 7, "edit", [["customers", str(n), {"name": name}, None] for n in range(changes)], {}
    )


def opened(path, *, write=True, uuid=UUID):
    return Journal(path, uuid, write=write)


def filled(path, last, *, first=1):
    """Write the changes `first` to `last` to the journal, and return it open for writing."""
    journal = opened(path)
    list(journal.read(first - 1))
    for lsn in range(first, last + 1):
        journal.append(frame(lsn))
    return journal


def lsns(journal, after=0):
    return [found.lsn for found in journal.read(after)]


def names(path):
    return sorted(found.name for found in path.parent.iterdir())
