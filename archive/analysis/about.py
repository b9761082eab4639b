"""Insights about one customer, one line each with the reason, for the customer card and the profile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from archive.analysis.churn.backtest import BacktestResult, cached_backtest, why_hidden
from archive.analysis.churn.buying import PurchaseData, histories, purchase_data_of
from archive.analysis.churn.model import FittedModel, fit_model
from archive.analysis.churn.overdue import AHEAD, alive, alive_words, chances
from archive.analysis.churn.tenure import lost_customers, tenures_of
from archive.analysis.common.insight import WARN, Insight
from archive.analysis.common.pending import Pending, contracts_line, offers_line, pending
from archive.analysis.dataset import SalesData
from archive.analysis.maths.concentration import abc
from archive.analysis.money import to_decimal
from archive.analysis.request import ReportRequest
from archive.analysis.share.sales import period_sales
from archive.analysis.share.wallets import WalletPosition, Wallets
from archive.text import _

__all__ = ["Insight", "Overview", "about", "overview"]

BEFORE = 14  # days before today, for the comparison of chances
LEAST_CHANGE = 0.05  # smallest change in a chance that is mentioned
MODEL, PRIOR = "mbg/cnbd-k", "weak"


class Rank(NamedTuple):
    """The rank of a customer by revenue, the share of revenue, and the ABC class."""

    place: int
    share: float
    group: str


class Overview(NamedTuple):
    """Statistics of all customers, on which the insights are based; calculated once, in the background."""

    as_of: date
    ranks: Mapping[str, Rank]
    purchases: PurchaseData
    expected: Mapping[str, float]  # days between purchases by customer, lost customers excluded
    model: FittedModel
    backtest: BacktestResult
    chances: Mapping[str, float]  # of an order within 90 days; empty if the back-test does not hold
    chances_before: Mapping[str, float]
    alive: Mapping[str, float]
    wallets: Mapping[str, list[WalletPosition]]
    pending: Pending
    currency: str


def overview(data: SalesData, request: ReportRequest) -> Overview:
    """Calculate the statistics of all customers."""
    day = request.as_of.toordinal()
    purchase_data = purchase_data_of(data, day)
    tenures = tenures_of(data, request.as_of, purchase_data.days).all
    lost = lost_customers(tenures, day)
    request.step(0.3)
    model = fit_model(data, request.as_of, MODEL, PRIOR, purchase_data)
    request.step(0.5)
    backtest = cached_backtest(data, request, purchase_data.days, tenures, model)
    request.step(0.8)
    before = histories(purchase_data.days, day - BEFORE) if backtest.holds else {}
    wallets: dict[str, list[WalletPosition]] = {}
    for position in Wallets(data, request).latest():
        wallets.setdefault(position.wallet.customer.uid, []).append(position)
    return Overview(
        as_of=request.as_of,
        ranks=_ranks(data, request),
        purchases=purchase_data,
        expected=purchase_data.gaps.expected(lost),
        model=model,
        backtest=backtest,
        chances=chances(model, purchase_data.histories) if backtest.holds else {},
        chances_before=chances(model, before),
        alive=alive(model, purchase_data.histories),
        wallets=wallets,
        pending=pending(data, request),
        currency=data.currency,
    )


def _ranks(data: SalesData, request: ReportRequest) -> dict[str, Rank]:
    revenue = period_sales(data, request).positive
    total = sum(revenue.values())
    classes = abc(revenue.values()) or []
    return {
        uid: Rank(rank, value / total, group)
        for rank, ((uid, value), group) in enumerate(zip(revenue.items(), classes, strict=True), 1)
    }


def about(overview: Overview, uid: str) -> list[Insight]:
    """Return the insights about a customer; insights without data are omitted."""
    insights = [
        _rank(overview, uid),
        *(_wallet(overview, position) for position in overview.wallets.get(uid, ())),
        _activity(overview, uid),
        contracts_line(overview.pending, uid),
        offers_line(overview.pending, uid),
    ]
    return [insight for insight in insights if insight]


def _rank(overview: Overview, uid: str) -> Insight | None:
    rank = overview.ranks.get(uid)
    if rank is None:
        return None
    text = _("{share:.1f} % (rank {place} of {n}, class {group})").format(
        share=100 * rank.share, place=rank.place, n=len(overview.ranks), group=rank.group
    )
    why = _(
        "orders minus returns in the last 12 months; class A: the largest customers, with "
        "80 % of revenue; B: up to 95 %"
    )
    return Insight(_("Revenue share"), text, "", why, "share")


def _wallet(overview: Overview, position: WalletPosition) -> Insight | None:
    if position.is_foreign:
        text = _("unknown: no exchange rate for the wallet in {currency}").format(
            currency=position.wallet.currency
        )
        why = _("{category}: {total} {currency} from {start} to {end}").format(
            category=position.wallet.category,
            total=f"{position.wallet.total:,}",
            currency=position.wallet.currency,
            start=position.wallet.period_from or "-",
            end=position.wallet.period_to or "-",
        )
        return Insight(_("Our share"), text, "", why, "share")
    if position.share is None or position.total is None:
        return None
    sign = " !" if position.stale else ""
    text = _("{share:.0f} %{sign} of their {category}, {elsewhere} spent elsewhere").format(
        share=100 * position.share,
        sign=sign,
        category=position.wallet.category,
        elsewhere=f"{to_decimal(max(0, position.headroom or 0), overview.currency):,.0f} {overview.currency}",
    )
    why = _("our sales in the wallet's period / wallet = {ours} / {total}").format(
        ours=f"{to_decimal(position.ours, overview.currency):,}",
        total=f"{to_decimal(position.total, overview.currency):,}",
    )
    return Insight(_("Our share"), text, WARN if position.stale else "", why, "share")


def _activity(overview: Overview, uid: str) -> Insight | None:
    """Return the last order and the chance of the next; None if the customer is lost or has no expected gap."""
    days, expected = overview.purchases.days.get(uid), overview.expected.get(uid)
    if not days or expected is None:
        return None
    elapsed = overview.as_of.toordinal() - days[-1]
    chance = overview.chances.get(uid)
    text = _("last order {days} days ago, usually every {gap:.0f}").format(days=elapsed, gap=expected)
    if chance is not None:
        likelihood = _("likely to order within {ahead} days: {chance:.0f} %").format(
            ahead=AHEAD, chance=100 * chance
        )
        text = f"{text}; {likelihood}{_trend(chance, overview.chances_before.get(uid))}"
    return Insight(_("Activity"), text, WARN if elapsed > expected else "", _why(overview, uid), "churn")


def _why(overview: Overview, uid: str) -> str:
    usual = _("usual: geometric mean of the customer's gaps and two gaps of the archive's median")
    model = overview.model
    if overview.chances:
        basis = _(
            "the likelihood is a model's estimate ({name}, fitted {day} on {n} customers), not a certainty"
        ).format(name=model.name.upper(), day=model.on, n=model.n)
    else:
        basis = _("no likelihood is shown: {reason}").format(reason=why_hidden(overview.backtest))
    return f"{usual}; {basis}{alive_words(overview.alive.get(uid), model)}"


def _trend(now: float, before: float | None) -> str:
    if before is None or abs(now - before) < LEAST_CHANGE:
        return ""
    sign = "▼" if now < before else "▲"
    return _(" {sign} from {before:.0f} % {days} d ago").format(sign=sign, before=100 * before, days=BEFORE)
