"""Test the archive's settings: exchange rates and holidays, typed in one line each."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from archive.errors import BadValue
from archive.model.archive_settings import ArchiveSettings, Holiday, Rate
from archive.model.field_types.base import Context

CTX = Context(datetime.fromisoformat("2026-11-21T09:00"))


@pytest.mark.parametrize("line", ["USD 2026-01-01 0.92", '"USD 2026-01-01" = "0.92"', "usd  2026-01-01=0.92"])
def test_a_rate_can_be_typed_or_written_as_in_settings_toml(line):
    rate = Rate.from_line(line, CTX)
    assert rate == Rate(currency="USD", since=date(2026, 1, 1), rate=Decimal("0.92"))
    assert rate.line(CTX) == "USD 2026-01-01 0.92"


def test_a_rate_is_written_with_the_readers_decimal_sign():
    ctx = CTX._replace(decimal=",")
    assert Rate.from_line("USD 2026-01-01 0,92", ctx).line(ctx) == "USD 2026-01-01 0,92"
    assert Rate(currency="USD", since=date(2026, 1, 1)).display(ctx) == "USD 2026-01-01 "


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("USD 0.92", "a currency, a date and a number"),
        ("USD 2026-01-01 0", "greater than 0"),
        ("USD 2026-01-01 -1", "greater than 0"),
        ("crowns 2026-01-01 1", "three letters"),
    ],
)
def test_an_impossible_rate_is_refused_with_a_sentence(line, said):
    with pytest.raises(BadValue, match=said):
        Rate.from_line(line, CTX)


def test_a_holiday_has_a_date_and_an_optional_name():
    assert Holiday.from_line("2026-12-25 Christmas Day", CTX).name == "Christmas Day"
    assert Holiday.from_line("2026-12-25", CTX).line(CTX) == "2026-12-25"


def test_undated_rates_are_ignored():
    own = ArchiveSettings(
        rates=(Rate.from_line("USD 2026-01-01 0.92", CTX), Rate(currency="CNY", rate=Decimal(1)))
    )
    assert own.dated_rates == {"USD": [(date(2026, 1, 1).toordinal(), Decimal("0.92"))]}
