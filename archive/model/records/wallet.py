"""The wallet record: a customer's total spend in a category and period, with all suppliers, and its source."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Self

from archive.model.date_rules import InOrder
from archive.model.field_types.base import Context, Ref
from archive.model.field_types.lists import ListOf, OneLine
from archive.model.field_types.standard import (
    CURRENCY,
    DATE,
    LONG_TEXT,
    MONEY,
    PATH,
    TEXT,
    Choice,
    Link,
    Whole,
)
from archive.model.fields import Record, field, record
from archive.model.lazy_re import Pattern
from archive.text import N_

CONFIDENCE = Choice(high=N_("high"), medium=N_("medium"), low=N_("low"))


@record
class Supplier(OneLine):
    """A competitor who supplies the customer, with an amount or a rank."""

    name: str = field(TEXT, N_("Supplier"), required=True)
    amount: Decimal | None = field(MONEY, N_("Amount"))
    rank: int | None = field(Whole(1, 99), N_("Rank"), hint=N_("1 is the largest supplier"))
    since: date | None = field(DATE, N_("Since"))
    why: str = field(TEXT, N_("Reason"))

    _LINE = Pattern(
        r"(?P<name>.*?)(?:\s+(?P<amount>[\d.,]*\d))?(?:\s+#(?P<rank>\d+))?(?:\s*[,，]\s*(?P<why>.*))?",
        re.DOTALL,
    )

    @classmethod
    def understood(cls, text: str, ctx: Context) -> Self:
        """Parse a line such as "North Trade 12000 #2, delivers at night"."""
        match = cls._LINE.fullmatch(text.strip())
        assert match  # the pattern matches any text: the remainder is the name
        parts = {key: match[key] or "" for key in ("name", "amount", "rank", "why")}
        return cls(**{key: cls.FIELDS[key].type.parse(value, ctx) for key, value in parts.items()})

    def display(self, ctx: Context) -> str:
        rank = f"#{self.rank}" if self.rank else ""
        line = " ".join(filter(None, [self.name, MONEY.edit(self.amount, ctx), rank]))
        return f"{line}, {self.why}" if self.why else line


@record
class Wallet(Record):
    """A customer's total spend in a category and period, including purchases from us."""

    TABLE = "wallets"
    LABEL = N_("Wallets")
    NOUN = N_("wallet")
    RANK = 60
    LETTER = "w"
    ADD = ("w", N_("a wallet: total spend with all suppliers"))
    IDENTITY = ("customer", "category", "period_from", "period_to")
    COLUMNS = ("customer", "category", "total", "currency", "period_to", "suppliers")
    EMPTY = N_("No wallets yet.\n\n[b]n[/b] adds one.")
    DAY = "period_to"
    RULES = (
        InOrder("period_from", N_("first day of the period"), "period_to", N_("last day of the period")),
    )
    SYNONYMS = """
category: category, product category, product group, group, kategorie, warengruppe, catégorie, categoría,
 类别, 分类, 品类
period_from: period from, from, start, start date, von, zeitraum von, du, desde, 期初, 开始日期
period_to: period to, to, until, end, end date, bis, zeitraum bis, au, hasta, 期末, 结束日期
total: total, total spend, total spending, spend, wallet, budget, volume, gesamtbedarf, bedarf, gesamt,
 dépense totale, gasto total, 总支出, 总需求, 采购总额, 总额
currency: currency, währung, devise, moneda, 币种, 货币
suppliers: suppliers, supplier, competitors, competitor, lieferanten, wettbewerber, fournisseurs,
 proveedores, 供应商, 竞争对手
source: source, quelle, origine, fuente, 来源
confidence: confidence, certainty, sicherheit, confiance, confianza, 可信度, 把握
as_of: as of, known on, date, stand, datum, 截至日期, 日期
note: note, notes, comment, comments, remark, remarks, bemerkung, notiz, remarque, nota, 备注, 说明
"""

    customer: Ref = field(Link("customers"), N_("Customer"), required=True)
    category: str = field(PATH, N_("Product category"), required=True)
    period_from: date | None = field(DATE, N_("Period from"), required=True, aliases=("from",))
    period_to: date | None = field(DATE, N_("Period to"), required=True, aliases=("to",))
    total: Decimal | None = field(MONEY, N_("Total spend"), hint=N_("with all suppliers, including us"))
    currency: str = field(CURRENCY, N_("Currency"))
    suppliers: tuple[Supplier, ...] = field(
        ListOf(Supplier, N_("supplier")),
        N_("Other suppliers"),
        aliases=("supplier",),
        hint=N_("North Trade 12000 #1, delivers at night"),
    )
    source: str = field(TEXT, N_("Source"), hint=N_("the buyer, annual report, estimate"))
    confidence: str = field(CONFIDENCE, N_("Confidence"))
    as_of: date | None = field(DATE, N_("As of"))
    note: str = field(LONG_TEXT, N_("Note"))
