"""`archive redo`: redo the last undone change."""

from __future__ import annotations

import argparse

from archive.cli._console import Console
from archive.cli._verbs import Verb, opened
from archive.text import N_, _


def run(args: argparse.Namespace, console: Console) -> int:
    """Redo the last undone change."""
    with opened(args, write=True) as archive:
        entry = archive.redo()
    if entry is None:
        console.line(_("There is nothing to redo."))
    else:
        console.line(_("Redone: {label}").format(label=entry.label))
    return 0


VERB = Verb("redo", N_("redo the last undone change"), run)
