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
from archive.analysis.share.sales import Bought, Sales
from archive.analysis.share.wallet_notes import no_share, wallet_notes, wallets_left_out
from archive.analysis.share.wallets import Counted, Held, Wallets, counted, seen
from archive.text import _

KEYS = ("share.total", "share.coverage", "share.headroom", "share.coverage_revenue")
HALF = 0.5  # share that separates the quadrants left and right
SHOWN = 12  # wallets in the chart of suppliers


def share_of_wallet(data: SalesData, request: ReportRequest, wallets: Wallets, sales: Sales) -> Section:
    """Build the section on share of wallet and its coverage."""
    found = sorted(wallets.latest(), key=lambda h: (-(h.headroom or 0), h.wallet.uid))
    whole = counted(found)
    return Section(
        figures=_figures(
            data, sales.now, whole, _ratio(counted(wallets.latest(request.before().end)).wallets)
        ),
        tables=(_table(data, request, found, whole.nested),),
        pictures=(_suppliers(data, found), _quadrants(data, found)),
        notes=tuple(wallet_notes(found, whole)),
    )


def _known(found: list[Held]) -> list[Held]:
    """Return the wallets with an entered total; totals derived from our own rank prove nothing."""
    return [h for h in found if h.is_known]


def _ratio(found: list[Held]) -> float | None:
    known = _known(found)
    total = sum(h.total or 0 for h in known)
    return sum(h.ours for h in known) / total if total else None


def _figures(data: SalesData, now: Bought, whole: Counted, before: float | None) -> tuple[Figure, ...]:
    share, elsewhere = _spending(data, whole, before)
    covered = {h.wallet.customer.uid for h in _known(whole.wallets)}
    return share, *_coverage(data, now, covered), elsewhere


def _spending(data: SalesData, whole: Counted, before: float | None) -> tuple[Figure, Figure]:
    """Return the figures of our share of wallet and of spend with others."""
    known = _known(whole.wallets)
    ours, total = sum(h.ours for h in known), sum(h.total or 0 for h in known)
    elsewhere = sum(h.headroom or 0 for h in known)
    reason = "" if total else no_share(whole.wallets)
    wallets = Opens("wallets", tuple(h.wallet.uid for h in known))
    sums = {"ours": f"{data.money(ours):,}", "total": f"{data.money(total):,}"}
    share = Figure(
        key="share.total",
        label=_("Our share of wallet"),
        value=_ratio(known),
        unit=SHARE,
        n=len(known),
        before=before,
        note=reason,
        omitted=wallets_left_out(whole),
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
        ).format(n=len(known), elsewhere=f"{data.money(elsewhere):,}", stale=sum(h.stale for h in known)),
        opens=wallets,
        top=True,
    )
    return share, headroom


def _coverage(data: SalesData, now: Bought, covered: set[str]) -> tuple[Figure, Figure]:
    """Return the coverage: the share of buyers, and of revenue, with a known wallet."""
    revenue = sum(now.positive.values())
    of_covered = sum(value for uid, value in now.positive.items() if uid in covered)
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
        value=of_covered / revenue if revenue else None,
        unit=SHARE,
        n=len(now.positive),
        note="" if revenue else _("There was no revenue in the period."),
        why=_(
            "revenue of customers with a known wallet / revenue, both without customers who returned more than they "
            "bought = {part} / {all}"
        ).format(part=f"{data.money(of_covered):,}", all=f"{data.money(revenue):,}"),
        opens=customers(uid for uid in now.positive if uid in covered),
    )
    return by_customer, by_revenue


def _table(data: SalesData, request: ReportRequest, found: list[Held], nested: Mapping[str, str]) -> Table:
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
        rows=tuple(_row(data, request, h, nested.get(h.wallet.uid, "")) for h in found),
        note=_("A wallet whose period is not over counts in proportion to its days up to the report date."),
        empty=_("There are no wallets. Add a customer's total spend in a category, with all suppliers."),
    )


def _row(data: SalesData, request: ReportRequest, h: Held, outer: str) -> Row:
    total, headroom = h.total, h.headroom
    cells = (
        _name(data, h),
        h.wallet.category,
        None if h.unpriced else data.money(h.ours),
        None if total is None else data.money(total),
        h.share,
        None if headroom is None else data.money(headroom),
        "; ".join(filter(None, (_nested(outer), _remark(data, h) or _ended(request, h)))),
    )
    opens = Opens("transactions", h.sales) if h.sales else Opens("wallets", (h.wallet.uid,))
    return Row(cells, opens, _why(data, request, h))


def _name(data: SalesData, h: Held) -> str:
    return data.names.get(h.wallet.customer.uid, h.wallet.customer.name)


