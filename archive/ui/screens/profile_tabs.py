"""The tabs of a profile: their field groups, and the records below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widgets.option_list import Option

from archive.model.field_types.base import Context
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
from archive.service.extra import extra_fields, value_of
from archive.text import N_, _
from archive.ui.safe_text import LABEL_WIDTH, fit, lines, template


@dataclass(frozen=True)
class Tab:
    """A tab with groups of fields, and a kind of rows ("" for none)."""

    label: str
    short: str
    groups: tuple[Group, ...] = ()
    rows: str = ""

    @property
    def titles(self) -> tuple[str, str]:
        """The translated label, and its short form."""
        return _(self.label), _(self.short)


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


def field_options(tab: Tab, customer: Customer, ctx: Context, width: int) -> Iterator[Option]:
    """List the fields of a tab, always in the same order."""
    fields = [
        field for field in Customer.FIELDS.values() if field.group in tab.groups and _applies(field, customer)
    ]
    if CLASSIFICATION in tab.groups:
        fields += extra_fields(customer)
    for field in fields:
        yield Option(_line(field, customer, ctx, width), id=field.key)


def _applies(field: Field, customer: Customer) -> bool:
    return not field.only or field.only == customer.kind or getattr(customer, field.key) != field.type.empty


def _label(text: str) -> str:
    return fit(text, LABEL_WIDTH, "right")


def _line(field: Field, customer: Customer, ctx: Context, width: int) -> Content:
    if value_of(customer, field.key) == field.type.empty:
        return template("[$foreground 50%]$label  -[/]", label=_label(field.title))
    label = template("[$foreground 60%]$label[/]  ", label=_label(field.title))
    return Content.assemble(label, _indented(shown_lines(field, customer, ctx), width))


def shown_lines(field: Field, customer: Customer, ctx: Context) -> Sequence[str]:
    """Return the value of a field as text, one line per part of a list or line of a text."""
    value, ctx = value_of(customer, field.key), ctx.within(customer.currency)
    if isinstance(field.type, ListOf):
        return [field.type.line(part, ctx) for part in value]
    text = field.type.show(value, ctx)
    return text.splitlines() or [""]


def _indented(texts: Sequence[str], width: int) -> Content:
    """Wrap each text beside the label."""
    indent = Content("\n" + " " * (LABEL_WIDTH + 2))
    room = max(10, width - LABEL_WIDTH - 4)
    return indent.join([line for text in texts for line in lines(text).wrap(room)])
