"""Detection of a text file's encoding, delimiter and header row."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from archive.errors import ArchiveError, UsageError
from archive.exchange.kinds import NotText, refuse_other_kinds
from archive.text import _

DELIMITERS = (",", ";", "\t", "|")
REJECTED = ("_line", "_error")  # first headers in a file of rejected rows
HEAD = 65_536  # characters from which delimiter and header row are detected

_CHUNK = 1 << 16
_SAMPLES = 3
_SAMPLE = re.compile(r'[^,;\t|"\r\n]{0,20}[^\x00-\x7f\s][^,;\t|"\r\n]{0,20}')
_SEPARATOR_LINE = re.compile(r"sep=([^\w\"\r\n])(?:[\r\n]|\Z)", re.IGNORECASE)
_NOT_WORDS = re.compile(r"[\d\s.,:/+%()-]+\Z")
_MARKS = (  # UTF-32 first: its byte order mark starts with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MARKED = frozenset(name for _mark, name in _MARKS)  # encodings with a byte order mark
_DELIMITER_NAMES = {"tab": "\t", "\\t": "\t"}
# Control characters that do not occur in text in any 8-bit or multi-byte encoding. Line ends, TAB and ESC may occur.
_CONTROLS = bytes(set(range(0x20)) - set(b"\0\t\n\v\f\r\x1b"))


@dataclass(frozen=True)
class Decoded:
    """A file whose bytes are valid text in `encoding`.

    `samples` are up to three non-ASCII fragments. `is_ended` is set if the last line has a line end.
    """

    data: bytes = field(repr=False)
    encoding: str
    samples: tuple[str, ...] = ()
    is_ended: bool = True

    def lines(self) -> Iterator[str]:
        """Return the decoded lines with their original line ends, without a byte order mark."""
        stream = io.TextIOWrapper(io.BytesIO(self.data), self.encoding, newline="")
        return chain([stream.readline().removeprefix("\ufeff")], stream)

    @property
    def text(self) -> str:
        """The whole text, decoded at each access."""
        return "".join(self.lines())

    def head(self) -> str:
        """Return the beginning of the text, slightly longer than `HEAD`."""
        stream = io.TextIOWrapper(io.BytesIO(self.data), self.encoding, newline="")
        return stream.read(HEAD + 2).removeprefix("\ufeff")


def decode(data: bytes, encoding: str = "", *, is_whole: bool = True) -> Decoded:
    """Detect or check the encoding of a text file, or of the beginning of a file.

    UTF-8 and UTF-16 are detected; other encodings must be given as `encoding`. Set `is_whole` to False if `data` is
    only the beginning, which may end within a character.

    Raises:
        UsageError: `encoding` is not the name of an encoding.
        NotText: The file is of another type.
        ArchiveError: It contains invalid bytes, a NUL or an incomplete character.
    """
    refuse_other_kinds(data[:_CHUNK])
    name = codec_name(encoding) if encoding else _recognised(data)
    try:
        samples, incomplete, is_ended = _checked(data, name)
    except UnicodeError as error:
        if not encoding and _looks_binary(data):
            raise _not_text() from error
        raise _undecodable(data, name) from error
    if incomplete and is_whole:
        is_guess = not encoding and name == "utf-8" and not data.startswith(codecs.BOM_UTF8)
        raise _cut_off(data, len(data) - incomplete, name, is_guess=is_guess)
    return Decoded(data, name, samples, is_ended)


def codec_name(encoding: str) -> str:
    """Return the canonical name of an encoding; UsageError if it is unknown."""
    try:
        io.TextIOWrapper(io.BytesIO(), encoding)  # refuses unknown names, and codecs that are not of text
        return codecs.lookup(encoding).name
    except (LookupError, ValueError) as error:
        raise UsageError(
            _("There is no encoding {name}.").format(name=encoding),
            _("Use for example utf-8, utf-16, gb18030, big5, cp1252 or shift_jis."),
        ) from error


def _recognised(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    return _utf_16_by_its_nuls(data[:4096]) or "utf-8"


def _utf_16_by_its_nuls(start: bytes) -> str:
    """Detect UTF-16 without a byte order mark: ASCII characters have a NUL as either first or second byte."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    enough = max(3, len(start) / 20)
    if odd >= enough and odd > 2 * even:
        return "utf-16-le"
    if even >= enough and even > 2 * odd:
        return "utf-16-be"
    return ""


