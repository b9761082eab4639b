"""The parts of a customer's lists: phones, addresses, positions, best hours and so on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import Self

from archive.errors import BadValue
from archive.model.date_rules import InOrder
from archive.model.emails import split_address, split_addresses
from archive.model.field_types.base import Context, Ref
from archive.model.field_types.dates import leading_days
from archive.model.field_types.lists import OneLine
from archive.model.field_types.standard import (
    DATE,
    EMAIL,
    FLAG,
    INTEGER,
    LINE_CAP,
    LONG_TEXT,
    PHONE,
    QUANTITY,
    TEXT,
    TIME,
    Choice,
    Link,
    Text,
    storable,
)
from archive.model.fields import Item, field, record
from archive.model.hours import read_hours
from archive.model.lazy_re import Pattern
from archive.model.phones import split_number, split_numbers, split_word
from archive.model.weekdays import WEEKDAYS, day_range
from archive.text import N_, _, without_hidden

HOW_LEARNT = Choice(
    site=N_("on-site interview"),
    phone=N_("phone interview"),
    questionnaire=N_("questionnaire"),
    web=N_("web form"),
    third_party=N_("third party"),
    import_=N_("import"),
)
CHANNEL = Choice(
    phone=N_("phone"),
    visit=N_("visit"),
    email=N_("e-mail"),
    letter=N_("letter"),
    message=N_("message"),
    video=N_("video"),
)
PREFERRED = "*"


def _split_preferred(text: str) -> tuple[str, bool]:
    """Split off the mark of the preferred part: "work *" gives ("work", True)."""
    bare = re.sub(r"\s*(?:\*|＊|●|\(?preferred\)?)\s*$", "", text.strip(), flags=re.IGNORECASE)
    return bare, bare != text.strip()


def _line(*words: str, preferred: bool) -> str:
    return " ".join([*(word for word in words if word), *([PREFERRED] if preferred else [])])


def _label(words: str) -> str:
    return words.strip(" ,·-–()（）")


@record
class Phone(OneLine):
    """A phone number, stored as it was typed."""

    value: str = field(PHONE, N_("Number"), required=True)
    label: str = field(TEXT, N_("Label"))
    preferred: bool = field(FLAG, N_("Preferred"))

    _BETWEEN = Pattern(r"[;；](?!\s*(?:ext|isub)\s*=|\d+#)", re.IGNORECASE)

    @classmethod
    def understood(cls, text: str, ctx: Context) -> Self:
        bare, preferred = _split_preferred(without_hidden(text))
        word, rest = split_word(bare)
        number, label = split_number(rest)
        labels = filter(None, (word, _label(label)))
        return cls(value=PHONE.parse(number, ctx), label=" ".join(labels), preferred=preferred)

    @classmethod
    def all_from_line(cls, text: str, ctx: Context) -> tuple[Self, ...]:
        if text.lstrip().startswith("{"):
            return (cls.from_line(text, ctx),)
        return tuple(cls.from_line(line, ctx) for line in split_numbers(text))

    @classmethod
    def split(cls, text: str) -> list[str]:
        return cls._BETWEEN.split(text)

    def display(self, ctx: Context) -> str:
        return _line(self.value, self.label, preferred=self.preferred)


@record
class Email(OneLine):
    """An e-mail address."""

    value: str = field(EMAIL, N_("Address"), required=True)
    label: str = field(TEXT, N_("Label"))
    preferred: bool = field(FLAG, N_("Preferred"))

    @classmethod
    def understood(cls, text: str, ctx: Context) -> Self:
        bare, preferred = _split_preferred(text)
        address, label = split_address(bare)
        return cls(value=EMAIL.parse(address, ctx), label=_label(label), preferred=preferred)

    @classmethod
    def all_from_line(cls, text: str, ctx: Context) -> tuple[Self, ...]:
        if text.lstrip().startswith("{"):
            return (cls.from_line(text, ctx),)
        return tuple(cls.from_line(line, ctx) for line in split_addresses(text) or [text])

    @classmethod
    def split(cls, text: str) -> list[str]:
        return [text] if '"' in text else super().split(text)

    def display(self, ctx: Context) -> str:
        return _line(self.value, self.label, preferred=self.preferred)


def preferred(several: Sequence[Phone | Email]) -> str:
    """Return the preferred phone number or e-mail address, or else the first; "" if there is none."""
    return next((way.value for way in several if way.preferred), several[0].value if several else "")


@record
class Messenger(OneLine):
    """A user name or number on a messaging service."""

    service: str = field(TEXT, N_("Service"), required=True)
    value: str = field(TEXT, N_("User name"), required=True)
    preferred: bool = field(FLAG, N_("Preferred"))

    @classmethod
    def understood(cls, text: str, ctx: Context) -> Self:
        bare, preferred = _split_preferred(text)
        service, _blank, value = bare.partition(" ")
        if not value:
            raise BadValue(
                _("A messenger contact is a service and a user name: {text}").format(text=text),
                _("Write for example WeChat wang88."),
            )
        return cls(service=TEXT.parse(service, ctx), value=TEXT.parse(value, ctx), preferred=preferred)

    def display(self, ctx: Context) -> str:
        return _line(self.service, self.value, preferred=self.preferred)


@record
class Address(Item):
    """A postal address; a home address is not treated differently."""

    label: str = field(TEXT, N_("Label"), hint=N_("home, office, warehouse"))
    street: str = field(TEXT, N_("Street and number"))
    postcode: str = field(TEXT, N_("Postcode"))
    city: str = field(TEXT, N_("City"))
    region: str = field(TEXT, N_("Region or province"))
    country: str = field(TEXT, N_("Country"))
    preferred: bool = field(FLAG, N_("Preferred"))


@record
class Position(Item):
    """A person's job at an organisation, with start and end date."""

    RULES = (InOrder("since", N_("start date"), "until", N_("end date")),)

    organisation: Ref = field(Link("customers", free=True), N_("Organisation"), required=True)
    title: str = field(TEXT, N_("Job title"))
    department: str = field(TEXT, N_("Department"))
    role: str = field(
        Choice(
            decides=N_("decision maker"),
            influences=N_("influencer"),
            uses=N_("user"),
            buys=N_("buyer"),
            gatekeeper=N_("gatekeeper"),
        ).also(gatekeeper="opens doors"),
        N_("Buying role"),
    )
    since: date | None = field(DATE, N_("From"))
    until: date | None = field(DATE, N_("To"))


