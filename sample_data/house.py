"""The sample archive's settings: home currency CNY, with exchange rates by year."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from archive.model.archive_settings import UID, ArchiveSettings, Holiday, Rate
from archive.model.contact_details import Window

# Value of a unit in CNY from 1 January of each year: the real rates, roughly.
_RATES = {
    "EUR": {2020: "7.80", 2022: "7.20", 2023: "7.40", 2024: "7.80", 2025: "7.60", 2026: "8.10"},
    "USD": {2020: "6.90", 2022: "6.40", 2023: "6.90", 2024: "7.10", 2025: "7.30", 2026: "7.00"},
}


def own_settings() -> ArchiveSettings:
    """Return the home currency, exchange rates, working hours and holidays."""
    rates = tuple(
        Rate(currency=currency, since=date(year, 1, 1), rate=Decimal(rate))
        for currency, by_year in _RATES.items()
        for year, rate in by_year.items()
    )
    return ArchiveSettings(
        uid=UID,
        currency="CNY",
        rates=rates,
        working_hours=(Window(days=(0, 1, 2, 3, 4), start=time(9), end=time(17)),),
        holidays=(
            Holiday(on=date(2026, 12, 25), name="Christmas Day"),
            Holiday(on=date(2027, 1, 1), name="New Year's Day"),
        ),
    )
