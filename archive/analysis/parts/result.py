"""What a section of a report gives to the whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive.analysis.book import Book
from archive.analysis.parts.notes import money_notes
from archive.analysis.pictures import Picture
from archive.analysis.question import Ask, Declaration
from archive.analysis.report import Figure, Opens, Report, Table
from archive.text import _


@dataclass(frozen=True, kw_only=True)
class Section:
    """Figures, tables, pictures and notes that answer one part of a question."""

    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()


def report_of(declared: Declaration, book: Book, ask: Ask, n: int, sections: Iterable[Section]) -> Report:
    """The sections as one report, figures and tables in the order in which they are declared."""
    parts = list(sections)
    place = {key: at for at, key in enumerate(declared.figures)}
    order = {key: at for at, key in enumerate(declared.tables)}
    return Report(
        name=declared.name,
        title=_(declared.title),
        as_of=ask.as_of,
        start=ask.start,
        end=ask.end,
        currency=book.currency,
        n=n,
        figures=tuple(sorted((f for part in parts for f in part.figures), key=lambda f: place[f.key])),
        tables=tuple(sorted((t for part in parts for t in part.tables), key=lambda t: order[t.key])),
        pictures=tuple(picture for part in parts for picture in part.pictures),
        notes=(*(note for part in parts for note in part.notes), *money_notes(book, ask)),
    )


def customer(uid: str) -> Opens:
    """The file of one customer."""
    return Opens("customers", (uid,))


def customers(uids: Iterable[str]) -> Opens:
    """The files of several customers."""
    return Opens("customers", tuple(uids))
