"""The tabs of a profile: which groups of facts each shows, and which records below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widgets.option_list import Option

from archive.model.customer import (
    BACKGROUND,
    CLASSIFICATION,
    CONTACT_TIMES,
    ORGANISATION,
    PERSONAL,
    PROVENANCE,
    Customer,
)
from archive.model.fields import Context, Fact, Group
from archive.model.lists import ListOf
from archive.text import N_, _
from archive.ui.plain import fit, lines, template

LABEL_WIDTH = 20


@dataclass(frozen=True)
class Tab:
    """A tab: groups of facts, and a kind of rows ("" for none)."""

    label: str
    short: str
    groups: tuple[Group, ...] = ()
    rows: str = ""

    @property
    def titles(self) -> tuple[str, str]:
        """The label in the user's language, and a shorter one."""
        return _(self.label), _(self.short)


TABS = (
    Tab(N_("Summary"), N_("Summary"), (CLASSIFICATION, PROVENANCE)),
    Tab(N_("Personal"), N_("Personal"), (PERSONAL,)),
    Tab(N_("Organisation"), N_("Org."), (ORGANISATION,), "people"),
    Tab(N_("Background"), N_("Background"), (BACKGROUND,)),
    Tab(N_("Contact times"), N_("Times"), (CONTACT_TIMES,), "interactions"),
    Tab(N_("Transactions"), N_("Dealings"), (), "transactions"),
    Tab(N_("Timeline"), N_("Timeline"), (), "timeline"),
)


def fact_options(tab: Tab, customer: Customer, ctx: Context, width: int) -> Iterator[Option]:
    """A line for each fact of the tab: what is known first, what is not yet known dim below."""
    facts = [
        fact for fact in Customer.FACTS.values() if fact.group in tab.groups and _applies(fact, customer)
    ]
    known = [fact for fact in facts if getattr(customer, fact.key) != fact.kind.empty]
    for fact in known:
        yield Option(_line(fact, customer, ctx, width), id=fact.key)
    if tab.groups and tab.groups[0] == CLASSIFICATION:
        yield from _extra_options(customer, width)
    for fact in facts:
        if fact not in known:
            yield Option(template("[$foreground 38%]$label  -[/]", label=_label(fact.title)), id=fact.key)


def _extra_options(customer: Customer, width: int) -> Iterator[Option]:
    for key, value in customer.extra.items():
        yield Option(
            Content.assemble(
                template("[$foreground 60%]$key[/]  ", key=_label(key)), _indented([value], width)
            )
        )


def _applies(fact: Fact, customer: Customer) -> bool:
    return not fact.only or fact.only == customer.kind or getattr(customer, fact.key) != fact.kind.empty


def _label(text: str) -> str:
    return fit(text, LABEL_WIDTH, "right")


def _line(fact: Fact, customer: Customer, ctx: Context, width: int) -> Content:
    label = template("[$foreground 60%]$label[/]  ", label=_label(fact.title))
    return Content.assemble(label, _indented(shown_lines(fact, customer, ctx), width))


def shown_lines(fact: Fact, customer: Customer, ctx: Context) -> Sequence[str]:
    """A fact's value, a line for each part of a list and each line of a text."""
    value = getattr(customer, fact.key)
    if isinstance(fact.kind, ListOf):
        return [fact.kind.line(part, ctx) for part in value]
    shown = fact.kind.show(value, ctx)
    return shown.splitlines() or [""]


def _indented(texts: Sequence[str], width: int) -> Content:
    """Each text beside the label, wrapped there."""
    indent = Content("\n" + " " * (LABEL_WIDTH + 2))
    room = max(10, width - LABEL_WIDTH - 4)
    return indent.join([line for text in texts for line in lines(text).wrap(room)])
