"""`archive list`: list the records that match a query, as text, CSV or JSON."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from archive.cli._console import Console
from archive.cli._verbs import Verb, opened, table_class
from archive.errors import BadValue, UsageError
from archive.text import N_, _

if TYPE_CHECKING:
    from archive.model.fields import Record
    from archive.service.archive import Archive
    from archive.service.listing import ListColumn, Row

    Columns = Sequence[ListColumn]
    Rows = Iterator[Row]

QUERY_HELP = N_(
    """A query is written as in the search line of the terminal program:
  archive list smith 'city:Bonn tag:vip last:>90d value:>1000'
  archive list --columns code,phone 'status:active | grade:A'
  archive list -has:phone"""
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the query, the table, the columns and the format."""
    parser.add_argument(
        "query", metavar="QUERY", nargs="*", help=_("a query for the records; all by default")
    )
    parser.add_argument(
        "--table", metavar="T", default="customers", help=_("the table; customers by default")
    )
    parser.add_argument(
        "--columns", metavar="a,b", help=_("the columns: fields, or last, bought, value, orders")
    )
    parser.add_argument(
        "--format", choices=list(_PRINTERS), default="text", help=_("the output format; text by default")
    )


def run(args: argparse.Namespace, console: Console) -> int:
    """Print the records that match the query."""
    from archive.cli._columns import chosen_columns, default_keys, with_found_in

    cls = table_class(args.table)
    keys = args.columns.replace("，", ",").split(",") if args.columns else default_keys(cls, args.format)
    with opened(args) as archive:
        query = " ".join(args.query)
        columns: Columns = chosen_columns(archive, cls, [key.strip() for key in keys], query)
        rows = _rows(archive, cls.TABLE, query, console)
        if args.format == "text" and cls.TABLE == "customers":
            columns, rows = with_found_in(archive, columns, rows, query)
        _PRINTERS[args.format](console, cls, columns, rows)
    return 0


def _rows(archive: Archive, table: str, query: str, console: Console) -> Iterator[Row]:
    from archive.model.filters import misspelt
    from archive.model.query import parse
    from archive.model.tables import TABLES
    from archive.service.listing import Row

    try:
        uids = archive.select(table, query)
    except BadValue as error:
        raise UsageError(error.message, error.hint) from None
    for sentence in misspelt(parse(query), TABLES[table], archive.ctx):
        console.note(sentence)
    ctx = archive.ctx
    for uid in uids:
        raw = archive.raw(table, uid)
        assert raw is not None
        yield Row(raw, archive.summary(uid), ctx)


def _print_text(console: Console, cls: type[Record], columns: Columns, rows: Rows) -> None:
    cells = ([column.show(row) for column in columns] for row in rows)
    console.table([column.title for column in columns], cells, [column.right for column in columns])


def _print_csv(console: Console, cls: type[Record], columns: Columns, rows: Rows) -> None:
    from archive.service.listing import for_file

    columns = for_file(cls.TABLE, columns)
    cells = ([column.plain(row) for column in columns] for row in rows)
    console.csv(chain([[column.key for column in columns]], cells))


def _print_json(console: Console, cls: type[Record], columns: Columns, rows: Rows) -> None:
    from json import JSONEncoder

    from archive.cli._columns import json_value

    encode = JSONEncoder(ensure_ascii=False).encode
    before = "[\n"
    for row in rows:
        console.write(before + encode({column.key: json_value(cls, column, row) for column in columns}))
        before = ",\n"
    console.write("\n]\n" if before == ",\n" else "[]\n")


_PRINTERS: dict[str, Callable[[Console, type[Record], Columns, Rows], None]] = {
    "text": _print_text,
    "csv": _print_csv,
    "json": _print_json,
}

VERB = Verb("list", N_("list the records that match a query"), run, arguments, QUERY_HELP, free_text=True)
