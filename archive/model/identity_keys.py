"""Keys for duplicate detection: names, phone numbers and e-mail addresses, normalised so that variants are equal."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from archive.model.fullwidth import narrow
from archive.model.lazy_re import Pattern
from archive.model.phones import phone_key, phone_tail
from archive.model.records.customer import Customer
from archive.text import fold

__all__ = ["close_keys", "email_key", "name_key", "name_keys", "phone_key", "phone_tail", "unordered"]

_WORD = Pattern(r"[^\W_]+")
_HANZI = Pattern(r"[\u3400-\u9fff]+")
# Legal forms of companies, which are not part of the name.
_LEGAL_FORMS = frozenset(
    "gmbh ag kg ohg ug mbh ltd limited llc llp inc corp corporation co company plc sa sarl srl spa bv nv oy ab".split()
)
_HANZI_LEGAL_FORM = Pattern(r"(?:股份)?(?:有限)?(?:责任)?公司$")
_CLOSE = 0.86
_SHORTEST = 5  # letters; one letter makes too much difference in shorter names
_SHORTEST_HANZI = 4


def email_key(text: str) -> str:
    """Return the address in a form that ignores upper and lower case."""
    return narrow(text).strip().casefold()


def name_key(text: str) -> str:
    """Return the folded words of a name without punctuation and legal forms; Chinese names without blanks."""
    words = _WORD.findall(fold(text))
    bare = [word for word in words if word not in _LEGAL_FORMS] or words
    if text.isascii():
        return " ".join(bare)
    bare = [_HANZI_LEGAL_FORM.sub("", word) or word for word in bare]
    return ("" if _is_hanzi("".join(bare)) else " ").join(bare)


def unordered(key: str) -> str:
    """Return a key that ignores word order: "smith marta" equals "marta smith", 建国王 equals 王建国."""
    return "".join(sorted(key)) if _is_hanzi(key) else " ".join(sorted(key.split()))


def name_keys(customer: Customer) -> set[str]:
    """Return the keys of a customer's names: the full name, and family and given name in both orders."""
    family_name, given_name = customer.family_name, customer.given_name
    names = [
        customer.full_name,
        *(
            [f"{family_name} {given_name}", f"{given_name} {family_name}"]
            if family_name and given_name
            else []
        ),
    ]
    return {name_key(name) for name in names} - {""}


def close_keys(key: str, others: Iterable[str]) -> set[str]:
    """Return the keys in `others` that equal `key` or are similar enough to be a typing error."""
    shortest = _SHORTEST_HANZI if _is_hanzi(key) else _SHORTEST
    if len(key) < shortest:
        return set()
    compare = SequenceMatcher(autojunk=False)
    compare.set_seq2(key)
    return {other for other in others if _is_close(compare, other)}


def _is_close(compare: SequenceMatcher[str], other: str) -> bool:
    compare.set_seq1(other)
    ratios = (compare.real_quick_ratio, compare.quick_ratio, compare.ratio)
    return all(ratio() >= _CLOSE for ratio in ratios)


def _is_hanzi(text: str) -> bool:
    return _HANZI.fullmatch(text) is not None
