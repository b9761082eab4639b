"""Weekdays, entered as "Mon-Fri", "weekends" or 周一至周五. Monday is 0, as in `datetime.date`."""

from __future__ import annotations

import re
from typing import Any

from archive.errors import BadValue
from archive.model.field_types.base import Context, FieldType, Json
from archive.model.lazy_re import Pattern
from archive.text import _, fold

ALL_DAYS = tuple(range(7))
SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FULL = ("mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays")
_CHINESE = "一二三四五六日"
_HANZI_DAYS = Pattern("(周|星期|礼拜)([一二三四五六日天]{2,7})")  # 周六日 means two days
_TO = Pattern(r"\s*(?:-|~|至|到|\b(?:to|through|thru|bis)\b)\s*")
_WORDS = {
    "daily": range(7),
    "every day": range(7),
    "每天": range(7),
    "weekdays": range(5),
    "工作日": range(5),
    "weekend": range(5, 7),
    "weekends": range(5, 7),
    "周末": range(5, 7),
}


class Weekdays(FieldType["tuple[int, ...]"]):
    """A set of weekdays, ascending."""

    name = "weekdays"
    family = "weekdays"
    empty = ()
    width = 9

    def parse(self, text: str, ctx: Context) -> tuple[int, ...]:
        folded = fold(text)
        if folded in _WORDS:
            return tuple(_WORDS[folded])
        folded = _HANZI_DAYS.sub(lambda match: ",".join(match[2]), folded)
        days: set[int] = set()
        for part in filter(None, re.split(r"[,;，、\s]+", _TO.sub("-", folded))):
            first, _dash, last = part.partition("-")
            start, end = _day(first), _day(last or first)
            days.update(range(start, end + 1) if start <= end else [*range(start, 7), *range(end + 1)])
        return tuple(sorted(days))

    def cell(self, value: tuple[int, ...]) -> str:
        return day_range(value)

    def dump(self, value: tuple[int, ...]) -> Json:
        return list(value)

    def load(self, raw: Json) -> tuple[int, ...]:
        return tuple(sorted(set(super().load(raw))))

    def fits(self, raw: Json) -> bool:
        return isinstance(raw, list) and all(type(day) is int and 0 <= day <= 6 for day in raw)

    def rank(self, raw: Json) -> Any:
        return raw


def _day(text: str) -> int:
    bare = text.removeprefix("星期").removeprefix("礼拜").removeprefix("周").replace("天", "日")
    if len(bare) == 1 and bare in _CHINESE:
        return _CHINESE.index(bare)
    for day, name in enumerate(_FULL):
        if len(text) > 1 and name.startswith(text):
            return day
    raise BadValue(_("{text} is not a weekday.").format(text=text), _("Write for example Mon-Fri or Sat."))


def day_range(days: tuple[int, ...]) -> str:
    """Format weekdays: (0, 1, 2, 6) gives "Mon-Wed, Sun"."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = (f"{SHORT[run[0]]}-{SHORT[run[-1]]}" if len(run) > 1 else SHORT[run[0]] for run in runs)
    return ", ".join(names)


WEEKDAYS = Weekdays()
