"""Files that another program changed while the archive is open are never overwritten, and no saved change is lost."""

import os
import shutil
from contextlib import suppress

import pytest
from saved import files_of, person
from strategies import NOW

from archive.errors import ArchiveError, CannotWrite, ForeignChange, InUse
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.store import checkpoint, database, mmap_file, snapshot
from archive.store.wal import segments


def opened(path, **options) -> Archive:
    return Archive.open(path, create=True, clock=lambda: NOW, **options)


def names(path) -> set[str]:
    reader = Archive.open(path, write=False, clock=lambda: NOW)
    found = set(reader.names("customers"))
    reader.close()
    return found


def recovered_names(path) -> set[str]:
    """Return the names in the archive and in the conflict copies beside it."""
    found = set()
    for file in (path, *path.parent.glob("archive-conflict-*.json")):
        with suppress(ArchiveError):
            found |= names(file)
    return found


@pytest.fixture
def window(path):
    """An open archive with Ada in the snapshot and Bea in the journal."""
    opened_first = opened(path)
    opened_first.save(person("Ada"))
    opened_first.close()
    window = opened(path)
    window.save(person("Bea"))
    yield window
    with suppress(ForeignChange):
        window.close()


def journal_of(path):
    return segments.listed(path)[-1]


def another_machine(path, *, closed: bool):
    """Return a copy of the archive from another machine, where Cem was saved instead of Bea."""
    folder = path.parent / "elsewhere"
    folder.mkdir()
    copy = folder / path.name
    shutil.copy(path, copy)
    other = opened(copy)
    other.save(person("Cem"))
    if closed:
        other.close()
    return copy


def replace(source, target):
    """Replace the file by a new file, as synchronisation tools do."""
    fresh = target.with_name("incoming")
    shutil.copy(source, fresh)
    fresh.replace(target)


def bring_journal(path):
    replace(journal_of(another_machine(path, closed=False)), journal_of(path))


def overwrite_journal(path):
    """Overwrite the journal with other content of the same size."""
    theirs = journal_of(another_machine(path, closed=False)).read_bytes()
    ours = journal_of(path)
    size = ours.stat().st_size
    with ours.open("r+b") as file:
        file.write(theirs.ljust(size)[:size])


def bring_archive(path):
    replace(another_machine(path, closed=True), path)


def bring_both(path):
    copy = another_machine(path, closed=False)
    replace(copy, path)
    replace(journal_of(copy), journal_of(path))


def bring_next_segment(path):
    shutil.copy(journal_of(another_machine(path, closed=False)), segments.named(path, 2))


