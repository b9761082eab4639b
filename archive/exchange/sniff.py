"""What a text file is written in: its encoding, its delimiter and the row that names its columns."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from archive.errors import ArchiveError, UsageError
from archive.exchange.kinds import refuse_other_kinds
from archive.text import _

DELIMITERS = (",", ";", "\t", "|")
REJECTED = ("_line", "_error")  # what begins the header of a file of rejected rows
HEAD = 65_536  # characters that decide on the delimiter and the header row

_CHUNK = 1 << 16
_SAMPLES = 3
_SAMPLE = re.compile(r'[^,;\t|"\r\n]{0,20}[^\x00-\x7f\s][^,;\t|"\r\n]{0,20}')
_SEPARATOR_LINE = re.compile(r"sep=([^\w\"\r\n])(?:[\r\n]|\Z)", re.IGNORECASE)
_NOT_WORDS = re.compile(r"[\d\s.,:/+%()-]+\Z")
_MARKS = (  # the longer ones first: the mark of UTF-32 begins like that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MARKED = frozenset(name for _mark, name in _MARKS)  # encodings for which a file may begin with a mark
_DELIMITER_NAMES = {"tab": "\t", "\\t": "\t"}
# No text has these in any encoding with one byte or several a character; line ends, TAB and escape it may have.
_CONTROLS = bytes(set(range(0x20)) - set(b"\0\t\n\v\f\r\x1b"))


@dataclass(frozen=True)
class Decoded:
    """A file whose bytes are known to be text in `encoding`.

    `samples` are up to three texts that are not plain ASCII. `is_ended` says whether the last line has its end.
    """

    data: bytes = field(repr=False)
    encoding: str
    samples: tuple[str, ...] = ()
    is_ended: bool = True

    def lines(self) -> Iterator[str]:
        """The lines with their ends as they are, decoded on the way, without a byte order mark."""
        stream = io.TextIOWrapper(io.BytesIO(self.data), self.encoding, newline="")
        return chain([stream.readline().removeprefix("\ufeff")], stream)

    @property
    def text(self) -> str:
        """The whole text, decoded anew each time."""
        return "".join(self.lines())

    def head(self) -> str:
        """The beginning of the text, a little longer than what decides on delimiter and header."""
        stream = io.TextIOWrapper(io.BytesIO(self.data), self.encoding, newline="")
        return stream.read(HEAD + 2).removeprefix("\ufeff")


def decode(data: bytes, encoding: str = "", *, is_whole: bool = True) -> Decoded:
    """Find out, or check, the encoding of a text file, or of the beginning of one that is not yet read whole.

    UTF-8 and UTF-16 are recognised; anything else has to be named as `encoding`. Raises UsageError for a name that
    is no encoding, and ArchiveError for another kind of file, and with the line for bytes that do not fit, for NUL
    and for a character that was cut off.
    """
    refuse_other_kinds(data[:_CHUNK])
    name = codec_name(encoding) if encoding else _recognised(data)
    try:
        samples, left, is_ended = _checked(data, name)
    except UnicodeError as error:
        if not encoding and _looks_binary(data):
            raise _not_text() from error
        raise _undecodable(data, name) from error
    if left and is_whole:
        is_guess = not encoding and name == "utf-8" and not data.startswith(codecs.BOM_UTF8)
        raise _cut_off(data, len(data) - left, name, is_guess=is_guess)
    return Decoded(data, name, samples, is_ended)


def codec_name(encoding: str) -> str:
    """The one name of an encoding that has several; UsageError for what names none."""
    try:
        io.TextIOWrapper(io.BytesIO(), encoding)  # refuses unknown names, and codecs that are not of text
        return codecs.lookup(encoding).name
    except (LookupError, ValueError) as error:
        raise UsageError(
            _("There is no encoding named {name}.").format(name=encoding),
            _("Known are for instance utf-8, utf-16, gb18030, big5, cp1252 and shift_jis."),
        ) from error


def _recognised(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    return _utf_16_by_its_nuls(data[:4096]) or "utf-8"


def _utf_16_by_its_nuls(start: bytes) -> str:
    """The ASCII signs of a text have a NUL for one of their two bytes in UTF-16, always on the same side."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    enough = max(3, len(start) / 20)
    if odd >= enough and odd > 2 * even:
        return "utf-16-le"
    if even >= enough and even > 2 * odd:
        return "utf-16-be"
    return ""


