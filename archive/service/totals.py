"""The sum of the amounts in a list, by currency, without decoding records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal

from archive.model.derived import home_of, value_parts
from archive.model.numbers import show_number
from archive.model.tables import TABLES
from archive.service.archive import Archive
from archive.service.listing import all_columns

_SUMMED = {"customers": "value", "transactions": "amount", "contracts": "value", "campaigns": "cost"}
_EVERY = 256  # records between two looks at whether the sum is still wanted


def total_words(
    archive: Archive, table: str, shown: Collection[str], uids: Sequence[str], cancelled: Callable[[], bool]
) -> str:
    """Return the sum of the amount column, such as "Amount 24,660 EUR + 300 USD".

    It is empty if there is no such column among those shown, or if there is nothing to add: transactions are added only
    if they are all of one type, because an order and its invoice are the same money. Different currencies are never
    added together, except that the revenue of a customer is already in the home currency as far as there are rates.
    """
    key = _SUMMED.get(table, "")
    if key not in shown or len(uids) < 2:
        return ""
    amounts = (
        _values(archive, uids, cancelled) if table == "customers" else _amounts(archive, table, key, uids)
    )
    sums: dict[str, Decimal] = {}
    for amount, currency in amounts:
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    home, decimal = home_of(archive.ctx), archive.ctx.decimal
    parts = [
        f"{show_number(sums[currency], 0, decimal)} {currency}".strip()
        for currency in sorted(sums, key=lambda currency: (currency != home, currency))
    ]
    return f"{all_columns(table)[key].title} {' + '.join(parts)}" if parts else ""


def _values(
    archive: Archive, uids: Sequence[str], cancelled: Callable[[], bool]
) -> Iterator[tuple[Decimal, str]]:
    ctx = archive.ctx
    for number, uid in enumerate(uids):
        if number % _EVERY == 0 and cancelled():
            return
        yield from value_parts(archive.summary(uid), ctx)


def _amounts(archive: Archive, table: str, key: str, uids: Sequence[str]) -> list[tuple[Decimal, str]]:
    wanted, cls = set(uids), TABLES[table]
    kinds = ("type",) if "type" in cls.FIELDS else ()
    rows = zip(*archive.columns(table, ("uid", key, "currency", *kinds)).values(), strict=True)
    found = [row for row in rows if row[0] in wanted]
    if len({row[3:] for row in found}) > 1:
        return []
    load, home = cls.FIELDS[key].type.load, home_of(archive.ctx)
    return [
        (load(amount), currency or home) for _uid, amount, currency, *_type in found if amount is not None
    ]
