"""Recalculate the churn report from the definitions in the manual."""

from collections import Counter
from datetime import date
from itertools import pairwise
from statistics import geometric_mean, median
from typing import Any

from tests.independent.ledger import DAY, ZERO, Ledger, Period, months_after, shown
from tests.independent.plain_maths import Case, Curve, log_rank, proportion, wilson
from tests.independent.recount_competitors import REASONS
from tests.independent.recounted_buying import cohort_tables, rfm_tables
from tests.independent.recounted_flow import Flow
from tests.independent.recounted_model import Model, cuts
from tests.independent.stays import Stay, stays

MONTH = 365.25 / 12
CLASSIC = {
    "died": 0.01, "moved": 0.03, "changed": 0.04, "advice": 0.05, "cheaper": 0.09, "product": 0.10, "service": 0.68,
}  # fmt: skip


def recounted(
    ledger: Ledger,
    period: Period,
    by: str = "",
    told: dict[str, Any] | None = None,
    *,
    is_tried: bool = False,
) -> dict[str, Any]:
    """Return figures and tables by key; `told` holds the report's figures, of which the model's parameters are used."""
    everyone = stays(ledger, period.as_of)
    bought = ledger.purchase_days(period.as_of)
    lost = _lost_on(everyone, period.as_of)
    flow = Flow(ledger, period)
    groups = _groups(ledger, everyone, by, period.as_of)
    cases = _cases(ledger, everyone, everyone, period.as_of)
    curve = Curve(cases)
    silent = _silent(bought, lost, period.as_of)
    figures = {
        **_bridge(everyone, period),
        **flow.figures(),
        **_survival(curve),
        **_silence(bought, lost, silent),
        **_compared([of_group for _stays, of_group in groups.values()], by),
    }
    model = Model(told) if told and told["model.k"]["value"] is not None else None
    figures["model.n"] = {"value": len(bought)}
    figures["model.fitted"] = {"value": period.as_of.isoformat() if model else None}
    likelihood = model.log_likelihood(bought, period.as_of) if model else None
    figures["model.log_likelihood"] = {"value": likelihood, "n": len(bought)}
    rows = [_silent_row(ledger, bought, *each, period.as_of) for each in silent]
    for (row, _gaps_of), (code, _elapsed, _usual) in zip(rows, silent, strict=True):
        row["alive"] = model.alive(bought[code], period.as_of) if model else None
    tables = {
        "silent": [row for row, gaps in rows if gaps],
        "silent_once": [row for row, gaps in rows if not gaps],
        "moves": _moves(ledger, everyone, period),
        "reasons": _reasons(everyone, period),
        "revenue_changes": flow.rows(),
        "groups": [_group_row(name, *group, period) for name, group in groups.items()],
        "survival": _survival_rows(curve, "All customers")
        + [
            row
            for name, (_those, of_group) in groups.items()
            for row in _survival_rows(Curve(of_group), name)
        ],
        "backtest": cuts(bought, lambda day: _lost_on(everyone, day), period.as_of) if is_tried else [],
        **rfm_tables(ledger, bought, lost, period.as_of),
        **cohort_tables(ledger, bought, period.as_of),
    }
    return {"n": len(everyone), "figures": figures, "tables": tables}


Groups = dict[str, tuple[list[Stay], list[Case]]]


def _groups(ledger: Ledger, everyone: list[Stay], by: str, as_of: date) -> Groups:
    """Group customers by a field, the largest group first; return each group with its survival cases."""
    members: dict[str, list[Stay]] = {}
    for stay in everyone if by else ():
        members.setdefault(stay.row[by].split(" / ")[0] or "(none)", []).append(stay)
    ordered = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
    return {name: (those, _cases(ledger, everyone, those, as_of)) for name, those in ordered}


def _compared(groups: list[list[Case]], by: str) -> dict[str, Any]:
    """Compare the eight largest groups with the log-rank test."""
    largest = groups[:8]
    found = log_rank(largest) if by else None
    n = sum(map(len, largest)) if by else None
    return {
        "km.log_rank": {"value": found[0] if found else None, "n": n},
        "km.log_rank.p": {"value": found[1] if found else None, "n": n},
    }