def _checked(data: bytes, encoding: str) -> tuple[tuple[str, ...], int, bool]:
    """Decode all of it strictly, a piece at a time to spare memory.

    Returns samples, how many bytes at the end are the beginning of a character, and whether the last line is ended.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    samples: dict[str, None] = {}
    last = ""
    for start in range(0, len(data) + 1, _CHUNK):
        text = decoder.decode(data[start : start + _CHUNK])
        if "\0" in text:
            raise _holds_nul(codecs.getincrementaldecoder(encoding)().decode(data[: start + _CHUNK]))
        if len(samples) < _SAMPLES and not text.isascii():
            found = islice(_SAMPLE.finditer(text.removeprefix("\ufeff")), 20)
            samples.update((match[0].strip(), None) for match in found)
        last = text[-1:] or last
    return tuple(samples)[:_SAMPLES], len(decoder.getstate()[0]), last in ("", "\r", "\n")


def _looks_binary(data: bytes) -> bool:
    start = data[:_CHUNK]
    return len(start) - len(start.translate(None, _CONTROLS)) > len(start) / 50


def _not_text() -> ArchiveError:
    return ArchiveError(
        _("This is not a text file."),
        _("Save the table as CSV in the program that made it, and import that file."),
    )


def _holds_nul(text: str) -> ArchiveError:
    line = line_after(text[: text.index("\0")])
    return ArchiveError(
        _("Line {line} holds a NUL character, so the file is damaged or not a text.").format(line=line),
        _("Export it again from where it came, or name its encoding with --encoding."),
    )


def _undecodable(data: bytes, encoding: str) -> ArchiveError:
    start = 0
    try:
        data.decode(encoding)
    except UnicodeError as error:
        start = getattr(error, "start", 0)
    line = line_after(data[:start].decode(encoding, "ignore"))
    byte = data[start : start + 1].hex().upper()
    return ArchiveError(
        _("Byte 0x{byte} on line {line} cannot be read as {encoding}.").format(
            byte=byte, line=line, encoding=encoding.upper()
        ),
        _("Name what the file was written in: --encoding gb18030, big5, cp1252 or shift_jis."),
    )


def _cut_off(data: bytes, start: int, encoding: str, *, is_guess: bool) -> ArchiveError:
    line = line_after(data[:start].decode(encoding, "ignore"))
    hint = _("It may have been cut off. Get the whole file.")
    if is_guess:
        unless = _("If it is whole, name what it was written in, such as --encoding cp1252.")
        hint = f"{hint} {unless}"
    return ArchiveError(
        _("The file ends in the middle of a character, at byte {n} on line {line}.").format(
            n=f"{start:,}", line=line
        ),
        hint,
    )


def line_after(text: str) -> int:
    """The number of the line on which stands what comes after `text`, counted from 1."""
    return 1 + text.count("\n") + text.count("\r") - text.count("\r\n")


def separator_of(text: str) -> str:
    """The delimiter named by a first line such as `sep=;`, which is written for Excel; "" without such a line."""
    match = _SEPARATOR_LINE.match(text)
    return match[1] if match else ""


def delimiter_sign(given: str) -> str:
    """The one sign that a person names as the delimiter, also as the word tab; UsageError where it cannot be one."""
    sign = _DELIMITER_NAMES.get(given.lower(), given)
    if len(sign) != 1 or sign.isalnum() or sign in '"\r\n\0':
        raise UsageError(
            _("{text} cannot be the delimiter.").format(text=given),
            _("It is one sign, such as a comma, a semicolon or |, or the word tab."),
        )
    return sign


def find_delimiter(text: str) -> str:
    """The delimiter named by a first line `sep=`, else the one that cuts the beginning of `text` most evenly.

    Scored is the share of rows as wide as the header, times the share of header cells that are filled, times
    1 - 1/width, and half of it when lines stand before the header: so an even table that starts on the first
    line is never beaten. A comma where nothing is cut at all.
    """
    return separator_of(text) or max(DELIMITERS, key=lambda delimiter: _score(text, delimiter))


def _score(text: str, delimiter: str) -> float:
    rows = [row for row in head_rows(text, delimiter) if row]
    if not rows:
        return 0.0
    index = find_header(rows)
    header = rows[index]
    even = sum(len(row) == len(header) for row in rows) / len(rows)
    filled = sum(bool(cell.strip()) for cell in header) / len(header)
    return even * filled * (1 - 1 / len(header)) / (2 if index else 1)


def head_rows(text: str, delimiter: str) -> list[list[str]]:
    """The rows at the beginning of `text`, without one that may be cut off."""
    rows = list(csv.reader(io.StringIO(text[:HEAD], newline=""), delimiter=delimiter))
    return rows[:-1] if len(text) > HEAD and len(rows) > 1 else rows


def find_header(rows: Sequence[Sequence[str]]) -> int:
    """The index of the row that names the columns.

    The table is as wide as the rows that hold most of the cells, empty ones at the end not counted. Its header
    is the first row that wide and half filled, mostly with words; in a table of numbers it is the first row. Where few
    rows are that wide, or none of them names columns, a narrower row above may do: the wide ones are too long then.
    """
    rejected = (index for index, row in enumerate(rows) if tuple(row[:2]) == REJECTED)
    if (index := next(rejected, -1)) >= 0:
        return index
    widths = [_filled_width(row) for row in rows]
    counts = Counter(filter(None, widths))
    usual = max(counts, key=lambda width: width * counts[width], default=0)
    named = (index for index, row in enumerate(rows) if len(row) >= usual and _names_columns(row, usual))
    first = next((index for index, width in enumerate(widths) if width >= usual), 0)
    index = next(named, -1)
    if index >= 0 and 2 * counts[usual] > counts.total():
        return index
    wide = max(index, first)
    return next((above for above, row in enumerate(rows[:wide]) if _is_all_names(row)), wide)


def _is_all_names(row: Sequence[str]) -> bool:
    """Whether a row can only be a header: several cells, all of them filled, distinct and words."""
    names = [cell.strip() for cell in row]
    return len(set(names)) == len(names) > 1 and not any(map(_NOT_WORDS.match, names)) and all(names)


def _filled_width(row: Sequence[str]) -> int:
    return max((number for number, cell in enumerate(row, 1) if cell.strip()), default=0)


def _names_columns(row: Sequence[str], width: int) -> bool:
    """The last columns may lack a name, but then more than half must have one: a title is followed by empty cells."""
    filled = [cell for cell in row if cell.strip()]
    words = sum(not _NOT_WORDS.match(cell) for cell in filled)
    enough = 2 * len(filled) >= width if _filled_width(row) >= width else 2 * len(filled) > width
    return enough and 2 * words > len(filled)
