"""Unpaid invoices, the longest overdue first, compared with the customers' credit limits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from textual.content import Content

from archive.model.dates import age, show_date
from archive.model.money import show_amount, show_money
from archive.service.place_columns import receivable_columns
from archive.service.receivables import NOTHING, Account, OpenItem, open_items
from archive.text import N_, _, plural
from archive.ui.commands import command
from archive.ui.safe_text import template
from archive.ui.screens.customers import CustomerPlace
from archive.ui.screens.list_place import FileColumns
from archive.ui.screens.table_screen import Finder, on_a_line
from archive.ui.screens.table_search import amount_value
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_lines import Cells, tone_key

Line = tuple[OpenItem, Account]


def _number(item: OpenItem) -> str:
    if item.kind == "credit":
        return _("open credit")
    return _("{number}: unknown invoice").format(number=item.number) if item.kind else item.number or "-"


class OpenItemsScreen(CustomerPlace[Line]):
    """The receivables."""

    FILE = "receivables"
    COLUMNS = [
        Column("sign", "", 1),
        Column("due", N_("Due"), 9),
        Column("name", N_("Customer"), 12, 2),
        Column("number", N_("Invoice"), 12, 1, 1),
        Column("on", N_("Date"), 14, 0, 3, secondary=True),
        Column("owed", N_("Outstanding"), 14, 0, 0, align="right"),
        Column("account", N_("Total owed"), 12, 0, 2, align="right"),
        Column("limit", N_("Credit limit"), 12, 0, 4, align="right"),
    ]

    def heading(self) -> str:
        return _("Receivables")

    def detail(self) -> str:
        ctx, owed = self.archive.ctx, dict[str, Decimal]()
        invoices = [item for item, _account in self.lines.values() if not item.kind]
        credits = len(self.lines) - len(invoices)
        for item in invoices:
            owed[item.currency] = owed.get(item.currency, NOTHING) + item.owed
        sums = [show_money(amount, currency, ctx.decimal) for currency, amount in owed.items()]
        late = sum(item.overdue(ctx.today) > 0 for item in invoices)
        overdue = plural("{n} overdue", "{n} overdue", late)
        unapplied = [plural("{n} unapplied credit", "{n} unapplied credits", credits)] if credits else []
        return " · ".join([plural("{n} invoice", "{n} invoices", len(invoices)), overdue, *sums, *unapplied])

    def empty_words(self) -> Content:
        return template(
            _(
                "No open invoices.\n\nTo add an invoice or a payment, press [b]a[/b] in a customer's profile and choose"
                " Transaction, or import a file. Payments, returns and credit notes are applied to the invoice they"
                " name, otherwise to the oldest."
            )
        )

    def finder(self) -> Finder[Line]:
        archive, today = self.archive, self.archive.ctx.today

        def find(_cancelled: object) -> dict[str, Line]:
            receivables = open_items(archive, today)
            return {
                item.uid: (item, receivables.accounts[item.customer, item.currency])
                for item in receivables.items
            }

        return find

    def cells(self, line: Line) -> Cells:
        ctx, (item, account) = self.archive.ctx, line
        late = item.overdue(ctx.today) > 0
        return {
            "sign": "!" if late or item.kind == "unknown" else "○",
            "due": age(item.due_on, ctx.today) if item.due_on else "-",
            "name": self.archive.name("customers", item.customer),
            "number": _number(item),
            "on": show_date(item.on),
            "owed": show_money(item.owed, item.currency, ctx.decimal),
            "account": ("! " if account.is_over else "")  # in front, to keep the decimals aligned
            + show_amount(account.owed, item.currency, ctx.decimal),
            "limit": show_amount(account.limit, item.currency, ctx.decimal) or "-",
            tone_key("sign"): "warn" if late else "",
            tone_key("due"): "warn" if late else "",
            tone_key("account"): "warn" if account.is_over else "",
        }

    def file_columns(self) -> FileColumns:
        return receivable_columns(self.archive, _number)

    def sort_value(self, line: Line, key: str) -> Any:
        item, account = line
        own = {
            "due": item.due_on,
            "on": item.on,
            "owed": amount_value(item.owed, item.currency),
            "account": amount_value(account.owed, item.currency),
            "limit": amount_value(account.limit, item.currency),
        }
        return own[key] if key in own else super().sort_value(line, key)

    def customer_of(self, line: Line) -> str:
        return line[0].customer

    def records_of(self, lines: Sequence[Line]) -> list[tuple[str, str]]:
        return [("transactions", item.uid) for item, _account in lines if not item.kind]

    def open(self, line: Line) -> None:
        self.show_record("transactions", line[0].uid, [item.uid for item, *_rest in self.lines.values()])

    @command("C", N_("Customer"), footer=True, when=on_a_line)
    def action_customer(self) -> None:
        """Open the customer's profile."""
        if self.line:
            self.open_customer(self.line)

    @command("l", N_("Log"), footer=True, when=on_a_line, writes=True)
    def action_log(self) -> None:
        """Log an activity in one line: call, promised to pay +1w."""
        from archive.ui.screens.one_line import OneLineScreen

        line = self.only_chosen()
        if line:
            self.app.push_screen(OneLineScreen("contact", line[0].customer))
