"""A file's bytes, to be read where they are asked for."""

from __future__ import annotations

import os
from mmap import ACCESS_READ, mmap
from pathlib import Path

Data = bytes | mmap
SMALL = 8 << 20  # bytes: a file up to here is read and checked whole, a larger one as far as it is asked for


def mapped(path: Path) -> Data:
    """What a file holds now; it stays so where another file takes the name. OSError where it cannot be read."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
    try:
        size = os.fstat(descriptor).st_size
        if size > SMALL:
            return mmap(descriptor, 0, access=ACCESS_READ)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(descriptor)
