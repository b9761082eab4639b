"""Quick entry: signs in a purchase line ("@35.50 EUR", "=700", "-10%", 9折), and payment terms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from archive.errors import BadValue
from archive.model.currencies import ALL_WORDS, CURRENCIES, MONEY_SIGN, SIGNS
from archive.model.field_types.base import Context
from archive.model.fullwidth import narrow
from archive.model.lazy_re import Pattern
from archive.model.numbers import parse_amount, parse_share
from archive.model.units import UNIT
from archive.text import _

NUMBER = r"\d(?:[\d.,']*\d)?(?![\d.,']*\d)(?:\s?(?:百万|万|千(?!克)))?"
"""Regular expression for a number before a unit or after a sign."""

_CODE = "|".join(sorted(CURRENCIES))
_HANZI = "|".join(sorted((sign for sign in SIGNS if sign.isalpha()), key=len, reverse=True))
_WORD = "|".join(re.escape(word) for word in sorted(ALL_WORDS, key=len, reverse=True))
_SIGN = rf"(?:[a-z]{{1,3}})?{MONEY_SIGN}|{_HANZI}|块|(?:{_WORD})(?!\w)"
# After a blank, currency codes must be in upper case: "all" in "@35 all in" is not the Albanian lek.
_AMOUNT = (
    rf"(?:(?:{_SIGN}|(?:{_CODE})(?![a-z]))\s?)?{NUMBER}"
    rf"(?:\s?(?:{_SIGN})|(?:{_CODE})\b|\s(?-i:{_CODE}|eur|usd|cny|gbp)\b)?"
)
UNSIGNED = Pattern(
    rf"""(?:^|[\s,]) (?P<amount> (?:at|for|à)\s+{NUMBER} | \d+[.,]\d\d
    | (?:{_SIGN}|(?:{_CODE})(?![a-z]))\s?{NUMBER}
    | {NUMBER}(?:\s?(?:{_SIGN})|(?:{_CODE})\b|\s(?-i:{_CODE}|eur|usd|cny|gbp)\b) ) $""",
    re.IGNORECASE | re.VERBOSE,
)
"""Matches a price at the end of a line without a sign that marks it as unit price or total."""
_PRICE = Pattern(rf"@\s*(?P<amount>{_AMOUNT})(?:\s?/\s?(?P<unit>{UNIT}|[^\W\d_]+))?", re.IGNORECASE)
_TOTAL = Pattern(rf"=\s*(?P<amount>{_AMOUNT})", re.IGNORECASE)
_DISCOUNT = Pattern(
    r"""(?<![^\s,]) (?: -\s?(?P<minus>\d{1,3}(?:[.,]\d+)?\s?%) | (?P<off>\d{1,3}(?:[.,]\d+)?\s?%)\s?off\b )
    | 打?(?P<tenths>\d[\d.]{0,3}折|[一二三四五六七八九]{1,2}折)""",
    re.IGNORECASE | re.VERBOSE,
)
_TERMS = Pattern(
    r"""(?<![^\s,]) (?: net[ -]?\d{1,3}(?:\ days)? | \d{1,3}\ days(?:\ net)? | cod | cash(?:\ on\ delivery)? | prepaid
    | 预付 | 货到付款 | 现金 | 现结 | (?:月结|账期)(?:\s?\d{1,3}\s?天)? ) $""",
    re.IGNORECASE | re.VERBOSE,
)
_BLANKS = " \u3000,;:，；："


@dataclass(frozen=True)
class Signs:
    """The price per unit (`per`, if given), the total, and the discount as a fraction."""

    price: Decimal | None = None
    per: str = ""
    total: Decimal | None = None
    discount: Decimal | None = None
    currency: str = ""


def read_signs(text: str, ctx: Context) -> tuple[Signs, str, str]:
    """Parse the prices and the discount in a line.

    Returns:
        The signs, the text before the first sign, and the remaining text after it. If the line starts with a sign, the
        remaining text takes the place of the text before.

    Raises:
        BadValue: No amount follows a sign, or there are two currencies.
    """
    plain = narrow(text)
    price, total, off = (pattern.search(plain) for pattern in (_PRICE, _TOTAL, _DISCOUNT))
    cost, cost_currency = _amount(price, ctx)
    amount, currency = _amount(total, ctx)
    if cost_currency and currency and cost_currency != currency:
        raise BadValue(
            _("The price is in {one} and the amount in {other}.").format(one=cost_currency, other=currency),
            _("Use the same currency for both."),
        )
    per = price["unit"] or "" if price else ""
    signs = Signs(cost, per, amount, _discount(off, ctx), cost_currency or currency)
    before, after = _around(text, sorted(match.span() for match in (price, total, off) if match))
    _refuse_lone_sign(before, after)
    return (signs, before, after) if before else (signs, after, "")


def _amount(match: re.Match[str] | None, ctx: Context) -> tuple[Decimal | None, str]:
    return parse_amount(match["amount"].replace("块", "元"), ctx.decimal) if match else (None, "")


def _discount(match: re.Match[str] | None, ctx: Context) -> Decimal | None:
    return parse_share(match["minus"] or match["off"] or match["tenths"], ctx.decimal) if match else None


def _around(text: str, spans: list[tuple[int, int]]) -> tuple[str, str]:
    """Return the text before the first span, and the text between and after all spans."""
    ends = [end for _start, end in spans]
    starts = [*(start for start, _end in spans[1:]), len(text)]
    rest = (text[end:start].strip(_BLANKS) for end, start in zip(ends, starts, strict=False))
    before = text[: spans[0][0]] if spans else text
    return before.strip(_BLANKS), " ".join(filter(None, rest))


def _refuse_lone_sign(*texts: str) -> None:
    for text in texts:
        sign = re.search(r"(?<!\S)[@=](\S*)", narrow(text))
        if sign:
            raise BadValue(
                _("There is no amount after {sign}: {text}").format(sign=sign[0][0], text=sign[0][:40]),
                _("Write for example @35.50 for the unit price, =700 for the total."),
            )


def cut_terms(text: str) -> tuple[str, str]:
    """Split off payment terms at the end of `text`."""
    match = _TERMS.search(narrow(text))
    return (text[: match.start()].rstrip(_BLANKS), text[match.start() :]) if match else (text, "")
