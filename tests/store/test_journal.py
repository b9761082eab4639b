"""A change that was acknowledged is in the journal, whatever happened to the rest."""

import errno
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ArchiveError, BadValue, CannotWrite, Damaged, InUse, NotConfirmed
from archive.store import frames, segments
from archive.store.frames import Frame, pack
from archive.store.journal import Journal

UUID = "0123456789abcdef"
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def frame(lsn, name="Ada", changes=1):
    return Frame(lsn, 7, "edit", [["customers", str(n), {"name": name}, None] for n in range(changes)], {})


def opened(path, *, write=True, uuid=UUID):
    return Journal(path, uuid, write=write)


def filled(path, last, *, first=1):
    """A journal of the path with the transactions up to `last`, open for writing."""
    journal = opened(path)
    list(journal.read(first - 1))
    for lsn in range(first, last + 1):
        journal.append(frame(lsn))
    return journal


def lsns(journal, after=0):
    return [found.lsn for found in journal.read(after)]


def names(path):
    return sorted(found.name for found in path.parent.iterdir())


def failing(number):
    def fail(*_arguments, **_options):
        raise OSError(number, os.strerror(number))

    return fail


@pytest.fixture
def first(path):
    """The path of the first segment."""
    return path.with_name("archive.json.j000001")


# What is written is read


def test_what_was_appended_is_read_by_the_next_writer_and_by_a_reader(path, first):
    journal = filled(path, 3)
    assert (journal.last, journal.size, journal.notices) == (3, first.stat().st_size, [])
    assert not journal.broken
    for write in (False, True):
        again = opened(path, write=write)
        assert list(again.read(0)) == [frame(1), frame(2), frame(3)]
        assert lsns(again, 2) == [3]
        assert lsns(again, 3) == []
        assert (again.last, again.size) == (3, journal.size)
        again.close()
    journal.close()
    assert names(path) == [first.name]


def test_without_a_transaction_there_is_no_file(path):
    journal = opened(path)
    assert (lsns(journal), journal.last, journal.size, journal.rotate()) == ([], 0, 0, [])
    journal.close()
    assert names(path) == []


def test_a_folder_that_is_not_there_has_no_journal_and_takes_none(tmp_path):
    journal = opened(tmp_path / "none" / "archive.json")
    assert lsns(journal) == []
    with pytest.raises(CannotWrite, match="its folder does not exist"):
        journal.append(frame(1))


def test_what_is_appended_after_opening_is_behind_what_was_there(path):
    filled(path, 2).close()
    journal = opened(path)
    journal.append(frame(3))  # nobody read it first
    assert lsns(journal) == [1, 2, 3]
    journal.append(frame(4))
    assert lsns(opened(path, write=False)) == [1, 2, 3, 4]


def test_only_the_next_number_is_appended(path):
    journal = filled(path, 2)
    for lsn in (2, 4):
        with pytest.raises(ValueError, match="does not follow 2"):
            journal.append(frame(lsn))
    journal.append(frame(3))


def test_a_link_to_the_archive_has_the_journal_of_the_archive(path, tmp_path):
    path.write_text("{}")
    (tmp_path / "other").mkdir()
    link = tmp_path / "other" / "link.json"
    link.symlink_to(path)
    filled(path, 1).close()
    assert lsns(opened(link)) == [1]


def test_the_journal_begins_where_the_snapshot_ends(path):
    filled(path, 12, first=11).close()
    journal = opened(path)
    assert (lsns(journal, 10), journal.last) == ([11, 12], 12)


def test_files_that_are_only_like_segments_are_left_alone(path):
    for ending in (
        "json.j1",
        "json.j0000001",
        "json.j000001x",
        "json.j000001.torn-1",
        "xjson.j000001",
        "json.j٠٠٠٠٠١",
    ):
        path.with_name(f"archive.{ending}").write_text("?")
    assert lsns(filled(path, 1)) == [1]


