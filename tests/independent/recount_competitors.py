"""Recalculate the competitors report from the definitions in the manual."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from tests.independent.ledger import ZERO, Dealing, Ledger, Period, shown
from tests.independent.plain_maths import proportion, wilson
from tests.independent.recounted_wallets import Wallet, Wallets, folded, spellings
from tests.independent.stays import losses_in

OURS, TIE = "ours", "(tie)"
REASONS = {
    "died": "died",
    "moved": "moved away",
    "changed": "preferences changed",
    "advice": "friend's advice",
    "cheaper": "cheaper elsewhere",
    "product": "dissatisfied with the product",
    "service": "indifferent service",
    "other": "other",
}


def recounted(ledger: Ledger, period: Period) -> dict[str, Any]:
    """Return figures and tables by key."""
    made = quotations(ledger, period)
    wallets = Wallets(ledger, period.last, period.as_of)
    earlier = Wallets(ledger, period.before().last, period.as_of)
    moves = _moves(wallets)
    return {
        "n": len(made),
        "figures": {
            **_wins(ledger, period, made, wallets),
            **_sourcing(wallets),
            **_switching(moves),
        },
        "tables": {
            "lost": _lost(ledger, period, made),
            "suppliers": _suppliers(wallets, earlier),
            "switching": _switching_rows(moves),
            "switching_matrix": _matrix(moves),
        },
    }


def quotations(ledger: Ledger, period: Period) -> list[Dealing]:
    """Return the quotations made in the period."""
    return [
        each
        for each in ledger.dealings
        if each.type == "quotation" and period.first <= each.on <= period.last
    ]


def _outcome(quotation: Dealing) -> str:
    return quotation.row["outcome"] or "open"


def _decided(made: list[Dealing]) -> list[Dealing]:
    return [each for each in made if _outcome(each) in ("won", "lost")]


def _won(made: list[Dealing]) -> list[Dealing]:
    return [each for each in made if _outcome(each) == "won"]


def _wins(ledger: Ledger, period: Period, made: list[Dealing], wallets: Wallets) -> dict[str, Any]:
    decided = _decided(made)
    with_rival = {wallet.customer for wallet in wallets.latest if wallet.row["suppliers.1.name"]}
    rival = [each for each in decided if each.row["lost_to"] or each.customer in with_rival]
    priced = [each for each in decided if each.home is not None]
    whole = sum((each.home or ZERO for each in priced), ZERO)
    won = sum((each.home or ZERO for each in _won(priced)), ZERO)
    then = _decided(quotations(ledger, period.before()))
    return {
        "win_rate": {
            **proportion(len(_won(decided)), len(decided)),
            "before": len(_won(then)) / len(then) if then else None,
        },
        "win_rate.value": {"value": float(won / whole) if whole else None, "n": len(priced)},
        "win_rate.rival": proportion(len(_won(rival)), len(rival)),
        "quotations.open": {"value": sum(_outcome(each) == "open" for each in made)},
        "quotations.no_decision": {"value": sum(_outcome(each) == "no_decision" for each in made)},
    }


def _sourcing(wallets: Wallets) -> dict[str, Any]:
    """Return the share of customers with two or more known suppliers, including us, and the number of suppliers."""
    served = _served(wallets)
    customers: Counter[str] = Counter(customer for each in served.values() for customer in each)
    several = sum(count > 1 for count in customers.values())
    return {
        "multi_sourcing": proportion(several, len(customers)),
        "suppliers": {"value": len(served.keys() - {OURS})},
    }


def _served(wallets: Wallets) -> dict[str, set[str]]:
    """Return the customers of each supplier; we count as a supplier after any sale, even without a known amount."""
    found: dict[str, set[str]] = defaultdict(set)
    for wallet in wallets.latest:
        if wallet.ours > 0 or (wallet.has_sales and not wallet.has_amounts):
            found[OURS].add(wallet.customer)
        for name in wallet.names:
            found[name].add(wallet.customer)
    return found


def _main(wallet: Wallet) -> str | None:
    """Return the main supplier, by amounts if they are conclusive, otherwise by rank; None if it is unknown."""
    amounts = dict(wallet.rivals)
    if wallet.ours > 0:
        amounts[OURS] = wallet.ours
    is_unpriced = wallet.has_sales and not wallet.has_amounts
    has_ranks = wallet.rank is not None
    if amounts and not is_unpriced and (wallet.rivals or not has_ranks):
        most = max(amounts.values())
        rest = (wallet.total or ZERO) - sum(amounts.values(), ZERO)
        if not wallet.has_unknown or (wallet.total is not None and most > rest):
            return _first([name for name, amount in amounts.items() if amount == most])
    ranked = dict(wallet.ranks)
    if wallet.rank is not None:
        ranked[OURS] = wallet.rank
    if not ranked:
        return None
    return _first([name for name, rank in ranked.items() if rank == min(ranked.values())])


def _first(names: list[str]) -> str:
    return names[0] if len(names) == 1 else TIE


def _moves(wallets: Wallets) -> list[tuple[str, str]]:
    """Return the main supplier before and after, from the last two wallets of each customer and category."""
    pairs = [(each[-2], each[-1]) for each in wallets.of.values() if len(each) > 1]
    later = [after for _before, after in pairs]
    found = []
    for before, after in pairs:
        if any(other.covers(after) for other in later if other.customer == after.customer):
            continue
        first, then = _main(before), _main(after)
        if first is not None and then is not None:
            found.append((first, then))
    return found


def _switching(moves: list[tuple[str, str]]) -> dict[str, Any]:
    gained = sum(after == OURS != before for before, after in moves)
    lost = sum(before == OURS != after for before, after in moves)
    return {
        "switching.n": {"value": len(moves)},
        "switching.net": {"value": gained - lost if moves else None, "n": len(moves)},
    }


def _switching_rows(moves: list[tuple[str, str]]) -> list[dict[str, Any]]:
    found = []
    for name in {name for move in moves for name in move}:
        stayed, before = moves.count((name, name)), sum(first == name for first, _then in moves)
        low, high = wilson(stayed, before)
        found.append(
            {
                "supplier": name,
                "before": before,
                "stayed": stayed / before if before else None,
                "net": sum(then == name for _first, then in moves) - before,
                "stayed_k": stayed,
                "low": low,
                "high": high,
            }
        )
    return found


def _matrix(moves: list[tuple[str, str]]) -> list[dict[str, Any]]:
    of = Counter(first for first, _then in moves)
    return [
        {"from": first, "to": then, "wallets": count, "of": of[first], "share": count / of[first]}
        for (first, then), count in Counter(moves).items()
    ]


def _lost(ledger: Ledger, period: Period, made: list[Dealing]) -> list[dict[str, Any]]:
    """Return the lost quotations and customers by competitor and reason, merging different spellings."""
    lost = [each for each in made if _outcome(each) == "lost"]
    left = losses_in(ledger, period)
    rivals = spellings([each.row["lost_to"] for each in lost] + [each.to for each in left])
    reasons = spellings(
        [each.row["reason"] for each in lost] + [REASONS.get(each.reason, "") for each in left]
    )
    quoted: dict[tuple[str, str], list[Dealing]] = defaultdict(list)
    customers: Counter[tuple[str, str]] = Counter()
    for each in lost:
        quoted[rivals[folded(each.row["lost_to"])], reasons[folded(each.row["reason"])]].append(each)
    for loss in left:
        customers[rivals[folded(loss.to)], reasons[folded(REASONS.get(loss.reason, ""))]] += 1
    return [
        {
            "competitor": key[0] or "(unknown)",
            "reason": key[1] or "(unknown)",
            "quotations": len(quoted.get(key, [])),
            "value": _value(ledger, quoted.get(key, [])),
            "customers": customers[key],
        }
        for key in {*quoted, *customers}
    ]


def _value(ledger: Ledger, quoted: list[Dealing]) -> str | None:
    known = [each.home for each in quoted if each.home is not None]
    return shown(sum(known, ledger.money.rounded(ZERO))) if known or not quoted else None


def _suppliers(wallets: Wallets, earlier: Wallets) -> list[dict[str, Any]]:
    """Return each supplier's sales and its share now and before, out of the sales of all named suppliers."""
    now, then, served = _amounts(wallets), _amounts(earlier), _served(wallets)
    whole, past = sum(now.values(), ZERO), sum(then.values(), ZERO)
    found = []
    for name in {*served, *now}:
        share = float(now[name] / whole) if name in now else None
        before = float(then.get(name, ZERO) / past) if past else None
        all_now = float(now.get(name, ZERO) / whole) if whole else None
        found.append(
            {
                "supplier": name,
                "customers": len(served.get(name, ())),
                "amount": shown(now[name]) if name in now else None,
                "share": share,
                "before": before,
                "change": None if all_now is None or before is None else all_now - before,
            }
        )
    return found


def _amounts(wallets: Wallets) -> dict[str, Decimal]:
    """Return the sales of each supplier; overlapping wallets count once."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for wallet, rivals in wallets.counted():
        for name, amount in {OURS: wallet.ours, **rivals}.items():
            if amount > 0:
                found[name] += amount
    return dict(found)
