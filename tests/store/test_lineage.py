"""A snapshot and a journal from different branches of an archive are never combined."""

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
    """Save, and leave the files as a killed program does."""
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
        (["Bea"], ["Cem"]),  # the snapshot has the same LSN as the journal
        (["Bea"], ["Cem", "Dan"]),  # the snapshot has a later LSN
        (["Bea", "Eve"], ["Cem"]),  # the snapshot has an earlier LSN
        (["Bea", "Eve"], ["Cem", "Dan", "Fay", "Gil"]),
    ],
)
def test_a_snapshot_of_another_branch_is_not_combined_with_our_journal(branches, here, there):
    ours, theirs = branches
    left(ours, *here)
    save(theirs, *there)
    shutil.copy(theirs, ours)
    before = files_of(ours)
    for write in (True, False):
        with pytest.raises(Damaged, match="Another program changed"):
            Archive.open(ours, write=write, clock=lambda: NOW)
    assert files_of(ours) == before


def test_the_user_decides_which_branch_to_keep(branches):
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


def test_a_journal_of_another_branch_is_not_combined_with_our_snapshot(branches):
    ours, theirs = branches
    save(ours, "Bea")
    left(theirs, "Cem", "Dan")
    for segment in segments.listed(theirs):
        shutil.copy(segment, ours.parent)
    with pytest.raises(Damaged):
        opened(ours)


def test_a_journal_that_starts_at_the_same_lsn_is_not_combined_with_another_snapshot(branches):
    """Both branches were compacted at the same LSN, so that only the earlier changes tell them apart."""
    ours, theirs = branches
    save(ours, "Bea")
    save(theirs, "Cem")
    left(theirs, "Dan")
    shutil.copy(segments.listed(theirs)[-1], ours.parent)
    with pytest.raises(Damaged):
        opened(ours)


def test_an_undo_missing_from_the_files_is_kept_in_a_copy(branches):
    ours, theirs = branches
    window = save(ours, "Bea", close=False)
    window.undo()
    save(theirs, "Cem")
    shutil.copy(theirs, ours)
    with pytest.raises(ForeignChange, match="Your changes are in"):
        window.close()


def crashed_compaction(path, *names) -> None:
    """Leave the files as after a crash between writing a new snapshot and deleting the journal."""
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
    """An open archive with change 4 in a second segment, whose first segment was replaced by another machine's."""
    ours, theirs = branches
    left(theirs, "Cem", "Daniel")
    archive = save(ours, "Bea", "Eve", close=False)
    archive._db.storage.database._files.journal.rotate()
    archive.save(person("Fay"))
    (first, _second), (brought,) = segments.listed(ours), segments.listed(theirs)
    shutil.copy(brought, first)
    return ours, archive


def test_a_segment_of_another_branch_is_not_combined_with_the_next_segment(rotated):
    path, _archive = rotated
    with pytest.raises(Damaged, match="does not continue the file before it"):
        Archive.open(path, write=False)


def test_changes_saved_here_are_copied_if_an_earlier_segment_was_replaced(rotated):
    path, archive = rotated
    with pytest.raises(ForeignChange, match="conflict"):
        archive.close()
    (copy,) = path.parent.glob("*-conflict-*.json")
    assert len(Archive.open(copy, write=False).select("customers")) == 4


def test_a_journal_left_by_a_crashed_compaction_is_accepted(branches):
    ours, _theirs = branches
    crashed_compaction(ours, "Bea", "Eve")
    left(ours, "Fay")
    assert names(ours) == {"Ada", "Bea", "Eve", "Fay"}


@pytest.fixture
def other_frames(branches, monkeypatch):
    """The journal of a killed program of another version, which splits changes into smaller frames."""
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


def test_a_change_split_differently_is_accepted_after_a_crashed_compaction(other_frames):
    journal = {file: file.read_bytes() for file in segments.listed(other_frames)}
    opened(other_frames).close()
    for file, data in journal.items():
        file.write_bytes(data)
    assert names(other_frames) == {"Ada", "Bea", "Eve"}


def test_a_change_split_differently_is_accepted_in_a_background_checkpoint(other_frames):
    reader = opening.load(other_frames, write=False)
    checkpointer.main([str(other_frames), str(reader.journal.last)])
    (written,) = other_frames.parent.glob("*.part")
    journal = opening.load(other_frames, write=False).journal
    assert opening.beside(written, other_frames, "")[0].tail == journal.tail


def test_an_interrupted_restore_opens_even_if_changes_are_split_differently(other_frames):
    journal = {file: file.read_bytes() for file in segments.listed(other_frames)}
    loaded = opening.load(other_frames, write=False)
    state = State(loaded.snapshot, loaded.arrays)
    replace(other_frames, state, loaded.journal.last + 1, {})
    for file, data in journal.items():
        file.write_bytes(data)
    assert names(other_frames) == {"Ada"}


def test_a_save_works_after_a_failed_one_even_if_the_last_change_is_split_differently(other_frames):
    archive = opened(other_frames)
    archive._db.storage.database._files.journal._broken = True
    archive.save(person("Fay"))
    archive.close()
    assert names(other_frames) == {"Ada", "Bea", "Eve", "Fay"}


def test_an_old_segment_that_could_not_be_deleted_is_accepted(branches):
    ours, _theirs = branches
    crashed_compaction(ours, "Bea")
    (old,) = segments.listed(ours)
    data = old.read_bytes()
    save(ours, "Eve")
    old.write_bytes(data)
    assert names(ours) == {"Ada", "Bea", "Eve"}


def test_an_old_segment_is_accepted_after_its_history_entries_were_dropped(branches, monkeypatch):
    ours, _theirs = branches
    crashed_compaction(ours, "Bea")
    (old,) = segments.listed(ours)
    data = old.read_bytes()
    monkeypatch.setattr(changes, "KEPT_ENTRIES", 1)
    monkeypatch.setattr(changes, "KEPT_DAYS", -1)
    save(ours, "Eve", "Fay")
    old.write_bytes(data)
    assert names(ours) == {"Ada", "Bea", "Eve", "Fay"}


def test_files_of_a_version_without_branch_fingerprints_can_be_opened(branches, monkeypatch):
    """Neither the snapshot nor the segments have a fingerprint of the changes before them."""
    ours, _theirs = branches
    monkeypatch.setattr(segments, "_tail_in", lambda payload: "")
    monkeypatch.setattr("archive.store.snapshot.Snapshot.tail", "")
    left(ours, "Bea", "Eve")
    assert names(ours) == {"Ada", "Bea", "Eve"}
    loaded = opening.load(ours, write=False)
    assert loaded.snapshot.lsn == 3