def _group_row(name: str, those: list[Stay], cases: list[Case], period: Period) -> dict[str, Any]:
    now = _movement(those, period)
    churn = proportion(len(_gone(now)), len(now["opening"]))
    return {
        "group": name,
        **{key: len(now[key]) for key in ("opening", "new", "won_back", "lost", "closing")},
        "logo_churn": churn["value"],
        "low": churn["low"],
        "high": churn["high"],
        "median": Curve(cases).median(),
    }


def _bridge(everyone: list[Stay], period: Period) -> dict[str, Any]:
    now, before = _movement(everyone, period), _movement(everyone, period.before())
    has_past = any(before[key] for key in ("opening", "new", "won_back", "lost", "closing"))
    found = {
        key: {"value": len(now[key]), "before": len(before[key]) if has_past else None}
        for key in ("opening", "new", "won_back", "lost", "closing")
    }
    gone, then = _gone(now), _gone(before)
    rate = len(then) / len(before["opening"]) if before["opening"] else None
    found["logo_churn"] = {**proportion(len(gone), len(now["opening"])), "before": rate}
    return found


def _gone(movement: dict[str, list[str]]) -> set[str]:
    return set(movement["opening"]) & set(movement["lost"])


def _lost_on(everyone: list[Stay], day: date) -> set[str]:
    return {stay.code for stay in everyone if stay.losses and not stay.is_there(day)}


def _movement(everyone: list[Stay], period: Period) -> dict[str, list[str]]:
    """Return the customers at the start and end, new, lost and won back; a customer may be both lost and won back."""
    first, last = period.first, period.last
    return {
        "opening": [stay.code for stay in everyone if stay.is_there(first - DAY)],
        "new": [stay.code for stay in everyone if first <= stay.start <= last],
        "won_back": [
            stay.code for stay in everyone for _lost, back in stay.losses if back and first <= back <= last
        ],
        "lost": [stay.code for stay in everyone for lost, _back in stay.losses if first <= lost <= last],
        "closing": [stay.code for stay in everyone if stay.is_there(last)],
    }


def observed_since(ledger: Ledger, everyone: list[Stay], as_of: date) -> date | None:
    """Return the day since which losses are recorded: the setting, or the date of the first record."""
    if ledger.observed_since:
        return ledger.observed_since
    days = [each.on for each in ledger.dealings]
    days += [date.fromisoformat(row["at"][:10]) for row in ledger.tables["interactions"]]
    days += [stay.losses[0][0] for stay in everyone if stay.losses]
    return min((day for day in days if day <= as_of), default=None)


def _cases(ledger: Ledger, everyone: list[Stay], those: list[Stay], as_of: date) -> list[Case]:
    """Return the survival cases in months; customers lost before losses were recorded are left out."""
    since = observed_since(ledger, everyone, as_of) or as_of
    found = []
    for stay in those:
        end = stay.losses[0][0] if stay.losses else as_of
        if end >= since:
            entry = max(0, (since - stay.start).days)
            found.append((entry / MONTH, (end - stay.start).days / MONTH, bool(stay.losses)))
    return found


def _survival(curve: Curve) -> dict[str, Any]:
    low, high = curve.median_band()
    found: dict[str, Any] = {
        "km.median": {"value": curve.median(), "n": len(curve.cases), "low": low, "high": high}
    }
    for months in (12, 24, 48):
        value = curve.at(months)
        low, high = curve.band(months) if value is not None else (None, None)
        found[f"km.{months}"] = {"value": value, "n": curve.risk(months), "low": low, "high": high}
    return found


def _survival_rows(curve: Curve, group: str) -> list[dict[str, Any]]:
    longest = max((end for _entry, end, _ended in curve.cases), default=-1.0)
    found = []
    for months in (0, 3, 6, 12, 18, 24, 36, 48, 60, 72, 96, 120):
        value = curve.at(months)
        if value is None or months > longest:
            continue
        low, high = curve.band(months)
        lost = sum(step[1] for step in curve.steps if step[0] <= months)
        found.append(
            {
                "group": group,
                "months": months,
                "at_risk": curve.risk(months),
                "lost": lost,
                "survival": value,
                "low": low,
                "high": high,
            }
        )
    return found


