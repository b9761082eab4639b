"""A child process that writes a checkpoint while the archive is in use."""

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

AT_ONCE = 0.1  # seconds to wait for a killed process to end


class BackgroundCheckpointer:
    """Runs the child process and reports its checkpoint. Installing it is left to the callback."""

    def __init__(self, archive: Path, lsn: int, done: Callable[[Checkpoint], None]) -> None:
        """Start the child process.

        Args:
            archive: The archive.
            lsn: The LSN of the last transaction to include.
            done: Called with the checkpoint, in another thread.
        """
        self._done = done
        self._process = start_child(__name__, str(archive), str(lsn), stdout=subprocess.PIPE)
        self._thread = Thread(target=self._wait, daemon=True)
        self._thread.start()

    def _wait(self) -> None:
        output, _errors = self._process.communicate()
        if self._process.returncode == 0:
            written, name = output.decode().splitlines()
            with suppress(ArchiveError, OSError):  # a failure is harmless: the journal has every change
                self._done(Checkpoint(Path(written), name))

    def wait(self) -> None:
        """Wait until the child process has ended and the callback has returned."""
        self._thread.join()

    def kill(self) -> None:
        """Kill the child process without waiting for the thread that runs the callback."""
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):  # it may be blocked by a disk that does not answer
            self._process.wait(AT_ONCE)

    def stop(self) -> None:
        """Kill the child process, and wait for the callback if it is running."""
        self._process.kill()
        self._thread.join()


def main(words: Sequence[str]) -> None:
    """Write a checkpoint in the child process, and print its path and its name.

    Args:
        words: The path of the archive and the LSN of the last transaction to include.
    """
    path, lsn = Path(words[0]), int(words[1])
    with suppress(OSError, AttributeError):
        os.nice(10)  # the user's work has priority
    loaded = opening.load(path, write=False)
    state = State(loaded.snapshot, loaded.arrays)
    frames = [frame for frame in loaded.frames if frame.lsn <= lsn]
    for frame in frames:
        state.apply(frame)
    tail = loaded.journal.tail_at(lsn) if frames else loaded.snapshot.tail
    prepared = write_checkpoint(path, state.overlays, lsn, tail)
    sys.stdout.write(f"{prepared.path}\n{prepared.name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
