"""A save is on the disk completely or not at all, writes only the change, and stock TinyDB can read the file."""

import os

import pytest
from saved import add, files_of, memory_of, person, tables_of
from strategies import NOW, TODAY
from tinydb import TinyDB

from archive.errors import BadValue, CannotWrite
from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive


def test_an_acknowledged_save_is_on_the_disk(archive, path, reopened):
    (uid,) = add(archive, person("王建国", tags=("vip",)))
    assert tables_of(path)["customers"][uid]["full_name"] == "王建国"
    assert reopened().get(Customer, uid).tags == ("vip",)


def test_stock_tinydb_opens_the_file(archive, path):
    add(archive, person("North"), person("South"))
    archive.close()
    with TinyDB(path, access_mode="r") as db:
        rows = db.table("customers").all()
    assert [row["full_name"] for row in rows] == ["North", "South"]
    assert [row.doc_id for row in rows] == [1, 2]


def test_each_record_is_a_line_of_the_file(archive, path):
    add(archive, person("North", background="one\ntwo"), person("South"))
    archive.close()
    lines = path.read_text("utf-8").splitlines()
    assert sum("full_name" in line for line in lines if '"label"' not in line) == 2


def test_saving_an_unchanged_record_writes_nothing(archive, path):
    (uid,) = add(archive, person("North"))
    before = path.stat().st_mtime_ns, files_of(path)
    assert archive.save(archive.get(Customer, uid)) is None
    assert archive.delete("customers", ["f" * 16]) is None
    assert (path.stat().st_mtime_ns, files_of(path)) == before
    assert len(archive.history()) == 1


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o277])
def test_only_the_owner_can_read_the_files_whatever_the_umask(tmp_path, settings, umask):
    old = os.umask(umask)
    try:
        folder = tmp_path / "new"
        if umask == 0o277:
            folder.mkdir()
            folder.chmod(0o700)
        archive = Archive.open(folder / "a.json", settings, create=True, clock=lambda: NOW)
        add(archive, person("North"))
        archive.close()
    finally:
        os.umask(old)
    assert (folder / "a.json").stat().st_mode & 0o777 == 0o600
    assert (folder / "a.json.lock").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(p.name for p in folder.iterdir()) == ["a.json", "a.json.lock"]


FAILING = ["write", "fdatasync"]


@pytest.mark.parametrize("call", FAILING)
def test_a_failed_save_leaves_files_and_memory_unchanged(archive, path, tmp_path, monkeypatch, call):
    uid, other = add(archive, person("North"), person("South"))
    add(archive, Transaction(customer=Ref(uid), on=TODAY))
    archive.undo()
    before = files_of(path), memory_of(archive), archive.history(), archive.revision

    def fail(*_args, **_options):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, call, fail)
        for change in (
            lambda: archive.save(person("West")),
            lambda: archive.edit("customers", uid, full_name="X"),
            lambda: archive.delete("customers", [other]),
            archive.undo,
            archive.redo,
        ):
            with pytest.raises(CannotWrite, match=r"disk is full|No space") as caught:
                change()
            assert "opened again" not in caught.value.hint  # the next save can work without reopening
    assert (files_of(path), memory_of(archive), archive.history(), archive.revision) == before
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith((".", "archive"))) == [
        "archive.json",
        "archive.json.j000001",
        "archive.json.lock",
    ]
    archive.save(person("West"))
    assert memory_of(archive) == tables_of(path)


def test_values_that_cannot_be_stored_are_refused_and_nothing_changes(archive, path):
    (uid,) = add(archive, person("North"))
    before = files_of(path)
    for bad in ({"later": float("nan")}, {"later": "\ud800"}):
        with pytest.raises(BadValue, match="cannot be stored"):
            archive.save(archive.get(Customer, uid).with_values(rest=bad))
    assert files_of(path) == before
    assert archive.get(Customer, uid).rest == {}


def test_a_save_writes_only_the_change(archive, path):
    uids = add(archive, *(person(f"N{n}") for n in range(500)))
    archive.edit("customers", uids[6], grade="A")
    before = {name: len(data) for name, data in files_of(path).items()}
    archive.edit("customers", uids[7], grade="A")
    grown = {name: len(data) - before[name] for name, data in files_of(path).items()}
    assert grown["archive.json"] == 0
    assert grown["archive.json.j000001"] < 1_000
