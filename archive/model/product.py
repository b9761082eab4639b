"""The product record, which supplies unit and price when a purchase is entered."""

from __future__ import annotations

from decimal import Decimal

from archive.model.fields import Record, fact, record
from archive.model.kinds import CURRENCY, MONEY, PATH, TEXT, Text
from archive.text import N_


@record
class Product(Record):
    """A product with code, unit and usual price."""

    TABLE = "products"
    LABEL = N_("Products")
    NOUN = N_("product")

    code: str = fact(Text(9), N_("Code"), required=True)
    name: str = fact(Text(24), N_("Name"), required=True)
    category: str = fact(PATH, N_("Category"))
    unit: str = fact(TEXT, N_("Unit"), hint=N_("bag, kg, hour"))
    usual_price: Decimal | None = fact(MONEY, N_("Usual price"))
    currency: str = fact(CURRENCY, N_("Currency"))
    cost: Decimal | None = fact(MONEY, N_("Cost"))
