"""The command line: `archive VERB ...`. A module of this package is a verb, and its `VERB` says what it does."""

from __future__ import annotations

from archive.cli._console import Console
from archive.errors import ArchiveError

BROKEN_PIPE = 128 + 13
INTERRUPTED = 128 + 2


def run(argv: list[str]) -> int:
    """Do what the words ask and return the exit code; an error is one line on the error stream."""
    console = Console()
    try:
        return _answer(argv, console)
    except BrokenPipeError:  # whoever read us has seen enough
        console.abandon()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED


def _answer(argv: list[str], console: Console) -> int:
    try:
        code = _call(argv, console)
        console.flush()
    except ArchiveError as error:
        console.failed(error)
        return error.code
    return code


def _call(argv: list[str], console: Console) -> int:
    from archive.cli._parser import called

    try:
        verb, args = called(argv)
    except SystemExit:  # how argparse ends once it has printed a help or the version
        return 0
    return verb(args, console)
