"""The journal's segment files: their names, opening and creating them, their headers and contents."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

from archive.errors import ArchiveError, CannotWrite, Damaged, InUse
from archive.file_status import names_in
from archive.files import sync_file, sync_folder, unreadable, write_pieces
from archive.store.wal.records import Malformed, Packed, frames, is_damaged_mark, pack, scan
from archive.text import _

VERSION = 2  # version 1 had no acknowledgement marks
HEADER_ROOM = 4096  # bytes; no header is longer
_FLAGS = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NONBLOCK", 0)  # opening a named pipe would block for ever
)


class Segment(NamedTuple):
    """A file of the journal."""

    path: Path
    after: int  # the LSN before its first transaction
    size: int  # valid bytes
    inode: tuple[int, int] = (0, 0)  # device and inode number, to detect a replaced file
    tail: str = ""  # fingerprint of the transaction `after`, or "" if the header does not contain it

    @property
    def is_untouched(self) -> bool:
        """Whether the path still leads to the same file, with the same size."""
        try:
            status = self.path.lstat()
        except OSError:
            return False
        return (status.st_dev, status.st_ino, status.st_size) == (*self.inode, self.size)


class Contents(NamedTuple):
    """The complete transactions of a segment."""

    after: int | None  # the LSN before the first transaction; None if the header is incomplete
    transactions: list[Packed]
    end: int  # offset after the last complete transaction and its mark, 0 if there is no header
    version: int = VERSION
    is_marked: bool = False  # whether the last complete transaction is marked as acknowledged
    bad: int = 0  # offset after the last intact frame: above `end` if an unfinished transaction follows
    before: str = ""  # fingerprint of the transaction `after`, or "" if the header does not contain it

    @property
    def last(self) -> int:
        """The LSN of the last complete transaction, or the LSN in the header if there is none."""
        return self.transactions[-1].lsn if self.transactions else self.after or 0

    @property
    def tail(self) -> str:
        """The fingerprint of the transaction `last`, or "" if unknown."""
        return self.transactions[-1].tail if self.transactions else self.before

    def is_only_mark(self, tail: bytes) -> bool:
        """Return whether the bytes after the last complete transaction are only its damaged mark."""
        return bool(self.transactions) and not self.is_marked and is_damaged_mark(tail, self.last)


def listed(archive: Path) -> list[Path]:
    """Return the segments beside an archive, oldest first; only names in our exact format count."""
    name = re.compile(re.escape(archive.name) + r"\.j([0-9]{6,18})")
    matches = [match for match in map(name.fullmatch, names_in(archive.parent)) if match]
    numbers = sorted(int(match[1]) for match in matches if match[1] == f"{int(match[1]):06d}")
    return [named(archive, number) for number in numbers]


def named(archive: Path, number: int) -> Path:
    """Return the path of the segment with this number."""
    return archive.with_name(f"{archive.name}.j{number:06d}")


def following(path: Path) -> Path:
    """Return the path of the next segment."""
    return path.with_name(f"{path.name.rpartition('.j')[0]}.j{number_of(path) + 1:06d}")


def number_of(path: Path) -> int:
    """Return the number in a segment's name."""
    return int(path.name.rpartition(".j")[2])


