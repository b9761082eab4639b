"""Generate sheets like the exports of other programs: contacts in English and Chinese, and a year of purchases."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from archive.model.records.customer import Customer
from archive.model.records.product import Product
from archive.service.demo import SAMPLE_DAY
from sample_data import names, texts
from sample_data.dice import Dice, ago
from sample_data.identity import Namer
from sample_data.names import digits, slug

ENGLISH = (
    "First Name", "Last Name", "Company", "Job Title", "E-mail", "Phone", "Mobile", "Street", "City",
    "Postcode", "Country", "Birthday", "Notes",
)  # fmt: skip
CHINESE = ("姓名", "公司", "电话", "手机", "邮箱", "地址", "生日", "备注")
PURCHASES = ("Date", "Customer", "Item", "Qty", "Price", "Total")
_COMPANIES = ("Example Tea House", "Sample Street Kitchen", "Placeholder Pantry", "Invented Inn", "")
_CHINESE_COMPANIES = ("样例茶楼", "示例小吃店", "虚构粮店", "", "")
_HOW_MANY = 30
_KNOWN = 3  # number of English contacts that are already in the sample archive


def sheets(customers: Sequence[Customer], products: Iterable[Product]) -> dict[str, bytes]:
    """Return the content of each sheet by file name."""
    contacts = _english(customers)
    people = [(f"{row[0]} {row[1]}") for row in contacts]
    goods = [product for product in products if product.currency == "EUR" and product.unit != "hour"]
    return {
        "contacts.csv": _csv(ENGLISH, contacts).encode(),
        "contacts_zh.csv": _csv(CHINESE, _chinese()).encode("utf-8-sig"),
        "purchases.csv": _csv(PURCHASES, _purchases(people, goods), delimiter=";").encode(),
    }


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _english(customers: Sequence[Customer]) -> list[Sequence[str]]:
    dice = Dice("contacts.csv")
    namer = Namer(customer.full_name for customer in customers)
    known = [c for c in customers if c.emails and c.addresses and c.given_name.isascii() and c.given_name]
    rows: list[Sequence[str]] = [_known(c) for c in known[:_KNOWN]]
    return [*rows, *(_contact(dice, namer) for _one in range(_HOW_MANY - _KNOWN))]


def _known(customer: Customer) -> Sequence[str]:
    home = customer.addresses[0]
    phone, mail = customer.phones[0].value, customer.emails[0].value
    place = (home.street, home.city, home.postcode, home.country)
    return (customer.given_name, customer.family_name, "", "", mail, "", phone, *place, "", "known already")


def _contact(dice: Dice, namer: Namer) -> Sequence[str]:
    place = dice.choice(names.EUROPE)
    named = namer.person(dice, place)
    company = dice.choice(_COMPANIES)
    domain = f"{slug(company)}.example" if company else "mail.example"
    born = date(dice.randrange(1950, 2003), dice.randrange(1, 13), dice.randrange(1, 29))
    return (
        named["given_name"],
        named["family_name"],
        company,
        dice.choice(texts.TITLES["en"])[0] if company else "",
        f"{named['latin']}@{domain}",
        digits(dice, place.phone) if company else "",
        digits(dice, place.mobile),
        f"{dice.choice(place.streets)} {dice.randrange(1, 90)}",
        place.city,
        digits(dice, place.postcode),
        place.country,
        born.isoformat() if dice.chance(0.5) else "",
        dice.choice(texts.SPECIAL["en"]) if dice.chance(0.4) else "",
    )


def _chinese() -> list[Sequence[str]]:
    dice, namer = Dice("contacts_zh.csv"), Namer()
    return [_chinese_contact(dice, namer) for _one in range(_HOW_MANY)]


def _chinese_contact(dice: Dice, namer: Namer) -> Sequence[str]:
    place = dice.choice(names.CHINA)
    named = namer.person(dice, place)
    company = dice.choice(_CHINESE_COMPANIES)
    year, month, day = dice.randrange(1950, 2003), dice.randrange(1, 13), dice.randrange(1, 29)
    birthdays = (f"{year}年{month}月{day}日", f"{year}-{month:02d}-{day:02d}", f"{month}月{day}日", "", "")
    street = f"{place.region}{place.city}{dice.choice(place.streets)}{dice.randrange(1, 180)}号"
    return (
        named["full_name"],
        company,
        digits(dice, place.phone) if company else "",
        digits(dice, place.mobile),
        f"{named['latin']}@post.example" if dice.chance(0.6) else "",
        street,
        dice.choice(birthdays),
        dice.choice(texts.SPECIAL["zh"]) if dice.chance(0.4) else "",
    )


def _purchases(people: Sequence[str], goods: Sequence[Product]) -> list[Sequence[str]]:
    dice = Dice("purchases.csv")
    bought = [row for name in people for row in _of_one(dice, name, goods)]
    return [_row(*row) for row in sorted(bought, key=lambda row: row[:2])]


def _of_one(dice: Dice, name: str, goods: Sequence[Product]) -> Iterable[tuple[date, str, Product, int]]:
    day, gap = ago(dice.randrange(250, 365)), dice.randrange(24, 70)
    favourites = dice.some(goods, 1, 3)
    while day <= SAMPLE_DAY:
        yield day, name, dice.choice(favourites), dice.randrange(1, 5)
        day += timedelta(days=max(3, round(dice.about(gap, gap * 0.3))))


def _row(on: date, name: str, product: Product, quantity: int) -> Sequence[str]:
    price = product.usual_price or Decimal(0)
    money = (f"{amount:.2f}".replace(".", ",") for amount in (price, price * quantity))
    return (on.strftime("%d.%m.%Y"), name, product.name, str(quantity), *money)
