"""A file and a journal of two branches of one archive are never taken for one."""

import shutil

import pytest
from saved import files_of, person
from strategies import NOW

from archive.errors import Damaged, ForeignChange
from archive.service.archive import Archive
from archive.service.repairing import repair
from archive.store import changes, checkpointer, opening
from archive.store.copying import replace
from archive.store.state import State
from archive.store.wal import records, segments


def opened(path) -> Archive:
    return Archive.open(path, create=True, clock=lambda: NOW)


def save(path, *names, close=True) -> Archive:
    archive = opened(path)
    for name in names:
        archive.save(person(name))
    if close:
        archive.close()
    return archive


def left(path, *names) -> None:
    """Save, and leave the files as a program that was killed does."""
    archive = save(path, *names, close=False)
    kept = files_of(path)
    archive.close()
    for file in files_of(path):
        path.with_name(file).unlink()
    for name, data in kept.items():
        path.with_name(name).write_bytes(data)


@pytest.fixture
def branches(path):
    """An archive in which Ada was saved, and a copy of it on another machine."""
    save(path, "Ada")
    there = path.parent / "elsewhere" / path.name
    there.parent.mkdir()
    shutil.copy(path, there)
    return path, there


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (["Bea"], ["Cem"]),  # the file ends where the journal does
        (["Bea"], ["Cem", "Dan"]),  # behind it
        (["Bea", "Eve"], ["Cem"]),  # before it
        (["Bea", "Eve"], ["Cem", "Dan", "Fay", "Gil"]),
    ],
)
def test_the_file_of_another_branch_is_not_joined_with_our_journal(branches, here, there):
    ours, theirs = branches
    left(ours, *here)
    save(theirs, *there)
    shutil.copy(theirs, ours)
    before = files_of(ours)
    for write in (True, False):
        with pytest.raises(Damaged, match="Another program changed"):
            Archive.open(ours, write=write, clock=lambda: NOW)
    assert files_of(ours) == before


def test_a_person_decides_which_branch_to_continue(branches):
    ours, theirs = branches
    left(ours, "Bea", "Eve")
    save(theirs, "Cem")
    shutil.copy(theirs, ours)
    before = files_of(ours)
    with pytest.raises(Damaged, match="--take file"):
        repair(ours, NOW)
    assert files_of(ours) == before
    done = repair(ours, NOW, "file")
    assert names(ours) == {"Ada", "Cem"}
    assert {file.name: file.read_bytes() for file in done.copies.iterdir()} == before


def test_the_journal_of_another_branch_is_not_joined_with_our_file(branches):
    ours, theirs = branches
    save(ours, "Bea")
    left(theirs, "Cem", "Dan")
    for segment in segments.listed(theirs):
        shutil.copy(segment, ours.parent)
    with pytest.raises(Damaged):
        opened(ours)


def test_a_journal_that_begins_with_the_same_change_is_not_joined_with_another_file(branches):
    """Both branches were compacted at the same number: only what came before tells them apart."""
    ours, theirs = branches
    save(ours, "Bea")
    save(theirs, "Cem")
    left(theirs, "Dan")
    shutil.copy(segments.listed(theirs)[-1], ours.parent)
    with pytest.raises(Damaged):
        opened(ours)


def test_an_undo_that_the_files_have_lost_is_kept_in_a_copy(branches):
    ours, theirs = branches
    window = save(ours, "Bea", close=False)
    window.undo()
    save(theirs, "Cem")
    shutil.copy(theirs, ours)
    with pytest.raises(ForeignChange, match="Your changes are in"):
        window.close()


def crashed_compaction(path, *names) -> None:
    """The files after a crash between the new snapshot and the end of its journal."""
    left(path, *names)
    journal = {file: file.read_bytes() for file in segments.listed(path)}
    opened(path).close()
    for file, data in journal.items():
        file.write_bytes(data)


def names(path) -> set[str]:
    archive = opened(path)
    found = set(archive.names("customers"))
    archive.close()
    return found


@pytest.fixture
def rotated(branches):
    """Two machines with changes 2 and 3, and the one here with 4 in a second segment, still open."""
    ours, theirs = branches
    left(theirs, "Cem", "Daniel")
    archive = save(ours, "Bea", "Eve", close=False)
    archive._db.storage.database._files.journal.rotate()
    archive.save(person("Fay"))
    (first, _second), (brought,) = segments.listed(ours), segments.listed(theirs)
    shutil.copy(brought, first)
    return ours, archive