@pytest.mark.parametrize("mask", [0o000, 0o777])
def test_files_are_for_their_owner_only_whatever_the_umask(path, first, mask):
    before = os.umask(mask)
    try:
        filled(path, 1).close()
        first.write_bytes(first.read_bytes() + b"?")
        opened(path).close()
    finally:
        os.umask(before)
    torn = path.with_name("archive.json.j000001.torn-1")
    assert {stat.S_IMODE(found.stat().st_mode) for found in (first, torn)} == {0o600}


def test_a_transaction_of_several_frames_is_one(path, monkeypatch):
    monkeypatch.setattr(frames, "PART", 50)
    synced = []
    sync = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda descriptor: synced.append(sync(descriptor)))
    journal = opened(path)
    journal.append(frame(1, changes=4))
    assert len(synced) == 4  # so that of what a power cut leaves only the last frame can be torn
    journal.append(frame(2))
    assert list(opened(path).read(0)) == [frame(1, changes=4), frame(2)]


# Ends that are torn, and damage


def test_cut_off_at_every_byte_a_journal_has_what_is_whole(path, first):
    filled(path, 3).close()
    whole = first.read_bytes()
    header, *ends = [at for at, byte in enumerate(whole, 1) if byte == 10]
    for cut in range(len(whole) + 1):
        first.write_bytes(whole[:cut])
        expected = [lsn for lsn, end in enumerate(ends, 1) if end <= cut]
        good = max([0, *(end for end in (header, *ends) if end <= cut)])
        assert lsns(opened(path, write=False)) == expected
        assert names(path) == [first.name]  # a reader writes nothing
        journal = opened(path)
        assert lsns(journal) == expected
        torn = path.with_name("archive.json.j000001.torn-1")
        if good < cut:
            assert torn.read_bytes() == whole[good:cut]
            assert [str(torn) in notice for notice in journal.notices] == [True]
            torn.unlink()
        else:
            assert journal.notices == []
        journal.append(frame(len(expected) + 1, "Bea"))
        journal.close()
        assert [found.lsn for found in opened(path).read(0)] == [*expected, len(expected) + 1]
        assert names(path) == [first.name]


def test_each_flipped_bit_is_damage_or_in_the_last_frame_a_torn_end(path, first):
    filled(path, 2).close()
    whole = first.read_bytes()
    last = whole[:-1].rindex(b"\n") + 1
    for byte in range(len(whole)):
        for bit in range(8):
            hit = bytearray(whole)
            hit[byte] ^= 1 << bit
            first.write_bytes(hit)
            if byte >= last:
                assert list(opened(path, write=False).read(0)) == [frame(1)]
                continue
            with pytest.raises(Damaged, match=r"j000001 is damaged at byte \d+: .*\. .*`archive repair`"):
                opened(path)
            assert first.read_bytes() == hit


