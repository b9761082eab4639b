"""At-risk customers: overdue for the next purchase, with the probability of another order."""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from archive.analysis.churn.backtest import BacktestResult, why_hidden
from archive.analysis.churn.buying import PurchaseData
from archive.analysis.churn.formatting import band, day_of, worth
from archive.analysis.churn.model import FittedModel
from archive.analysis.churn.overdue import AtRiskCustomer, alive_words, overdue
from archive.analysis.common.result import Section, customer, customers
from archive.analysis.dataset import SalesData
from archive.analysis.maths.proportions import Difference
from archive.analysis.report import DATE, DAYS, MONEY, NUMBER, SHARE, TEXT, Column, Figure, Row, Table
from archive.analysis.request import ReportRequest
from archive.model.summary import year_before
from archive.text import _

KEYS = ("silent", "gap.typical", "one_time")


def at_risk_section(
    data: SalesData,
    request: ReportRequest,
    purchase_data: PurchaseData,
    lost: Set[str],
    fitted_model: FittedModel,
    backtest: BacktestResult,
) -> Section:
    """List overdue customers, one-time buyers apart, sorted by the model if the back-test shows it is better."""
    current = {uid: history for uid, history in purchase_data.histories.items() if uid not in lost}
    typical = purchase_data.gaps.typical
    at_risk = overdue(request.as_of.toordinal(), purchase_data, lost, fitted_model)
    if backtest.is_better:
        at_risk.sort(key=lambda buyer: (buyer.chance is None, buyer.chance or 0.0, -buyer.overdue, buyer.uid))
    else:
        at_risk.sort(key=lambda buyer: (-buyer.elapsed, -buyer.overdue, buyer.uid))
    if not backtest.holds:
        at_risk = [buyer._replace(chance=None) for buyer in at_risk]
    repeat_buyers, one_time_buyers = (
        [buyer for buyer in at_risk if buyer.repeats],
        [buyer for buyer in at_risk if not buyer.repeats],
    )
    one_time = [uid for uid, history in current.items() if not history.repeats]
    titles = (
        ("silent", _("Inactive longer than usual")),
        ("silent_once", _("One-time buyers without a second order")),
    )
    return Section(
        figures=(
            _at_risk_figure(repeat_buyers, len(current) - len(one_time), typical),
            _typical(typical, purchase_data),
            _one_time(one_time, len(current)),
        ),
        tables=(
            _table(_rows(data, request, repeat_buyers, typical, fitted_model), *titles[0], _guess(backtest)),
            _table(
                _rows(data, request, one_time_buyers, typical, fitted_model),
                *titles[1],
                _once_note(fitted_model),
            ),
        ),
        notes=(_sorted_by(backtest), *_hidden(backtest)),
    )