def test_a_segment_of_another_branch_is_not_joined_with_the_one_that_follows_it(rotated):
    path, _archive = rotated
    with pytest.raises(Damaged, match="does not continue the file before it"):
        Archive.open(path, write=False)


def test_what_was_saved_here_is_copied_where_an_earlier_segment_was_replaced(rotated):
    path, archive = rotated
    with pytest.raises(ForeignChange, match="conflict"):
        archive.close()
    (copy,) = path.parent.glob("*-conflict-*.json")
    assert len(Archive.open(copy, write=False).select("customers")) == 4


def test_a_journal_that_a_crash_left_behind_its_snapshot_is_ours(branches):
    ours, _theirs = branches
    crashed_compaction(ours, "Bea", "Eve")
    left(ours, "Fay")
    assert names(ours) == {"Ada", "Bea", "Eve", "Fay"}


@pytest.fixture
def divided(branches, monkeypatch):
    """A journal of a version that divides a change into smaller frames than this one, left by a killed program."""
    ours, _theirs = branches
    with monkeypatch.context() as patched:
        patched.setattr(records, "PART", 50)
        archive = opened(ours)
        archive.save(person("Bea"), person("Eve"))
        kept = files_of(ours)
        archive.close()
    for name, data in kept.items():
        ours.with_name(name).write_bytes(data)
    return ours


def test_a_change_divided_into_other_frames_is_ours_after_a_crashed_compaction(divided):
    journal = {file: file.read_bytes() for file in segments.listed(divided)}
    opened(divided).close()
    for file, data in journal.items():
        file.write_bytes(data)
    assert names(divided) == {"Ada", "Bea", "Eve"}


def test_a_change_divided_into_other_frames_is_ours_in_a_checkpoint_of_the_background(divided):
    reader = opening.load(divided, write=False)
    checkpointer.main([str(divided), str(reader.journal.last)])
    (written,) = divided.parent.glob("*.part")
    journal = opening.load(divided, write=False).journal
    assert opening.beside(written, divided, "")[0].tail == journal.tail


def test_a_restore_that_a_crash_interrupted_opens_whatever_the_frames_of_its_journal(divided):
    journal = {file: file.read_bytes() for file in segments.listed(divided)}
    loaded = opening.load(divided, write=False)
    state = State(loaded.snapshot, loaded.arrays)
    replace(divided, state, loaded.journal.last + 1, {})
    for file, data in journal.items():
        file.write_bytes(data)
    assert names(divided) == {"Ada"}


def test_a_window_continues_after_a_failed_save_whatever_the_frames_of_its_last_change(divided):
    archive = opened(divided)
    archive._db.storage.database._files.journal._broken = True
    archive.save(person("Fay"))
    archive.close()
    assert names(divided) == {"Ada", "Bea", "Eve", "Fay"}


def test_an_old_segment_that_could_not_be_deleted_is_ours(branches):
    ours, _theirs = branches
    crashed_compaction(ours, "Bea")
    (old,) = segments.listed(ours)
    data = old.read_bytes()
    save(ours, "Eve")
    old.write_bytes(data)
    assert names(ours) == {"Ada", "Bea", "Eve"}


def test_an_old_segment_of_entries_that_the_history_has_dropped_is_ours(branches, monkeypatch):
    ours, _theirs = branches
    crashed_compaction(ours, "Bea")
    (old,) = segments.listed(ours)
    data = old.read_bytes()
    monkeypatch.setattr(changes, "KEPT_ENTRIES", 1)
    monkeypatch.setattr(changes, "KEPT_DAYS", -1)
    save(ours, "Eve", "Fay")
    old.write_bytes(data)
    assert names(ours) == {"Ada", "Bea", "Eve", "Fay"}


def test_files_of_a_version_that_noted_no_branch_open(branches, monkeypatch):
    """Neither the snapshot nor the segments say what came before."""
    ours, _theirs = branches
    monkeypatch.setattr(segments, "_tail_in", lambda payload: "")
    monkeypatch.setattr("archive.store.snapshot.Snapshot.tail", "")
    left(ours, "Bea", "Eve")
    assert names(ours) == {"Ada", "Bea", "Eve"}
    loaded = opening.load(ours, write=False)
    assert loaded.snapshot.lsn == 3
