"""Who is leaving without a word: later than usual with the next purchase, and how likely still a buyer."""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from archive.analysis.book import Book
from archive.analysis.churning.buying import Buying, Histories
from archive.analysis.churning.model import Fitted
from archive.analysis.churning.overdue import Silent, chances, overdue
from archive.analysis.churning.proof import Verdict
from archive.analysis.churning.saying import band, day_of, worth
from archive.analysis.parts.result import Section, customer, customers
from archive.analysis.question import Ask
from archive.analysis.report import DATE, DAYS, MONEY, NUMBER, SHARE, TEXT, Column, Figure, Row, Table
from archive.model.summary import year_before
from archive.text import _

KEYS = ("silent", "gap.typical", "one_time")
SHOWN = 1_000  # customers in the list: the figure opens all of them


def silence(book: Book, ask: Ask, bought: Buying, lost: Set[str], found: Fitted, verdict: Verdict) -> Section:
    """Who is overdue, those who bought once apart; sorted by the model where it has proved to be worth it."""
    current = {uid: history for uid, history in bought.histories.items() if uid not in lost}
    typical = bought.gaps.typical
    those = overdue(ask.as_of.toordinal(), bought, lost, chances(found, current))
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
            _table(
                _rows(book, ask, again, typical),
                len(again),
                "silent",
                _("Silent longer than usual"),
                _guess(),
            ),
            _table(
                _rows(book, ask, once, typical),
                len(once),
                "silent_once",
                _("Bought once, and silent since"),
                _once_note(found),
            ),
        ),
        notes=(_sorted_by(verdict),),
    )


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
        label=_("Silent too long"),
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


def _table(rows: tuple[Row, ...], n: int, key: str, label: str, note: str) -> Table:
    most = _("The first {shown} of {n}.").format(shown=f"{SHOWN:,}", n=f"{n:,}")
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
        rows=rows,
        empty=_("No customer is later than usual."),
        note=f"{most} {note}" if n > SHOWN else note,
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


def _rows(book: Book, ask: Ask, those: list[Silent], typical: float | None) -> tuple[Row, ...]:
    as_of = ask.as_of.toordinal()
    why = _(
        "{elapsed} days since the last purchase / {expected} expected, the geometric mean of {n} own gaps and of two of"
        " {typical} days = {overdue} gaps"
    )
    return tuple(
        Row(
            (
                book.names.get(silent.uid, silent.uid),
                day_of(silent.last),
                silent.elapsed,
                round(silent.expected, 1),
                round(silent.overdue, 2),
                silent.alive,
                worth(book, silent.uid, _year_to(silent.last), as_of),
            ),
            customer(silent.uid),
            why.format(
                elapsed=silent.elapsed,
                expected=round(silent.expected, 1),
                n=silent.repeats,
                typical=typical,
                overdue=round(silent.overdue, 2),
            ),
        )
        for silent in those[:SHOWN]
    )


def _year_to(last: int) -> int:
    """The first day of the year that ends on a day."""
    return year_before(date.fromordinal(last)).toordinal() + 1


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