@given(st.data())
def test_of_many_transactions_cut_off_anywhere_a_beginning_is_left(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("cut") / "archive.json"
    count = data.draw(st.integers(1, 6))
    journal = opened(path)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(frames, "PART", 60)
        for lsn in range(1, count + 1):
            if data.draw(st.booleans()):
                journal.rotate()
            journal.append(frame(lsn, changes=data.draw(st.integers(0, 3))))
    journal.close()
    newest = segments.listed(path)[-1]
    os.truncate(newest, data.draw(st.integers(0, newest.stat().st_size)))
    journal = opened(path)
    kept = lsns(journal)
    assert kept == list(range(1, len(kept) + 1))
    assert journal.last == len(kept)
    journal.append(frame(len(kept) + 1))
    assert lsns(opened(path)) == [*kept, len(kept) + 1]


def test_each_torn_end_is_kept_in_a_file_of_its_own(path, first):
    filled(path, 1).close()
    for text in (b"one", b"two"):
        first.write_bytes(first.read_bytes() + text)
        opened(path).close()
    kept = [path.with_name(f"{first.name}.torn-{number}").read_bytes() for number in (1, 2)]
    assert kept == [b"one", b"two"]
    assert opened(path).notices == []


def test_a_torn_end_that_cannot_be_kept_is_not_cut_off(path, first, monkeypatch):
    filled(path, 1).close()
    first.write_bytes(whole := first.read_bytes() + b"torn")
    with monkeypatch.context() as full:
        full.setattr(os, "write", failing(errno.ENOSPC))
        with pytest.raises(CannotWrite, match="the disk is full"):
            opened(path)
    assert (first.read_bytes(), names(path)) == (whole, [first.name])
    assert lsns(opened(path, write=False)) == [1]


def test_a_segment_that_a_crash_left_without_a_transaction_is_made_anew(path, first):
    filled(path, 2).close()
    second = path.with_name("archive.json.j000002")
    head = segments.header(UUID, 2)
    for left in (b"", head[:9], head):
        second.write_bytes(left)
        reader = opened(path, write=False)
        assert (lsns(reader), reader.last) == ([1, 2], 2)
        journal = opened(path)
        assert (lsns(journal), journal.last, journal.rotate()) == ([1, 2], 2, [first])
        assert len(journal.notices) == (0 < len(left) < len(head))
        journal.append(frame(3))
        journal.close()
        assert lsns(opened(path)) == [1, 2, 3]
        second.unlink()


def test_only_the_last_segment_may_have_a_torn_end(path, first):
    journal = filled(path, 2)
    journal.rotate()
    journal.append(frame(3))
    journal.close()
    whole = first.read_bytes()
    first.write_bytes(whole[:-5])
    for write in (True, False):
        with pytest.raises(Damaged, match=r"j000001 is damaged at byte .*: its end is not whole"):
            opened(path, write=write).read(0)
    assert lsns(opened(path), 2) == [3]  # what the snapshot holds is not looked at
    first.write_bytes(whole[:20])
    with pytest.raises(Damaged, match="j000001 is damaged at byte 0: its first line is not whole"):
        opened(path)
    second = path.with_name("archive.json.j000002")
    first.write_bytes(whole[:-5])
    second.write_bytes(b"")
    with pytest.raises(Damaged, match="its end is not whole"):
        opened(path)


def test_a_segment_of_another_archive_is_named(path, first):
    filled(path, 1).close()
    before = first.read_bytes()
    with pytest.raises(Damaged, match="j000001 belongs to another archive"):
        opened(path, uuid="other")
    assert first.read_bytes() == before


def test_a_segment_of_a_newer_version_is_left_alone(path, first):
    first.write_bytes(pack(b'{"journal":2}'))
    with pytest.raises(Damaged, match="does not begin as a journal"):
        opened(path)
    first.write_bytes(pack(b'{"journal":2,"archive":"","after":0}'))
    with pytest.raises(Damaged, match="newer version"):
        opened(path)


@pytest.mark.parametrize(
    "said", [b"[1]", b"{", b"{}", b'{"journal":true,"archive":"0123456789abcdef","after":0}']
)
def test_what_does_not_begin_as_a_journal_is_damage(path, first, said):
    first.write_bytes(pack(said))
    with pytest.raises(Damaged, match="byte 0"):
        opened(path)


@pytest.mark.parametrize("after", ["-1", "1.0", "null", "true"])
def test_a_header_counts_from_a_number(path, first, after):
    first.write_bytes(pack(b'{"journal":1,"archive":"%b","after":%b}' % (UUID.encode(), after.encode())))
    with pytest.raises(Damaged, match="does not begin as a journal"):
        opened(path)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b'[3,0,"",[],{}]', "change 3 stands where change 2 should"),
        (b'[1,0,"",[],{}]', "change 1 stands where change 2 should"),
        (b"{}", "what stands there is no change"),
    ],
)
def test_an_intact_frame_that_does_not_belong_there_is_damage(path, first, said, why):
    filled(path, 1).close()
    size = first.stat().st_size
    first.write_bytes(first.read_bytes() + pack(said))
    with pytest.raises(Damaged, match=f"at byte {size}: {why}"):
        opened(path)


