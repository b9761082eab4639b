"""The product record, which supplies unit and price when a purchase is entered."""

from __future__ import annotations

from decimal import Decimal

from archive.model.field_types.standard import CURRENCY, MONEY, PATH, TEXT, Text
from archive.model.fields import Record, field, record
from archive.text import N_


@record
class Product(Record):
    """A product with code, unit and usual price."""

    TABLE = "products"
    LABEL = N_("Products")
    NOUN = N_("product")
    RANK = 40
    LETTER = "p"
    COLUMNS = ("code", "name", "category", "unit", "usual_price", "currency")
    EXAMPLE = N_("search, or category:tea usual_price:>10")
    EMPTY = N_("No products yet.\n\n[b]n[/b] adds one. Purchases can name other products too.")
    SYNONYMS = """
code: code, sku, product code, product id, item code, item number, article number, artikelnummer, art nr,
 référence, referencia, 产品编号, 商品编号, 货号, 编码
name: name, product, product name, item, item name, article, artikel, bezeichnung, produit, producto,
 产品, 产品名称, 商品名称, 品名
category: category, product category, group, product group, kategorie, warengruppe, catégorie, categoría,
 分类, 类别
unit: unit, uom, unit of measure, einheit, unité, unidad, 单位
usual_price: price, unit price, list price, sales price, usual price, preis, prix, precio, 价格, 单价,
 售价
currency: currency, währung, devise, moneda, 币种, 货币
cost: cost, cost price, purchase price, einkaufspreis, coût, coste, 成本, 进价
"""

    code: str = field(Text(9), N_("Code"), required=True)
    name: str = field(Text(24), N_("Name"), required=True)
    category: str = field(PATH, N_("Category"))
    unit: str = field(TEXT, N_("Unit"), hint=N_("bag, kg, hour"))
    usual_price: Decimal | None = field(MONEY, N_("Usual price"))
    currency: str = field(CURRENCY, N_("Currency"))
    cost: Decimal | None = field(MONEY, N_("Cost"))