def _gaps(days: list[date]) -> list[int]:
    return [(then - first).days for first, then in pairwise(days)]


def _typical(bought: dict[str, list[date]]) -> tuple[float | None, int]:
    gaps = [gap for days in bought.values() for gap in _gaps(days)]
    return (float(median(gaps)) if gaps else None), len(gaps)


AtRiskCustomer = tuple[str, int, float]  # customer, days since the last purchase, usual gap


def _silent(bought: dict[str, list[date]], lost: set[str], as_of: date) -> list[AtRiskCustomer]:
    typical, _count = _typical(bought)
    found = []
    for code, days in bought.items():
        if typical is None or code in lost:
            continue
        usual, elapsed = geometric_mean([*_gaps(days), typical, typical]), (as_of - days[-1]).days
        if elapsed > usual:
            found.append((code, elapsed, usual))
    return found


def _silence(bought: dict[str, list[date]], lost: set[str], silent: list[AtRiskCustomer]) -> dict[str, Any]:
    current = {code: days for code, days in bought.items() if code not in lost}
    again = {code for code, days in current.items() if len(days) > 1}
    typical, count = _typical(bought)
    late = sum(code in again for code, _elapsed, _usual in silent)
    return {
        "silent": {"value": late if typical is not None else None, "n": len(again)},
        "gap.typical": {"value": typical, "n": count},
        "one_time": proportion(len(current) - len(again), len(current)),
    }


def _silent_row(
    ledger: Ledger, bought: dict[str, list[date]], code: str, elapsed: int, usual: float, as_of: date
) -> tuple[dict[str, Any], int]:
    last = bought[code][-1]
    year = months_after(last, -12) + DAY
    value = _worth(ledger, code, year, as_of)
    row = {
        "customer": ledger.names[code],
        "last": last.isoformat(),
        "silent": elapsed,
        "expected": round(usual, 1),
        "overdue": round(elapsed / usual, 2),
        "value": value,
    }
    return row, len(bought[code]) - 1


def _worth(ledger: Ledger, code: str, first: date, last: date) -> str | None:
    """Return a customer's revenue in a period; None if there are sales but no known amounts."""
    sales = ledger.sales_of(code, first, last)
    known = [sale.revenue for sale in sales if sale.revenue is not None]
    return shown(sum(known, ledger.money.rounded(ZERO))) if known or not sales else None


def _moves(ledger: Ledger, everyone: list[Stay], period: Period) -> list[dict[str, Any]]:
    moves: list[tuple[str, str, date, str | None]] = []
    for stay in everyone:
        moves.append((stay.code, "new", stay.start, None))
        for (lost, back), reason in zip(stay.losses, stay.reasons, strict=True):
            moves.append((stay.code, "lost", lost, REASONS.get(reason, "")))
            if back:
                moves.append((stay.code, "won back", back, None))
    past = period.before()
    return [
        {
            "customer": ledger.names[code],
            "move": move,
            "on": on.isoformat(),
            "reason": reason,
            "before": _worth(ledger, code, past.first, past.last),
            "sales": _worth(ledger, code, period.first, period.last),
        }
        for code, move, on, reason in moves
        if period.first <= on <= period.last
    ]


def _reasons(everyone: list[Stay], period: Period) -> list[dict[str, Any]]:
    lost = [
        (on, why) for stay in everyone for (on, _back), why in zip(stay.losses, stay.reasons, strict=True)
    ]
    ever = Counter(why for _on, why in lost)
    recent = Counter(why for on, why in lost if period.first <= on <= period.last)
    known = len(lost) - ever[""]
    found = []
    for reason, words in (REASONS | ({"": "(no reason recorded)"} if ever[""] else {})).items():
        low, high = wilson(ever[reason], known) if reason else (None, None)
        found.append(
            {
                "reason": words,
                "lost": recent[reason],
                "ever": ever[reason],
                "share": ever[reason] / known if known and reason else None,
                "low": low,
                "high": high,
                "classic": CLASSIC.get(reason),
            }
        )
    return found if lost else []
