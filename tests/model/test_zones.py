"""Test time zone names."""

from datetime import UTC, datetime, timedelta

import pytest

from archive.errors import BadValue
from archive.model.contact_times import reach
from archive.model.field_types.base import Context
from archive.model.records.customer import Customer
from archive.model.zones import ZONE, time_zone, zone_name

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "stored", "hours"),
    [
        ("UTC+8", "UTC+8", 8),
        ("utc +08:00", "UTC+8", 8),
        ("GMT+8", "UTC+8", 8),  # not Etc/GMT+8, which is 8 hours behind UTC
        ("+0530", "UTC+5:30", 5.5),
        ("UTC-3:30", "UTC-3:30", -3.5),
        ("ＵＴＣ＋８", "UTC+8", 8),
        ("UTC+14", "UTC+14", 14),
        ("UTC+0", "UTC", 0),
        ("Z", "UTC", 0),
        ("UTC±0", "UTC", 0),
        ("GMT–3", "UTC-3", -3),
        ("UTC+5:30", "UTC+5:30", 5.5),
        ("UTC+12:45", "UTC+12:45", 12.75),
        ("北京时间", "Asia/Shanghai", 8),
        ("新加坡", "Asia/Singapore", 8),
        ("New-York", "America/New_York", -5),
        ("München", "Europe/Berlin", 1),
        ("Beijing", "Asia/Shanghai", 8),
        ("北京", "Asia/Shanghai", 8),
        ("New Delhi", "Asia/Kolkata", 5.5),
        ("Etc/GMT+8", "Etc/GMT+8", -8),
        ("berlin", "Europe/Berlin", 1),
    ],
)
def test_offsets_and_cities_are_accepted_as_time_zones(text: str, stored: str, hours: float) -> None:
    assert ZONE.parse(text, Context(NOON)) == stored
    zone = time_zone(stored)
    assert zone
    assert NOON.astimezone(zone).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["UTC+15", "UTC-13", "UTC+8:75", "GMT+", "8", "Atlantis"])
def test_an_impossible_offset_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="There is no time zone"):
        zone_name(text)
    assert time_zone(text) is None


@pytest.mark.parametrize("text", ["PST", "CST", "IST", "BST", "West", "East", "Factory", "Asia"])
def test_an_ambiguous_zone_name_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="There is no time zone"):
        zone_name(text)


def test_settings_may_name_a_city() -> None:
    assert str(time_zone("Beijing")) == "Asia/Shanghai"


def test_the_time_there_follows_an_offset() -> None:
    ctx = Context(datetime(2026, 11, 30, 12), zone="UTC")  # noqa: DTZ001
    found = reach(Customer(time_zone="UTC+5:30"), ctx)
    assert f"{found.now_there:%H:%M}" == "17:30"
