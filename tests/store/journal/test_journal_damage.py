"""Damaged and foreign data in a journal is reported with file and byte, and is left unchanged."""

import errno
import os

import pytest
from harm import failing
from journals import UUID, filled, frame, lsns, names, opened

from archive.errors import CannotWrite, Damaged
from archive.store.wal import segments
from archive.store.wal.records import mark, pack


def test_a_segment_of_another_archive_is_reported(path, first):
    filled(path, 1).close()
    before = first.read_bytes()
    with pytest.raises(Damaged, match="j000001 belongs to another archive"):
        opened(path, uuid="other")
    assert first.read_bytes() == before


def test_a_segment_of_a_newer_version_is_refused(path, first):
    first.write_bytes(pack(b'{"journal":3}'))
    with pytest.raises(Damaged, match="does not begin like a journal"):
        opened(path)
    first.write_bytes(pack(b'{"journal":3,"archive":"","after":0}'))
    with pytest.raises(Damaged, match="newer version"):
        opened(path)


@pytest.mark.parametrize(
    "said", [b"[1]", b"{", b"{}", b'{"journal":true,"archive":"0123456789abcdef","after":0}']
)
def test_an_invalid_header_is_damage(path, first, said):
    first.write_bytes(pack(said))
    with pytest.raises(Damaged, match="byte 0"):
        opened(path)


@pytest.mark.parametrize("after", ["-1", "1.0", "null", "true"])
def test_the_first_lsn_in_a_header_must_be_a_natural_number(path, first, after):
    first.write_bytes(pack(b'{"journal":1,"archive":"%b","after":%b}' % (UUID.encode(), after.encode())))
    with pytest.raises(Damaged, match="does not begin like a journal"):
        opened(path)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b'[3,0,"",[],{}]', "change 3 was found where change 2 was expected"),
        (b'[1,0,"",[],{}]', "change 1 was found where change 2 was expected"),
        (b"{}", "the data there is not a change"),
    ],
)
def test_an_intact_frame_in_the_wrong_place_is_damage(path, first, said, why):
    filled(path, 1).close()
    size = first.stat().st_size
    first.write_bytes(first.read_bytes() + pack(said))
    with pytest.raises(Damaged, match=f"at byte {size}: {why}"):
        opened(path)


def test_an_intact_frame_that_is_not_a_change_is_damage_when_it_is_read(path, first):
    filled(path, 1).close()
    first.write_bytes(first.read_bytes() + pack(b"[2,0,5,[],{}]"))
    found = opened(path).read(0)
    assert next(found).lsn == 1
    with pytest.raises(Damaged, match="the data there is not a change"):
        next(found)


# Files that do not belong together


def test_a_snapshot_older_than_the_journal_is_reported(path):
    filled(path, 12, first=11).close()
    for write in (True, False):
        with pytest.raises(Damaged, match=r"j000001 starts after change 10, but .* is change 7"):
            opened(path, write=write).read(7)


def test_an_older_snapshot_is_noticed_even_if_the_segment_is_empty(path, first):
    first.write_bytes(segments.header(UUID, 10))
    for _opening in range(2):
        journal = opened(path)
        with pytest.raises(Damaged, match="starts after change 10"):
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
    with pytest.raises(Damaged, match=r"j000003 starts after change 3, but .* is change 2"):
        opened(path).read(0)
    assert lsns(opened(path), 3) == [4]


def test_a_duplicated_segment_is_noticed(path, first):
    journal = filled(path, 2)
    journal.rotate()
    journal.append(frame(3))
    journal.close()
    os.link(first, path.with_name("archive.json.j000003"))
    with pytest.raises(Damaged, match="j000003 is damaged at byte 0: it repeats"):
        opened(path).read(0)


def test_a_new_segment_is_started_after_a_journal_older_than_the_snapshot(path):
    filled(path, 2).close()
    journal = opened(path)
    assert (lsns(journal, 5), journal.last) == ([], 5)
    journal.append(frame(6))
    assert names(path) == ["archive.json.j000001", "archive.json.j000002"]
    assert lsns(opened(path), 5) == [6]
    with pytest.raises(Damaged, match="starts after change 5"):
        opened(path).read(2)


@pytest.fixture
def sealed(path):
    """The first of two segments, with changes 1 and 2 and their marks; change 3 is in the second segment."""
    journal = filled(path, 2)
    journal.rotate()
    journal.append(frame(3))
    journal.close()
    return path.with_name("archive.json.j000001")


@pytest.mark.parametrize("left", ["zeros", "a part", "nothing"])
@pytest.mark.parametrize("write", [True, False])
def test_a_sealed_segment_may_lack_its_last_mark_after_a_power_cut(path, sealed, left, write):
    data = sealed.read_bytes()
    size = len(mark(2))
    rest = {"zeros": bytes(size), "a part": data[-size:-3], "nothing": b""}[left]
    sealed.write_bytes(data[:-size] + rest)
    assert lsns(opened(path, write=write)) == [1, 2, 3]


def test_the_last_mark_may_be_torn_if_the_next_segment_is_empty(path):
    journal = filled(path, 2)
    journal.close()
    first = path.with_name("archive.json.j000001")
    first.write_bytes(first.read_bytes()[: -len(mark(2))] + bytes(5))
    path.with_name("archive.json.j000002").write_bytes(b"")
    assert lsns(opened(path)) == [1, 2]


def test_a_change_missing_from_a_sealed_segment_is_damage(path, sealed):
    sealed.write_bytes(sealed.read_bytes()[: -len(mark(2)) - 1])
    with pytest.raises(Damaged):
        opened(path).read(0)


def test_a_failing_stat_of_a_segment_is_reported(path, monkeypatch):
    journal = filled(path, 1)
    journal.rotate()
    with monkeypatch.context() as broken:
        broken.setattr(segments, "inode_of", failing(errno.EIO))
        with pytest.raises(CannotWrite):
            journal.append(frame(2))
    journal.close()
    with monkeypatch.context() as broken:
        broken.setattr(segments, "inode_of", failing(errno.EIO))
        with pytest.raises(CannotWrite):
            opened(path)
    assert lsns(opened(path)) == [1]
