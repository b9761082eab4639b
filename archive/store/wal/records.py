"""The journal's record format: encode transactions as checksummed frames, and scan bytes for them.

A frame is `crc32 length payload newline`. A transaction is one frame, or several with the same LSN if it is large.
This module works on bytes only and opens no file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from zlib import crc32

PART = 4 << 20  # bytes of changes in one frame; a larger transaction continues in further frames
_HEAD = re.compile(rb"([0-9a-f]{8}) ([0-9a-f]{8}) ")
HEAD_SIZE = 18  # bytes of a frame before its payload: checksum and length
# A lookahead consumes nothing, so that overlapping candidates are found too.
_MAYBE_HEAD = re.compile(rb"(?=[0-9a-f]{8} [0-9a-f]{8} )")
_NEWLINE = 10
_LSN = re.compile(rb"\[([0-9]{1,18}),")
_SLIPS = 4  # damaged bytes up to which a mark is still recognised
_MARK = re.compile(rb"[0-9]{1,18}")
_MORE = b",true]"  # ends every frame of a transaction but the last, in place of `extra`
_dumps = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


class LogRecord(NamedTuple):
    """One transaction, applied completely or not at all."""

    lsn: int  # log sequence number, without gaps
    ms: int  # wall clock in milliseconds since 1970; never used for ordering
    label: str  # the user's action
    changes: list[list[Any]]  # [table, number, new row or None, old row or None] each
    extra: dict[str, Any]  # further data of the store, such as the history entry


class Scan(NamedTuple):
    """The result of `scan`: the intact frames up to a torn tail or to damage."""

    payloads: list[tuple[int, memoryview]]  # offset and payload of each frame
    end: int  # offset after the last intact frame before anything bad
    torn: bool  # whether bytes follow `end`, without an intact frame among them
    damaged_at: int | None  # offset of a bad frame that is followed by an intact frame


class Islands(NamedTuple):
    """The result of `islands`: every intact frame in damaged bytes."""

    payloads: list[tuple[int, memoryview]]  # offset and payload of each frame
    gaps: list[tuple[int, int]]  # start and end of the bytes between intact frames


class Packed(NamedTuple):
    """A complete transaction that is not decoded yet."""

    offset: int
    lsn: int
    parts: list[memoryview]

    @property
    def tail(self) -> str:
        """The transaction's fingerprint (see `fingerprint`)."""
        return fingerprint(self.parts[-1])

    def frame(self) -> LogRecord:
        """Decode the transaction.

        Raises:
            Malformed: The checksums are right, but the contents are not a transaction.
        """
        changes: list[list[Any]] = []
        for part in self.parts:
            try:
                lsn, ms, label, some, extra = json.loads(str(part, "utf-8"))
            except (ValueError, TypeError, RecursionError):
                raise Malformed(self.offset) from None
            if not (_are_changes(some) and type(ms) is int and type(label) is str):
                raise Malformed(self.offset)
            changes += some
        if type(extra) is not dict:
            raise Malformed(self.offset)
        return LogRecord(lsn, ms, label, changes, extra)


class Grouped(NamedTuple):
    """Frames grouped into transactions."""

    transactions: list[Packed]
    unfinished: int | None  # offset of a last transaction that is incomplete
    is_marked: bool = False  # whether an acknowledgement mark follows the last complete transaction


