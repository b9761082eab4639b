"""A snapshot is JSON in TinyDB's layout, and any change of its bytes is detected."""

import json
import re
from contextlib import suppress
from pathlib import Path

import pytest

from archive.errors import Damaged
from archive.store import snapshot
from archive.store.mmap_file import SMALL, map_file
from archive.store.snapshot import BLOCK, Lines, encoded, read

PATH = Path("archive.json")


def tables(count: int) -> dict:
    return {
        "people": {str(n): {"name": f"N{n}", "text": "王\n"} for n in range(1, count + 1)},
        "_meta": {"1": {"lsn": 7, "snapshot": "abcd"}},
        "empty": {},
    }


def test_a_snapshot_is_json_with_one_record_per_line():
    data = encoded(tables(3))
    assert json.loads(data)["people"] == tables(3)["people"]
    assert sum(b'"name":"N' in line for line in data.splitlines()) == 3


@pytest.mark.parametrize("count", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_each_record_is_found_by_its_number(count):
    found = read(encoded(tables(count)), PATH)
    assert (found.lsn, found.name) == (7, "abcd")
    lines = found.lines("people")
    assert len(lines) == count
    assert [row["name"] for row in lines.rows()] == [f"N{n}" for n in range(1, count + 1)]
    assert [lines.slot(number) for number in (0, count, count + 1)] == [
        None,
        count - 1 if count else None,
        None,
    ]


def test_records_that_contain_a_text_are_found_without_decoding():
    lines = read(encoded(tables(300)), PATH).lines("people")
    assert list(lines.containing("N299")) == [298]
    assert list(lines.containing("N30")) == [29, 299]
    assert list(lines.containing("王\n")) == list(range(300))
    assert list(lines.containing("nobody")) == []


def test_checksums_in_another_format_are_damage():
    other = re.sub(rb'"blocks":"[0-9a-f]*"', b'"blocks":[[5,"0badbad0"]]', encoded(tables(3)))
    with pytest.raises(Damaged, match="table of checksums"):
        read(other, PATH)


def test_every_flipped_bit_is_detected():
    data = encoded(tables(3))
    for place in range(len(data)):
        for bit in range(8):
            damaged = bytearray(data)
            damaged[place] ^= 1 << bit
            with suppress(Damaged):
                assert read(bytes(damaged), PATH) is None  # None: not our layout, so it is checked completely


def test_truncation_at_any_byte_is_detected():
    data = encoded(tables(3))
    for length in range(len(data)):
        with suppress(Damaged):
            assert read(data[:length], PATH) is None


def test_a_damaged_block_of_a_large_file_is_reported_when_it_is_read(monkeypatch):
    data = encoded(tables(2 * BLOCK))
    monkeypatch.setattr(snapshot, "SMALL", 0)
    lines = read(data.replace(b"N100", b"N1OO"), PATH).lines("people")
    assert lines.row(0)["name"] == "N1"
    with pytest.raises(Damaged, match="in people, bytes"):
        lines.row(99)


def test_a_wrong_number_of_lines_is_damage():
    found = read(encoded(tables(3)), PATH)
    extent = found.extents["people"]
    with pytest.raises(Damaged, match="records of people are missing"):
        Lines(found.data, extent._replace(records=4), PATH).slot(1)
    with pytest.raises(Damaged, match="no record starts at"):
        Lines(found.data, extent._replace(start=extent.start + 3), PATH).slot(1)


def test_a_large_file_is_not_read_into_memory(tmp_path):
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(SMALL + 1)
    assert not isinstance(map_file(large), bytes)
    assert len(map_file(large)) == SMALL + 1
