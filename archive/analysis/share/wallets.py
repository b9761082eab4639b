"""Share of wallet: our sales to a customer in a category against their total spend in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import NamedTuple

from archive.analysis.common.categories import CategorySale, category_sales, within
from archive.analysis.dataset import SalesData
from archive.analysis.money import half_up
from archive.analysis.request import ReportRequest
from archive.model.records.wallet import Wallet
from archive.model.spelling import usual_spellings
from archive.text import fold


class WalletPosition(NamedTuple):
    """A wallet with our sales in its category and period, in minor units.

    All amounts are prorated to the elapsed part of the period.

    Attributes:
        ours: Our sales.
        total: The customer's spend with all suppliers; None if unknown.
        share: Our share; None if the total is zero, unknown and there is no rank, or known but our sales are
            `unpriced`.
        estimated: Whether the total is derived from our rank among the suppliers.
        rivals: The amounts of the other suppliers.
        sales: The uids of our sales.
        unpriced: Whether we have sales, but none with a known and convertible amount; `ours` is then 0 and means
            nothing.
        missing: The number of our sales without a known and convertible amount.
        vague: Whether the amount of a named supplier is unknown.
    """

    wallet: Wallet
    ours: int
    total: int | None
    share: float | None
    estimated: bool
    rivals: dict[str, int]
    sales: tuple[str, ...]
    unpriced: bool
    missing: int = 0
    vague: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Customer and folded category, the key of a wallet."""
        return self.wallet.customer.uid, fold(self.wallet.category)

    @property
    def is_foreign(self) -> bool:
        """Whether there is a total, but no exchange rate for it."""
        return self.wallet.total is not None and self.total is None

    @property
    def is_known(self) -> bool:
        """Whether there is an entered total and the amount of our sales is known."""
        return bool(self.total) and not self.estimated and not self.unpriced

    @property
    def headroom(self) -> int | None:
        """The customer's spend with others, at least 0 (a stale wallet has no headroom); None if unknown."""
        return None if self.total is None or self.unpriced else max(0, self.total - self.ours)

    @property
    def excess(self) -> int:
        """By how much we and the named suppliers exceed the wallet's total; 0 if our sales alone exceed it.

        Prorated amounts are rounded, so a difference of one minor unit per supplier is tolerated.
        """
        if not self.is_known or self.stale:
            return 0
        beyond = self.ours + sum(self.rivals.values()) - (self.total or 0)
        return beyond if beyond > len(self.rivals) else 0

    @property
    def stale(self) -> bool:
        """Whether our sales exceed the entered total, which is then out of date."""
        return self.share is not None and self.share > 1 and not self.estimated


def allocation(rank: int, brands: int) -> Fraction:
    """Return the share of wallet of the brand with this rank among `brands`, if no amounts are known.

    The wallet allocation rule of Keiningham, Aksoy, Buoye and Cooil (2011), Harvard Business Review 89: (1 - rank /
    (brands + 1)) * 2 / brands.
    """
    return 2 * (1 - Fraction(rank, brands + 1)) / brands


def our_rank(wallet: Wallet) -> int | None:
    """Return the rank not taken by another supplier, which is ours; None unless every supplier has a rank."""
    ranks = {supplier.rank for supplier in wallet.suppliers}
    if not ranks or None in ranks:
        return None
    return next(rank for rank in range(1, len(wallet.suppliers) + 2) if rank not in ranks)


class Wallets:
    """The wallets known on the as-of date, with our sales to their customers, read once."""

    def __init__(self, data: SalesData, request: ReportRequest) -> None:
        self._data = data
        self._end = request.end
        wallets = [
            wallet for wallet in data.records(Wallet) if not wallet.as_of or wallet.as_of <= request.as_of
        ]
        self._wallets = sorted(_with_uniform_names(wallets), key=_begins)
        self._sales = _sales(data, self._wallets, request.as_of)

    def latest(self, day: date | None = None) -> list[WalletPosition]:
        """Return the latest wallet of each customer and category that began by `day` (default: the period's end)."""
        day = day or self._end
        return [self._position(wallets[-1], day) for wallets in self._by_key(day).values()]

    def pairs(self) -> list[tuple[WalletPosition, WalletPosition]]:
        """Return the last two wallets of each customer and category with at least two, the earlier first."""
        last_two = [wallets[-2:] for wallets in self._by_key(self._end).values() if len(wallets) > 1]
        return [
            (self._position(before, self._end), self._position(after, self._end))
            for before, after in last_two
        ]

    def _by_key(self, day: date) -> dict[tuple[str, str], list[Wallet]]:
        by_key: defaultdict[tuple[str, str], list[Wallet]] = defaultdict(list)
        for wallet in self._wallets:
            if _begins(wallet) <= day:
                by_key[wallet.customer.uid, fold(wallet.category)].append(wallet)
        return by_key

    def _position(self, wallet: Wallet, day: date) -> WalletPosition:
        return _position(self._data, wallet, self._sales[wallet.customer.uid], day)


