"""The section on share of wallet: figures, wallets, and the quadrants defend, grow, maintain and harvest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from archive.analysis.common.result import Section, customers, proportion
from archive.analysis.dataset import SalesData
from archive.analysis.maths.quantiles import median
from archive.analysis.pictures import Dot, Part, Quadrants, Stack, Stacked
from archive.analysis.report import MONEY, SHARE, Column, Figure, Opens, Row, Table
from archive.analysis.request import ReportRequest
from archive.analysis.share.sales import PeriodSales, Sales
from archive.analysis.share.wallet_notes import no_share, wallet_notes, wallets_left_out
from archive.analysis.share.wallets import (
    DistinctWallets,
    WalletPosition,
    Wallets,
    elapsed_part,
    without_overlaps,
)
from archive.text import _

KEYS = ("share.total", "share.coverage", "share.headroom", "share.coverage_revenue")
HALF = 0.5  # share that separates the quadrants left and right
SHOWN = 12  # wallets in the chart of suppliers


def share_of_wallet(data: SalesData, request: ReportRequest, wallets: Wallets, sales: Sales) -> Section:
    """Build the section on share of wallet and its coverage."""
    positions = sorted(
        wallets.latest(), key=lambda position: (-(position.headroom or 0), position.wallet.uid)
    )
    distinct = without_overlaps(positions)
    return Section(
        figures=_figures(
            data, sales.now, distinct, _ratio(without_overlaps(wallets.latest(request.before().end)).wallets)
        ),
        tables=(_table(data, request, positions, distinct.nested),),
        pictures=(_suppliers(data, positions), _quadrants(data, positions)),
        notes=tuple(wallet_notes(positions, distinct)),
    )


def _known(positions: list[WalletPosition]) -> list[WalletPosition]:
    """Return the wallets with an entered total; totals derived from our own rank prove nothing."""
    return [position for position in positions if position.is_known]


def _ratio(positions: list[WalletPosition]) -> float | None:
    known = _known(positions)
    total = sum(position.total or 0 for position in known)
    return sum(position.ours for position in known) / total if total else None


def _figures(
    data: SalesData, now: PeriodSales, distinct: DistinctWallets, before: float | None
) -> tuple[Figure, ...]:
    share, elsewhere = _spending(data, distinct, before)
    covered = {position.wallet.customer.uid for position in _known(distinct.wallets)}
    return share, *_coverage(data, now, covered), elsewhere


def _spending(data: SalesData, distinct: DistinctWallets, before: float | None) -> tuple[Figure, Figure]:
    """Return the figures of our share of wallet and of spend with others."""
    known = _known(distinct.wallets)
    ours, total = sum(position.ours for position in known), sum(position.total or 0 for position in known)
    elsewhere = sum(position.headroom or 0 for position in known)
    reason = "" if total else no_share(distinct.wallets)
    wallets = Opens("wallets", tuple(position.wallet.uid for position in known))
    sums = {"ours": f"{data.money(ours):,}", "total": f"{data.money(total):,}"}
    share = Figure(
        key="share.total",
        label=_("Our share of wallet"),
        value=_ratio(known),
        unit=SHARE,
        n=len(known),
        before=before,
        note=reason,
        omitted=wallets_left_out(distinct),
        why=_(
            "our sales in each wallet's category and period / total of the wallets = {ours} / {total}"
        ).format(**sums),
        opens=wallets,
        top=True,
    )
    headroom = Figure(
        key="share.headroom",
        label=_("Spent elsewhere"),
        value=data.money(elsewhere) if total else None,
        unit=MONEY,
        n=len(known),
        note=reason,
        omitted=share.omitted,
        why=_(
            "sum of (wallet - our sales), if positive, over {n} wallets = {elsewhere}; "
            "{stale} wallets are smaller than our sales"
        ).format(
            n=len(known),
            elsewhere=f"{data.money(elsewhere):,}",
            stale=sum(position.stale for position in known),
        ),
        opens=wallets,
        top=True,
    )
    return share, headroom


def _coverage(data: SalesData, now: PeriodSales, covered: set[str]) -> tuple[Figure, Figure]:
    """Return the coverage: the share of buyers, and of revenue, with a known wallet."""
    revenue = sum(now.positive.values())
    covered_revenue = sum(value for uid, value in now.positive.items() if uid in covered)
    buyers = [uid for uid in now.purchases if uid in covered]
    by_customer = proportion(
        "share.coverage",
        _("Known wallets"),
        len(buyers),
        len(now.purchases),
        note=_("There were no purchases in the period."),
        why=_("buyers with a known wallet / buyers = {k} / {n}"),
        opens=customers(buyers),
        top=True,
    )
    by_revenue = Figure(
        key="share.coverage_revenue",
        label=_("Revenue from customers with a known wallet"),
        value=covered_revenue / revenue if revenue else None,
        unit=SHARE,
        n=len(now.positive),
        note="" if revenue else _("There was no revenue in the period."),
        why=_(
            "revenue of customers with a known wallet / revenue, both without customers who returned more than they "
            "bought = {part} / {all}"
        ).format(part=f"{data.money(covered_revenue):,}", all=f"{data.money(revenue):,}"),
        opens=customers(uid for uid in now.positive if uid in covered),
    )
    return by_customer, by_revenue


def _table(
    data: SalesData, request: ReportRequest, positions: list[WalletPosition], nested: Mapping[str, str]
) -> Table:
    return Table(
        key="wallets",
        label=_("Wallets by growth opportunity"),
        columns=(
            Column("customer", _("Customer")),
            Column("category", _("Category")),
            Column("ours", _("Our sales"), MONEY),
            Column("wallet", _("Wallet"), MONEY),
            Column("share", _("Share"), SHARE),
            Column("headroom", _("Elsewhere"), MONEY),
            Column("remark", _("Remark")),
        ),
        rows=tuple(
            _row(data, request, position, nested.get(position.wallet.uid, "")) for position in positions
        ),
        note=_("A wallet whose period is not over counts in proportion to its days up to the report date."),
        empty=_("There are no wallets. Add a customer's total spend in a category, with all suppliers."),
    )


def _row(data: SalesData, request: ReportRequest, position: WalletPosition, outer: str) -> Row:
    total, headroom = position.total, position.headroom
    cells = (
        _name(data, position),
        position.wallet.category,
        None if position.unpriced else data.money(position.ours),
        None if total is None else data.money(total),
        position.share,
        None if headroom is None else data.money(headroom),
        "; ".join(filter(None, (_nested(outer), _remark(data, position) or _ended(request, position)))),
    )
    opens = (
        Opens("transactions", position.sales) if position.sales else Opens("wallets", (position.wallet.uid,))
    )
    return Row(cells, opens, _why(data, request, position))


def _name(data: SalesData, position: WalletPosition) -> str:
    return data.names.get(position.wallet.customer.uid, position.wallet.customer.name)


def _labels(data: SalesData, positions: list[WalletPosition]) -> list[str]:
    """Return chart labels of the wallets, with the category for customers who have several."""
    counts = Counter(position.wallet.customer.uid for position in positions)
    return [
        _("{name}: {category}").format(name=_name(data, position), category=position.wallet.category)
        if counts[position.wallet.customer.uid] > 1
        else _name(data, position)
        for position in positions
    ]


def _nested(outer: str) -> str:
    return _("included in {category}").format(category=outer) if outer else ""


def _remark(data: SalesData, position: WalletPosition) -> str:
    if position.stale:
        return _("! over 100 %: the total is out of date")
    if position.excess:
        return _("! we and the named suppliers exceed the total by {amount}").format(
            amount=f"{data.money(position.excess):,}"
        )
    if position.estimated:
        return _("estimated from our rank among {n} suppliers").format(n=len(position.wallet.suppliers) + 1)
    if position.total == 0:
        return _("no spend")
    if position.is_foreign:
        return _("no exchange rate for {currency}").format(currency=position.wallet.currency)
    if position.unpriced:
        return _("amount of our sales unknown")
    return "" if position.total else _("neither total nor rank known")


def _ended(request: ReportRequest, position: WalletPosition) -> str:
    """Return a remark if the latest wallet ended before the period's end."""
    until = position.wallet.period_to
    return _("wallet until {day}").format(day=until) if until and until < request.end else ""


