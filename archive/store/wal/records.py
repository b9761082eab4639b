"""How changes stand in the journal: checked frames, one after the other. Bytes in, bytes out; no file is touched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from zlib import crc32

PART = 4 << 20  # bytes of changes in one frame; what is more goes on in the next one
_HEAD = re.compile(rb"([0-9a-f]{8}) ([0-9a-f]{8}) ")
HEAD_SIZE = 18  # bytes of a frame before its payload: checksum and length
_MAYBE_HEAD = re.compile(rb"(?=[0-9a-f]{8} [0-9a-f]{8} )")  # looks ahead only, so that none hides in another
_NEWLINE = 10
_LSN = re.compile(rb"\[([0-9]{1,18}),")
_SLIPS = 4  # bytes of a mark that may be damaged
_MARK = re.compile(rb"[0-9]{1,18}")
_MORE = b",true]"  # stands where the last frame of a transaction has its `extra`
_dumps = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


class LogRecord(NamedTuple):
    """One transaction: all of it happened, or nothing."""

    lsn: int  # counts the transactions, without a gap
    ms: int  # milliseconds since 1970, as the clock stood; never used for order
    label: str  # what a person did
    changes: list[list[Any]]  # [table, number, new or None, old or None] each
    extra: dict[str, Any]  # what else the store keeps with it


class Scan(NamedTuple):
    """What bytes hold: intact frames, and what is behind them."""

    payloads: list[tuple[int, memoryview]]  # where its frame begins, and what it says
    end: int  # just behind the last good frame before anything bad
    torn: bool  # there are bytes behind `end`, and no intact frame among them
    damaged_at: int | None  # where a bad frame begins that has an intact one behind it


class Islands(NamedTuple):
    """What can still be read of bytes that were harmed."""

    payloads: list[tuple[int, memoryview]]  # where its frame begins, and what it says
    gaps: list[tuple[int, int]]  # from where to where there is no intact frame


class Packed(NamedTuple):
    """A whole transaction, not decoded yet."""

    offset: int
    lsn: int
    parts: list[memoryview]

    @property
    def tail(self) -> str:
        """What tells this transaction from any other of its number."""
        return _tail(self.parts[-1])

    def frame(self) -> LogRecord:
        """The transaction; Malformed where its frames are intact and yet say nothing of the kind."""
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
    """The transactions of a run of frames."""

    whole: list[Packed]
    unfinished: int | None  # where one begins that the frames do not finish
    is_marked: bool = False  # whether a mark follows the last one


class Malformed(ValueError):
    """A frame that is intact, and that no journal has."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def pack(payload: bytes) -> bytes:
    """A frame: checksum, length, payload, newline. Nothing that `scan` could not find again is packed."""
    if b"\n" in payload:
        raise ValueError("a newline in a frame")
    return b"%08x %08x %b\n" % (crc32(payload), len(payload), payload)


def mark(lsn: int) -> bytes:
    """The line that follows a change as soon as that is acknowledged, packed as a frame so that a scan finds it.

    It tells damage in the last change from a save that was interrupted. It is not synced: the next save does that, and
    whoever finds none has to take both for possible.
    """
    return pack(b"%d" % lsn)


def is_damaged_mark(data: bytes, lsn: int) -> bool:
    """Whether bytes were the mark of a change before a few of them were damaged: nothing is lost with that."""
    sound = mark(lsn)
    other = sum(one != two for one, two in zip(data, sound, strict=False))
    return len(data) == len(sound) and other <= _SLIPS


def marked(payload: bytes | memoryview) -> int | None:
    """The number of the change that a payload marks as acknowledged, None if it is no mark."""
    return int(bytes(payload)) if _MARK.fullmatch(payload) else None


def encoded(frame: LogRecord) -> Iterator[bytes]:
    """The packed frames of a transaction; only the last one commits. ValueError or TypeError where it is no JSON."""
    if len(frame.changes) < 2:  # as one value, in a third less time
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


