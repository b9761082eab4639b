"""Conversion of cells to stored values, column by column, with a cache of the texts in a column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from archive.errors import ArchiveError, BadValue
from archive.exchange.columns import date_order, decimal_sign, shortened_by_excel
from archive.model.dates import parse_partial
from archive.model.emails import split_addresses
from archive.model.field_types.base import Context, FieldType, Json
from archive.model.field_types.standard import (
    MONEY,
    TEXT,
    Choice,
    Day,
    Email,
    Moment,
    PartDay,
    Phone,
    Share,
    Tags,
    Text,
)
from archive.model.fields import Field
from archive.model.numbers import parse_amount, plain_number
from archive.model.phones import split_numbers
from archive.text import _, fold

_REMEMBERED = 50_000  # cached texts per column
_PLAIN_LINE = 1_000
_USUAL = 1_000  # cached texts per column of plain lines
_SERIAL = re.compile(r"([2-7]\d{4})(?:[.,]\d+)?")  # days since 1899-12-30: 1954 to 2119
_PLAIN_NUMBER = re.compile(r"(?:0|[1-9]\d{0,11})(?:\.\d{0,8}[1-9])?", re.ASCII).fullmatch  # stored form
_NO_DATE = re.compile(r"0{1,4}[-/.]0{1,2}[-/.]0{1,4}")  # the empty date of some programs
_PHONE_WORD = re.compile(r"\A\s*(?:'|[a-z]+\s*:)\s*", re.IGNORECASE)

_NEVER_NUMBERS = ("code", "tax_number")  # text fields whose digits a spreadsheet may have shortened

ODD_CHOICE, ODD_VALUE, SHORTENED = "odd-choice", "odd-value", "shortened"


class Ambiguous(ArchiveError):
    """A column can be read in two ways, and the user has to decide.

    Attributes:
        option: The import option that decides: "date_order" or "decimal".
        column: The header.
        choices: The possible values of the option.
        samples: Cells that show the ambiguity.
    """

    def __init__(
        self, message: str, hint: str, option: str, column: str, choices: tuple[str, ...], samples: list[str]
    ) -> None:
        super().__init__(message, hint)
        self.option, self.column, self.choices, self.samples = option, column, choices, samples


class _Odd(BadValue):
    """A cell that cannot be read, for a reason with its own error code."""

    def __init__(self, word: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.word = word


@dataclass(frozen=True, slots=True)
class Bad:
    """Why a cell has no value, with a stable error code."""

    code: str
    sentence: str


class Cells(dict[str, Json]):
    """Maps the texts of a column to stored values; an empty value becomes None, an invalid value Bad.

    `marks` maps texts that include a currency to the currency.
    """

    def __init__(self, parse: Callable[[str], Json], marks: dict[str, str] | None = None) -> None:
        super().__init__()
        self._parse = parse
        self.split: Callable[[str], list[str]] | None = None  # splits texts that may contain several values
        self.marks = {} if marks is None else marks

    def __missing__(self, text: str) -> Json:
        try:
            value = self._parse(text)
        except BadValue as error:
            value = Bad(error.word if isinstance(error, _Odd) else ODD_VALUE, str(error))
        if len(self) < _REMEMBERED:
            self[text] = value
        return value


class LineCells(Cells):
    """Cells of plain single-line text. Only a few are cached: if most texts differ, parsing is faster than a lookup."""

    def __missing__(self, text: str) -> Json:
        if len(text) > _PLAIN_LINE or not text.isprintable():
            return super().__missing__(text)
        value = text.strip() or None
        if len(self) < _USUAL:
            self[text] = value  # records with equal texts also share the object
        return value


def cells_for(field: Field, ctx: Context, *, exact: bool) -> Cells:
    """Return the converter for the cells of a field. Set `exact` if this program wrote the file."""
    marks: dict[str, str] = {}
    is_line = type(field.type) is Text and field.key not in _NEVER_NUMBERS
    cells = (LineCells if is_line else Cells)(_parser(field, ctx, marks, exact), marks)
    if not exact:
        cells.split = _split_emails if isinstance(field.type, Email) else _split_phones(field.type)
    return cells


def _split_emails(text: str) -> list[str]:
    return split_addresses(text) if text.count("@") > 1 else [text]


def _split_phones(kind: FieldType[Any]) -> Callable[[str], list[str]] | None:
    return split_numbers if isinstance(kind, Phone) else None


def _parser(field: Field, ctx: Context, marks: dict[str, str], exact: bool) -> Callable[[str], Json]:
    kind = field.type
    if isinstance(kind, Day):
        return lambda text: _day(text, ctx)
    if kind is MONEY:
        return lambda text: _money(text, ctx, marks)
    if isinstance(kind, Choice):
        return lambda text: _choice(kind, text, ctx)
    if isinstance(kind, Email) and exact:
        return lambda text: _dumped(TEXT, text, ctx)  # do not validate exported values again
    if isinstance(kind, Phone) or field.key in _NEVER_NUMBERS:
        return lambda text: _number_as_text(kind, text, ctx, exact)
    if isinstance(kind, PartDay | Moment) and not exact:
        return lambda text: None if _NO_DATE.fullmatch(text.strip()) else _dumped(kind, _unserial(text), ctx)
    if isinstance(kind, Tags) and not exact:
        return lambda text: _tags(kind, text, ctx)
    return lambda text: _dumped(kind, text, ctx)


def _dumped(kind: FieldType[Any], text: str, ctx: Context) -> Json:
    value = kind.parse(text, ctx)
    return None if value == kind.empty else kind.dump(value)


def _day(text: str, ctx: Context) -> Json:
    """Convert a date. A missing year is never guessed."""
    text = text.strip()
    if not text or _NO_DATE.fullmatch(text):
        return None
    day = parse_partial(_unserial(text), ctx.today, ctx.order).full_date
    if day is None:
        raise BadValue(
            _("This is not a complete date: {text}").format(text=text[:40]), _("Write day, month and year.")
        )
    return day.isoformat()


def _unserial(text: str) -> str:
    """Convert a spreadsheet's serial day number to an ISO date; other texts are returned unchanged."""
    match = _SERIAL.fullmatch(text.strip())
    return (date(1899, 12, 30) + timedelta(days=int(match[1]))).isoformat() if match else text


