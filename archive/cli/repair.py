"""`archive repair`: salvage a damaged archive."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from archive.cli._console import Console
from archive.cli._verbs import Verb
from archive.text import N_, _, plural

SALVAGED_WITH_LOSS = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the option that chooses between file and journal."""
    parser.add_argument(
        "--take",
        choices=["file", "journal"],
        default="",
        help=_("what to keep if another program changed the file: that file, or your changes in the journal"),
    )


def run(args: argparse.Namespace, console: Console) -> int:
    """Repair the archive, and list what is lost and what the user has to check."""
    from archive.service.archive import local_now
    from archive.service.repairing import is_there, repair

    if not is_there(args.archive):
        console.line(_("There is no archive yet at {path}.").format(path=args.archive))
        return 0
    done = repair(args.archive, local_now(args.settings.time_zone), args.take)
    if done.copies is None:
        console.line(_("No damage was found. Nothing was written."))
        return 0
    console.line(_("The original files are in {path}").format(path=done.copies))
    for title, sentences in ((_("Lost:"), done.lost), (_("Please check:"), done.doubtful)):
        if sentences:
            console.line(title)
        for sentence in sentences:
            console.line(f"  {sentence}")
    console.line(" ".join([_("The archive was repaired."), *_summary(len(done.lost), len(done.doubtful))]))
    return SALVAGED_WITH_LOSS if done.lost or done.doubtful else 0


def _summary(lost: int, doubtful: int) -> Iterator[str]:
    """Yield the summary. It says "Nothing is lost." only if there is nothing to check either."""
    if lost:
        yield plural("{n} item is lost.", "{n} items are lost.", lost)
    if doubtful:
        yield plural("{n} item needs checking.", "{n} items need checking.", doubtful)
    if not (lost or doubtful):
        yield _("Nothing is lost.")


VERB = Verb(
    "repair",
    N_("copy a damaged archive, recover what can be read, and list what is lost"),
    run,
    arguments,
)
