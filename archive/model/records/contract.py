"""The contract record, its terms and the deliveries on each term."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Self

from archive.model.date_rules import InOrder
from archive.model.field_types.base import Context, Ref
from archive.model.field_types.duration import LENGTH, Span
from archive.model.field_types.lists import ListOf, OneLine
from archive.model.field_types.standard import (
    CURRENCY,
    DATE,
    FLAG,
    LONG_TEXT,
    MONEY,
    QUANTITY,
    TEXT,
    Choice,
    Link,
    Text,
)
from archive.model.fields import Group, Item, Record, field, record
from archive.model.lazy_re import Pattern
from archive.text import N_, _, fold

CONTRACT = Group("contract", N_("Contract"))
TERMS = Group("terms", N_("Terms"))

DUTY = Choice(ours=N_("us"), theirs=N_("customer"))


@record
class Delivery(OneLine):
    """A delivery on a term, with its quantity, its amount or both."""

    on: date | None = field(DATE, N_("Delivered on"), required=True)
    quantity: Decimal | None = field(QUANTITY, N_("Quantity"))
    amount: Decimal | None = field(MONEY, N_("Amount"))
    note: str = field(TEXT, N_("Note"))

    _LINE = Pattern(
        r"(?P<on>\S*)(?:\s+(?P<quantity>[\d.,]*\d)(?!\S))?(?:\s*@\s*(?P<amount>[\d.,]*\d)(?!\S))?(?P<note>.*)",
        re.DOTALL,
    )

    @classmethod
    def understood(cls, text: str, ctx: Context) -> Self:
        """Parse a line such as "2026-03-04 20 in two vans"; an amount is preceded by @."""
        match = cls._LINE.fullmatch(text.strip())
        assert match  # the pattern matches any text: the remainder is the note
        return cls(**{key: cls.FIELDS[key].type.parse(match[key] or "", ctx) for key in cls.FIELDS})

    def display(self, ctx: Context) -> str:
        amount = MONEY.edit(self.amount, ctx)
        parts = [DATE.cell(self.on), QUANTITY.edit(self.quantity, ctx), amount and f"@{amount}", self.note]
        return " ".join(filter(None, parts))


@record
class Term(Item):
    """A contractual obligation of one of the parties. `key` never changes, because transactions refer to it."""

    key: str = field(Text(4), N_("No."), hint=N_("leave blank for the next free number"))
    requirement: str = field(TEXT, N_("Requirement"), required=True)
    duty: str = field(DUTY, N_("Responsible"), hint=N_("leave blank for us"))
    due_on: date | None = field(DATE, N_("Due date"), ahead=True)
    quantity: Decimal | None = field(QUANTITY, N_("Quantity"))
    unit: str = field(TEXT, N_("Unit"))
    amount: Decimal | None = field(MONEY, N_("Amount"))
    deliveries: tuple[Delivery, ...] = field(
        ListOf(Delivery, N_("delivery")), N_("Deliveries"), hint=N_("2026-03-04 20 in two vans")
    )
    fulfilled_on: date | None = field(
        DATE, N_("Completed on"), hint=N_("only if the deliveries do not show it")
    )
    weight: Decimal | None = field(QUANTITY, N_("Weight"), hint=N_("leave blank for 1"))
    evidence: str = field(TEXT, N_("Evidence"))


class Terms(ListOf[Term]):
    """The terms of a contract. Their keys must be unique."""

    def fault(self, value: tuple[Term, ...]) -> str:
        counts = Counter(term.key for term in value if term.key)
        duplicate = next((key for key, times in counts.items() if times > 1), "")
        if duplicate:
            return _("Two terms have the number {key}. Change one of them.").format(key=duplicate)
        return super().fault(value)


@record
class Contract(Record):
    """A contract with a customer. Its status is derived (see `contract_status`), never entered."""

    TABLE = "contracts"
    LABEL = N_("Contracts")
    NOUN = N_("contract")
    RANK = 50
    LETTER = "n"
    ADD = ("c", N_("a contract"))
    IDENTITY = ("customer", "number")
    COLUMNS = ("number", "customer", "title", "status", "end", "notice_by", "value", "currency")
    EMPTY = N_("No contracts yet.\n\n[b]n[/b] adds one.")
    NAMED_BY = "number"
    DAY = "start"
    GROUPS = (CONTRACT, TERMS)
    RULES = (
        InOrder("start", N_("start date"), "end", N_("end date")),
        InOrder("signed_on", N_("signing date"), "cancelled_on", N_("cancellation date")),
    )
    SYNONYMS = """
