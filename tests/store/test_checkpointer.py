"""A child process compacts a long journal into a new snapshot; saves are not blocked by it."""

import re

import pytest
from strategies import NOW

from archive.errors import ForeignChange
from archive.files import write_whole
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.store import checkpoint, database, opening


@pytest.fixture
def compacting(path, settings, monkeypatch):
    """An archive that starts a compaction after every save."""
    monkeypatch.setattr(database, "LEAST", 0)
    opened = Archive.open(path, settings, create=True, clock=lambda: NOW, checkpoints=True)
    yield opened
    opened.close()


def person(name: str) -> Customer:
    return Customer(kind="person", full_name=name)


def names(path) -> list[str]:
    return sorted(Archive.open(path, write=False, clock=lambda: NOW).names("customers"))


def test_a_long_journal_is_compacted_while_more_changes_are_saved(compacting, path):
    compacting.save(person("Ada"))
    child = compacting._db.storage.database._checkpointer
    assert compacting._db.storage.database.is_compacting
    compacting.save(person("Bea"))
    child.wait()
    assert names(path) == sorted(compacting.names("customers")) == ["Ada", "Bea"]
    assert opening.load(path, write=False).snapshot.lsn >= 1
    assert len(opening.load(path, write=False).frames) <= 1
    compacting.undo()
    compacting.redo()
    compacting.save(person("Cem"))
    compacting.close()
    assert names(path) == ["Ada", "Bea", "Cem"]
    assert [entry.label for entry in Archive.open(path, write=False).history()][-1] == "New customer: Ada"


def left(path) -> set[str]:
    """Return the names of the archive and the files beside it, without its journal."""
    found = {file.name for file in path.parent.iterdir() if file.name.startswith((".", path.name))}
    return {name for name in found if not re.search(r"\.j[0-9]+$", name)}


def test_closing_the_archive_stops_a_running_compaction_without_leftovers(compacting, path):
    compacting.save(person("Ada"))
    child = compacting._db.storage.database._checkpointer
    compacting.close()
    assert child._process.returncode is not None
    assert left(path) == {path.name, f"{path.name}.lock"}
    assert names(path) == ["Ada"]


def test_a_process_that_ends_without_closing_stops_a_running_compaction(compacting, path):
    compacting.save(person("Ada"))
    child = compacting._db.storage.database._checkpointer
    compacting.abandon()
    child._process.wait(30)  # it was killed, but may take a moment to end
    assert left(path) == {path.name, f"{path.name}.lock"}
    assert names(path) == ["Ada"]


def test_abandoning_works_without_a_running_compaction(path, settings):
    opened = Archive.open(path, settings, create=True, clock=lambda: NOW)
    opened.abandon()
    opened.close()


def test_a_snapshot_is_not_installed_over_a_file_that_another_program_changed(compacting, path):
    compacting.save(person("Ada"))
    write_whole(path, path.read_bytes() + b" ", force=True)
    compacting._db.storage.database._checkpointer.wait()
    with pytest.raises(ForeignChange):
        compacting.close()
    assert path.read_bytes().endswith(b" ")


def test_an_outdated_snapshot_is_not_installed_over_a_newer_one(compacting, path):
    compacting.save(person("Ada"))
    held = compacting._db.storage.database
    child = held._checkpointer
    with held.guard:
        held.compact()
        newer = path.read_bytes()
    child.wait()
    assert path.read_bytes() == newer


def test_a_missing_index_file_of_a_large_archive_is_written(path, settings, monkeypatch):
    monkeypatch.setattr(database, "WORTH_AN_INDEX", 0)
    monkeypatch.setattr(checkpoint, "WORTH_AN_INDEX", 0)
    first = Archive.open(path, settings, create=True, clock=lambda: NOW)
    first.save(person("Ada"))
    first.close()
    for index in path.parent.glob("*.idx"):
        index.unlink()
    again = Archive.open(path, settings, clock=lambda: NOW)
    assert again.names("customers") == ["Ada"]
    again.close()
    assert len(list(path.parent.glob("*.idx"))) == 1
