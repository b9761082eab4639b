"""`archive demo`: open a sample archive to try the program with."""

from __future__ import annotations

import argparse

from archive.cli._console import Console
from archive.cli._open import open_app, refuse_without_terminal
from archive.cli._verbs import Verb
from archive.errors import UsageError
from archive.settings import data_folder
from archive.text import N_, _


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `--fresh`."""
    parser.add_argument("--fresh", action="store_true", help=_("reset the sample archive"))


def run(args: argparse.Namespace, console: Console) -> int:
    """Create the sample archive if it does not exist, and open it."""
    if args.named:
        raise UsageError(
            _("The demo has its own archive, so --archive cannot be used with it."),
            _("`archive {path}` opens that archive.").format(path=args.archive),
        )
    refuse_without_terminal()
    from archive.service.archive import local_now
    from archive.service.demo import make_demo

    target = data_folder() / "demo.json"
    make_demo(target, local_now().date(), fresh=args.fresh)
    return open_app(target, args.settings, demo=True, problems=args.problems)


VERB = Verb("demo", N_("open a sample archive to try things out"), run, arguments, interactive=True)
