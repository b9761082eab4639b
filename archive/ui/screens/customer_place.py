"""A place whose lines are each about a customer: what is due, what is offered, what is owed."""

from __future__ import annotations

from textual.app import ComposeResult

from archive.ui.screens.table_place import Line, TablePlace
from archive.ui.widgets.card import Card


class CustomerPlace(TablePlace[Line]):
    """The card of the customer stands beside the table."""

    def customer_of(self, line: Line) -> str:
        """The uid of the customer that a line is about."""
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
        """The customer's file, with the customers of the other lines as neighbours."""
        neighbours = dict.fromkeys(map(self.customer_of, self.lines.values()))
        self.show_customer(self.customer_of(line), list(neighbours))