@record
class Window(OneLine):
    """Weekly hours in which a customer prefers to be contacted, in the customer's time zone."""

    days: tuple[int, ...] = field(WEEKDAYS, N_("Weekdays"), required=True)
    start: time | None = field(TIME, N_("From"), required=True)
    end: time | None = field(TIME, N_("To"), hint=N_("00:00 is midnight"))
    channel: str = field(CHANNEL, N_("Channel"))
    place: str = field(TEXT, N_("Place"))

    @property
    def minutes(self) -> tuple[int, int]:
        """Start and end in minutes from midnight of the start day. An end not after the start is on the next day."""
        start, end = (60 * clock.hour + clock.minute if clock else 0 for clock in (self.start, self.end))
        return start, end if end > start else end + 24 * 60

    @classmethod
    def understood(cls, text: str, ctx: Context) -> Self:
        times = cls.all_from_line(text, ctx)
        if len(times) > 1:
            raise BadValue(
                _("{text} has several time ranges; only one is allowed here.").format(text=text.strip()),
                _("Enter each on its own line."),
            )
        return times[0]

    @classmethod
    def all_from_line(cls, text: str, ctx: Context) -> tuple[Self, ...]:
        if text.lstrip().startswith("{"):
            return (cls.from_line(text, ctx),)
        times = []
        for days, start, end, words in read_hours(storable(text, LINE_CAP), ctx):
            channel, place = _channel_first(words, ctx)
            times.append(cls(days=days, start=start, end=end, channel=channel, place=place))
        return tuple(times)

    @classmethod
    def split(cls, text: str) -> list[str]:
        """Split a cell, but keep hours without days, and closed days, with the line before.

        "Mon-Fri 9-12; 14-17; Sat closed" is one line.
        """
        lines: list[str] = []
        for line in super().split(text):
            if lines and (line.lstrip()[:1].isdigit() or not any(map(str.isdigit, line))):
                lines[-1] = f"{lines[-1]}; {line}"
            else:
                lines.append(line)
        return lines

    def display(self, ctx: Context) -> str:
        hours = f"{TIME.cell(self.start)}-{TIME.cell(self.end or time())}"
        return _line(
            day_range(self.days), hours, CHANNEL.show(self.channel, ctx), self.place, preferred=False
        )


def _channel_first(text: str, ctx: Context) -> tuple[str, str]:
    """Split "phone office" into channel and place; "office" is only a place."""
    first, _blank, rest = text.strip().partition(" ")
    try:
        return CHANNEL.parse(first, ctx), TEXT.parse(rest, ctx)
    except BadValue:
        return "", TEXT.parse(text, ctx)


@record
class Absence(OneLine):
    """Days on which the usual hours do not apply."""

    RULES = (InOrder("first", N_("first day"), "last", N_("last day")),)

    first: date | None = field(DATE, N_("From"), required=True)
    last: date | None = field(DATE, N_("To"))
    reason: str = field(TEXT, N_("Reason"))

    @classmethod
    def understood(cls, text: str, ctx: Context) -> Self:
        first, last, reason = leading_days(text.strip(), ctx)
        return cls(first=first, last=last or first, reason=TEXT.parse(reason, ctx))

    def display(self, ctx: Context) -> str:
        first, last = DATE.cell(self.first), DATE.cell(self.last)
        days = first if first == last or not last else f"{first}..{last}"
        return _line(days, self.reason, preferred=False)


@record
class ProductUse(Item):
    """A customer's consumption of a product, used to deliver before the customer runs out."""

    product: Ref = field(Link("products", free=True), N_("Product"), required=True)
    adults: int | None = field(INTEGER, N_("Adults (household)"))
    children: int | None = field(INTEGER, N_("Children (household)"))
    units: int | None = field(INTEGER, N_("Units installed"))
    capacity: Decimal | None = field(
        QUANTITY, N_("Capacity"), hint=N_("in the product's unit, for example of the tank")
    )
    daily_use: Decimal | None = field(QUANTITY, N_("Total daily use"))
    use_per_head: Decimal | None = field(QUANTITY, N_("Daily use per person"))
    deliver_unasked: bool = field(FLAG, N_("Automatic delivery"))
    extra_tasks: str = field(LONG_TEXT, N_("Delivery tasks"))


@record
class Provenance(Item):
    """How the information in one group of fields was obtained."""

    RULES = (InOrder("on", N_("date obtained"), "verified_on", N_("verification date")),)

    group: str = field(
        Choice(
            classification=N_("Classification"),
            personal=N_("Personal"),
            organisation=N_("Organisation"),
            background=N_("Background"),
            contact_times=N_("Contact times"),
        ),
        N_("Section"),
        required=True,
    )
    how: str = field(HOW_LEARNT, N_("How obtained"), required=True)
    on: date | None = field(DATE, N_("Obtained on"))
    by: str = field(Text(), N_("Obtained by"))
    verified_on: date | None = field(DATE, N_("Verified on"), hint=N_("leave blank if not verified"))
