"""Time zones: IANA names, cities without their own IANA name, and fixed offsets such as UTC+8."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from functools import cache

from archive.errors import BadValue
from archive.model.field_types.base import Context
from archive.model.field_types.text import Text
from archive.model.fullwidth import narrow
from archive.model.lazy_re import Pattern
from archive.text import _, fold

_OFFSET = Pattern(r"(?:utc|gmt)?\s?([+-])\s?(\d{1,2})(?::?(\d\d))?", re.ASCII)
_UTC = ("z", "utc±0", "gmt±0", "utc±00:00", "±0")
_WEST, _EAST = -12 * 60, 14 * 60  # minutes
# Large cities and countries without an IANA name.
_ALIASES = {
    alias: zone
    for zone, aliases in {
        "Asia/Shanghai": "beijing peking guangzhou shenzhen chengdu wuhan nanjing china"
        " 北京 北京时间 beijing_time 上海 广州 深圳 中国",
        "Asia/Hong_Kong": "香港",
        "Asia/Taipei": "台北",
        "Asia/Tokyo": "osaka kyoto 东京",
        "Asia/Singapore": "新加坡",
        "Asia/Seoul": "首尔",
        "Asia/Kolkata": "mumbai delhi new_delhi bangalore bengaluru chennai hyderabad pune india",
        "Asia/Ho_Chi_Minh": "hanoi",
        "Asia/Dubai": "abu_dhabi",
        "Europe/Berlin": "munich munchen hamburg frankfurt cologne koln stuttgart germany 柏林",
        "Europe/Zurich": "geneva basel bern switzerland",
        "Europe/Rome": "milan naples turin italy",
        "Europe/Madrid": "barcelona valencia spain",
        "Europe/Paris": "lyon marseille france 巴黎",
        "Europe/London": "manchester birmingham edinburgh england 伦敦",
        "Europe/Amsterdam": "rotterdam the_hague netherlands",
        "America/New_York": "new-york boston washington miami atlanta philadelphia 纽约",
        "America/Chicago": "dallas houston austin",
        "America/Los_Angeles": "san_francisco seattle san_diego las_vegas",
        "America/Toronto": "ottawa",
        "America/Sao_Paulo": "rio_de_janeiro brasilia",
        "Australia/Sydney": "canberra 悉尼",
        "Europe/Moscow": "st._petersburg saint_petersburg 莫斯科",
        "Europe/Vienna": "wien austria",
    }.items()
    for alias in aliases.split()
}
_NO_CITIES = frozenset(
    "east west north south general continental factory".split()
)  # Brazil/West, Australia/West


class Zone(Text):
    """A time zone: an IANA name or a fixed offset from UTC; "" if unknown."""

    name = "time zone"

    def parse(self, text: str, ctx: Context) -> str:
        value = super().parse(text, ctx)
        return zone_name(value) if value else value


ZONE = Zone()


def zone_name(text: str) -> str:
    """Return the name under which a zone is stored: "Asia/Shanghai" for Beijing, "UTC+8" for GMT+8.

    Raises:
        BadValue: There is no such zone.
    """
    offset = 0 if text.strip().lower() in _UTC else _offset(text)
    if offset is not None:
        return _offset_name(offset)
    name = fold(text).replace(" ", "_")
    zone = _zone_names().get(name) or _ALIASES.get(name)
    if zone:
        return zone
    raise BadValue(
        _("There is no time zone {text}.").format(text=text),
        _("Write for example Asia/Shanghai, Beijing or UTC+8."),
    )


def time_zone(name: str) -> tzinfo | None:
    """Return the zone with a name from a record or from the settings; None if there is no such zone."""
    offset = _offset(name)
    if offset is not None:
        return timezone(timedelta(minutes=offset))
    from zoneinfo import ZoneInfo  # slow to import, and needed for customers in other zones only

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # KeyError is how zoneinfo says "not found"
        return _zone_of_city(name)


def _zone_of_city(city: str) -> tzinfo | None:
    """Return the zone of a city that is named in the settings, or None."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(zone_name(city))
    except BadValue:
        return None


@cache
def _zone_names() -> dict[str, str]:
    """Return all IANA zones by full name and by city, in lower case.

    Etc/GMT+8 does not count as a city: it is 8 hours behind UTC, the opposite of the common meaning of GMT+8.
    """
    from zoneinfo import available_timezones  # reads the zone files: only if a zone is typed

    names = sorted(available_timezones())
    cities = {
        name.lower().rpartition("/")[2]: name for name in reversed(names) if not name.startswith("Etc/")
    }
    zones = cities | {name.lower(): name for name in names}
    return {name: zone for name, zone in zones.items() if name not in _NO_CITIES}


def _offset(text: str) -> int | None:
    """Return the UTC offset that `text` names, in minutes; None if it does not name a valid offset."""
    match = _OFFSET.fullmatch(narrow(text).strip().lower())
    if not match or int(match[3] or 0) > 59:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    minutes = minutes if match[1] == "+" else -minutes
    return minutes if _WEST <= minutes <= _EAST else None


def _offset_name(minutes: int) -> str:
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")
