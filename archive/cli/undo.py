"""`archive undo`: undo the newest change, or revert an earlier one."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from archive.cli._console import Console
from archive.cli._verbs import Verb, opened
from archive.errors import NotFound, UsageError
from archive.text import N_, _

if TYPE_CHECKING:
    from archive.service.archive import Archive
    from archive.store import Entry

VALUES_KEPT = 1  # exit code if a part of the change could not be reverted


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `--list` and the number of a change."""
    parser.add_argument("--list", action="store_true", help=_("list the changes that can be undone"))
    parser.add_argument(
        "number", metavar="N", nargs="?", type=int, help=_("the number of the change to undo")
    )


def run(args: argparse.Namespace, console: Console) -> int:
    """Undo the newest change, revert the change with the given number, or list all changes."""
    if args.list and args.number is not None:
        raise UsageError(_("Specify either --list or a number, not both."))
    with opened(args, write=not args.list) as archive:
        if args.list:
            return _list(archive, console)
        if args.number is None:
            return _newest(archive, console)
        return _take_back(archive, args.number, console)


def _list(archive: Archive, console: Console) -> int:
    header = [_("No."), _("When"), _("Change"), ""]
    console.table(header, map(_cells, archive.history()), [True, False, False, False])
    return 0


def _cells(entry: Entry) -> list[str]:
    return [str(entry.number), f"{entry.at:%Y-%m-%d %H:%M}", entry.label, _("undone") if entry.undone else ""]


def _newest(archive: Archive, console: Console) -> int:
    entry = archive.undo()
    if entry is None:
        console.line(_("There is nothing to undo."))
    else:
        console.line(_("Undone: {label}").format(label=entry.label))
    return 0


def _take_back(archive: Archive, number: int, console: Console) -> int:
    entry = next((entry for entry in archive.history() if entry.number == number), None)
    if entry is None:
        raise NotFound(
            _("The history has no change number {number}.").format(number=number),
            _("`archive undo --list` lists the changes."),
        )
    if entry.undone:
        console.line(_("This change is already undone: {label}").format(label=entry.label))
        return 0
    done, skipped = archive.take_back(entry)
    for sentence in skipped:
        console.line(sentence)
    if done:
        message = _("Undone: {label}")
    elif skipped:
        message = _("Nothing was undone: {label}")
    else:
        message = _("“{label}” has no effect any more, so there is nothing to undo.")
    console.line(message.format(label=entry.label))
    return VALUES_KEPT if skipped else 0


VERB = Verb("undo", N_("undo the latest change, or any change in the history"), run, arguments)
