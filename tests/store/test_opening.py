"""Opening an archive: its snapshot and journal are combined, checked and compacted."""

import errno
import json
import os
import runpy
import sys
from pathlib import Path

import pytest
from strategies import NOW
from tinydb import TinyDB, where

from archive.errors import ArchiveError, CannotWrite, Damaged, InUse
from archive.files import write_whole
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.store import checkpoint, checkpointer, database, opening, overlay, snapshot, state, summaries
from archive.store.wal import segments


def opened(path: Path, **options) -> Archive:
    return Archive.open(path, clock=lambda: NOW, **options)


def made(path: Path, *names: str) -> Path:
    """Make an archive with these customers, each saved separately and still in the journal."""
    archive = opened(path, create=True)
    for name in names:
        archive.save(Customer(kind="person", full_name=name))
    archive._db.storage.database._files.close()
    return path


def names(path: Path) -> list[str]:
    return sorted(opened(path, write=False).names("customers"))


def test_an_older_archive_is_migrated_together_with_its_journal(path, monkeypatch):
    with monkeypatch.context() as older:
        for module in (opening, opening.migrated.__globals__):
            (older.setattr if module is opening else older.setitem)(module, "SCHEMA", 1)
        made(path, "Ada", "Bea")
    assert snapshot.read(path.read_bytes(), path).meta["schema"] == 1
    archive = opened(path)
    assert sorted(archive.names("customers")) == ["Ada", "Bea"]
    archive.save(Customer(kind="person", full_name="Cem"))
    archive._db.storage.database._files.close()
    assert names(path) == ["Ada", "Bea", "Cem"]
    archive = opened(path)
    for _change in range(3):
        archive.undo()
    archive.close()
    assert names(path) == []
    assert snapshot.read(path.read_bytes(), path).meta["schema"] == 2


def test_the_index_file_is_not_used_for_a_file_that_tinydb_wrote(path, monkeypatch):
    for module in (database, checkpoint):
        monkeypatch.setattr(module, "WORTH_AN_INDEX", 0)
    made(path, "Ada")
    opened(path).close()
    with TinyDB(path) as db:
        db.table("customers").update({"full_name": "Zoe"}, where("full_name") == "Ada")
    for write in (False, True):
        archive = opened(path, write=write)
        assert archive.select("customers", "ada") == []
        assert len(archive.select("customers", "zoe")) == 1
        archive.close()
    assert names(path) == ["Zoe"]


def test_a_record_number_with_a_leading_zero_is_damage(path):
    rows = {"7": {"uid": "a", "kind": "person"}, "07": {"uid": "b", "kind": "person"}}
    meta = {"format": "customer-archive", "schema": 2, "uuid": "u"}
    path.write_text(json.dumps({"_meta": {"1": meta}, "customers": rows}))
    with pytest.raises(Damaged, match="does not contain tables"):
        opened(path)


def test_a_reader_reads_again_if_a_new_snapshot_was_installed_in_the_meantime(path, monkeypatch):
    made(path, "Ada", "Bea")
    load = opening._loaded

    def overtaken(*words):
        found = load(*words)
        monkeypatch.setattr(opening, "_loaded", load)
        opened(path).close()
        return found

    monkeypatch.setattr(opening, "_loaded", overtaken)
    assert names(path) == ["Ada", "Bea"]


def test_a_reader_reads_again_after_an_inconsistent_read(path, monkeypatch):
    made(path, "Ada")
    load = opening._loaded

    def broken(*words):
        monkeypatch.setattr(opening, "_loaded", load)
        opened(path).close()
        raise Damaged("half")

    monkeypatch.setattr(opening, "_loaded", broken)
    assert names(path) == ["Ada"]


def test_a_file_that_keeps_changing_is_in_use(path, monkeypatch):
    made(path, "Ada")
    count = iter(range(100))
    monkeypatch.setattr(opening, "stamp_of", lambda path: (next(count),))
    with pytest.raises(InUse, match="keeps changing while it is being read"):
        opened(path, write=False)


def test_a_journal_that_does_not_follow_another_programs_file_is_refused(path):
    made(path, "Ada", "Bea")
    opened(path).close()
    archive = opened(path)
    archive.save(Customer(kind="person", full_name="Cem"))
    archive._db.storage.database._files.close()
    tables = json.loads(path.read_bytes())
    tables["_meta"]["1"]["lsn"] = 0
    path.write_text(json.dumps(tables))
    with pytest.raises(Damaged, match="Another program changed"):
        opened(path)