def _at_risk_figure(at_risk: list[AtRiskCustomer], n: int, typical: float | None) -> Figure:
    low, high = band(len(at_risk), n)
    why = _(
        "days since the last purchase > usual gap, the geometric mean of the customer's "
        "gaps and two gaps of {typical} days, the archive's median"
    ).format(typical=typical)
    if low is not None:
        share = _(
            "{late} of {n} customers who bought more than once and are not lost; a share of {low:.0%} to {high:.0%}"
        )
        why = f"{why}: {share.format(late=len(at_risk), n=n, low=low, high=high)}"
    if at_risk:
        ratios = sorted(buyer.overdue for buyer in at_risk)
        numbers = _("their last purchase was {least:.1f} to {most:.1f} usual gaps ago, median {median:.1f}")
        middle = ratios[len(ratios) // 2]
        why = f"{why}; {numbers.format(least=ratios[0], most=ratios[-1], median=middle)}"
    return Figure(
        key="silent",
        label=_("Customers at risk"),
        value=len(at_risk) if typical is not None else None,
        n=n,
        note=_no_gap() if typical is None else "",
        why=why,
        opens=customers(buyer.uid for buyer in at_risk),
        top=True,
    )


def _no_gap() -> str:
    return _("No customer has bought twice yet.")


def _typical(typical: float | None, purchase_data: PurchaseData) -> Figure:
    n = sum(purchase_data.gaps.counts.values())
    why = _("median of all gaps between a customer's purchase days, including lost customers")
    if n:
        numbers = _("{n} gaps of {customers} customers, {least} to {most} days").format(
            n=n,
            customers=sum(map(bool, purchase_data.gaps.own.values())),
            least=min(purchase_data.gaps.counts),
            most=max(purchase_data.gaps.counts),
        )
        why = f"{why}: {numbers}"
    return Figure(
        key="gap.typical",
        label=_("Days between purchases (median)"),
        value=typical,
        unit=DAYS,
        n=n,
        note=_no_gap() if typical is None else "",
        why=why,
    )


def _one_time(uids: list[str], n: int) -> Figure:
    low, high = band(len(uids), n)
    return Figure(
        key="one_time",
        label=_("Bought only once"),
        value=len(uids) / n if n else None,
        unit=SHARE,
        k=len(uids),
        n=n,
        low=low,
        high=high,
        note="" if n else _("There are no purchases yet."),
        why=_("{once} with one purchase day / {n} customers who bought and are not lost").format(
            once=len(uids), n=n
        ),
        opens=customers(uids),
    )


def _table(rows: tuple[Row, ...], key: str, label: str, note: str) -> Table:
    return Table(
        key=key,
        label=label,
        columns=(
            Column("customer", _("Customer"), TEXT),
            Column("last", _("Last purchase"), DATE),
            Column("silent", _("Inactive"), DAYS),
            Column("expected", _("Usual gap"), DAYS),
            Column("overdue", _("Gaps"), NUMBER),
            Column("chance", _("Orders within 90 days"), SHARE),
            Column("value", _("Annual sales"), MONEY),
            Column("alive", _("P(alive)"), SHARE, in_files_only=True),
        ),
        rows=rows,
        empty=_("No customer is overdue."),
        note=note,
    )


def _guess(backtest: BacktestResult) -> str:
    gaps = _("Gaps: usual gaps since the last purchase.")
    chance = _(
        "Orders within 90 days: likelihood according to a model that was back-tested. Of "
        "two customers inactive for the same time, the one who used to buy more often is "
        "less likely to return."
    )
    year = _("Annual sales: sales in the year up to the last purchase.")
    return " ".join((gaps, chance, year) if backtest.holds else (gaps, year))


def _once_note(fitted_model: FittedModel) -> str:
    if fitted_model.model is not None and not fitted_model.model.leaves_first:
        return _("BG/NBD treats every one-time buyer as still active, so it is not used here.")
    return _("One purchase is not enough to estimate a buying rhythm, so the archive's usual gap is used.")


def _rows(
    data: SalesData,
    request: ReportRequest,
    at_risk: list[AtRiskCustomer],
    typical: float | None,
    fitted_model: FittedModel,
) -> tuple[Row, ...]:
    as_of = request.as_of.toordinal()
    why = _(
        "{elapsed} days since the last purchase / {expected} expected, the geometric mean "
        "of {n} own gaps and two of {typical} days = {overdue} gaps"
    )
    return tuple(
        Row(
            (
                data.names.get(buyer.uid, buyer.uid),
                day_of(buyer.last),
                buyer.elapsed,
                round(buyer.expected, 1),
                round(buyer.overdue, 2),
                buyer.chance,
                worth(data, buyer.uid, _year_to(buyer.last), as_of),
                buyer.alive,
            ),
            customer(buyer.uid),
            why.format(
                elapsed=buyer.elapsed,
                expected=round(buyer.expected, 1),
                n=buyer.repeats,
                typical=typical,
                overdue=round(buyer.overdue, 2),
            )
            + alive_words(buyer.alive, fitted_model),
        )
        for buyer in at_risk
    )


def _year_to(last: int) -> int:
    """Return the first day of the year that ends on a day."""
    return year_before(date.fromordinal(last)).toordinal() + 1


def _sorted_by(backtest: BacktestResult) -> str:
    """Return a note on how the lists are sorted, and why."""
    if backtest.note:
        text = _("Customers at risk are sorted by days since the last purchase.")
        return f"{text} {backtest.note}"
    keys = {"auc": "auc", "recency": "auc_recency", "brier": "brier", "base": "brier_base"}
    values = {name: f"{backtest.mean(key) or 0:.3f}" for name, key in keys.items()}
    values |= {
        "ranking": _range(backtest.ranking),
        "accuracy": _range(backtest.accuracy),
        "n": f"{backtest.n:,}",
    }
    if backtest.is_better:
        return _(
            "Customers at risk are sorted by the model: in the back-test on {n} customers, it "
            "was clearly better than days since the last purchase (AUC {auc} against "
            "{recency}, difference {ranking}) and than the base rate (Brier {brier} against "
            "{base}, difference {accuracy})."
        ).format(**values)
    return _(
        "Customers at risk are sorted by days since the last purchase: in the back-test "
        "on {n} customers, the model was not clearly better (AUC {auc} against {recency}, "
        "difference {ranking}; Brier {brier} against {base}, difference {accuracy})."
    ).format(**values)


def _range(difference: Difference | None) -> str:
    return (
        _("{low:+.3f} to {high:+.3f}").format(low=difference.low, high=difference.high) if difference else "-"
    )


def _hidden(backtest: BacktestResult) -> list[str]:
    """Return a note on why no chance is shown, if the back-test ran."""
    reason = "" if backtest.note else why_hidden(backtest)
    return [_("No likelihood to order is shown: {reason}.").format(reason=reason)] if reason else []
