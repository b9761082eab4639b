"""When and where a customer can be reached: now, until when, and when next; and the week as a grid of half hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from archive.model.customer import Customer
from archive.model.dates import show_date
from archive.model.fields import Context
from archive.model.parts import CHANNEL, Absence, Window
from archive.model.weekdays import SHORT
from archive.model.zones import time_zone
from archive.text import _

Cell = tuple[str, str]  # channel, place
Slot = tuple[int, int]  # weekday (Monday is 0), half hour of the day (0 to 47)

_DAY = timedelta(days=1)
_DAYS_AHEAD = 14
_HALF_HOURS = 48


@dataclass(frozen=True)
class Reach:
    """Whether a customer can be reached. All times are the wall clock where the customer is."""

    now_there: datetime  # ours, where their zone is not known
    has_zone: bool = False
    forbidden: bool = False  # they are not to be contacted at all
    reachable: bool = False
    until: time | None = None  # None while reachable: round the clock
    channel: str = ""
    place: str = ""
    next_from: datetime | None = None  # from when the next hours are within our working time, within 14 days
    reason: str = ""  # why not now, as a sentence for people
    closed: str = ""  # why we do not work now, if the customer can be reached


class _Span(NamedTuple):
    """Hours that begin and end on certain days."""

    start: datetime
    end: datetime
    channel: str
    place: str


def reach(customer: Customer, ctx: Context) -> Reach:
    """Work out when and where a customer can be reached, seen from `ctx.now`.

    An absence holds for the hours that begin on its days: a night belongs to the day on which it begins. The next
    time to call lies within our working hours and on none of our holidays.
    """
    zone = time_zone(customer.time_zone) if customer.time_zone else None
    now = _now_there(ctx, zone)
    if customer.do_not_contact or customer.may_contact == "no":
        reason = _("do not contact") if customer.do_not_contact else _("may not be contacted")
        return Reach(now, zone is not None, forbidden=True, reason=reason)
    spans = _joined(_spans(customer, now.date()))
    running = [span for span in spans if span.start <= now < span.end]
    closed = ctx.working.closed(_ours(ctx))
    coming = _next_open([span for span in spans if span.end > now and (closed or span.start > now)], now, ctx)
    best = max(running, key=lambda span: (span.channel == customer.preferred_channel, span.end), default=None)
    shown = best or coming
    return Reach(
        now_there=now,
        has_zone=zone is not None,
        reachable=best is not None,
        until=best.end.time() if best and best.end - now < _DAY else None,
        channel=(shown and shown.channel) or customer.preferred_channel,
        place=shown.place if shown else "",
        next_from=coming.start if coming else None,
        reason="" if best else _absent(customer.exceptions, now.date()),
        closed=closed if best else "",
    )


def _next_open(spans: Iterable[_Span], now: datetime, ctx: Context) -> _Span | None:
    """Return the first hours, from now on, that overlap with our working time, cut to begin with it.

    The customer's distance from our time is taken as it is now, also across a change of the clocks.
    """
    ahead = now - _ours(ctx)
    found = []
    for span in spans:
        opens = ctx.working.first_open(max(span.start, now) - ahead, span.end - ahead)
        if opens is not None:
            found.append(span._replace(start=opens + ahead))
    return min(found, default=None)


def _ours(ctx: Context) -> datetime:
    return ctx.now.replace(tzinfo=None)


def say_reach(reach: Reach, ctx: Context) -> str:
    """Say it in one line: "15:20 there · reachable until 17:00 by phone"; "" if nothing is known."""
    if reach.forbidden:
        return reach.reason
    there = _("{time} there").format(time=f"{reach.now_there:%H:%M}") if reach.has_zone else ""
    when = _say_reachable(reach, ctx) if reach.reachable else _say_next(reach)
    place = reach.place if when else ""
    return " · ".join(part for part in (there, reach.reason, when, place, reach.closed) if part)


def _say_reachable(reach: Reach, ctx: Context) -> str:
    channel = CHANNEL.show(reach.channel, ctx)
    until = f"{reach.until:%H:%M}" if reach.until is not None else ""
    if until and channel:
        return _("reachable until {time} by {channel}").format(time=until, channel=channel)
    if until:
        return _("reachable until {time}").format(time=until)
    return _("reachable by {channel}").format(channel=channel) if channel else _("reachable")


def _say_next(reach: Reach) -> str:
    start = reach.next_from
    if start is None:
        return ""
    days = (start.date() - reach.now_there.date()).days
    if days == 0:
        return _("from {time}").format(time=f"{start:%H:%M}")
    day = _(SHORT[start.weekday()]) if days < 7 else show_date(start.date())
    return _("next {day} {time}").format(day=day, time=f"{start:%H:%M}")


def _now_there(ctx: Context, zone: tzinfo | None) -> datetime:
    if zone is None:
        return ctx.now.replace(tzinfo=None)
    ours = time_zone(ctx.zone) if ctx.zone else None
    now = ctx.now.replace(tzinfo=ours) if ours else ctx.now.replace(tzinfo=None).astimezone()
    return now.astimezone(zone).replace(tzinfo=None)


def _absent(exceptions: Iterable[Absence], day: date) -> str:
    found = next((absence for absence in exceptions if _covers(absence, day)), None)
    if not found:
        return ""
    return found.reason or _("away")


def _covers(absence: Absence, day: date) -> bool:
    first = absence.first or absence.last
    return first is not None and first <= day <= (absence.last or first)


def _spans(customer: Customer, today: date) -> Iterator[_Span]:
    """The hours that begin from yesterday (a night may reach into today) to two weeks ahead."""
    for offset in range(-1, _DAYS_AHEAD + 1):
        day = today + offset * _DAY
        if any(_covers(absence, day) for absence in customer.exceptions):
            continue
        midnight = datetime.combine(day, time())
        for window in customer.windows:
            if day.weekday() in window.days:
                start, end = window.minutes
                yield _Span(
                    midnight + timedelta(minutes=start),
                    midnight + timedelta(minutes=end),
                    window.channel,
                    window.place,
                )


def _joined(spans: Iterable[_Span]) -> list[_Span]:
    """Hours that follow one another without a break, by the same way and at the same place, as one."""
    joined: dict[Cell, list[_Span]] = {}
    for span in sorted(spans):
        runs = joined.setdefault((span.channel, span.place), [])
        if runs and span.start <= runs[-1].end:
            runs[-1] = runs[-1]._replace(end=max(runs[-1].end, span.end))
        else:
            runs.append(span)
    return sorted(span for runs in joined.values() for span in runs)


def grid_of(windows: Iterable[Window]) -> dict[Slot, Cell]:
    """The half hours of the week that windows touch; where two overlap the first one counts."""
    grid: dict[Slot, Cell] = {}
    for slot, cell in _slots(windows):
        grid.setdefault(slot, cell)
    return grid


def exact(windows: Iterable[Window]) -> bool:
    """Whether the grid says all that the windows say: they keep to half hours and agree where they overlap."""
    windows = tuple(windows)
    on_half_hours = all(minute % 30 == 0 for window in windows for minute in window.minutes)
    return on_half_hours and len(set(_slots(windows))) == len(grid_of(windows))


def _slots(windows: Iterable[Window]) -> Iterator[tuple[Slot, Cell]]:
    for window in windows:
        start, end = window.minutes
        for day in window.days:
            for half_hour in range(start // 30, -(-end // 30)):
                days_on, slot = divmod(half_hour, _HALF_HOURS)
                yield ((day + days_on) % 7, slot), (window.channel, window.place)


class _Run(NamedTuple):
    """Half hours of one day in a row with the same cell; `end` is the first one behind them, 48 is midnight."""

    start: int
    end: int
    cell: Cell


def windows_of(grid: Mapping[Slot, Cell]) -> tuple[Window, ...]:
    """The windows of a grid: half hours in a row are one, over midnight too, and so are days with like hours."""
    runs = {day: _runs(grid, day) for day in range(7)}
    nights = {day: _night(runs[day], runs[(day + 1) % 7]) for day in range(7)}
    days: dict[_Run, list[int]] = {}
    for day in range(7):
        for run in _without_nights(runs[day], nights[(day - 1) % 7], nights[day]):
            days.setdefault(run, []).append(day)
    return tuple(_window(run, days[run]) for run in sorted(days, key=lambda run: (days[run], run)))


def _runs(grid: Mapping[Slot, Cell], day: int) -> list[_Run]:
    runs: list[_Run] = []
    for half_hour in range(_HALF_HOURS):
        cell = grid.get((day, half_hour))
        if cell is None:
            continue
        if runs and runs[-1].end == half_hour and runs[-1].cell == cell:
            runs[-1] = runs[-1]._replace(end=half_hour + 1)
        else:
            runs.append(_Run(half_hour, half_hour + 1, cell))
    return runs


def _night(evening: list[_Run], morning: list[_Run]) -> _Run | None:
    """The run over midnight, less than a day long, that the last of a day and the first of the next day make."""
    if not evening or not morning:
        return None
    last, first = evening[-1], morning[0]
    is_one = last.end == _HALF_HOURS and first.start == 0 and last.cell == first.cell
    return _Run(last.start, first.end, last.cell) if is_one and first.end < last.start else None


def _without_nights(runs: list[_Run], before: _Run | None, tonight: _Run | None) -> list[_Run]:
    """A day's runs: its first may belong to the night before, its last goes on into the next day."""
    own = runs[1:] if before else runs
    return [*own[:-1], tonight] if tonight else own


def _window(run: _Run, days: list[int]) -> Window:
    start, end = (time(half_hour % _HALF_HOURS // 2, half_hour % 2 * 30) for half_hour in run[:2])
    channel, place = run.cell
    return Window(days=tuple(days), start=start, end=end, channel=channel, place=place)