def test_an_intact_frame_that_is_no_transaction_is_damage_when_it_is_read(path, first):
    filled(path, 1).close()
    first.write_bytes(first.read_bytes() + pack(b"[2,0,5,[],{}]"))
    found = opened(path).read(0)
    assert next(found).lsn == 1
    with pytest.raises(Damaged, match="what stands there is no change"):
        next(found)


# Files that do not belong together


def test_a_snapshot_older_than_the_journal_is_said(path):
    filled(path, 12, first=11).close()
    for write in (True, False):
        with pytest.raises(Damaged, match=r"j000001 begins behind change 10, and .* ends with change 7"):
            opened(path, write=write).read(7)


def test_an_older_snapshot_is_noticed_also_before_the_first_transaction_of_a_segment(path, first):
    first.write_bytes(segments.header(UUID, 10))
    for _opening in range(2):
        journal = opened(path)
        with pytest.raises(Damaged, match="begins behind change 10"):
            journal.read(7)
        journal.close()
    assert lsns(opened(path), 10) == []


def test_a_missing_segment_is_noticed(path):
    journal = filled(path, 2)
    for lsn in (3, 4):
        journal.rotate()
        journal.append(frame(lsn))
    journal.close()
    path.with_name("archive.json.j000002").unlink()
    with pytest.raises(Damaged, match=r"j000003 begins behind change 3, and .* ends with change 2"):
        opened(path).read(0)
    assert lsns(opened(path), 3) == [4]


def test_a_segment_that_is_there_twice_is_noticed(path, first):
    journal = filled(path, 2)
    journal.rotate()
    journal.append(frame(3))
    journal.close()
    os.link(first, path.with_name("archive.json.j000003"))
    with pytest.raises(Damaged, match="j000003 is damaged at byte 0: it repeats"):
        opened(path).read(0)


def test_behind_a_journal_that_is_older_than_the_snapshot_a_new_segment_begins(path):
    filled(path, 2).close()
    journal = opened(path)
    assert (lsns(journal, 5), journal.last) == ([], 5)
    journal.append(frame(6))
    assert names(path) == ["archive.json.j000001", "archive.json.j000002"]
    assert lsns(opened(path), 5) == [6]
    assert [found.lsn for found in opened(path).backwards()] == [6, 2, 1]
    with pytest.raises(Damaged, match="begins behind change 5"):
        opened(path).read(2)


# Failures


@pytest.mark.parametrize("changes", [1, 4])
def test_writing_goes_on_where_the_system_took_only_a_part(path, monkeypatch, changes):
    monkeypatch.setattr(frames, "PART", 50)
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:3]))
    journal = opened(path)
    journal.append(frame(1, changes=changes))
    assert list(opened(path, write=False).read(0)) == [frame(1, changes=changes)]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT])
@pytest.mark.parametrize("written", [0, 1, 30, 100])
def test_a_failed_write_is_taken_back_and_nothing_is_written_after_it(
    path, first, monkeypatch, number, written
):
    monkeypatch.setattr(frames, "PART", 50)
    journal = filled(path, 2)
    before = first.read_bytes()
    left = [written]
    write = os.write

    def half(descriptor, data):
        if not left[0]:
            raise OSError(number, os.strerror(number))
        taken = write(descriptor, data[: left[0]])
        left[0] -= taken
        return taken

    with monkeypatch.context() as full:
        full.setattr(os, "write", half)
        with pytest.raises(
            CannotWrite, match=r"j000001 cannot be written: .* read-only until it is opened again"
        ):
            journal.append(frame(3, changes=4))
    assert first.read_bytes() == before
    with pytest.raises(CannotWrite, match="read-only until it is opened again"):
        journal.append(frame(3))
    assert first.read_bytes() == before
    assert (lsns(journal), journal.broken) == ([1, 2], True)
    journal.close()
    assert lsns(filled(path, 3, first=3)) == [1, 2, 3]