def test_a_failed_opening_releases_the_lock(path, monkeypatch):
    made(path, "Ada")
    with monkeypatch.context() as broken:
        broken.setattr(state.State, "apply", lambda self, frame: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            opened(path)
    opened(path).close()


def test_changes_since_an_lsn_are_listed_unless_the_snapshot_contains_them(path):
    made(path, "Ada", "Bea", "Cem")
    archive = opened(path)
    held = archive._db.storage.database
    assert [frame.lsn for frame in held.changes_since(1)] == [2, 3]
    assert held.changes_since(3) == []
    held.compact()
    assert held.changes_since(1) is None
    assert held.changes_since(3) == []
    archive.close()


def test_a_new_snapshot_that_does_not_verify_is_not_installed(path, monkeypatch):
    made(path, "Ada")
    archive = opened(path)
    before = path.read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr(checkpoint, "map_file", lambda written: b"{}")
        with pytest.raises(Damaged, match="other data than was written"):
            archive._db.storage.compact()
    assert path.read_bytes() == before
    assert not list(path.parent.glob(".archive-*"))
    archive.close()
    assert names(path) == ["Ada"]


def test_caches_of_records_and_summaries_are_limited(path, monkeypatch):
    monkeypatch.setattr(overlay, "_KEPT", 2)
    monkeypatch.setattr(summaries, "_AT_HAND", 2)
    made(path, *"ABCDE")
    opened(path).close()
    archive = opened(path, write=False)
    for _again in range(2):
        uids = archive.select("customers")
        assert [archive.get(Customer, uid).full_name for uid in uids] == list("ABCDE")
        assert [archive.summary(uid).orders for uid in uids] == [0] * 5


def test_the_child_writes_a_snapshot_up_to_the_given_lsn(path, capsys):
    made(path, "Ada", "Bea")
    checkpointer.main([str(path), "1"])
    written, name = capsys.readouterr().out.splitlines()
    found = snapshot.read(Path(written).read_bytes(), path)
    assert (found.lsn, found.name, len(found.lines("customers"))) == (1, name, 1)
    assert names(path) == ["Ada", "Bea"]


def test_the_child_runs_as_a_program(path, monkeypatch, capsys):
    made(path, "Ada")
    monkeypatch.setattr(sys, "argv", ["checkpoints", str(path), "1"])
    monkeypatch.delitem(sys.modules, "archive.store.checkpointer")
    runpy.run_module("archive.store.checkpointer", run_name="__main__")
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_closing_a_large_archive_leaves_a_short_journal(path, monkeypatch):
    for module in (database, checkpoint):
        monkeypatch.setattr(module, "WORTH_AN_INDEX", 0)
    made(path, "Ada")
    opened(path).close()
    before = path.read_bytes()
    archive = opened(path)
    archive.save(Customer(kind="person", full_name="Bea"))
    archive.close()
    assert path.read_bytes() == before
    assert names(path) == ["Ada", "Bea"]


def test_saving_continues_with_a_snapshot_whose_sync_failed(path, monkeypatch):
    made(path, "Ada", "Bea")
    archive = opened(path)

    def fail(_folder):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as broken:
        broken.setattr(checkpoint, "sync_folder", fail)
        with pytest.raises(CannotWrite):
            archive._db.storage.compact()
    assert segments.listed(path)
    archive.save(Customer(kind="person", full_name="Cem"))
    archive.undo()
    archive.redo()
    assert names(path) == sorted(archive.names("customers")) == ["Ada", "Bea", "Cem"]
    archive.close()
    assert names(path) == ["Ada", "Bea", "Cem"]


def test_a_disk_error_is_not_mistaken_for_a_missing_file(path, monkeypatch):
    made(path, "Ada")
    stat = Path.stat

    def fail(self, **options):
        if self == path:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return stat(self, **options)

    monkeypatch.setattr(Path, "stat", fail)
    with pytest.raises(ArchiveError, match="cannot be read"):
        opening.stamp_of(path)
    monkeypatch.setattr(opening, "exists", lambda path: True)
    with pytest.raises(ArchiveError, match="cannot be read"):
        opening.stamp_of(path)


def test_an_infinite_number_is_damage(path):
    path.write_text('{"_meta": {"1": {"format": "customer-archive", "schema": 2}}, "x": {"1": {"n": 1e999}}}')
    with pytest.raises(Damaged, match="not allowed in an archive"):
        opened(path)


def test_a_child_that_failed_changes_nothing(path, monkeypatch):
    made(path, "Ada")
    seen = []
    child = checkpointer.BackgroundCheckpointer(path.with_name("nothing") / "a.json", 1, seen.append)
    child.wait()
    assert seen == []


def test_a_save_succeeds_even_if_the_child_cannot_be_started(path, monkeypatch):
    def fail(*_words, **_options):
        raise BlockingIOError(11, os.strerror(11))

    monkeypatch.setattr(database, "LEAST", 0)
    monkeypatch.setattr(checkpointer.subprocess, "Popen", fail)
    archive = opened(path, create=True, checkpoints=True)
    archive.save(Customer(kind="person", full_name="Ada"))
    archive.close()
    assert names(path) == ["Ada"]


def test_a_checkpoint_of_a_former_snapshot_is_not_installed(path):
    made(path, "Ada")
    archive = opened(path)
    held = archive._db.storage.database
    prepared = checkpoint.write_checkpoint(path, held.state.overlays, 1)
    held._install_checkpoint("another", 1, prepared)
    assert prepared.path.exists()
    archive.close()


@pytest.mark.parametrize("since", [0, 3, 40])
def test_changes_saved_during_a_checkpoint_are_there_after_it_is_installed(path, since):
    made(path, "Ada")
    archive = opened(path)
    held = archive._db.storage.database
    first, lsn = held._files.snapshot.name, held._files.lsn
    prepared = checkpoint.write_checkpoint(path, held.state.overlays, lsn)
    for number in range(since):
        archive.save(Customer(kind="person", full_name=f"Later {number}"))
    held._install_checkpoint(first, lsn, prepared)
    assert held._files.snapshot.name == prepared.name != first
    archive.save(Customer(kind="person", full_name="Zoe"))
    archive.undo()
    wanted = sorted(["Ada", *(f"Later {number}" for number in range(since))])
    assert sorted(archive.columns("customers", ["full_name"])["full_name"]) == wanted
    archive.close()
    assert sorted(names(path)) == wanted


def test_an_incomplete_file_is_left_unchanged(path):
    write_whole(made(path, "Ada"), b'{"_meta":{\n', force=True)
    with pytest.raises(ArchiveError):
        opened(path)
    assert path.read_bytes() == b'{"_meta":{\n'
