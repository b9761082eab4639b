"""Whether a campaign did anything: those it reached beside those held back on purpose, else beside others like them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from archive.analysis.book import Book
from archive.analysis.efforts.responses import Effort
from archive.analysis.maths.proportions import Difference, newcombe
from archive.analysis.question import Ask
from archive.model.summary import year_before


class Lift(NamedTuple):
    """The share of the reached who ordered less that of the others; `observational` where nobody was held back.

    `balance` is the mean number of purchases in the year before, of the reached and of those they are compared with:
    the nearer, the fairer. `difference` is None where there is nobody to compare with.
    """

    reached: int
    ordered: int
    others: int
    others_ordered: int
    difference: Difference | None
    observational: bool
    balance: tuple[float, float] | None


def lift(book: Book, effort: Effort, ask: Ask, window: int) -> Lift:
    """Orders from the campaign's first day to `window` days after its last, whether they name it or not."""
    reached = sorted(effort.reached)
    start = effort.campaign.start or date.min
    end = min(effort.last + window, ask.as_of.toordinal())
    ordered = {uid for uid in book.histories if book.history(uid).purchases(end, effort.start)}
    if effort.held_back:
        return _against_held_back(book, effort, reached, ordered, start)
    return _matched(book, reached, ordered, start)


def _against_held_back(
    book: Book, effort: Effort, reached: list[str], ordered: set[str], start: date
) -> Lift:
    held = sorted(effort.held_back)
    responded, others = len(ordered & effort.reached), len(ordered & effort.held_back)
    found = newcombe(responded, len(reached), others, len(held)) if reached else None
    balance = (_mean(book, reached, start), _mean(book, held, start)) if reached else None
    return Lift(len(reached), responded, len(held), others, found, observational=False, balance=balance)


def _matched(book: Book, reached: list[str], ordered: set[str], start: date) -> Lift:
    """Beside customers of the same kind who bought as often in the year before, weighted as the reached are.

    Not an experiment: whoever chose the audience may have known more than the archive.
    """
    kinds = book.values("customers", "kind")
    strata: defaultdict[tuple[str, int], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    inside = set(reached)
    for uid in book.customers:
        stratum = strata[kinds.get(uid, ""), _often(book, uid, start)]
        stratum[uid not in inside].append(uid)
    both = [pair for pair in strata.values() if all(pair)]
    ours = [uid for mine, _others in both for uid in mine]
    others = [uid for _mine, others in both for uid in others]
    responded = sum(uid in ordered for uid in ours)
    expected = sum(len(mine) * sum(uid in ordered for uid in theirs) / len(theirs) for mine, theirs in both)
    found, balance = None, None
    if ours:
        found = newcombe(responded, len(ours), expected / len(ours) * len(others), len(others))
        weighted = sum(len(mine) * _mean(book, theirs, start) for mine, theirs in both) / len(ours)
        balance = (_mean(book, ours, start), weighted)
    return Lift(
        len(ours),
        responded,
        len(others),
        sum(uid in ordered for uid in others),
        found,
        observational=True,
        balance=balance,
    )


def _purchases(book: Book, uid: str, start: date) -> int:
    before = start - timedelta(days=1)
    return len(book.history(uid).purchases(before.toordinal(), year_before(start).toordinal()))


def _often(book: Book, uid: str, start: date) -> int:
    """0, 1, 2 to 3 or more purchases in the year before, as 0 to 3."""
    bought = _purchases(book, uid, start)
    return sum(bought >= least for least in (1, 2, 4))


def _mean(book: Book, uids: list[str], start: date) -> float:
    return sum(_purchases(book, uid, start) for uid in uids) / len(uids)
