"""A thread pool that keeps no references to screens."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar

T = TypeVar("T")


class Threads(ThreadPoolExecutor):
    """A pool that runs each task in its own copy of the context.

    Textual stores the active worker in the context of the thread. An idle thread would keep the last worker alive, and
    with it a screen that was closed long ago.
    """

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return super().submit(copy_context().run, fn, *args, **kwargs)
