"""Who moves from one main supplier to another between two periods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Switching(NamedTuple):
    """Counts from each name (row) to each name (column).

    `rows` are the shares of each row, None for a name that nobody came from; `net` is what each name won less
    what it lost; `stationary` is where the shares end when the same switching goes on, None where that is not
    determined (a row without cases, or names between which nobody moves).
    """

    names: list[str]
    counts: list[list[int]]
    n: int
    rows: list[list[float] | None]
    net: list[int]
    stationary: list[float] | None


def switching(moves: Iterable[tuple[str, str]]) -> Switching:
    """From (before, after) of each customer; names come in the order of the alphabet."""
    seen = Counter(moves)
    names = sorted({name for move in seen for name in move})
    return of_counts(names, [[seen[before, after] for after in names] for before in names])


def of_counts(names: Sequence[str], counts: Sequence[Sequence[int]]) -> Switching:
    """From the counts themselves, a square of as many rows as names."""
    table = [list(row) for row in counts]
    sums = [sum(row) for row in table]
    rows = [
        [count / total for count in row] if total else None for row, total in zip(table, sums, strict=True)
    ]
    net = [sum(column) - total for column, total in zip(zip(*table, strict=True), sums, strict=True)]
    return Switching(list(names), table, sum(sums), rows, net, stationary(table))


def stationary(counts: Sequence[Sequence[float]]) -> list[float] | None:
    """The shares that this switching leaves as they are: pi = pi P of the Markov chain with these counts.

    By the elimination of Grassmann, Taksar and Heyman (1985), Operations Research 33, which never subtracts.
    None without a single set of names that is reached from everywhere and never left.
    """
    if not counts or not all(sum(row) for row in counts):
        return None
    kept = _closed_class(counts)
    if kept is None:
        return None
    inside = _eliminate([[counts[i][j] / sum(counts[i]) for j in kept] for i in kept])
    shares = dict(zip(kept, inside, strict=True))
    return [shares.get(i, 0.0) for i in range(len(counts))]


def _closed_class(counts: Sequence[Sequence[float]]) -> list[int] | None:
    """The states in which every walk ends, or None when there is more than one such set."""
    reached = [_reachable(counts, i) for i in range(len(counts))]
    common = set.intersection(*reached)
    return sorted(common) if common else None


def _reachable(counts: Sequence[Sequence[float]], start: int) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        onward = {j for j, count in enumerate(counts[waiting.pop()]) if count} - found
        found |= onward
        waiting += onward
    return found


def _eliminate(p: list[list[float]]) -> list[float]:
    size = len(p)
    for last in range(size - 1, 0, -1):
        leaving = sum(p[last][:last])
        for i in range(last):
            p[i][last] /= leaving
            for j in range(last):
                p[i][j] += p[i][last] * p[last][j]
    weights = [1.0]
    for j in range(1, size):
        weights.append(sum(weights[i] * p[i][j] for i in range(j)))
    total = sum(weights)
    return [weight / total for weight in weights]
