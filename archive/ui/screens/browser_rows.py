"""The texts of browser rows: the chosen columns, and where a search found a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archive.errors import ArchiveError
from archive.model.losses import is_lost
from archive.service.archive import Archive
from archive.service.found_in import found_in, search_needles
from archive.service.listing import ListColumn, Listing, default_keys, overdue
from archive.ui.recent_customers import RecentCustomers
from archive.ui.widgets.table_lines import tone_key


class BrowserRows:
    """The texts of a table's rows; `query` is the current search."""

    def __init__(self, archive: Archive, table: str, keys: Sequence[str], recent: RecentCustomers) -> None:
        self._archive = archive
        self._table = table
        self._recent = recent
        self.listing = _listing(archive, table, keys)
        self.query = ""
        self.is_measured = False
        """Whether the widths of the columns fit their texts."""

    @property
    def columns(self) -> Sequence[ListColumn]:
        """The columns, in order."""
        return self.listing.columns

    @property
    def keys(self) -> list[str]:
        """The keys of the columns."""
        return [column.key for column in self.columns]

    def cells(self, ids: Sequence[str]) -> list[dict[str, str]]:
        """Return the texts of some rows. Overdue next contacts have the tone "warn", lost customers "dim"."""
        cells = self.listing.texts(ids)
        for cell, row in zip(cells, self.listing.rows(ids), strict=True):
            if row and "next" in cell and overdue(row.raw, row.ctx.today):
                cell[tone_key("next")] = "warn"
            if row and _is_inactive(row.raw, row.ctx.today.isoformat()):
                cell[tone_key("full_name")] = cell[tone_key("status")] = "dim"
        if self._table == "customers" and self.query.strip():
            self._say_found_in(cells, ids)
        if self._table == "customers" and self._recent.now.pinned:
            self._star(cells, ids)
        return cells

    def _star(self, cells: Sequence[dict[str, str]], ids: Sequence[str]) -> None:
        """Put a star before the names of pinned customers."""
        pinned = frozenset(self._recent.now.pinned)
        for cell, uid in zip(cells, ids, strict=True):
            if uid in pinned and "full_name" in cell:
                cell["full_name"] = f"★ {cell['full_name']}"

    def _say_found_in(self, cells: Sequence[dict[str, str]], ids: Sequence[str]) -> None:
        """Append to the name of a customer the related record that matches, if the customer record itself does not."""
        needles = search_needles(self.query, self._archive.ctx)
        for cell, uid in zip(cells, ids, strict=True):
            holders = found_in(self._archive, uid, needles) if needles and "full_name" in cell else ""
            if holders:
                cell["full_name"] = f"{cell['full_name']} ‹{holders}›"

    def line(self, id: str) -> str:
        """Return a row as tab-separated text, for the clipboard."""
        return "\t".join(text.replace("\t", " ") for text in self.listing.plain([id])[0])


def _listing(archive: Archive, table: str, keys: Sequence[str]) -> Listing:
    """List a table with these columns, or with the default ones if a saved view names an unknown column."""
    try:
        return Listing(archive, table, keys or default_keys(table))
    except ArchiveError:
        return Listing(archive, table, default_keys(table))


def _is_inactive(raw: Mapping[str, Any], today: str) -> bool:
    """Return whether a record is a customer who is lost or inactive today."""
    lost = is_lost(raw.get("lost_on", ""), raw.get("won_back_on", ""), today)
    return lost or raw.get("status") == "inactive"
