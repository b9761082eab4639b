"""Deliveries that could not be counted for any term of their contract, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from archive.analysis.fulfilment.obligations import Agreement
from archive.model.tied_deliveries import AMOUNT, CURRENCY, REASONS, TERM, UNIT, Uncounted
from archive.text import _, plural


def uncounted(agreements: Sequence[Agreement]) -> list[Uncounted]:
    """Return the uncounted deliveries of all contracts."""
    return [delivery for agreement in agreements for delivery in agreement.uncounted]


def left_out(agreements: Sequence[Agreement]) -> str:
    """Return a summary of uncounted deliveries, for the line below a figure; "" if there are none."""
    counts = Counter(delivery.reason for delivery in uncounted(agreements))
    return "; ".join(
        plural("{n} delivery left out", "{n} deliveries left out", counts[reason]) + f": {_(words)}"
        for reason, words in REASONS.items()
        if counts[reason]
    )


def notes(agreements: Sequence[Agreement]) -> Iterator[str]:
    """Yield a note for each kind of uncounted delivery."""
    deliveries = uncounted(agreements)
    mismatches = Counter(
        (delivery.reason, delivery.given, delivery.wanted)
        for delivery in deliveries
        if delivery.reason in (UNIT, CURRENCY)
    )
    for (reason, unit_given, unit_required), count in sorted(mismatches.items()):
        yield _converted(reason, count).format(given=unit_given or "-", wanted=unit_required or "-")
    counts = Counter(delivery.reason for delivery in deliveries)
    if counts[TERM]:
        yield plural(
            "{n} delivery or return belongs to a contract, but to none of its terms, and is not counted.",
            "{n} deliveries or returns belong to a contract, but to none of its terms, and are not counted.",
            counts[TERM],
        )
    if counts[AMOUNT]:
        yield plural(
            "{n} delivery or return has no quantity or amount where its term requires one, "
            "and is not counted.",
            "{n} deliveries or returns have no quantity or amount where their term requires "
            "one, and are not counted.",
            counts[AMOUNT],
        )


def _converted(reason: str, count: int) -> str:
    if reason == UNIT:
        return plural(
            "{n} delivery in {{given}} on a term in {{wanted}} is not counted: the units cannot be converted.",
            "{n} deliveries in {{given}} on terms in {{wanted}} are not counted: the units cannot be converted.",
            count,
        )
    return plural(
        "{n} delivery in {{given}} on a term in {{wanted}} is not counted: there is no exchange rate for its day.",
        "{n} deliveries in {{given}} on terms in {{wanted}} are not counted: there is no exchange rate for their days.",
        count,
    )
