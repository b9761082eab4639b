"""The base of screens that answer a query in a thread, and show only the answer of the last one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from textual import work
from textual.events import Key, Paste
from textual.message import Message
from textual.worker import get_current_worker

from archive.errors import ArchiveError
from archive.service.views import View
from archive.text import _
from archive.ui.screens.base import ArchiveScreen
from archive.ui.widgets.search import is_search_text


class QueryScreen(ArchiveScreen[None]):
    """Answers queries to a table. A subclass shows the answer in `on_query_screen_answered`."""

    @dataclass
    class Answered(Message):
        """The result of a query, or its error."""

        number: int  # number of the request
        view: View
        ids: Sequence[str]
        error: ArchiveError | None = None
        texts: Sequence[Mapping[str, str]] = ()  # of a sample of rows, to measure columns

    def __init__(self, table: str) -> None:
        super().__init__()
        self.table_name = table
        self.view = View()
        """The query, sort order and columns wanted."""
        self._request_number = 0
        self._answered = 0

    @property
    def has_content(self) -> bool:
        """Whether a query has been answered."""
        return self._answered > 0

    @property
    def is_working(self) -> bool:
        """Whether keys must wait, for example for a running query."""
        return super().is_working or self._answered != self._request_number

    def is_urgent(self, typed: Key | Paste) -> bool:
        """Letters typed into the search line do not wait for the query; enter does, because it opens a result."""
        return (is_search_text(self, typed) and not super().is_working) or super().is_urgent(typed)

    def answer(self, view: View, cancelled: Callable[[], bool]) -> Sequence[str]:
        """Return the uids that match, sorted. Runs in a thread."""
        return self.archive.select(self.table_name, view.query, view.sort, cancelled)

    def sample_texts(self) -> Sequence[Mapping[str, str]]:
        """Return the texts of some rows by which to measure the columns, if that is still to do. Runs in a thread."""
        return ()

    def ask(self) -> None:
        """Answer the query; the old rows remain until then."""
        self._request_number += 1
        self.begin_work(_("Searching …"))
        self._select(self._request_number, self.view)

    @work(thread=True, exclusive=True, group="select", exit_on_error=False)
    def _select(self, number: int, view: View) -> None:
        worker = get_current_worker()
        try:
            ids = self.answer(view, lambda: worker.is_cancelled)
            answer = self.Answered(number, view, ids, texts=self.sample_texts())
        except ArchiveError as error:
            answer = self.Answered(number, view, [], error)
        if not worker.is_cancelled:
            self.post_message(answer)

    def take_answer(self, message: Answered) -> None:
        """End the wait if this answers the last request."""
        self._answered = message.number
        if message.number == self._request_number:
            self.end_work()
        if message.number == 1:
            self.refresh_bindings()