class Malformed(ValueError):
    """A frame whose checksum is right, but whose contents do not belong in a journal."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def pack(payload: bytes) -> bytes:
    """Return a frame for the payload: checksum, length, payload, newline.

    Raises:
        ValueError: The payload contains a newline.
    """
    if b"\n" in payload:
        raise ValueError("a newline in a frame")
    return b"%08x %08x %b\n" % (crc32(payload), len(payload), payload)


def mark(lsn: int) -> bytes:
    """Return the mark that follows an acknowledged transaction, a frame with only its LSN.

    It proves that the transaction was saved: if that is unreadable later, the cause is damage and not an interrupted
    save. Marks are only synced by the next save, so without a mark both remain possible.
    """
    return pack(b"%d" % lsn)


def is_damaged_mark(data: bytes, lsn: int) -> bool:
    """Return whether the bytes are the mark of transaction `lsn` with a few damaged bytes; then no data is lost."""
    intact = mark(lsn)
    differing = sum(byte != expected for byte, expected in zip(data, intact, strict=False))
    return len(data) == len(intact) and differing <= _SLIPS


def marked(payload: bytes | memoryview) -> int | None:
    """Return the LSN that a mark acknowledges; None if the payload is not a mark."""
    return int(bytes(payload)) if _MARK.fullmatch(payload) else None


def encoded(frame: LogRecord) -> Iterator[bytes]:
    """Yield the frames of a transaction; the last frame commits it.

    Raises:
        ValueError: A value cannot be encoded as JSON, such as NaN.
        TypeError: A value has a type that JSON does not have.
    """
    if len(frame.changes) < 2:  # encoding it in one call takes a third less time
        yield pack(_dumps(frame).encode())
        return
    head = f"[{frame.lsn},{frame.ms},{_dumps(frame.label)},[".encode()
    part: list[bytes] = []
    size = 0
    for change in frame.changes:
        raw = _dumps(change).encode()
        if part and size + len(raw) > PART:
            yield pack(head + b",".join(part) + b"]" + _MORE)
            part, size = [], 0
        part.append(raw)
        size += len(raw)
    yield pack(head + b",".join(part) + b"]," + _dumps(frame.extra).encode() + b"]")


def fingerprint(payload: bytes | memoryview) -> str:
    """Return the fingerprint of a transaction: checksum and length of its last frame, as they are in the journal.

    It distinguishes transactions with the same LSN on different branches. The frame contains the replaced values too,
    so two transactions with the same fingerprint also follow the same history. Take it from the bytes in the journal,
    never from a decoded transaction: encoded again, by another version, it may be divided into other frames.
    """
    return f"{crc32(payload):08x} {len(payload):08x}"


def scan(data: bytes | memoryview) -> Scan:
    """Read the intact frames from the beginning of `data`, and tell a torn tail from damage.

    It is damage if an intact frame follows the bad bytes, and a torn tail if none does.
    """
    view = memoryview(data)
    payloads = []
    at = 0
    while True:
        end = _end_of(view, at)
        if end is not None:
            payloads.append((at, view[at + HEAD_SIZE : end - 1]))
            at = end
        elif payloads and (after_mark := _behind_mark(view, at, payloads[-1][1])):
            at = after_mark
        else:
            break
    if at == len(view):
        return Scan(payloads, at, False, None)
    is_damage = _has_frame(view, at + 1)
    return Scan(payloads, at, not is_damage, at if is_damage else None)


def _behind_mark(view: memoryview, at: int, payload: memoryview) -> int | None:
    """Return the offset after an unreadable mark at `at`, if an intact frame follows there; else None.

    Marks are not synced: after a power cut a mark may be unreadable although the next frame is intact. Since it
    contains no data, `scan` skips it.

    Args:
        payload: The last frame before `at`; its LSN gives the size of the mark.
    """
    lsn = lsn_of(payload)
    after_mark = at + len(mark(lsn or 0))
    return after_mark if lsn is not None and _end_of(view, after_mark) is not None else None


def islands(data: bytes | memoryview) -> Islands:
    """Find every intact frame, including frames after damage, and the gaps between them."""
    view = memoryview(data)
    payloads: list[tuple[int, memoryview]] = []
    gaps: list[tuple[int, int]] = []
    at = 0
    while at < len(view):
        end = _end_of(view, at)
        if end is None:
            gaps.append((at, _next_frame(view, at + 1)))
            at = gaps[-1][1]
        else:
            payloads.append((at, view[at + HEAD_SIZE : end - 1]))
            at = end
    return Islands(payloads, gaps)


def length_at(data: bytes | memoryview) -> int | None:
    """Return the length of a frame according to its head; None if `data` does not begin with a head."""
    head = _HEAD.match(data)
    return HEAD_SIZE + int(head[2], 16) + 1 if head else None


def size_of(payload: bytes | memoryview) -> int:
    """Return the size of the frame with this payload in bytes."""
    return HEAD_SIZE + len(payload) + 1


def _end_of(view: memoryview, start: int) -> int | None:
    """Return the end of the intact frame at `start`; None if no intact frame starts there."""
    head = _HEAD.match(view, start)
    if not head:
        return None
    begin = start + HEAD_SIZE
    end = begin + int(head[2], 16)
    if end >= len(view) or view[end] != _NEWLINE or crc32(view[begin:end]) != int(head[1], 16):
        return None
    return end + 1


def _has_frame(view: memoryview, start: int) -> bool:
    """Return whether an intact frame follows at any offset, since the newline before it may be damaged."""
    return _next_frame(view, start) < len(view)


def _next_frame(view: memoryview, start: int) -> int:
    """Return the offset of the next intact frame, or the end of the data if there is none."""
    heads = (match.start() for match in _MAYBE_HEAD.finditer(view, start))
    return next((head for head in heads if _end_of(view, head) is not None), len(view))


def frames(payloads: Iterable[tuple[int, memoryview]]) -> Grouped:
    """Group the payloads of a scan into transactions.

    Raises:
        Malformed: The frames do not form a sequence of transactions and marks.
    """
    complete: list[Packed] = []
    unfinished: Packed | None = None
    is_marked = False
    for offset, payload in payloads:
        if (number := marked(payload)) is not None:
            if unfinished or not complete or complete[-1].lsn != number:
                raise Malformed(offset)
            is_marked = True
            continue
        lsn = lsn_of(payload)
        if lsn is None or (unfinished and unfinished.lsn != lsn):
            raise Malformed(offset)
        if unfinished:
            unfinished.parts.append(payload)
        else:
            unfinished = Packed(offset, lsn, [payload])
        is_marked = False
        if commits(payload):
            complete.append(unfinished)
            unfinished = None
    return Grouped(complete, unfinished.offset if unfinished else None, is_marked)


def lsn_of(payload: memoryview) -> int | None:
    """Return the LSN of a frame; None if it is not part of a transaction."""
    match = _LSN.match(payload)
    return int(match[1]) if match else None


def commits(payload: memoryview) -> bool:
    """Return whether a frame is the last of its transaction."""
    return bytes(payload[-len(_MORE) :]) != _MORE


def _are_changes(value: Any) -> bool:
    return type(value) is list and all(
        type(change) is list and len(change) == 4 and type(change[0]) is str and type(change[1]) is str
        for change in value
    )
