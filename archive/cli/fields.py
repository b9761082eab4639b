"""`archive fields`: list the fields that can be entered, filtered and exported."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archive.cli._console import Console
from archive.cli._verbs import Verb, table_class
from archive.text import N_, _

if TYPE_CHECKING:
    from archive.model.fields import Field, Record


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
    from archive.model.field_types.lists import ListOf

    for key, field in cls.FIELDS.items():
        yield _row(key, field)
        if isinstance(field.type, ListOf):
            for part, inner in field.type.part.FIELDS.items():
                yield _row(f"{key}.{part}", inner)


def _row(key: str, field: Field) -> list[str]:
    needed = _("{label} (required)").format(label=field.title) if field.required else field.title
    return [key, needed, field.type.name, ", ".join(field.aliases), _how(field)]


def _how(field: Field) -> str:
    """Return how to write a value: the field's hint, or its options."""
    from archive.model.field_types.standard import Choice

    if isinstance(field.type, Choice):
        return ", ".join(field.type.options)
    return _(field.hint)


VERB = Verb("fields", N_("list the fields of a table: keys, labels and types"), run, arguments)
