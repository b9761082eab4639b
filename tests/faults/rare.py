"""What is rare in a large archive is made frequent in a small one, for this process."""

from __future__ import annotations

from archive import files
from archive.store import checkpoint, database
from archive.store import checkpointer as _checkpointer
from archive.store.wal import records
from faults.children import Forked

_WORTH = checkpoint.WORTH_AN_INDEX


def make_rare_frequent(*, checkpoints: bool, shelf: bool, parts: bool, forked: bool = True) -> None:
    """Compaction after each save, `forked` from here or in a new program; files of what is derived; long changes, and
    files that the disk gets in several steps."""
    assert database.LEAST
    assert records.PART
    assert files._AT_ONCE
    assert database.WORTH_AN_INDEX == checkpoint.WORTH_AN_INDEX == _WORTH
    if checkpoints:
        database.LEAST = 0
        if forked:
            _checkpointer.subprocess.Popen = Forked
    if shelf:
        database.WORTH_AN_INDEX = checkpoint.WORTH_AN_INDEX = 0
    if parts:
        records.PART = files._AT_ONCE = 4000
