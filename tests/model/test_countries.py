"""The currency of a country."""

from importlib.resources import files

import pytest

from archive.model.countries import currency_of_country
from archive.model.currencies import CURRENCIES

UNINHABITED = {"AQ", "GS"}


@pytest.mark.parametrize(
    ("country", "currency"),
    [("DE", "EUR"), ("CN", "CNY"), ("GB", "GBP"), ("CH", "CHF"), ("BG", "EUR"), ("AQ", ""), ("", "")],
)
def test_a_country_has_its_currency(country, currency):
    assert currency_of_country(country) == currency


def test_every_inhabited_country_of_iso_3166_has_a_current_currency():
    table = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8")
    countries = {line[:2] for line in table.splitlines() if not line.startswith("#")}
    assert {country for country in countries if currency_of_country(country) not in CURRENCIES} == UNINHABITED
