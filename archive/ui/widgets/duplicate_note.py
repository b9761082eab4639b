"""A note in the form of a customer: who this may be already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from textual import work
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from archive.model.customer import Customer
from archive.service.archive import Archive
from archive.service.duplicates import possible_duplicates
from archive.text import _
from archive.ui.plain import lines

MOST = 2  # customers that are named

TELLING = ("full_name", "phones", "emails")
"""The fields that tell whether a customer is in the archive already."""


class DuplicateNote(Static):
    """Looks for customers like the one being typed, in a thread, and names them."""

    @dataclass
    class Found(Message):
        """The search has ended: what to say, and the uid of the first customer found."""

        words: str
        first: str

    def __init__(self, archive: Callable[[], Archive]) -> None:
        super().__init__(id="duplicates")
        self._archive = archive
        self.first = ""
        """The uid of the customer that this one may be, "" for none."""

    @work(thread=True, exclusive=True, group="duplicates", exit_on_error=False)
    def look_for(self, uid: str, values: Mapping[str, Any]) -> None:
        """Look for other customers with these values; a search under way is given up."""
        worker = get_current_worker()
        found = _look(self._archive(), Customer(uid=uid, **values))
        if not worker.is_cancelled:
            self.post_message(found)

    def on_duplicate_note_found(self, message: Found) -> None:
        message.stop()
        self.update(lines(message.words), layout=message.first != self.first)
        self.first = message.first


def _look(archive: Archive, draft: Customer) -> DuplicateNote.Found:
    found = possible_duplicates(archive, draft)
    said = []
    for suspect in found[:MOST]:
        other = archive.get(Customer, suspect.uid)
        sentence = _("possible duplicate: {code} {name}, {why}")
        said.append(sentence.format(code=other.code, name=other.full_name, why=suspect.why))
    opens = [_("(ctrl+o)")] if said else []
    return DuplicateNote.Found("   ".join([*said, *opens]), found[0].uid if found else "")
