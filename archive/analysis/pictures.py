"""Chart specifications of the reports. `archive.analysis.drawing` renders them, one module per chart type.

Every chart also prints its numbers, so that nothing depends on colour. Values are plain numbers (counts, shares from
0 to 1, money in the report's currency); labels are untrusted text and are sanitised when rendered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Base of all charts. `unit` is the unit of the values, as in a figure; `empty` is shown if there is no data."""

    key: str
    label: str
    unit: str = "count"
    empty: str = ""


class Bar(NamedTuple):
    """A bar of `value` relative to `whole` (None: to the longest bar). `mark` is a second value, marked on the bar."""

    label: str
    value: float
    whole: float | None = None
    mark: float | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Bars(Picture):
    """Horizontal bars; values may be negative."""

    bars: tuple[Bar, ...] = ()


class Point(NamedTuple):
    """A point of a line, with its confidence band from `low` to `high`."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None


class Line(NamedTuple):
    """A labelled line. With `steps` each value holds until the next point (step function)."""

    label: str
    points: tuple[Point, ...]
    steps: bool = False


@dataclass(frozen=True, kw_only=True)
class Lines(Picture):
    """Line chart with a common x axis: survival curves with their bands, or a Lorenz curve with its `diagonal`.

    Axis marks are multiples of `x_step`, such as 12 for months; 0 selects round numbers.
    """

    lines: tuple[Line, ...] = ()
    x_label: str = ""
    x_step: float = 0.0
    diagonal: bool = False
    lowest: float | None = 0.0
    highest: float | None = None


class Part(NamedTuple):
    """A segment of a stacked bar."""

    label: str
    value: float


class Stack(NamedTuple):
    """A stacked bar; without `total` its length is the sum of the parts."""

    label: str
    parts: tuple[Part, ...]
    total: float | None = None


@dataclass(frozen=True, kw_only=True)
class Stacked(Picture):
    """Stacked bars of equal length that show shares, such as suppliers by customer; equal labels get equal shades."""

    stacks: tuple[Stack, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Grid(Picture):
    """A heat map: `cells[row][column]`, None if not observed."""

    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    cells: tuple[tuple[float | None, ...], ...] = ()


class Dot(NamedTuple):
    """A dot in a scatter chart; if space is short, labels of larger `weight` are placed first."""

    label: str
    x: float
    y: float
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Quadrants(Picture):
    """A scatter chart in four named quadrants, divided at `split_x` and `split_y`.

    `names` are in the order upper left, upper right, lower left, lower right.
    """

    dots: tuple[Dot, ...] = ()
    split_x: float = 0.5
    split_y: float = 0.5
    names: tuple[str, str, str, str] = ("", "", "", "")
    x_label: str = ""
    y_label: str = ""
    x_unit: str = "share"
    y_unit: str = "money"


class Step(NamedTuple):
    """A step of a bridge: an increase or decrease, or with `total` a subtotal."""

    label: str
    value: float
    total: bool = False


@dataclass(frozen=True, kw_only=True)
class Bridge(Picture):
    """A bridge (waterfall) chart from an opening to a closing value."""

    steps: tuple[Step, ...] = ()


class Span(NamedTuple):
    """A bar of a timeline from `start` to `end`; a point if both are equal. `state` is good, late, bad, open or ""."""

    label: str
    start: date
    end: date
    state: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Timeline(Picture):
    """A timeline: bars on a common axis of days, with a mark at `today`."""

    spans: tuple[Span, ...] = ()
    today: date | None = None