def test_a_full_disk_has_its_remedy(path, monkeypatch):
    journal = filled(path, 1)
    monkeypatch.setattr(os, "write", failing(errno.ENOSPC))
    with pytest.raises(CannotWrite, match="the disk is full") as caught:
        journal.append(frame(2))
    assert caught.value.code == 73
    assert "Free some space" in caught.value.hint


def test_a_failed_sync_is_not_tried_again(path, first, monkeypatch):
    journal = filled(path, 2)
    before = first.read_bytes()
    asked = []

    def fail(descriptor):
        asked.append(descriptor)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fdatasync", fail)
    monkeypatch.setattr(os, "fsync", fail)
    for _again in range(2):
        with pytest.raises(CannotWrite, match="read-only until it is opened again"):
            journal.append(frame(3))
    assert len(asked) == 1
    assert (first.read_bytes(), journal.last) == (before, 2)


def test_what_cannot_even_be_taken_back_is_a_torn_end_for_the_next_opening(path, monkeypatch):
    monkeypatch.setattr(frames, "PART", 50)
    journal = filled(path, 1)
    sync, left = os.fdatasync, [True, False]
    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", lambda fd: sync(fd) if left.pop(0) else failing(errno.EIO)())
        broken.setattr(os, "ftruncate", failing(errno.EIO))
        with pytest.raises(CannotWrite):
            journal.append(frame(2, changes=3))
    assert lsns(journal) == [1]
    journal = opened(path)
    assert (lsns(journal), len(journal.notices)) == ([1], 1)


def test_an_append_that_is_broken_off_is_taken_back(path, first, monkeypatch):
    journal = filled(path, 1)
    before = first.read_bytes()

    def interrupt(_descriptor):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            journal.append(frame(2))
    assert first.read_bytes() == before
    with pytest.raises(CannotWrite, match="read-only"):
        journal.append(frame(2))


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_segment_that_cannot_be_begun_is_removed_again(path, monkeypatch, call):
    journal = opened(path)
    with monkeypatch.context() as broken:
        broken.setattr(os, call, failing(errno.EIO))
        with pytest.raises(CannotWrite, match="j000001 cannot be written"):
            journal.append(frame(1))
    assert names(path) == []
    with pytest.raises(CannotWrite, match="read-only"):
        journal.append(frame(1))


def test_a_segment_whose_name_is_not_confirmed_takes_no_transaction(path, first, monkeypatch):
    sync, asked = os.fsync, []

    def fail_for_the_folder(descriptor):
        asked.append(descriptor)
        return sync(descriptor) if len(asked) == 1 else failing(errno.EIO)()

    journal = opened(path)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail_for_the_folder)
        with pytest.raises(NotConfirmed, match="j000001 was written, but the disk did not confirm it"):
            journal.append(frame(1))
    with pytest.raises(CannotWrite, match="read-only"):
        journal.append(frame(1))
    journal.close()
    inode = first.stat().st_ino
    with first.open("rb"):  # keeps the number of its inode from being given away
        assert lsns(filled(path, 1)) == [1]
        assert first.stat().st_ino != inode  # made anew: its name is on the disk now


def test_a_value_that_no_file_can_keep_leaves_the_journal_as_it_is(path, first):
    journal = filled(path, 1)
    before = first.read_bytes()
    for value in (float("nan"), "\ud800", object()):
        with pytest.raises(BadValue, match="no file can keep"):
            journal.append(Frame(2, 0, "", [["t", "1", {"a": value}, None]], {}))
    assert first.read_bytes() == before
    journal.append(frame(2))