def _why(data: SalesData, request: ReportRequest, position: WalletPosition) -> str:
    if position.estimated:
        return _(
            "share by the wallet allocation rule: (1 - rank / (brands + 1)) * 2 / brands with "
            "{n} brands = {share:.1%}; wallet = our sales / share"
        ).format(n=len(position.wallet.suppliers) + 1, share=position.share)
    if not position.is_known:
        return _remark(data, position)
    text = _("our sales from {start} to {end} / wallet = {ours} / {total}; source: {source}").format(
        start=position.wallet.period_from or "-",
        end=position.wallet.period_to or "-",
        ours=f"{data.money(position.ours):,}",
        total=f"{data.money(position.total or 0):,}",
        source=position.wallet.source or "-",
    )
    text = "; ".join(filter(None, (text, _rate(data, position))))
    elapsed = elapsed_part(position.wallet, request.end)
    if elapsed == 1:
        return text
    note = _("wallet for its whole period: {whole} {currency}; {part:.0%} of its days have passed by {day}")
    return f"{text}\n\n" + note.format(
        whole=f"{position.wallet.total:,}",
        currency=position.wallet.currency,
        part=float(elapsed),
        day=request.end,
    )


def _rate(data: SalesData, position: WalletPosition) -> str:
    """Return the rate at which a wallet in another currency is converted, as text; "" if not converted."""
    currency, first = position.wallet.currency, position.wallet.period_from
    if not first or not currency or currency == data.currency:
        return ""
    rate = data.rate(currency, first)
    return _("amounts in {currency} are converted at {rate}, the exchange rate on {day}").format(
        currency=currency, rate=rate, day=first
    )


