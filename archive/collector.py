"""Control when Python's cyclic garbage collector runs: not during bulk allocation, nor while the user is typing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEVER = 1 << 30


@contextmanager
def at_rest() -> Iterator[None]:
    """Disable the collector in the block.

    When millions of objects are created, it costs a third of the run time and finds nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def when_asked() -> Iterator[None]:
    """Leave full collections to `search` in the block, because each takes as long as handling several key presses."""
    before = gc.get_threshold()
    gc.set_threshold(*before[:2], _NEVER)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def search(due: int) -> None:
    """Run a full collection if more than `due` collections of the middle generation ran since the last full one.

    Python's own threshold is 10.
    """
    if gc.isenabled() and gc.get_count()[2] > due:
        gc.collect()


def leave_to_the_system() -> None:
    """Exempt every object from collection, because the program is about to end.

    Otherwise the interpreter frees the objects one by one at exit, which takes seconds after a long session.
    """
    gc.freeze()
