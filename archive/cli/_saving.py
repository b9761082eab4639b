"""What the verbs that write a new record share."""

from __future__ import annotations

from typing import TypeVar

from archive.cli._console import Console
from archive.model.fields import Record
from archive.model.transaction import Transaction
from archive.service.archive import Archive
from archive.text import _

R = TypeVar("R", bound=Record)


def save_new(archive: Archive, record: R, console: Console) -> R:
    """Save a new record, and give it as it is kept: with its uid, its code and what was worked out."""
    entry = archive.save(record)
    assert entry  # a new record always changes something
    kept = archive.get(type(record), entry.changes[0].uid)
    if isinstance(kept, Transaction) and kept.currency and not getattr(record, "currency", ""):
        console.note(_("No currency was named: {currency} was taken.").format(currency=kept.currency))
    return kept
