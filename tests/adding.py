"""Add file formats to the program for a test. A format is a single file."""

from importlib import invalidate_caches
from pathlib import Path

import pytest

from archive.exchange import formats

ADDED = Path(__file__).parent / "one_file" / "formats"


def add_formats(monkeypatch: pytest.MonkeyPatch, folder: Path = ADDED) -> None:
    """Register the formats in a folder, by default JSON Lines, as if its files were in the package."""
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(folder)])
    invalidate_caches()
