"""`archive backup`: make a verified copy, named by date and time."""

from __future__ import annotations

import argparse

from archive.cli._console import Console
from archive.cli._verbs import Verb
from archive.text import N_, _


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the target folder."""
    parser.add_argument(
        "folder",
        metavar="DIR",
        nargs="?",
        help=_("the target folder; backups beside the archive by default"),
    )


def run(args: argparse.Namespace, console: Console) -> int:
    """Make a backup and print its path."""
    from archive.service.archive import local_now
    from archive.service.backups import backup
    from archive.service.folder import home_folder

    folder = home_folder(args.folder) if args.folder else None
    console.line(str(backup(args.archive, local_now(args.settings.time_zone), folder)))
    return 0


VERB = Verb(
    "backup",
    N_("back up the archive and check the copy"),
    run,
    arguments,
    details=N_(
        """Works while another program has the archive open. Outdated backups in the folder are deleted, but the
newest 10, all of the last 7 days, one a week for 8 weeks and one a month for 12 months are kept."""
    ),
)
