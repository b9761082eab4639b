"""Compare the report of `archive repair` with the salvaged records, one by one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.model.tables import stored_name
from archive.store.history import HISTORY
from archive.store.snapshot import META
from faults.specimen import ARCHIVE, Key, Record, Specimen, World

_BYTES = re.compile(r"\bbytes (\d+) to (\d+)")
_JOURNAL_BYTES = re.compile(r"(\S+\.j\d+), bytes (\d+) to (\d+)")
_FROM = re.compile(r"\bfrom byte (\d+)")
_BEHIND = re.compile(r"\bafter byte (\d+)")
_CHANGES = re.compile(r"\b[Cc]hanges (\d+) to (\d+)")
_CHANGE = re.compile(r"\b[Cc]hange (\d+)")
_ON = re.compile(r"^(.*\.j\d+).* from byte (\d+) on\b")
_FIRST_LINE = re.compile(r"^(.*\.j\d+) has no complete first line")
_UNCHECKED = re.compile(r"^(?:(\w+): its|There are no) checksums")
_LABELLED = re.compile(r"^(\w+) (\d+):")
_ALL = 1 << 40
_MORE = re.compile(r"^(\w+): records lost in total: (\d+)")
_NOTHING = re.compile(r"^(\w+): this table was not found")
_PUBLIC = re.compile(r"(?:^|(?<=were read as ))\w+(?= \d+:| \?:|:|, but their)")
_NAMES = ("full_name", "name", "title", "summary", "category", "code", "label")


def wrong_after(
    sound: Specimen,
    now: World,
    lost: Sequence[str],
    doubtful: Sequence[str],
    *,
    strict: bool,
    overwritten: Sequence[int] = (),
) -> Iterator[str]:
    """Yield an error for each lost or changed record that the report omits, and for each that it wrongly calls lost.

    Args:
        lost: Sentences of the report about lost records.
        doubtful: Sentences of the report about doubtful records.
        strict: Whether every record must be reported. Otherwise a report that a table has no checksums covers all of
            its records.
        overwritten: LSNs of completely overwritten changes. No report can name their records, and a general warning
            that saved changes may be lost is enough.
    """
    lost, doubtful = list(map(_stored, lost)), list(map(_stored, doubtful))
    report = [*lost, *doubtful]
    unchecked = {found[1] for found in map(_UNCHECKED.match, doubtful) if found}
    unchecked |= {key[0] for key in sound.world} if None in unchecked else set()
    unchecked = set() if strict else unchecked
    more = Counter({found[1]: int(found[2]) for found in map(_MORE.match, lost) if found})
    more.update({found[1]: _ALL for found in map(_NOTHING.match, lost) if found})
    unnamed = (
        {key for lsn in overwritten for key in sound.touched[lsn]} if any(map(_ON.match, report)) else set()
    )
    for key in differences(sound.world, now):
        if key in unnamed:
            continue
        before, after = sound.world.get(key), now.get(key)
        if key[0] in unchecked:
            continue
        if any(_names(sentence, key, before, after) or _covers(sentence, sound, key) for sentence in report):
            continue
        if not after and more[key[0]] > 0:
            more[key[0]] -= 1
            continue
        yield f"{key} is not reported: {before} -> {after}"
    for sentence in lost:
        yield from _falsely_lost(sentence, sound.world, now)


def _stored(sentence: str) -> str:
    """Replace the public table names in a sentence by the stored ones."""
    return _PUBLIC.sub(lambda found: stored_name(found[0]), sentence)


def is_same(before: Record | None, after: Record | None) -> bool:
    return (before and before[:2]) == (after and after[:2])


def differences(before: World, after: World) -> list[Key]:
    keys = before.keys() | after.keys()
    return sorted(key for key in keys if not is_same(before.get(key), after.get(key)))


def _names(sentence: str, key: Key, *records: Record | None) -> bool:
    """Return whether a sentence names a record by number, uid or name."""
    table, uid = key
    if table == META:
        return "metadata" in sentence
    for record in filter(None, records):
        names = {str(record.row[name]) for name in _NAMES if name in record.row}
        if re.search(rf"\b{table} {record.number}\b", sentence):
            return True
        if table == HISTORY and re.search(rf"\bentry {record.number} of the history", sentence):
            return True
        # The label stands for the number if the number is damaged.
        if table == HISTORY and f"of the history ({record.row['label']})" in sentence:
            return True
        if table in sentence and any(name in sentence for name in names | {uid}):
            return True
        if f" ?: {uid}. " in sentence:  # the name of the table is damaged, too
            return True
    return False


def _covers(sentence: str, sound: Specimen, key: Key) -> bool:
    """Return whether a sentence names the bytes or the change that contained a record."""
    changes = [range(int(n), int(m) + 1) for n, m in _CHANGES.findall(sentence)]
    changes += [range(int(n), int(n) + 1) for n in _CHANGE.findall(sentence)]
    lost = [lsn for lsns in changes for lsn in lsns] + list(_lost_in_the_journal(sentence, sound))
    if any(key in sound.touched.get(lsn, ()) for lsn in lost):
        return True
    before = sound.world.get(key)
    if before is None or before.start < 0 or ".j0" in sentence:
        return False
    places = [(int(n), int(m)) for n, m in _BYTES.findall(sentence)]
    places += [(int(n), int(n) + 1) for n in _FROM.findall(sentence)]
    places += [(int(n), len(sound.files[ARCHIVE])) for n in _BEHIND.findall(sentence)]
    return any(start < before.end and before.start < end for start, end in places)


def _lost_in_the_journal(sentence: str, sound: Specimen) -> Iterator[int]:
    """Yield the LSNs of the changes in the journal bytes that a sentence names."""
    places = [(path, int(start), int(end)) for path, start, end in _JOURNAL_BYTES.findall(sentence)]
    if on := _ON.match(sentence):
        places.append((on[1], int(on[2]), _ALL))
    if first := _FIRST_LINE.match(sentence):
        places.append((first[1], 0, _ALL))
    for path, start, end in places:
        frames = sound.frames[Path(path).name]
        yield from (lsn for lsn, (begin, stop) in frames.items() if begin < end and start < stop)


def _falsely_lost(sentence: str, before: World, after: World) -> Iterator[str]:
    found = _LABELLED.match(sentence)
    for key, record in before.items() if found else ():
        is_meant = found and key[0] == found[1] != META and record.number == int(found[2])
        if is_meant and is_same(record, after.get(key)) and f": {_called(record)}. " in sentence:
            yield f"reported as lost, but present: {sentence}"


def _called(record: Record) -> str:
    return next((record.row[name] for name in _NAMES if name in record.row), record.row["uid"])
