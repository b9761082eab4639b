"""End the program when the system asks for it or the terminal goes away, even if the main thread is stuck.

The event loop cannot be relied on for that: it may be waiting for the terminal, for the disk or for a long calculation.
So a thread waits for signals and watches the terminal. It asks the loop to end in order. If the process is still there
after `ORDERLY` seconds, the thread itself keeps what was typed, gives the terminal back and leaves with `os._exit`; the
kernel releases the lock.
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

TYPED = 1.0  # seconds for keys that were typed already to arrive in their fields
ORDERLY = 1.5  # seconds for an orderly end; the user was promised two
LAST_ACTS = 0.2  # seconds more, each, for drafts and terminal, and for files and children
LOOK = 0.1  # seconds between two looks whether the terminal is still there
HANGUP = 1  # what signal.SIGHUP is wherever there is one
SIGNALS = (HANGUP, signal.SIGINT, signal.SIGTERM)


class Leaving(Protocol):
    """What has to be ended."""

    async def leave(self, code: int) -> None:
        """End in order; runs on the event loop."""

    def keep_typed(self, *, last: bool) -> None:
        """Keep what was typed as it is now, and if it is the `last` time, nothing that comes later; from any thread."""

    def let_go(self) -> None:
        """Stop child processes and remove unfinished files, because the process ends now; from any thread."""


class Tty(Protocol):
    """The terminal while the program uses it."""

    def stop_reading(self) -> None:
        """Do not wait for keys any more: the terminal is gone."""

    def restore(self) -> None:
        """Make the terminal as it was before, at once and from any thread."""


class Ending:
    """The end of one run of the program."""

    def __init__(self, leaving: Leaving, exit_now: Callable[[int], object] = os._exit) -> None:
        self._leaving = leaving
        self._exit_now = exit_now
        self._begun = Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        # Held, for a task that nobody holds may be collected before its end.
        self._leave: asyncio.Task[None] | None = None
        self._wake = -1  # where a byte is written for each signal
        self._watched: list[int] = []  # descriptors of the terminal
        self.tty: Tty | None = None
        self.code = 0  # the exit code, once the end has begun

    @property
    def has_begun(self) -> bool:
        """Whether the program is ending. From then on nobody may wait for the terminal."""
        return self._begun.is_set()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Take over the signals and watch the terminal; once the end has begun, until the process is gone."""
        if sys.platform == "win32":  # it has none of this
            yield
            return
        woken, self._wake = os.pipe()
        for end in (woken, self._wake):
            os.set_blocking(end, False)
        self._watched = [number for number in (0, 2) if os.isatty(number)]
        before = {number: signal.getsignal(number) for number in SIGNALS}
        # Written to by the C part of the interpreter at once, whatever the main thread is doing.
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:  # as nohup wants it
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
        """Tell which event loop is to be ended; call on it, before the terminal is used."""
        self._loop = asyncio.get_running_loop()
        if self.has_begun:
            self._ask()

    def hang_up(self) -> None:
        """The terminal failed; from any thread."""
        if self._wake >= 0:
            with suppress(BlockingIOError):  # it has been told often enough
                os.write(self._wake, bytes([HANGUP]))

    def _watch(self, woken: int, wake: int, over: Event) -> None:
        _set_modes_unasked()
        while not over.is_set():
            if number := self._asked(woken):
                self._end(128 + number)
                return
        for end in (woken, wake):
            os.close(end)

    def _asked(self, woken: int) -> int:
        """The signal to end with, 0 if there was none for a moment."""
        ready, _w, _x = select.select([woken], [], [], LOOK)
        numbers = os.read(woken, 4096) if ready else b""
        asked = next((number for number in numbers if number in SIGNALS), 0)
        return asked or (HANGUP if self._is_gone() else 0)

    def _is_gone(self) -> bool:
        return not all(map(os.isatty, self._watched))

    def _end(self, code: int) -> None:
        self.code = code
        self._begun.set()
        begun = monotonic()
        # Begun now, for later no thread may be had; several, for disk or terminal may not answer.
        last_acts = [self._act(self._keep_typed, begun), self._act(self._restore, begun)]
        self._act(self._exit_anyway, begun)
        self._ask()
        while monotonic() < begun + ORDERLY:
            if (tty := self.tty) and self._is_gone():
                tty.stop_reading()
            sleep(LOOK)
        for act in last_acts:
            act.join(max(0.0, begun + ORDERLY + LAST_ACTS - monotonic()))
        self._leaving.let_go()
        self._exit_now(code)

    def _act(self, act: Callable[[float], None], begun: float) -> Thread:
        thread = Thread(target=act, args=(begun,), daemon=True)
        thread.start()
        return thread

    def _keep_typed(self, begun: float) -> None:
        self._leaving.keep_typed(last=False)
        _sleep_until(begun + TYPED)
        self._leaving.keep_typed(last=True)

    def _restore(self, begun: float) -> None:
        _sleep_until(begun + TYPED + LAST_ACTS)  # from now on nobody needs to see anything
        if tty := self.tty:
            tty.restore()

    def _exit_anyway(self, begun: float) -> None:
        _sleep_until(begun + ORDERLY + 2 * LAST_ACTS)
        self._exit_now(self.code)

    def _ask(self) -> None:
        if self._loop:
            with suppress(RuntimeError):  # the loop is closed: the program is ending by itself
                self._loop.call_soon_threadsafe(self._begin)

    def _begin(self) -> None:
        _set_modes_unasked()
        if self._loop and not self._leave:
            self._leave = self._loop.create_task(self._leaving.leave(self.code))


def _set_modes_unasked() -> None:
    """Let this thread, and those it begins, restore the terminal also from the background; else that would stop us."""
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])


def _nothing(_number: int, _frame: object) -> None:
    """Keep the system from ending the program; the watching thread is woken by the byte that was written."""


def _sleep_until(moment: float) -> None:
    sleep(max(0.0, moment - monotonic()))


async def until_typed(app: App[None], typed: KeyQueue) -> None:
    """Wait until every key that was read has had its effect, but not longer than `TYPED`."""
    with suppress(TimeoutError):
        async with asyncio.timeout(TYPED):
            handed_over = asyncio.Event()
            app.call_later(handed_over.set)  # behind the keys that the app has not seen yet
            await handed_over.wait()
            await typed.until_idle()
