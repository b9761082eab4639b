"""`archive check`: read everything, and say what is wrong with it."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from archive.cli._console import Console
from archive.cli._verbs import Verb, counted
from archive.errors import ArchiveError
from archive.text import N_, _, plural

if TYPE_CHECKING:
    from archive.model.fields import Item, Record
    from archive.service.archive import Archive

DATA_UNUSABLE = 65
PERHAPS_LOST = 1


def run(args: argparse.Namespace, console: Console) -> int:
    """Check every byte and every record; print a sentence for each problem, and the counts."""
    from archive.service.repairing import findings, is_there

    if not is_there(args.archive):
        console.line(_("There is no archive yet at {path}.").format(path=args.archive))
        return 0
    damages = findings(args.archive)
    for damage in damages:
        console.line(damage.said)
    found = sum(not (damage.harmless or damage.is_unsure) for damage in damages)
    if not found:
        found = _check_records(args, console)
    if found:
        console.line(plural("{n} problem was found.", "{n} problems were found.", found))
        return DATA_UNUSABLE
    if any(damage.is_unsure for damage in damages):
        console.line(
            _("Saved changes may be lost. Open the archive and check whether your last changes are there.")
        )
        return PERHAPS_LOST
    console.line(_("No damage was found.") if damages else _("All is well."))
    return 0


def _check_records(args: argparse.Namespace, console: Console) -> int:
    """Print what is wrong in records that are as they were written, and return how much that is."""
    from archive.model.tables import TABLES
    from archive.service.archive import Archive

    found = 0
    with closing(
        Archive.open(args.archive, args.settings, write=False)
    ) as archive:  # its notices are printed already
        for cls in TABLES.values():
            for sentence in _wrong_in(archive, cls):
                console.line(sentence)
                found += 1
        console.line(counted({name: archive.count(name) for name in TABLES if archive.count(name)}))
    return found


def _wrong_in(archive: Archive, cls: type[Record]) -> Iterator[str]:
    columns = archive.columns(cls.TABLE, ["uid", "code"])
    for uid, code in zip(columns["uid"], columns["code"], strict=True):
        where = f"{cls.TABLE} {code or uid}"
        for problem in _problems(archive, cls, uid):
            yield f"{where}: {problem}"
    for code, times in Counter(columns["code"]).items():
        if code and times > 1:
            yield _("{table}: {n} records have the code {code}.").format(table=cls.TABLE, n=times, code=code)


def _problems(archive: Archive, cls: type[Record], uid: str) -> Iterator[str]:
    from archive.model.fields import problems

    try:
        record = archive.get(cls, uid)
    except ArchiveError as error:
        yield str(error)
        return
    yield from problems(record).values()
    yield from _dangling(archive, record)


def _dangling(archive: Archive, item: Item) -> Iterator[str]:
    """A sentence for each link to a record that is not there."""
    from archive.model.kinds import Link
    from archive.model.lists import ListOf

    for key, fact in item.FACTS.items():
        value = getattr(item, key)
        if isinstance(fact.kind, ListOf):
            for part in value:
                yield from _dangling(archive, part)
        elif isinstance(fact.kind, Link) and value.uid and not archive.has(fact.kind.table, value.uid):
            yield _("{field} names a record that is not there.").format(field=fact.title)


VERB = Verb("check", N_("read the whole archive and say what is wrong with it"), run)