def _checked(data: bytes, encoding: str) -> tuple[tuple[str, ...], int, bool]:
    """Decode everything strictly, in chunks to save memory.

    Returns:
        Samples, the number of bytes at the end that are an incomplete character, and whether the last line is ended.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    samples: dict[str, None] = {}
    last = ""
    for start in range(0, len(data) + 1, _CHUNK):
        text = decoder.decode(data[start : start + _CHUNK])
        if "\0" in text:
            raise _holds_nul(codecs.getincrementaldecoder(encoding)().decode(data[: start + _CHUNK]))
        if len(samples) < _SAMPLES and not text.isascii():
            matches = islice(_SAMPLE.finditer(text.removeprefix("\ufeff")), 20)
            samples.update((match[0].strip(), None) for match in matches)
        last = text[-1:] or last
    return tuple(samples)[:_SAMPLES], len(decoder.getstate()[0]), last in ("", "\r", "\n")


def _looks_binary(data: bytes) -> bool:
    start = data[:_CHUNK]
    return len(start) - len(start.translate(None, _CONTROLS)) > len(start) / 50


def _not_text() -> NotText:
    return NotText(
        _("This is not a text file."),
        _("Save the table as CSV in the program that made it, and import that file."),
    )


def _holds_nul(text: str) -> ArchiveError:
    line = line_after(text[: text.index("\0")])
    return ArchiveError(
        _("Line {line} contains a NUL character: the file is damaged or is not text.").format(line=line),
        _("Export it again, or specify its encoding, such as utf-16 (command line: --encoding)."),
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
        _("Specify the encoding, such as gb18030, big5, cp1252 or shift_jis (command line: --encoding)."),
    )


def _cut_off(data: bytes, start: int, encoding: str, *, is_guess: bool) -> ArchiveError:
    line = line_after(data[:start].decode(encoding, "ignore"))
    hint = _("It was probably cut off. Get the complete file.")
    if is_guess:
        unless = _("If it is complete, specify its encoding, such as cp1252 (command line: --encoding).")
        hint = f"{hint} {unless}"
    return ArchiveError(
        _("The file ends in the middle of a character, at byte {n} on line {line}.").format(
            n=f"{start:,}", line=line
        ),
        hint,
    )


def line_after(text: str) -> int:
    """Return the number of the line, starting at 1, on which the text after `text` starts."""
    return 1 + text.count("\n") + text.count("\r") - text.count("\r\n")


def separator_of(text: str) -> str:
    """Return the delimiter from a first line `sep=;`, which is a hint for Excel; "" if there is no such line."""
    match = _SEPARATOR_LINE.match(text)
    return match[1] if match else ""


def delimiter_sign(text: str) -> str:
    """Return the delimiter for the user's input, a character or the word tab; UsageError if it is not possible."""
    sign = _DELIMITER_NAMES.get(text.lower(), text)
    if len(sign) != 1 or sign.isalnum() or sign in '"\r\n\0':
        raise UsageError(
            _("{text} cannot be the delimiter.").format(text=text),
            _("Use a single character, such as a comma, a semicolon or |, or the word tab."),
        )
    return sign


def find_delimiter(text: str) -> str:
    """Return the delimiter from a first line `sep=`, or else the one with the most even split of the start of `text`.

    The score is the share of rows as wide as the header, times the share of non-empty header cells, times 1 - 1/width,
    halved if there are lines before the header. An even table that starts on the first line therefore always wins. If
    nothing can be split, the result is a comma.
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
    """Return the rows at the beginning of `text`, without a last row that may be incomplete."""
    rows = list(csv.reader(io.StringIO(text[:HEAD], newline=""), delimiter=delimiter))
    return rows[:-1] if len(text) > HEAD and len(rows) > 1 else rows


def find_header(rows: Sequence[Sequence[str]]) -> int:
    """Return the index of the header row.

    The table is as wide as the rows with most of the cells, not counting empty cells at the end. The header is the
    first row of at least that width that is half filled, mostly with words; in a table of numbers it is the first row.
    If few rows are that wide, or none of them looks like a header, a narrower row above may be the header, with
    overlong rows below.
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
    """Return whether a row can only be a header: at least two cells, all of them non-empty, distinct and words."""
    names = [cell.strip() for cell in row]
    return len(set(names)) == len(names) > 1 and not any(map(_NOT_WORDS.match, names)) and all(names)


def _filled_width(row: Sequence[str]) -> int:
    return max((number for number, cell in enumerate(row, 1) if cell.strip()), default=0)


def _names_columns(row: Sequence[str], width: int) -> bool:
    """Return whether a row is a header: at least half of the columns have a name, mostly words.

    If the last columns have no name, more than half must have names, because titles are followed by empty cells.
    """
    filled = [cell for cell in row if cell.strip()]
    words = sum(not _NOT_WORDS.match(cell) for cell in filled)
    enough = 2 * len(filled) >= width if _filled_width(row) >= width else 2 * len(filled) > width
    return enough and 2 * words > len(filled)
