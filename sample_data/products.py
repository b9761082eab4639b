"""The products: several sorts of rice, oil, tea, kitchen equipment and service hours."""

from __future__ import annotations

from decimal import Decimal

from archive.model.records.product import Product
from sample_data.dice import Dice

_CATALOGUE = """
R-101|东北大米 Northeast rice|Rice / Loose|kg|8.80|6.40|CNY
R-102|稻花香 Fragrant rice|Rice / Loose|kg|12.60|9.10|CNY
R-103|丝苗米 Long-grain rice|Rice / Loose|kg|9.60|7.00|CNY
R-104|糯米 Glutinous rice|Rice / Loose|kg|10.20|7.40|CNY
R-125|东北大米 Northeast rice, 25 kg|Rice / Bags|bag|198.00|152.00|CNY
R-126|丝苗米 Long-grain rice, 25 kg|Rice / Bags|bag|215.00|164.00|CNY
O-101|菜籽油 Rapeseed oil, 5 l|Oil / Cans|can|78.00|59.00|CNY
O-102|花生油 Peanut oil, 5 l|Oil / Cans|can|138.00|104.00|CNY
T-101|绿茶 Green tea, 250 g|Tea|tin|168.00|96.00|CNY
K-101|商用电饭煲 Rice cooker, 20 l|Kitchen / Cookers|piece|1280.00|910.00|CNY
S-101|上门服务 Service hour|Service|hour|120.00|60.00|CNY
R-201|Jasmine rice, 5 kg|Rice / Bags|bag|17.90|12.20|EUR
R-202|Basmati rice, 10 kg|Rice / Bags|bag|29.50|20.80|EUR
R-203|Round-grain rice, 25 kg|Rice / Bags|bag|46.00|34.00|EUR
R-204|Risotto rice, 5 kg|Rice / Bags|bag|19.80|13.60|EUR
O-201|Sesame oil, 1 l|Oil / Bottles|bottle|14.50|9.40|EUR
O-202|Rapeseed oil, 10 l|Oil / Cans|can|31.00|23.50|EUR
T-201|Green tea, 500 g|Tea|tin|24.00|13.00|EUR
T-202|Jasmine tea, 500 g|Tea|tin|27.00|14.50|EUR
K-201|Rice cooker, 20 l|Kitchen / Cookers|piece|390.00|270.00|EUR
K-202|Steamer trolley|Kitchen / Equipment|piece|1290.00|940.00|EUR
S-201|Service hour|Service|hour|68.00|34.00|EUR
"""


def products() -> dict[str, Product]:
    """Return the products by code."""
    dice = Dice("products")
    return {line.partition("|")[0]: _product(dice, line) for line in _CATALOGUE.strip().splitlines()}


def _product(dice: Dice, line: str) -> Product:
    code, name, category, unit, price, cost, currency = line.split("|")
    return Product(
        uid=dice.uid(),
        code=code,
        name=name,
        category=category,
        unit=unit,
        usual_price=Decimal(price),
        cost=Decimal(cost),
        currency=currency,
    )
