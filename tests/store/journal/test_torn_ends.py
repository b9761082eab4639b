"""A journal cut off at any byte keeps all complete changes, and its torn end is moved to a file beside it."""

import errno
import os

import pytest
from harm import failing
from hypothesis import given
from hypothesis import strategies as st
from journals import UUID, filled, frame, lsns, names, opened

from archive.errors import CannotWrite, Damaged
from archive.store.wal import records, segments
from archive.store.wal.records import mark


def lines_of(whole):
    """Return the end of the header, the ends of the changes, and the ends of their marks."""
    header, *others = [at for at, byte in enumerate(whole, 1) if byte == 10]
    return header, others[::2], others[1::2]


def test_a_journal_cut_off_at_any_byte_keeps_all_complete_changes(path, first):
    filled(path, 3).close()
    whole = first.read_bytes()
    header, ends, marks = lines_of(whole)
    for cut in range(len(whole) + 1):
        first.write_bytes(whole[:cut])
        expected = [lsn for lsn, end in enumerate(ends, 1) if end <= cut]
        good = max([0, *(end for end in (header, *ends, *marks) if end <= cut)])
        reader = opened(path, write=False)
        assert lsns(reader) == expected
        assert names(path) == [first.name]  # a reader writes nothing
        journal = opened(path)
        assert lsns(journal) == expected
        torn = path.with_name("archive.json.j000001.torn-1")
        if good == cut and cut:
            assert (journal.notices, reader.notices) == ([], [])
        else:
            assert (len(journal.notices), len(reader.notices)) == (1, 1)
            assert journal.notices[0].startswith(reader.notices[0])
        if good < cut:
            assert torn.read_bytes() == whole[good:cut]
            assert str(torn) in journal.notices[0]
            torn.unlink()
        journal.append(frame(len(expected) + 1, "Bea"))
        journal.close()
        assert [found.lsn for found in opened(path).read(0)] == [*expected, len(expected) + 1]
        assert names(path) == [first.name]


def test_each_flipped_bit_outside_the_marks_is_damage(path, first):
    filled(path, 2).close()
    whole = first.read_bytes()
    lines = whole.splitlines(keepends=True)  # the header, and each change with its mark
    in_a_mark = {sum(map(len, lines[:number])) + at for number in (2, 4) for at in range(len(lines[number]))}
    for byte in range(len(whole)):
        for bit in range(8):
            hit = bytearray(whole)
            hit[byte] ^= 1 << bit
            first.write_bytes(hit)
            if byte in in_a_mark:
                reader = opened(path, write=False)
                assert (list(reader.read(0)), reader.notices) == ([frame(1), frame(2)], [])
                continue
            with pytest.raises(Damaged, match=r"j000001 is damaged at byte \d+: .*\. .*`archive repair`"):
                opened(path)
            assert first.read_bytes() == hit


def test_a_damaged_mark_at_the_end_is_cut_off_without_a_notice(path, first):
    filled(path, 2).close()
    whole = first.read_bytes()
    first.write_bytes(whole[:-2] + b"7\n")
    journal = opened(path)
    assert (lsns(journal), journal.notices) == ([1, 2], [])
    journal.append(frame(3))
    journal.close()
    assert lsns(opened(path, write=False)) == [1, 2, 3]
    assert names(path) == [first.name]


def without_marks(path, last):
    """Write a journal in the previous format, which has no marks."""
    filled(path, last).close()
    (file,) = segments.listed(path)
    header, ends, _marks = lines_of(whole := file.read_bytes())
    lines = whole.splitlines(keepends=True)
    assert len(lines) == 1 + 2 * len(ends)
    old = records.pack(whole[:header][18:-1].replace(b'"journal":2', b'"journal":1'))
    file.write_bytes(old + b"".join(lines[1::2]))


def test_without_a_mark_a_flipped_bit_in_the_last_change_may_be_an_interrupted_save(path, first):
    without_marks(path, 2)
    whole = first.read_bytes()
    last = whole[:-1].rindex(b"\n") + 1
    for byte in range(last, len(whole)):
        for bit in range(8):
            hit = bytearray(whole)
            hit[byte] ^= 1 << bit
            first.write_bytes(hit)
            reader = opened(path, write=False)
            assert list(reader.read(0)) == [frame(1)]
            (notice,) = reader.notices
            assert "saved changes were" in notice
            assert "interrupted" in notice


@pytest.mark.parametrize(
    ("change", "likelier"),
    [
        (lambda last: last[:-9], "Either the last save was interrupted, or"),
        (
            lambda last: last.replace(b"Ada", b"Adb"),
            "Either one or more saved changes were damaged there, or",
        ),
        (
            lambda last: last[:30] + b"\n" + last[30:-9],
            "Either one or more saved changes were damaged there, or",
        ),
        (lambda last: b"", ""),
    ],
)
def test_the_likelier_cause_of_a_torn_end_comes_first(path, first, change, likelier):
    without_marks(path, 2)
    whole = first.read_bytes()
    last = whole[:-1].rindex(b"\n") + 1
    first.write_bytes(whole[:last] + change(whole[last:]))
    notices = opened(path).notices
    assert [likelier in notice for notice in notices] == [True] * bool(likelier)
    assert all("(edit, customers 0: " in notice for notice in notices)


