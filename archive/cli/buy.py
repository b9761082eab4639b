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
    from archive.model.fields import Ref
    from archive.model.oneline import explain, read_purchase
    from archive.service.products import product_of

    with opened(args, write=True) as archive:
        customer = archive.find(Customer, args.code)
        order = read_purchase(" ".join(args.text), archive.ctx, lambda text: product_of(archive, text))
        kept = save_new(archive, order.with_values(customer=Ref(customer.uid)), console)
        said = explain(kept, archive.ctx, product_of(archive, kept.product.uid))
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