def tail_of(frame: LogRecord) -> str:
    """What tells a transaction from any other of its number: checksum and length of its last frame. It holds the values
    that the transaction replaced, so two transactions with one tail have the same ones before them.
    """
    *_parts, last = encoded(frame)
    return last[: HEAD_SIZE - 1].decode()


def _tail(payload: memoryview) -> str:
    return f"{crc32(payload):08x} {len(payload):08x}"


def scan(data: bytes | memoryview) -> Scan:
    """The intact frames from the beginning of `data`, and whether what follows them is torn or damaged."""
    view = memoryview(data)
    payloads = []
    at = 0
    while True:
        end = _end_of(view, at)
        if end is not None:
            payloads.append((at, view[at + HEAD_SIZE : end - 1]))
            at = end
        elif payloads and (behind := _behind_mark(view, at, payloads[-1][1])):
            at = behind
        else:
            break
    if at == len(view):
        return Scan(payloads, at, False, None)
    is_damage = _has_frame(view, at + 1)
    return Scan(payloads, at, not is_damage, at if is_damage else None)


def _behind_mark(view: memoryview, at: int, payload: memoryview) -> int | None:
    """Where an intact frame begins behind the unreadable mark of the change that `payload` is of, None if none does.

    A mark is not synced: after a power cut it may be missing although the frame behind it is there. It holds no data.
    """
    lsn = lsn_of(payload)
    behind = at + len(mark(lsn or 0))
    return behind if lsn is not None and _end_of(view, behind) is not None else None


def islands(data: bytes | memoryview) -> Islands:
    """Every intact frame, also those behind damage, and where there is none."""
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
    """The length of the frame that begins here by what its head says, None if there is no head."""
    head = _HEAD.match(data)
    return HEAD_SIZE + int(head[2], 16) + 1 if head else None


def size_of(payload: bytes | memoryview) -> int:
    """How many bytes a frame of this payload has."""
    return HEAD_SIZE + len(payload) + 1


def _end_of(view: memoryview, start: int) -> int | None:
    """Just behind the frame that begins at `start`, None where no intact one does."""
    head = _HEAD.match(view, start)
    if not head:
        return None
    begin = start + HEAD_SIZE
    end = begin + int(head[2], 16)
    if end >= len(view) or view[end] != _NEWLINE or crc32(view[begin:end]) != int(head[1], 16):
        return None
    return end + 1


def _has_frame(view: memoryview, start: int) -> bool:
    """Whether an intact frame begins anywhere: the newline before it may be what was hit."""
    return _next_frame(view, start) < len(view)


def _next_frame(view: memoryview, start: int) -> int:
    """Where the next intact frame begins, the end where there is none."""
    heads = (found.start() for found in _MAYBE_HEAD.finditer(view, start))
    return next((head for head in heads if _end_of(view, head) is not None), len(view))


def frames(payloads: Iterable[tuple[int, memoryview]]) -> Grouped:
    """Group the payloads of a scan into transactions. Malformed if they are none."""
    whole: list[Packed] = []
    begun: Packed | None = None
    is_marked = False
    for offset, payload in payloads:
        if (number := marked(payload)) is not None:
            if begun or not whole or whole[-1].lsn != number:
                raise Malformed(offset)
            is_marked = True
            continue
        lsn = lsn_of(payload)
        if lsn is None or (begun and begun.lsn != lsn):
            raise Malformed(offset)
        if begun:
            begun.parts.append(payload)
        else:
            begun = Packed(offset, lsn, [payload])
        is_marked = False
        if commits(payload):
            whole.append(begun)
            begun = None
    return Grouped(whole, begun.offset if begun else None, is_marked)


def lsn_of(payload: memoryview) -> int | None:
    """The number of the transaction that a frame is of, None where it is of none."""
    found = _LSN.match(payload)
    return int(found[1]) if found else None


def commits(payload: memoryview) -> bool:
    """Whether a frame is the last one of its transaction."""
    return bytes(payload[-len(_MORE) :]) != _MORE


def _are_changes(value: Any) -> bool:
    return type(value) is list and all(
        type(change) is list and len(change) == 4 and type(change[0]) is str and type(change[1]) is str
        for change in value
    )
