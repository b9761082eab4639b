"""When and where a customer can be reached: now, until when and when next; and best hours as a half-hour grid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from archive.model.contact_details import CHANNEL, Absence, Window
from archive.model.dates import show_date
from archive.model.field_types.base import Context
from archive.model.records.customer import Customer
from archive.model.weekdays import SHORT
from archive.model.zones import time_zone
from archive.text import _

Cell = tuple[str, str]  # channel, place
Slot = tuple[int, int]  # weekday (Monday is 0), half-hour of the day (0 to 47)

_DAY = timedelta(days=1)
_DAYS_AHEAD = 14
_HALF_HOURS = 48


@dataclass(frozen=True)
class Reach:
    """Whether a customer can be reached. All times are wall-clock times in the customer's time zone."""

    now_there: datetime  # our time if the customer's time zone is not known
    has_zone: bool = False
    forbidden: bool = False  # the customer must not be contacted at all
    reachable: bool = False
    until: time | None = None  # None if not reachable now, or reachable for 24 hours or more
    channel: str = ""
    place: str = ""
    next_from: datetime | None = None  # start of the next hours within our working time, up to 14 days ahead
    reason: str = ""  # why not now, as text for the user
    closed: str = ""  # why we are closed now; empty unless the customer is reachable


class _Span(NamedTuple):
    """A range of best hours with concrete start and end times."""

    start: datetime
    end: datetime
    channel: str
    place: str


def reach(customer: Customer, ctx: Context) -> Reach:
    """Determine when and where a customer can be reached, as seen at `ctx.now`.

    An absence removes the hours that start on its days; hours past midnight belong to the day on which they start. The
    next contact time is always within our working hours and never on one of our holidays.
    """
    zone = time_zone(customer.time_zone) if customer.time_zone else None
    now = _local_time(ctx, zone)
    if customer.do_not_contact or customer.may_contact == "no":
        reason = _("do not contact") if customer.do_not_contact else _("no contact consent")
        return Reach(now, zone is not None, forbidden=True, reason=reason)
    spans = _joined(_spans(customer, now.date()))
    running = [span for span in spans if span.start <= now < span.end]
    closed = ctx.working.closed(_ours(ctx))
    coming = _next_open([span for span in spans if span.end > now and (closed or span.start > now)], now, ctx)
    best = max(running, key=lambda span: (span.channel == customer.preferred_channel, span.end), default=None)
    next_span = best or coming
    return Reach(
        now_there=now,
        has_zone=zone is not None,
        reachable=best is not None,
        until=best.end.time() if best and best.end - now < _DAY else None,
        channel=(next_span and next_span.channel) or customer.preferred_channel,
        place=next_span.place if next_span else "",
        next_from=coming.start if coming else None,
        reason="" if best else _absent(customer.exceptions, now.date()),
        closed=closed if best else "",
    )


def _next_open(spans: Iterable[_Span], now: datetime, ctx: Context) -> _Span | None:
    """Return the first hours from now on that overlap with our working time, cut to start within it.

    The current offset between the two time zones is used throughout, even across a clock change.
    """
    ahead = now - _ours(ctx)
    open_spans = []
    for span in spans:
        opens = ctx.working.first_open(max(span.start, now) - ahead, span.end - ahead)
        if opens is not None:
            open_spans.append(span._replace(start=opens + ahead))
    return min(open_spans, default=None)


def _ours(ctx: Context) -> datetime:
    return ctx.now.replace(tzinfo=None)


def say_reach(reach: Reach, ctx: Context) -> str:
    """Describe when a customer can be reached: "15:20 there · reachable until 17:00 by phone"; "" if unknown."""
    if reach.forbidden:
        return reach.reason
    local_time = _("{time} there").format(time=f"{reach.now_there:%H:%M}") if reach.has_zone else ""
    when = _say_reachable(reach, ctx) if reach.reachable else _say_next(reach)
    place = reach.place if when else ""
    return " · ".join(part for part in (local_time, reach.reason, when, place, reach.closed) if part)


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


def _local_time(ctx: Context, zone: tzinfo | None) -> datetime:
    if zone is None:
        return ctx.now.replace(tzinfo=None)
    ours = time_zone(ctx.zone) if ctx.zone else None
    now = ctx.now.replace(tzinfo=ours) if ours else ctx.now.replace(tzinfo=None).astimezone()
    return now.astimezone(zone).replace(tzinfo=None)


def _absent(exceptions: Iterable[Absence], day: date) -> str:
    current = next((absence for absence in exceptions if _covers(absence, day)), None)
    if not current:
        return ""
    return current.reason or _("away")


def _covers(absence: Absence, day: date) -> bool:
    first = absence.first or absence.last
    return first is not None and first <= day <= (absence.last or first)


def _spans(customer: Customer, today: date) -> Iterator[_Span]:
    """Yield the hours that start between yesterday (they may extend past midnight) and two weeks ahead."""
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
    """Merge adjacent or overlapping hours with the same channel and place."""
    joined: dict[Cell, list[_Span]] = {}
    for span in sorted(spans):
        runs = joined.setdefault((span.channel, span.place), [])
        if runs and span.start <= runs[-1].end:
            runs[-1] = runs[-1]._replace(end=max(runs[-1].end, span.end))
        else:
            runs.append(span)
    return sorted(span for runs in joined.values() for span in runs)


def grid_of(windows: Iterable[Window]) -> dict[Slot, Cell]:
    """Return the half-hours of the week that the windows touch. If windows overlap, the first one wins."""
    grid: dict[Slot, Cell] = {}
    for slot, cell in _slots(windows):
        grid.setdefault(slot, cell)
    return grid


def exact(windows: Iterable[Window]) -> bool:
    """Return whether the grid loses nothing: the windows start and end on half-hours and agree where they overlap."""
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
    """Consecutive half-hours of one day with the same cell. `end` is exclusive; 48 is midnight."""

    start: int
    end: int
    cell: Cell


def windows_of(grid: Mapping[Slot, Cell]) -> tuple[Window, ...]:
    """Convert a grid to windows.

    Consecutive half-hours are merged, also across midnight, and days with the same hours share a window.
    """
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
    """Return the run across midnight made of a day's last and the next day's first run; None if it is 24 h or more."""
    if not evening or not morning:
        return None
    last, first = evening[-1], morning[0]
    is_one = last.end == _HALF_HOURS and first.start == 0 and last.cell == first.cell
    return _Run(last.start, first.end, last.cell) if is_one and first.end < last.start else None


def _without_nights(runs: list[_Run], before: _Run | None, tonight: _Run | None) -> list[_Run]:
    """Return a day's runs without the morning part of last night's run, and with tonight's run as a whole."""
    own = runs[1:] if before else runs
    return [*own[:-1], tonight] if tonight else own


def _window(run: _Run, days: list[int]) -> Window:
    start, end = (time(half_hour % _HALF_HOURS // 2, half_hour % 2 * 30) for half_hour in run[:2])
    channel, place = run.cell
    return Window(days=tuple(days), start=start, end=end, channel=channel, place=place)
