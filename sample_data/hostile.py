"""Generate a second archive, for tests: names and texts with special characters, bare records, duplicates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any, TypeVar

from archive.model.fields import Record
from archive.model.records.customer import Customer
from sample_data.dice import Dice
from sample_data.identity import Namer
from sample_data.names import Place
from sample_data.stories import Plan

R = TypeVar("R", bound=Record)
_LONG = (
    "Gemeinnützige Beispielgesellschaft für die Gemeinschaftsverpflegung in Schulen, Kindertagesstätten und "
    "Einrichtungen der Seniorenbetreuung im Bezirk Musterhausen-Nord und Umgebung mit beschränkter Haftung "
    "(vormals Großküche Fiktiv & Erben)"
)
_COMPANIES = (
    "O'Neil [10%] & Söhne",
    _LONG,
    "Café ☕ Zum Löffel 🥄",
    "دار المثال للتوابل",
    "=1+1 Catering",
    "[bold]Loud[/bold] Lunch",
    '"Quick" Rice, Inc.',
    "ＦＵＬＬ　ＷＩＤＴＨ商事",
)
_PERSONS = ("Smith [VIP]", "יעל דוגמה", "👨‍👩‍👧 Familie Emoji", "Nora Null", "Zoë Çelik-Ångström")
_ONLY_NAMES = ("老王（菜场）", "Mrs. X", "the lady with the blue bicycle", "Nguyễn Văn Ví Dụ", "?")
_TEXTS = (
    "=HYPERLINK(A1)",
    "[red]urgent[/red] [/nothing]",
    "@SUM(A1:A9)",
    "a; b, c | d \\ e",
    "-2+3",
    "“quoted”, 'single' and \"double\"",
    "مرحبا שלום ＡＢＣ 👩‍🍳",
    "first line\nsecond line\n\n=1+1",
    "word " * 60 + "end",
)


class HostileNamer(Namer):
    """Give the hostile names to the first customers, and usual names to the others."""

    def __init__(self) -> None:
        super().__init__()
        self._firms, self._people = iter(_COMPANIES), iter(_PERSONS)

    def company(self, dice: Dice, currency: str, categories: Sequence[str]) -> tuple[str, str]:
        """Return the next company name, and its category."""
        usual, category = super().company(dice, currency, categories)
        return next(self._firms, usual), category

    def person(self, dice: Dice, place: Place) -> dict[str, Any]:
        """Return the names of the next person. A hostile name is not split into family and given name."""
        named = super().person(dice, place)
        hostile = next(self._people, "")
        return {**named, "full_name": hostile, "family_name": "", "given_name": ""} if hostile else named


def few(plans: Sequence[Plan]) -> list[Plan]:
    """Return every sixth plan of each segment."""
    return [plan for plan in plans if plan.number % 6 == 0]


def bare_and_doubled(known: Sequence[Customer]) -> list[Customer]:
    """Return customers with nothing but a name, and three duplicates of `known` customers."""
    dice = Dice("bare and doubled")
    bare = [Customer(uid=dice.uid(), kind="person", full_name=name) for name in _ONLY_NAMES]
    return [*bare, *_doubled(dice, known)]


def _doubled(dice: Dice, known: Sequence[Customer]) -> Iterator[Customer]:
    first, second, third = [c for c in known if c.kind == "person" and c.emails and c.given_name][:3]
    reversed_name = f"{second.family_name}, {second.given_name}"
    yield Customer(uid=dice.uid(), kind="person", full_name=first.full_name, phones=first.phones[:1])
    yield Customer(uid=dice.uid(), kind="person", full_name=reversed_name, emails=second.emails)
    shouted = third.full_name.upper()
    yield Customer(uid=dice.uid(), kind="person", full_name=shouted, emails=third.emails, status="active")


def with_texts(records: Sequence[R], key: str, every: int = 1, *, lines: bool = False) -> list[R]:
    """Return the records with a hostile text, of several `lines` or of one, in a field of every n-th of them."""
    texts = cycle(text if lines else " ".join(text.split()) for text in _TEXTS)
    return [
        row.with_values(**{key: next(texts)}) if number % every == 0 else row
        for number, row in enumerate(records)
    ]
