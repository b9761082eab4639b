"""At-risk customers: overdue for the next purchase, with the probability of another order."""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from archive.analysis.churn.backtest import BacktestResult, why_hidden
from archive.analysis.churn.buying import Buying
from archive.analysis.churn.formatting import band, day_of, worth
from archive.analysis.churn.model import Fitted
from archive.analysis.churn.overdue import AtRiskCustomer, alive_words, overdue
from archive.analysis.common.result import Section, customer, customers
from archive.analysis.dataset import SalesData
from archive.analysis.maths.proportions import Difference
from archive.analysis.report import DATE, DAYS, MONEY, NUMBER, SHARE, TEXT, Column, Figure, Row, Table
from archive.analysis.request import ReportRequest
from archive.model.summary import year_before
from archive.text import _

KEYS = ("silent", "gap.typical", "one_time")


def silence(
    data: SalesData,
    request: ReportRequest,
    bought: Buying,
    lost: Set[str],
    found: Fitted,
    verdict: BacktestResult,
) -> Section:
    """List overdue customers, one-time buyers apart, sorted by the model if the back-test shows it is better."""
    current = {uid: history for uid, history in bought.histories.items() if uid not in lost}
    typical = bought.gaps.typical
    late = overdue(request.as_of.toordinal(), bought, lost, found)
    if verdict.is_better:
        late.sort(key=lambda s: (s.chance is None, s.chance or 0.0, -s.overdue, s.uid))
    else:
        late.sort(key=lambda s: (-s.elapsed, -s.overdue, s.uid))
    if not verdict.holds:
        late = [silent._replace(chance=None) for silent in late]
    again, once = [s for s in late if s.repeats], [s for s in late if not s.repeats]
    one_time = [uid for uid, history in current.items() if not history.repeats]
    titles = (
        ("silent", _("Inactive longer than usual")),
        ("silent_once", _("One-time buyers without a second order")),
    )
    return Section(
        figures=(
            _silent(again, len(current) - len(one_time), typical),
            _typical(typical, bought),
            _one_time(one_time, len(current)),
        ),
        tables=(
            _table(_rows(data, request, again, typical, found), *titles[0], _guess(verdict)),
            _table(_rows(data, request, once, typical, found), *titles[1], _once_note(found)),
        ),
        notes=(_sorted_by(verdict), *_hidden(verdict)),
    )


