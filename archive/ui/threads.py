"""Threads that work beside the screens and keep nothing of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar

T = TypeVar("T")


class Threads(ThreadPoolExecutor):
    """A pool in which each piece of work has a context of its own.

    The toolkit notes in the context of the thread which worker is running; a thread that waits for more would hold on
    to the last one, and with it to a screen that was closed long ago.
    """

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return super().submit(copy_context().run, fn, *args, **kwargs)
