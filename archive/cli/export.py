"""`archive export`: write a table to a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from archive.cli._console import Console
from archive.cli._verbs import Verb, opened, table_class
from archive.errors import UsageError
from archive.text import N_, _, plural

if TYPE_CHECKING:
    from archive.exchange.format import Format, WriteOptions

PIPE = "-"
DETAILS = N_(
    """Without --table, customers are exported. The file can be imported again without loss:
  archive export -o customers.csv
  archive export --table transactions --where 'on:2026' --columns on,customer,amount -o -
  archive export --layout wide --headers zh -o 客户.csv"""
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which records to export, in which format, and where to."""
    add = parser.add_argument
    add("--table", metavar="T", default="customers", help=_("the table; customers by default"))
    add(
        "--format",
        metavar="F",
        default="",
        help=_("the file format; by default the format of the file's suffix, or else csv"),
    )
    add(
        "--layout",
        choices=["table", "wide"],
        default="table",
        help=_("wide: one row per customer, with totals"),
    )
    add("--where", metavar="QUERY", default="", help=_("a query for the records; all by default"))
    add("--columns", metavar="a,b", help=_("only these columns"))
    add("--headers", choices=["en", "zh"], default="en", help=_("the language of the header"))
    add("-o", "--output", metavar="FILE", required=True, help=_("the file, or - for standard output"))
    add(
        "--bom",
        action=argparse.BooleanOptionalAction,
        default=None,
        help=_("whether to start with a byte order mark"),
    )
    add("--delimiter", metavar="C", default="", help=_("the character between cells, or tab"))
    add(
        "--raw",
        action="store_true",
        help=_("do not protect formulas; for programs, not spreadsheets"),
    )
    add("--force", action="store_true", help=_("replace an existing file"))


def run(args: argparse.Namespace, console: Console) -> int:
    """Write the records to a file or to stdout."""
    from archive.files import write_whole
    from archive.service.exporting import export_table, written
    from archive.service.own_settings import TABLE as SETTINGS

    form = _format(args)
    if args.table != SETTINGS:
        args.table = table_class(args.table).TABLE
    columns = [key.strip() for key in args.columns.replace("，", ",").split(",")] if args.columns else None
    with opened(args) as archive:
        exported = export_table(
            archive, args.table, query=args.where, columns=columns, layout=args.layout, headers=args.headers
        )
        for sentence in form.loses(exported.table):
            console.note(sentence)
        pieces = written(exported.table, form, _write_options(args))
        if args.output == PIPE:
            console.file(pieces, is_text=form.is_text)
        else:
            hint = _("Choose another name, or add --force to replace it.")
            write_whole(Path(args.output), pieces, force=args.force, if_taken=hint)
            rows = plural("{n} row", "{n} rows", len(exported.uids))
            console.line(_("{rows} written to {path}.").format(rows=rows, path=args.output))
    return 0


def _format(args: argparse.Namespace) -> Format:
    from archive.exchange.formats import format_for, format_named, writable

    if args.format:
        return format_named(args.format, writable())
    try:
        return format_for(args.output)
    except UsageError as error:
        or_name = _("For another suffix, name the format: --format {key}.").format(key=next(iter(writable())))
        raise UsageError(error.message, f"{error.hint} {or_name}") from None


def _write_options(args: argparse.Namespace) -> WriteOptions:
    from archive.exchange.format import WriteOptions
    from archive.exchange.formats import suffix_of

    return WriteOptions(
        for_file=args.output != PIPE,
        delimiter=args.delimiter,
        bom=args.bom,
        raw=args.raw,
        suffix=suffix_of(args.output),
    )


VERB = Verb(
    "export", N_("write a table to a file, for spreadsheets and other programs"), run, arguments, DETAILS
)
