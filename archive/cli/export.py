"""`archive export`: write a table to a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from archive.cli._console import Console
from archive.cli._verbs import Verb, opened, table_class
from archive.text import N_, _, plural

if TYPE_CHECKING:
    from archive.exchange.format import WriteOptions

PIPE = "-"
DETAILS = N_(
    """Without a table, the customers. What is written is read back by `archive import` without loss:
  archive export -o customers.csv
  archive export --table transactions --where 'on:2026' --columns on,customer,amount -o -
  archive export --layout wide --headers zh -o 客户.csv"""
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which records to export, in which format, and where to."""
    add = parser.add_argument
    add("--table", metavar="T", default="customers", help=_("customers unless another is named"))
    add("--format", metavar="F", default="", help=_("csv, or another that the file's name says"))
    add(
        "--layout",
        choices=["table", "wide"],
        default="table",
        help=_("wide: a row a customer, with their sums"),
    )
    add("--where", metavar="QUERY", default="", help=_("which records; without it, all"))
    add("--columns", metavar="a,b", help=_("only these columns"))
    add("--headers", choices=["en", "zh"], default="en", help=_("keys, or the same in Chinese words"))
    add("-o", "--output", metavar="FILE", required=True, help=_("the file, or - for the output"))
    add("--bom", action=argparse.BooleanOptionalAction, default=None, help=_("begin with a byte order mark"))
    add("--delimiter", metavar="C", default="", help=_("the sign between cells, or tab"))
    add(
        "--raw", action="store_true", help=_("leave formulas as they are: for programs, not for spreadsheets")
    )
    add("--force", action="store_true", help=_("replace the file that is there"))


def run(args: argparse.Namespace, console: Console) -> int:
    """Write the records to a file or to stdout."""
    from archive.exchange.formats import format_named
    from archive.files import write_whole
    from archive.service.exporting import export_table
    from archive.service.own_settings import TABLE as SETTINGS

    form = args.format or _format_of(args.output)
    format_named(form)
    if args.table != SETTINGS:
        args.table = table_class(args.table).TABLE
    columns = [key.strip() for key in args.columns.replace("，", ",").split(",")] if args.columns else None
    with opened(args) as archive:
        found = export_table(
            archive, args.table, query=args.where, columns=columns, layout=args.layout, headers=args.headers
        )
        pieces = found.pieces(_write_options(args), form)
        if args.output == PIPE:
            for piece in pieces:
                console.write(piece.decode())
        else:
            taken = _("Choose another name, or add --force to replace it.")
            write_whole(Path(args.output), pieces, force=args.force, if_taken=taken)
            rows = plural("{n} row", "{n} rows", len(found.uids))
            console.line(_("{rows} written to {path}.").format(rows=rows, path=args.output))
    return 0


def _format_of(output: str) -> str:
    """Return the format for the suffix of a file name, CSV if it is unknown."""
    from archive.exchange.formats import formats

    suffix = Path(output).suffix.lower()
    named = (name for name, form in formats().items() if suffix in form.suffixes)
    others = {".xlsx", ".vcf", ".json", ".jsonl", ".ics", ".md"}
    return next(named, suffix[1:] if suffix in others else "csv")


def _write_options(args: argparse.Namespace) -> WriteOptions:
    from archive.exchange.format import WriteOptions

    delimiter = args.delimiter or ("tab" if args.output.lower().endswith(".tsv") else ",")
    return WriteOptions(args.output != PIPE, delimiter, args.bom, args.raw)


VERB = Verb(
    "export", N_("write a table to a file, for spreadsheets and other programs"), run, arguments, DETAILS
)