def _with_uniform_names(wallets: Sequence[Wallet]) -> Iterator[Wallet]:
    """Yield the wallets with a uniform spelling of each supplier."""
    spellings = usual_spellings(sorted(supplier.name for wallet in wallets for supplier in wallet.suppliers))
    for wallet in wallets:
        names = [spellings.get(fold(supplier.name), supplier.name) for supplier in wallet.suppliers]
        if any(name != supplier.name for name, supplier in zip(names, wallet.suppliers, strict=True)):
            pairs = zip(names, wallet.suppliers, strict=True)
            wallet = wallet.with_values(
                suppliers=tuple(supplier.with_values(name=name) for name, supplier in pairs)
            )
        yield wallet


def _begins(wallet: Wallet) -> date:
    return wallet.period_from or date.min


def _sales(data: SalesData, wallets: list[Wallet], day: date) -> defaultdict[str, list[CategorySale]]:
    """Return the sales to the customers with wallets, by customer."""
    by_customer: defaultdict[str, list[CategorySale]] = defaultdict(list)
    if wallets:
        customers = {wallet.customer.uid for wallet in wallets}
        for sale in category_sales(data, _begins(wallets[0]).toordinal(), day.toordinal(), customers):
            by_customer[sale.customer].append(sale)
    return by_customer


def _position(data: SalesData, wallet: Wallet, sales: list[CategorySale], day: date) -> WalletPosition:
    first, last = _begins(wallet).toordinal(), min(wallet.period_to or day, day).toordinal()
    matching = [s for s in sales if first <= s.day <= last and within(s.category, wallet.category)]
    amounts = [sale.amount for sale in matching if sale.amount is not None]
    ours, unpriced = sum(amounts), bool(matching) and not amounts
    total = _prorated(data, wallet, wallet.total, day)
    rank, estimated = our_rank(wallet), False
    share = ours / total if total and not unpriced else None
    if share is None and total is None and rank is not None:
        fraction = allocation(rank, len(wallet.suppliers) + 1)
        share, estimated = float(fraction), True
        total = half_up(Decimal(ours) * fraction.denominator / fraction.numerator) if ours else None
    supplier_amounts = [
        (supplier.name, _prorated(data, wallet, supplier.amount, day)) for supplier in wallet.suppliers
    ]
    rivals: Counter[str] = Counter()
    for name, amount in supplier_amounts:
        if amount is not None:
            rivals[name] += amount
    sale_uids = tuple(sale.uid for sale in matching)
    missing = len(matching) - len(amounts)
    vague = any(amount is None for _name, amount in supplier_amounts)
    return WalletPosition(
        wallet, ours, total, share, estimated, dict(rivals), sale_uids, unpriced, missing, vague
    )


def _prorated(data: SalesData, wallet: Wallet, amount: Decimal | None, day: date) -> int | None:
    """Convert an amount of a wallet and prorate it to the elapsed part of its period, rounded half up."""
    full_amount = data.amount(amount, wallet.currency, wallet.period_from or day)
    return None if full_amount is None else floor(full_amount * elapsed_part(wallet, day) + Fraction(1, 2))


def elapsed_part(wallet: Wallet, day: date) -> Fraction:
    """Return the elapsed part of a wallet's period, counting the first day and `day`."""
    if not wallet.period_from or not wallet.period_to or day >= wallet.period_to:
        return Fraction(1)
    days = (wallet.period_to - wallet.period_from).days + 1
    return Fraction((day - wallet.period_from).days + 1, days)


class DistinctWallets(NamedTuple):
    """Wallets without overlaps, and the wallets excluded because a wider wallet covers them."""

    wallets: list[WalletPosition]
    nested: dict[str, str]  # category of the wider wallet, by uid of the narrower wallet


def without_overlaps(positions: Sequence[WalletPosition]) -> DistinctWallets:
    """Exclude each wallet covered by a wider one of the same customer: Rice / Basmati within Rice.

    Only a wallet with a known total covers others. It takes over suppliers named only in the narrower wallets.
    """
    by_customer: defaultdict[str, list[WalletPosition]] = defaultdict(list)
    for position in positions:
        by_customer[position.wallet.customer.uid].append(position)
    nested: dict[str, str] = {}
    inner: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for position in positions:
        outer = [other for other in by_customer[position.wallet.customer.uid] if _covers(other, position)]
        if outer:
            widest = min(outer, key=lambda other: len(other.wallet.category))
            nested[position.wallet.uid] = widest.wallet.category
            inner[widest.wallet.uid].update(position.rivals)
    remaining = [
        _with_rivals(position, inner[position.wallet.uid])
        for position in positions
        if position.wallet.uid not in nested
    ]
    return DistinctWallets(remaining, nested)


def _covers(outer: WalletPosition, inner: WalletPosition) -> bool:
    """Return whether `outer` has a known total, a wider category and an overlapping period."""
    wide, narrow = outer.wallet, inner.wallet
    return (
        outer.is_known
        and outer.key != inner.key
        and within(narrow.category, wide.category)
        and _begins(wide) <= (narrow.period_to or date.max)
        and _begins(narrow) <= (wide.period_to or date.max)
    )


def _with_rivals(position: WalletPosition, amounts: Counter[str]) -> WalletPosition:
    return position._replace(rivals={**amounts, **position.rivals}) if amounts else position
