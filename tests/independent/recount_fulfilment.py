"""Recalculate the fulfilment report from the definitions in the manual."""

from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from tests.independent.ledger import ZERO, Ledger, Period, day_of, months_after, number_of, shown
from tests.independent.plain_maths import percentile, proportion
from tests.independent.recounted_contracts import Contract, Term, contracts


def recounted(ledger: Ledger, period: Period) -> dict[str, Any]:
    """Return figures and tables by key."""
    known = contracts(ledger, period.as_of)
    active = [each for each in known if each.status == "active"]
    figures = {
        **_counts(ledger, known, active, period.as_of),
        **_kept(ledger, known, period),
        **_coming(active, period.as_of),
        **_promises(ledger, period),
    }
    past = _kept(ledger, contracts(ledger, period.before().as_of), period.before())
    figures["otif"]["before"] = past["otif"]["value"]
    return {"n": len(known), "figures": figures, "tables": _tables(ledger, known, period)}


def _counts(ledger: Ledger, known: list[Contract], active: list[Contract], as_of: date) -> dict[str, Any]:
    behind = [each for each in active if _is_behind(ledger, each, as_of)]
    count = len(known)
    return {
        "contracts": {"value": len(active), "n": count},
        "contracts.signed": {"value": sum(each.status == "signed" for each in known), "n": count},
        "contracts.unsigned": {"value": sum(each.status == "unsigned" for each in known), "n": count},
        "contracts.behind": {"value": len(behind), "n": len(active)},
    }


def passed(contract: Contract, as_of: date) -> float | None:
    """Return the share of the current period that has elapsed."""
    if not contract.end:
        return None
    part = ((as_of - contract.start).days + 1) / ((contract.end - contract.start).days + 1)
    return max(0.0, min(1.0, part))


def usage(ledger: Ledger, contract: Contract) -> tuple[float | None, float | None]:
    """Return delivered / committed, capped at 1 per term, and the share delivered beyond the commitment.

    Terms are summed by quantity or amount if they all have the same unit, otherwise by weight. A contract without
    terms is measured by sales / contract value.
    """
    if not contract.terms:
        return _sold(ledger, contract)
    measured = [term for term in contract.running_terms if term.committed]
    if len({(term.by_amount, term.unit) for term in measured}) == 1:
        whole = sum((term.committed or ZERO for term in measured), ZERO)
        beyond = sum((max(ZERO, term.delivered - (term.committed or ZERO)) for term in measured), ZERO)
        return filled(measured), float(beyond / whole)
    weights = sum((term.weight for term in contract.running_terms), ZERO)
    if not weights:
        return None, None
    done = sum((term.weight * (term.filled or ZERO) for term in contract.running_terms), ZERO)
    return float(done / weights), 0.0


def _sold(ledger: Ledger, contract: Contract) -> tuple[float | None, float | None]:
    row = contract.row
    value = number_of(row["value"])
    home = None
    if value is not None:
        home = ledger.money.at_home(value, row["currency"] or ledger.named_home, contract.start)
    if not home:
        return None, None
    sold = sum(
        (
            each.revenue or ZERO
            for each in ledger.dealings
            if each.row["contract.name"] == row["number"]
            and each.is_sale
            and each.on <= contract.as_of
            and (each.on >= contract.start or contract.start == day_of(row["start"]))
        ),
        ZERO,
    )
    return float(max(ZERO, min(Decimal(1), sold / home))), float(max(ZERO, sold / home - 1))


def _is_behind(ledger: Ledger, contract: Contract, as_of: date) -> bool:
    time, part = passed(contract, as_of), usage(ledger, contract)[0]
    return time is not None and part is not None and part < time


def filled(terms: list[Term]) -> float | None:
    """Return delivered / committed, or the weighted mean over terms if their units differ."""
    if not terms:
        return None
    if len({(term.by_amount, term.unit) for term in terms}) == 1:
        done = sum((max(ZERO, min(term.delivered, term.committed or ZERO)) for term in terms), ZERO)
        return float(done / sum((term.committed or ZERO for term in terms), ZERO))
    weights = sum((term.weight for term in terms), ZERO)
    return float(sum((term.weight * (term.filled or ZERO) for term in terms), ZERO) / weights)


