"""Units of quantity, as they occur between a number and a product name."""

from __future__ import annotations

import re
from decimal import Decimal

from archive.model.lazy_re import Pattern
from archive.text import fold

# Words on the same line mean the same unit. Latin words are stored as the first word of the line.
_UNITS = """
    bag bags 袋
    box boxes 盒
    case cases carton cartons 箱
    bottle bottles 瓶
    can cans 罐
    sack sacks
    barrel barrels 桶
    pallet pallets 托
    pack packs packet packets 包
    piece pieces pc pcs 件 个 只
    pair pairs 双
    dozen dozens doz
    set sets 套
    unit units 台
    sheet sheets 张
    roll rolls 卷
    kg kgs kilo kilos 公斤 千克
    g gram grams 克
    lb lbs pound pounds 磅
    t ton tons tonne tonnes 吨
    斤
    l litre litres liter liters 升
    ml 毫升
    m metre metres meter meters 米
    hour hours hr hrs h 小时
    day days 天
    month months 个月
"""
_GROUP_OF = {word: line.split() for line in _UNITS.strip().splitlines() for word in line.split()}
_LATIN = "|".join(sorted(filter(str.isascii, _GROUP_OF), key=len, reverse=True))
_HANZI = "|".join(sorted((word for word in _GROUP_OF if not word.isascii()), key=len, reverse=True))
UNIT = rf"(?:(?:{_LATIN})(?![a-zà-ÿ\d_'&/+-])|{_HANZI})"
"""Regular expression for all unit words, to be used with IGNORECASE. Chinese units need no blank after them.

Does not match the start of T-shirts, M&Ms, M8 or H2O.
"""
_WHOLE = Pattern(UNIT, re.IGNORECASE)


def is_unit(word: str) -> bool:
    """Return whether `word` is a known unit."""
    return _WHOLE.fullmatch(word) is not None


def unit_name(word: str) -> str:
    """Return the unit as it is stored: "bag" for "Bags"; 袋 and unknown words are not changed."""
    group = _GROUP_OF.get(fold(word))
    return group[0] if group and word.isascii() else word


def same_unit(unit: str, other: str) -> bool:
    """Return whether two words mean the same unit: "bags" and "bag", "bag" and "袋", "crates" and "crate"."""
    first, second = fold(unit), fold(other)
    if first == second or first in _GROUP_OF.get(second, ()):
        return True
    return bool(first and second) and (first in _plurals(second) or second in _plurals(first))


# Conversion factors to the base unit, by the first word of the unit's line; exact by definition.
_SIZES = {
    "kg": {"g": "0.001", "kg": "1", "t": "1000", "lb": "0.45359237", "斤": "0.5"},
    "l": {"ml": "0.001", "l": "1"},
    "piece": {"piece": "1", "dozen": "12"},
}
_SIZE_OF = {unit: (base, Decimal(size)) for base, sizes in _SIZES.items() for unit, size in sizes.items()}


def in_unit(quantity: Decimal, unit: str, target: str) -> Decimal | None:
    """Convert a quantity to another unit (1000 kg is 1 t); None if the factor is unknown."""
    if same_unit(unit, target):
        return quantity
    own, other = _size(unit), _size(target)
    if own is None or other is None or own[0] != other[0]:
        return None
    return quantity * own[1] / other[1]


def _size(word: str) -> tuple[str, Decimal] | None:
    group = _GROUP_OF.get(fold(word))
    return _SIZE_OF.get(group[0]) if group else None


def _plurals(word: str) -> tuple[str, str]:
    return f"{word}s", f"{word}es"
