"""Who is leaving without a word: later than usual with the next purchase, and how likely still a buyer."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import NamedTuple

from archive.analysis.book import Book
from archive.analysis.churning.buying import Buying, Histories
from archive.analysis.churning.model import Fitted
from archive.analysis.churning.proof import Verdict
from archive.analysis.churning.saying import band, day_of, worth
from archive.analysis.maths.alive import p_alive_of
from archive.analysis.parts.result import Section, customer, customers
from archive.analysis.question import Ask
from archive.analysis.report import DATE, DAYS, MONEY, NUMBER, SHARE, TEXT, Column, Figure, Row, Table
from archive.model.summary import year_before
from archive.text import _

KEYS = ("silent", "gap.typical", "one_time")
SHOWN = 1_000  # customers in the list: the figure opens all of them
NEVER_SURE = 0.01  # a model's probability is shown as at least this and at most 1 less it


class Silent(NamedTuple):
    """A customer later than expected: the last purchase (a day number), days since, days expected, P(alive).

    `alive` is None where the model says nothing of them.
    """

    uid: str
    last: int
    elapsed: int
    expected: float
    alive: float | None
    repeats: int

    @property
    def overdue(self) -> float:
        """How many of their usual gaps have passed."""
        return self.elapsed / self.expected


def chances(found: Fitted, known: Histories) -> dict[str, float]:
    """P(alive) of every customer of whom the model says anything, never as a certainty.

    BG/NBD lets nobody leave at the first purchase: of one-time buyers it says nothing.
    """
    model = found.model
    if model is None:
        return {}
    told = {uid: history for uid, history in known.items() if model.chances(history.repeats)}
    alive = p_alive_of(model, told.values())
    return {uid: min(max(p, NEVER_SURE), 1 - NEVER_SURE) for uid, p in zip(told, alive, strict=True)}


def silence(book: Book, ask: Ask, bought: Buying, lost: Set[str], found: Fitted, verdict: Verdict) -> Section:
    """Who is overdue, those who bought once apart; sorted by the model where it has proved to be worth it."""
    current = {uid: history for uid, history in bought.histories.items() if uid not in lost}
    typical = bought.gaps.typical
    those = _overdue(ask.as_of.toordinal(), bought, lost, chances(found, current))
    if verdict.is_better:
        those.sort(key=lambda s: (s.alive is None, s.alive or 0.0, -s.overdue, s.uid))
    else:
        those.sort(key=lambda s: (-s.elapsed, -s.overdue, s.uid))
    again, once = [s for s in those if s.repeats], [s for s in those if not s.repeats]
    one_time = [uid for uid, history in current.items() if not history.repeats]
    return Section(
        figures=(
            _silent(again, len(current) - len(one_time), typical),
            _typical(typical, bought.histories),
            _one_time(one_time, len(current)),
        ),
        tables=(
            _table(book, ask, again, "silent", _("Silent longer than usual"), _guess()),
            _table(book, ask, once, "silent_once", _("Bought once, and silent since"), _once_note(found)),
        ),
        notes=(_sorted_by(verdict),),
    )


def _overdue(as_of: int, bought: Buying, lost: Set[str], alive: Mapping[str, float]) -> list[Silent]:
    found = []
    for uid, expected in bought.gaps.expected(lost).items():
        days = bought.days[uid]
        if as_of - days[-1] > expected:
            found.append(Silent(uid, days[-1], as_of - days[-1], expected, alive.get(uid), len(days) - 1))
    return found


def _silent(those: list[Silent], n: int, typical: float | None) -> Figure:
    low, high = band(len(those), n)
    share = _(
        "{late} of {n} customers who bought more than once and are not lost; a share of {low} to {high}"
    )
    why = _(
        "days since the last purchase > the geometric mean of the customer's own gaps and of two of {typical} days, the"
        " archive's median"
    )
    return Figure(
        key="silent",
        label=_("Silent longer than usual"),
        value=len(those) if typical is not None else None,
        n=n,
        note=_no_gap() if typical is None else "",
        why=(why if low is None else why + ": " + share).format(
            typical=typical, late=len(those), n=n, low=f"{low or 0:.0%}", high=f"{high or 0:.0%}"
        ),
        opens=customers(silent.uid for silent in those),
        top=True,
    )


def _no_gap() -> str:
    return _("Nobody has bought twice yet.")


def _typical(typical: float | None, known: Histories) -> Figure:
    return Figure(
        key="gap.typical",
        label=_("Days between two purchases (median)"),
        value=typical,
        unit=DAYS,
        n=sum(history.repeats for history in known.values()),
        note=_no_gap() if typical is None else "",
        why=_("the median of all gaps between the purchase days of a customer, lost ones included"),
    )


def _one_time(once: list[str], n: int) -> Figure:
    low, high = band(len(once), n)
    return Figure(
        key="one_time",
        label=_("Bought only once"),
        value=len(once) / n if n else None,
        unit=SHARE,
        n=n,
        low=low,
        high=high,
        note="" if n else _("Nobody has bought anything yet."),
        why=_("{once} with one purchase day / {n} customers who bought and are not lost").format(
            once=len(once), n=n
        ),
        opens=customers(once),
    )


def _table(book: Book, ask: Ask, those: list[Silent], key: str, label: str, note: str) -> Table:
    as_of = ask.as_of.toordinal()
    most = _("The first {shown} of {n}.").format(shown=f"{SHOWN:,}", n=f"{len(those):,}")
    return Table(
        key=key,
        label=label,
        columns=(
            Column("customer", _("Customer"), TEXT),
            Column("last", _("Last purchase"), DATE),
            Column("silent", _("Silent"), DAYS),
            Column("expected", _("Usual gap"), DAYS),
            Column("overdue", _("Gaps"), NUMBER),
            Column("alive", _("Still buys"), SHARE),
            Column("value", _("A year's sales"), MONEY),
        ),
        rows=tuple(_row(book, silent, as_of) for silent in those[:SHOWN]),
        empty=_("No customer is later than usual."),
        note=f"{most} {note}" if len(those) > SHOWN else note,
    )


def _guess() -> str:
    return _(
        "Gaps: how many usual gaps have passed. Still buys: a model's guess, not a fact about the customer; of two who"
        " are silent equally long, the one who used to buy more often is the less likely to come back. A year's sales:"
        " those of the year to the last purchase."
    )


def _once_note(found: Fitted) -> str:
    if found.model is not None and not found.model.leaves_first:
        return _("BG/NBD holds every one-time buyer for certain to buy again: it says nothing here.")
    return _("Of who bought once little can be told: the usual gap is the archive's, not their own.")


def _row(book: Book, silent: Silent, as_of: int) -> Row:
    year = year_before(date.fromordinal(silent.last)).toordinal() + 1
    return Row(
        (
            book.names.get(silent.uid, silent.uid),
            day_of(silent.last),
            silent.elapsed,
            round(silent.expected, 1),
            round(silent.overdue, 2),
            silent.alive,
            worth(book, silent.uid, year, as_of),
        ),
        customer(silent.uid),
    )


def _sorted_by(verdict: Verdict) -> str:
    """What the lists are sorted by, and why."""
    keys = {"auc": "auc", "recency": "auc_recency", "brier": "brier", "base": "brier_base"}
    marks = {name: f"{verdict.mean(key) or 0:.3f}" for name, key in keys.items()}
    if verdict.is_better:
        return _(
            "The lists of the silent are sorted by the model: tried on the past, it was better than the days since the"
            " last purchase (AUC {auc} against {recency}) and than the base rate (Brier {brier} against {base})."
        ).format(**marks)
    if verdict.note:
        return (
            _("The lists of the silent are sorted by the days since the last purchase.") + " " + verdict.note
        )
    return _(
        "The lists of the silent are sorted by the days since the last purchase: tried on the past, the model was no"
        " better (AUC {auc} against {recency}, Brier {brier} against {base})."
    ).format(**marks)