def _due(known: list[Contract], period: Period, *, ours: bool) -> list[Term]:
    """Return the terms of signed contracts that were due in the period and have not lapsed."""
    return [
        term
        for contract in known
        if contract.is_signed
        for term in contract.terms
        if term.is_ours is ours
        and term.due
        and period.first <= term.due <= period.last
        and term.status not in ("lapsed", "open", "part")
    ]


def _overdue(known: list[Contract], *, ours: bool) -> list[Term]:
    return [
        term
        for contract in known
        if contract.is_signed
        for term in contract.terms
        if term.is_ours is ours and term.status == "overdue"
    ]


def _kept(ledger: Ledger, known: list[Contract], period: Period) -> dict[str, Any]:
    due, theirs = _due(known, period, ours=True), _due(known, period, ours=False)
    in_full = [term for term in due if term.done_on]
    counted = [term for term in due if term.committed]
    late = [(term.done_on - term.due).days for term in due if term.status == "fulfilled late"]
    late += [(period.as_of - term.due).days for term in due if term.status == "overdue"]
    overdue = _overdue(known, ours=True)
    priced = [term for term in overdue if term.row["amount"]]
    return {
        "terms.due": {"value": len(due)},
        "otif": proportion(sum(term.status == "fulfilled on time" for term in due), len(due)),
        "on_time": proportion(sum(term.is_on_time for term in due), len(due)),
        "in_full": proportion(len(in_full), len(due)),
        "fill_rate": {"value": filled(counted), "n": len(counted)},
        "days_late.median": {"value": float(median(late)) if late else None, "n": len(late)},
        "days_late.p90": {"value": percentile(late, 0.9), "n": len(late)},
        "overdue": {"value": len(overdue)},
        "shortfall": _shortfall(ledger, priced),
        "otif.theirs": proportion(sum(term.status == "fulfilled on time" for term in theirs), len(theirs)),
        "overdue.theirs": {"value": len(_overdue(known, ours=False))},
    }


def _shortfall(ledger: Ledger, priced: list[Term]) -> dict[str, Any]:
    sums = [lack for term in priced if (lack := missing_of(ledger, term)) is not None]
    return {"value": shown(sum(sums, ZERO)) if sums else None, "n": len(sums)}


def missing_of(ledger: Ledger, term: Term) -> Decimal | None:
    """Return the outstanding part of a term's amount, at the rate of the due date."""
    amount = number_of(term.row["amount"])
    if amount is None:
        return None
    day = term.due or day_of(term.contract.row["start"])
    assert day
    home = ledger.money.at_home(amount, term.contract.row["currency"] or ledger.named_home, day)
    return None if home is None else ledger.money.rounded(home * (1 - (term.filled or ZERO)))


