"""Bytes from and to the disk, and rows as the bytes of a CSV file.

A file is written whole or not at all, and nothing is overwritten unasked.
"""

import codecs
import contextlib
import csv
import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from archive.errors import ArchiveError, CannotWrite, NotFound
from archive.exchange.guard import protect_row
from archive.exchange.sniff import DELIMITERS, MARKED, codec_name, delimiter_sign
from archive.text import N_, _

_NO_LINKS = {
    errno.EPERM,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
}  # what FAT and some network drives answer
_REASONS = {
    errno.ENOENT: N_("its folder does not exist"),
    errno.ENOTDIR: N_("its folder does not exist"),
    errno.EACCES: N_("permission was denied"),
    errno.EPERM: N_("permission was denied"),
    errno.EROFS: N_("the disk is read-only"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("your share of the disk is full"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENAMETOOLONG: N_("the name is too long"),
}


def read_bytes(path: Path) -> bytes:
    """The content of a file. Raises NotFound where there is none and ArchiveError where it cannot be read."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(
            _("There is no file {path}.").format(path=path), _("Check its name and folder.")
        ) from error
    except (OSError, ValueError) as error:
        raise ArchiveError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=_reason(error)),
            _("Choose a file that you may read."),
        ) from error


def write_whole(path: Path, data: bytes | Iterable[bytes], *, force: bool = False, mode: int = 0o600) -> None:
    """Write `data`, in one piece or several, to a new file at `path`, or with `force` in place of the one there.

    The file is either complete and on the disk or was not touched. Raises CannotWrite where it exists, is
    no ordinary file, or the disk or the folder is in the way.
    """
    try:
        _refuse_what_is_there(path, force)
        _write_beside(path, [data] if isinstance(data, bytes) else data, force, mode)
    except (OSError, ValueError) as error:
        raise _cannot_write(path, error) from error


def _refuse_what_is_there(path: Path, force: bool) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "")
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        raise CannotWrite(
            _("{path} is not an ordinary file.").format(path=path),
            _("Choose another name, or - for the output."),
        )
    if os.path.lexists(path) and not force:
        raise FileExistsError(errno.EEXIST, "")


def _write_beside(path: Path, pieces: Iterable[bytes], force: bool, mode: int) -> None:
    """Write a hidden file in the same folder and give it the name only when all of it is on the disk."""
    temporary = path.parent / f".archive-{secrets.token_hex(8)}.part"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        try:
            _write_pieces(descriptor, pieces)
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if force:
            temporary.replace(path)
        else:
            _name_anew(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _write_pieces(descriptor: int, pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(descriptor, rest) :]


def _name_anew(temporary: Path, path: Path) -> None:
    """Give `temporary` the name `path`, which fails where somebody else has taken that name meanwhile."""
    try:
        path.hardlink_to(temporary)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))  # the name is ours now, so it may be replaced
        temporary.replace(path)


def _sync_folder(folder: Path) -> None:
    """Make the name last through a power cut, on file systems that can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _cannot_write(path: Path, error: OSError | ValueError) -> CannotWrite:
    if isinstance(error, FileExistsError):
        return CannotWrite(_("{path} exists already.").format(path=path), _("Use --force to replace it."))
    return CannotWrite(
        _("{path} cannot be written: {reason}.").format(path=path, reason=_reason(error)),
        _("Choose another place."),
    )


def _reason(error: OSError | ValueError) -> str:
    if not isinstance(error, OSError):
        return _("that is no file name")
    number = error.errno or 0
    return _(_REASONS[number]) if number in _REASONS else os.strerror(number)


def write_csv(
    rows: Iterable[Sequence[str]],
    *,
    delimiter: str = ",",
    for_file: bool,
    bom: bool | None = None,
    raw: bool = False,
    encoding: str = "utf-8",
) -> bytes:
    """All of `csv_pieces` at once."""
    return b"".join(
        csv_pieces(rows, delimiter=delimiter, for_file=for_file, bom=bom, raw=raw, encoding=encoding)
    )


def csv_pieces(
    rows: Iterable[Sequence[str]],
    *,
    delimiter: str = ",",
    for_file: bool,
    bom: bool | None = None,
    raw: bool = False,
    encoding: str = "utf-8",
) -> Iterator[bytes]:
    """The rows, the header first, as CSV, in pieces of some hundred rows.

    Files get a byte order mark and CRLF, for Excel, pipes neither; `bom` decides otherwise and concerns Unicode only.
    Formulas are guarded unless `raw`. `read_sheet` gives the same cells back. Raises ArchiveError for text
    that the encoding cannot hold, UsageError for an encoding or a delimiter that cannot be.
    """
    name = codec_name(encoding)
    encoder = codecs.getincrementalencoder(name)()
    if (for_file if bom is None else bom) and name in MARKED:
        yield encoder.encode("\ufeff")
    end = "\r\n" if for_file else "\n"
    lines = _csv_lines(rows if raw else map(protect_row, rows), delimiter_sign(delimiter), end)
    while piece := "".join(islice(lines, 500)):
        try:
            yield encoder.encode(piece)
        except UnicodeEncodeError as error:
            raise _not_encodable(error) from error
    yield encoder.encode("", final=True)


def _csv_lines(rows: Iterable[Sequence[str]], delimiter: str, end: str) -> Iterator[str]:
    """Lines from a writer that ends them with CRLF, for only then it quotes both CR and LF, with `end` instead."""
    plain = csv.writer(_Echo(), delimiter=delimiter)
    quoted = csv.writer(_Echo(), delimiter=delimiter, quoting=csv.QUOTE_ALL)
    for number, row in enumerate(rows):
        writer = quoted if (number == 0 or len(row) == 1) and _misleads(row) else plain
        yield writer.writerow(row)[:-2] + end


class _Echo:
    """A file for csv.writer, which hands back what `write` returns."""

    def write(self, line: str) -> str:
        return line


def _misleads(row: Sequence[str]) -> bool:
    """Whether a header, or a row of one cell, might be taken for a mark, a `sep=` line or cut at another sign."""
    first = row[0].lower() if row else ""
    return first.startswith(("\ufeff", "sep=")) or any(sign in cell for cell in row for sign in DELIMITERS)


def _not_encodable(error: UnicodeEncodeError) -> ArchiveError:
    sign = error.object[error.start]
    return ArchiveError(
        _("The character U+{number} cannot be written as {encoding}.").format(
            number=f"{ord(sign):04X}", encoding=error.encoding.upper()
        ),
        _("Take it out of the text, or write UTF-8."),
    )
