"""A child process that brings snapshot and journal together while the archive is in use."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread

from archive.child_process import start_child
from archive.errors import ArchiveError
from archive.store import opening
from archive.store.checkpoint import Checkpoint, write_checkpoint
from archive.store.state import State
from archive.store.wal.records import tail_of

AT_ONCE = 0.1  # seconds that a killed process may take to go


class BackgroundCheckpointer:
    """Runs until the new snapshot lies beside the old one, and then says so; until then nothing is different."""

    def __init__(self, archive: Path, lsn: int, done: Callable[[Checkpoint], None]) -> None:
        """Begin with all transactions up to `lsn`; `done` is called in a thread."""
        self._done = done
        self._process = start_child(__name__, str(archive), str(lsn), stdout=subprocess.PIPE)
        self._thread = Thread(target=self._wait, daemon=True)
        self._thread.start()

    def _wait(self) -> None:
        said, _errors = self._process.communicate()
        if self._process.returncode == 0:
            written, name = said.decode().splitlines()
            with suppress(
                ArchiveError, OSError
            ):  # what was saved is in the journal, whatever becomes of this
                self._done(Checkpoint(Path(written), name))

    def wait(self) -> None:
        """Until it has ended."""
        self._thread.join()

    def kill(self) -> None:
        """End it, wherever it is, without waiting for the thread that hears it."""
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):  # a disk may be what it waits for
            self._process.wait(AT_ONCE)

    def stop(self) -> None:
        """End it, wherever it is."""
        self._process.kill()
        self._thread.join()


def main(words: Sequence[str]) -> None:
    """Write the new snapshot of an archive with all up to an lsn, and print where it lies and its name."""
    path, lsn = Path(words[0]), int(words[1])
    with suppress(OSError, AttributeError):
        os.nice(10)  # who works with the archive comes first
    loaded = opening.load(path, write=False)
    state = State(loaded.snapshot, loaded.arrays)
    frames = [frame for frame in loaded.frames if frame.lsn <= lsn]
    for frame in frames:
        state.apply(frame)
    tail = tail_of(frames[-1]) if frames else loaded.snapshot.tail
    prepared = write_checkpoint(path, state.overlays, lsn, tail)
    sys.stdout.write(f"{prepared.path}\n{prepared.name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
