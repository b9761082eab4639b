"""The declaration of a verb, and helpers that several verbs share."""

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
    """Declare no arguments."""


class Verb(NamedTuple):
    """A verb of the command line. `summary` and `details` are in English, and are translated when they are shown.

    `run` receives the parsed arguments (including `archive`, a path, and `settings`) and returns the exit code.
    It imports slow modules itself, so that a verb is cheap to declare.
    """

    name: str
    summary: str
    run: Callable[[argparse.Namespace, Console], int]
    arguments: Callable[[argparse.ArgumentParser], None] = _none
    details: str = ""
    interactive: bool = False  # opens the terminal program, which shows errors in settings.toml itself
    free_text: bool = False  # arguments may begin with a dash, because the verb has no one-letter options


def line_arguments(help_text: str) -> Callable[[argparse.ArgumentParser], None]:
    """Return a function that declares the arguments of a verb for quick entry: a customer and a line of text.

    `help_text`, in English, describes the line.
    """

    def declare(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help=_("the customer's code or full name"))
        parser.add_argument("text", metavar="TEXT", nargs="+", help=_(help_text))

    return declare


@contextmanager
def opened(args: argparse.Namespace, *, write: bool = False, create: bool = False) -> Iterator[Archive]:
    """Open the archive, print its notices, and close it after the block.

    Args:
        args: The parsed arguments, with `archive` and `settings`.
        write: Whether to take the writer lock.
        create: Whether to create the archive if it does not exist.
    """
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
    """Return the number of records per table, in words."""
    from archive.model.tables import STORED

    return ", ".join(f"{_(STORED[name].LABEL)}: {n}" for name, n in counts.items()) or _("no records")


def table_class(name: str) -> type[Record]:
    """Return the record class of a table; raise UsageError, which lists the tables, if there is no such table."""
    from archive.model.tables import TABLES, public_name, stored_name

    table = stored_name(name)
    if table not in TABLES:
        names = map(public_name, TABLES)
        raise UsageError(_("There is no table {name}.").format(name=name), suggestion(name, names))
    return TABLES[table]


def suggestion(word: str, choices: Iterable[str]) -> str:
    """Return the hint for an unknown word: the most similar known ones, or all of them if there are few."""
    import difflib

    names = list(choices)
    near = difflib.get_close_matches(word, names, 3, 0.5)
    if near:
        return _("Did you mean {names}?").format(names=", ".join(near))
    if len(names) > FEW:
        return _("`archive fields` lists them.")
    return _("Choose one of {names}.").format(names=", ".join(names))
