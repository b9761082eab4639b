"""Suppliers of our customers according to the wallets: shares, gains, and switching of the main supplier."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from archive.analysis.common.result import Section, customers, proportion
from archive.analysis.dataset import SalesData
from archive.analysis.maths.proportions import wilson
from archive.analysis.maths.transition_matrix import Switching, switching
from archive.analysis.pictures import Bar, Bars, Grid
from archive.analysis.report import COUNT, MONEY, SHARE, Column, Figure, Opens, Row, Table
from archive.analysis.request import ReportRequest
from archive.analysis.share.wallets import WalletPosition, Wallets, our_rank, without_overlaps
from archive.text import _, plural

KEYS = ("multi_sourcing", "suppliers", "switching.n", "switching.net")
OURS = ""  # our own key among supplier names
TIE = "\0tie"  # tie for the largest supplier; cannot be a real name


class Supply(NamedTuple):
    """Sales of suppliers according to the wallets: amounts in minor units, and the customers they serve."""

    amounts: Counter[str]
    customers: dict[str, set[str]]
    wallets: dict[str, list[str]]

    @property
    def total(self) -> int:
        """The total sales of all named suppliers."""
        return sum(self.amounts.values())


def supply(positions: Sequence[WalletPosition]) -> Supply:
    """Add up amounts and customers by supplier, including us. Spend covered by two wallets counts once."""
    amounts: Counter[str] = Counter()
    for position in without_overlaps(positions).wallets:
        for name, amount in ((OURS, position.ours), *position.rivals.items()):
            if amount > 0:
                amounts[name] += amount
    customers: defaultdict[str, set[str]] = defaultdict(set)
    wallets: defaultdict[str, list[str]] = defaultdict(list)
    for position in positions:
        ours = {OURS} if position.ours > 0 or position.unpriced else set()
        for name in ours | {supplier.name for supplier in position.wallet.suppliers}:
            customers[name].add(position.wallet.customer.uid)
            wallets[name].append(position.wallet.uid)
    return Supply(amounts, dict(customers), dict(wallets))


def suppliers(data: SalesData, request: ReportRequest, wallets: Wallets) -> Section:
    """Build shares by supplier compared with the preceding period, multi-sourcing, and the switching matrix."""
    now, earlier = wallets.latest(), wallets.latest(request.before().end)
    moves = main_moves(wallets)
    matrix = switching((before, after) for before, after, _uid in moves)
    return Section(
        figures=(*_figures(now), *_switching_figures(matrix, moves)),
        tables=(
            _table(data, supply(now), supply(earlier)),
            _switching_table(matrix, moves),
            _matrix_table(matrix, moves),
        ),
        pictures=(_bars(supply(now)), _switching_grid(matrix)),
        notes=tuple(_notes(now, moves)),
    )


def _notes(positions: Sequence[WalletPosition], moves: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    beyond = sum(bool(position.excess) for position in positions)
    unpriced = sum(position.unpriced for position in positions)
    foreign = sum(
        any(
            supplier.amount is not None and supplier.name not in position.rivals
            for supplier in position.wallet.suppliers
        )
        for position in positions
    )
    ties = sum(TIE in (before, after) for before, after, _uid in moves)
    if beyond:
        yield plural(
            "In {n} wallet, we and the named suppliers sell more than its total. Check the amounts.",
            "In {n} wallets, we and the named suppliers sell more than the total. Check the amounts.",
            beyond,
        )
    if unpriced:
        yield plural(
            "In {n} wallet, our sales have no known amount or no exchange rate, so our share is left out.",
            "In {n} wallets, our sales have no known amount or no exchange rate, so our share is left out.",
            unpriced,
        )
    if foreign:
        yield plural(
            "In {n} wallet, suppliers' amounts have no exchange rate and are left out.",
            "In {n} wallets, suppliers' amounts have no exchange rate and are left out.",
            foreign,
        )
    if ties:
        yield plural(
            "In {n} wallet, several suppliers are tied for first place, so there is no main supplier.",
            "In {n} wallets, several suppliers are tied for first place, so there is no main supplier.",
            ties,
        )


def _name(supplier: str) -> str:
    return _("(tie)") if supplier == TIE else supplier or _("ours")


def _no_wallets() -> str:
    return _("No wallet names a supplier.")


def _figures(positions: list[WalletPosition]) -> tuple[Figure, Figure]:
    by_customer: defaultdict[str, set[str]] = defaultdict(set)
    for name, uids in supply(positions).customers.items():
        for uid in uids:
            by_customer[uid].add(name)
    multi_sourced = [uid for uid, names in by_customer.items() if len(names) > 1]
    rivals = {supplier.name for position in positions for supplier in position.wallet.suppliers}
    return (
        proportion(
            "multi_sourcing",
            _("Several suppliers"),
            len(multi_sourced),
            len(by_customer),
            note=_no_wallets(),
            why=_(
                "customers with two or more suppliers, including us / customers whose wallet "
                "names a supplier or includes our sales = {k} / {n}"
            ),
            opens=customers(multi_sourced),
            top=True,
        ),
        Figure(
            key="suppliers",
            label=_("Competitors named"),
            value=len(rivals),
            unit=COUNT,
            why=_(
                "{n} different suppliers, excluding us, in the {wallets} latest wallets of customers"
            ).format(n=len(rivals), wallets=len(positions)),
            opens=Opens(
                "wallets", tuple(position.wallet.uid for position in positions if position.wallet.suppliers)
            ),
            top=True,
        ),
    )


def _table(data: SalesData, now: Supply, earlier: Supply) -> Table:
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
                    data.money(now.amounts[name]) if now.amounts[name] else None,
                    share if now.amounts[name] else None,
                    before,
                    change,
                ),
                Opens("wallets", tuple(now.wallets.get(name, ()))),
                _("{part} of {total}, the total of all named suppliers").format(
                    part=f"{data.money(now.amounts[name]):,}", total=f"{data.money(now.total):,}"
                ),
            )
        )
    return Table(
        key="suppliers",
        label=_("Suppliers of our customers"),
        columns=(
            Column("supplier", _("Supplier")),
            Column("customers", _("Customers"), COUNT),
            Column("amount", _("Sales"), MONEY),
            Column("share", _("Share"), SHARE),
            Column("before", _("Previous"), SHARE),
            Column("change", _("Change (points)"), SHARE),
        ),
        rows=tuple(rows),
        empty=_no_wallets(),
        note=_("Shares are of the total of all named suppliers; spend without a named supplier is left out."),
    )


def _bars(now: Supply) -> Bars:
    ranked = now.amounts.most_common(10)
    bars = tuple(Bar(_name(name), amount / now.total, 1.0) for name, amount in ranked)
    return Bars(key="suppliers", label=_("Share by supplier"), unit=SHARE, bars=bars, empty=_no_wallets())


def main_supplier(position: WalletPosition) -> str | None:
    """Return the main supplier of a wallet: by amount if that decides it, otherwise by rank.

    If all others are ranked, the remaining rank is ours. TIE if several share the first place; None if unknown.
    """
    amounts = {OURS: position.ours, **position.rivals} if position.ours > 0 else dict(position.rivals)
    own_rank = our_rank(position.wallet)
    if (
        amounts
        and not position.unpriced
        and (position.rivals or own_rank is None)
        and _decides(position, amounts)
    ):
        return _leader([(-amount, name) for name, amount in amounts.items()])
    ranked = [
        (supplier.rank, supplier.name) for supplier in position.wallet.suppliers if supplier.rank is not None
    ]
    if own_rank is not None:
        ranked.append((own_rank, OURS))
    return _leader(ranked) if ranked else None


def _decides(position: WalletPosition, amounts: Mapping[str, int]) -> bool:
    """Return whether the amounts decide: no supplier with an unknown amount can sell more than the largest."""
    if not position.vague:
        return True
    return position.total is not None and max(amounts.values()) > position.total - sum(amounts.values())


def _leader(ranked: Sequence[tuple[int, str]]) -> str:
    """Return the name with the lowest rank; TIE if several have it."""
    lowest = min(rank for rank, _name in ranked)
    leaders = [name for rank, name in ranked if rank == lowest]
    return leaders[0] if len(leaders) == 1 else TIE


def main_moves(wallets: Wallets) -> list[tuple[str, str, str]]:
    """Return (main supplier before, after, uid of the later wallet); spend covered by two wallets counts once."""
    moves = []
    pairs = wallets.pairs()
    nested = without_overlaps([later for _earlier, later in pairs]).nested
    for earlier, later in pairs:
        before, after = main_supplier(earlier), main_supplier(later)
        if before is not None and after is not None and later.wallet.uid not in nested:
            moves.append((before, after, later.wallet.uid))
    return moves


def _one_period() -> str:
    return _("No customer has wallets for two periods with a known main supplier.")


def _switching_figures(matrix: Switching, moves: list[tuple[str, str, str]]) -> tuple[Figure, Figure]:
    won = sum(after == OURS and before != OURS for before, after, _uid in moves)
    lost = sum(before == OURS and after != OURS for before, after, _uid in moves)
    switched = [uid for before, after, uid in moves if before != after]
    return (
        Figure(
            key="switching.n",
            label=_("Wallets known for two periods"),
            value=matrix.n,
            unit=COUNT,
            note="" if matrix.n else _one_period(),
            why=_("{moved} of {n} wallets changed their main supplier from one period to the next").format(
                moved=len(switched), n=matrix.n
            ),
            opens=Opens("wallets", tuple(switched)),
        ),
        Figure(
            key="switching.net",
            label=_("Net main supplier wins"),
            value=won - lost if matrix.n else None,
            unit=COUNT,
            n=matrix.n,
            note="" if matrix.n else _one_period(),
            why=_(
                "wallets where we became the main supplier - wallets where we no longer are = {won} - {lost}"
            ).format(won=won, lost=lost),
            opens=Opens("wallets", tuple(uid for a, b, uid in moves if a != b and OURS in (a, b))),
            top=True,
        ),
    )


def _switching_table(matrix: Switching, moves: list[tuple[str, str, str]]) -> Table:
    rows = []
    for index, name in enumerate(matrix.names):
        row_shares, counts = matrix.rows[index], matrix.counts[index]
        band = wilson(counts[index], sum(counts))
        rows.append(
            Row(
                (
                    _name(name),
                    sum(matrix.counts[index]),
                    None if row_shares is None else row_shares[index],
                    matrix.net[index],
                    None if matrix.stationary is None else matrix.stationary[index],
                    counts[index],
                    band.low if band else None,
                    band.high if band else None,
                ),
                Opens("wallets", tuple(uid for before, after, uid in moves if name in (before, after))),
            )
        )
    return Table(
        key="switching",
        label=_("Main supplier changes between periods"),
        columns=(
            Column("supplier", _("Supplier")),
            Column("before", _("Previous"), COUNT),
            Column("stayed", _("Stayed"), SHARE),
            Column("net", _("Net"), COUNT),
            Column("stationary", _("Long-term share"), SHARE),
            Column("stayed_k", _("Stayed (number)"), COUNT),
            Column("low", _("From"), SHARE),
            Column("high", _("To"), SHARE),
        ),
        rows=tuple(rows),
        empty=_one_period(),
        note=_(
            "Main supplier: the largest by amount, otherwise by rank; unknown if a supplier "
            "without an amount could be larger. From and To: 95 % interval of Stayed."
        ),
    )


def _matrix_table(matrix: Switching, moves: list[tuple[str, str, str]]) -> Table:
    """Build the switching matrix as a table with one row per observed transition."""
    wallets: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for before, after, uid in moves:
        wallets[before, after].append(uid)
    rows = []
    for row, before in enumerate(matrix.names):
        total = sum(matrix.counts[row])
        for column, after in enumerate(matrix.names):
            if count := matrix.counts[row][column]:
                cells = (_name(before), _name(after), count, total, count / total)
                rows.append(Row(cells, Opens("wallets", tuple(wallets[before, after]))))
    return Table(
        key="switching_matrix",
        label=_("Main supplier switches"),
        columns=(
            Column("from", _("From")),
            Column("to", _("To")),
            Column("wallets", _("Wallets"), COUNT),
            Column("of", _("Of"), COUNT),
            Column("share", _("Share"), SHARE),
        ),
        rows=tuple(rows),
        empty=_one_period(),
    )


def _switching_grid(matrix: Switching) -> Grid:
    names = tuple(map(_name, matrix.names))
    cells = tuple(tuple(row) if row is not None else (None,) * len(names) for row in matrix.rows)
    return Grid(
        key="switching",
        label=_("Main supplier, from (row) to (column)"),
        unit=SHARE,
        rows=names,
        columns=names,
        cells=cells,
        empty=_one_period(),
    )