@pytest.mark.skipif(AS_ROOT, reason="root may write anywhere")
def test_a_folder_that_is_not_writable_is_named(path):
    path.parent.chmod(0o500)
    try:
        with pytest.raises(CannotWrite, match="permission was denied"):
            opened(path).append(frame(1))
    finally:
        path.parent.chmod(0o700)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_folder_that_takes_no_file_is_said(path, monkeypatch, number):
    journal = opened(path)
    monkeypatch.setattr(os, "open", failing(number))
    with pytest.raises(CannotWrite, match="j000001 cannot be written"):
        journal.append(frame(1))


def test_a_folder_or_a_segment_that_cannot_be_read_is_said(path, monkeypatch):
    filled(path, 1).close()
    with monkeypatch.context() as denied:
        denied.setattr(os, "open", failing(errno.EACCES))
        with pytest.raises(ArchiveError, match="j000001 cannot be read: permission was denied"):
            opened(path)
    monkeypatch.setattr(os, "listdir", failing(errno.EACCES))
    with pytest.raises(ArchiveError, match="cannot be read: permission was denied"):
        opened(path)


def test_a_segment_that_may_only_be_read_is_open_to_readers(path, monkeypatch):
    filled(path, 1).close()
    real = os.open

    def read_only(name, flags, *mode):
        return failing(errno.EACCES)() if flags & os.O_WRONLY else real(name, flags, *mode)

    monkeypatch.setattr(os, "open", read_only)
    with pytest.raises(CannotWrite, match="permission was denied"):
        opened(path)
    assert lsns(opened(path, write=False)) == [1]


def test_links_and_pipes_are_no_segments(path, first, tmp_path):
    filled(path, 1).close()
    first.rename(tmp_path / "elsewhere")
    first.symlink_to(tmp_path / "elsewhere")
    for write in (True, False):
        with pytest.raises(ArchiveError, match="j000001 is a link"):
            opened(path, write=write)
    first.unlink()
    os.mkfifo(first)
    with pytest.raises(ArchiveError, match="j000001 is not an ordinary file"):
        opened(path)


def test_the_journal_of_another_user_is_read_and_not_written(path, first, monkeypatch):
    filled(path, 1).close()
    first.write_bytes(first.read_bytes() + b"torn")
    before = first.read_bytes()
    with monkeypatch.context() as other:
        other.setattr(os, "geteuid", lambda: first.stat().st_uid + 1, raising=False)
        with pytest.raises(CannotWrite, match="j000001 belongs to another user"):
            opened(path)
        assert lsns(opened(path, write=False)) == [1]
        assert (first.read_bytes(), names(path)) == (before, [first.name])
        path.write_text("{}")  # on a drive that gives every file to one user
        assert lsns(opened(path)) == [1]


# Other programs


@pytest.mark.parametrize("change", ["append", "truncate", "replace", "remove"])
def test_a_segment_that_another_program_changed_is_not_written_over(path, first, change):
    journal = filled(path, 2)
    data = first.read_bytes()
    if change == "append":
        first.write_bytes(data + b"x")
    elif change == "truncate":
        os.truncate(first, 9)
    else:
        first.unlink()
    if change == "replace":
        first.write_bytes(data)
    before = first.read_bytes() if first.exists() else None
    with pytest.raises(CannotWrite, match="was changed by another program since it was opened"):
        journal.append(frame(3))
    assert (first.read_bytes() if first.exists() else None) == before


def test_a_segment_that_another_machine_began_is_not_written_over(path):
    journal = opened(path)
    filled(path, 1).close()
    before = names(path)
    with pytest.raises(CannotWrite, match="was changed by another program"):
        journal.append(frame(1))
    assert names(path) == before


def test_readers_see_what_was_there_when_they_looked(path):
    journal = filled(path, 2)
    reader, second = opened(path, write=False), opened(path, write=False)
    journal.append(frame(3))
    assert lsns(reader) == lsns(reader) == [1, 2]
    assert lsns(opened(path, write=False)) == [1, 2, 3]
    journal.rotate()
    journal.append(frame(4))
    journal.drop([journal.rotate()[0]])
    with pytest.raises(InUse, match="j000001 was removed by another program while it was read"):
        [second.read(0), second.read(0)]


