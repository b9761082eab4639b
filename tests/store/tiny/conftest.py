"""Fixtures for the tests of the TinyDB interface."""

import pytest

from archive.store import ArchiveDB
from archive.store.storage import JournalStorage


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data.json"


@pytest.fixture
def opened(path):
    """Return a function that opens the file; all databases are closed at the end of the test."""
    made = []

    def again(cls=ArchiveDB, **options):
        made.append(cls(path, storage=JournalStorage, **options))
        return made[-1]

    yield again
    for db in made:
        db.close()


@pytest.fixture
def db(opened):
    return opened()
