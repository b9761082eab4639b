"""`archive log`: log an activity with a customer from one line of text."""

from __future__ import annotations

import argparse

from archive.cli._console import Console
from archive.cli._verbs import Verb, line_arguments
from archive.text import N_

DETAILS = N_(
    """The first word is the channel, 10m is the duration in minutes, a date at the end is the follow-up date:
  archive log C-00001 'call 10m price talk, send quote +2w'"""
)


def run(args: argparse.Namespace, console: Console) -> int:
    """Save the activity, and print how the line was understood."""
    from archive.cli._saving import save_line
    from archive.service.entry import contact

    return save_line(args, console, contact)


VERB = Verb(
    "log",
    N_("log an activity in one line"),
    run,
    line_arguments(N_("the activity, in one line")),
    DETAILS,
    free_text=True,
)
