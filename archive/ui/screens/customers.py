"""The base of screens with one customer per line, such as tasks due, quotations and receivables."""

from __future__ import annotations

from textual.app import ComposeResult

from archive.ui.screens.list_place import ListPlace
from archive.ui.screens.table_screen import Line
from archive.ui.widgets.card import Card


class CustomerPlace(ListPlace[Line]):
    """A table with the card of the customer beside it."""

    def customer_of(self, line: Line) -> str:
        """Return the uid of the customer of a line."""
        raise NotImplementedError

    def compose_beside(self) -> ComposeResult:
        yield Card(id="card")

    def show_line(self, line: Line | None) -> None:
        uid = None if line is None else self.customer_of(line)
        self.query_one(Card).show(self.archive, uid, self.owner.insights)

    def show_times(self) -> None:
        self.records.refresh_rows()
        self.show_line(self.line)

    def open_customer(self, line: Line) -> None:
        """Open the profile of a line's customer; next and previous go to the customers of the other lines."""
        shown = (self.lines[id] for id in self.records.ids if id in self.lines)
        neighbours = dict.fromkeys(map(self.customer_of, shown))
        self.show_customer(self.customer_of(line), list(neighbours))
