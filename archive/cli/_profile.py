"""What is known of a customer, in blocks that `archive show` prints as text or as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archive.model.customer import Customer
from archive.model.fields import Context, Fact, Group
from archive.model.lists import ListOf
from archive.model.tables import OF_A_CUSTOMER, TABLES
from archive.service.archive import Archive
from archive.service.listing import Listing, Row, columns, default_keys
from archive.text import _

NEWEST = 10  # records of each table that are shown


@dataclass(frozen=True)
class Facts:
    """A heading and labelled values; a value may have several lines."""

    title: str
    values: list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Records:
    """A heading and the newest records of a table."""

    title: str
    header: list[str]
    rows: list[list[str]]
    right: list[bool]


def blocks(archive: Archive, customer: Customer) -> Iterator[Facts | Records]:
    """Everything that is filled in, in the order of the forms, and the newest records of each table."""
    ctx = archive.ctx
    found = [_dealings(archive, customer), *(_group(customer, group, ctx) for group in customer.GROUPS)]
    found.append(Facts(_("Other"), [(key, [text]) for key, text in customer.extra.items()]))
    yield from (block for block in found if block.values)
    for table in OF_A_CUSTOMER:
        yield from _newest(archive, customer, table)


def _dealings(archive: Archive, customer: Customer) -> Facts:
    row = Row(customer.dump(), archive.summary(customer.uid), archive.ctx)
    found = (
        (column.title, column.show(row))
        for column in columns("customers", ["last", "bought", "value", "orders"])
    )
    return Facts(_("Dealings"), [(label, [text]) for label, text in found if text])


def _group(customer: Customer, group: Group, ctx: Context) -> Facts:
    facts = [fact for fact in customer.FACTS.values() if fact.group == group]
    values = [(fact.title, _lines(fact, getattr(customer, fact.key), ctx)) for fact in facts]
    return Facts(_(group.label), [(label, lines) for label, lines in values if lines])


def _lines(fact: Fact, value: Any, ctx: Context) -> list[str]:
    if value == fact.kind.empty:
        return []
    if isinstance(fact.kind, ListOf):
        return [fact.kind.line(part, ctx) for part in value]
    return fact.kind.show(value, ctx).split("\n")


def _newest(archive: Archive, customer: Customer, table: str) -> Iterator[Records]:
    records = archive.of_customer(TABLES[table], customer.uid)
    if not records:
        return
    listing = Listing(archive, table, [key for key in default_keys(table) if key != "customer"])
    shown = listing.shown([record.uid for record in records[:NEWEST]])
    label = _(TABLES[table].LABEL)
    if len(records) > NEWEST:
        label = _("{label}, the newest {n} of {all}").format(label=label, n=NEWEST, all=len(records))
    yield Records(
        label,
        [column.title for column in listing.columns],
        [list(row.values()) for row in shown],
        [column.right for column in listing.columns],
    )
