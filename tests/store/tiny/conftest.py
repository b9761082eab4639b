"""What the tests of TinyDB on a journal share: a database, opened as often as wanted."""

import pytest

from archive.store import ArchiveDB
from archive.store.storage import JournalStorage


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data.json"


@pytest.fixture
def opened(path):
    """Open the file as often as wanted; what is open still at the end is closed."""
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
