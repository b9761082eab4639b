"""Output of the verbs, in UTF-8 with LF. On a terminal, control characters are replaced by visible signs."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import accumulate, islice
from typing import Any

from archive.errors import ArchiveError, BadValue, CannotWrite, UsageError
from archive.text import _, cell_width, char_width, clean

WIDEST = 40  # columns are padded to at most this width outside a terminal; longer texts overflow
NARROWEST = 6  # minimum width of a column on a terminal
PAGE = 100  # line width if the output is not a terminal
BLOCK = 500  # rows that are measured together before they are printed


class Console:
    """The output streams of a verb. Results go to stdout, messages about them to stderr."""

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")

    def write(self, text: str) -> None:
        """Write data to stdout: unchanged to a file or pipe, with control characters replaced on a terminal.

        Raises:
            CannotWrite: stdout is closed or cannot be written to.
        """
        with self._explained():
            sys.stdout.write("\n".join(map(clean, text.split("\n"))) if sys.stdout.isatty() else text)

    def file(self, pieces: Iterable[bytes], *, is_text: bool) -> None:
        """Write the content of a file to stdout: unchanged to a file or pipe, as lines of text on a terminal.

        Raises:
            UsageError: It is not text, and stdout is a terminal.
            CannotWrite: stdout is closed or cannot be written to.
        """
        with self._explained():
            is_terminal = sys.stdout.isatty()
        if is_terminal and not is_text:
            raise UsageError(
                _("This format is not text."), _("Write it to a file, or pipe it into a program.")
            )
        for piece in pieces:
            if is_terminal:
                self.write(piece.decode())
                continue
            with self._explained():
                sys.stdout.flush()
                sys.stdout.buffer.write(piece)

    def flush(self) -> None:
        """Flush stdout; raise CannotWrite if that fails, for example because the disk is full."""
        if sys.stdout is not None:
            with self._explained():
                sys.stdout.flush()

    def line(self, text: str = "") -> None:
        """Write a line of text to stdout."""
        self.write(clean(text) + "\n")

    def note(self, text: str) -> None:
        """Write a message to stderr, so that it never mixes with data."""
        if sys.stderr is not None:
            with suppress(OSError):  # nowhere is left to report this; the exit code still does
                print(clean(text), file=sys.stderr, flush=True)

    def failed(self, error: ArchiveError) -> None:
        """Report an error in one line on stderr."""
        with suppress(CannotWrite):  # print pending results before the error, if possible
            self.flush()
        field = f"{error.field}: " if isinstance(error, BadValue) and error.field else ""
        self.note(f"archive: {field}{error}")

    def json(self, value: Any) -> None:
        """Write a JSON value, indented."""
        import json

        self.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def csv(self, rows: Iterable[Sequence[str]]) -> None:
        """Write rows, header first, as CSV for a pipe. Cells that a spreadsheet would take as formulas are escaped."""
        from archive.exchange.writer import csv_pieces

        for piece in csv_pieces(rows, for_file=False):
            self.write(piece.decode())

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[bool] = ()) -> None:
        """Write rows in aligned columns, block by block, so that there can be any number of rows.

        On a terminal, columns are fitted to its width and longer texts end in "…". Elsewhere nothing is truncated.

        Args:
            header: The titles of the columns.
            rows: The cells of each row.
            right: For each column, whether it is right-aligned; by default none is.
        """
        rights = list(right) or [False] * len(header)
        room = self._room()
        widths = [0] * len(header)
        for block in _blocks(header, rows):
            widths = [max(pair) for pair in zip(widths, _widths(block), strict=True)]
            fitted = _fitted(widths, rights, room) if room else [min(WIDEST, width) for width in widths]
            for cells in block:
                texts = map(_clipped, cells, fitted) if room else cells
                self.write("  ".join(map(_padded, texts, fitted, rights)).rstrip() + "\n")

    def width(self) -> int:
        """Return the line width in cells: the terminal's width or, if the output is not a terminal, a fixed width."""
        return self._room() or PAGE

    def _room(self) -> int:
        """Return the terminal's width in cells, or 0 if the output is not a terminal."""
        if sys.stdout is None or not sys.stdout.isatty():
            return 0
        from shutil import get_terminal_size

        return get_terminal_size().columns

    def abandon(self) -> None:
        """Redirect stdout to the null device, so that pending output is discarded without another error."""
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
        os.close(devnull)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        if sys.stdout is None:
            raise CannotWrite(_("The output is closed."), _("Redirect the output to a file."))
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            self.abandon()
            reason = error.strerror or type(error).__name__
            raise CannotWrite(
                _("The output cannot be written: {reason}.").format(reason=reason),
                _("Write to another disk or folder."),
            ) from None


def _blocks(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[list[list[str]]]:
    remaining = iter(rows)
    block: list[Sequence[str]] = [header, *islice(remaining, BLOCK)]
    while block:
        yield [[clean(cell) for cell in cells] for cells in block]
        block = list(islice(remaining, BLOCK))


def _widths(block: list[list[str]]) -> list[int]:
    return [max(map(cell_width, column)) for column in zip(*block, strict=True)]


def _fitted(widths: list[int], rights: list[bool], room: int) -> list[int]:
    """Fit columns into a line: shrink the widest text columns, but not below NARROWEST, and never numbers."""
    fitted = list(widths)
    texts = [at for at, right in enumerate(rights) if not right]
    while sum(fitted) + 2 * (len(fitted) - 1) > room:
        widest = max(texts, key=fitted.__getitem__, default=0)
        if not texts or fitted[widest] <= NARROWEST:
            break
        fitted[widest] -= 1
    return fitted


def _clipped(text: str, width: int) -> str:
    if cell_width(text) <= width:
        return text
    count = sum(end < width for end in accumulate(map(char_width, text)))
    return f"{text[:count]}…"


def _padded(text: str, width: int, right: bool) -> str:
    blanks = " " * (width - cell_width(text))
    return blanks + text if right else text + blanks