def read(path: Path, most: int | None = None) -> bytes:
    """Read a segment, up to `most` bytes.

    Raises:
        InUse: The file was deleted, probably by a writer's checkpoint.
        ArchiveError: The file cannot be read, or is not a regular file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _FLAGS)
        try:
            remaining = os.fstat(descriptor).st_size if most is None else most
            _refuse_what_is_no_file(path, descriptor)
            pieces = []
            while remaining and (piece := os.read(descriptor, remaining)):
                pieces.append(piece)
                remaining -= len(piece)
        finally:
            os.close(descriptor)
    except FileNotFoundError as error:
        raise _removed(path) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    return b"".join(pieces)


def inode_of(descriptor: int) -> tuple[int, int]:
    """Return the device and inode number of an open file."""
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino


def piece(descriptor: int, offset: int, size: int) -> bytes:
    """Read up to `size` bytes of an open segment at `offset`."""
    # Windows has no pread. Moving the file position is safe: with O_APPEND, writes go to the end anyway.
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, size)


def open_to_append(path: Path, archive: Path) -> int:
    """Open a segment for appending and return its descriptor.

    Raises:
        OSError: The file cannot be opened.
        CannotWrite: The file belongs to another user.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | _FLAGS)
    try:
        _refuse_a_strangers(path, archive, os.fstat(descriptor).st_uid)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def create(path: Path, data: bytes) -> int:
    """Create a file with `data`, sync it, and return a descriptor for appending.

    The caller must still call `sync_folder` to make the folder entry durable.

    Raises:
        OSError: The file exists already, or cannot be written; a partly written file is deleted.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600)
    try:
        path.chmod(0o600)  # regardless of the umask
        write_pieces(descriptor, [data])
        sync_file(descriptor)
    except BaseException:
        os.close(descriptor)
        with suppress(OSError):
            path.unlink()
        raise
    return descriptor


def set_aside(path: Path, tail: bytes) -> Path:
    """Save a torn tail to a new file beside the segment, synced when this returns; return its path.

    Raises:
        OSError: The file cannot be written.
    """
    for number in count(1):
        copy = path.with_name(f"{path.name}.torn-{number}")
        try:
            descriptor = create(copy, tail)
        except FileExistsError:
            continue
        os.close(descriptor)
        sync_folder(copy.parent)
        return copy
    raise AssertionError


def torn_files(archive: Path) -> list[Path]:
    """Return the files with torn tails that were set aside beside an archive."""
    name = re.compile(re.escape(archive.name) + r"\.j[0-9]{6,18}\.torn-[0-9]+")
    return [
        archive.with_name(file_name) for file_name in names_in(archive.parent) if name.fullmatch(file_name)
    ]


def header(archive: str, after: int, tail: str = "") -> bytes:
    """Return the first frame of a new segment.

    Args:
        archive: The archive's uuid.
        after: The LSN before the segment's first transaction.
        tail: The fingerprint of the transaction `after`, or "" if unknown.
    """
    fields = {"journal": VERSION, "archive": archive, "after": after, "tail": tail}
    return pack(json.dumps(fields, separators=(",", ":")).encode())


def after_of(path: Path, payload: memoryview, archive: str) -> int:
    """Return the LSN that a segment's header says it follows.

    Args:
        path: The segment, for the error message.
        payload: The segment's first frame.
        archive: The uuid that the header must contain.

    Raises:
        Damaged: It is not a header, or belongs to another archive or a newer format version.
    """
    try:
        fields = json.loads(str(payload, "utf-8"))
        version, owner, after = fields["journal"], fields["archive"], fields["after"]
    except (ValueError, TypeError, KeyError, RecursionError):
        version = owner = after = None
    if type(version) is int and version > VERSION:
        raise Damaged(
            _("{path} was written by a newer version of this program.").format(path=path),
            _("It was not changed. Install the newer version to open it."),
        )
    if type(version) is not int or version < 1 or type(after) is not int or after < 0:
        raise damaged(path, 0, _("it does not begin like a journal"))
    if owner != archive:
        raise Damaged(
            _("{path} belongs to another archive.").format(path=path),
            _("It was not changed. Move it away, or put back the archive that it belongs to."),
        )
    return after


def _tail_in(payload: memoryview) -> str:
    """Return the fingerprint in a header; "" for older headers, which have none."""
    tail = json.loads(str(payload, "utf-8")).get("tail", "")
    return tail if type(tail) is str else ""


def version_of(payload: memoryview) -> int:
    """Return the format version in a header that `after_of` has accepted."""
    return int(json.loads(str(payload, "utf-8"))["journal"])


def opening(path: Path, archive: str) -> Segment:
    """Open a sealed segment, reading only its header."""
    payloads = scan(read(path, HEADER_ROOM)).payloads
    if not payloads:
        raise damaged(path, 0, _("its first line is incomplete"))
    try:
        status = path.lstat()
        after = after_of(path, payloads[0][1], archive)
        return Segment(path, after, status.st_size, (status.st_dev, status.st_ino), _tail_in(payloads[0][1]))
    except FileNotFoundError as error:
        raise _removed(path) from error


def contents(path: Path, data: bytes, archive: str) -> Contents:
    """Parse the bytes of a segment up to a torn tail.

    Raises:
        Damaged: Anything before the torn tail is damaged.
    """
    scanned = scan(data)
    if scanned.damaged_at is not None:
        raise damaged(path, scanned.damaged_at, _("the data there is not what was written"))
    if not scanned.payloads:
        return Contents(None, [], 0)
    after = after_of(path, scanned.payloads[0][1], archive)
    try:
        complete, unfinished, is_marked = frames(scanned.payloads[1:])
    except Malformed as error:
        raise damaged(path, error.offset, _("the data there is not a change")) from None
    for number, packed in enumerate(complete, after + 1):
        if packed.lsn != number:
            why = _("change {found} was found where change {n} was expected")
            raise damaged(path, packed.offset, why.format(found=packed.lsn, n=number))
    end = scanned.end if unfinished is None else unfinished
    head = scanned.payloads[0][1]
    return Contents(after, complete, end, version_of(head), is_marked, scanned.end, _tail_in(head))


def damaged(path: Path, offset: int, why: str) -> Damaged:
    """Return the error for a damaged segment."""
    return Damaged(
        _("{path} is damaged at byte {n}: {why}.").format(path=path, n=offset, why=why),
        _("It was not changed. `archive repair` copies it and recovers what can be read."),
    )


def gap(path: Path, after: int, last: int) -> Damaged:
    """Return the error for a segment that starts after change `after`, while the changes before it end with `last`."""
    return Damaged(
        _("{path} starts after change {after}, but the last change before it is change {n}.").format(
            path=path, after=after, n=last
        ),
        _("An older copy may have taken a file's place. Put the newer one back, or use `archive repair`."),
    )


def _refuse_what_is_no_file(path: Path, descriptor: int) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise ArchiveError(_("{path} is not a regular file.").format(path=path), _("Choose a regular file."))


def _refuse_a_strangers(path: Path, archive: Path, owner: int) -> None:
    """Raise CannotWrite if the segment belongs to another user: our changes would go into their journal.

    Some drives report one owner for every file, so the archive's owner is accepted too.
    """
    owners = {os.geteuid()} if hasattr(os, "geteuid") else {owner}
    with suppress(OSError):
        owners.add(archive.stat().st_uid)
    if owner not in owners:
        raise CannotWrite(
            _("{path} belongs to another user.").format(path=path),
            _("Nothing was written. Open the archive as that user, or for reading only."),
        )


def _removed(path: Path) -> InUse:
    return InUse(
        _("{path} was removed by another program while it was being read.").format(path=path),
        _("Open the archive again."),
    )


def _unreadable(path: Path, error: OSError) -> ArchiveError:
    if error.errno == errno.ELOOP:  # never follow a link: it may lead to a file that is not ours
        return ArchiveError(
            _("{path} is a symbolic link; a journal must be a regular file.").format(path=path),
            _("Put the file itself there."),
        )
    return unreadable(path, error)
