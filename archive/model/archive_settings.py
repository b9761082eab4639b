"""Settings of an archive, as opposed to personal ones: home currency, exchange rates, working hours, holidays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Self

from archive.errors import BadValue
from archive.model.contact_details import Window
from archive.model.dates import parse_date
from archive.model.field_types.base import Context
from archive.model.field_types.lists import ListOf, OneLine
from archive.model.field_types.standard import CURRENCY, DATE, PAST_DATE, QUANTITY, TEXT
from archive.model.fields import Group, Record, field, record
from archive.model.money import Rates, dated_rates
from archive.model.numbers import parse_number, plain_number
from archive.model.working_time import Hours, WorkingTime
from archive.text import N_, _

UID = "settings"
"""The uid of the only record in the table."""
MONEY_GROUP = Group("money", N_("Money"))
TIME_GROUP = Group("time", N_("Working time"))
REPORTS_GROUP = Group("reports", N_("Reports"))


@record
class Rate(OneLine):
    """The value of one unit of a currency in the home currency, valid from a given day."""

    currency: str = field(CURRENCY, N_("Currency"), required=True)
    since: date | None = field(DATE, N_("From"), required=True)
    rate: Decimal | None = field(QUANTITY, N_("Rate"), required=True)

    @classmethod
    def understood(cls, text: str, ctx: Context) -> Self:
        words = text.replace("=", " ").replace('"', " ").split()
        if len(words) != 3:
            raise BadValue(
                _("An exchange rate needs a currency, a date and a number: {text}").format(text=text[:60]),
                _("Write for example USD 2026-01-01 0.92."),
            )
        rate = parse_number(words[2], ctx.decimal)
        if rate <= 0:
            raise BadValue(
                _("An exchange rate must be greater than 0: {text}").format(text=text[:60]),
                _("It is the value of one unit of the currency in the home currency."),
            )
        return cls(
            currency=CURRENCY.parse(words[0], ctx),
            since=parse_date(words[1], ctx.today, ctx.order),
            rate=rate,
        )

    def display(self, ctx: Context) -> str:
        number = "" if self.rate is None else plain_number(self.rate).replace(".", ctx.decimal)
        return f"{self.currency} {self.since or ''} {number}"


@record
class Holiday(OneLine):
    """A day on which nobody works."""

    on: date | None = field(DATE, N_("Date"), required=True)
    name: str = field(TEXT, N_("Name"))

    @classmethod
    def understood(cls, text: str, ctx: Context) -> Self:
        day, _blank, name = text.strip().partition(" ")
        return cls(on=parse_date(day, ctx.today, ctx.order), name=TEXT.parse(name, ctx))

    def display(self, ctx: Context) -> str:
        return f"{self.on or ''} {self.name}".strip()


@record
class ArchiveSettings(Record):
    """The only record of its table. Personal settings (name, date format, theme) are in settings.toml."""

    TABLE = "settings"
    LABEL = N_("Archive settings")
    NOUN = N_("archive settings")
    GROUPS = (MONEY_GROUP, TIME_GROUP, REPORTS_GROUP)
    SYNONYMS = "observed_since: losses known since"

    currency: str = field(CURRENCY, N_("Home currency"), group=MONEY_GROUP, hint=N_("EUR, CNY, ..."))
    rates: tuple[Rate, ...] = field(
        ListOf(Rate, N_("rate")),
        N_("Exchange rates"),
        group=MONEY_GROUP,
        hint=N_("USD 2026-01-01 0.92: from that day, 1 USD is worth 0.92 in the home currency"),
    )
    working_hours: tuple[Window, ...] = field(
        ListOf(Window, N_("working hours")),
        N_("Working hours"),
        group=TIME_GROUP,
        hint=N_("Mon-Fri 9-17"),
    )
    holidays: tuple[Holiday, ...] = field(
        ListOf(Holiday, N_("holiday")),
        N_("Holidays"),
        group=TIME_GROUP,
        hint=N_("2026-12-25 Christmas Day"),
    )
    observed_since: date | None = field(
        PAST_DATE,
        N_("Losses known since"),
        group=REPORTS_GROUP,
        hint=N_("every customer lost since this day is in the archive"),
    )

    @property
    def working_time(self) -> WorkingTime:
        """The working hours, and the holidays by day."""
        hours = [Hours(window.days, *window.minutes) for window in self.working_hours]
        return WorkingTime(hours, {holiday.on: holiday.name for holiday in self.holidays if holiday.on})

    @property
    def dated_rates(self) -> Rates:
        """The exchange rates by currency, oldest first."""
        return dated_rates((r.currency, r.since, r.rate) for r in self.rates if r.since and r.rate)
