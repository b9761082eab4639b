"""The command line: `archive VERB ...`. Each public module of this package implements a verb, declared as `VERB`."""

from __future__ import annotations

from archive.cli._console import Console
from archive.errors import ArchiveError

BROKEN_PIPE = 128 + 13
INTERRUPTED = 128 + 2


def run(argv: list[str]) -> int:
    """Run the command in `argv` and return the exit code. An error is reported in one line on stderr."""
    console = Console()
    try:
        return _answer(argv, console)
    except BrokenPipeError:  # the reader closed the pipe, as `head` does
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
    except SystemExit:  # argparse exits after it has printed a help text or the version
        return 0
    return verb(args, console)
