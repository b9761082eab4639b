"""Parsing and formatting of numbers, amounts of money and percentages. All arithmetic is exact, in Decimal."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from archive.errors import BadValue
from archive.model.currencies import ALL_WORDS, CURRENCIES, SIGNS, currency_named
from archive.model.fullwidth import narrow
from archive.model.lazy_re import Pattern
from archive.text import _

MOST_DIGITS = 28  # so that sums stay exact
_LONGEST = 64
_UNITS = {"百": 2, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
_NUMBER = Pattern(
    r"(?P<open>\()?\s*(?P<sign>[+-])?\s*(?P<body>[\d.,][\d., ']*)"
    r"(?P<unit>百万|千万|万亿|百|千|万|亿)?\s*(?P<trail>-)?\s*(?P<close>\))?",
    re.ASCII,
)

# A code next to one of these symbols selects one of the currencies that share the symbol.
_SHARED = {"$": Pattern("..D|MXN|ARS|CLP|COP"), "¥": Pattern("CNY|JPY")}
_MARK = (
    "|".join(re.escape(mark) for mark in sorted((*SIGNS, *ALL_WORDS), key=len, reverse=True)) + "|[a-z]{3}"
)
_AMOUNT = Pattern(
    rf"(?P<lead>[-+(]*)\s*(?P<front>{_MARK})?(?P<number>.*?)(?P<back>{_MARK})?\s*(?P<tail>[-)]*)", re.DOTALL
)
_SWAPPED = str.maketrans(".,", ",.")
_OFF_DIGITS = str.maketrans("一二三四五六七八九", "123456789")


def _unreadable(text: str, decimal: str) -> BadValue:
    excerpt = text if len(text) <= 40 else text[:39] + "…"
    example = "1234,50" if decimal == "," else "1234.50"
    return BadValue(
        _("This is not a number: {text}").format(text=excerpt),
        _("Write for example {example}.").format(example=example),
    )


def parse_number(text: str, decimal: str = ".") -> Decimal:
    """Parse a number with either decimal separator.

    If both `.` and `,` occur, the last of them is the decimal separator. If there is only one, once and before exactly
    three digits, it is a thousands separator unless it is `decimal`, the user's own decimal separator. Digits are
    grouped by three. A minus may come before or after; parentheses mean minus; 3万 is 30000. Exponents and currencies
    are not allowed.

    Raises:
        BadValue: The text is not a number, or it has more than 28 digits.
    """
    number = _number(narrow(text), decimal)
    if number is None:
        raise _unreadable(text, decimal)
    return number


def _number(text: str, decimal: str) -> Decimal | None:
    match = _NUMBER.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if not match:
        return None
    marks = [mark for mark in match.group("open", "sign", "trail") if mark]
    digits = _canonical(match["body"].rstrip(), decimal)
    zeros = _UNITS.get(match["unit"], 0)
    if not digits or len(marks) > 1 or bool(match["open"]) != bool(match["close"]):
        return None
    if sum(map(str.isdigit, digits)) + zeros > MOST_DIGITS:
        return None
    value = Decimal(format(Decimal(f"{digits}E{zeros}"), "f"))
    return value.copy_negate() if value and marks and marks[0] != "+" else value


def _canonical(body: str, decimal: str) -> str | None:
    """Return `body` without thousands separators and with a decimal point; None if the grouping is wrong."""
    integer, point, fraction = _split_fraction(body, decimal)
    groups = re.split(r"[., ']", integer)
    if len(groups) > 1:
        one_sign = len(set(re.sub(r"\d", "", integer))) == 1
        well_cut = re.fullmatch("[1-9][0-9]{0,2}", groups[0]) and all(len(group) == 3 for group in groups[1:])
        if not (one_sign and well_cut):
            return None
    if not point:
        return "".join(groups)
    return "".join(groups) + "." + fraction if fraction.isdigit() else None


def _split_fraction(body: str, decimal: str) -> tuple[str, str, str]:
    signs = re.sub(r"\d", "", body)
    last = signs[-1:]
    if last not in (".", ",") or signs.count(last) > 1:
        return body, "", ""
    integer, _point, fraction = body.rpartition(last)
    is_alone = len(signs) == 1
    if is_alone and last != decimal and len(fraction) == 3 and integer.strip("0"):
        return body, "", ""
    return integer, last, fraction


def parse_amount(text: str, decimal: str = ".") -> tuple[Decimal, str]:
    """Parse an amount and its ISO 4217 currency, "" if none is given.

    Accepts `12.50 EUR`, `eur 12.50`, `-€12.50`, `($12.50)`, `3万元`, `20 euros`. `$` alone is USD; `¥` and `元` are
    CNY, yen are written JPY or 円. A code next to `$` or `¥` takes precedence: `$12 CAD`.

    Raises:
        BadValue: The text is not an amount, or its currency is unknown or ambiguous (kr).
    """
    match = _AMOUNT.fullmatch(narrow(text).strip().lower()) if len(text) <= _LONGEST else None
    number = _number(f"{match['lead']}{match['number'].strip()}{match['tail']}", decimal) if match else None
    if not match or number is None:
        raise _unreadable(text, decimal)
    return number, _currency([mark for mark in match.group("front", "back") if mark], text)


def _currency(marks: list[str], text: str) -> str:
    named = {mark: currency_named(mark) for mark in marks}
    codes = set(named.values())
    for sign in _SHARED.keys() & named.keys():
        others = {code for mark, code in named.items() if mark != sign}
        if any(map(_SHARED[sign].fullmatch, others)):
            codes = others
    if len(codes) > 1 or not codes <= CURRENCIES:
        raise BadValue(
            _("This currency is not known: {text}").format(text=text[:40]),
            _("Write for example 12.50 EUR."),
        )
    return codes.pop() if codes else ""


def parse_share(text: str, decimal: str = ".") -> Decimal:
    """Parse a fraction from 0 to 1: `20%`, `0.2` and 8折 (pay 80 % of the price) are all 0.2.

    Raises:
        BadValue: The text is not a fraction or percentage.
    """
    plain = narrow(text).strip()
    sign = plain[-1:] if plain.endswith(("%", "折")) else ""
    digits = plain.removesuffix(sign)
    number = _number(digits.translate(_OFF_DIGITS) if sign == "折" else digits, decimal)
    if number is None:
        raise _unreadable(text, decimal)
    share = _off(number) if sign == "折" else number.scaleb(-2 if sign else 0)
    if 0 <= share <= 1:
        return share
    raise BadValue(
        _("This is not a percentage from 0 % to 100 %: {text}").format(text=text[:40]),
        _("Write for example 20% or 0.2."),
    )


def _off(paid: Decimal) -> Decimal:
    """Return the discount if `paid` tenths (8, 8.5) or hundredths (85) of the price remain; -1 if it is neither."""
    if 0 < paid < 10:
        return 1 - paid.scaleb(-1)
    return 1 - paid.scaleb(-2) if 10 < paid < 100 and paid == int(paid) else Decimal(-1)


def show_number(d: Decimal, places: int | None = None, decimal: str = ".") -> str:
    """Format for the screen with the user's `decimal` separator; the other one of `.` and `,` groups thousands.

    Never uses an exponent; rounds half up to `places` if given.
    """
    if places is not None:
        enough = Context(prec=max(d.adjusted(), 0) + places + 2)
        d = d.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, enough)
    text = format(d if d else d.copy_abs(), ",f")
    return text.translate(_SWAPPED) if decimal == "," else text


def is_too_long(d: Decimal) -> bool:
    """Return whether a number has too many digits for `parse_number`."""
    return sum(map(str.isdigit, plain_number(d))) > MOST_DIGITS


def plain_number(d: Decimal) -> str:
    """Format for files: the shortest decimal notation of the value, without exponent, grouping or negative zero."""
    text = format(d, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
