"""What the tests of the screens share: archives with invented customers, and the folder exports go to."""

from pathlib import Path

import pytest
from driving import fill, people

from archive.settings import Settings


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Exports go to a folder of the test."""
    folder = tmp_path / "exports"
    folder.mkdir()
    return settings._replace(export_folder=str(folder))


@pytest.fixture
def filled(path: Path, settings: Settings) -> Path:
    """An archive with four customers, a dealing, a contact and a product."""
    return fill(path, settings, people())
