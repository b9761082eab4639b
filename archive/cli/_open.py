"""The door to the terminal program."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from archive.cli._console import Console
from archive.collector import leave_to_the_system, when_asked
from archive.errors import UsageError
from archive.settings import Settings
from archive.text import _


def open_file(args: argparse.Namespace, console: Console) -> int:
    """Open the archive that is named, or the usual one."""
    return open_app(args.archive, args.settings)


def open_app(path: Path, settings: Settings, *, demo: bool = False) -> int:
    """Run the terminal program on an archive until it is left; its exit code, or why it could not be opened."""
    refuse_without_terminal()
    from archive.ui.app import ArchiveApp  # textual: for nothing else

    app = ArchiveApp(path, settings, demo=demo)
    with when_asked(), app.ending.watched():
        try:
            app.run()
        except OSError:
            if not app.ending.has_begun:  # else its terminal is gone, for which it was about to say something
                raise
    leave_to_the_system()
    if app.ending.has_begun:
        return app.ending.code
    if app.failure:  # said where every error of the command line is said
        raise app.failure
    return app.return_code or 0


def refuse_without_terminal() -> None:
    """UsageError where there is nobody to see a screen or to press keys."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise UsageError(
            _("The terminal program needs a terminal for its input and its output."),
            _(
                "Without one, `archive list`, `show`, `add`, `log` and the other verbs work: `archive --help`."
            ),
        )
