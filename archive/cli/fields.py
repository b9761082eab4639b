"""`archive fields`: list the fields that can be entered, filtered and exported."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archive.cli._console import Console
from archive.cli._verbs import Verb, table_class
from archive.text import N_, _

if TYPE_CHECKING:
    from archive.model.fields import Fact, Record


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the table."""
    parser.add_argument("table", metavar="TABLE", nargs="?", help=_("the table; all tables by default"))


def run(args: argparse.Namespace, console: Console) -> int:
    """List the fields of a table, or of all tables."""
    from archive.model.tables import TABLES, public_name

    chosen = [table_class(args.table)] if args.table else list(TABLES.values())
    for number, cls in enumerate(chosen):
        if number:
            console.line()
        console.line(f"{public_name(cls.TABLE)}: {_(cls.LABEL)}")
        console.table([_("Key"), _("Label"), _("Type"), _("Aliases"), _("How to enter")], _rows(cls))
    return 0


def _rows(cls: type[Record]) -> Iterator[list[str]]:
    from archive.model.lists import ListOf

    for key, fact in cls.FACTS.items():
        yield _row(key, fact)
        if isinstance(fact.kind, ListOf):
            for part, inner in fact.kind.part.FACTS.items():
                yield _row(f"{key}.{part}", inner)


def _row(key: str, fact: Fact) -> list[str]:
    needed = _("{label} (required)").format(label=fact.title) if fact.required else fact.title
    return [key, needed, fact.kind.name, ", ".join(fact.aliases), _how(fact)]


def _how(fact: Fact) -> str:
    """Return how to write a value: the field's hint, or its options."""
    from archive.model.kinds import Choice

    if isinstance(fact.kind, Choice):
        return ", ".join(fact.kind.options)
    return _(fact.hint)


VERB = Verb("fields", N_("list the fields of a table: keys, labels and types"), run, arguments)