def _labels(data: SalesData, found: list[Held]) -> list[str]:
    """Return chart labels of the wallets, with the category for customers who have several."""
    several = Counter(h.wallet.customer.uid for h in found)
    return [
        _("{name}: {category}").format(name=_name(data, h), category=h.wallet.category)
        if several[h.wallet.customer.uid] > 1
        else _name(data, h)
        for h in found
    ]


def _nested(outer: str) -> str:
    return _("included in {category}").format(category=outer) if outer else ""


def _remark(data: SalesData, h: Held) -> str:
    if h.stale:
        return _("! over 100 %: the total is out of date")
    if h.excess:
        return _("! we and the named suppliers exceed the total by {amount}").format(
            amount=f"{data.money(h.excess):,}"
        )
    if h.estimated:
        return _("estimated from our rank among {n} suppliers").format(n=len(h.wallet.suppliers) + 1)
    if h.total == 0:
        return _("no spend")
    if h.is_foreign:
        return _("no exchange rate for {currency}").format(currency=h.wallet.currency)
    if h.unpriced:
        return _("amount of our sales unknown")
    return "" if h.total else _("neither total nor rank known")


def _ended(request: ReportRequest, h: Held) -> str:
    """Return a remark if the latest wallet ended before the period's end."""
    until = h.wallet.period_to
    return _("wallet until {day}").format(day=until) if until and until < request.end else ""


def _why(data: SalesData, request: ReportRequest, h: Held) -> str:
    if h.estimated:
        return _(
            "share by the wallet allocation rule: (1 - rank / (brands + 1)) * 2 / brands with "
            "{n} brands = {share:.1%}; wallet = our sales / share"
        ).format(n=len(h.wallet.suppliers) + 1, share=h.share)
    if not h.is_known:
        return _remark(data, h)
    said = _("our sales from {start} to {end} / wallet = {ours} / {total}; source: {source}").format(
        start=h.wallet.period_from or "-",
        end=h.wallet.period_to or "-",
        ours=f"{data.money(h.ours):,}",
        total=f"{data.money(h.total or 0):,}",
        source=h.wallet.source or "-",
    )
    said = "; ".join(filter(None, (said, _rate(data, h))))
    passed = seen(h.wallet, request.end)
    if passed == 1:
        return said
    part = _("wallet for its whole period: {whole} {currency}; {part:.0%} of its days have passed by {day}")
    return f"{said}\n\n" + part.format(
        whole=f"{h.wallet.total:,}", currency=h.wallet.currency, part=float(passed), day=request.end
    )


def _rate(data: SalesData, h: Held) -> str:
    """Return the rate at which a wallet in another currency is converted, as text; "" if not converted."""
    currency, first = h.wallet.currency, h.wallet.period_from
    if not first or not currency or currency == data.currency:
        return ""
    rate = data.rate(currency, first)
    return _("amounts in {currency} are converted at {rate}, the exchange rate on {day}").format(
        currency=currency, rate=rate, day=first
    )


def _suppliers(data: SalesData, found: list[Held]) -> Stacked:
    """Build the chart of spend by supplier for the largest wallets in headroom: us, rivals, and unnamed."""
    shown = [h for h in _known(found) if h.ours >= 0][:SHOWN]
    return Stacked(
        key="suppliers",
        label=_("Largest growth opportunities by supplier"),
        unit=MONEY,
        empty=_("There is no wallet with a known total."),
        stacks=tuple(
            Stack(name, _parts(data, h)) for name, h in zip(_labels(data, shown), shown, strict=True)
        ),
    )


def _parts(data: SalesData, h: Held) -> tuple[Part, ...]:
    rest = (h.total or 0) - h.ours - sum(h.rivals.values())
    named = [(_("ours"), h.ours), *h.rivals.items(), (_("unnamed"), max(0, rest))]
    return tuple(Part(name, float(data.money(value))) for name, value in named if value > 0)


def _quadrants(data: SalesData, found: list[Held]) -> Quadrants:
    known = [h for h in _known(found) if h.share is not None]
    middle = median(h.total or 0 for h in known) or 0.0
    return Quadrants(
        key="quadrants",
        label=_("Share of wallet by wallet size"),
        empty=_("There is no wallet with a known total."),
        dots=tuple(
            Dot(name, h.share or 0.0, float(data.money(h.total or 0)), float(h.total or 0))
            for name, h in zip(_labels(data, known), known, strict=True)
        ),
        split_x=HALF,
        split_y=float(data.money(round(middle))),
        names=(_("grow"), _("defend"), _("harvest"), _("maintain")),
        x_label=_("our share"),
        y_label=_("wallet"),
    )