CHANGES = {
    "another journal": bring_journal,
    "another journal in the same file": overwrite_journal,
    "another snapshot": bring_archive,
    "another archive": bring_both,
    "one more segment": bring_next_segment,
    "a journal cut off": lambda path: os.truncate(journal_of(path), 300),
    "a longer journal": lambda path: journal_of(path).open("ab").write(b"x"),
    "no journal": lambda path: journal_of(path).unlink(),
    "no snapshot": lambda path: path.unlink(),
    "a snapshot in place": lambda path: shutil.copyfile(another_machine(path, closed=True), path),
    "nothing at all": lambda path: (journal_of(path).unlink(), path.unlink()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_save_is_refused_and_changes_lost_from_the_files_are_kept_in_a_copy(path, window, change):
    change(path)
    before = files_of(path)
    with pytest.raises(ForeignChange, match="changed by another program"):
        window.save(person("Dan"))
    assert files_of(path) == before
    assert {"Ada", "Bea"} <= recovered_names(path)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_closing_leaves_every_file_in_place_and_loses_no_saved_change(path, window, change):
    change(path)
    before = files_of(path)
    with suppress(ForeignChange):
        window.close()
    assert files_of(path) == before
    assert {"Ada", "Bea"} <= recovered_names(path)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_compacting_is_refused(path, window, change):
    change(path)
    before = files_of(path)
    with pytest.raises(ForeignChange):
        window.compact()
    assert files_of(path) == before


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_snapshot_of_a_child_process_is_not_installed(path, window, change, monkeypatch):
    monkeypatch.setattr(database, "LEAST", 0)
    window.close()
    busy = opened(path, checkpoints=True)
    prepared = checkpoint.write_checkpoint(
        path, busy._db.storage.database.state.overlays, busy._db.storage.database._files.lsn
    )
    busy._db.storage.database._may_checkpoint = False
    busy.save(person("Eve"))
    change(path)
    before = files_of(path)
    with pytest.raises(ForeignChange):
        busy._db.storage.database._install_checkpoint(
            busy._db.storage.database._files.snapshot.name, 1, prepared
        )
    assert files_of(path) == before
    assert not prepared.path.exists()
    with suppress(ForeignChange):
        busy.close()


def test_a_single_conflict_copy_is_made_and_every_error_names_it(path, window):
    bring_both(path)
    with pytest.raises(ForeignChange) as saving:
        window.save(person("Dan"))
    (copy,) = path.parent.glob("archive-conflict-*.json")
    assert str(copy) in saving.value.hint
    assert names(copy) == {"Ada", "Bea"}
    assert names(path) == {"Ada", "Cem"}
    with pytest.raises(ForeignChange, match=str(copy)):
        window.save(person("Dan"))
    with pytest.raises(ForeignChange, match=str(copy)):  # the message of the save may no longer be visible
        window.close()
    assert [copy] == list(path.parent.glob("archive-conflict-*.json"))


def test_a_change_with_the_same_label_and_time_is_not_mistaken_for_ours(path):
    first = opened(path)
    first.save(person("Ada"))
    first.close()
    copy = path.with_name("copy.json")
    shutil.copy(path, copy)
    ours, theirs = opened(path), opened(copy)
    ours.save(person("Bea"), label="save")
    theirs.save(person("Cem"), label="save")
    theirs.close()
    copy.replace(path)
    journal_of(path).unlink()
    with pytest.raises(ForeignChange):
        ours.close()
    assert recovered_names(path) == {"Ada", "Bea", "Cem"}


def test_closing_says_where_the_copy_is(path, window):
    bring_both(path)
    with pytest.raises(
        ForeignChange, match=r"Your changes are in .*archive-conflict-[0-9-]+\.json. Open both files"
    ):
        window.close()


def test_a_second_copy_in_the_same_second_gets_another_name(path, window, monkeypatch):
    from archive.store import conflict

    monkeypatch.setattr(conflict, "STAMP", "now")
    path.with_name("archive-conflict-now.json").write_text("mine")
    bring_both(path)
    with pytest.raises(ForeignChange, match=r"archive-conflict-now-2\.json"):
        window.close()
    assert path.with_name("archive-conflict-now.json").read_text() == "mine"


def test_a_copy_that_cannot_be_written_is_reported(path, window, monkeypatch):
    from archive.store import conflict

    def full(*_arguments):
        raise CannotWrite("the disk is full")

    bring_both(path)
    monkeypatch.setattr(conflict, "write_copy", full)
    with pytest.raises(ForeignChange, match="could not be copied: the disk is full"):
        window.close()


# The lock file was deleted


def delete_lock(path):
    path.with_name("archive.json.lock").unlink()


def test_a_window_whose_lock_file_was_deleted_keeps_the_archive(path, window):
    delete_lock(path)
    window.save(person("Cem"))
    with pytest.raises(InUse):
        opened(path)
    window.close()
    assert names(path) == {"Ada", "Bea", "Cem"}


def test_only_the_window_with_the_lock_can_write(path, window):
    delete_lock(path)
    second = opened(path)
    second.save(person("Cem"))
    with pytest.raises(InUse, match="in use by process"):
        window.save(person("Dan"))
    with pytest.raises(InUse):
        window.compact()
    window.close()  # no error: the files contain everything saved here
    second.save(person("Eve"))
    second.close()
    assert names(path) == {"Ada", "Bea", "Cem", "Eve"}
    assert not list(path.parent.glob("*conflict*"))


def test_a_window_overtaken_by_another_writes_nothing_when_it_is_closed(path, window):
    delete_lock(path)
    second = opened(path)
    second.save(person("Cem"))
    second.close()
    before = files_of(path)
    with pytest.raises(ForeignChange):
        window.save(person("Dan"))
    window.close()
    assert files_of(path) == before
    assert names(path) == {"Ada", "Bea", "Cem"}
    assert not list(path.parent.glob("*conflict*"))


def test_an_empty_archive_has_nothing_to_lose(path):
    window = opened(path)
    path.write_bytes(b"{}")
    window.close()
    assert path.read_bytes() == b"{}"
    assert not list(path.parent.glob("*conflict*"))


def test_a_window_does_not_append_to_a_replaced_journal_after_a_failed_save(path, window, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", full)
        with pytest.raises(CannotWrite):
            window.save(person("Dan"))
    bring_journal(path)  # of the same length as ours, with the same LSNs
    with pytest.raises(ForeignChange):
        window.save(person("Dan"))
    assert {"Ada", "Bea"} <= recovered_names(path)


# Large archives, which are read in parts


@pytest.fixture
def large(path, monkeypatch):
    """An open archive that is treated as large: 300 customers in the snapshot and Bea in the journal."""
    for module in (mmap_file, checkpoint, database, snapshot):
        for name in ("SMALL", "WORTH_AN_INDEX"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, 0)
    first = opened(path)
    first.save(*(person(f"Person {n}", background="rice " * 50) for n in range(300)))
    first.close()
    shutil.copy(path, path.with_name("old.json"))
    window = opened(path)
    window.save(person("Bea"))
    yield window
    with suppress(ForeignChange):
        window.close()


def cut(path):
    os.truncate(path, 100)


def copy_an_older_one(path):
    """Overwrite the file in place, as `cp` does."""
    old = path.with_name("old.json")
    os.truncate(old, old.stat().st_size // 2)
    shutil.copyfile(old, path)


def cut_and_delete(path):
    os.truncate(path, 100)
    path.unlink()


SHRINKING = {
    "cut": cut,
    "an older copy": copy_an_older_one,
    "empty": lambda path: path.write_bytes(b""),
    "deleted": cut_and_delete,
}


@pytest.mark.parametrize("shrink", SHRINKING.values(), ids=SHRINKING)
def test_a_large_file_that_shrinks_while_open_is_reported_and_its_journal_stays(path, large, shrink):
    uids = large.select("customers")
    shrink(path)
    before = files_of(path)
    with pytest.raises(ForeignChange, match=r"archive\.json was changed by another program"):
        [large.get(Customer, uid) for uid in uids]
    with pytest.raises(ForeignChange):
        large.save(person("Dan"))
    with pytest.raises(ForeignChange):
        large.compact()
    with pytest.raises(ForeignChange, match="in the journal beside it"):
        large.close()
    assert files_of(path) == before


def test_closing_says_how_to_recover_changes_that_are_only_in_the_journal(path, large):
    copy_an_older_one(path)
    with pytest.raises(ForeignChange, match="in the journal beside it: `archive repair` combines the two"):
        large.close()


def test_closing_gives_other_advice_if_another_archive_replaced_the_file(path, large, tmp_path):
    window = opened(tmp_path / "other.json")
    window.save(person("Eve"))
    window.close()
    former = path.with_name("former.json")
    shutil.copyfile(path, former)
    large.save(person("Dan"))
    shutil.copyfile(tmp_path / "other.json", path)
    with pytest.raises(ForeignChange, match="put the newest copy of the original archive in its place"):
        large.close()
    shutil.copyfile(former, path)
    assert "Dan" in names(path)


def test_a_truncated_index_file_is_rebuilt(path, large):
    (arrays,) = path.parent.glob("*.idx")
    expected = {"Bea", *(f"Person {n}" for n in range(300))}
    os.truncate(arrays, 10)
    assert set(large.names("customers")) == expected
    assert set(large.columns("customers", ["full_name"])["full_name"]) == names(path) == expected


# Hard links


def test_an_archive_with_two_hard_links_is_not_opened_for_writing(path, window):
    window.close()
    second = path.with_name("second.json")
    second.hardlink_to(path)
    for name in (path, second):
        with pytest.raises(CannotWrite, match=r"has 2 names \(hard links\)"):
            opened(name)
        assert names(name) == {"Ada", "Bea"}
    second.unlink()
    opened(path).close()
