"""Generate names, phone numbers and addresses of invented people and companies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from archive.model.contact_details import Address, Email, Messenger, Phone
from archive.model.partial_date import PartialDate
from sample_data import names
from sample_data.dice import Dice
from sample_data.names import Place, digits, domain, slug

MAIL = ("post.example", "mail.example", "home.example")


class Namer:
    """Give every person and company a unique name."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._companies = {
            currency: {category: list(pool) for category, pool in pools.items()}
            for currency, pools in names.COMPANIES.items()
        }

    def company(self, dice: Dice, currency: str, categories: Sequence[str]) -> tuple[str, str]:
        """Return the next company name of the region that uses the currency, and its category."""
        pools = self._companies[currency]
        category = dice.choice([category for category in categories if pools[category]])
        return pools[category].pop(0), category

    def person(self, dice: Dice, place: Place) -> dict[str, Any]:
        """Return full, family and given name, salutation and, under "latin", the name as spelt in an e-mail address."""
        while True:
            named = _chinese(dice) if place.language == "Chinese" else _european(dice, place.language)
            if named["full_name"] not in self._taken:
                self._taken.add(named["full_name"])
                return named


def _chinese(dice: Dice) -> dict[str, Any]:
    family, given = dice.choice(list(names.CHINESE_FAMILIES)), dice.choice(list(names.CHINESE_GIVEN))
    latin = f"{names.CHINESE_GIVEN[given]}.{names.CHINESE_FAMILIES[family]}".lower()
    salutation = dice.choice(("先生", "女士"))
    return _named(family + given, family, given, salutation, latin)


def _european(dice: Dice, language: str) -> dict[str, Any]:
    woman = dice.chance(0.5)
    family, given = dice.choice(names.EUROPEAN_FAMILIES), dice.choice(names.WOMEN if woman else names.MEN)
    salutations = ("Frau", "Herr") if language == "German" else ("Ms", "Mr")
    latin = f"{slug(given)}.{slug(family)}"
    return _named(f"{given} {family}", family, given, salutations[0 if woman else 1], latin)


def _named(full_name: str, family: str, given: str, salutation: str, latin: str) -> dict[str, Any]:
    return {
        "full_name": full_name,
        "family_name": family,
        "given_name": given,
        "salutation": salutation,
        "latin": latin,
    }


def reach_person(dice: Dice, place: Place, latin: str) -> dict[str, Any]:
    """Return the phones, e-mail, messenger and home address of a person."""
    phones = [Phone(value=digits(dice, place.mobile), label="mobile", preferred=True)]
    if dice.chance(0.3):
        phones.append(Phone(value=digits(dice, place.phone), label="home"))
    mail = Email(value=f"{latin}@{dice.choice(MAIL)}", label="home", preferred=True)
    chinese = place.language == "Chinese"
    return {
        "phones": tuple(phones),
        "emails": (mail,) if dice.chance(0.4 if chinese else 0.95) else (),
        "messengers": (_wechat(latin),) if chinese and dice.chance(0.7) else (),
        "addresses": (address(dice, place, "home"),),
    }


def _wechat(latin: str) -> Messenger:
    return Messenger(service="WeChat", value=latin.replace(".", "_"), preferred=True)


def address(dice: Dice, place: Place, label: str) -> Address:
    """Return an address in a fictitious street."""
    street, number = dice.choice(place.streets), dice.randrange(1, 180)
    return Address(
        label=label,
        street=f"{street}{number}号" if place.language == "Chinese" else f"{street} {number}",
        postcode=digits(dice, place.postcode),
        city=place.city,
        region=place.region,
        country=place.country,
        preferred=True,
    )


def reach_company(dice: Dice, place: Place, name: str) -> dict[str, Any]:
    """Return the phones, e-mail, addresses and website of an organisation."""
    host = domain(name)
    phones = [Phone(value=digits(dice, place.phone), label="office", preferred=True)]
    if dice.chance(0.35):
        phones.append(Phone(value=digits(dice, place.mobile), label="order desk"))
    addresses = [address(dice, place, "office")]
    if dice.chance(0.3):
        addresses.append(address(dice, place, "warehouse").with_values(preferred=False))
    return {
        "phones": tuple(phones),
        "emails": (Email(value=f"office@{host}", label="office", preferred=True),),
        "addresses": tuple(addresses),
        "website": f"https://{host}",
    }


def birthday(dice: Dice) -> PartialDate | None:
    """Return a birthday that is complete or lacks the year or the day, or None."""
    year, month, day = dice.randrange(1946, 2002), dice.randrange(1, 13), dice.randrange(1, 29)
    known = dice.weighted({"all": 5, "day": 2, "month": 1, "nothing": 4})
    shapes = {
        "all": PartialDate(year, month, day),
        "day": PartialDate(None, month, day),
        "month": PartialDate(year, month),
    }
    return shapes.get(known)
