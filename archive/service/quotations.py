"""The sales pipeline: open quotations by expected decision date, and their outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from archive.model.losses import EARLIER
from archive.model.money import product_in_minor_units
from archive.model.records.customer import LOST_REASON
from archive.model.records.transaction import Transaction
from archive.model.spelling import by_usual_spelling, usual_spellings
from archive.service.archive import Archive
from archive.store import Entry
from archive.text import _, fold, sort_key

_KEYS = (
    "uid",
    "customer",
    "type",
    "outcome",
    "on",
    "expected_on",
    "likelihood",
    "amount",
    "currency",
    "number",
)
LAST = date.max  # sort key for an unknown date


class Quotation(NamedTuple):
    """An open quotation. `likelihood` is a fraction from 0 to 1, None if it was not entered."""

    uid: str
    customer: str
    on: date | None
    expected_on: date | None
    likelihood: Decimal | None
    amount: Decimal | None
    currency: str
    number: str
    what: str

    @property
    def weighted(self) -> Decimal | None:
        """Amount x likelihood, rounded half up to the minor unit; None if either is unknown."""
        if self.amount is None or self.likelihood is None:
            return None
        return product_in_minor_units(self.currency, self.amount, self.likelihood)


def pipeline(archive: Archive) -> list[Quotation]:
    """Return the open quotations by expected decision date, earliest first, without a date last."""
    columns = archive.columns("transactions", (*_KEYS, "product", "note"))
    products = archive.ctx.name_of
    quotations = []
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        if row["type"] == "quotation" and row["outcome"] in (None, "open"):
            quotations.append(_quotation(row, _product(row["product"], products) or row["note"] or ""))
    return sorted(quotations, key=lambda q: (q.expected_on or LAST, -(q.weighted or 0), q.uid))


def _product(link: Any, name_of: Any) -> str:
    return str(name_of("products", link)) if isinstance(link, str) else str((link or {}).get("name", ""))


def _quotation(row: dict[str, Any], text: str) -> Quotation:
    return Quotation(
        uid=row["uid"],
        customer=row["customer"] or "",
        on=_day(row["on"]),
        expected_on=_day(row["expected_on"]),
        likelihood=_number(row["likelihood"]),
        amount=_number(row["amount"]),
        currency=row["currency"] or "",
        number=row["number"] or "",
        what=" ".join(text.split()),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def sums(quotations: Iterable[Quotation]) -> dict[str, tuple[Decimal, Decimal]]:
    """Return the total amount and the total weighted amount per currency. Different currencies are never added."""
    totals: dict[str, tuple[Decimal, Decimal]] = {}
    for quotation in quotations:
        amount, weighted = totals.get(quotation.currency, (Decimal(0), Decimal(0)))
        if quotation.amount is not None:
            totals[quotation.currency] = amount + quotation.amount, weighted + (quotation.weighted or 0)
    return totals


def decide(archive: Archive, uids: Iterable[str], outcome: str, **values: Any) -> Entry | None:
    """Set the outcome of quotations, and other values, in a single change."""
    return archive.save(
        *(archive.get(Transaction, uid).with_values(outcome=outcome, **values) for uid in uids)
    )


def mark_won(archive: Archive, *uids: str) -> Entry | None:
    """Mark quotations as won."""
    return decide(archive, uids, "won")


def mark_lost(archive: Archive, *uids: str, to: str = "", reason: str = "") -> Entry | None:
    """Mark quotations as lost, with the competitor and the reason if they are known."""
    return decide(archive, uids, "lost", lost_to=to, reason=reason)


def mark_dropped(archive: Archive, *uids: str) -> Entry | None:
    """Mark quotations as closed without a decision."""
    return decide(archive, uids, "no_decision")


def competitors(archive: Archive) -> list[str]:
    """Return all competitors in the archive, by number of quotations and customers lost to them, most first.

    Different spellings of a name are merged.
    """
    won = [name for table in ("transactions", "customers") for name in _texts(archive, table, "lost_to")]
    won += _parts(archive, "customers", EARLIER, "lost_to")
    suppliers = _parts(archive, "wallets", "suppliers", "name")
    spelling = usual_spellings([*won, *suppliers])
    counts = Counter(spelling[fold(name)] for name in won if fold(name))
    return sorted(spelling.values(), key=lambda name: (-counts[name], sort_key(name)))


def _texts(archive: Archive, table: str, key: str) -> list[str]:
    return [text for text in archive.columns(table, (key,))[key] if text]


def _parts(archive: Archive, table: str, key: str, part: str) -> list[str]:
    """Return the non-empty values of `part` in the entries of a list field, over all records of a table."""
    return [
        entry[part]
        for parts in archive.columns(table, (key,))[key]
        for entry in parts or ()
        if entry.get(part)
    ]


def reasons(archive: Archive) -> list[str]:
    """Return the reasons for which quotations were lost, most frequent first, then the reasons for customer losses."""
    counts = by_usual_spelling(_texts(archive, "transactions", "reason"))
    usual = [_(label) for label in LOST_REASON.options.values()]
    return list(dict.fromkeys([*(reason for reason, _count in counts.most_common()), *usual]))
