"""Insights about one customer, one line each with the reason, for the customer card and the profile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from archive.analysis.churn.backtest import BacktestResult, cached_backtest, why_hidden
from archive.analysis.churn.buying import PurchaseData, histories, purchase_data_of
from archive.analysis.churn.model import Fitted, fitted
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
MOVED = 0.05  # smallest change in a chance that is mentioned
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
    model: Fitted
    verdict: BacktestResult
    chances: Mapping[str, float]  # of an order within 90 days; empty if the back-test does not hold
    chances_before: Mapping[str, float]
    alive: Mapping[str, float]
    wallets: Mapping[str, list[WalletPosition]]
    pending: Pending
    currency: str


def overview(data: SalesData, request: ReportRequest) -> Overview:
    """Calculate the statistics of all customers."""
    day = request.as_of.toordinal()
    found = purchase_data_of(data, day)
    everyone = tenures_of(data, request.as_of, found.days).all
    lost = lost_customers(everyone, day)
    request.step(0.3)
    model = fitted(data, request.as_of, MODEL, PRIOR, found)
    request.step(0.5)
    verdict = cached_backtest(data, request, found.days, everyone, model)
    request.step(0.8)
    before = histories(found.days, day - BEFORE) if verdict.holds else {}
    wallets: dict[str, list[WalletPosition]] = {}
    for held in Wallets(data, request).latest():
        wallets.setdefault(held.wallet.customer.uid, []).append(held)
    return Overview(
        as_of=request.as_of,
        ranks=_ranks(data, request),
        purchases=found,
        expected=found.gaps.expected(lost),
        model=model,
        verdict=verdict,
        chances=chances(model, found.histories) if verdict.holds else {},
        chances_before=chances(model, before),
        alive=alive(model, found.histories),
        wallets=wallets,
        pending=pending(data, request),
        currency=data.currency,
    )


def _ranks(data: SalesData, request: ReportRequest) -> dict[str, Rank]:
    revenue = period_sales(data, request).positive
    total = sum(revenue.values())
    classes = abc(revenue.values()) or []
    return {
        uid: Rank(place, value / total, group)
        for place, ((uid, value), group) in enumerate(zip(revenue.items(), classes, strict=True), 1)
    }


def about(known: Overview, uid: str) -> list[Insight]:
    """Return the insights about a customer; insights without data are omitted."""
    found = [
        _rank(known, uid),
        *(_wallet(known, held) for held in known.wallets.get(uid, ())),
        _leaving(known, uid),
        contracts_line(known.pending, uid),
        offers_line(known.pending, uid),
    ]
    return [insight for insight in found if insight]


def _rank(known: Overview, uid: str) -> Insight | None:
    rank = known.ranks.get(uid)
    if rank is None:
        return None
    text = _("{share:.1f} % (rank {place} of {n}, class {group})").format(
        share=100 * rank.share, place=rank.place, n=len(known.ranks), group=rank.group
    )
    why = _(
        "orders minus returns in the last 12 months; class A: the largest customers, with "
        "80 % of revenue; B: up to 95 %"
    )
    return Insight(_("Revenue share"), text, "", why, "share")


def _wallet(known: Overview, held: WalletPosition) -> Insight | None:
    if held.is_foreign:
        text = _("unknown: no exchange rate for the wallet in {currency}").format(
            currency=held.wallet.currency
        )
        why = _("{category}: {total} {currency} from {start} to {end}").format(
            category=held.wallet.category,
            total=f"{held.wallet.total:,}",
            currency=held.wallet.currency,
            start=held.wallet.period_from or "-",
            end=held.wallet.period_to or "-",
        )
        return Insight(_("Our share"), text, "", why, "share")
    if held.share is None or held.total is None:
        return None
    sign = " !" if held.stale else ""
    text = _("{share:.0f} %{sign} of their {category}, {elsewhere} spent elsewhere").format(
        share=100 * held.share,
        sign=sign,
        category=held.wallet.category,
        elsewhere=f"{to_decimal(max(0, held.headroom or 0), known.currency):,.0f} {known.currency}",
    )
    why = _("our sales in the wallet's period / wallet = {ours} / {total}").format(
        ours=f"{to_decimal(held.ours, known.currency):,}", total=f"{to_decimal(held.total, known.currency):,}"
    )
    return Insight(_("Our share"), text, WARN if held.stale else "", why, "share")


def _leaving(known: Overview, uid: str) -> Insight | None:
    """Return the last order and the chance of the next; None if the customer is lost or has no expected gap."""
    days, expected = known.purchases.days.get(uid), known.expected.get(uid)
    if not days or expected is None:
        return None
    silent = known.as_of.toordinal() - days[-1]
    chance = known.chances.get(uid)
    text = _("last order {days} days ago, usually every {gap:.0f}").format(days=silent, gap=expected)
    if chance is not None:
        likely = _("likely to order within {ahead} days: {chance:.0f} %").format(
            ahead=AHEAD, chance=100 * chance
        )
        text = f"{text}; {likely}{_trend(chance, known.chances_before.get(uid))}"
    return Insight(_("Activity"), text, WARN if silent > expected else "", _why(known, uid), "churn")


def _why(known: Overview, uid: str) -> str:
    usual = _("usual: geometric mean of the customer's gaps and two gaps of the archive's median")
    model = known.model
    if known.chances:
        basis = _(
            "the likelihood is a model's estimate ({name}, fitted {day} on {n} customers), not a certainty"
        ).format(name=model.name.upper(), day=model.on, n=model.n)
    else:
        basis = _("no likelihood is shown: {reason}").format(reason=why_hidden(known.verdict))
    return f"{usual}; {basis}{alive_words(known.alive.get(uid), model)}"


def _trend(now: float, before: float | None) -> str:
    if before is None or abs(now - before) < MOVED:
        return ""
    sign = "▼" if now < before else "▲"
    return _(" {sign} from {before:.0f} % {days} d ago").format(sign=sign, before=100 * before, days=BEFORE)