def test_a_journal_without_marks_is_not_appended_to(path, first):
    without_marks(path, 2)
    before = first.read_bytes()
    journal = opened(path)
    assert lsns(journal) == [1, 2]
    journal.append(frame(3))
    journal.close()
    assert first.read_bytes() == before
    assert lsns(opened(path)) == [1, 2, 3]


def test_a_save_succeeds_even_if_its_mark_cannot_be_written(path, first, monkeypatch):
    journal = filled(path, 1)
    before = first.read_bytes()
    change = b"".join(records.encoded(frame(2)))
    write, left = os.write, [len(change) + 5]

    def full(descriptor, data):
        taken = write(descriptor, data[: left[0]]) if left[0] else failing(errno.ENOSPC)()
        left[0] -= taken
        return taken

    for broken in (False, True):
        with monkeypatch.context() as disk:
            disk.setattr(os, "write", full)
            if broken:
                disk.setattr(os, "ftruncate", failing(errno.EIO))
            journal.append(frame(journal.last + 1))
        assert journal.broken == broken
        left[0] = len(change) + 5
    journal.close()
    assert first.read_bytes() == before + change + b"".join(records.encoded(frame(3))) + records.mark(3)[:5]
    journal = opened(path)
    assert (lsns(journal), len(journal.notices)) == ([1, 2, 3], 1)


def test_a_save_interrupted_at_its_mark_is_saved(path, first, monkeypatch):
    journal = filled(path, 1)
    write = os.write

    def interrupt(descriptor, data):
        if bytes(data) == records.mark(2):
            write(descriptor, data[:3])
            raise KeyboardInterrupt
        return write(descriptor, data)

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", interrupt)
        with pytest.raises(KeyboardInterrupt):
            journal.append(frame(2))
    assert (journal.broken, journal.last) == (True, 2)
    journal.close()
    assert lsns(filled(path, 3, first=3)) == [1, 2, 3]


@given(st.data())
def test_changes_cut_off_anywhere_leave_a_prefix(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("cut") / "archive.json"
    count = data.draw(st.integers(1, 6))
    journal = opened(path)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(records, "PART", 60)
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


def test_each_torn_end_is_kept_in_a_separate_file(path, first):
    filled(path, 1).close()
    for text in (b"one", b"two"):
        first.write_bytes(first.read_bytes() + text)
        opened(path).close()
    kept = [path.with_name(f"{first.name}.torn-{number}").read_bytes() for number in (1, 2)]
    assert kept == [b"one", b"two"]
    assert opened(path).notices == []
    assert segments.torn_files(path) == [path.with_name(f"{first.name}.torn-{number}") for number in (1, 2)]


def test_a_torn_end_is_not_cut_off_unless_it_can_be_kept(path, first, monkeypatch):
    filled(path, 1).close()
    first.write_bytes(whole := first.read_bytes() + b"torn")
    with monkeypatch.context() as full:
        full.setattr(os, "write", failing(errno.ENOSPC))
        with pytest.raises(CannotWrite, match="the disk is full"):
            opened(path)
    assert (first.read_bytes(), names(path)) == (whole, [first.name])
    assert lsns(opened(path, write=False)) == [1]


def test_a_segment_that_a_crash_left_without_changes_is_rewritten(path, first):
    filled(path, 2).close()
    second = path.with_name("archive.json.j000002")
    head = segments.header(UUID, 2)
    for left in (b"", head[:9], head):
        second.write_bytes(left)
        reader = opened(path, write=False)
        assert (lsns(reader), reader.last) == ([1, 2], 2)
        journal = opened(path)
        assert (lsns(journal), journal.last, journal.rotate()) == ([1, 2], 2, [first])
        assert len(journal.notices) == (len(left) < len(head))
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
    first.write_bytes(whole[: -len(mark(2)) - 5])
    for write in (True, False):
        with pytest.raises(Damaged, match=r"j000001 is damaged at byte .*: its end is incomplete"):
            opened(path, write=write).read(0)
    assert lsns(opened(path), 2) == [3]  # segments contained in the snapshot are not read
    first.write_bytes(whole[:20])
    with pytest.raises(Damaged, match="j000001 is damaged at byte 0: its first line is incomplete"):
        opened(path)
    second = path.with_name("archive.json.j000002")
    first.write_bytes(whole[: -len(mark(2)) - 5])
    second.write_bytes(b"")
    with pytest.raises(Damaged, match="its end is incomplete"):
        opened(path)
