"""Run long work in a thread: the status line shows its progress after a moment, and esc stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from archive.service.progress import Progress, Stopped
from archive.text import _
from archive.ui.screens.base import ArchiveScreen

T = TypeVar("T")
PATIENCE = 0.3  # seconds without a sign of progress


async def worked(
    screen: ArchiveScreen[Any], words: str, stopped: str, work: Callable[[Progress], T]
) -> T | None:
    """Run work that changes the archive or writes a file. None if it failed or the user stopped it.

    Args:
        screen: The screen in front, whose esc stops the work.
        words: What is being done: "Exporting".
        stopped: The message after the user has stopped it.
        work: The work. It runs in a thread and reports its progress.
    """
    progress = screen.progress = Progress()
    task = asyncio.ensure_future(screen.owner.change(lambda: work(progress), shows_work=False))
    try:
        while not (await asyncio.wait({task}, timeout=PATIENCE))[0]:
            sentence = _("{work} … {percent} %  (esc stops)")
            screen.owner.show_work(sentence.format(work=words, percent=round(100 * progress.share)))
        return task.result()
    except Stopped:
        screen.owner.say(stopped)
        return None
    finally:
        screen.progress = None
        screen.owner.show_work("")
