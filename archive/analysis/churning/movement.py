"""Opening + new + won back - lost = closing, with names; logo churn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from archive.analysis.book import Book
from archive.analysis.churning.lives import Life, Lives
from archive.analysis.churning.saying import band, day_of, some, worth
from archive.analysis.parts.result import Section, customer, customers
from archive.analysis.pictures import Bridge, Step
from archive.analysis.question import Ask
from archive.analysis.report import COUNT, DATE, MONEY, SHARE, TEXT, Column, Figure, Row, Table
from archive.model.customer import LOST_REASON
from archive.text import N_, _

KEYS = ("opening", "new", "won_back", "lost", "closing", "logo_churn")

NAMED = 2  # customers on a step of the bridge
SHOWN = 1_000  # of each move in the table: the figures open all of them

_WORDS = {
    "opening": N_("Customers at the opening"),
    "new": N_("New customers"),
    "won_back": N_("Won back"),
    "lost": N_("Lost customers"),
    "closing": N_("Customers at the close"),
}
_STEPS = {"new": N_("New"), "won_back": N_("Won back"), "lost": N_("Lost")}
_MOVES = {"lost": N_("lost"), "won_back": N_("won back"), "new": N_("new")}
_MOVED_ON: dict[str, Callable[[Life], int]] = {
    "lost": lambda life: life.lost,
    "won_back": lambda life: life.back,
    "new": lambda life: life.since,
}


class Movement(NamedTuple):
    """The customers at the opening and the close of a period, and those who came, came back and left in it."""

    opening: list[Life]
    new: list[Life]
    won_back: list[Life]
    lost: list[Life]
    closing: list[Life]


def moved(everyone: Iterable[Life], ask: Ask) -> Movement:
    """What happened in the period. Who is lost and won back within it counts in both."""
    start, end = ask.start.toordinal(), ask.end.toordinal()
    found = Movement([], [], [], [], [])
    for life in everyone:
        if life.lasts(start - 1):
            found.opening.append(life)
        if start <= life.since <= end:
            found.new.append(life)
        if start <= life.back <= end:
            found.won_back.append(life)
        if start <= life.lost <= end:
            found.lost.append(life)
        if life.lasts(end):
            found.closing.append(life)
    return found


def movement(book: Book, ask: Ask, everyone: Lives) -> Section:
    """The bridge of customers from the opening to the close of the period."""
    now, before = moved(everyone.all, ask), moved(everyone.all, ask.before())
    movers = _movers(book, ask, now)
    return Section(
        figures=(*_levels(now, before), _logo_churn(now, before)),
        tables=(_moves(book, movers),),
        pictures=(_bridge(book, now, movers),),
        notes=tuple(everyone.notes()),
    )


def _levels(now: Movement, before: Movement) -> list[Figure]:
    counts = {key: len(getattr(now, key)) for key in Movement._fields}
    sums = _("{opening} at the opening + {new} new + {won_back} won back - {lost} lost = {closing}").format(
        **counts
    )
    return [
        Figure(
            key=key,
            label=_(_WORDS[key]),
            value=counts[key],
            unit=COUNT,
            before=len(getattr(before, key)) if any(before) else None,
            why=sums,
            opens=customers(life.uid for life in getattr(now, key)),
            top=key in ("closing", "lost"),
        )
        for key in Movement._fields
    ]


def _logo_churn(now: Movement, before: Movement) -> Figure:
    lost, opening, late = len(now.lost), len(now.opening), _late(now)
    low, high = churn_band(now)
    why = _("{lost} lost in the period / {opening} customers at its opening").format(
        lost=lost, opening=opening
    )
    return Figure(
        key="logo_churn",
        label=_("Lost (logo churn)"),
        value=lost / opening if opening else None,
        unit=SHARE,
        n=opening,
        low=low,
        high=high,
        before=len(before.lost) / len(before.opening) if before.opening else None,
        note=_churn_note(opening, late),
        why=why,
        opens=customers(life.uid for life in now.lost),
        top=True,
    )


def _late(now: Movement) -> int:
    """How many of the lost were no customers at the opening."""
    opening = {life.uid for life in now.opening}
    return sum(life.uid not in opening for life in now.lost)


def churn_band(now: Movement) -> tuple[float | None, float | None]:
    """The 95 % interval of lost / opening; none where some of the lost are not of the opening: no proportion."""
    return (None, None) if _late(now) else band(len(now.lost), len(now.opening))


def _churn_note(opening: int, late: int) -> str:
    if not opening:
        return _("There was no customer at the opening of the period.")
    if late:
        return _("{n} of the lost came or came back only within the period; no interval.").format(n=late)
    return ""


class Mover(NamedTuple):
    """Who moved, and what they bought in the period before and in this one."""

    life: Life
    before: Decimal | None
    sales: Decimal | None


def _movers(book: Book, ask: Ask, now: Movement) -> dict[str, list[Mover]]:
    """Who moved, by move, the largest first."""
    earlier = ask.before()
    first, last = earlier.start.toordinal(), earlier.end.toordinal()
    start, end = ask.start.toordinal(), ask.end.toordinal()
    found = {}
    for move in _MOVES:
        those = []
        for life in getattr(now, move):
            before, sales = worth(book, life.uid, first, last), worth(book, life.uid, start, end)
            those.append(Mover(life, before, sales))
        found[move] = sorted(
            those, key=lambda mover: (-max(mover.before or 0, mover.sales or 0), mover.life.uid)
        )
    return found


def _moves(book: Book, movers: Mapping[str, list[Mover]]) -> Table:
    rows = [
        Row(
            (
                book.names.get(life.uid, life.uid),
                _(_MOVES[move]),
                day_of(_MOVED_ON[move](life)),
                _(LOST_REASON.options.get(life.reason, life.reason)) if move == "lost" else None,
                before,
                sales,
            ),
            customer(life.uid),
        )
        for move, those in movers.items()
        for life, before, sales in those[:SHOWN]
    ]
    n = sum(map(len, movers.values()))
    return Table(
        key="moves",
        label=_("Who came and who left"),
        columns=(
            Column("customer", _("Customer"), TEXT),
            Column("move", _("Move"), TEXT),
            Column("on", _("On"), DATE),
            Column("reason", _("Reason"), TEXT),
            Column("before", _("Sales before"), MONEY),
            Column("sales", _("Sales now"), MONEY),
        ),
        rows=tuple(rows),
        empty=_("Nobody came and nobody left in the period."),
        note=_("At most {shown} of a kind are shown, of {n} in all.").format(shown=f"{SHOWN:,}", n=f"{n:,}")
        if n > len(rows)
        else "",
    )


def _bridge(book: Book, now: Movement, movers: Mapping[str, list[Mover]]) -> Bridge:
    def named(move: str, sign: int) -> Step:
        n = len(movers[move])
        uids = [mover.life.uid for mover in movers[move][:NAMED]]
        names = some([book.names.get(uid, uid) for uid in uids], n)
        label = _("{what}: {names}") if n else "{what}"
        return Step(label.format(what=_(_STEPS[move]), names=names), sign * n)

    return Bridge(
        key="bridge",
        label=_("Customers from the opening to the close"),
        unit=COUNT,
        empty=_("There is no customer yet."),
        steps=(
            Step(_("Opening"), len(now.opening), total=True),
            named("new", 1),
            named("won_back", 1),
            named("lost", -1),
            Step(_("Close"), len(now.closing), total=True),
        )
        if now.opening or now.new or now.won_back
        else (),
    )
