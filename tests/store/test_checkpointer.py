"""A long journal becomes a new snapshot in a process of its own, and nobody who works with the archive waits for it."""

import re

import pytest
from strategies import NOW

from archive.errors import ForeignChange
from archive.files import write_whole
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.store import checkpoint, database, opening


@pytest.fixture
def kept_up(path, settings, monkeypatch):
    """An archive in which every save makes the journal too long."""
    monkeypatch.setattr(database, "LEAST", 0)
    opened = Archive.open(path, settings, create=True, clock=lambda: NOW, checkpoints=True)
    yield opened
    opened.close()


def person(name: str) -> Customer:
    return Customer(kind="person", full_name=name)


def names(path) -> list[str]:
    return sorted(Archive.open(path, write=False, clock=lambda: NOW).names("customers"))


def test_a_long_journal_becomes_a_snapshot_while_more_is_saved(kept_up, path):
    kept_up.save(person("Ada"))
    child = kept_up._db.storage.database._checkpointer
    assert kept_up._db.storage.database.is_compacting
    kept_up.save(person("Bea"))
    child.wait()
    assert names(path) == sorted(kept_up.names("customers")) == ["Ada", "Bea"]
    assert opening.load(path, write=False).snapshot.lsn >= 1
    assert len(opening.load(path, write=False).frames) <= 1
    kept_up.undo()
    kept_up.redo()
    kept_up.save(person("Cem"))
    kept_up.close()
    assert names(path) == ["Ada", "Bea", "Cem"]
    assert [entry.label for entry in Archive.open(path, write=False).history()][-1] == "New customer: Ada"


def left(path) -> set[str]:
    """The files beside the archive, without its journal."""
    found = {file.name for file in path.parent.iterdir() if file.name.startswith((".", path.name))}
    return {name for name in found if not re.search(r"\.j[0-9]+$", name)}


def test_a_child_that_was_at_work_when_the_archive_was_closed_leaves_nothing(kept_up, path):
    kept_up.save(person("Ada"))
    child = kept_up._db.storage.database._checkpointer
    kept_up.close()
    assert child._process.returncode is not None
    assert left(path) == {path.name, f"{path.name}.lock"}
    assert names(path) == ["Ada"]


def test_a_child_at_work_is_stopped_by_a_process_that_ends_without_closing(kept_up, path):
    kept_up.save(person("Ada"))
    child = kept_up._db.storage.database._checkpointer
    kept_up.abandon()
    child._process.wait(30)  # it was killed, and may take its time to go
    assert left(path) == {path.name, f"{path.name}.lock"}
    assert names(path) == ["Ada"]


def test_there_may_be_no_child_to_stop(path, settings):
    opened = Archive.open(path, settings, create=True, clock=lambda: NOW)
    opened.abandon()
    opened.close()


def test_a_snapshot_of_a_file_that_another_program_changed_meanwhile_is_not_put_in_its_place(kept_up, path):
    kept_up.save(person("Ada"))
    write_whole(path, path.read_bytes() + b" ", force=True)
    kept_up._db.storage.database._checkpointer.wait()
    with pytest.raises(ForeignChange):
        kept_up.close()
    assert path.read_bytes().endswith(b" ")


def test_a_snapshot_that_was_overtaken_is_not_put_in_the_place_of_the_newer_one(kept_up, path):
    kept_up.save(person("Ada"))
    held = kept_up._db.storage.database
    child = held._checkpointer
    with held.guard:
        held.compact()
        newer = path.read_bytes()
    child.wait()
    assert path.read_bytes() == newer


def test_a_large_archive_without_what_is_derived_gets_it(path, settings, monkeypatch):
    monkeypatch.setattr(database, "WORTH_AN_INDEX", 0)
    monkeypatch.setattr(checkpoint, "WORTH_AN_INDEX", 0)
    first = Archive.open(path, settings, create=True, clock=lambda: NOW)
    first.save(person("Ada"))
    first.close()
    for shelf in path.parent.glob("*.idx"):
        shelf.unlink()
    again = Archive.open(path, settings, clock=lambda: NOW)
    assert again.names("customers") == ["Ada"]
    again.close()
    assert len(list(path.parent.glob("*.idx"))) == 1