def _suppliers(data: SalesData, positions: list[WalletPosition]) -> Stacked:
    """Build the chart of spend by supplier for the largest wallets in headroom: us, rivals, and unnamed."""
    largest = [position for position in _known(positions) if position.ours >= 0][:SHOWN]
    return Stacked(
        key="suppliers",
        label=_("Largest growth opportunities by supplier"),
        unit=MONEY,
        empty=_("There is no wallet with a known total."),
        stacks=tuple(
            Stack(name, _parts(data, position))
            for name, position in zip(_labels(data, largest), largest, strict=True)
        ),
    )


def _parts(data: SalesData, position: WalletPosition) -> tuple[Part, ...]:
    rest = (position.total or 0) - position.ours - sum(position.rivals.values())
    amounts = [(_("ours"), position.ours), *position.rivals.items(), (_("unnamed"), max(0, rest))]
    return tuple(Part(name, float(data.money(value))) for name, value in amounts if value > 0)


def _quadrants(data: SalesData, positions: list[WalletPosition]) -> Quadrants:
    known = [position for position in _known(positions) if position.share is not None]
    middle = median(position.total or 0 for position in known) or 0.0
    return Quadrants(
        key="quadrants",
        label=_("Share of wallet by wallet size"),
        empty=_("There is no wallet with a known total."),
        dots=tuple(
            Dot(
                name,
                position.share or 0.0,
                float(data.money(position.total or 0)),
                float(position.total or 0),
            )
            for name, position in zip(_labels(data, known), known, strict=True)
        ),
        split_x=HALF,
        split_y=float(data.money(round(middle))),
        names=(_("grow"), _("defend"), _("harvest"), _("maintain")),
        x_label=_("our share"),
        y_label=_("wallet"),
    )
