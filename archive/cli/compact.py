"""`archive compact`: merge the journal into the archive file."""

from __future__ import annotations

import argparse

from archive.cli._console import Console
from archive.cli._verbs import Verb, opened
from archive.text import N_, _


def run(args: argparse.Namespace, console: Console) -> int:
    """Compact the archive, and print its size before and after."""
    from archive.service.repairing import size_of

    before = size_of(args.archive)
    with opened(args, write=True) as archive:
        archive.compact()
    message = _("{path}: {before} bytes before, {after} bytes now.")
    console.line(message.format(path=args.archive, before=f"{before:,}", after=f"{size_of(args.archive):,}"))
    return 0


VERB = Verb("compact", N_("merge the journal into the archive's file"), run)
