"""The files of the journal, one by one: what they are called, how they are opened, and what they hold."""

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
from archive.files import sync_file, sync_folder, unreadable, write_pieces
from archive.store.wal.records import Malformed, Packed, frames, is_damaged_mark, pack, scan
from archive.text import _

VERSION = 2  # 1 had no marks behind the changes
HEADER_ROOM = 4096  # bytes among which a header has its place
_FLAGS = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe of that name would be waited for, for ever
)


class Segment(NamedTuple):
    """A file of the journal."""

    path: Path
    after: int  # the lsn that its first transaction follows
    size: int  # bytes that count
    inode: tuple[int, int] = (0, 0)  # device and number, which another file of its name does not have
    tail: str = ""  # of the transaction that its first one follows, "" if its header does not know

    @property
    def is_untouched(self) -> bool:
        """Whether the file of this name is still the same one, and as long as it was left."""
        try:
            found = self.path.lstat()
        except OSError:
            return False
        return (found.st_dev, found.st_ino, found.st_size) == (*self.inode, self.size)


class Contents(NamedTuple):
    """What a segment holds, as far as it is whole."""

    after: int | None  # None if not even its header is whole
    whole: list[Packed]
    end: int  # just behind the last whole transaction or its mark, 0 if there is no header
    version: int = VERSION
    is_marked: bool = False  # whether the last whole transaction is marked as acknowledged
    bad: int = 0  # from where on no frame is intact: behind `end` if parts of one more transaction are
    before: str = ""  # the tail of the transaction before the first one, "" if the header does not know

    @property
    def last(self) -> int:
        """The lsn of the last whole transaction, or what the header says."""
        return self.whole[-1].lsn if self.whole else self.after or 0

    @property
    def tail(self) -> str:
        """The tail of that transaction, "" if it is not known."""
        return self.whole[-1].tail if self.whole else self.before

    def is_only_mark(self, tail: bytes) -> bool:
        """Whether what follows the last whole transaction is its mark, which is damaged."""
        return bool(self.whole) and not self.is_marked and is_damaged_mark(tail, self.last)


def listed(archive: Path) -> list[Path]:
    """The segments beside an archive, oldest first; what is like one and not named as we name them is none."""
    name = re.compile(re.escape(archive.name) + r"\.j([0-9]{6,18})")
    try:
        found = [match for match in map(name.fullmatch, os.listdir(archive.parent)) if match]  # noqa: PTH208
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise _unreadable(archive.parent, error) from error
    numbers = sorted(int(match[1]) for match in found if match[1] == f"{int(match[1]):06d}")
    return [named(archive, number) for number in numbers]


def named(archive: Path, number: int) -> Path:
    """The path of a segment."""
    return archive.with_name(f"{archive.name}.j{number:06d}")


def following(path: Path) -> Path:
    """The path of the segment behind another one."""
    return path.with_name(f"{path.name.rpartition('.j')[0]}.j{number_of(path) + 1:06d}")


def number_of(path: Path) -> int:
    """The number in a segment's name."""
    return int(path.name.rpartition(".j")[2])


