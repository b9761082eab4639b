"""Filter fields that are derived from a customer's transactions or from the dates of a contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from archive.model.contract_status import CONTRACT_STATUS, contract_status, notice_deadline
from archive.model.currencies import NO_CURRENCY
from archive.model.field_types.base import Context
from archive.model.field_types.standard import DATE
from archive.model.fields import Field, Record
from archive.model.losses import EARLIER, MOVED
from archive.model.records.contract import Contract
from archive.model.summary import NOTHING, Summary, Value
from archive.text import N_


class Row:
    """A stored record as the filters see it: its JSON, folded search text, and a customer's summary."""

    __slots__ = ("_summary", "raw", "words")

    def __init__(
        self, raw: Mapping[str, Any], words: str = "", summary: Callable[[], Summary] = lambda: NOTHING
    ) -> None:
        self.raw, self.words, self._summary = raw, words, summary

    @property
    def summary(self) -> Summary:
        """The summary of the customer's transactions and activities, computed when it is read."""
        return self._summary()


Getter = Callable[[Row], Iterable[Any]]


class FilterField(NamedTuple):
    """A field that a filter can name: how to get its stored values and how to compare them."""

    key: str
    family: str
    get: Getter
    declared: Field | None = None
    ahead: bool = False
    ranked: Getter | None = None  # sort key, if different from `get`
    earlier: Getter | None = None  # values of earlier losses, which comparisons match as well


def as_tuple(value: Any) -> tuple[Any, ...]:
    """Return a single-valued field as a tuple: empty if it has no value."""
    return () if value in ("", None) else (value,)


def home_of(ctx: Context) -> str:
    """Return the home currency, or "" if none is set."""
    return "" if ctx.currency == NO_CURRENCY else ctx.currency


def value_of(summary: Summary, ctx: Context) -> Value | None:
    """Return the value of a customer at the archive's exchange rates; None if there were no sales."""
    return summary.value(ctx.today, home_of(ctx), ctx.rates)


def value_parts(summary: Summary, ctx: Context) -> list[tuple[Decimal, str]]:
    """Return a customer's value: the sum in the home currency, then the sums that cannot be converted."""
    value = value_of(summary, ctx)
    return value.parts if value else []


def _converted(summary: Summary, ctx: Context) -> tuple[Decimal, ...]:
    """Return the sum by which customers are sorted; empty if nothing could be converted."""
    value = value_of(summary, ctx)
    return () if value is None or value.amount is None else (value.amount,)


def earlier_values(cls: type[Record], key: str) -> Getter | None:
    """Return a getter for the values of a loss field at earlier losses; None if it is not a loss field."""
    if cls.TABLE != "customers" or key not in MOVED:
        return None
    return lambda row: [loss[key] for loss in row.raw.get(EARLIER, ()) if key in loss]


_STATUS = Field(N_("Status"), CONTRACT_STATUS, key="status")


def derived_fields(cls: type[Record], ctx: Context) -> dict[str, FilterField]:
    """Return the derived fields of a table by their name in the filter language."""
    today = ctx.today
    if cls is Contract:

        def status(row: Row) -> Iterable[str]:
            return (contract_status(Contract.load(row.raw), today),)

        def notice(row: Row) -> Iterable[str]:
            return as_tuple(DATE.dump(notice_deadline(Contract.load(row.raw), today)))

        return {
            "status": FilterField("status", "choice", status, _STATUS),
            "notice_by": FilterField("notice_by", "date", notice, ahead=True),
        }
    return _derived_of_customers(ctx) if cls.TABLE == "customers" else {}


def _derived_of_customers(ctx: Context) -> dict[str, FilterField]:
    return {
        "last": FilterField("last", "date", lambda row: as_tuple(row.summary.last_contact)),
        "bought": FilterField("bought", "date", lambda row: as_tuple(row.summary.last_order)),
        "enquired": FilterField("enquired", "date", lambda row: as_tuple(row.summary.first_enquiry)),
        "followup": FilterField(
            "followup", "date", lambda row: as_tuple(row.summary.follow_up_on), ahead=True
        ),
        "value": FilterField(
            "value",
            "number",
            lambda row: [amount for amount, _currency in value_parts(row.summary, ctx)],
            ranked=lambda row: _converted(row.summary, ctx),
        ),
        "orders": FilterField("orders", "number", lambda row: (row.summary.orders,)),
    }
