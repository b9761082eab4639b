"""What is rare in a large archive is made frequent in a small one, for this process."""

from __future__ import annotations

from archive import files
from archive.store import compaction, frames, store
from archive.store import upkeep as _upkeep
from faults.children import Forked

_WORTH = compaction.WORTH_A_SHELF


def make_rare_frequent(*, upkeep: bool, shelf: bool, parts: bool, forked: bool = True) -> None:
    """Compaction after each save, `forked` from here or in a new program; files of what is derived; long changes, and
    files that the disk gets in several steps."""
    assert store.LEAST
    assert frames.PART
    assert files._AT_ONCE
    assert store.WORTH_A_SHELF == compaction.WORTH_A_SHELF == _WORTH
    if upkeep:
        store.LEAST = 0
        if forked:
            _upkeep.subprocess.Popen = Forked
    if shelf:
        store.WORTH_A_SHELF = compaction.WORTH_A_SHELF = 0
    if parts:
        frames.PART = files._AT_ONCE = 4000
