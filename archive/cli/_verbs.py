"""What a verb declares, and what several of them share."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from archive.errors import UsageError
from archive.text import _

if TYPE_CHECKING:
    from archive.cli._console import Console
    from archive.model.fields import Record
    from archive.service.archive import Archive


FEW = 12


def _none(parser: argparse.ArgumentParser) -> None:
    """A verb that takes no arguments of its own."""


class Verb(NamedTuple):
    """A word of the command line. `summary` and `details` are English source text, translated where shown.

    `run` is given the parsed arguments (with `archive`, a path, and `settings`) and returns the exit code.
    Slow modules are imported in `run`: declaring a verb costs nothing.
    """

    name: str
    summary: str
    run: Callable[[argparse.Namespace, Console], int]
    arguments: Callable[[argparse.ArgumentParser], None] = _none
    details: str = ""
    free_text: bool = False  # the words may begin with a dash: the verb has no one-letter options


def line_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the verbs that are typed in one line: a customer and a text."""
    parser.add_argument("code", metavar="CODE", help=_("the customer's code, or the whole name"))
    parser.add_argument("text", metavar="TEXT", nargs="+", help=_("what happened, in one line"))


@contextmanager
def opened(args: argparse.Namespace, *, write: bool = False, create: bool = False) -> Iterator[Archive]:
    """The archive of this run, closed afterwards. Only `write` takes the lock; `create` makes a missing one."""
    from archive.cli._console import Console
    from archive.service.archive import Archive

    archive = Archive.open(args.archive, args.settings, write=write, create=create)
    try:
        for notice in filter(None, [*archive.notices, archive.taken_over]):
            Console().note(notice)
        yield archive
    finally:
        archive.close()


def counted(counts: Mapping[str, int]) -> str:
    """How many records there are, table by table."""
    from archive.model.tables import TABLES

    return ", ".join(f"{_(TABLES[name].LABEL)}: {n}" for name, n in counts.items()) or _("no records")


def table_class(name: str) -> type[Record]:
    """The record type of a table; UsageError names the tables there are."""
    from archive.model.tables import TABLES

    if name not in TABLES:
        raise UsageError(_("There is no table {name}.").format(name=name), suggestion(name, TABLES))
    return TABLES[name]


def suggestion(word: str, known: Iterable[str]) -> str:
    """The hint for a word that is not known: the nearest ones, else all of them where they are few."""
    import difflib

    names = list(known)
    near = difflib.get_close_matches(word, names, 3, 0.5)
    if near:
        return _("Did you mean {names}?").format(names=", ".join(near))
    if len(names) > FEW:
        return _("`archive fields` lists them.")
    return _("There are {names}.").format(names=", ".join(names))
