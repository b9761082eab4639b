"""A note in the customer form that warns of possible duplicates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from textual import work
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.service.duplicates import possible_duplicates
from archive.text import _
from archive.ui.safe_text import plain

MOST = 2  # duplicates shown

TELLING = ("full_name", "phones", "emails")
"""The fields by which duplicates are detected."""


def noted_after(keys: Iterable[str]) -> str:
    """Return the field below which the note is shown, or "" if the form has no field that detects duplicates."""
    return next((key for key in keys if key in TELLING), "")


class DuplicateNote(Static):
    """Searches for duplicates of the customer being entered, in a thread, and lists them on its line."""

    @dataclass
    class Found(Message):
        """The search is finished: the note, and the uid of the first duplicate."""

        words: str
        first: str

    def __init__(self, archive: Callable[[], Archive]) -> None:
        super().__init__(id="duplicates")
        self._archive = archive
        self.first = ""
        """The uid of the most likely duplicate, or "" if there is none."""

    @work(thread=True, exclusive=True, group="duplicates", exit_on_error=False)
    def look_for(self, uid: str, values: Mapping[str, Any]) -> None:
        """Search for duplicates of a customer with these values, cancelling a search that is still running."""
        worker = get_current_worker()
        message = _look(self._archive(), Customer(uid=uid, **values))
        if not worker.is_cancelled:
            self.post_message(message)

    def on_duplicate_note_found(self, message: Found) -> None:
        message.stop()
        self.update(
            plain(message.words).truncate(max(1, self.content_size.width), ellipsis=True), layout=False
        )
        self.first = message.first


def _look(archive: Archive, draft: Customer) -> DuplicateNote.Found:
    suspects = possible_duplicates(archive, draft)
    sentences = []
    for suspect in suspects[:MOST]:
        other = archive.get(Customer, suspect.uid)
        sentences.append(f"{other.code} {other.full_name}, {suspect.why}")
    words = _("! Possible duplicate (ctrl+o): {customers}").format(customers="; ".join(sentences))
    return DuplicateNote.Found(words if sentences else "", suspects[0].uid if suspects else "")
