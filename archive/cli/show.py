"""`archive show`: show all data about a customer."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archive.cli._console import Console
from archive.cli._verbs import Verb, opened
from archive.text import N_, _, cell_width, clean

if TYPE_CHECKING:
    from archive.cli._profile import Fields, Records
    from archive.model.fields import Record
    from archive.model.records.customer import Customer
    from archive.service.archive import Archive


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the customer and the format."""
    parser.add_argument("code", metavar="CODE", help=_("the customer's code or full name"))
    parser.add_argument(
        "--format", choices=list(_PRINTERS), default="text", help=_("the output format; text by default")
    )


def run(args: argparse.Namespace, console: Console) -> int:
    """Print the profile of a customer."""
    from archive.model.records.customer import Customer

    with opened(args) as archive:
        _PRINTERS[args.format](archive, archive.find(Customer, args.code), console)
    return 0


def _print_text(archive: Archive, customer: Customer, console: Console) -> None:
    from archive.cli._profile import Fields, blocks

    console.line(f"{customer.full_name}  {customer.code}")
    for block in blocks(archive, customer):
        console.line()
        console.line(block.title)
        if isinstance(block, Fields):
            _print_values(block, console)
        else:
            console.table(block.header, block.rows, block.right)


def _print_values(block: Fields, console: Console) -> None:
    width = max(cell_width(clean(label)) for label, _line in block.lines)
    for label, line in block.lines:
        blanks = " " * (width - cell_width(clean(label)))
        console.line(f"  {label}{blanks}  {line}".rstrip())


def _print_markdown(archive: Archive, customer: Customer, console: Console) -> None:
    from archive.cli._profile import Fields, blocks

    console.line(f"# {_plain(customer.full_name)} ({_plain(customer.code)})")
    for block in blocks(archive, customer):
        console.line()
        console.line(f"## {_plain(block.title)}")
        console.line()
        if isinstance(block, Fields):
            for label, line in block.lines:
                console.line(f"- **{_plain(label)}**: {_plain(line)}" if label else f"  {_plain(line)}  ")
        else:
            _print_markdown_table(block, console)


def _print_markdown_table(block: Records, console: Console) -> None:
    marks = ["--:" if right else "---" for right in block.right]
    for cells in (list(map(_plain, block.header)), marks, *(list(map(_plain, row)) for row in block.rows)):
        console.line(f"| {' | '.join(cells)} |")


def _plain(text: str) -> str:
    """Escape text, so that Markdown shows it unchanged."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]<>#|~&" else sign for sign in clean(text))


def _print_json(archive: Archive, customer: Customer, console: Console) -> None:
    from archive.model.tables import OF_A_CUSTOMER, TABLES

    data: dict[str, Any] = {"customer": _as_data(customer)}
    for table in OF_A_CUSTOMER:
        data[table] = [_as_data(record) for record in archive.of_customer(TABLES[table], customer.uid)]
    console.json(data)


def _as_data(record: Record) -> dict[str, Any]:
    values = record.dump()
    return {"id": values.pop("uid"), **values}


_PRINTERS: dict[str, Callable[[Archive, Customer, Console], None]] = {
    "text": _print_text,
    "md": _print_markdown,
    "json": _print_json,
}

VERB = Verb("show", N_("show all data about a customer"), run, arguments)
