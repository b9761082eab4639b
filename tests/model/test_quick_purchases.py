"""Test purchases typed in one line. Today is Saturday, 21 November 2026."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed import CTX, NOW

from archive.errors import BadValue
from archive.model.field_types.base import Context, Ref
from archive.model.quick_entry.line import explain, read_purchase
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction

NO_CURRENCY = Context(NOW)

RICE = Product(
    uid="r", code="R-JAS", name="Rice Jasmine", unit="bag", usual_price=Decimal("35.50"), currency="CNY"
)
SUGAR = Product(uid="s", code="SUG", name="Sugar", unit="crate", usual_price=Decimal(3))
PHONE = Product(uid="p", code="P15", name="Phone 15", usual_price=Decimal(999), currency="USD")
COD = Product(uid="c", code="COD-F", name="salt cod", unit="kg")
KNOWN = {"rice": RICE, "大米": RICE, "sugar": SUGAR, "phone 15": PHONE, "salt cod": COD, "bags": SUGAR}


def product_of(text: str) -> Product | None:
    return KNOWN.get(text.lower())


def purchase(text: str, ctx: Context = CTX) -> str:
    return explain(read_purchase(text, ctx, product_of), ctx)


def test_the_manuals_example_fills_every_field() -> None:
    order = read_purchase("20 bags rice @35.50 net30 yesterday", CTX, product_of)
    assert order == Transaction.load({}).with_values(
        type="order",
        on=date(2026, 11, 20),
        product=Ref(uid="r"),
        quantity=Decimal(20),
        unit="bag",
        unit_price=Decimal("35.50"),
        amount=Decimal(710),
        currency="CNY",
        terms="net30",
    )
    said = explain(order, CTX, RICE)
    assert said == "order · 20 bag · Rice Jasmine (R-JAS) · 35.50 CNY · 710.00 CNY · net30 · 2026-11-20 Fri"


TWENTY_BAGS = "order · 20 bag · the product r · 35.50 CNY · 710.00 CNY · 2026-11-20 Fri"


@pytest.mark.parametrize(
    "line",
    [
        "20 bags rice yesterday",
        "20 bags of rice @35.50 yesterday",
        "20 Bags Rice, @ 35.50, yesterday",
        "20 x rice yesterday",
        "20x rice yesterday",
        "rice 20 bags yesterday",
        "rice x20 yesterday",
        "rice 20 yesterday",
        "@35.50 20 bags rice yesterday",
        "20 bags rice @¥35.50 yesterday",
        "20 bags rice @35.50 CNY yesterday",
        "20 bags rice @35.50/bag yesterday",
        "rice 20 @35.50/袋 yesterday",
        "20袋大米 @35.5 昨天",
        "20袋大米 @35.5元/袋 昨天",
        "大米20袋 昨天",
        "昨天 20袋大米",
        "２０袋大米　＠３５.５　昨天",
    ],
)
def test_a_purchase_can_be_written_in_many_ways(line: str) -> None:
    assert purchase(line) == TWENTY_BAGS


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("rice =700", "order · the product r · 700.00 CNY · 2026-11-21 Sat"),
        ("1,000 bags rice", "order · 1,000 bag · the product r · 35.50 CNY · 35,500.00 CNY · 2026-11-21 Sat"),
        ("5 crates sugar", "order · 5 crate · the product s · 3.00 CNY · 15.00 CNY · 2026-11-21 Sat"),
        ("sugar 5 crates", "order · 5 crate · the product s · 3.00 CNY · 15.00 CNY · 2026-11-21 Sat"),
        ("phone 15 =900", "order · the product p · 900.00 USD · 2026-11-21 Sat"),
        ("2 phone 15", "order · 2 · the product p · 999.00 USD · 1,998.00 USD · 2026-11-21 Sat"),
        ("2 boxes phone 15", "order · 2 box · the product p · 999.00 USD · 1,998.00 USD · 2026-11-21 Sat"),
        ("20 bags", "order · 20 crate · the product s · 3.00 CNY · 60.00 CNY · 2026-11-21 Sat"),
    ],
)
def test_missing_details_come_from_the_product(line: str, said: str) -> None:
    known = purchase(line)
    assert known == said


def test_the_usual_price_applies_to_the_usual_unit_only() -> None:
    assert purchase("20 kg rice") == "order · 20 kg · the product r · no price · 2026-11-21 Sat"


def test_a_price_per_another_unit_is_refused() -> None:
    with pytest.raises(BadValue, match="The price is per kg, but the quantity is in bags"):
        purchase("20 bags rice @2/kg")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("20 bags beans", "order · 20 bag · beans (new product name) · no price · 2026-11-21 Sat"),
        ("20kg beans @3", "order · 20 kg · beans (new product name) · 3.00 CNY · 60.00 CNY · 2026-11-21 Sat"),
        ("20 beans @3", "order · 20 · beans (new product name) · 3.00 CNY · 60.00 CNY · 2026-11-21 Sat"),
        ("20豆子", "order · 20 · 豆子 (new product name) · no price · 2026-11-21 Sat"),
        ("20千克豆子", "order · 20 千克 · 豆子 (new product name) · no price · 2026-11-21 Sat"),
        (
            "beans x20 @0.0125",
            "order · 20 · beans (new product name) · 0.0125 CNY · 0.25 CNY · 2026-11-21 Sat",
        ),
        ("7up =2", "order · 7up (new product name) · 2.00 CNY · 2026-11-21 Sat"),
        ("1.2.3 adapter =5", "order · 1.2.3 adapter (new product name) · 5.00 CNY · 2026-11-21 Sat"),
        ("adapter 1.2.3 =5", "order · adapter 1.2.3 (new product name) · 5.00 CNY · 2026-11-21 Sat"),
        ("paper A4 =4", "order · paper A4 (new product name) · 4.00 CNY · 2026-11-21 Sat"),
        ("paper A4 @4 =4", "order · paper A4 (new product name) · 4.00 CNY · 4.00 CNY · 2026-11-21 Sat"),
        ("Phone 16 =999", "order · Phone 16 (new product name) · 999.00 CNY · 2026-11-21 Sat"),
        (
            "20 l 70% alcohol @3",
            "order · 20 l · 70% alcohol (new product name) · 3.00 CNY · 60.00 CNY · 2026-11-21 Sat",
        ),
        ("beans =0", "order · beans (new product name) · 0.00 CNY · 2026-11-21 Sat"),
    ],
)
def test_an_unknown_product_is_stored_by_name(line: str, said: str) -> None:
    assert purchase(line) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("=700", "700.00 CNY"),
        ("=€700", "700.00 EUR"),
        ("=700 EUR", "700.00 EUR"),
        ("=700eur", "700.00 EUR"),
        ("=3万元", "30,000.00 CNY"),
        ("=30块", "30.00 CNY"),
        ("@5 -10%", "5.00 CNY · -10 % · 90.00 CNY"),
        ("@5 10% off", "5.00 CNY · -10 % · 90.00 CNY"),
        ("@5 9折", "5.00 CNY · -10 % · 90.00 CNY"),
        ("-10 % @5", "5.00 CNY · -10 % · 90.00 CNY"),
        ("@5 打八折", "5.00 CNY · -20 % · 80.00 CNY"),
        ("@6 USD =100", "6.00 USD · 100.00 USD"),
        ("@6 =100 USD", "6.00 USD · 100.00 USD"),
    ],
)
def test_prices_discounts_and_amounts_are_read(written: str, said: str) -> None:
    assert purchase(f"20 bags beans {written}") == (
        f"order · 20 bag · beans (new product name) · {said} · 2026-11-21 Sat"
    )


def test_a_typed_amount_overrides_the_usual_price() -> None:
    assert purchase("20 bags rice =700") == "order · 20 bag · the product r · 700.00 CNY · 2026-11-21 Sat"


def test_a_configured_decimal_comma_is_read() -> None:
    comma = Context(NOW, decimal=",")
    order = read_purchase("1.200,5 kg beans @35,50 -2,5%", comma, product_of)
    assert (order.quantity, order.amount) == (Decimal("1200.5"), Decimal("41552.31"))
    assert explain(order, comma) == (
        "order · 1.200,5 kg · beans (new product name) · 35,50 · -2,5 % · 41.552,31 · 2026-11-21 Sat"
    )


def test_without_a_home_currency_no_currency_is_shown() -> None:
    assert purchase("2 kg beans @3", NO_CURRENCY) == (
        "order · 2 kg · beans (new product name) · 3.00 · 6.00 · 2026-11-21 Sat"
    )


@pytest.mark.parametrize(
    ("line", "terms", "day"),
    [
        ("2 kg beans @3 net30", "net30", 21),
        ("2 kg beans @3 net 30 yesterday", "net 30", 20),
        ("2 kg beans @3 yesterday net30", "net30", 20),
        ("2 kg beans 30 days net", "30 days net", 21),
        ("2 kg beans yesterday prepaid", "prepaid", 20),
        ("2 kg beans yesterday @3 cod", "cod", 20),
        ("2 kg beans net30 @3 yesterday", "net30", 20),
        ("2 kg beans @3 货到付款 昨天", "货到付款", 20),
        ("2 kg beans @3 月结30天", "月结30天", 21),
    ],
)
def test_terms_and_date_come_last_in_any_order(line: str, terms: str, day: int) -> None:
    order = read_purchase(line, CTX, product_of)
    assert (order.product.name, order.terms, order.on) == ("beans", terms, date(2026, 11, day))


@pytest.mark.parametrize(
    ("line", "on"),
    [
        ("2 kg beans @3 3 Apr", date(2026, 4, 3)),
        ("2 kg beans 3 Apr", date(2026, 4, 3)),
        ("2 kg beans @3 net30 3 Apr", date(2026, 4, 3)),
        ("2 kg beans @3 22 Nov", date(2025, 11, 22)),
        ("2 kg beans @3 friday", date(2026, 11, 20)),
        ("4月3日 2公斤豆子 @3", date(2026, 4, 3)),
        ("2 kg beans @3 tomorrow", date(2026, 11, 22)),
        ("2 kg beans @3 2027-04-03", date(2027, 4, 3)),
    ],
)
def test_a_purchase_date_without_a_year_is_in_the_past(line: str, on: date) -> None:
    assert read_purchase(line, CTX, product_of).on == on


@pytest.mark.parametrize(
    ("line", "terms"),
    [("2 kg beans @3 fri", ""), ("2 kg beans @3 net30 Fri", "net30"), ("2 kg beans =6 fri cod", "cod")],
)
def test_a_short_weekday_after_the_price_is_the_latest_such_day(line: str, terms: str) -> None:
    order = read_purchase(line, CTX, product_of)
    assert (order.on, order.terms, order.note) == (date(2026, 11, 20), terms, "")


@pytest.mark.parametrize(
    ("line", "note", "terms"),
    [
        ("2 kg beans @3 dry in the sun", "dry in the sun", ""),
        ("2 kg beans @3 net30 sat cod", "net30 sat", "cod"),
        ("2 kg beans @3 sat yesterday", "sat", ""),
    ],
)
def test_a_short_weekday_among_other_words_is_a_word(line: str, note: str, terms: str) -> None:
    order = read_purchase(line, CTX, product_of)
    assert (order.note, order.terms) == (note, terms)


def test_sun_fish_can_be_a_product_name() -> None:
    assert read_purchase("20 kg cod @12", CTX, product_of).product.name == "cod"
    order = read_purchase("20 kg cod @12 cod", CTX, product_of)
    assert (order.product.name, order.terms) == ("cod", "cod")


def test_a_known_product_may_end_like_payment_terms() -> None:
    order = read_purchase("3 salt cod @12", CTX, product_of)
    assert (order.product.uid, order.terms) == ("c", "")


def test_a_second_date_is_not_lost() -> None:
    order = read_purchase("2 kg beans today @3 yesterday", CTX, product_of)
    assert (order.product.name, order.on) == ("beans today", date(2026, 11, 20))


def test_second_terms_are_not_lost() -> None:
    order = read_purchase("2 kg beans prepaid @3 net30", CTX, product_of)
    assert (order.product.name, order.terms) == ("beans prepaid", "net30")


def test_other_words_after_the_price_are_the_note() -> None:
    order = read_purchase("2 kg beans @3 for the party net30 yesterday", CTX, product_of)
    assert (order.note, order.terms, order.on) == ("for the party", "net30", date(2026, 11, 20))
    assert explain(order, CTX).endswith('2026-11-20 Fri · "for the party"')


@pytest.mark.parametrize(
    "line", ["", "  ", "20", "20 kg", "袋", "=700", "@3 net30", "20 bottles yesterday", "net30"]
)
def test_a_line_without_a_product_is_refused_with_an_example(line: str) -> None:
    with pytest.raises(BadValue, match="There is no product") as refused:
        purchase(line)
    assert "20 bags rice @35.50 net30 yesterday" in refused.value.hint


@pytest.mark.parametrize(
    "line", ["2 kg beans @", "2 kg beans @abc", "2 kg beans = net30", "2 kg beans @3 =x"]
)
def test_a_sign_without_an_amount_is_refused(line: str) -> None:
    with pytest.raises(BadValue, match="There is no amount after"):
        purchase(line)


def test_an_e_mail_address_is_not_a_price() -> None:
    assert read_purchase("2 mugs a@b.example", CTX, product_of).product.name == "mugs a@b.example"


def test_two_currencies_in_one_purchase_are_refused() -> None:
    with pytest.raises(BadValue, match="price is in EUR and the amount in USD"):
        purchase("2 kg beans @3 EUR =7 USD")


def test_an_undated_order_shows_no_date() -> None:
    assert explain(Transaction.load({"type": "order", "product": {"name": "x"}}), CTX) == (
        "order · x (new product name) · no price"
    )


line_words = st.lists(
    st.sampled_from(
        "20 3 kg bags rice beans @35.5 @3/kg =70 -10% 9折 net30 cod yesterday 昨天 x × , 大米 1,000 袋 /".split()
    ),
    max_size=7,
)


@given(line_words.map(" ".join) | line_words.map("".join) | st.text(max_size=40))
def test_any_text_is_a_purchase_or_an_error(text: str) -> None:
    with suppress(BadValue):
        order = read_purchase(text, CTX, product_of)
        assert order.product
        assert explain(order, CTX).startswith("order · ")


NUMBERED = [
    Product(uid="r5", code="R5", name="Rice 5 kg", unit="bag", usual_price=Decimal(18), currency="EUR"),
    Product(uid="7u", code="7U", name="7 Up", unit="can", usual_price=Decimal("1.20"), currency="EUR"),
    Product(uid="vi", code="VI", name="Vitamin B 12", unit="box", usual_price=Decimal(9), currency="EUR"),
]


def numbered(text: str) -> Product | None:
    """Resolve a product as an archive does: by code, by full name, or by word beginnings that match a single name."""
    wanted = text.lower()
    called = [p for p in NUMBERED if wanted in (p.code.lower(), p.name.lower())]
    begun = [
        p for p in NUMBERED
        if wanted and all(any(w.startswith(part) for w in p.name.lower().split()) for part in wanted.split())
    ]  # fmt: skip
    return called[0] if called else begun[0] if len(begun) == 1 else None


@pytest.mark.parametrize(
    ("line", "uid", "quantity", "amount"),
    [
        ("5 rice @5", "r5", 5, 25),  # 5 x 5.00
        ("20 Rice 5 kg", "r5", 20, 360),  # 20 x 18.00
        ("20 bags rice 5 kg", "r5", 20, 360),
        ("Rice 5 kg x 3", "r5", 3, 54),
        ("rice 5 kg 3", "r5", 3, 54),
        ("3 R5", "r5", 3, 54),
        ("3r5", "r5", 3, 54),
        ("12 7 Up", "7u", 12, Decimal("14.40")),  # 12 x 1.20
        ("7 up 24", "7u", 24, Decimal("28.80")),
        ("12 cans 7 Up @1", "7u", 12, 12),
        ("6 x 7 up", "7u", 6, Decimal("7.20")),
        ("2 vitamin b 12", "vi", 2, 18),
        ("vitamin b 12 x2", "vi", 2, 18),
        ("7 Up =14.40", "7u", None, Decimal("14.40")),
        ("Rice 5 kg =90", "r5", None, 90),
    ],
)
def test_a_number_in_a_products_name_is_not_the_quantity(line, uid, quantity, amount) -> None:
    order = read_purchase(line, CTX, numbered)
    assert (order.product.uid, order.quantity, order.amount) == (uid, quantity, amount)


@pytest.mark.parametrize(
    "line",
    ["u", "rice", "rice @35", "7 Up", "7 Up @1.20", "Rice 5 kg", "vitamin b 12 @9", "paper A4 @4", "7up @2",
     "1.2.3 adapter", "Phone 16 @999", "rice net30 yesterday"],
)  # fmt: skip
def test_a_line_without_quantity_and_amount_is_refused(line) -> None:
    with pytest.raises(BadValue, match=r"neither a quantity nor an amount: how many"):
        read_purchase(line, CTX, numbered)


def test_a_quantity_of_zero_is_refused() -> None:
    with pytest.raises(BadValue, match="a quantity of 0"):
        read_purchase("0 bags rice @5", CTX, numbered)
