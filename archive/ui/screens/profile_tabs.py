"""The tabs of a profile: their field groups, and the records below them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from textual.widgets.option_list import Option

from archive.model.contact_details import Position
from archive.model.field_types.base import Context, Ref
from archive.model.field_types.lists import ListOf
from archive.model.fields import Field, Group
from archive.model.records.customer import (
    BACKGROUND,
    CLASSIFICATION,
    CONTACT_TIMES,
    ORGANISATION,
    PERSONAL,
    PROVENANCE,
    Customer,
)
from archive.model.tables import OF_A_CUSTOMER, by_rank
from archive.service.archive import Archive
from archive.service.extra import EXTRA, extra_fields, field_of, value_of
from archive.service.panels.base import Item
from archive.service.panels.customer import panels as panels_of
from archive.service.targets import targets
from archive.text import N_, _, plural
from archive.ui.safe_text import template
from archive.ui.widgets.panel_lines import LineOption, label_width, line_option, panel_options, title_option

FOLDED = ":empty"
"""Id of the line that counts the empty fields; no field has it."""


@dataclass(frozen=True)
class Tab:
    """A tab with groups of fields, and a kind of rows ("" for none)."""

    label: str
    short: str
    groups: tuple[Group, ...] = ()
    rows: str = ""

    def titles(self, count: int) -> tuple[str, str, str]:
        """The label with the number of its rows, the short label with it, and the short label alone."""
        rows = f" {count:,}" if count else ""
        return _(self.label) + rows, _(self.short) + rows, _(self.short)

    @property
    def has_own_kind(self) -> bool:
        """Whether the tab lists records of a single table."""
        return self.rows == "people" or self.rows in OF_A_CUSTOMER

    def new_record(self, uid: str) -> tuple[str, Mapping[str, Any]]:
        """Return the table of a new record, and the values that link it to a customer."""
        if self.rows == "people":
            return "customers", {"positions": (Position(organisation=Ref(uid=uid)),)}
        return self.rows, {"customer": uid}


_OWN_TABS = (
    Tab(N_("Summary"), N_("Summary"), (CLASSIFICATION, PROVENANCE)),
    Tab(N_("Personal"), N_("Personal"), (PERSONAL,)),
    Tab(N_("Organisation"), N_("Org."), (ORGANISATION,), "people"),
    Tab(N_("Background"), N_("Backgr."), (BACKGROUND,)),
    Tab(N_("Contact times"), N_("Times"), (CONTACT_TIMES,), "interactions"),
    Tab(N_("Transactions"), N_("Trans."), (), "transactions"),
    Tab(N_("Contracts"), N_("Contracts"), (), "agreements"),
    Tab(N_("Timeline"), N_("Timeline"), (), "timeline"),
)


def _tabs_of_other_types() -> Iterator[Tab]:
    """Yield a tab for each record type of a customer that declares one and is in no other tab."""
    rows = {tab.rows for tab in _OWN_TABS}
    for cls in by_rank():
        if cls.PROFILE_COLUMNS and cls.TABLE in OF_A_CUSTOMER and cls.TABLE not in rows:
            label = cls.LABEL
            yield Tab(label, label, (), cls.TABLE)


TABS = (*_OWN_TABS, *_tabs_of_other_types())


class Lines(NamedTuple):
    """The lines of a tab; `items` are those of the summary, by the id of their line."""

    options: list[Option]
    items: Mapping[str, Item]


def tab_lines(tab: Tab, archive: Archive, uid: str, width: int, *, with_empty: bool) -> Lines:
    """Return the lines of a tab: on the summary what is going on, then the filled-in fields, always in one order.

    Empty fields are listed only `with_empty`, except the key fields of a new record; otherwise the last line counts
    them.
    """
    customer = archive.get(Customer, uid)
    panels = panels_of(archive, uid) if CLASSIFICATION in tab.groups else []
    items = [item for panel in panels for item in panel.items]
    fields = _fields(tab, customer)
    shown = [field for field in fields if with_empty or field.first or not _is_empty(field, customer)]
    options = list(panel_options(panels, width))
    for group, own in groupby(shown, key=lambda field: field.group):
        if len(tab.groups) > 1:
            options.append(title_option(_(group.label), is_first=not options))
        options += [_option(field, customer, archive, width) for field in own]
    count = len(fields) - len(shown)
    if count:
        options.append(_folded(count, width))
    return Lines(options, {str(number): item for number, item in enumerate(items)})


def tab_of(customer: Customer, key: str) -> int | None:
    """Return the index of the tab that shows a filled-in field, or None."""
    field = field_of(customer, key)
    if field is None or _is_empty(field, customer):
        return None
    group = field.group if field.group != EXTRA else CLASSIFICATION
    return next((number for number, tab in enumerate(TABS) if group in tab.groups), None)


def _folded(count: int, width: int) -> Option:
    words = plural("{n} empty field: f shows it", "{n} empty fields: f shows them", count)
    indent = " " * (label_width(width) + 2)
    return LineOption(
        template("[$foreground 50%]$indent$words[/]", indent=indent, words=words), FOLDED, leads=True
    )


def _fields(tab: Tab, customer: Customer) -> list[Field]:
    """Return the fields of a tab. The code comes last, because it hardly ever changes."""
    fields = [
        field for field in Customer.FIELDS.values() if field.group in tab.groups and _applies(field, customer)
    ]
    fields.sort(key=lambda field: (tab.groups.index(field.group), field.key == "code"))
    return fields + (list(extra_fields(customer)) if CLASSIFICATION in tab.groups else [])


def _is_empty(field: Field, customer: Customer) -> bool:
    return bool(value_of(customer, field.key) == field.type.empty)


def _applies(field: Field, customer: Customer) -> bool:
    return not field.only or field.only == customer.kind or getattr(customer, field.key) != field.type.empty


def _option(field: Field, customer: Customer, archive: Archive, width: int) -> Option:
    if _is_empty(field, customer):
        return line_option(field.key, field.title, ["-"], width, "dim")
    texts = shown_lines(field, customer, archive.ctx)
    return line_option(
        field.key, field.title, texts, width, is_underlined=bool(targets(customer, field, archive))
    )


def shown_lines(field: Field, customer: Customer, ctx: Context) -> Sequence[str]:
    """Return the value of a field as text, one line per part of a list or line of a text."""
    value, ctx = value_of(customer, field.key), ctx.within(customer.currency)
    if isinstance(field.type, ListOf):
        return [field.type.line(part, ctx) for part in value]
    text = field.type.show(value, ctx)
    return text.splitlines() or [""]


def counted(tab: Tab, archive: Archive, uid: str) -> int:
    """Return the number of rows of a tab."""
    if tab.rows == "people":
        return len(archive.people_of(uid))
    if tab.rows == "agreements":
        return sum(len(archive.children(table, uid)) for table in ("contracts", "plans", "wallets"))
    return len(archive.children(tab.rows, uid)) if tab.rows in OF_A_CUSTOMER else 0
