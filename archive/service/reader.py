"""Read access to an archive as a protocol that `Archive` implements, for modules that must not import it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from archive.model.summary import Summary


class ArchiveReader(Protocol):
    """Read access to stored records."""

    @property
    def home(self) -> str:
        """The home currency, "" if none is set."""

    def usual_currency(self, customer: str) -> str:
        """Return the currency set for the customer, else that of most of their sales, else ""."""

    def columns(self, table: str, keys: Sequence[str]) -> dict[str, list[Any]]:
        """Return stored values by column."""

    def summary(self, customer: str) -> Summary:
        """Return the summary of a customer's transactions and activities."""

    def children(self, table: str, customer: str) -> Sequence[str]:
        """Return the uids of a customer's records of a table."""

    def kept(self, table: str, uid: str) -> Mapping[str, Any] | None:
        """Return a stored record without decoding it; None if there is none."""
