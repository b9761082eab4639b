"""Columns that together form a single value: a birthday in three columns, a second street line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from archive.exchange.headers.synonyms import normal
from archive.exchange.paths import Place
from archive.model.lazy_re import Pattern

BIRTHDAY = Place("birthday")
_DATE_PARTS = {"birth year": 0, "birth month": 1, "birth day": 2}  # headers of Thunderbird
_FURTHER_LINE = Pattern(r".*(?:[23]|extended address|adresszusatz)")


class Column(NamedTuple):
    """A column and its place in the record."""

    number: int
    header: str
    place: Place | None


class Join(NamedTuple):
    """Columns whose cells are joined into a single text, which replaces the first of the cells."""

    columns: tuple[int, ...]
    text_of: Callable[[Sequence[str]], str]

    def fill(self, cells: list[str]) -> None:
        """Replace the first cell with the joined text."""
        cells[self.columns[0]] = self.text_of([cells[number].strip() for number in self.columns])


def is_date_part(header: str, headers: Iterable[str]) -> bool:
    """Return whether a column is the year, month or day of a birthday; month and day must both have columns."""
    return normal(header) in _DATE_PARTS and {"birth month", "birth day"} <= set(map(normal, headers))


def continues(place: Place, header: str) -> bool:
    """Return whether a column that maps to an occupied place continues the value there."""
    words = normal(header)
    if place == BIRTHDAY:
        return words in _DATE_PARTS
    return place.part == "street" and _FURTHER_LINE.fullmatch(words) is not None


def joins_of(columns: Iterable[Column]) -> list[Join]:
    """Return the groups of columns that belong together."""
    by_place: dict[Place, list[Column]] = {}
    for column in columns:
        if column.place is not None:
            by_place.setdefault(column.place, []).append(column)
    return [_join(place, group) for place, group in by_place.items() if len(group) > 1]


def _join(place: Place, group: list[Column]) -> Join:
    numbers = tuple(column.number for column in group)
    if place != BIRTHDAY:
        return Join(numbers, lambda texts: ", ".join(filter(None, texts)))
    order = [_DATE_PARTS[normal(column.header)] for column in group]
    return Join(numbers, lambda texts: _date(dict(zip(order, texts, strict=True))))


def _date(parts: dict[int, str]) -> str:
    """Join the parts of a partial date: 1960-02-29, --02-29, 1960-02, 1960. Non-numeric texts are not changed."""
    year, month, day = (parts.get(number, "") for number in range(3))
    if not all(text.isdecimal() for text in (year, month, day) if text) or (day and not month):
        return " ".join(filter(None, (day, month, year)))
    if month and day:
        return f"{year.zfill(4) if year.strip('0') else '-'}-{month.zfill(2)}-{day.zfill(2)}"
    return f"{year}-{month.zfill(2)}" if year and month else year or month
