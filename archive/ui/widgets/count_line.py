"""The count of the rows of a list, with the sum of their amounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual import work
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from archive.ui.safe_text import plain

Total = Callable[[Callable[[], bool]], str]
"""Computes the words about the sum; it may call its argument to learn whether they are still wanted."""


class CountLine(Static):
    """Shows the count at once, and the sum at its left once a worker has computed it."""

    @dataclass
    class Summed(Message):
        """The sum has been computed; `number` identifies the request."""

        number: int
        words: str

    _count, _number = "", 0

    def show(self, count: str, total: Total) -> None:
        """Show a count, and soon the sum."""
        self._count = count
        self._number += 1
        self.update(plain(count))
        self._sum(self._number, total)

    @work(thread=True, exclusive=True, group="sum", exit_on_error=False)
    def _sum(self, number: int, total: Total) -> None:
        worker = get_current_worker()
        words = total(lambda: worker.is_cancelled)
        if words and not worker.is_cancelled:
            self.post_message(self.Summed(number, words))

    def on_count_line_summed(self, message: Summed) -> None:
        if message.number == self._number:
            self.update(plain(f"{message.words} · {self._count}"))
