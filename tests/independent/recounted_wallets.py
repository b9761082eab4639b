"""Recalculate wallets: customers' spend with all suppliers, prorated to the elapsed days.

Of each customer and category, the latest wallet counts that was known and had begun by the day. A wallet is part of
a wallet of a broader category with an overlapping period and a known total. Amounts are converted at the rate of the
wallet's first day. If only ranks are known, ours is the free rank, and the share is
(1 - rank / (brands + 1)) x 2 / brands.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tests.independent.ledger import ZERO, Ledger, Row, day_of, number_of, numbered, path_of, shown

Place = tuple[str, tuple[str, ...]]


@dataclass
class Wallet:
    """A wallet as of a day."""

    row: Row
    customer: str
    path: tuple[str, ...]
    first: date
    last: date
    ours: Decimal
    has_sales: bool
    has_amounts: bool
    total: Decimal | None
    rank: int | None
    brands: int
    names: tuple[str, ...] = ()
    rivals: dict[str, Decimal] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)
    has_unknown: bool = False  # whether a supplier's amount is unknown

    @property
    def is_known(self) -> bool:
        """Whether it counts in sums: its total and our sales are known."""
        return bool(self.total) and (self.has_amounts or not self.has_sales)

    @property
    def share(self) -> float | None:
        """Return our share, from the rank if the total is unknown."""
        if self.total and self.is_known:
            return float(self.ours / self.total)
        if self.total is not None or self.rank is None:
            return None
        return (1 - self.rank / (self.brands + 1)) * 2 / self.brands

    def covers(self, other: "Wallet") -> bool:
        """Whether another wallet of the customer is part of this wallet."""
        wider = len(self.path) < len(other.path) and other.path[: len(self.path)] == self.path
        return wider and self.is_known and self.first <= other.last and other.first <= self.last


class Wallets:
    """The latest wallets as of a day, out of the wallets known by `known_by`."""

    def __init__(self, ledger: Ledger, day: date, known_by: date) -> None:
        self.ledger, self.day = ledger, day
        self.of: dict[Place, list[Wallet]] = defaultdict(list)
        rows = [row for row in ledger.tables["wallets"] if row["as_of"] <= known_by.isoformat()]
        self.spellings = spellings(
            part["name"] for row in rows for part in numbered(row, "suppliers", "name", "amount", "rank")
        )
        for row in sorted(rows, key=lambda row: row["period_from"]):
            if row["period_from"] <= day.isoformat():
                key = row["customer.code"], tuple(map(str.casefold, path_of(row["category"])))
                self.of[key].append(self._wallet(row))
        self.latest = [each[-1] for each in self.of.values()]
        self.kept = [each for each in self.latest if not any(o.covers(each) for o in self._of(each.customer))]
        self.known = [each for each in self.kept if each.is_known]

    def spelt(self, name: str) -> str:
        """Return the most frequent spelling of a supplier's name, ignoring case and spaces."""
        return self.spellings[folded(name)]

    def counted(self) -> list[tuple[Wallet, dict[str, Decimal]]]:
        """Return the outermost wallets, each with its rivals and any others named in the wallets it covers."""
        found = []
        for each in self.kept:
            inner = [other for other in self._of(each.customer) if self._widest(other) is each]
            more: dict[str, Decimal] = defaultdict(Decimal)
            for other in inner:
                for name, amount in other.rivals.items():
                    more[name] += amount
            found.append((each, {**more, **each.rivals}))
        return found

    def _widest(self, inner: Wallet) -> Wallet | None:
        outer = [other for other in self._of(inner.customer) if other.covers(inner)]
        return min(outer, key=lambda other: len(other.row["category"]), default=None)

    def _of(self, customer: str) -> list[Wallet]:
        return [each for each in self.latest if each.customer == customer]

    def _wallet(self, row: Row) -> Wallet:
        first, last = day_of(row["period_from"]), day_of(row["period_to"])
        assert first
        assert last
        path = tuple(map(str.casefold, path_of(row["category"])))
        sales = [
            sale
            for sale in self.ledger.sales_of(row["customer.code"], first, min(last, self.day))
            if tuple(map(str.casefold, sale.category[: len(path)])) == path
        ]
        amounts = [sale.revenue for sale in sales if sale.revenue is not None]
        suppliers = numbered(row, "suppliers", "name", "amount", "rank", "since", "why")
        ranks = {int(each["rank"]) for each in suppliers if each["rank"]}
        all_ranked = suppliers and all(each["rank"] for each in suppliers)
        rank = next(n for n in range(1, len(ranks) + 2) if n not in ranks) if all_ranked else None
        rivals: dict[str, Decimal] = {}
        unknown = False
        for each in suppliers:
            amount = self.passed(row, number_of(each["amount"]))
            unknown = unknown or amount is None
            if amount is not None:
                name = self.spelt(each["name"])
                rivals[name] = rivals.get(name, ZERO) + amount
        return Wallet(
            row=row,
            customer=row["customer.code"],
            path=path,
            first=first,
            last=last,
            ours=sum(amounts, self.ledger.money.rounded(ZERO)),
            has_sales=bool(sales),
            has_amounts=bool(amounts),
            total=self.passed(row, number_of(row["total"])),
            rank=rank,
            brands=len(suppliers) + 1,
            names=tuple(dict.fromkeys(self.spelt(each["name"]) for each in suppliers)),
            rivals=rivals,
            ranks=self._ranks(suppliers),
            has_unknown=unknown,
        )

    def _ranks(self, suppliers: list[Row]) -> dict[str, int]:
        """Return the best rank of each ranked supplier."""
        found: dict[str, int] = {}
        for each in suppliers:
            if each["rank"]:
                name = self.spelt(each["name"])
                found[name] = min(int(each["rank"]), found.get(name, 99))
        return found

    def passed(self, row: Row, amount: Decimal | None) -> Decimal | None:
        """Convert a wallet's amount to the home currency and prorate it to the elapsed days."""
        first, last = day_of(row["period_from"]), day_of(row["period_to"])
        assert first
        assert last
        money = self.ledger.money
        home = (
            None
            if amount is None
            else money.at_home(amount, row["currency"] or self.ledger.named_home, first)
        )
        days, gone = (last - first).days + 1, (min(last, self.day) - first).days + 1
        return None if home is None else money.rounded(home * gone / days)

    def share(self) -> float | None:
        """Return our sales / the total of all known wallets."""
        whole = sum((each.total or ZERO for each in self.known), ZERO)
        return float(sum((each.ours for each in self.known), ZERO) / whole) if whole else None

    def rows(self) -> list[dict[str, Any]]:
        """Return the table of the wallets."""
        return [self._row(each) for each in self.latest]

    def _row(self, wallet: Wallet) -> dict[str, Any]:
        money = self.ledger.money
        share, whole = wallet.share, wallet.total
        if whole is None and wallet.rank is not None and wallet.ours:
            brands = wallet.brands
            whole = money.rounded(wallet.ours * brands * (brands + 1) / (2 * (brands + 1 - wallet.rank)))
        is_unknown = wallet.has_sales and not wallet.has_amounts
        return {
            "customer": self.ledger.names[wallet.customer],
            "category": wallet.row["category"],
            "ours": None if is_unknown else shown(wallet.ours),
            "wallet": None if whole is None else shown(whole),
            "share": share,
            "headroom": None
            if is_unknown or whole is None
            else shown(money.rounded(max(ZERO, whole - wallet.ours))),
        }


def folded(text: str) -> str:
    """Normalise case and spaces."""
    return " ".join(text.casefold().split())


def spellings(names: Iterable[str]) -> dict[str, str]:
    """Map each folded name to its most frequent spelling; ties are broken alphabetically."""
    counts = Counter(names)
    found: dict[str, str] = {}
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        found.setdefault(folded(name), name)
    return found
