"""Switching matrix: customers who change their main supplier between two periods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Switching(NamedTuple):
    """Counts of customers by supplier before (row) and after (column).

    `rows` are row shares, None for a supplier that nobody had before; `net` is customers won minus lost by each
    supplier; `stationary` is the long-run share if switching continues unchanged, None if it is not determined (a row
    without cases, or groups of suppliers between which nobody moves).
    """

    names: list[str]
    counts: list[list[int]]
    n: int
    rows: list[list[float] | None]
    net: list[int]
    stationary: list[float] | None


def switching(moves: Iterable[tuple[str, str]]) -> Switching:
    """Build the matrix from the (before, after) of each customer; names are in alphabetical order."""
    counts = Counter(moves)
    names = sorted({name for move in counts for name in move})
    return of_counts(names, [[counts[before, after] for after in names] for before in names])


def of_counts(names: Sequence[str], counts: Sequence[Sequence[int]]) -> Switching:
    """Build the matrix from a square table of counts, one row per name."""
    table = [list(row) for row in counts]
    sums = [sum(row) for row in table]
    rows = [
        [count / total for count in row] if total else None for row, total in zip(table, sums, strict=True)
    ]
    net = [sum(column) - total for column, total in zip(zip(*table, strict=True), sums, strict=True)]
    return Switching(list(names), table, sum(sums), rows, net, stationary(table))


def stationary(counts: Sequence[Sequence[float]]) -> list[float] | None:
    """Return the stationary distribution pi = pi P of the Markov chain with these counts.

    By the elimination of Grassmann, Taksar and Heyman (1985), Operations Research 33, which never subtracts. None
    unless there is a single closed class (a set of states reachable from everywhere and never left).
    """
    if not counts or not all(sum(row) for row in counts):
        return None
    closed_class = _closed_class(counts)
    if closed_class is None:
        return None
    distribution = _eliminate([[counts[i][j] / sum(counts[i]) for j in closed_class] for i in closed_class])
    shares = dict(zip(closed_class, distribution, strict=True))
    return [shares.get(i, 0.0) for i in range(len(counts))]


def _closed_class(counts: Sequence[Sequence[float]]) -> list[int] | None:
    """Return the recurrent states; None if there is more than one closed class."""
    reachable = [_reachable(counts, i) for i in range(len(counts))]
    common = set.intersection(*reachable)
    return sorted(common) if common else None


def _reachable(counts: Sequence[Sequence[float]], start: int) -> set[int]:
    visited, queue = {start}, [start]
    while queue:
        neighbours = {j for j, count in enumerate(counts[queue.pop()]) if count} - visited
        visited |= neighbours
        queue += neighbours
    return visited


def _eliminate(p: list[list[float]]) -> list[float]:
    size = len(p)
    for last in range(size - 1, 0, -1):
        outflow = sum(p[last][:last])
        for i in range(last):
            p[i][last] /= outflow
            for j in range(last):
                p[i][j] += p[i][last] * p[last][j]
    weights = [1.0]
    for j in range(1, size):
        weights.append(sum(weights[i] * p[i][j] for i in range(j)))
    total = sum(weights)
    return [weight / total for weight in weights]
