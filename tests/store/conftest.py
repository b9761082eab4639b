"""Fixtures for the tests of the store."""

import pytest
from strategies import NOW

from archive.service.archive import Archive


@pytest.fixture
def reopened(archive, path, settings):
    """Return a function that closes the archive and opens it again."""
    opened = []

    def again(**options) -> Archive:
        for old in (archive, *opened):
            old.close()
        opened.append(Archive.open(path, settings, clock=lambda: NOW, **options))
        return opened[-1]

    yield again
    for old in opened:
        old.close()
