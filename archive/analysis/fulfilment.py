"""The fulfilment report: whether both sides keep their contracts, and upcoming deadlines."""

from __future__ import annotations

from archive.analysis.book import Book
from archive.analysis.fulfilling import deadlines, kept, progress
from archive.analysis.fulfilling.duties import agreements
from archive.analysis.parts.result import report_of
from archive.analysis.question import Ask, Declaration
from archive.analysis.report import Report
from archive.text import N_

REPORT = Declaration(
    name="fulfilment",
    title=N_("Contract fulfilment"),
    asks=N_("Are contracts kept, by us and by them, and what falls due?"),
    letter="f",
    place=4,
    figures=(*progress.KEYS, *kept.KEYS, *deadlines.KEYS),
    tables=("coming", "terms", "contracts", "promises"),
)


def run(book: Book, ask: Ask) -> Report:
    """Build the fulfilment report."""
    found = agreements(book, ask)
    ask.step(0.4)
    before = agreements(book, ask.before())
    ask.step(0.8)
    sections = [
        kept.kept(book, ask, found, before),
        deadlines.deadlines(book, ask, found),
        progress.contracts(book, ask, found),
    ]
    return report_of(REPORT, book, ask, len(found), sections)
