"""Lower the store's thresholds in this process, so that small archives do what otherwise only large ones do."""

from __future__ import annotations

from archive import files
from archive.store import checkpoint, database
from archive.store import checkpointer as _checkpointer
from archive.store.wal import records
from faults.children import Forked

_WORTH = checkpoint.WORTH_AN_INDEX


def make_rare_frequent(*, checkpoints: bool, index: bool, parts: bool, forked: bool = True) -> None:
    """Lower thresholds of the store.

    Args:
        checkpoints: Compact after each save.
        index: Write an index file for any archive.
        parts: Split changes into several frames and write files in several steps.
        forked: Fork the compaction process instead of starting a new interpreter.
    """
    assert database.LEAST
    assert records.PART
    assert files._AT_ONCE
    assert database.WORTH_AN_INDEX == checkpoint.WORTH_AN_INDEX == _WORTH
    if checkpoints:
        database.LEAST = 0
        if forked:
            _checkpointer.subprocess.Popen = Forked
    if index:
        database.WORTH_AN_INDEX = checkpoint.WORTH_AN_INDEX = 0
    if parts:
        records.PART = files._AT_ONCE = 4000
