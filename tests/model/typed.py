"""Parse typed text as of Saturday, 21 November 2026, 15:30."""

from datetime import datetime

from strategies import TODAY

from archive.model.dates import parse_date, parse_datetime
from archive.model.field_types.base import Context

NOW = datetime(2026, 11, 21, 15, 30, 12, 345)  # noqa: DTZ001
CTX = Context(NOW, currency="CNY", name_of=lambda table, uid: f"the product {uid}")
ORDERS = ("dmy", "mdy", "ymd")


def reads(text: str, order: str = "dmy") -> str:
    return parse_date(text, TODAY, order).isoformat()


def moment(text: str) -> str:
    return parse_datetime(text, NOW).isoformat(sep=" ", timespec="minutes")