def _silent(late: list[AtRiskCustomer], n: int, typical: float | None) -> Figure:
    low, high = band(len(late), n)
    why = _(
        "days since the last purchase > usual gap, the geometric mean of the customer's "
        "gaps and two gaps of {typical} days, the archive's median"
    ).format(typical=typical)
    if low is not None:
        share = _(
            "{late} of {n} customers who bought more than once and are not lost; a share of {low:.0%} to {high:.0%}"
        )
        why = f"{why}: {share.format(late=len(late), n=n, low=low, high=high)}"
    if late:
        ratios = sorted(silent.overdue for silent in late)
        numbers = _("their last purchase was {least:.1f} to {most:.1f} usual gaps ago, median {median:.1f}")
        middle = ratios[len(ratios) // 2]
        why = f"{why}; {numbers.format(least=ratios[0], most=ratios[-1], median=middle)}"
    return Figure(
        key="silent",
        label=_("Customers at risk"),
        value=len(late) if typical is not None else None,
        n=n,
        note=_no_gap() if typical is None else "",
        why=why,
        opens=customers(silent.uid for silent in late),
        top=True,
    )


def _no_gap() -> str:
    return _("No customer has bought twice yet.")


def _typical(typical: float | None, bought: Buying) -> Figure:
    n = sum(bought.gaps.counts.values())
    why = _("median of all gaps between a customer's purchase days, including lost customers")
    if n:
        numbers = _("{n} gaps of {customers} customers, {least} to {most} days").format(
            n=n,
            customers=sum(map(bool, bought.gaps.own.values())),
            least=min(bought.gaps.counts),
            most=max(bought.gaps.counts),
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


def _one_time(once: list[str], n: int) -> Figure:
    low, high = band(len(once), n)
    return Figure(
        key="one_time",
        label=_("Bought only once"),
        value=len(once) / n if n else None,
        unit=SHARE,
        k=len(once),
        n=n,
        low=low,
        high=high,
        note="" if n else _("There are no purchases yet."),
        why=_("{once} with one purchase day / {n} customers who bought and are not lost").format(
            once=len(once), n=n
        ),
        opens=customers(once),
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


def _guess(verdict: BacktestResult) -> str:
    gaps = _("Gaps: usual gaps since the last purchase.")
    chance = _(
        "Orders within 90 days: likelihood according to a model that was back-tested. Of "
        "two customers inactive for the same time, the one who used to buy more often is "
        "less likely to return."
    )
    year = _("Annual sales: sales in the year up to the last purchase.")
    return " ".join((gaps, chance, year) if verdict.holds else (gaps, year))


def _once_note(found: Fitted) -> str:
    if found.model is not None and not found.model.leaves_first:
        return _("BG/NBD treats every one-time buyer as still active, so it is not used here.")
    return _("One purchase is not enough to estimate a buying rhythm, so the archive's usual gap is used.")


def _rows(
    data: SalesData, request: ReportRequest, those: list[AtRiskCustomer], typical: float | None, found: Fitted
) -> tuple[Row, ...]:
    as_of = request.as_of.toordinal()
    why = _(
        "{elapsed} days since the last purchase / {expected} expected, the geometric mean "
        "of {n} own gaps and two of {typical} days = {overdue} gaps"
    )
    return tuple(
        Row(
            (
                data.names.get(silent.uid, silent.uid),
                day_of(silent.last),
                silent.elapsed,
                round(silent.expected, 1),
                round(silent.overdue, 2),
                silent.chance,
                worth(data, silent.uid, _year_to(silent.last), as_of),
                silent.alive,
            ),
            customer(silent.uid),
            why.format(
                elapsed=silent.elapsed,
                expected=round(silent.expected, 1),
                n=silent.repeats,
                typical=typical,
                overdue=round(silent.overdue, 2),
            )
            + alive_words(silent.alive, found),
        )
        for silent in those
    )


def _year_to(last: int) -> int:
    """Return the first day of the year that ends on a day."""
    return year_before(date.fromordinal(last)).toordinal() + 1


def _sorted_by(verdict: BacktestResult) -> str:
    """Return a note on how the lists are sorted, and why."""
    if verdict.note:
        said = _("Customers at risk are sorted by days since the last purchase.")
        return f"{said} {verdict.note}"
    keys = {"auc": "auc", "recency": "auc_recency", "brier": "brier", "base": "brier_base"}
    marks = {name: f"{verdict.mean(key) or 0:.3f}" for name, key in keys.items()}
    marks |= {"ranking": _range(verdict.ranking), "accuracy": _range(verdict.accuracy), "n": f"{verdict.n:,}"}
    if verdict.is_better:
        return _(
            "Customers at risk are sorted by the model: in the back-test on {n} customers, it "
            "was clearly better than days since the last purchase (AUC {auc} against "
            "{recency}, difference {ranking}) and than the base rate (Brier {brier} against "
            "{base}, difference {accuracy})."
        ).format(**marks)
    return _(
        "Customers at risk are sorted by days since the last purchase: in the back-test "
        "on {n} customers, the model was not clearly better (AUC {auc} against {recency}, "
        "difference {ranking}; Brier {brier} against {base}, difference {accuracy})."
    ).format(**marks)


def _range(found: Difference | None) -> str:
    return _("{low:+.3f} to {high:+.3f}").format(low=found.low, high=found.high) if found else "-"


def _hidden(verdict: BacktestResult) -> list[str]:
    """Return a note on why no chance is shown, if the back-test ran."""
    reason = "" if verdict.note else why_hidden(verdict)
    return [_("No likelihood to order is shown: {reason}.").format(reason=reason)] if reason else []
