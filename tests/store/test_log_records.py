"""Log records are read back as written, and any damage to a frame is detected."""

import json
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.store.wal import records as module
from archive.store.wal.records import LogRecord, Malformed, encoded, frames, mark, pack, scan

TEXT = st.text(st.characters(codec="utf-8"))
RECORD = st.none() | st.dictionaries(TEXT, TEXT | st.integers() | st.lists(TEXT) | st.booleans())
FRAMES = st.builds(
    LogRecord,
    st.just(0),
    st.integers(),
    TEXT,
    st.lists(st.tuples(TEXT, TEXT, RECORD, RECORD).map(list), max_size=5),
    st.dictionaries(TEXT, TEXT),
)


def numbered(some):
    return [frame._replace(lsn=number) for number, frame in enumerate(some, 1)]


def written(some):
    return b"".join(piece for frame in some for piece in encoded(frame))


def found(data):
    return [packed.frame() for packed in frames(scan(data).payloads).transactions]


def small(lsn, name="Ada"):
    return LogRecord(lsn, 7, "edit", [["customers", str(lsn), {"name": name}, None]], {})


@given(st.lists(FRAMES, max_size=5))
def test_encoded_changes_are_read_back(some):
    some = numbered(some)
    data = written(some)
    assert found(data) == found(memoryview(data)) == some
    assert scan(data)[1:] == (len(data), False, None)


@given(FRAMES, st.integers(1, 30))
def test_a_large_change_has_several_frames_and_only_the_last_one_commits_it(frame, part):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "PART", part)
        pieces = list(encoded(frame))
    assert len(pieces) == max(1, len(frame.changes))  # a row change exceeds the limit, and is never split
    assert found(b"".join(pieces)) == [frame]
    for number in range(1, len(pieces)):
        assert frames(scan(b"".join(pieces[:number])).payloads) == ([], 0, False)


def test_small_changes_share_a_frame_up_to_the_limit(monkeypatch):
    change = ["t", "1", None, None]  # 19 bytes
    monkeypatch.setattr(module, "PART", 2 * len(json.dumps(change, separators=(",", ":"))))
    pieces = list(encoded(LogRecord(1, 0, "import", [change] * 5, {})))
    assert [piece.count(b'"t"') for piece in pieces] == [2, 2, 1]


def test_a_frame_is_a_line_with_its_checksum_and_length():
    assert pack(b"[1]") == b"%08x 00000003 [1]\n" % crc32(b"[1]")
    (line,) = encoded(LogRecord(3, 5, "Müller & 客户", [["t", "1", {"a": 1}, None]], {"n": 2}))
    text = '[3,5,"Müller & 客户",[["t","1",{"a":1},null]],{"n":2}]'
    assert line[18:] == text.encode() + b"\n"


def test_a_payload_with_a_newline_is_refused():
    with pytest.raises(ValueError, match="newline"):
        pack(b"[\n]")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", object()])
def test_values_that_are_not_json_are_refused(value):
    with pytest.raises((ValueError, TypeError)):
        list(encoded(LogRecord(1, 0, "", [["t", "1", {"a": value}, None]], {})))


@given(st.lists(FRAMES, min_size=1, max_size=4), st.data())
def test_data_cut_off_anywhere_is_a_prefix_with_a_torn_end(some, data):
    some = numbered(some)
    whole = written(some)
    cut = data.draw(st.integers(0, len(whole)))
    part = whole[:cut]
    result = scan(part)
    assert found(part) == some[: len(result.payloads)]
    assert (result.torn, result.damaged_at) == (result.end < cut, None)


def test_each_flipped_bit_is_damage_or_a_torn_end_in_the_last_frame():
    some = [small(1), small(2, "客户"), small(3)]
    whole = written(some)
    ends = [len(written(some[:number])) for number in range(4)]
    for byte in range(len(whole)):
        for bit in range(8):
            hit = bytearray(whole)
            hit[byte] ^= 1 << bit
            first = next(number for number in range(3) if byte < ends[number + 1])
            result = scan(bytes(hit))
            assert found(bytes(hit)) == some[:first]
            assert result.end == ends[first]
            assert (result.torn, result.damaged_at) == ((True, None) if first == 2 else (False, ends[first]))


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_an_intact_frame_after_damaged_bytes_is_found(before, between):
    bad = before + b"\xff" + between  # not the start of a frame
    data = written([small(1)]) + b"\xff" + bad + written([small(2)])
    assert scan(data).damaged_at == len(written([small(1)]))


def test_a_frame_after_bytes_that_look_like_a_header_is_found():
    assert scan(b"deadbeef " + pack(b"[1]")).damaged_at == 0
    assert scan(b"\0" * 5000).torn
    assert scan(pack(b"[1]")[:-1] + b"*").torn  # only its newline is damaged


def test_text_that_looks_like_a_frame_is_not_a_frame():
    name = pack(b"[1]").decode().strip()
    whole = written([small(1), small(2, name)])
    assert scan(whole[:-1]).torn


@given(st.binary(max_size=200))
def test_any_bytes_are_split_into_frames_and_a_remainder(data):
    result = scan(data)
    assert b"".join(pack(bytes(payload)) for _at, payload in result.payloads) == data[: result.end]
    assert (result.end < len(data)) == (result.torn or result.damaged_at is not None)


def test_a_frame_of_another_change_does_not_complete_a_change():
    more = b'[1,0,"",[],true]'
    last = b'[2,0,"",[],{}]'
    with pytest.raises(Malformed) as caught:
        frames(scan(pack(more) + pack(last)).payloads)
    assert caught.value.offset == len(pack(more))
    grouped = frames(scan(pack(last) + pack(more)).payloads)
    assert ([packed.lsn for packed in grouped.transactions], grouped.unfinished) == ([2], len(pack(last)))


@given(st.lists(FRAMES, max_size=4))
def test_marks_between_changes_are_skipped(some):
    some = numbered(some)
    data = b"".join(piece for frame in some for piece in [*encoded(frame), mark(frame.lsn)])
    assert found(data) == some
    assert frames(scan(data).payloads).is_marked == bool(some)


@pytest.mark.parametrize(
    "data", [mark(1), b"".join(encoded(small(1))) + mark(2), pack(b'[1,0,"",[],true]') + mark(1)]
)
def test_a_mark_must_follow_its_change(data):
    with pytest.raises(Malformed):
        frames(scan(data).payloads)


def test_a_frame_without_an_lsn_is_malformed():
    with pytest.raises(Malformed):
        frames(scan(pack(b'{"journal":1}')).payloads)


@pytest.mark.parametrize(
    "payload",
    [
        '[1,0,"",[]]',
        "[1,",
        '[1,0,"",{},{}]',
        '[1,0,"",[["t","1",null]],{}]',
        '[1,0,"",[["t",1,null,null]],{}]',
        '[1,0,"",[[1,"1",null,null]],{}]',
        '[1,0,"",[5],{}]',
        '[1,0.5,"",[],{}]',
        "[1,0,5,[],{}]",
        '[1,0,"",[],5]',
        '[1,0,"",[],' + "[" * 100_000,
    ],
)
def test_an_intact_frame_that_is_not_a_change_is_malformed(payload):
    (packed,) = frames(scan(pack(payload.encode())).payloads).transactions
    with pytest.raises(Malformed):
        packed.frame()


def test_bytes_that_are_not_utf8_are_malformed():
    (packed,) = frames(scan(pack(b'[1,0,"\xff",[],{}]')).payloads).transactions
    with pytest.raises(Malformed):
        packed.frame()
