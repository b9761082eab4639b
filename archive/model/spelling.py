"""Grouping of names that differ only in spelling, under the most frequent spelling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from archive.text import fold


def usual_spellings(names: Iterable[str]) -> dict[str, str]:
    """Return the most frequent spelling by folded name; of equally frequent spellings the first."""
    counts = Counter(names)
    spellings: dict[str, str] = {}
    for name in counts:
        usual = spellings.setdefault(fold(name), name)
        if counts[name] > counts[usual]:
            spellings[fold(name)] = name
    spellings.pop("", None)
    return spellings


def by_usual_spelling(names: Iterable[str]) -> Counter[str]:
    """Count names by their most frequent spelling; empty names are left out."""
    counts = Counter(names)
    spelling = usual_spellings(counts.elements())
    totals: Counter[str] = Counter()
    for name, count in counts.items():
        if usual := spelling.get(fold(name)):
            totals[usual] += count
    return totals
