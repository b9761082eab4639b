"""Whether a snapshot and a journal belong to one line of changes.

Their numbers alone do not tell: if an archive is changed on two machines, and a program that synchronises brings the
file of one and leaves the journal of the other, both count on from the same change.
"""

from __future__ import annotations

from archive.store.changes import Head
from archive.store.history import HISTORY
from archive.store.snapshot import Snapshot
from archive.store.wal.log import Journal
from archive.store.wal.records import tail_of

SUPERSEDED = "superseded"
"""The key in a snapshot's description under which the last change of the journal stands that it took the place of."""


def is_of_one_branch(snapshot: Snapshot, journal: Journal) -> bool:
    """Whether the changes in a journal are those that the snapshot holds, or follow it. True if nothing tells.

    To be asked before the journal is read behind the snapshot.
    """
    theirs = journal.tail_at(snapshot.lsn)
    if theirs and snapshot.tail:
        return theirs == snapshot.tail
    return _holds_older_changes(snapshot, journal)


def _holds_older_changes(snapshot: Snapshot, journal: Journal) -> bool:
    """Whether the history of a snapshot has the last entry of a segment that it should hold altogether. A crash between
    the two steps of a compaction leaves such a segment.
    """
    older = journal.newest_below(snapshot.lsn)
    if older and tail_of(older[-1]) == snapshot.meta.get(SUPERSEDED):
        return True  # a restore or a repair was interrupted before it deleted the journal
    made = [frame for frame in older if "entry" in frame.extra]
    if not made or HISTORY not in snapshot.extents:
        return True
    newest, lines = made[-1], snapshot.lines(HISTORY)
    number = newest.extra["entry"]
    slot = lines.slot(number)
    if slot is None:  # old entries are deleted some day
        return bool(len(lines)) and number < lines.numbers[0]
    head = Head.of(lines.row(slot))
    return (head.label, head.at) == (newest.label, newest.extra["at"])
