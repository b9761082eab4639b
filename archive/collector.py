"""The search for circles of objects: not while many are made that are in none, nor between a key and its picture."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEVER = 1 << 30
_DUE = 10  # searches among the younger objects after which all are gone through, as Python has it by itself


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


def search() -> None:
    """Go through all objects, where it is time to."""
    if gc.isenabled() and gc.get_count()[2] > _DUE:
        gc.collect()
