"""What a save promises: on the disk or not at all, only what changed, and readable by TinyDB itself."""

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


def test_a_save_that_returned_is_on_the_disk(archive, path, reopened):
    (uid,) = add(archive, person("王建国", tags=("vip",)))
    assert tables_of(path)["customers"][uid]["full_name"] == "王建国"
    assert reopened().get(Customer, uid).tags == ("vip",)


def test_tinydb_itself_opens_the_file(archive, path):
    add(archive, person("North"), person("South"))
    archive.close()
    with TinyDB(path, access_mode="r") as db:
        rows = db.table("customers").all()
    assert [row["full_name"] for row in rows] == ["North", "South"]
    assert [row.doc_id for row in rows] == [1, 2]


def test_a_record_is_one_line(archive, path):
    add(archive, person("North", background="one\ntwo"), person("South"))
    archive.close()
    lines = path.read_text("utf-8").splitlines()
    assert sum("full_name" in line for line in lines if '"label"' not in line) == 2


def test_saving_what_is_there_already_writes_nothing(archive, path):
    (uid,) = add(archive, person("North"))
    before = path.stat().st_mtime_ns, files_of(path)
    assert archive.save(archive.get(Customer, uid)) is None
    assert archive.delete("customers", ["f" * 16]) is None
    assert (path.stat().st_mtime_ns, files_of(path)) == before
    assert len(archive.history()) == 1


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o277])
def test_the_files_are_for_their_owner_only_whatever_the_umask(tmp_path, settings, umask):
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
def test_a_save_that_fails_leaves_file_and_memory_as_they_were(archive, path, tmp_path, monkeypatch, call):
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
            assert "opened again" not in caught.value.hint  # for the next save works as soon as it can
    assert (files_of(path), memory_of(archive), archive.history(), archive.revision) == before
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith((".", "archive"))) == [
        "archive.json",
        "archive.json.j000001",
        "archive.json.lock",
    ]
    archive.save(person("West"))
    assert memory_of(archive) == tables_of(path)


def test_what_no_file_can_keep_is_refused_and_nothing_changes(archive, path):
    (uid,) = add(archive, person("North"))
    before = files_of(path)
    for bad in ({"later": float("nan")}, {"later": "\ud800"}):
        with pytest.raises(BadValue, match="cannot be stored"):
            archive.save(archive.get(Customer, uid).with_values(rest=bad))
    assert files_of(path) == before
    assert archive.get(Customer, uid).rest == {}


def test_a_save_writes_what_changed_and_nothing_else(archive, path):
    uids = add(archive, *(person(f"N{n}") for n in range(500)))
    archive.edit("customers", uids[6], grade="A")
    before = {name: len(data) for name, data in files_of(path).items()}
    archive.edit("customers", uids[7], grade="A")
    grown = {name: len(data) - before[name] for name, data in files_of(path).items()}
    assert grown["archive.json"] == 0
    assert grown["archive.json.j000001"] < 1_000
