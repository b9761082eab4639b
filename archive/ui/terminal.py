"""A Textual driver for a terminal that may disappear or stop reading at any moment.

Textual's own writer thread dies of the first error, and then its full queue blocks the main thread for good.
"""

from __future__ import annotations

import os
import select
import sys
import termios
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Thread
from time import monotonic
from typing import Any, TextIO

from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Paste
from textual.message import Message

from archive.ui.signals import Ending
from archive.ui.typed_ahead import TypedAhead

MOST = 30  # pieces of output queued before the program waits, as in Textual
AT_ONCE = 1 << 16  # bytes per write
TURN = 0.05  # seconds between two checks whether the program is ending
DRAIN = 0.15  # seconds for the terminal to accept the last output during shutdown
# Mouse, paste, resize and focus reports off, wrapping on, keyboard and screen restored, cursor on.
RESTORE = (
    b"\x1b[?2026l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?2004l\x1b[?2048l\x1b[?7h"
    b"\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)


class Output:
    """Writes to the terminal in a thread. An error is reported once, and all further output is dropped."""

    def __init__(self, stream: TextIO, ending: Ending) -> None:
        self.number = stream.fileno()
        self._encoding, self._errors = stream.encoding, stream.errors or "replace"
        self._ending = ending
        self._queue: Queue[str | None] = Queue(MOST)
        self._drops = False
        self._thread = Thread(target=self._run, name="output", daemon=True)
        self.is_complete = True  # whether everything was written
        self._thread.start()

    def write(self, text: str | None) -> None:
        """Queue `text`; wait while the queue is full, unless the program is ending."""
        while True:
            try:
                self._queue.put(text, timeout=0.0 if self._ending.has_begun else TURN)
            except Full:
                if self._ending.has_begun:
                    self.is_complete = False
                    return
            else:
                return

    def close(self) -> None:
        """Wait until everything is written; while the program is ending, at most `DRAIN` seconds."""
        self.write(None)
        until = monotonic() + DRAIN
        while self._thread.is_alive() and not (self._ending.has_begun and monotonic() > until):
            self._thread.join(TURN)
        if self._thread.is_alive():
            self.clear()

    def clear(self) -> None:
        """Drop all pending output, including output that is in the kernel's buffer."""
        self._drops, self.is_complete = True, False
        until = monotonic() + DRAIN
        with suppress(Empty):
            while True:
                self._queue.get_nowait()
        with suppress(Full):
            self._queue.put_nowait(None)
        while self._thread.is_alive() and monotonic() < until:
            self._free()
            self._thread.join(TURN)
        self._free()  # the write that was pending may have filled the room again

    def end_with(self, data: bytes) -> None:
        """Write `data` after dropped output, if the terminal accepts it now."""
        ready = select.poll()
        ready.register(self.number, select.POLLOUT)
        if not self._thread.is_alive() and ready.poll(DRAIN * 1000):
            with suppress(OSError):
                os.write(self.number, data)

    def _free(self) -> None:
        """Unblock a pending write: flushing makes room, and setting the modes to their current values wakes it."""
        with suppress(termios.error):
            termios.tcflush(self.number, termios.TCOFLUSH)
            termios.tcsetattr(self.number, termios.TCSANOW, termios.tcgetattr(self.number))

    def _run(self) -> None:
        pieces: list[str | None] = [""]
        while pieces[-1] is not None:
            pieces = self._gathered()
            self._send("".join(filter(None, pieces)).encode(self._encoding, self._errors))

    def _gathered(self) -> list[str | None]:
        """Return all queued pieces, to write them in a single call, because each call switches threads."""
        pieces = [self._queue.get()]
        with suppress(Empty):
            while pieces[-1] is not None:
                pieces.append(self._queue.get_nowait())
        return pieces

    def _send(self, data: bytes) -> None:
        """Write without the stream's own buffer, which could block the interpreter at exit."""
        try:
            while data and not self._drops:
                data = data[os.write(self.number, data[:AT_ONCE]) :]
        except OSError:
            self._drops = True
            self._ending.hang_up()


class Terminal(LinuxDriver):
    """A driver that never fails and never blocks the program for good, whatever happens to the terminal."""

    def __init__(self, app: Any, **more: Any) -> None:
        super().__init__(app, **more)
        self._ending: Ending = app.ending
        self._typed: TypedAhead = app.typed_ahead
        self._output: Output | None = None
        self._is_restored = False

    def process_message(self, message: Message) -> None:
        if isinstance(message, Key | Paste):
            self._typed.read(message)
        super().process_message(message)

    def write(self, data: str) -> None:
        if self._output:
            self._output.write(data)

    def start_application_mode(self) -> None:
        assert sys.__stderr__ is not None
        self._output = Output(sys.__stderr__, self._ending)
        self._ending.tty = self
        self._is_restored = False
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        super().close()
        if self._output:
            self._output.close()
            if not self._output.is_complete:
                self.restore()
        self._ending.tty = self._output = None

    def run_input_thread(self) -> None:
        try:
            super().run_input_thread()
        except OSError:
            self._ending.hang_up()

    def stop_reading(self) -> None:
        """Stop the input thread, which would spin on empty reads from a closed terminal."""
        self.exit_event.set()

    def restore(self) -> None:
        """Restore the terminal to its previous state at once. Only the first call has an effect. Thread-safe."""
        if self._is_restored:
            return
        self._is_restored = True
        with suppress(termios.error):
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        if output := self._output:  # another thread may reset it
            output.clear()
            output.end_with(RESTORE)