def _coming(active: list[Contract], as_of: date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for days in (30, 60, 90):
        until = as_of + timedelta(days)
        count = sum(bool(each.ends and as_of <= each.ends <= until) for each in active)
        found[f"renewals.{days}"] = {"value": count}
    notices = [notice_day(each) for each in active]
    until = as_of + timedelta(90)
    found["notices.90"] = {"value": sum(bool(day and as_of <= day <= until) for day in notices)}
    return found


def notice_day(contract: Contract) -> date | None:
    """Return the notice deadline, which is the end minus the notice period; None once the contract is cancelled."""
    text = contract.row["notice_period"]
    if not contract.end or not text or contract.row["cancelled_on"]:
        return None
    number, unit = text.split()
    if unit.startswith("month"):
        return months_after(contract.end, -int(number))
    return contract.end - timedelta(int(number) * (7 if unit.startswith("week") else 1))


def _promises(ledger: Ledger, period: Period) -> dict[str, Any]:
    promised = [row for row in ledger.tables["plans"] if row["promised"] == "true"]
    due = [row for row in promised if row["due_on"] and period.first <= day_of(row["due_on"]) <= period.last]
    decided = period.as_of.isoformat()
    due = [row for row in due if row["due_on"] < decided or "" < row["done_on"] <= decided]
    kept = [row for row in due if row["done_on"] and row["done_on"] <= row["due_on"]]
    still = [row for row in promised if not row["done_on"] or day_of(row["done_on"]) > period.as_of]
    return {"promises.kept": proportion(len(kept), len(due)), "promises.open": {"value": len(still)}}


def _tables(ledger: Ledger, known: list[Contract], period: Period) -> dict[str, Any]:
    return {
        "coming": _coming_rows(ledger, known, period.as_of),
        "terms": _term_rows(ledger, known, period),
        "contracts": [_contract_row(ledger, each, period.as_of) for each in known],
        "promises": _promise_rows(ledger, period.as_of),
    }


def _coming_rows(ledger: Ledger, known: list[Contract], as_of: date) -> list[dict[str, Any]]:
    """Return the dates of the next 90 days: open terms, notice deadlines, ends and renewals."""
    found = []
    for contract in known:
        if contract.status not in ("active", "signed"):
            continue
        days = [
            (term.due, term.row["requirement"], "us" if term.is_ours else "customer")
            for term in contract.terms
            if term.status in ("open", "part")
        ]
        days.append((notice_day(contract), "notice deadline", ""))
        goes_on = contract.row["renews"] == "true" and not contract.row["cancelled_on"]
        days.append((contract.ends, "auto-renews" if goes_on else "ends", ""))
        for on, what, duty in days:
            if on and as_of <= on <= as_of + timedelta(90):
                left = (on - as_of).days
                found.append(
                    {
                        "on": on.isoformat(),
                        "in": left,
                        "reminder": "!" * sum(left <= before for before in (0, 7, 30)),
                        "customer": ledger.names[contract.row["customer.code"]],
                        "contract": contract.row["number"],
                        "what": what,
                        "duty": duty,
                    }
                )
    return found


def _term_rows(ledger: Ledger, known: list[Contract], period: Period) -> list[dict[str, Any]]:
    """Return all overdue terms, and the other terms that were due in the period."""
    late = [*_overdue(known, ours=True), *_overdue(known, ours=False)]
    due = [*_due(known, period, ours=True), *_due(known, period, ours=False)]
    found = []
    for term in [*late, *(term for term in due if term.status != "overdue")]:
        assert term.due
        days = ((term.done_on or period.as_of) - term.due).days
        missing = None if term.done_on else missing_of(ledger, term)
        found.append(
            {
                "customer": ledger.names[term.contract.row["customer.code"]],
                "contract": term.contract.row["number"],
                "term": term.row["requirement"],
                "duty": "us" if term.is_ours else "customer",
                "due_on": term.due.isoformat(),
                "status": term.status,
                "filled": float(term.filled or ZERO),
                "late": days if term.status in ("fulfilled late", "overdue") else None,
                "missing": None if missing is None else shown(missing),
            }
        )
    return found


def _contract_row(ledger: Ledger, contract: Contract, as_of: date) -> dict[str, Any]:
    row, time = contract.row, passed(contract, as_of)
    part, beyond = usage(ledger, contract)
    behind = None if time is None or part is None else max(0.0, time - part)
    value = number_of(row["value"])
    first = day_of(row["start"])
    assert first
    if value is not None:
        value = ledger.money.at_home(value, row["currency"] or ledger.named_home, first)
    return {
        "customer": ledger.names[row["customer.code"]],
        "number": row["number"],
        "status": contract.status,
        "end": contract.ends.isoformat() if contract.ends else None,
        "time": time,
        "usage": part,
        "deviation": (behind or None) if contract.status in ("active", "ended") else None,
        "run_rate": _run_rate(contract, as_of),
        "value": None if value is None else shown(value),
        "terms": len(contract.terms) or None,
        "overflow": beyond or None,
    }


def _run_rate(contract: Contract, as_of: date) -> float | None:
    """Return the monthly delivery (per 365.25 / 12 days) needed to finish in time; None if the units differ."""
    measured = [term for term in contract.running_terms if term.committed]
    is_one = len({(term.by_amount, term.unit) for term in measured}) == 1
    if contract.status != "active" or not contract.end or contract.end <= as_of or not is_one:
        return None
    left = sum((max(ZERO, (term.committed or ZERO) - term.delivered) for term in measured), ZERO)
    return float(left) / ((contract.end - as_of).days / (365.25 / 12))


def _promise_rows(ledger: Ledger, as_of: date) -> list[dict[str, Any]]:
    found = []
    for row in ledger.tables["plans"]:
        done, due = day_of(row["done_on"]), day_of(row["due_on"])
        if row["promised"] == "true" and not (done and done <= as_of):
            found.append(
                {
                    "due_on": row["due_on"] or None,
                    "late": max(0, (as_of - due).days) or None if due else None,
                    "customer": ledger.names.get(row["customer.code"], ""),
                    "step": row["step"],
                    "goal": row["goal"],
                }
            )
    return found
