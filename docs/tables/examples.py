"""Generate the manual's examples of input, each with the program's interpretation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from archive.model.dates import parse_date
from archive.model.field_types.base import Context
from archive.model.field_types.lists import ListOf
from archive.model.fields import Item
from archive.model.numbers import parse_number, plain_number
from archive.model.quick_entry.line import explain, read_contact, read_purchase
from archive.model.records.product import Product
from archive.model.tables import TABLES
from archive.service.demo import SAMPLE_DAY
from docs.tables.markdown import code, table

MORNING = datetime.combine(SAMPLE_DAY, datetime.min.time()).replace(hour=10)
CTX = Context(now=MORNING, currency="EUR")
DATES = (
    *(
        "2026-04-03",
        "3 Apr 2026",
        "3.4.2026",
        "today",
        "yesterday",
        "fri",
        "next mon",
        "last mon",
        "+2w",
        "-3d",
    ),
    *("in 2 months", "2 months ago", "eom", "eoy", "1 Dec", "3 Apr", "2026年4月3日", "下周五", "3天后"),
)
NUMBERS = ("1234.50", "1,234.50", "1.234,50", "3万", "(12)")
LOG = (
    "call 10m price talk, send quote +2w",
    "visit 1h showed samples, send contract next fri",
    "they called: wants a discount",
    "call no answer, try again tomorrow",
    "email sent the price list yesterday",
    "电话 10分钟 谈价格, 发报价 下周五",
)
PURCHASES = (
    "20 bags rice @35.50 net30 yesterday",
    "3 Jasmine rice",
    "rice 20 bags =700",
    "12 bottles oil @8 USD -10% cod",
    "2 kg beans @3 3 Apr",
    "refund 2 kg beans @3",
    "20袋大米 @35.5 昨天",
)
LISTS = (
    ("customers.phones", "+86 10 5555 0147 mobile *"),
    ("customers.emails", "wang@north.example work"),
    ("customers.emails", "Wang <wang@north.example>, ann@north.example"),
    ("customers.messengers", "WeChat wang88"),
    ("customers.windows", "Mon-Fri 9-17 phone office"),
    ("customers.windows", "weekends 10-12"),
    ("customers.windows", "Mon-Fri 9-12 14-17"),
    ("customers.windows", "Mon 9.30-17.30 Tue 10-18"),
    ("customers.windows", "Mon-Fri 9am-5pm, Wed closed"),
    ("customers.windows", "24/7"),
    ("customers.exceptions", "2026-12-24..2027-01-02 holidays"),
    ("customers.exceptions", "24 Dec 2026 to 2 Jan 2027 holidays"),
    ("customers.earlier_losses", "2024-03-01..2024-06-01 cheaper elsewhere"),
    ("contracts.terms.deliveries", "2026-03-04 20 in two vans"),
    ("contracts.terms.deliveries", "2026-03-04 20 @710.00"),
    ("wallets.suppliers", "North Trade 12000 #1, delivers at night"),
    ("wallets.suppliers", "North Trade #2"),
)
_RICE = Product(uid="p", code="R25", name="Jasmine rice", unit="bag", usual_price=Decimal(18), currency="EUR")


def dates() -> Iterator[str]:
    """Yield examples of dates."""
    rows = ((code(text), str(parse_date(text, CTX.today))) for text in DATES)
    return table(("you type", "understood"), rows)


def numbers() -> Iterator[str]:
    """Yield examples of numbers."""
    rows = ((code(text), plain_number(parse_number(text) or Decimal())) for text in NUMBERS)
    return table(("you type", "understood"), rows)


def log_lines() -> Iterator[str]:
    """Yield examples of activities in one line."""
    rows = ((code(line), explain(read_contact(line, CTX), CTX)) for line in LOG)
    return table(("you type", "understood"), rows)


def purchase_lines() -> Iterator[str]:
    """Yield examples of purchases in one line."""
    return table(("you type", "understood"), ((code(line), _purchase(line)) for line in PURCHASES))


def _purchase(line: str) -> str:
    order = read_purchase(line, CTX, lambda text: _RICE if text == _RICE.name else None)
    return explain(order, CTX, _RICE if order.product.uid else None)


def lists() -> Iterator[str]:
    """Yield examples of the entries of lists."""
    rows = ((code(path.partition(".")[2]), code(line), _entries(path, line)) for path, line in LISTS)
    return table(("field", "you type", "understood"), rows)


def _entries(path: str, line: str) -> str:
    name, *outer, last = path.split(".")
    part: type[Item] = TABLES[name]
    for key in outer:
        part = _list(part, key).part
    kind = _list(part, last)
    return " · ".join(kind.line(entry, CTX) for entry in kind.parse(line, CTX))


def _list(cls: type[Item], key: str) -> ListOf[Any]:
    kind = cls.FIELDS[key].type
    assert isinstance(kind, ListOf)
    return kind
