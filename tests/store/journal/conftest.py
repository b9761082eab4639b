"""Fixtures for the tests of the journal."""

import pytest


@pytest.fixture
def first(path):
    """The path of the first segment."""
    return path.with_name("archive.json.j000001")
