"""A save whose sync fails is reported, removed from memory, and can be repeated."""

import errno
import os

import pytest
from strategies import NOW

from archive.errors import CannotWrite
from archive.model.records.customer import Customer
from archive.service.archive import Archive


def test_a_save_whose_sync_failed_can_be_repeated(tmp_path, monkeypatch):
    path = tmp_path / "archive.json"
    archive = Archive.open(path, create=True, clock=lambda: NOW)
    archive.save(Customer(kind="person", full_name="Marta Smith"))

    def fail(descriptor):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", fail)
        for _again in range(2):
            with pytest.raises(CannotWrite, match="cannot be written"):
                archive.save(Customer(kind="person", full_name="José Rossi"))
            assert archive.names("customers") == ["Marta Smith"]
    archive.save(Customer(kind="person", full_name="José Rossi"))
    archive.close()
    assert sorted(Archive.open(path, write=False).names("customers")) == ["José Rossi", "Marta Smith"]
