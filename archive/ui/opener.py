"""Open files, web pages, e-mail addresses and phone numbers with the programs of the desktop."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import TimeoutExpired

from archive.child_process import start_opener
from archive.errors import ArchiveError
from archive.text import _

_USUAL = ("open",) if sys.platform == "darwin" else ("xdg-open", "gio open", "wslview")
ANSWER = 2.0  # seconds in which an opener reports that it failed; one that runs longer is showing something


def open_outside(address: str, opener: str = "") -> None:
    """Open a URL or the path of a file. Call it in a thread: it waits until the opener has answered.

    Args:
        address: An address as returned by `service.targets.address`. It is passed on as a single argument.
        opener: The opener of the user's settings, with its arguments, or "" for the opener of the system.

    Raises:
        ArchiveError: There is no opener, or it failed.
    """
    if sys.platform == "win32" and not opener.strip():
        os.startfile(address)  # noqa: S606 - an address as returned by `service.targets.address`
        return
    command = [*_opener(opener), address]
    try:
        process = start_opener(command)
    except OSError as error:
        raise _failed(address, command[0], error.strerror or str(error)) from None
    with suppress(TimeoutExpired):
        if process.wait(ANSWER):
            reason = _("it ended with status {n}").format(n=process.returncode)
            raise _failed(address, command[0], reason)


def _opener(opener: str) -> Sequence[str]:
    """Return the command of the opener, its program as an absolute path."""
    for words in map(_words, [opener] if opener.strip() else _USUAL):
        program = shutil.which(words[0])
        if program and Path(program).is_absolute():  # not one from the working folder
            return [program, *words[1:]]
    if opener.strip():
        problem = _("There is no program {name}, which the settings name as the opener.").format(name=opener)
    else:
        problem = _("This computer has no program that opens files and addresses.")
    raise ArchiveError(problem, _("Press y to copy the address, or name a program under Opener in Settings."))


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:  # an open quotation mark
        return [command]


def _failed(address: str, program: str, reason: str) -> ArchiveError:
    return ArchiveError(
        _("{address} was not opened by {program}: {reason}.").format(
            address=address, program=Path(program).name, reason=reason
        ),
        _("Press y to copy the address, or name another program under Opener in Settings."),
    )
