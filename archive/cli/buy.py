"""`archive buy`: record a customer's purchase from one line of text."""

from __future__ import annotations

import argparse

from archive.cli._console import Console
from archive.cli._verbs import Verb, line_arguments
from archive.text import N_

DETAILS = N_(
    """Quantity, unit, product, @price, terms and date:
  archive buy C-00001 '20 bags rice @35.50 net30 yesterday'"""
)


def run(args: argparse.Namespace, console: Console) -> int:
    """Save the purchase, and print how the line was understood."""
    from archive.cli._saving import save_line
    from archive.service.entry import purchase

    return save_line(args, console, purchase)


VERB = Verb(
    "buy",
    N_("add a purchase in one line"),
    run,
    line_arguments(N_("the purchase, in one line")),
    DETAILS,
    free_text=True,
)
