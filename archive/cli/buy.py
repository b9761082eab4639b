"""`archive buy`: a purchase of a customer, typed in one line."""

from __future__ import annotations

import argparse

from archive.cli._console import Console
from archive.cli._verbs import Verb, line_arguments, opened
from archive.text import N_, _

DETAILS = N_(
    """Quantity, unit, product, @price, terms and date:
  archive buy C-00001 '20 bags rice @35.50 net30 yesterday'"""
)


def run(args: argparse.Namespace, console: Console) -> int:
    """Save the purchase, and say what was understood."""
    from archive.cli._saving import save_new
    from archive.model.customer import Customer
    from archive.service.entry import purchase, understood

    with opened(args, write=True) as archive:
        customer = archive.find(Customer, args.code)
        kept = save_new(archive, purchase(archive, customer.uid, " ".join(args.text)), console)
        said = understood(archive, kept)
    console.line(
        _("Saved for {code} {name}: {what}").format(code=customer.code, name=customer.full_name, what=said)
    )
    return 0


VERB = Verb(
    "buy",
    N_("record a purchase of a customer, typed in one line"),
    run,
    line_arguments,
    DETAILS,
    free_text=True,
)
