"""Start the terminal program from the command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from archive.cli._console import Console
from archive.collector import leave_to_the_system, when_asked
from archive.errors import ArchiveError, UsageError
from archive.settings import Settings, settings_path
from archive.text import _


def open_file(args: argparse.Namespace, console: Console) -> int:
    """Open an archive in the terminal program."""
    is_first = not (os.path.lexists(args.archive) or os.path.lexists(settings_path()))
    return open_app(args.archive, args.settings, problems=args.problems, first_start=is_first)


def open_app(
    path: Path,
    settings: Settings,
    *,
    demo: bool = False,
    problems: Sequence[ArchiveError] = (),
    first_start: bool = False,
) -> int:
    """Run the terminal program on an archive and return its exit code.

    Raises:
        UsageError: Input or output is not a terminal.
        ArchiveError: The archive could not be opened.
    """
    refuse_without_terminal()
    from archive.ui.app import ArchiveApp  # imports Textual, which no other verb needs

    app = ArchiveApp(path, settings, demo=demo, problems=problems, first_start=first_start)
    with when_asked(), app.ending.watched():
        try:
            app.run()
        except OSError:
            if not app.ending.has_begun:  # after a signal, the terminal may have been closed already
                raise
    leave_to_the_system()
    if app.ending.has_begun:
        return app.ending.code
    if app.failure:  # reported like every error of the command line
        raise app.failure
    return app.return_code or 0


def refuse_without_terminal() -> None:
    """Raise UsageError if input or output is not a terminal."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise UsageError(
            _("The terminal program needs a terminal for its input and its output."),
            _(
                "Commands such as `archive list`, `show`, `add` and `log` work without one. See "
                "`archive --help`."
            ),
        )
