"""Check whether a snapshot and a journal belong to the same branch of changes.

LSNs alone cannot show this. If an archive is changed on two machines, and a synchronisation tool combines the snapshot
of one machine with the journal of the other, both contain changes with the same LSNs.
"""

from __future__ import annotations

from archive.store.changes import Head
from archive.store.history import HISTORY
from archive.store.snapshot import Snapshot
from archive.store.wal.log import Journal

SUPERSEDED = "superseded"
"""Key in a snapshot's `_meta`: the fingerprint of the last change in the journal that this snapshot replaced."""


def is_of_one_branch(snapshot: Snapshot, journal: Journal) -> bool:
    """Return whether the changes in a journal lead to the snapshot or continue from it.

    True if there is nothing to compare. Call it before `Journal.read`.
    """
    theirs = journal.tail_at(snapshot.lsn)
    if theirs and snapshot.tail:
        return theirs == snapshot.tail
    return _holds_older_changes(snapshot, journal)


def _holds_older_changes(snapshot: Snapshot, journal: Journal) -> bool:
    """Return whether the snapshot's history contains the last entry of the newest segment below its LSN.

    A crash during a checkpoint, after the snapshot is installed and before its segments are deleted, leaves such a
    segment.
    """
    older = journal.newest_below(snapshot.lsn)
    if older and journal.tail_at(older[-1].lsn) == snapshot.meta.get(SUPERSEDED):
        return True  # a restore or a repair was interrupted before it deleted the journal
    with_entry = [frame for frame in older if "entry" in frame.extra]
    if not with_entry or HISTORY not in snapshot.extents:
        return True
    newest, lines = with_entry[-1], snapshot.lines(HISTORY)
    number = newest.extra["entry"]
    slot = lines.slot(number)
    if slot is None:  # accept an entry older than the history: old entries are deleted
        return bool(len(lines)) and number < lines.numbers[0]
    head = Head.of(lines.row(slot))
    return (head.label, head.at) == (newest.label, newest.extra["at"])
