"""`archive buy`: a purchase of a customer, typed in one line."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from archive.cli._console import Console
from archive.cli._verbs import Verb, line_arguments, opened
from archive.text import N_, _

if TYPE_CHECKING:
    from archive.model.product import Product
    from archive.service.archive import Archive

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

    with opened(args, write=True) as archive:
        customer = archive.find(Customer, args.code)
        order = read_purchase(" ".join(args.text), archive.ctx, lambda text: _product(archive, text))
        kept = save_new(archive, order.with_values(customer=Ref(customer.uid)), console)
        said = explain(kept, archive.ctx, _product(archive, kept.product.uid))
    console.line(
        _("Saved for {code} {name}: {what}").format(code=customer.code, name=customer.full_name, what=said)
    )
    return 0


def _product(archive: Archive, text: str) -> Product | None:
    """The product of a code, a name or a uid."""
    from archive.model.product import Product

    if archive.has("products", text):
        return archive.get(Product, text)
    found = archive.ctx.resolve("products", text)
    return archive.get(Product, found.uid) if found else None


VERB = Verb(
    "buy",
    N_("record a purchase of a customer, typed in one line"),
    run,
    line_arguments,
    DETAILS,
    free_text=True,
)
