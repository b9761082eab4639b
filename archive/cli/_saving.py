"""Helpers for the verbs that save a new record."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeVar

from archive.cli._console import Console
from archive.cli._verbs import opened
from archive.model.fields import Record
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.service.entry import understood
from archive.text import _

R = TypeVar("R", bound=Record)


def save_new(archive: Archive, record: R, console: Console) -> R:
    """Save a new record and return it as stored, with its uid, its code and its default values.

    If the record names no currency, a note says which was used, or that no home currency is set.
    """
    entry = archive.save(record)
    assert entry  # a new record always changes something
    saved = archive.get(type(record), entry.changes[0].uid)
    if isinstance(saved, Transaction) and saved.currency and not getattr(record, "currency", ""):
        console.note(_("No currency was given, so {currency} was used.").format(currency=saved.currency))
    elif isinstance(saved, Transaction) and saved.amount is not None and not saved.currency:
        console.note(_("The amount has no currency. `archive settings currency=EUR` sets a home currency."))
    return saved


def save_line(
    args: argparse.Namespace,
    console: Console,
    read: Callable[[Archive, str, str], Interaction | Transaction],
) -> int:
    """Save the record that `read` parses from a line about a customer, and print how it was understood.

    Args:
        args: The arguments that `line_arguments` declares.
        console: Where to print.
        read: Called with the archive, the customer's uid and the line.
    """
    with opened(args, write=True) as archive:
        customer = archive.find(Customer, args.code)
        saved = save_new(archive, read(archive, customer.uid, " ".join(args.text)), console)
        summary = understood(archive, saved)
    console.line(
        _("Saved for {code} {name}: {what}").format(code=customer.code, name=customer.full_name, what=summary)
    )
    return 0
