"""Full-text search: the searchable text of a record, and how search words match it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from archive.model.field_types.base import FieldType
from archive.model.fields import Record
from archive.model.lazy_re import Pattern
from archive.model.phones import digits, phone_forms
from archive.text import fold

_NUMBER = Pattern(r"\d[\d\s()./+-]{2,40}\d")  # also indexed by its digits alone
_PIECE = Pattern(r"[+(]*\d[\d()/.+-]*")  # part of a phone number that is typed with blanks
_SHORTEST_NUMBER = 3  # digits

WordMakers = dict[str, Callable[[Any], Iterable[str]]]
_WORD_MAKERS: dict[type[Record], WordMakers] = {}


def words_of(cls: type[Record], raw: Mapping[str, Any]) -> str:
    """Return the searchable text of a stored record: all its texts, folded, a line for each, the name first."""
    makers = _word_makers(cls)
    keys = (cls.NAMED_BY, *raw) if cls.NAMED_BY in raw else raw
    words = list(dict.fromkeys(word for key in keys if key in makers for word in makers[key](raw[key])))
    words.extend(raw.get("extra", {}).values())
    words.extend(digits(number) for word in tuple(words) for number in _NUMBER.findall(word))
    return "\n".join(dict.fromkeys(map(fold, words)))


def _word_makers(cls: type[Record]) -> WordMakers:
    """Return the `words` function of each field that has searchable text."""
    if cls not in _WORD_MAKERS:
        kinds = {key: field.type for key, field in cls.FIELDS.items()}
        with_words = {key: kind for key, kind in kinds.items() if type(kind).words is not FieldType.words}
        _WORD_MAKERS[cls] = {key: kind.words for key, kind in with_words.items()}
    return _WORD_MAKERS[cls]


class Needle(NamedTuple):
    """The pattern of a search: a form of each word, or any form of the phone number that they make."""

    words: tuple[tuple[str, ...], ...]  # the forms of each word
    number: tuple[str, ...] = ()  # the forms of the phone number that several words make together

    @property
    def plain(self) -> str:
        """The text to look for if there is just one form, otherwise ""."""
        return self.words[0][0] if len(self.words) == 1 == len(self.words[0]) and not self.number else ""

    @property
    def anchors(self) -> tuple[str, ...]:
        """Texts of which every matching record contains at least one; used as a prefilter."""
        longest = max(self.words, key=lambda forms: min(map(len, forms)))
        return tuple(dict.fromkeys((*longest, *self.number)))

    def is_in(self, words: str) -> bool:
        """Return whether the searchable text of a record matches."""
        return any(form in words for form in self.number) or all(
            any(form in words for form in forms) for forms in self.words
        )


def needle(text: str, region: str = "") -> Needle:
    """Return what to look for, given a word or phrase; `region` is the country of numbers without a country code."""
    return Needle((_forms(text, region),))


def needles(words: Iterable[str], region: str = "") -> list[Needle]:
    """Return what to look for, given words. Adjacent parts of a number may form a single number: "0228 555 0147"."""
    return list(_needles(words, region))


def _needles(words: Iterable[str], region: str) -> Iterator[Needle]:
    for is_piece, run in groupby(words, lambda word: _PIECE.fullmatch(word.strip()) is not None):
        texts = list(run)
        forms = tuple(_forms(text, region) for text in texts)
        if is_piece and len(texts) > 1:
            yield Needle(forms, _number_forms(" ".join(texts), region))
        else:
            yield from (Needle((form,)) for form in forms)


def _forms(text: str, region: str) -> tuple[str, ...]:
    """Return the folded word and, for a number, the digit sequences under which it may be stored."""
    folded = fold(text)
    number = folded.removeprefix("tel:")  # from tel: links
    return tuple(dict.fromkeys((folded, *_number_forms(number, region)))) if is_number(number) else (folded,)


def _number_forms(text: str, region: str) -> tuple[str, ...]:
    return phone_forms(text, region) if len(digits(text)) >= _SHORTEST_NUMBER else ()


def is_number(folded: str) -> bool:
    """Return whether a folded word has digits and no letters."""
    return any(char.isdigit() for char in folded) and not any(char.isalpha() for char in folded)