def _money(text: str, ctx: Context, marks: dict[str, str]) -> Json:
    if not text.strip():
        return None
    if _PLAIN_NUMBER(text) and ctx.decimal == ".":
        return text
    number, currency = parse_amount(text, ctx.decimal)
    if currency:
        marks[text] = currency
    return plain_number(number)


def _choice(kind: Choice, text: str, ctx: Context) -> Json:
    """Match a whole key, label or synonym. No prefixes: a file's "in" does not mean our "inactive"."""
    folded = fold(text)
    for key, label in kind.options.items():
        if folded in (fold(key), fold(label), fold(_(label))):
            return key
    if not folded:
        return None
    if keys := kind.by_synonym(folded):
        return keys[0]
    labels = ", ".join(_(label) for label in kind.options.values())
    raise _Odd(
        ODD_CHOICE,
        _("{text} is not one of the choices.").format(text=text.strip()),
        _("Choose one of {names}.").format(names=labels),
    )


def _number_as_text(kind: FieldType[str], text: str, ctx: Context, exact: bool) -> Json:
    if shortened_by_excel(text) and not exact:
        raise _Odd(
            SHORTENED,
            _("{text} was shortened by Excel: the digits are lost.").format(text=text.strip()),
            _("Format the column as text and export the file again."),
        )
    bare = text if exact or not isinstance(kind, Phone) else _PHONE_WORD.sub("", text, count=1)
    return kind.parse(bare, ctx) or None


def _tags(kind: FieldType[Any], text: str, ctx: Context) -> Json:
    """Split tags in the format of Google Contacts: "* myContacts ::: Friends"."""
    return _dumped(kind, ",".join(tag.strip().removeprefix("* ") for tag in text.split(":::")), ctx)


def context_for(
    field: Field, header: str, texts: Iterable[str], ctx: Context, options: tuple[str, str], *, exact: bool
) -> Context:
    """Return the context with the date order or the decimal separator of a column.

    Args:
        field: The field of the column.
        header: The header, for messages.
        texts: All texts of the column.
        ctx: The context of the import.
        options: Date order and decimal separator chosen by the user, "" to detect them.
        exact: Whether this program wrote the numbers.

    Raises:
        Ambiguous: The texts allow several interpretations and the user has not chosen.
    """
    order, decimal = options
    if isinstance(field.type, Day | PartDay | Moment):
        return ctx._replace(order=order or _proven_order(header, list(texts), ctx))
    if field.type.family == "number":
        return ctx._replace(decimal=decimal or _proven_sign(field, header, list(texts), exact))
    return ctx


def _proven_order(header: str, texts: list[str], ctx: Context) -> str:
    finding = date_order(texts)
    if finding.conflict:
        raise _ambiguous_dates(header, [texts[row - 1] for row in finding.proof if row], conflict=True)
    if finding.ambiguous and not _same_either_way(texts, ctx):
        raise _ambiguous_dates(header, [text for text in texts if date_order([text]).ambiguous])
    return finding.order if finding.order in ("dmy", "mdy", "ymd") else "ymd"


def _same_either_way(texts: list[str], ctx: Context) -> bool:
    """Return whether the order makes no difference for any text, as in 5/5/2024."""
    for text in texts:
        days = set()
        for order in ("dmy", "mdy", "ymd"):
            try:
                days.add(parse_partial(text, ctx.today, order))
            except BadValue:
                continue
        if len(days) > 1:
            return False
    return True


def _ambiguous_dates(header: str, samples: list[str], *, conflict: bool = False) -> Ambiguous:
    samples = samples[:3]
    sentence = (
        _("The dates of {column} contradict each other: {samples}.")
        if conflict
        else _("The dates of {column} can be read in more than one order: {samples}.")
    )
    return Ambiguous(
        sentence.format(column=header, samples=", ".join(samples)),
        _("Specify the date format: dmy, mdy or ymd (command line: --date-order)."),
        "date_order",
        header,
        ("dmy", "mdy", "ymd"),
        samples,
    )


def _proven_sign(field: Field, header: str, texts: list[str], exact: bool) -> str:
    plain = [text.replace("%", "") for text in texts] if isinstance(field.type, Share) else texts
    finding = decimal_sign(plain)
    if (finding.ambiguous and not exact) or finding.conflict:
        unclear = [text for text in texts if finding.conflict or decimal_sign([text]).ambiguous][:3]
        raise Ambiguous(
            _("The numbers of {column} can be read in two ways: {samples}.").format(
                column=header, samples=", ".join(unclear)
            ),
            _("Specify the decimal sign: point or comma (command line: --decimal)."),
            "decimal",
            header,
            (".", ","),
            unclear,
        )
    return finding.sign or "."
