"""What the verbs that write a new record share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeVar

from archive.cli._console import Console
from archive.cli._verbs import opened
from archive.model.customer import Customer
from archive.model.fields import Record
from archive.model.interaction import Interaction
from archive.model.transaction import Transaction
from archive.service.archive import Archive
from archive.service.entry import understood
from archive.text import _

R = TypeVar("R", bound=Record)


def save_new(archive: Archive, record: R, console: Console) -> R:
    """Save a new record, and give it as it is kept: with its uid, its code and what was worked out."""
    entry = archive.save(record)
    assert entry  # a new record always changes something
    kept = archive.get(type(record), entry.changes[0].uid)
    if isinstance(kept, Transaction) and kept.currency and not getattr(record, "currency", ""):
        console.note(_("No currency was named: {currency} was taken.").format(currency=kept.currency))
    elif isinstance(kept, Transaction) and kept.amount is not None and not kept.currency:
        console.note(_("The amount has no currency: `archive settings currency=EUR` sets a home currency."))
    return kept


def save_line(
    args: argparse.Namespace,
    console: Console,
    read: Callable[[Archive, str, str], Interaction | Transaction],
) -> int:
    """Save what `read` makes of the one line typed about a customer, and say what was understood."""
    with opened(args, write=True) as archive:
        customer = archive.find(Customer, args.code)
        kept = save_new(archive, read(archive, customer.uid, " ".join(args.text)), console)
        said = understood(archive, kept)
    console.line(
        _("Saved for {code} {name}: {what}").format(code=customer.code, name=customer.full_name, what=said)
    )
    return 0
