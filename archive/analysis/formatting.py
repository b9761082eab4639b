"""Formatting of report values for people, used by the screen, the command line and the charts."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from archive.analysis.money import digits
from archive.analysis.report import (
    COUNT,
    DAYS,
    MONEY,
    NUMBER,
    SHARE,
    Column,
    Figure,
    Report,
    Value,
)
from archive.model.currencies import NO_CURRENCY
from archive.model.dates import show_date
from archive.model.field_types.base import Context
from archive.model.numbers import show_number
from archive.text import _, clean

NOTHING = "-"
"""Shown for a value that is unknown or undefined."""

FEW = 5
"""A rate based on fewer cases is dimmed."""

NUMBERS = frozenset({COUNT, NUMBER, SHARE, MONEY, DAYS})
_WHOLE_FROM = 1000  # larger amounts are shown without cents, as in a customer's key facts
_SIGNIFICANT = 4  # digits of a number that is not a count
_LEAST = Decimal("0.0001")  # smaller numbers are shown as "<0.0001"
_BEYOND = 10**15  # larger numbers are shown in scientific notation
_STEPS = ((1e12, "tn"), (1e9, "bn"), (1e6, "M"), (1e3, "k"))
_OTHER_SIGNS = str.maketrans(",.", ".,")


class Form(NamedTuple):
    """The settings that affect number formats."""

    decimal: str = "."
    currency: str = ""  # "" if there is none


def form_of(report: Report, ctx: Context) -> Form:
    """Return the number format of a report in this context."""
    return Form(ctx.decimal, "" if report.currency == NO_CURRENCY else clean(report.currency))


def with_unit(value: Value, unit: str, form: Form) -> str:
    """Format a value with its unit: "1,234", "71 %", "18,200 EUR", "21 d", "2026-11-21 Sat", "-" for None."""
    return _with_sign(without_unit(value, unit, form), unit_sign(unit, form))


def without_unit(value: Value, unit: str, form: Form, places: int | None = None) -> str:
    """Format a value without its unit, for use below a header with the unit. `places` are the column's decimals."""
    if isinstance(value, date):
        return show_date(value)
    if isinstance(value, str):
        return clean(value)
    number = _number(value)
    if number is None:
        return NOTHING
    if number.is_infinite():
        return "∞" if number > 0 else "-∞"
    if abs(number) >= _BEYOND:
        return _signs(f"{number:.2e}", form)
    if unit == MONEY:
        return _signs(_money(number, form, places), form)
    if unit == SHARE:
        return _signs(_share(number, places or 0), form)
    if places is not None and unit in (NUMBER, DAYS) and not 0 < abs(number) < _LEAST:
        return _signs(show_number(number, places), form)
    return _signs(_FORMATTERS.get(unit, _plain)(number), form)


def unit_sign(unit: str, form: Form) -> str:
    """Return the symbol of a unit, as used after a number or in a column header."""
    return {SHARE: "%", MONEY: form.currency, DAYS: _("d")}.get(unit, "")


def short(value: float, unit: str, form: Form) -> str:
    """Format a number compactly without its unit, such as "12.4k" or "71", for axes and grid cells."""
    if math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    scaled, sign = (value * 100, "") if unit == SHARE else _scaled(value)
    if abs(scaled) >= (9.95 if unit == SHARE else 99.95):
        places = 0
    else:
        places = 1 if unit == SHARE or sign or abs(scaled) >= 9.995 else 2
    if abs(scaled) >= 10_000:
        return _signs(f"{value:.0e}", form)
    return _signs(_stripped(f"{scaled:.{places}f}"), form) + sign


def interval(figure: Figure, form: Form) -> str:
    """Format the interval of a figure as "58 to 81"; "" if it has none."""
    if figure.low is None or figure.high is None:
        return ""
    bounds = (figure.low, figure.high)
    places = _interval_places(bounds, figure.unit, form)
    low, high = (without_unit(value, figure.unit, form, places) for value in bounds)
    return _("{low} to {high}").format(low=low, high=high)


def _interval_places(bounds: tuple[Value, Value], unit: str, form: Form) -> int | None:
    """Return the decimals for both bounds: fewer for large numbers, because intervals are never that exact."""
    if unit not in (NUMBER, DAYS):
        return None
    largest = max((abs(bound) for bound in map(_number, bounds) if bound is not None), default=Decimal(0))
    most = 0 if largest >= 100 else 1 if largest >= 10 else 2
    return min(most, column_places(bounds, unit, form) or 0)


