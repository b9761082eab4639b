"""Test that an archive opens for writing if possible, and read-only otherwise."""

import os
from pathlib import Path

import pytest
from harm import change_byte, make
from strategies import NOW

from archive.errors import ArchiveError, CannotWrite, Damaged, InUse
from archive.service import open_mode
from archive.service.archive import Archive
from archive.service.open_mode import open_as_allowed


def test_a_free_archive_opens_for_writing(path: Path, settings) -> None:
    archive = open_as_allowed(path, settings, lambda: NOW)
    assert archive.why_reading == ""
    archive.close()


def test_an_archive_in_use_opens_read_only_and_names_the_process(path: Path, settings) -> None:
    holder = Archive.open(make(path), settings, clock=lambda: NOW)
    archive = open_as_allowed(path, settings, lambda: NOW)
    assert archive.why_reading.startswith("The archive is in use by process")
    assert archive.count("customers") == 3
    with pytest.raises(CannotWrite, match="open read-only"):
        archive.edit("customers", "c0", full_name="Other")
    archive.close()
    holder.close()


def test_a_write_protected_archive_opens_read_only(path: Path, settings, monkeypatch) -> None:
    make(path)
    monkeypatch.setattr(open_mode.os, "access", lambda _path, mode: mode == os.F_OK)
    archive = open_as_allowed(path, settings, lambda: NOW)
    assert "is write-protected" in archive.why_reading
    archive.close()


def test_a_name_that_is_too_long_is_refused(tmp_path: Path, settings) -> None:
    with pytest.raises(ArchiveError, match="name is too long"):
        open_as_allowed(tmp_path / ("x" * 300), settings, lambda: NOW)


def test_an_archive_that_cannot_be_opened_either_way_is_refused(path: Path, settings) -> None:
    holder = Archive.open(path, settings, create=True, clock=lambda: NOW)
    with pytest.raises(InUse):
        open_as_allowed(path, settings, lambda: NOW)
    holder.close()
    change_byte(make(path), 500)
    with pytest.raises(Damaged):
        open_as_allowed(path, settings, lambda: NOW)
