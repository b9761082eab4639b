"""Shut down when a signal arrives or the terminal disappears, even if the main thread is stuck.

The event loop cannot be relied on: it may be blocked by the terminal, the disk or a long calculation. So a thread waits
for signals and watches the terminal. It asks the loop to shut down cleanly. If the process is still running after
`ORDERLY` seconds, the thread itself saves the drafts, restores the terminal and exits with `os._exit`; the kernel
releases the lock.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic, sleep
from typing import Protocol

from textual.app import App

from archive.ui.key_queue import KeyQueue

TYPED = 1.0  # seconds for keys already typed to reach their fields
ORDERLY = 1.5  # seconds for a clean shutdown; users are promised two
LAST_ACTS = 0.2  # further seconds each: for drafts and terminal, and for files and child processes
LOOK = 0.1  # seconds between two checks of the terminal
HANGUP = 1  # signal.SIGHUP, which does not exist on Windows
SIGNALS = (HANGUP, signal.SIGINT, signal.SIGTERM)


class Leaving(Protocol):
    """The app, as seen by the shutdown."""

    async def leave(self, code: int) -> None:
        """Exit cleanly; runs on the event loop."""

    def keep_typed(self, *, last: bool) -> None:
        """Save unsaved input; with `last`, accept none afterwards. Thread-safe."""

    def let_go(self) -> None:
        """Stop child processes and delete temporary files, because the process exits now. Thread-safe."""


class Tty(Protocol):
    """The terminal in application mode."""

    def stop_reading(self) -> None:
        """Stop waiting for keys, because the terminal is gone."""

    def restore(self) -> None:
        """Restore the terminal to its previous state at once. Thread-safe."""


class Ending:
    """The shutdown of one run of the program."""

    def __init__(self, leaving: Leaving, exit_now: Callable[[int], object] = os._exit) -> None:
        self._leaving = leaving
        self._exit_now = exit_now
        self._ending = Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        # Keep a reference, because the event loop holds tasks only weakly.
        self._leave: asyncio.Task[None] | None = None
        self._wake = -1  # write end of the pipe that receives a byte per signal
        self._watched: list[int] = []  # file descriptors of the terminal
        self.tty: Tty | None = None
        self.code = 0  # exit code, once the shutdown has begun

    @property
    def has_begun(self) -> bool:
        """Whether the program is shutting down. From then on nothing may wait for the terminal."""
        return self._ending.is_set()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Handle signals and watch the terminal inside the block, or until exit once the shutdown has begun."""
        if sys.platform == "win32":  # no signals or terminals of this kind
            yield
            return
        woken, self._wake = os.pipe()
        for end in (woken, self._wake):
            os.set_blocking(end, False)
        self._watched = [number for number in (0, 2) if os.isatty(number)]
        before = {number: signal.getsignal(number) for number in SIGNALS}
        # The interpreter's C code writes to it at once, whatever the main thread is doing.
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:  # keep it ignored under nohup
                signal.signal(number, _nothing)
        over = Event()
        Thread(target=self._watch, args=(woken, self._wake, over), name="ending", daemon=True).start()
        try:
            yield
        finally:
            if not self.has_begun:
                signal.set_wakeup_fd(-1)
                self._wake = -1
                for number, handler in before.items():
                    signal.signal(number, handler)
                over.set()

    def attach(self) -> None:
        """Register the running event loop for the shutdown; call before the terminal is used."""
        self._loop = asyncio.get_running_loop()
        if self.has_begun:
            self._ask()

    def hang_up(self) -> None:
        """Report that the terminal failed. Thread-safe."""
        if self._wake >= 0:
            with suppress(BlockingIOError):  # the pipe is full, so enough signals are pending
                os.write(self._wake, bytes([HANGUP]))

    def _watch(self, woken: int, wake: int, over: Event) -> None:
        _set_modes_unasked()
        while not over.is_set():
            if number := self._pending_signal(woken):
                self._end(128 + number)
                return
        for end in (woken, wake):
            os.close(end)

    def _pending_signal(self, woken: int) -> int:
        """Wait briefly and return the number of a pending signal, or 0."""
        ready, _w, _x = select.select([woken], [], [], LOOK)
        numbers = os.read(woken, 4096) if ready else b""
        signal_number = next((number for number in numbers if number in SIGNALS), 0)
        return signal_number or (HANGUP if self._has_hung_up() else 0)

    def _has_hung_up(self) -> bool:
        return not all(map(os.isatty, self._watched))

    def _end(self, code: int) -> None:
        self.code = code
        self._ending.set()
        start = monotonic()
        # Start these threads now, because later the system may refuse to. Use several, because the disk or the terminal
        # may hang.
        last_acts = [self._act(self._keep_typed, start), self._act(self._restore, start)]
        self._act(self._exit_anyway, start)
        self._ask()
        while monotonic() < start + ORDERLY:
            if (tty := self.tty) and self._has_hung_up():
                tty.stop_reading()
            sleep(LOOK)
        for act in last_acts:
            act.join(max(0.0, start + ORDERLY + LAST_ACTS - monotonic()))
        self._leaving.let_go()
        self._exit_now(code)

    def _act(self, act: Callable[[float], None], start: float) -> Thread:
        thread = Thread(target=act, args=(start,), daemon=True)
        thread.start()
        return thread

    def _keep_typed(self, start: float) -> None:
        self._leaving.keep_typed(last=False)
        _sleep_until(start + TYPED)
        self._leaving.keep_typed(last=True)

    def _restore(self, start: float) -> None:
        _sleep_until(start + TYPED + LAST_ACTS)  # until then the screen may still be updated
        if tty := self.tty:
            tty.restore()

    def _exit_anyway(self, start: float) -> None:
        _sleep_until(start + ORDERLY + 2 * LAST_ACTS)
        self._exit_now(self.code)

    def _ask(self) -> None:
        if self._loop:
            with suppress(RuntimeError):  # the loop is closed: the program is already exiting
                self._loop.call_soon_threadsafe(self._begin)

    def _begin(self) -> None:
        _set_modes_unasked()
        if self._loop and not self._leave:
            self._leave = self._loop.create_task(self._leaving.leave(self.code))


def _set_modes_unasked() -> None:
    """Block SIGTTOU in this thread and its children: restoring the terminal from the background would stop us."""
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])


def _nothing(_number: int, _frame: object) -> None:
    """Replace the default action of a signal; the watching thread is woken through the pipe."""


def _sleep_until(moment: float) -> None:
    sleep(max(0.0, moment - monotonic()))


async def until_typed(app: App[None], typed: KeyQueue) -> None:
    """Wait until every key read has taken effect, for at most `TYPED` seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(TYPED):
            handed_over = asyncio.Event()
            app.call_later(handed_over.set)  # runs after the keys that are still in the app's message queue
            await handed_over.wait()
            await typed.until_idle()
