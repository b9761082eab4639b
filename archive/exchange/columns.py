"""Detection of the date order and the decimal separator of a column from all its values.

Each value rules out some interpretations. If a single interpretation remains, the column has it; if several remain,
the column is ambiguous, and the user or a setting decides. Values that fit no interpretation are ignored.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Positions of day and month in each order, with and without a year.
_WITH_YEAR = {"dmy": (0, 1), "mdy": (1, 0), "ymd": (2, 1)}
_WITHOUT_YEAR = {"dmy": (0, 1), "mdy": (1, 0), "ymd": (1, 0)}
_THREE_PARTS = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
_TWO_PARTS = re.compile(r"(\d{1,2})[-/.]\s?(\d{1,2})\.?\Z")
_YEAR_FIRST = re.compile(r"\d{4}(?:[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{4})?(?!\d)")
_NAMED_UNITS = re.compile(r".*[年月]|(?=.*\d).*[^\W\d_]{3}")

_NUMBER = re.compile(r"[^\d.,]*(\.?,?\d[\d.,]*)[^\d.,]*\Z")
_GROUP_BLANKS = re.compile(r"(?<=\d)[\s'’_](?=\d)")
_READABLE = {
    sign: re.compile(rf"(?:\d*|[1-9]\d{{0,2}}(?:{thousands}\d{{2,3}})*{thousands}\d{{3}})(?:{decimal}\d*)?\Z")
    for sign, decimal, thousands in ((".", r"\.", ","), (",", ",", r"\."))
}
_SHORTENED = re.compile(r"\s*[+-]?\d(?:[.,]\d+)?E\+\d{2,3}\s*\Z", re.IGNORECASE)


@dataclass(frozen=True)
class OrderFinding:
    """The date order of a column: "dmy", "mdy" or "ymd"; "iso" if no date needs an order; "" if unknown.

    `proof` has row numbers, starting at 1: the row that decided, or with `conflict` two rows that contradict each
    other. If `ambiguous`, the order is the fallback, or "" if the fallback does not fit all dates.
    """

    order: str = ""
    proof: tuple[int, ...] = ()
    ambiguous: bool = False
    conflict: bool = False


@dataclass(frozen=True)
class DecimalFinding:
    """The decimal separator of a column: "." or ","; "" if no number needs one or it is ambiguous.

    `proof` and `conflict` are as in OrderFinding.
    """

    sign: str = ""
    proof: tuple[int, ...] = ()
    ambiguous: bool = False
    conflict: bool = False


def date_order(values: Iterable[str], fallback: str = "") -> OrderFinding:
    """Find the only order in which every date of a column is valid; a month cannot be over 12.

    Dates that start with a four-digit year, Chinese dates and dates with a month name need no order. A two-digit year
    may be first or last.
    """
    texts = [_plain(value) for value in values]
    orders, proof = _narrow(frozenset(_WITH_YEAR), map(_possible_orders, texts))
    if proof == ():
        return OrderFinding("iso" if any(map(_needs_no_order, texts)) else "")
    if not orders:
        return OrderFinding(proof=proof, conflict=True)
    if len(orders) == 1:
        return OrderFinding(next(iter(orders)), proof)
    return OrderFinding(fallback if fallback in orders else "", ambiguous=True)


def decimal_sign(values: Iterable[str]) -> DecimalFinding:
    """Find the decimal separator with which every number of a column can be read.

    If both `.` and `,` occur, the last of them is the decimal separator. A number with only one of them, once and
    before exactly three digits, is ambiguous.
    """
    signs, proof = _narrow(frozenset(_READABLE), (_possible_signs(_plain(value)) for value in values))
    if proof == ():
        return DecimalFinding()
    if not signs:
        return DecimalFinding(proof=proof, conflict=True)
    return DecimalFinding(next(iter(signs)), proof) if len(signs) == 1 else DecimalFinding(ambiguous=True)


def shortened_by_excel(value: str) -> bool:
    """Return whether Excel has converted a long number to a form such as 1.38E+10, so that its digits are lost."""
    return bool(_SHORTENED.match(value))


def _narrow(
    readings: frozenset[str], column: Iterable[frozenset[str]]
) -> tuple[frozenset[str], tuple[int, ...]]:
    """Intersect the possible interpretations of all values.

    Returns:
        The remaining interpretations, and the row that narrowed them last, or the two contradicting rows if none
        remain. There are no rows if no value had an interpretation; row 0 means that every such value allowed all.
    """
    proof: tuple[int, ...] = ()
    for row, possible in enumerate(column, 1):
        if not possible:
            continue
        proof = proof or (0,)
        if not possible & readings:
            return frozenset(), (*proof, row)
        if readings - possible:
            readings, proof = readings & possible, (row,)
    return readings, proof


def _plain(value: str) -> str:
    return value.strip() if value.isascii() else unicodedata.normalize("NFKC", value).strip()


def _possible_orders(text: str) -> frozenset[str]:
    if match := _THREE_PARTS.match(text):
        return _orders(_WITH_YEAR, (match[1], match[3], match[4]))
    match = _TWO_PARTS.match(text)
    return _orders(_WITHOUT_YEAR, match.groups()) if match else frozenset()


def _orders(places: dict[str, tuple[int, int]], parts: Sequence[str]) -> frozenset[str]:
    numbers = [int(part) for part in parts]
    return frozenset(
        order
        for order, (day, month) in places.items()
        if 1 <= numbers[day] <= 31 and 1 <= numbers[month] <= 12
    )


def _needs_no_order(text: str) -> bool:
    return bool(_YEAR_FIRST.match(text) or _NAMED_UNITS.match(text))


def _possible_signs(text: str) -> frozenset[str]:
    match = _NUMBER.match(_GROUP_BLANKS.sub("", text))
    if not match or match[1].isdigit():
        return frozenset()
    return frozenset(sign for sign, readable in _READABLE.items() if readable.match(match[1]))