def change(figure: Figure, form: Form) -> str:
    """Format the change from the preceding period as "▼ from 83 %"; "" if there is nothing to compare."""
    now, before = _number(figure.value), _number(figure.before)
    if now is None or before is None:
        return ""
    text = with_unit(figure.before, figure.unit, form)
    if text == with_unit(figure.value, figure.unit, form):
        return _("= unchanged")
    return _("{sign} from {value}").format(sign="▲" if now > before else "▼", value=text)


def cases(n: int | None, form: Form) -> str:
    """Format the number of cases as "n = 52"; "" if they are not counted."""
    return "" if n is None else f"n = {without_unit(n, COUNT, form)}"


def rests_on_few(figure: Figure) -> bool:
    """Return whether a rate is based on too few cases to be meaningful."""
    return figure.unit == SHARE and figure.n is not None and figure.n < FEW


def header(column: Column, form: Form) -> str:
    """Return the label of a column, with the currency for money."""
    return f"{column.label} {form.currency}".strip() if column.unit == MONEY else column.label


def column_places(values: Iterable[Value], unit: str, form: Form) -> int | None:
    """Return the decimals common to all cells of a column, to align the decimal points; None if they may differ.

    Money columns with large amounts have no decimals.
    """
    numbers = [number for number in map(_number, values) if number is not None and number.is_finite()]
    if unit == MONEY:
        largest = max(map(abs, numbers), default=Decimal(0))
        is_whole = largest >= _WHOLE_FROM or all(number == int(number) for number in numbers)
        return 0 if is_whole else digits(form.currency)
    if unit == SHARE:
        return 1 if any("." in without_unit(number, SHARE, Form()) for number in numbers) else 0
    if unit not in (NUMBER, DAYS):
        return None
    most = _SIGNIFICANT if all(abs(number) < 1 for number in numbers) else 2
    decimals = (without_unit(number, unit, Form()).partition(".")[2] for number in numbers)
    return min(most, max(map(len, decimals), default=0))


def cell(value: Value, column: Column, form: Form, places: int | None = None) -> str:
    """Format a table cell: money without the currency, which is in the header."""
    text = without_unit(value, column.unit, form, places)
    return text if column.unit == MONEY else _with_sign(text, unit_sign(column.unit, form))


def is_number(unit: str) -> bool:
    """Return whether values of a unit are right-aligned."""
    return unit in NUMBERS


def _with_sign(text: str, sign: str) -> str:
    return text if text == NOTHING or not sign or not text[-1:].isdigit() else f"{text} {sign}"


def _scaled(value: float) -> tuple[float, str]:
    for step, sign in _STEPS:
        if abs(value) >= step * 0.9995:
            return value / step, sign
    return value, ""


def _number(value: Value) -> Decimal | None:
    """Return a value as a Decimal; None if it is not a number."""
    if value is None or isinstance(value, str | date):
        return None
    number = Decimal(value) if isinstance(value, int | Decimal) else Decimal(str(value))
    return None if number.is_nan() else number


def _count(number: Decimal) -> str:
    return f"{int(number):,}" if number == int(number) else _plain(number)


def _plain(number: Decimal) -> str:
    """Format with four significant digits, but with all digits before the decimal point."""
    if 0 < abs(number) < _LEAST:
        return f"<{_LEAST}" if number > 0 else f">-{_LEAST}"
    places = max(0, min(_SIGNIFICANT, _SIGNIFICANT - 1 - number.adjusted()))
    return _stripped(show_number(number, places))


def _share(number: Decimal, least: int = 0) -> str:
    """Format a share as whole percent from 10 %, tenths below, with at least `least` decimals.

    A share between 0 and 100 % is never rounded to either.
    """
    percent = number * 100
    size = abs(percent)
    if 0 < size < Decimal("0.05"):
        return "<0.1" if percent > 0 else ">-0.1"
    near_all = Decimal("99.5") <= size < 100
    places = 1 if size < Decimal("9.95") or near_all else 0
    text = _stripped(show_number(percent, places))
    if near_all and text in ("100", "-100"):
        return {"100": ">99.9", "-100": "<-99.9"}[text]
    return show_number(percent, max(places, least)) if least else text


def _money(number: Decimal, form: Form, places: int | None) -> str:
    if places is None:
        places = column_places([number], MONEY, form) or 0
    if places == 0 and 0 < abs(number) < 1:  # a small amount is not rounded to zero
        places = digits(form.currency)
    return show_number(number, places)


def _days(number: Decimal) -> str:
    return _stripped(show_number(number, 1))


def _stripped(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signs(text: str, form: Form) -> str:
    return text.translate(_OTHER_SIGNS) if form.decimal == "," else text


_FORMATTERS = {COUNT: _count, DAYS: _days}
