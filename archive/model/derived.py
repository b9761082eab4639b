"""What a filter can name besides the fields of a record: what follows from a customer's dealings, a contract's days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from archive.model.contract import Contract
from archive.model.contract_status import CONTRACT_STATUS, contract_status, notice_deadline
from archive.model.currencies import NO_CURRENCY
from archive.model.fields import Context, Fact, Record
from archive.model.kinds import DATE
from archive.model.losses import EARLIER, MOVED
from archive.model.summary import NOTHING, Summary, Value
from archive.text import N_


class Row:
    """A kept record as a query sees it: its JSON, its folded words, and the summary of a customer's dealings."""

    __slots__ = ("_summary", "raw", "words")

    def __init__(
        self, raw: Mapping[str, Any], words: str = "", summary: Callable[[], Summary] = lambda: NOTHING
    ) -> None:
        self.raw, self.words, self._summary = raw, words, summary

    @property
    def summary(self) -> Summary:
        """The summary, worked out when it is first asked for."""
        return self._summary()


Getter = Callable[[Row], Iterable[Any]]


class Field(NamedTuple):
    """Something a filter can name: how to get its kept values and how they compare."""

    key: str
    family: str
    get: Getter
    fact: Fact | None = None
    ahead: bool = False
    ranked: Getter | None = None  # what it is sorted by, if not by `get`
    earlier: Getter | None = None  # values of the past that a comparison finds too


def one(value: Any) -> tuple[Any, ...]:
    """The values of a field that has one, or none."""
    return () if value in ("", None) else (value,)


def home_of(ctx: Context) -> str:
    """Return the home currency, "" if none is set."""
    return "" if ctx.currency == NO_CURRENCY else ctx.currency


def value_of(summary: Summary, ctx: Context) -> Value | None:
    """Return the value of a customer at the archive's rates; None if nothing was ever sold."""
    return summary.value(ctx.today, home_of(ctx), ctx.rates)


def value_parts(summary: Summary, ctx: Context) -> list[tuple[Decimal, str]]:
    """Return the value of a customer: the sum in the home currency, then sums that have no rate into it."""
    found = value_of(summary, ctx)
    return found.parts if found else []


def _converted(summary: Summary, ctx: Context) -> tuple[Decimal, ...]:
    """The sum by which customers are sorted: none if nothing could be converted."""
    found = value_of(summary, ctx)
    return () if found is None or found.amount is None else (found.amount,)


def earlier_values(cls: type[Record], key: str) -> Getter | None:
    """Return a getter of what a field of the last loss was at earlier losses; None for any other field."""
    if cls.TABLE != "customers" or key not in MOVED:
        return None
    return lambda row: [loss[key] for loss in row.raw.get(EARLIER, ()) if key in loss]


_STATUS = Fact(N_("Status"), CONTRACT_STATUS, key="status")


def derived_fields(cls: type[Record], ctx: Context) -> dict[str, Field]:
    """What follows from a customer's dealings or a contract's days, by the words of the filter language."""
    today = ctx.today
    if cls is Contract:

        def status(row: Row) -> Iterable[str]:
            return (contract_status(Contract.load(row.raw), today),)

        def notice(row: Row) -> Iterable[str]:
            return one(DATE.dump(notice_deadline(Contract.load(row.raw), today)))

        return {
            "status": Field("status", "choice", status, _STATUS),
            "notice_by": Field("notice_by", "date", notice, ahead=True),
        }
    return _derived_of_customers(ctx) if cls.TABLE == "customers" else {}


def _derived_of_customers(ctx: Context) -> dict[str, Field]:
    return {
        "last": Field("last", "date", lambda row: one(row.summary.last_contact)),
        "bought": Field("bought", "date", lambda row: one(row.summary.last_order)),
        "enquired": Field("enquired", "date", lambda row: one(row.summary.first_enquiry)),
        "followup": Field("followup", "date", lambda row: one(row.summary.follow_up_on), ahead=True),
        "value": Field(
            "value",
            "number",
            lambda row: [amount for amount, _currency in value_parts(row.summary, ctx)],
            ranked=lambda row: _converted(row.summary, ctx),
        ),
        "orders": Field("orders", "number", lambda row: (row.summary.orders,)),
    }
