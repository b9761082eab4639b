"""The profile of a customer, in blocks that `archive show` prints as text or as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.model.records.customer import Customer
from archive.model.tables import OF_A_CUSTOMER, TABLES
from archive.service.archive import Archive
from archive.service.listing import Listing, default_keys
from archive.service.profile import Section, key_facts, sections
from archive.text import _

NEWEST = 10  # records of each table that are shown


@dataclass(frozen=True)
class Fields:
    """A heading and labelled lines. Only the first line of a multi-line value has the label."""

    title: str
    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class Records:
    """A heading and a table of the newest records; `right` says which columns are right-aligned."""

    title: str
    header: list[str]
    rows: list[list[str]]
    right: list[bool]


def blocks(archive: Archive, customer: Customer) -> Iterator[Fields | Records]:
    """Yield the key facts, the filled-in fields by section, and the newest records of each table."""
    lines = key_facts(archive, customer.uid).lines
    yield Fields(_("Key facts"), [(label, text) for label, text, _tone in lines])
    for section in sections(archive, customer):
        yield Fields(_(section.group.label), list(_lines(section)))
    for table in OF_A_CUSTOMER:
        yield from _newest(archive, customer, table)


def _lines(section: Section) -> Iterator[tuple[str, str]]:
    for _key, label, text in section.rows:
        first, *others = text.split("\n")
        yield label, first
        yield from (("", line) for line in others)


def _newest(archive: Archive, customer: Customer, table: str) -> Iterator[Records]:
    records = archive.of_customer(TABLES[table], customer.uid)
    if not records:
        return
    listing = Listing(archive, table, [key for key in default_keys(table) if key != "customer"])
    rows = listing.texts([record.uid for record in records[:NEWEST]])
    label = _(TABLES[table].LABEL)
    if len(records) > NEWEST:
        label = _("{label}, the newest {n} of {all}").format(label=label, n=NEWEST, all=len(records))
    yield Records(
        label,
        [column.title for column in listing.columns],
        [list(row.values()) for row in rows],
        [column.right for column in listing.columns],
    )
