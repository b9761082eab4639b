"""Generate the odd records of a real archive: special characters in names, almost empty records, duplicates."""

from __future__ import annotations

from typing import Any

from archive.model.contact_details import Email, Phone
from archive.model.records.customer import Customer
from sample_data.dice import Dice

_LONG = (
    "Gemeinnützige Beispielgesellschaft für die Gemeinschaftsverpflegung in Schulen, Kindertagesstätten und "
    "Einrichtungen der Seniorenbetreuung im Bezirk Musterhausen-Nord und Umgebung mit beschränkter Haftung "
    "(vormals Großküche Fiktiv & Erben)"
)
_ORGANISATIONS = (
    ("O'Neil [10%] & Söhne", "Wholesale / West"),
    (_LONG, "Canteens / Schools"),
    ("Café ☕ Zum Löffel 🥄", "Restaurants / Snack bars"),
    ("دار المثال للتوابل", "Wholesale / Overseas"),
    ("=1+1 Catering", "Canteens / Companies"),
    ("[bold]Loud[/bold] Lunch", "Restaurants / Snack bars"),
    ('"Quick" Rice, Inc.', "Wholesale / Overseas"),
    ("ＦＵＬＬ　ＷＩＤＴＨ商事", "Wholesale / East"),
)
_PERSONS = (
    ("Smith [VIP]", "Households / Web shop"),
    ("יעל דוגמה", "Households / Web shop"),
    ("👨‍👩‍👧 Familie Emoji", "Households / Web shop"),
    ("Nora Null", "Households / Web shop"),
    ("Zoë Çelik-Ångström", "Households / Web shop"),
)
_ONLY_NAMES = ("老王（菜场）", "Mrs. X", "the lady with the blue bicycle", "Nguyễn Văn Ví Dụ", "?")


def oddities(known: list[Customer]) -> list[Customer]:
    """Return the odd customers, including three duplicates of `known` customers."""
    dice = Dice("oddities")
    firms = [_odd(dice, "organisation", *firm) for firm in _ORGANISATIONS]
    people = [_odd(dice, "person", *person) for person in _PERSONS]
    bare = [Customer(uid=dice.uid(), kind="person", full_name=name) for name in _ONLY_NAMES]
    return [*firms, *people, *bare, *_twice(dice, known)]


def _odd(dice: Dice, kind: str, name: str, category: str) -> Customer:
    number = dice.randrange(100, 999)
    fields: dict[str, Any] = {
        "status": "prospect",
        "category": category,
        "account_manager": dice.choice(("schmidt", "moreau")),
        "phones": (Phone(value=f"+44 20 7946 0{number}", label="office"),),
        "emails": (Email(value=f"odd.{number}@oddities.example"),),
        "time_zone": "Europe/London",
        "source": "walk-in",
    }
    return Customer(uid=dice.uid(), kind=kind, full_name=name, **fields)


def _twice(dice: Dice, known: list[Customer]) -> list[Customer]:
    whole = [c for c in known if c.kind == "person" and c.emails and c.given_name]
    first, second, third = dice.choice(whole[:20]), dice.choice(whole[20:30]), dice.choice(whole[30:40])
    reversed_name = f"{second.family_name}, {second.given_name}"
    return [
        Customer(uid=dice.uid(), kind="person", full_name=first.full_name, phones=first.phones[:1]),
        Customer(uid=dice.uid(), kind="person", full_name=reversed_name, emails=second.emails),
        Customer(
            uid=dice.uid(),
            kind="person",
            full_name=third.full_name.upper(),
            emails=third.emails,
            status="active",
        ),
    ]