def test_a_reader_writes_nothing(path):
    filled(path, 1).close()
    reader = opened(path, write=False)
    with pytest.raises(CannotWrite, match="open for reading only"):
        reader.append(frame(2))
    journal = opened(path)
    journal.close()
    with pytest.raises(CannotWrite, match="open for reading only"):
        journal.append(frame(2))


@pytest.mark.parametrize("call", ["open", "lstat"])
def test_old_segments_that_go_while_a_reader_looks_are_not_missed(path, first, monkeypatch, call):
    journal = filled(path, 2)
    journal.rotate()
    journal.append(frame(3))
    owner = {"open": os, "lstat": Path}[call]
    real = getattr(owner, call)

    def gone(name, *arguments):
        first.unlink(missing_ok=True)
        return real(name, *arguments)

    monkeypatch.setattr(owner, call, gone)
    assert lsns(opened(path, write=False), 2) == [3]


# Segments


def test_a_new_segment_begins_after_rotating_and_old_ones_can_be_dropped(path, first):
    journal = filled(path, 2)
    assert journal.rotate() == journal.rotate() == [first]
    journal.append(frame(3))
    second = path.with_name("archive.json.j000002")
    assert (journal.size_after(0), journal.size_after(2), journal.size_after(3)) == (
        journal.size,
        second.stat().st_size,
        0,
    )
    assert journal.sealed(1) == []
    assert journal.sealed(2) == journal.sealed(3) == [first]
    assert [found.lsn for found in journal.backwards()] == [3, 2, 1]
    with pytest.raises(ValueError, match="written to"):
        journal.drop([second])
    journal.drop([first])
    assert names(path) == [second.name]
    assert lsns(journal, 2) == [3]
    journal.append(frame(4))
    assert journal.rotate() == journal.sealed(4) == [second]
    journal.drop([second])
    assert (names(path), journal.size, journal.last) == ([], 0, 4)
    journal.append(frame(5))
    assert lsns(opened(path), 4) == [5]


def test_the_next_writer_goes_on_in_the_last_segment(path):
    journal = filled(path, 1)
    journal.rotate()
    journal.append(frame(2))
    journal.close()
    filled(path, 3, first=3).close()
    assert names(path) == ["archive.json.j000001", "archive.json.j000002"]


def test_segments_are_dropped_oldest_first_and_those_that_stay_are_known(path, monkeypatch):
    journal = filled(path, 1)
    for lsn in (2, 3):
        journal.rotate()
        journal.append(frame(lsn))
    paths = journal.rotate()
    unlink = Path.unlink

    def only_the_first(target, **options):
        return unlink(target, **options) if target == paths[0] else failing(errno.EROFS)()

    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", only_the_first)
        with pytest.raises(CannotWrite, match="j000002 cannot be written: the disk is read-only"):
            journal.drop(reversed(paths))
    assert lsns(journal, 1) == [2, 3]
    paths[1].unlink()
    journal.drop(paths[1:2])  # already gone
    assert lsns(journal, 2) == [3]


def test_a_folder_that_does_not_confirm_what_was_dropped_is_said(path, monkeypatch):
    journal = filled(path, 1)
    paths = journal.rotate()
    monkeypatch.setattr(os, "fsync", failing(errno.EIO))
    with pytest.raises(NotConfirmed):
        journal.drop(paths)


def test_a_file_that_cannot_be_closed_changes_nothing(path, monkeypatch):
    journal = filled(path, 1)
    with monkeypatch.context() as broken:
        broken.setattr(os, "close", failing(errno.EIO))
        journal.rotate()
    journal.append(frame(2))
    assert lsns(journal) == [1, 2]
    journal.close()
