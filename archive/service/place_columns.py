"""The columns of Today, the pipeline and the receivables in a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from archive.errors import NotFound
from archive.model.contact_times import reach, say_reach
from archive.model.field_types.standard import PERCENT
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.service.quotations import Quotation
from archive.service.receivables import Account, OpenItem
from archive.service.sheets import SheetColumn, customer_columns, day_column, money_columns, text_column
from archive.service.today import Due
from archive.text import _

Columns = tuple[Sequence[SheetColumn], Sequence[SheetColumn]]
"""The columns on the screen, and all columns."""


def today_columns(archive: Archive, kinds: Mapping[str, str]) -> Columns:
    """Return the columns of due items; `kinds` are the words for their kinds."""

    def available(item: Due) -> str:
        try:
            ctx = archive.ctx
            return say_reach(reach(archive.get(Customer, item.customer), ctx), ctx)
        except NotFound:
            return ""

    def kind(item: Due) -> str:
        return _(kinds[item.kind])

    customer, code = customer_columns(archive, lambda item: item.customer)
    columns = [
        day_column("on", _("Due"), lambda item: item.on),
        customer,
        text_column("kind", _("Type"), kind)._replace(stored=lambda item: item.kind),
        text_column("what", _("Details"), lambda item: item.what),
        text_column("reach", _("Availability"), available),
    ]
    overdue = text_column("overdue", _("Overdue"), lambda item: _("yes") if item.overdue else "")
    return columns, [_id(lambda item: item.uid), code, *columns, overdue]


def pipeline_columns(archive: Archive) -> Columns:
    """Return the columns of open quotations."""
    customer, code = customer_columns(archive, lambda line: line.customer)

    def expected(line: Quotation) -> Decimal | None:
        return line.weighted

    columns = [
        day_column("expected_on", _("Decision"), lambda line: line.expected_on),
        customer,
        text_column("number", _("Quotation"), lambda line: line.number),
        text_column("what", _("Details"), lambda line: line.what),
        *money_columns(archive, "amount", _("Amount"), lambda line: line.amount, lambda line: line.currency),
        text_column("likelihood", _("Likelihood"), lambda line: PERCENT.cell(line.likelihood)),
        *money_columns(archive, "weighted", _("Expected"), expected, lambda line: line.currency),
    ]
    day = day_column("on", _("Date"), lambda line: line.on)
    return columns, [_id(lambda line: line.uid), code, *columns, day]


def receivable_columns(archive: Archive, number_of: Callable[[OpenItem], str]) -> Columns:
    """Return the columns of open invoices with their customers' accounts; `number_of` names an invoice."""

    def item(line: tuple[OpenItem, Account]) -> OpenItem:
        return line[0]

    def currency(line: tuple[OpenItem, Account]) -> str:
        return line[0].currency

    customer, code = customer_columns(archive, lambda line: item(line).customer)
    columns = [
        day_column("due_on", _("Due"), lambda line: item(line).due_on),
        customer,
        text_column("number", _("Invoice"), lambda line: number_of(item(line))),
        day_column("on", _("Date"), lambda line: item(line).on),
        *money_columns(archive, "owed", _("Outstanding"), lambda line: item(line).owed, currency),
        *money_columns(archive, "account", _("Total owed"), lambda line: line[1].owed, currency),
        *money_columns(archive, "limit", _("Credit limit"), lambda line: line[1].limit, currency),
    ]
    amount = money_columns(archive, "amount", _("Invoice amount"), lambda line: item(line).amount, currency)
    return columns, [_id(lambda line: item(line).uid), code, *columns, *amount]


def _id(get: Callable[..., str]) -> SheetColumn:
    return text_column("id", _("Id"), get)
