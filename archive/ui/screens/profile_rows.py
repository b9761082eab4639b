"""The records below a profile's tab: transactions, activities, an organisation's people, the timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from textual.content import Content

from archive.model.dates import show_date
from archive.model.tables import TABLES
from archive.service.agreements import Agreement, agreements
from archive.service.archive import Archive
from archive.service.listing import ListColumn, Listing, Row
from archive.service.profile import Event, timeline
from archive.service.sheets import Sheet, listing_sheet, text_column
from archive.text import N_, _, sort_key
from archive.ui.safe_text import template
from archive.ui.screens.browser_view import table_columns
from archive.ui.screens.table_search import amount_value, sample
from archive.ui.widgets.table_layout import Column, measured
from archive.ui.widgets.table_lines import TONE

_EMPTY = {
    "transactions": N_(
        "No transactions yet. Press [b]b[/b] to add a purchase, [b]a[/b] for any other transaction."
    ),
    "interactions": N_("No activities yet. Press [b]l[/b] to log an activity."),
    "people": N_("No people at this organisation yet."),
    "agreements": N_(
        "No contracts, tasks or wallets yet. Press [b]a[/b] to add what you agreed or what they spend."
    ),
    "timeline": N_("No events yet. Press [b]l[/b] to log an activity, [b]b[/b] to add a purchase."),
}
_LINES: Mapping[str, Callable[[Archive, str], Sequence[Event | Agreement]]] = {
    "timeline": timeline,
    "agreements": agreements,
}


class ProfileRows:
    """The rows of a tab."""

    def __init__(self, archive: Archive, uid: str, rows: str) -> None:
        self._archive = archive
        self._events: dict[str, Event | Agreement] = {}
        self.empty = _empty(rows)
        if rows in _LINES:
            lines = _LINES[rows](archive, uid)
            self._events = {f"{line.table}/{line.uid}/{n}": line for n, line in enumerate(lines)}
            self.ids: Sequence[str] = list(self._events)
            columns = [
                Column("on", _("Date"), 16),
                Column("kind", _("Type"), 11, secondary=True),
                Column("text", _("Details"), 12, 1),
            ]
            self._table, self._listing = "", None
            self.columns = measured(columns, self.cells(sample(self.ids)))
            return
        self._table = "customers" if rows == "people" else rows
        self._listing = Listing(archive, self._table, TABLES[self._table].PROFILE_COLUMNS)
        self.columns = table_columns(self._table, self._listing.columns)
        self.ids = archive.people_of(uid) if rows == "people" else archive.children(self._table, uid)

    def cells(self, ids: Sequence[str]) -> Sequence[Mapping[str, str]]:
        """Return the texts of some rows."""
        if self._listing:
            return self._listing.texts(ids)
        lines = [self._events[id] for id in ids]
        return [
            {"on": _shown_day(line), "kind": line.kind, "text": line.text, TONE: _tone(line)}
            for line in lines
        ]

    @property
    def sorted_by(self) -> list[tuple[str, str]]:
        """The columns by which the rows can be sorted: key and label."""
        return [(column.key, column.label) for column in self.columns if column.label]

    def words(self, id: str) -> str:
        """Return the words by which a search finds a row."""
        [texts] = self.cells([id])
        return " ".join(texts.get(column.key, "") for column in self.columns)

    def value(self, id: str, key: str) -> Any:
        """Return the value by which to sort a row by a column, or None to put it last."""
        if self._listing:
            [row] = self._listing.rows([id])
            column = next(column for column in self._listing.columns if column.key == key)
            return _sort_value(column, row) if row else None
        text = self.cells([id])[0].get(key, "")
        return sort_key(text) if text and text != "-" else None

    def sheet(self, name: str, shown: Sequence[str], marked: Sequence[str]) -> Sheet:
        """Return the rows shown for an export; `name` begins the file name."""
        if self._listing:
            return listing_sheet(self._archive, self._listing, shown, marked)._replace(total=len(self.ids))
        columns = [
            text_column("on", _("Date"), lambda line: str(line.on or "")),
            text_column("kind", _("Type"), lambda line: line.kind),
            text_column("text", _("Details"), lambda line: line.text),
        ]
        every = [text_column("id", _("Id"), lambda line: line.uid), *columns]
        return Sheet(name, _("rows"), columns, every, self._events.get, shown, marked, len(self.ids))

    def record(self, id: str) -> tuple[str, str]:
        """Return (table, uid) of the record of a row."""
        if self._listing:
            return self._table, id
        event = self._events[id]
        return event.table, event.uid


def _sort_value(column: ListColumn, row: Row) -> Any:
    text = column.plain(row)
    if not text or not column.right:
        return sort_key(text) if text else None
    # Amounts in different currencies cannot be compared, so they are kept apart.
    return amount_value(Decimal(text), row.raw.get("currency", "") if column.key == "amount" else "")


def _empty(rows: str) -> Content:
    if rows in _EMPTY:
        return template(_(_EMPTY[rows]))
    return template(_("No $noun yet. Press [b]a[/b] to add one."), noun=_(TABLES[rows].NOUN))


def _tone(line: Event | Agreement) -> str:
    return line.tone if isinstance(line, Agreement) else ""


def _shown_day(line: Event | Agreement) -> str:
    return line.on.replace("T", " ") if isinstance(line, Event) else show_date(line.on) if line.on else "-"