number: number, contract, contract number, contract no, contract id, agreement number, vertragsnummer,
 vertrag nr, numéro de contrat, número de contrato, 合同编号, 合同号, 编号, 单号
title: title, subject, contract title, contract name, name, description, titel, bezeichnung, betreff, objet,
 título, 合同名称, 标题, 名称, 主题
start: start, start date, begin, begins on, from, valid from, effective date, beginn, laufzeit von, début,
 inicio, 开始日期, 生效日期, 起始日期
end: end, end date, ends on, to, until, valid to, expiry, expiry date, expires, ende, laufzeit bis, fin,
 vencimiento, 结束日期, 到期日, 终止日期
signed_on: signed, signed on, signature date, date signed, unterzeichnet am, unterschrieben am, signé le,
 firmado el, 签订日期, 签署日期, 签约日期
signee: signee, signed by, signatory, unterzeichner, signataire, firmante, 签字人, 签署人, 签约人
value: value, contract value, amount, total, volume, wert, vertragswert, montant, importe, 合同金额, 金额, 总额
currency: currency, währung, devise, moneda, 币种, 货币
cancelled_on: cancelled, cancelled on, canceled on, cancellation date, terminated on, gekündigt am,
 résilié le, cancelado el, 解约日期, 取消日期
renews: renews, renews by itself, auto renew, auto renewal, automatic renewal, verlängert sich, reconduction tacite,
 renovación automática, 自动续约, 自动续签
notice_period: notice, notice period, cancellation period, kündigungsfrist, préavis, preaviso, 通知期,
 提前通知期
terms_text: wording, text, terms text, notes, wortlaut, texte, texto, 合同文本, 正文, 备注
terms: terms, contract terms, items, positions, positionen, conditions, condiciones, 条款, 合同条款
"""

    number: str = field(Text(12), N_("Number"), group=CONTRACT, required=True, first=2)
    customer: Ref = field(Link("customers"), N_("Customer"), group=CONTRACT, required=True, first=1)
    title: str = field(TEXT, N_("Title"), group=CONTRACT, first=3)
    start: date | None = field(DATE, N_("Start date"), group=CONTRACT, required=True, first=4)
    end: date | None = field(DATE, N_("End date"), group=CONTRACT, ahead=True, first=5)
    signed_on: date | None = field(DATE, N_("Signed on"), group=CONTRACT, first=6)
    signee: str = field(TEXT, N_("Signed by"), group=CONTRACT)
    value: Decimal | None = field(MONEY, N_("Value"), group=CONTRACT, first=7)
    currency: str = field(CURRENCY, N_("Currency"), group=CONTRACT)
    cancelled_on: date | None = field(DATE, N_("Cancelled on"), group=CONTRACT)
    renews: bool = field(
        FLAG, N_("Auto-renews"), group=CONTRACT, hint=N_("for the same term unless cancelled")
    )
    notice_period: Span | None = field(
        LENGTH,
        N_("Notice period"),
        group=CONTRACT,
        aliases=("notice",),
        hint=N_("3 months, 30 days, 6 weeks"),
    )
    terms_text: str = field(LONG_TEXT, N_("Contract text"), group=TERMS)
    terms: tuple[Term, ...] = field(Terms(Term, N_("term")), N_("Term"), group=TERMS, aliases=("term",))


def numbered(terms: Iterable[Term], used_keys: Iterable[str] = ()) -> tuple[Term, ...]:
    """Give each term a key: missing keys are numbered after the highest number here and in `used_keys`."""
    terms = tuple(terms)
    last = max(
        (int(key) for key in (*(term.key for term in terms), *used_keys) if _is_number(key)), default=0
    )
    keyed = []
    for term in terms:
        last += not term.key
        keyed.append(term if term.key else term.with_values(key=str(last)))
    return tuple(keyed)


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) <= 9


def term_named(terms: Iterable[Term], text: str) -> Term | None:
    """Return the term that a transaction refers to, by key or else by requirement; None if none or several match."""
    terms = tuple(terms)
    name = fold(text)
    by_key = [term for term in terms if term.key and fold(term.key) == name]
    matches = by_key or [term for term in terms if fold(term.requirement) == name]
    return matches[0] if name and len(matches) == 1 else None
