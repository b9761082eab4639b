"""Quick entry of a delivery on a contract's term: "20 bags yesterday", "200 2026-11-03 in two vans"."""

from __future__ import annotations

from decimal import Decimal

from archive.errors import BadValue
from archive.model.dates import parse_date, trailing_date
from archive.model.field_types.base import Context
from archive.model.field_types.standard import TEXT
from archive.model.fullwidth import narrow
from archive.model.lazy_re import Pattern
from archive.model.numbers import parse_number
from archive.model.records.contract import Delivery, Term
from archive.model.units import is_unit, same_unit
from archive.text import _

_COUNT = Pattern(r"(?P<number>\d[\d.,']*)\s*(?P<rest>.*)")


def read_delivery(text: str, term: Term, ctx: Context) -> Delivery:
    """Parse a delivery from one line. Without a date, it is today's; the words that are left are its note.

    Raises:
        BadValue: The line has no quantity, or names a unit that is not the term's.
    """
    match = _COUNT.fullmatch(narrow(TEXT.parse(text, ctx)))
    if not match:
        raise BadValue(_("The line does not begin with a quantity."), _example())
    value = parse_number(match["number"], ctx.decimal)
    rest, day = trailing_date(match["rest"], ctx.today, ctx.order, "past")
    first, _blank, others = rest.partition(" ")
    if day is None and first[:1].isdigit():
        day, first, others = parse_date(first, ctx.today, ctx.order), "", others
    note = _without_unit(first, others, term)
    delivery = Delivery(on=day or ctx.today, note=note.strip(" ,;"))
    if term.quantity is None and term.amount is not None:
        return delivery.with_values(amount=value)
    return delivery.with_values(quantity=value)


def _example() -> str:
    return _("Write for example: 20 bags yesterday")


def _without_unit(first: str, others: str, term: Term) -> str:
    """Return the note without the unit at its begin."""
    if first and term.unit and same_unit(first, term.unit):
        return others
    if first and term.unit and is_unit(first):
        raise BadValue(
            _("{unit} is not the unit of this term, which is {own}.").format(unit=first, own=term.unit),
            _("Enter the quantity in {own}.").format(own=term.unit),
        )
    return f"{first} {others}"


def delivered_more(term: Term, delivered: Decimal, new: Decimal) -> Decimal | None:
    """Return by how much a new delivery exceeds what is committed, or None."""
    committed = term.quantity if term.quantity is not None else term.amount
    over = delivered + new - committed if committed is not None else Decimal(0)
    return over if over > 0 else None
