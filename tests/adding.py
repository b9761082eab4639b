"""Add file formats to the program for a test: whoever adds one writes a single file."""

from importlib import invalidate_caches
from pathlib import Path

import pytest

from archive.exchange import formats

ADDED = Path(__file__).parent / "one_file" / "formats"


def add_formats(monkeypatch: pytest.MonkeyPatch, folder: Path = ADDED) -> None:
    """Add the formats of a folder, as if their files were in the registry; by default JSON Lines."""
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(folder)])
    invalidate_caches()
