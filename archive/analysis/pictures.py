"""What a report wants drawn, as data: how it looks is `archive.analysis.drawing`'s, one module a picture.

Every picture says its numbers in its text too, so that nothing depends on colour. Values are plain numbers (counts,
shares from 0 to 1, money in the report's currency); labels are text from outside and are cleaned where they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True, kw_only=True)
class Picture:
    """`unit` is that of the values (as of a figure), `empty` the sentence where there is nothing to draw."""

    key: str
    label: str
    unit: str = "count"
    empty: str = ""


class Bar(NamedTuple):
    """A bar: `value` of `whole` (None: of the longest bar). `mark` is a second value shown as a sign on it."""

    label: str
    value: float
    whole: float | None = None
    mark: float | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Bars(Picture):
    """Horizontal bars, the values may be negative."""

    bars: tuple[Bar, ...] = ()


class Point(NamedTuple):
    """A point of a line; `low` and `high` its band."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None


class Line(NamedTuple):
    """A named line. `steps` holds each value until the next point."""

    label: str
    points: tuple[Point, ...]
    steps: bool = False


@dataclass(frozen=True, kw_only=True)
class Lines(Picture):
    """Lines over a common axis: survival steps with their band, a Lorenz curve with `diagonal`.

    `x_step` is what marks of the axis are multiples of: 12 for months; 0 takes round numbers.
    """

    lines: tuple[Line, ...] = ()
    x_label: str = ""
    x_step: float = 0.0
    diagonal: bool = False
    lowest: float | None = 0.0
    highest: float | None = None


class Part(NamedTuple):
    """A part of a stacked bar."""

    label: str
    value: float


class Stack(NamedTuple):
    """A bar of parts; `total` None takes their sum."""

    label: str
    parts: tuple[Part, ...]
    total: float | None = None


@dataclass(frozen=True, kw_only=True)
class Stacked(Picture):
    """Bars of equal length cut by shares, such as suppliers of a customer; equal labels get equal shades."""

    stacks: tuple[Stack, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Grid(Picture):
    """A heat grid: `cells[row][column]`, None for what is not observed."""

    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    cells: tuple[tuple[float | None, ...], ...] = ()


class Dot(NamedTuple):
    """A dot of a scatter; `weight` orders which labels are written first where there is little room."""

    label: str
    x: float
    y: float
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Quadrants(Picture):
    """A scatter in four named fields, parted at `split_x` and `split_y`. `names` are upper left, upper right, lower
    left, lower right."""

    dots: tuple[Dot, ...] = ()
    split_x: float = 0.5
    split_y: float = 0.5
    names: tuple[str, str, str, str] = ("", "", "", "")
    x_label: str = ""
    y_label: str = ""
    x_unit: str = "share"
    y_unit: str = "money"


class Step(NamedTuple):
    """A step of a bridge: what was added or taken, or with `total` a level that is reached."""

    label: str
    value: float
    total: bool = False


@dataclass(frozen=True, kw_only=True)
class Bridge(Picture):
    """From an opening to a closing value by what came and what went."""

    steps: tuple[Step, ...] = ()


class Span(NamedTuple):
    """A line of a timeline: from `start` to `end` (the same day: a point); `state` is good, late, bad, open or ""."""

    label: str
    start: date
    end: date
    state: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Timeline(Picture):
    """Spans on a common axis of days with a mark at `today`."""

    spans: tuple[Span, ...] = ()
    today: date | None = None
