"""Test purchases in one line: numbers in product names, amounts without a currency, and returns."""

from datetime import datetime
from decimal import Decimal

import pytest

from archive.errors import BadValue
from archive.model.field_types.base import Context
from archive.model.quick_entry.line import read_purchase
from archive.model.records.product import Product
from archive.text import fold

CTX = Context(datetime(2026, 11, 20, 10), currency="EUR")  # noqa: DTZ001
PRODUCTS = [
    Product(uid="r", code="R5", name="Rice 5 kg", unit="bag", usual_price=Decimal("12.50"), currency="EUR"),
    Product(uid="u", code="7UP", name="7 Up", unit="can"),
    Product(uid="w", code="W40", name="WD-40", unit="can"),
    Product(uid="j", code="J", name="100% juice", unit="l"),
    Product(uid="v", code="RV", name="Refund voucher"),
    Product(uid="g", code="G50", name="Gift card 50 EUR"),
]


def product_of(text):
    return next((p for p in PRODUCTS if fold(text) in (fold(p.name), fold(p.code))), None)


def understood(line):
    order = read_purchase(line, CTX, product_of)
    name = next((p.name for p in PRODUCTS if p.uid == order.product.uid), order.product.name)
    return order.type, f"{order.quantity or ''} {order.unit} {name}".strip()


@pytest.mark.parametrize(
    ("line", "goods"),
    [
        *(
            ("7 Up 3", "3 can 7 Up"),
            ("3 7 Up", "3 can 7 Up"),
            ("7 Up x 3", "3 can 7 Up"),
            ("12 7UP", "12 can 7 Up"),
        ),
        *(
            ("Rice 5 kg x 10", "10 bag Rice 5 kg"),
            ("Rice 5 kg 10", "10 bag Rice 5 kg"),
            ("3 R5", "3 bag Rice 5 kg"),
        ),
        *(("3 x WD-40", "3 can WD-40"), ("WD-40 3", "3 can WD-40"), ("5 100% juice", "5 l 100% juice")),
        *(
            ("2 iPhone 15", "2  iPhone 15"),
            ("iPhone 15 x 2", "2  iPhone 15"),
            ("2 Size 10 shoes", "2  Size 10 shoes"),
        ),
        *(("100 M8x20 screws", "100  M8x20 screws"), ("5 H2O", "5  H2O"), ("20 A4 paper", "20  A4 paper")),
        *(("5 T-shirts", "5  T-shirts"), ("50 M&Ms", "50  M&Ms"), ("3 L-brackets", "3  L-brackets")),
        *(
            ("2 5G routers", "2  5G routers"),
            ("5 3M tape", "5  3M tape"),
            ("5L oil", "5 l oil"),
            ("10m hose", "10 m hose"),
        ),
        *(
            ("0.5 l beer x 24", "24  0.5 l beer"),
            ("24 x 0.5 l beer", "24  0.5 l beer"),
            ("9 Up x 3", "3  9 Up"),
        ),
        *(
            ("5 frames 20 x 30", "5  frames 20 x 30"),
            ("2 dozen eggs", "2 dozen eggs"),
            ("3 doz. eggs", "3 dozen eggs"),
        ),
        *(("rice, 20 kg", "20 kg rice"), ("20 kg, rice", "20 kg rice"), ("20kg大米", "20 kg 大米")),
        *(("2 Gift card 50 EUR", "2  Gift card 50 EUR"), ("20 wire 1.50 @3", "20  wire 1.50")),
    ],
)
def test_product_names_keep_numbers_and_first_words(line, goods):
    assert understood(line) == ("order", goods)


@pytest.mark.parametrize(
    "line",
    [
        "7 Up",
        "Rice 5 kg",
        "WD-40",
        "100% juice",
        "iPhone 15",
        "iPhone 15 2",
        "Size 10 shoes 2",
        "3M tape 5",
        "5G router",
    ],
)
def test_a_product_without_a_quantity_is_refused(line):
    with pytest.raises(BadValue, match="neither a quantity nor an amount"):
        read_purchase(line, CTX, product_of)


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        *(("Rice 5 kg 12.50", "12.50"), ("20 bags rice 35.50", "35.50"), ("20 bags rice 700 EUR", "700 EUR")),
        *(
            ("20 rice €700", "€700"),
            ("20 rice 700 euros yesterday", "700 euros"),
            ("20 rice 35.50 net30", "35.50"),
        ),
        *(("20 rice at 35", "at 35"), ("20 rice for 700", "for 700"), ("20 gift boxes $50", r"\$50")),
    ],
)
def test_an_amount_without_a_product_is_refused(line, amount):
    with pytest.raises(BadValue, match=f"{amount} could be") as caught:
        read_purchase(line, CTX, product_of)
    assert "Write @" in caught.value.hint


@pytest.mark.parametrize(
    ("line", "goods"),
    [
        *(
            ("refund 5 beans @10", "5  beans"),
            ("REFUND: beans =50", "beans"),
            ("Credit note 5 beans @2", "5  beans"),
        ),
        *(
            ("credit-note: beans =50", "beans"),
            ("Gutschrift beans =50", "beans"),
            ("return 5 bags beans @2", "5 bag beans"),
        ),
        *(("退款 5袋大米", "5 袋 大米"), ("退货：大米 5 袋", "5 袋 大米"), ("退款5袋大米", "5 袋 大米")),
        *(
            ("5 beans @10 returned", "5  beans"),
            ("beans =50 refund", "beans"),
            ("Rice 5 kg x 2 =25 credit note", "2 bag Rice 5 kg"),
        ),
    ],
)
def test_a_line_mentioning_a_refund_is_a_return(line, goods):
    assert understood(line) == ("return", goods)


@pytest.mark.parametrize(
    ("line", "goods"),
    [
        *(
            ("5 return labels", "5  return labels"),
            ("return labels =50", "return labels"),
            ("5 Refund voucher", "5  Refund voucher"),
        ),
        *(("Refund voucher 5", "5  Refund voucher"), ("credit card holder =50", "credit card holder")),
        ("5 beans @10 refund later", "5  beans"),
    ],
)
def test_goods_named_like_a_return_are_ordered(line, goods):
    assert understood(line) == ("order", goods)
