"""`archive restore`: restore the archive from a backup."""

from __future__ import annotations

import argparse

from archive.cli._console import Console
from archive.cli._verbs import Verb, counted
from archive.text import N_, _

RESTORED_WITH_DOUBT = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the backup."""
    parser.add_argument(
        "backup", metavar="BACKUP", help=_("a file that `archive backup` made, or any archive")
    )


def run(args: argparse.Namespace, console: Console) -> int:
    """Restore a backup, and print its number of records and where the former archive is."""
    from archive.service.archive import local_now
    from archive.service.folder import home_folder
    from archive.service.repairing import restore

    source = home_folder(args.backup)
    done = restore(args.archive, source, local_now(args.settings.time_zone))
    console.line(_("{path} was restored from {backup}.").format(path=args.archive, backup=source))
    console.line(counted(done.counts))
    if done.former:
        console.line(_("The previous archive was kept as {path}.").format(path=done.former))
        console.line(_("Undo cannot bring it back, but `archive restore` can."))
    for sentence in done.doubtful:
        console.note(sentence)
    return RESTORED_WITH_DOUBT if done.doubtful else 0


VERB = Verb(
    "restore",
    N_("restore the archive from a backup; the current archive is kept"),
    run,
    arguments,
)