def read(path: Path, most: int | None = None) -> bytes:
    """The bytes of a segment, `most` at the most. InUse where it is gone."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _FLAGS)
        try:
            left = os.fstat(descriptor).st_size if most is None else most
            _refuse_what_is_no_file(path, descriptor)
            pieces = []
            while left and (piece := os.read(descriptor, left)):
                pieces.append(piece)
                left -= len(piece)
        finally:
            os.close(descriptor)
    except FileNotFoundError as error:
        raise _gone(path) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    return b"".join(pieces)


def inode_of(descriptor: int) -> tuple[int, int]:
    """Device and number of an open file."""
    found = os.fstat(descriptor)
    return found.st_dev, found.st_ino


def piece(descriptor: int, offset: int, size: int) -> bytes:
    """Bytes of an open segment from `offset` on, fewer at its end."""
    os.lseek(
        descriptor, offset, os.SEEK_SET
    )  # not pread, which Windows lacks; O_APPEND writes at the end anyway
    return os.read(descriptor, size)


def open_to_append(path: Path, archive: Path) -> int:
    """A descriptor that writes behind what is there. OSError, or CannotWrite where the file is somebody else's."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | _FLAGS)
    try:
        _refuse_a_strangers(path, archive, os.fstat(descriptor).st_uid)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def create(path: Path, data: bytes) -> int:
    """A new file that holds `data` on the disk, open to append; its name still needs `sync_folder`. OSError else."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600)
    try:
        path.chmod(0o600)  # whatever the umask is
        write_pieces(descriptor, [data])
        sync_file(descriptor)
    except BaseException:
        os.close(descriptor)
        with suppress(OSError):
            path.unlink()
        raise
    return descriptor


def set_aside(path: Path, tail: bytes) -> Path:
    """Keep the torn end of a segment in a file of its own, on the disk when this returns. OSError if it cannot be."""
    for number in count(1):
        kept = path.with_name(f"{path.name}.torn-{number}")
        try:
            descriptor = create(kept, tail)
        except FileExistsError:
            continue
        os.close(descriptor)
        sync_folder(kept.parent)
        return kept
    raise AssertionError


def kept_aside(archive: Path) -> list[Path]:
    """The torn ends that were set aside beside an archive."""
    name = re.compile(re.escape(archive.name) + r"\.j[0-9]{6,18}\.torn-[0-9]+")
    return sorted(found for found in archive.parent.iterdir() if name.fullmatch(found.name))


def header(archive: str, after: int, tail: str = "") -> bytes:
    """The first frame of a segment of the archive with this uuid, behind the transaction `after` with this tail."""
    said = {"journal": VERSION, "archive": archive, "after": after, "tail": tail}
    return pack(json.dumps(said, separators=(",", ":")).encode())


def after_of(path: Path, payload: memoryview, archive: str) -> int:
    """What a header says it follows. Damaged where it is none, or that of another archive."""
    try:
        said = json.loads(str(payload, "utf-8"))
        version, whose, after = said["journal"], said["archive"], said["after"]
    except (ValueError, TypeError, KeyError, RecursionError):
        version = whose = after = None
    if type(version) is int and version > VERSION:
        raise Damaged(
            _("{path} was written by a newer version of this program.").format(path=path),
            _("It was left as it is. Install the newer version to open it."),
        )
    if type(version) is not int or version < 1 or type(after) is not int or after < 0:
        raise damaged(path, 0, _("it does not begin as a journal does"))
    if whose != archive:
        raise Damaged(
            _("{path} belongs to another archive.").format(path=path),
            _("It was left as it is. Move it away, or put the archive back that it belongs to."),
        )
    return after


def _tail_in(payload: memoryview) -> str:
    """The tail that a header knows; those of former versions know none."""
    tail = json.loads(str(payload, "utf-8")).get("tail", "")
    return tail if type(tail) is str else ""


def version_of(payload: memoryview) -> int:
    """The version of a segment by its header, which is known to be one."""
    return int(json.loads(str(payload, "utf-8"))["journal"])


def opening(path: Path, archive: str) -> Segment:
    """A segment by its header alone; for those that are complete."""
    found = scan(read(path, HEADER_ROOM)).payloads
    if not found:
        raise damaged(path, 0, _("its first line is not whole"))
    try:
        about = path.lstat()
        after = after_of(path, found[0][1], archive)
        return Segment(path, after, about.st_size, (about.st_dev, about.st_ino), _tail_in(found[0][1]))
    except FileNotFoundError as error:
        raise _gone(path) from error


def contents(path: Path, data: bytes, archive: str) -> Contents:
    """What the bytes of a segment hold, up to a torn end. Damaged where it is more than the end that is bad."""
    found = scan(data)
    if found.damaged_at is not None:
        raise damaged(path, found.damaged_at, _("what stands there is not what was written"))
    if not found.payloads:
        return Contents(None, [], 0)
    after = after_of(path, found.payloads[0][1], archive)
    try:
        whole, unfinished, is_marked = frames(found.payloads[1:])
    except Malformed as error:
        raise damaged(path, error.offset, _("what stands there is no change")) from None
    for number, packed in enumerate(whole, after + 1):
        if packed.lsn != number:
            why = _("change {found} stands where change {n} should").format(found=packed.lsn, n=number)
            raise damaged(path, packed.offset, why)
    end = found.end if unfinished is None else unfinished
    head = found.payloads[0][1]
    return Contents(after, whole, end, version_of(head), is_marked, found.end, _tail_in(head))


def damaged(path: Path, offset: int, why: str) -> Damaged:
    """The error for a segment that is not as it was written."""
    return Damaged(
        _("{path} is damaged at byte {n}: {why}.").format(path=path, n=offset, why=why),
        _("It was left as it is. `archive repair` takes a copy and saves what can be read."),
    )


def _refuse_what_is_no_file(path: Path, descriptor: int) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise ArchiveError(
            _("{path} is not an ordinary file.").format(path=path), _("Choose a file that you may read.")
        )


def _refuse_a_strangers(path: Path, archive: Path, owner: int) -> None:
    """What we add would be ours in another's journal. Some drives give every file one owner: the archive's then."""
    owners = {os.geteuid()} if hasattr(os, "geteuid") else {owner}
    with suppress(OSError):
        owners.add(archive.stat().st_uid)
    if owner not in owners:
        raise CannotWrite(
            _("{path} belongs to another user.").format(path=path),
            _("Nothing was written. Open the archive as that user, or for reading only."),
        )


def _gone(path: Path) -> InUse:
    return InUse(
        _("{path} was removed by another program while it was read.").format(path=path),
        _("Open the archive again."),
    )


def _unreadable(path: Path, error: OSError) -> ArchiveError:
    if error.errno == errno.ELOOP:  # links are not followed: one may lead to what is not ours
        return ArchiveError(
            _("{path} is a link, and a journal is none.").format(path=path),
            _("Put the file itself there."),
        )
    return unreadable(path, error)
