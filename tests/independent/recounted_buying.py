"""Recalculate RFM scores, and cohorts by the month of the first purchase."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any

from tests.independent.ledger import DAY, ZERO, Ledger, day_of, shown
from tests.independent.plain_maths import wilson

Bought = dict[str, list[date]]
Tables = dict[str, list[dict[str, Any]]]


def rfm_tables(ledger: Ledger, bought: Bought, lost: set[str], as_of: date) -> Tables:
    """Return the scores of customers that are not lost, and the cut points of the quintiles."""
    codes = [code for code in bought if code not in lost]
    money = {code: _all_sales(ledger, code, as_of) for code in codes}
    last = {code: bought[code][-1] for code in codes}
    often = {code: len(bought[code]) for code in codes}
    known = {code: value for code, value in money.items() if value is not None}
    scores = [_scores(values) for values in (last, often, known)]
    cells: dict[tuple[int, int], list[str]] = defaultdict(list)
    for code in codes:
        if code in scores[0] and code in scores[1]:
            cells[scores[0][code], scores[1][code]].append(code)
    rows = []
    for (recency, frequency), those in cells.items():
        marks = [scores[2][code] for code in those if code in scores[2]]
        sales = [known[code] for code in those if code in known]
        rows.append(
            {
                "recency": recency,
                "frequency": frequency,
                "customers": len(those),
                "money": sum(marks) / len(marks) if marks else None,
                "sales": shown(sum(sales, ledger.money.rounded(ZERO))) if sales else None,
            }
        )
    return {"rfm": rows, "rfm_cuts": _cut_rows(ledger, last, often, known) if codes else []}


def _all_sales(ledger: Ledger, code: str, as_of: date) -> Decimal | None:
    values = [each.revenue for each in ledger.sales_of(code, date.min, as_of)]
    known = [value for value in values if value is not None]
    return sum(known, ZERO) if known else None


def _cuts(values: list[Any]) -> list[Any] | None:
    """Return the four cut points between quintiles; None if all values are equal."""
    ordered = sorted(values)
    if not ordered or ordered[0] == ordered[-1]:
        return None
    return [ordered[ceil(part * len(ordered) / 5) - 1] for part in range(1, 5)]


def _scores(values: dict[str, Any]) -> dict[str, int]:
    cuts = _cuts(list(values.values()))
    if cuts is None:
        return {}
    return {code: 1 + sum(value > cut for cut in cuts) for code, value in values.items()}


def _cut_rows(ledger: Ledger, *columns: dict[str, Any]) -> list[dict[str, Any]]:
    unit = ledger.money.rounded(Decimal(1)).as_tuple().exponent
    steps = (DAY, 1, Decimal(1).scaleb(int(unit)))
    names = (("last_from", "last_to"), ("purchases_from", "purchases_to"), ("money_from", "money_to"))
    found = []
    for score in range(5, 0, -1):
        row: dict[str, Any] = {"score": score}
        for column, step, (low_name, high_name) in zip(columns, steps, names, strict=True):
            values = list(column.values())
            cuts = _cuts(values)
            low = high = None
            if cuts:
                low = min(values) if score == 1 else cuts[score - 2] + step
                high = max(values) if score == 5 else cuts[score - 1]
            if low is not None and low > high:
                low = high = None
            row[low_name], row[high_name] = _plain(ledger, low), _plain(ledger, high)
        found.append(row)
    return found


def _plain(ledger: Ledger, value: Any) -> Any:
    if isinstance(value, Decimal):
        return shown(ledger.money.rounded(value))
    return value.isoformat() if isinstance(value, date) else value


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def cohort_tables(ledger: Ledger, bought: Bought, as_of: date) -> Tables:
    """Return the share of each cohort that bought in each month since its first; a month counts once it is over.

    Left out are customers who had been customers for more than 366 days before their first order on record.
    """
    since = {row["code"]: day_of(row["customer_since"]) for row in ledger.tables["customers"]}
    sets: dict[int, list[set[int]]] = defaultdict(list)
    for code, days in bought.items():
        start = since[code]
        if start is None or start > as_of or (days[0] - start).days <= 366:
            sets[_month(days[0])].append({_month(day) for day in days})
    full, running = _month(as_of + DAY) - 1, _month(as_of)
    first_of_all = min(sets, default=0)
    lines = [(month, those, month == first_of_all) for month, those in sorted(sets.items())]
    newest = lines[-24:]
    ages = min(max((running - month + 1 for month, _those, _first in newest), default=0), 25)
    rows = [_cohort(month, those, ages, full, is_first=first) for month, those, first in newest]
    return {"cohorts": rows, "retention": _retention(lines, full)}


def _cohort(month: int, those: list[set[int]], ages: int, full: int, *, is_first: bool) -> dict[str, Any]:
    year, number = divmod(month, 12)
    row: dict[str, Any] = {"cohort": f"{year:04}-{number + 1:02}", "customers": len(those)}
    for age in range(ages):
        count = sum(month + age in each for each in those) if month + age <= full else None
        low, high = wilson(count, len(those)) if count is not None else (None, None)
        row[f"m{age}"] = None if count is None else count / len(those)
        row[f"m{age}_low"], row[f"m{age}_high"] = low, high
    row["note"] = ""
    if is_first:
        row["note"] = "first month of data, includes older customers"
    if month == full + 1:
        row["note"] = "current month"
    return row


def _retention(lines: list[tuple[int, list[set[int]], bool]], full: int) -> list[dict[str, Any]]:
    active: Counter[int] = Counter()
    sizes: Counter[int] = Counter()
    for month, those, is_first in lines:
        for age in range(full - month + 1 if not is_first else 0):
            active[age] += sum(month + age in each for each in those)
            sizes[age] += len(those)
    found = []
    for age in sorted(sizes)[:25]:
        low, high = wilson(active[age], sizes[age])
        found.append(
            {
                "months": age,
                "bought": active[age],
                "customers": sizes[age],
                "share": active[age] / sizes[age],
                "low": low,
                "high": high,
            }
        )
    return found
