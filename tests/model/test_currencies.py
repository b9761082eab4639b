"""Test currency codes, signs and names, and the minor unit of each currency."""

from datetime import datetime
from decimal import Decimal

import pytest

from archive.errors import BadValue
from archive.model.currencies import CURRENCIES, NO_CURRENCY
from archive.model.field_types.base import Context
from archive.model.field_types.standard import CURRENCY
from archive.model.money import digits, product_in_minor_units, show_money
from archive.model.numbers import parse_amount
from archive.model.quick_entry.line import read_purchase

CTX = Context(datetime(2026, 11, 20, 10), currency="EUR")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        *(("20 euro", "EUR"), ("20 Euros", "EUR"), ("€20", "EUR"), ("20 dollars", "USD"), ("US$20", "USD")),
        *(("AU$20", "AUD"), ("CA$20", "CAD"), ("NZ$20", "NZD"), ("R$ 20", "BRL"), ("$20 USD", "USD")),
        *(("20 yen", "JPY"), ("20円", "JPY"), ("20日元", "JPY"), ("JP¥20", "JPY"), ("¥20 JPY", "JPY")),
        *(("20 RMB", "CNY"), ("20元", "CNY"), ("人民币20元", "CNY"), ("20 CNH", "CNY"), ("20美元", "USD")),
        *(
            ("₩20", "KRW"),
            ("20 won", "KRW"),
            ("20 zł", "PLN"),
            ("20 Kč", "CZK"),
            ("20 ₺", "TRY"),
            ("₫20", "VND"),
        ),
        *(("20 BHD", "BHD"), ("20 TND", "TND"), ("20 CLP", "CLP"), ("20 ISK", "ISK"), ("20 MRU", "MRU")),
        *(("20 UYW", "UYW"), ("20 CLF", "CLF"), ("20 XCG", "XCG"), ("20 DEM", "DEM"), ("20 HRK", "HRK")),
    ],
)
def test_an_amount_can_have_a_currency_sign_or_word(text, currency):
    assert parse_amount(text) == (20, currency)


@pytest.mark.parametrize(
    "text", ["20 kr", "kr. 20", "Fr. 20", "Rs 20", "20 pounds", "20 pesos", "20 dinars", "20 lei"]
)
def test_an_ambiguous_currency_word_is_refused_with_the_codes(text):
    with pytest.raises(BadValue, match="can be several currencies") as caught:
        parse_amount(text)
    assert "Write the code" in caught.value.hint


@pytest.mark.parametrize("text", ["20 ₿", "20 BTC", "20 XAU", "20 ct", "5p"])
def test_an_unknown_currency_is_refused(text):
    with pytest.raises(BadValue):
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("€", "EUR"),
        ("euro", "EUR"),
        ("rmb", "CNY"),
        ("元", "CNY"),
        ("Yen", "JPY"),
        ("zł", "PLN"),
        ("usd", "USD"),
        ("ＥＵＲ", "EUR"),
    ],
)
def test_a_currency_field_accepts_signs_and_words(text, code):
    assert CURRENCY.parse(text, CTX) == code


def test_a_currency_field_refuses_ambiguous_words():
    with pytest.raises(BadValue, match="NOK"):
        CURRENCY.parse("kr", CTX)


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        *(("20 rice @35 zł", "700.00 PLN"), ("20 rice @35円", "700 JPY"), ("20 rice @35 euro", "700.00 EUR")),
        *(("20 rice @35 won", "700 KRW"), ("20 rice @35美元", "700.00 USD"), ("20 rice @R$35", "700.00 BRL")),
        *(
            ("20 rice @1.234 BHD", "24.680 BHD"),
            ("3 rice @33.5 CLP", "101 CLP"),
            ("20 rice =700 dollars", "700.00 USD"),
        ),
    ],
)
def test_a_purchase_uses_the_currency_of_the_line(line, amount):
    order = read_purchase(line, CTX, lambda text: None)
    assert show_money(order.amount, order.currency) == amount
    assert not order.note


@pytest.mark.parametrize("line", ["20 rice @35 kr", "20 rice @35₿", "20 rice =700 Rs", "20 rice @35 francs"])
def test_a_purchase_in_an_ambiguous_currency_is_refused(line):
    with pytest.raises(BadValue):
        read_purchase(line, CTX, lambda text: None)


@pytest.mark.parametrize(
    ("currency", "factors", "amount"),
    [  # rounded once, half away from zero, to the minor unit of ISO 4217
        *(("BHD", "3 0.3335", "1.001"), ("TND", "1 0.0005", "0.001"), ("TND", "-1 0.0005", "-0.001")),
        *(
            ("CLP", "3 33.5", "101"),
            ("KRW", "-1 0.5", "-1"),
            ("ISK", "1 0.49", "0"),
            ("MRU", "1 0.005", "0.01"),
        ),
        *(("CLF", "1 0.00005", "0.0001"), ("UYW", "-3 0.12345", "-0.3704"), ("EUR", "-3 0.125", "-0.38")),
    ],
)
def test_a_product_is_rounded_half_up_to_the_minor_unit_of_its_currency(currency, factors, amount):
    assert product_in_minor_units(currency, *map(Decimal, factors.split())) == Decimal(amount)


def test_every_currency_with_minor_units_can_be_entered():
    none = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF BYR ESP ITL LUF".split()
    more = "BHD IQD JOD KWD LYD OMR TND CLF UYW".split()
    assert {code for code in CURRENCIES if digits(code) != 2} == {*none, *more}
    assert NO_CURRENCY in CURRENCIES
