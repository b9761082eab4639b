"""`archive check`: verify the files and the records of an archive."""

from __future__ import annotations

import argparse
from contextlib import closing

from archive.cli._console import Console
from archive.cli._verbs import Verb, counted
from archive.text import N_, _, plural

DATA_UNUSABLE = 65
PERHAPS_LOST = 1


def run(args: argparse.Namespace, console: Console) -> int:
    """Verify the files and, if they are intact, every record; print each problem, and the number of records."""
    from archive.service.repairing import findings, is_there

    if not is_there(args.archive):
        console.line(_("There is no archive yet at {path}.").format(path=args.archive))
        return 0
    damages = findings(args.archive)
    for damage in damages:
        console.line(damage.message)
    damaged = sum(not (damage.harmless or damage.is_unsure) for damage in damages)
    count = damaged or _check_records(args, console)
    if count:
        console.line(plural("{n} problem was found.", "{n} problems were found.", count))
        if damaged:
            console.line(_("To recover everything that can be read, use `archive repair`."))
        return DATA_UNUSABLE
    if any(damage.is_unsure for damage in damages):
        console.line(
            _("Saved changes may be lost. Open the archive and check whether your last changes are there.")
        )
        return PERHAPS_LOST
    console.line(_("No damage was found.") if damages else _("No problems were found."))
    return 0


def _check_records(args: argparse.Namespace, console: Console) -> int:
    """Print the faults in records of an undamaged archive, and return how many there are."""
    from archive.model.tables import STORED, TABLES
    from archive.service.archive import Archive
    from archive.service.record_checks import record_faults

    count = 0
    with closing(
        Archive.open(args.archive, args.settings, write=False)
    ) as archive:  # not `opened`, which would print the notices a second time
        for cls in STORED.values():
            for sentence in record_faults(archive, cls):
                console.line(sentence)
                count += 1
        console.line(counted({name: archive.count(name) for name in TABLES if archive.count(name)}))
    return count


VERB = Verb("check", N_("check the whole archive and list its problems"), run)
