"""Where the words and the data of a verb go: text is cleaned for a terminal, data stays exact. UTF-8 and LF."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import accumulate, islice
from typing import Any

from archive.errors import ArchiveError, BadValue, CannotWrite
from archive.text import _, cell_width, char_width, clean

WIDEST = 40  # cells a column is padded to where nothing is cut; longer texts run over
NARROWEST = 6  # cells a column keeps on a terminal
PAGE = 100  # cells of a laid out line where the output is no terminal
BLOCK = 500  # rows that are measured together before they are printed


class Console:
    """The two streams of a verb. What is asked for goes to stdout, what is said about it to stderr."""

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")

    def write(self, text: str) -> None:
        """Data for stdout: exactly as it is for a file or a pipe, cleaned for a terminal.

        CannotWrite where nobody can take it.
        """
        with self._explained():
            sys.stdout.write("\n".join(map(clean, text.split("\n"))) if sys.stdout.isatty() else text)

    def flush(self) -> None:
        """Hand over what was written; CannotWrite where the disk is full."""
        if sys.stdout is not None:
            with self._explained():
                sys.stdout.flush()

    def line(self, text: str = "") -> None:
        """A line for people on stdout."""
        self.write(clean(text) + "\n")

    def note(self, text: str) -> None:
        """A line for people on stderr, so that it never mixes with data."""
        if sys.stderr is not None:
            with suppress(OSError):  # there is nowhere to say that it cannot be said; the exit code tells
                print(clean(text), file=sys.stderr, flush=True)

    def failed(self, error: ArchiveError) -> None:
        """The one line in which an error is said."""
        with suppress(CannotWrite):  # what was asked for comes first, if it still can
            self.flush()
        field = f"{error.field}: " if isinstance(error, BadValue) and error.field else ""
        self.note(f"archive: {field}{error}")

    def json(self, value: Any) -> None:
        """One JSON value, for people to read too."""
        import json

        self.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def csv(self, rows: Iterable[Sequence[str]]) -> None:
        """Rows, a header first, as CSV for a pipe, with formulas guarded."""
        from archive.exchange.writer import csv_pieces

        for piece in csv_pieces(rows, for_file=False):
            self.write(piece.decode())

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[bool] = ()) -> None:
        """Aligned columns, `right` ones to the right. Any number of rows: they are printed as they come.

        A terminal's lines are filled and not exceeded: there long texts end in "…". Elsewhere nothing is cut.
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
        """The cells of a line that is laid out: the terminal's, else enough for a printed page."""
        return self._room() or PAGE

    def _room(self) -> int:
        """The cells of a line on a terminal, 0 where the output is none."""
        if sys.stdout is None or not sys.stdout.isatty():
            return 0
        from shutil import get_terminal_size

        return get_terminal_size().columns

    def abandon(self) -> None:
        """Send what is still to be written nowhere: its reader has gone."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        if sys.stdout is None:
            raise CannotWrite(_("The output is closed."))
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            self.abandon()
            reason = error.strerror or type(error).__name__
            raise CannotWrite(_("The output cannot be written: {reason}.").format(reason=reason)) from None


def _blocks(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[list[list[str]]]:
    left = iter(rows)
    block: list[Sequence[str]] = [header, *islice(left, BLOCK)]
    while block:
        yield [[clean(cell) for cell in cells] for cells in block]
        block = list(islice(left, BLOCK))


def _widths(block: list[list[str]]) -> list[int]:
    return [max(map(cell_width, column)) for column in zip(*block, strict=True)]


def _fitted(widths: list[int], rights: list[bool], room: int) -> list[int]:
    """The widths of columns that fit in a line: the widest texts give way while they can be read, numbers never."""
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
    kept = sum(end < width for end in accumulate(map(char_width, text)))
    return f"{text[:kept]}…"


def _padded(text: str, width: int, right: bool) -> str:
    blanks = " " * (width - cell_width(text))
    return blanks + text if right else text + blanks
