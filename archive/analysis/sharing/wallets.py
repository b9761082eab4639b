"""Share of wallet: our sales to a customer in a category against their total spend in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import NamedTuple

from archive.analysis.book import Book
from archive.analysis.money import half_up
from archive.analysis.parts.categories import CategorySale, category_sales, within
from archive.analysis.question import Ask
from archive.model.spelling import usual_spellings
from archive.model.wallet import Wallet
from archive.text import fold


class Held(NamedTuple):
    """A wallet with our sales in its category and period, in minor units.

    All amounts are cut to the part of the period that has passed. `total` is None if it is not known; `share` is None
    if there is no total, or a total of zero, and no rank. `estimated`: the total follows from our rank among the
    suppliers. `rivals` are the other suppliers' amounts. `unpriced`: we do sell in it, but no sale has an amount that
    is known and has a rate, so `ours` is 0 and proves nothing. `missing` of our sales in it have no such amount.
    `vague`: of a supplier named no amount is known.
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
    def place(self) -> tuple[str, str]:
        """Customer and category, as they identify a wallet."""
        return self.wallet.customer.uid, fold(self.wallet.category)

    @property
    def is_foreign(self) -> bool:
        """There is a total, but no rate to convert it."""
        return self.wallet.total is not None and self.total is None

    @property
    def is_known(self) -> bool:
        """There is a total from a person or a source, and what we sell in it is known."""
        return bool(self.total) and not self.estimated and not self.unpriced

    @property
    def headroom(self) -> int | None:
        """What the customer spends with others, never under 0: a stale wallet has none to give."""
        return None if self.total is None or self.unpriced else max(0, self.total - self.ours)

    @property
    def excess(self) -> int:
        """By how much we and the named suppliers together sell more than the wallet's total; 0 if we alone do.

        Amounts that were cut to the elapsed part may differ from the total by a rounding unit each.
        """
        if not self.is_known or self.stale:
            return 0
        beyond = self.ours + sum(self.rivals.values()) - (self.total or 0)
        return beyond if beyond > len(self.rivals) else 0

    @property
    def stale(self) -> bool:
        """We sold more than the customer is said to spend: the estimate is out of date."""
        return self.share is not None and self.share > 1 and not self.estimated


def allocation(rank: int, brands: int) -> Fraction:
    """Return the share of wallet of the brand of a rank among `brands`, where no amounts are known.

    The wallet allocation rule of Keiningham, Aksoy, Buoye and Cooil (2011), Harvard Business Review 89:
    (1 - rank / (brands + 1)) * 2 / brands.
    """
    return 2 * (1 - Fraction(rank, brands + 1)) / brands


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
        known = [wallet for wallet in book.records(Wallet) if not wallet.as_of or wallet.as_of <= ask.as_of]
        self._known = sorted(_spelt_alike(known), key=_begins)
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
                found[wallet.customer.uid, fold(wallet.category)].append(wallet)
        return found

    def _held(self, wallet: Wallet, day: date) -> Held:
        return _held(self._book, wallet, self._sales[wallet.customer.uid], day)


def _spelt_alike(wallets: Sequence[Wallet]) -> Iterator[Wallet]:
    """Yield the wallets with one spelling for each supplier."""
    usual = usual_spellings(sorted(supplier.name for wallet in wallets for supplier in wallet.suppliers))
    for wallet in wallets:
        names = [usual.get(fold(supplier.name), supplier.name) for supplier in wallet.suppliers]
        if any(name != supplier.name for name, supplier in zip(names, wallet.suppliers, strict=True)):
            pairs = zip(names, wallet.suppliers, strict=True)
            wallet = wallet.with_values(suppliers=tuple(one.with_values(name=name) for name, one in pairs))
        yield wallet


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
    total = _passed(book, wallet, wallet.total, day)
    rank, estimated = our_rank(wallet), False
    share = ours / total if total and not unpriced else None
    if share is None and total is None and rank is not None:
        part = allocation(rank, len(wallet.suppliers) + 1)
        share, estimated = float(part), True
        total = half_up(Decimal(ours) * part.denominator / part.numerator) if ours else None
    sold = [(supplier.name, _passed(book, wallet, supplier.amount, day)) for supplier in wallet.suppliers]
    rivals: Counter[str] = Counter()
    for name, amount in sold:
        if amount is not None:
            rivals[name] += amount
    sales_of_it = tuple(sale.uid for sale in counted)
    missing = len(counted) - len(amounts)
    vague = any(amount is None for _name, amount in sold)
    return Held(wallet, ours, total, share, estimated, dict(rivals), sales_of_it, unpriced, missing, vague)


def _passed(book: Book, wallet: Wallet, amount: Decimal | None, day: date) -> int | None:
    """Convert an amount of a wallet and cut it to the part of its period that has passed, half up."""
    whole = book.amount(amount, wallet.currency, wallet.period_from or day)
    return None if whole is None else floor(whole * seen(wallet, day) + Fraction(1, 2))


def seen(wallet: Wallet, day: date) -> Fraction:
    """Return the part of a wallet's period that has passed by a day, both days included."""
    if not wallet.period_from or not wallet.period_to or day >= wallet.period_to:
        return Fraction(1)
    days = (wallet.period_to - wallet.period_from).days + 1
    return Fraction((day - wallet.period_from).days + 1, days)


class Counted(NamedTuple):
    """Wallets of which no two cover the same spend, and those that lie within another one, by that one's category."""

    wallets: list[Held]
    nested: dict[str, str]  # the outer wallet's category by the uid of the inner wallet


def counted(found: Sequence[Held]) -> Counted:
    """Leave out each wallet that a wider one of the same customer covers: Rice / Basmati within Rice.

    Only a wallet with a known total covers others. It takes over the suppliers that only the narrower ones name.
    """
    by_customer: defaultdict[str, list[Held]] = defaultdict(list)
    for held in found:
        by_customer[held.wallet.customer.uid].append(held)
    nested: dict[str, str] = {}
    inner: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for held in found:
        outer = [other for other in by_customer[held.wallet.customer.uid] if _covers(other, held)]
        if outer:
            widest = min(outer, key=lambda other: len(other.wallet.category))
            nested[held.wallet.uid] = widest.wallet.category
            inner[widest.wallet.uid].update(held.rivals)
    kept = [_with_rivals(held, inner[held.wallet.uid]) for held in found if held.wallet.uid not in nested]
    return Counted(kept, nested)


def _covers(outer: Held, inner: Held) -> bool:
    """Whether a wallet with a known total is of a wider category and of an overlapping period."""
    wide, narrow = outer.wallet, inner.wallet
    return (
        outer.is_known
        and outer.place != inner.place
        and within(narrow.category, wide.category)
        and _begins(wide) <= (narrow.period_to or date.max)
        and _begins(narrow) <= (wide.period_to or date.max)
    )


def _with_rivals(held: Held, named: Counter[str]) -> Held:
    return held._replace(rivals={**named, **held.rivals}) if named else held
