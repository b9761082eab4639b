"""Who else serves our customers, by what the wallets say: shares, who is gaining, and who moves to whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from archive.analysis.book import Book
from archive.analysis.maths.switching import Switching, switching
from archive.analysis.parts.result import Section, customers
from archive.analysis.pictures import Bar, Bars, Grid
from archive.analysis.question import Ask
from archive.analysis.report import COUNT, MONEY, SHARE, Column, Figure, Opens, Row, Table
from archive.analysis.sharing.wallets import Held, Wallets, our_rank
from archive.text import _

KEYS = ("multi_sourcing", "suppliers", "switching.n", "switching.net")
OURS = ""  # among the names of suppliers


class Supply(NamedTuple):
    """What suppliers sell in wallets: amounts in minor units and the customers they serve."""

    amounts: Counter[str]
    customers: dict[str, set[str]]
    wallets: dict[str, list[str]]

    @property
    def total(self) -> int:
        """What all suppliers named together sell."""
        return sum(self.amounts.values())


def supply(found: Iterable[Held]) -> Supply:
    """Amounts and customers by supplier, ours included."""
    amounts: Counter[str] = Counter()
    served: defaultdict[str, set[str]] = defaultdict(set)
    wallets: defaultdict[str, list[str]] = defaultdict(list)
    for h in found:
        for name, amount in ((OURS, h.ours), *h.rivals.items()):
            if amount > 0:
                amounts[name] += amount
        ours = {OURS} if h.ours > 0 or h.unpriced else set()
        for name in ours | {supplier.name for supplier in h.wallet.suppliers}:
            served[name].add(h.wallet.customer.uid)
            wallets[name].append(h.wallet.uid)
    return Supply(amounts, dict(served), dict(wallets))


def suppliers(book: Book, ask: Ask, wallets: Wallets) -> Section:
    """Share by supplier now and a year before, multi-sourcing, and the moves of the main supplier."""
    now, earlier = wallets.latest(), wallets.latest(ask.before().end)
    moves = main_moves(wallets)
    found = switching((before, after) for before, after, _uid in moves)
    return Section(
        figures=(*_figures(now), *_switching_figures(found, moves)),
        tables=(_table(book, supply(now), supply(earlier)), _switching_table(found, moves)),
        pictures=(_bars(supply(now)), _switching_grid(found)),
    )


def _name(supplier: str) -> str:
    return supplier or _("ours")


def _no_wallets() -> str:
    return _("No wallet names a supplier.")


def _figures(now: list[Held]) -> tuple[Figure, Figure]:
    by_customer: defaultdict[str, set[str]] = defaultdict(set)
    for name, uids in supply(now).customers.items():
        for uid in uids:
            by_customer[uid].add(name)
    several = [uid for uid, names in by_customer.items() if len(names) > 1]
    rivals = {supplier.name for h in now for supplier in h.wallet.suppliers}
    return (
        Figure(
            key="multi_sourcing",
            label=_("Several suppliers"),
            value=len(several) / len(by_customer) if by_customer else None,
            unit=SHARE,
            n=len(by_customer),
            note="" if by_customer else _no_wallets(),
            why=_(
                "customers with two suppliers or more, us included / customers with a wallet = {a} / {b}"
            ).format(a=len(several), b=len(by_customer)),
            opens=customers(several),
            top=True,
        ),
        Figure(
            key="suppliers",
            label=_("Competitors named"),
            value=len(rivals),
            unit=COUNT,
            why=_("different suppliers in the customers' latest wallets, without us"),
            opens=Opens("wallets", tuple(h.wallet.uid for h in now if h.wallet.suppliers)),
            top=True,
        ),
    )


def _table(book: Book, now: Supply, earlier: Supply) -> Table:
    rows = []
    names = sorted({*now.customers, *now.amounts}, key=lambda name: (-now.amounts[name], name))
    for name in names:
        share = now.amounts[name] / now.total if now.total else None
        before = earlier.amounts[name] / earlier.total if earlier.total else None
        change = None if share is None or before is None else share - before
        rows.append(
            Row(
                (
                    _name(name),
                    len(now.customers.get(name, ())),
                    book.money(now.amounts[name]) if now.amounts[name] else None,
                    share if now.amounts[name] else None,
                    before,
                    change,
                ),
                Opens("wallets", tuple(now.wallets.get(name, ()))),
                _("{part} of {total} that the suppliers named sell together").format(
                    part=f"{book.money(now.amounts[name]):,}", total=f"{book.money(now.total):,}"
                ),
            )
        )
    return Table(
        key="suppliers",
        label=_("Suppliers of our customers"),
        columns=(
            Column("supplier", _("Supplier")),
            Column("customers", _("Customers"), COUNT),
            Column("amount", _("Sells them"), MONEY),
            Column("share", _("Share"), SHARE),
            Column("before", _("Before"), SHARE),
            Column("change", _("Change in points"), SHARE),
        ),
        rows=tuple(rows),
        empty=_no_wallets(),
        note=_(
            "Shares are of what the suppliers named sell together: what nobody is named for is not in them."
        ),
    )


def _bars(now: Supply) -> Bars:
    ranked = now.amounts.most_common(10)
    bars = tuple(Bar(_name(name), amount / now.total, 1.0) for name, amount in ranked)
    return Bars(key="suppliers", label=_("Share by supplier"), unit=SHARE, bars=bars, empty=_no_wallets())


def main_supplier(h: Held) -> str | None:
    """Who sells most in a wallet, by amount, else by rank, ours the one that is left; None where it is not known."""
    amounts = {OURS: h.ours, **h.rivals} if h.ours > 0 else dict(h.rivals)
    left = our_rank(h.wallet)
    if amounts and not h.unpriced and (h.rivals or left is None):
        return max(amounts, key=lambda name: (amounts[name], name))
    ranked = [(supplier.rank, supplier.name) for supplier in h.wallet.suppliers if supplier.rank is not None]
    if left is not None:
        ranked.append((left, OURS))
    return min(ranked)[1] if ranked else None


def main_moves(wallets: Wallets) -> list[tuple[str, str, str]]:
    """The main supplier before, the one after, and the wallet that says so."""
    found = []
    for earlier, later in wallets.pairs():
        before, after = main_supplier(earlier), main_supplier(later)
        if before is not None and after is not None:
            found.append((before, after, later.wallet.uid))
    return found


def _one_period() -> str:
    return _("No customer has wallets of two periods with a known main supplier.")


def _switching_figures(found: Switching, moves: list[tuple[str, str, str]]) -> tuple[Figure, Figure]:
    ours = found.names.index(OURS) if OURS in found.names else None
    moved = [uid for before, after, uid in moves if before != after]
    return (
        Figure(
            key="switching.n",
            label=_("Wallets seen in two periods"),
            value=found.n,
            unit=COUNT,
            note="" if found.n else _one_period(),
            why=_("{moved} of {n} changed their main supplier from one wallet period to the next").format(
                moved=len(moved), n=found.n
            ),
            opens=Opens("wallets", tuple(moved)),
        ),
        Figure(
            key="switching.net",
            label=_("Main supplier, net"),
            value=found.net[ours] if ours is not None else None,
            unit=COUNT,
            n=found.n,
            note="" if ours is not None else _one_period(),
            why=_("customers who made us their main supplier - customers who made another theirs"),
            opens=Opens("wallets", tuple(uid for a, b, uid in moves if a != b and OURS in (a, b))),
            top=True,
        ),
    )


def _switching_table(found: Switching, moves: list[tuple[str, str, str]]) -> Table:
    rows = []
    for at, name in enumerate(found.names):
        stay = found.rows[at]
        rows.append(
            Row(
                (
                    _name(name),
                    sum(found.counts[at]),
                    None if stay is None else stay[at],
                    found.net[at],
                    None if found.stationary is None else found.stationary[at],
                ),
                Opens("wallets", tuple(uid for before, after, uid in moves if name in (before, after))),
            )
        )
    return Table(
        key="switching",
        label=_("Main suppliers, from one wallet period to the next"),
        columns=(
            Column("supplier", _("Supplier")),
            Column("before", _("Before"), COUNT),
            Column("stayed", _("Stayed"), SHARE),
            Column("net", _("Net"), COUNT),
            Column("stationary", _("In the long run"), SHARE),
        ),
        rows=tuple(rows),
        empty=_one_period(),
    )


def _switching_grid(found: Switching) -> Grid:
    names = tuple(map(_name, found.names))
    cells = tuple(tuple(row) if row is not None else (None,) * len(names) for row in found.rows)
    return Grid(
        key="switching",
        label=_("Main supplier, from (row) to (column)"),
        unit=SHARE,
        rows=names,
        columns=names,
        cells=cells,
        empty=_one_period(),
    )
