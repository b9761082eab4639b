"""`archive add`: add a record from `key=value` arguments."""

from __future__ import annotations

import argparse

from archive.cli._console import Console
from archive.cli._verbs import Verb, opened, table_class
from archive.text import N_, _

DETAILS = N_(
    """`archive fields TABLE` lists the keys. Repeat the key of a list to add several entries:
  archive add customers kind=person full_name='Ann Bell' phones='+49 228 555 0147 work' phones='0171 555 0102'
  archive add customers kind=organisation full_name='North Ltd' addresses.city=Bonn extra.route=7
  archive add transactions customer=C-00001 on=yesterday quantity=20 unit_price=35.50 currency=EUR"""
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the table and the values."""
    parser.add_argument("table", metavar="TABLE", help=_("the table: customers, transactions, ..."))
    parser.add_argument("values", metavar="key=value", nargs="+", help=_("a field and its value"))


def run(args: argparse.Namespace, console: Console) -> int:
    """Save the record; print its code, or its id if records of the table have no codes."""
    from archive.cli._saving import save_new
    from archive.cli._values import read_record

    cls = table_class(args.table)
    with opened(args, write=True, create=True) as archive:
        record = read_record(cls, args.values, archive.ctx)
        saved = save_new(archive, record, console)
    console.line(getattr(saved, "code", "") or saved.uid)
    return 0


VERB = Verb("add", N_("add a record and print its code or id"), run, arguments, DETAILS)
