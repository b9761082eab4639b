"""The search for circles of objects: not while many are made that are in none, nor between a key and its picture."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEVER = 1 << 30


@contextmanager
def at_rest() -> Iterator[None]:
    """No search meanwhile: over millions of new objects it takes a third of the time and finds nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def when_asked() -> Iterator[None]:
    """Meanwhile all objects are gone through only by `search`: it takes as long as several keys do."""
    before = gc.get_threshold()
    gc.set_threshold(*before[:2], _NEVER)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def search(due: int) -> None:
    """Collect all garbage if younger objects were searched more than `due` times since; Python's own value is 10."""
    if gc.isenabled() and gc.get_count()[2] > due:
        gc.collect()


def leave_to_the_system() -> None:
    """Exempt every object from collection: the program is about to end, and its memory goes with it.

    Otherwise the interpreter frees object by object at its end, for seconds after a long session.
    """
    gc.freeze()
