"""Ending when the system asks for it, with the terminal as it was, the lock released and what was typed kept."""

from __future__ import annotations

import asyncio
import signal
from functools import partial

from textual.app import App

from archive.ui.key_queue import KeyQueue


def end_with_signals(app: App[None], typed: KeyQueue) -> None:
    """End with 128 + n at signal n; at SIGTERM once what was typed has arrived in its field and so in the draft."""
    loop = asyncio.get_running_loop()
    leaving: list[asyncio.Task[None]] = []  # a task that nobody holds may be collected before its end

    async def leave(code: int) -> None:
        await typed.until_idle()
        app.exit(return_code=code)

    def when_typed(code: int) -> None:
        leaving.append(loop.create_task(leave(code)))

    loop.add_signal_handler(signal.SIGTERM, when_typed, 128 + signal.SIGTERM)
    if hasattr(signal, "SIGHUP"):  # the terminal has gone: waiting for it would be waiting for ever
        loop.add_signal_handler(signal.SIGHUP, partial(app.exit, return_code=128 + signal.SIGHUP))
