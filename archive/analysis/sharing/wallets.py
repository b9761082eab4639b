"""Which share of a customer's business is ours: our sales in a category beside what the customer spends in it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from archive.analysis.book import Book
from archive.analysis.parts.categories import CategorySale, category_sales, within
from archive.analysis.question import Ask
from archive.model.wallet import Wallet


class Held(NamedTuple):
    """A wallet beside our sales in its category and period, in minor units.

    `total` is None where it is not known; `share` None where there is no total, or a total of zero, and no rank.
    `estimated` says that the total comes from our rank among the suppliers. `rivals` are the other suppliers'
    amounts. `unpriced` says that we do sell in it, but no sale has an amount that is known and has a rate: `ours` is
    0 and proves nothing.
    """

    wallet: Wallet
    ours: int
    total: int | None
    share: float | None
    estimated: bool
    rivals: dict[str, int]
    sales: tuple[str, ...]
    unpriced: bool

    @property
    def is_known(self) -> bool:
        """There is a total that a person or a source gave, and what we sell in it is known."""
        return bool(self.total) and not self.estimated and not self.unpriced

    @property
    def headroom(self) -> int | None:
        """What the customer spends with others."""
        return None if self.total is None or self.unpriced else self.total - self.ours

    @property
    def stale(self) -> bool:
        """We sold more than the customer is said to spend: the estimate is out of date."""
        return self.share is not None and self.share > 1 and not self.estimated


def allocation(rank: int, brands: int) -> float:
    """The share of wallet of the brand of a rank among `brands`, where no amounts are known.

    The wallet allocation rule of Keiningham, Aksoy, Buoye and Cooil (2011), Harvard Business Review 89:
    (1 - rank / (brands + 1)) * 2 / brands.
    """
    return (1 - rank / (brands + 1)) * 2 / brands


def our_rank(wallet: Wallet) -> int | None:
    """The rank that is left for us where every supplier has one."""
    ranks = {supplier.rank for supplier in wallet.suppliers}
    if not ranks or None in ranks:
        return None
    return next(rank for rank in range(1, len(wallet.suppliers) + 2) if rank not in ranks)


class Wallets:
    """The wallets known on the day of a question, with the sales to their customers, read once."""

    def __init__(self, book: Book, ask: Ask) -> None:
        self._book = book
        self._end = ask.end
        self._known = sorted(
            (wallet for wallet in book.records(Wallet) if not wallet.as_of or wallet.as_of <= ask.as_of),
            key=_begins,
        )
        self._sales = _sales(book, self._known, ask.as_of)

    def latest(self, day: date | None = None) -> list[Held]:
        """Of each customer and category the wallet whose period began last on or before a day, the period's end
        unless another is named."""
        day = day or self._end
        return [self._held(found[-1], day) for found in self._by_place(day).values()]

    def pairs(self) -> list[tuple[Held, Held]]:
        """The last two wallets of each customer and category that has two, the earlier one first."""
        found = [wallets[-2:] for wallets in self._by_place(self._end).values() if len(wallets) > 1]
        return [(self._held(before, self._end), self._held(after, self._end)) for before, after in found]

    def _by_place(self, day: date) -> dict[tuple[str, str], list[Wallet]]:
        found: defaultdict[tuple[str, str], list[Wallet]] = defaultdict(list)
        for wallet in self._known:
            if _begins(wallet) <= day:
                found[wallet.customer.uid, wallet.category].append(wallet)
        return found

    def _held(self, wallet: Wallet, day: date) -> Held:
        return _held(self._book, wallet, self._sales[wallet.customer.uid], day)


def _begins(wallet: Wallet) -> date:
    return wallet.period_from or date.min


def _sales(book: Book, wallets: list[Wallet], day: date) -> defaultdict[str, list[CategorySale]]:
    """The sales to the customers with wallets, by customer."""
    found: defaultdict[str, list[CategorySale]] = defaultdict(list)
    if wallets:
        wanted = {wallet.customer.uid for wallet in wallets}
        for sale in category_sales(book, _begins(wallets[0]).toordinal(), day.toordinal(), wanted):
            found[sale.customer].append(sale)
    return found


def _held(book: Book, wallet: Wallet, sales: list[CategorySale], day: date) -> Held:
    first, last = _begins(wallet).toordinal(), min(wallet.period_to or day, day).toordinal()
    counted = [s for s in sales if first <= s.day <= last and within(s.category, wallet.category)]
    amounts = [sale.amount for sale in counted if sale.amount is not None]
    ours, unpriced = sum(amounts), bool(counted) and not amounts
    whole = book.amount(wallet.total, wallet.currency, wallet.period_from or day)
    total = None if whole is None else round(whole * seen(wallet, day))
    rank, estimated = our_rank(wallet), False
    share = ours / total if total and not unpriced else None
    if share is None and total is None and rank is not None:
        share, estimated = allocation(rank, len(wallet.suppliers) + 1), True
        total = round(ours / share) if ours else None
    rivals = {
        supplier.name: amount
        for supplier in wallet.suppliers
        if (amount := book.amount(supplier.amount, wallet.currency, wallet.period_from or day)) is not None
    }
    sales_of_it = tuple(sale.uid for sale in counted)
    return Held(wallet, ours, total, share, estimated, rivals, sales_of_it, unpriced)


def seen(wallet: Wallet, day: date) -> float:
    """Which part of a wallet's period has passed: what a year's spend amounts to by its middle."""
    if not wallet.period_from or not wallet.period_to or day >= wallet.period_to:
        return 1.0
    return ((day - wallet.period_from).days + 1) / ((wallet.period_to - wallet.period_from).days + 1)
