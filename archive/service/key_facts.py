"""The key facts of a customer: the figures for preparing a call, and the lines that show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from archive.model.contact_times import Reach, reach, say_reach
from archive.model.currencies import NO_CURRENCY
from archive.model.dates import age, show_date
from archive.model.derived import home_of
from archive.model.field_types.base import Context
from archive.model.losses import is_lost
from archive.model.money import digits
from archive.model.numbers import show_number
from archive.model.records.customer import STATUS, Customer
from archive.model.records.interaction import Interaction
from archive.model.summary import Summary, converted_sums, year_before
from archive.service.archive import Archive
from archive.text import _, plural

Line = tuple[str, str, str]  # label, text, tone: "", "warn" or "dim"
_WHOLE_FROM = 1000  # sums from this amount on are shown without decimals


@dataclass(frozen=True)
class KeyFacts:
    """The key facts of a customer today. Sums are orders minus returns by currency, not counting future dates."""

    ctx: Context
    customer: Customer
    reach: Reach
    last_contact: date | None
    next_contact_on: date | None  # the earlier of the planned contact and the first open follow-up
    next_contact_why: str
    snoozed_to: date | None  # the day to which the next contact is snoozed, if any
    orders: int
    total: Mapping[str, Decimal]
    last_year: Mapping[str, Decimal]
    last_order: date | None
    first_enquiry: date | None
    planned_orders: int  # dated after today
    planned_contacts: int

    @property
    def status(self) -> str:
        """The label of the status, "" if none is set."""
        return STATUS.show(self.customer.status, self.ctx)

    @property
    def is_lost(self) -> bool:
        """Whether the customer is lost today according to the dates, whatever the status."""
        days = (self.customer.lost_on, self.customer.won_back_on, self.ctx.today)
        return is_lost(*(day.isoformat() if day else "" for day in days))

    @property
    def next_is_overdue(self) -> bool:
        """Whether the next contact was due before today and is not snoozed."""
        is_past = self.next_contact_on is not None and self.next_contact_on < self.ctx.today
        return is_past and self.snoozed_to is None

    @property
    def contact_is_late(self) -> bool:
        """Whether the last contact is longer ago than the customer's maximum gap."""
        longest = self.customer.rhythm_longest
        return bool(longest and self.last_contact and (self.ctx.today - self.last_contact).days > longest)

    @property
    def lines(self) -> list[Line]:
        """Label, text and tone ("", "warn" or "dim") of each line, without empty lines."""
        return [line for line in _lines(self) if line[1]]


def key_facts(archive: Archive, uid: str) -> KeyFacts:
    """Return the key facts of a customer as of today; raise NotFound if the customer was deleted."""
    ctx = archive.ctx
    customer = archive.get(Customer, uid)
    summary = archive.summary(uid)
    on, why, not_before = _next_contact(archive, customer, summary)
    return KeyFacts(
        ctx=ctx,
        customer=customer,
        reach=reach(customer, ctx),
        last_contact=_day(summary.last_contact),
        next_contact_on=on,
        next_contact_why=why,
        snoozed_to=not_before if not_before and on and not_before > max(on, ctx.today) else None,
        orders=summary.orders,
        total=_sums(summary, "", ctx),
        last_year=_sums(summary, year_before(ctx.today).isoformat(), ctx),
        last_order=_day(summary.last_order),
        first_enquiry=_day(summary.first_enquiry),
        planned_orders=summary.planned_orders,
        planned_contacts=summary.planned_contacts,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _next_contact(
    archive: Archive, customer: Customer, summary: Summary
) -> tuple[date | None, str, date | None]:
    """Return day, reason and snooze of the planned contact, or of the first open follow-up if that is earlier."""
    planned, follow_up_on = customer.next_contact_on, _day(summary.follow_up_on)
    if follow_up_on is None or (planned and planned <= follow_up_on):
        return planned, customer.next_contact_why, customer.not_before
    contacts = archive.of_customer(Interaction, customer.uid)
    open_ones = [c for c in contacts if c.follow_up_on == follow_up_on and not c.follow_up_done_on]
    why = next((c.follow_up for c in open_ones if c.follow_up), "")
    snoozes = [c.not_before for c in open_ones if c.not_before]
    return follow_up_on, why, min(snoozes) if snoozes and len(snoozes) == len(open_ones) else None


def _sums(summary: Summary, after: str, ctx: Context) -> dict[str, Decimal]:
    """Add up the sales after the day `after`, up to today, by currency; convert to the home currency if possible."""
    sales = (sale for sale in summary.sales if after < sale.on <= ctx.today.isoformat())
    return converted_sums(sales, home_of(ctx), ctx.rates)


def _lines(facts: KeyFacts) -> Iterator[Line]:
    yield _("Status"), _say_status(facts), "warn" if facts.is_lost else ""
    yield _("Availability"), say_reach(facts.reach, facts.ctx), _reach_tone(facts.reach)
    yield _last_contact(facts)
    yield _("Next contact"), _say_next(facts), "warn" if facts.next_is_overdue else ""
    yield _("Purchases"), _say_bought(facts), ""
    yield _("Last order"), _say_last_order(facts), ""
    yield _("First enquiry"), show_date(facts.first_enquiry) if facts.first_enquiry else "", "dim"


def _say_status(facts: KeyFacts) -> str:
    """Return the status, and add a note if the dates contradict it."""
    lost_on = facts.customer.lost_on
    if facts.is_lost and lost_on:
        since = _("lost on {day}").format(day=show_date(lost_on))
        return since if facts.customer.status in ("", "lost") else f"{facts.status} · {since}"
    if facts.customer.status == "lost" and not lost_on:
        return _("{status} · no lost date, so reports ignore it").format(status=facts.status)
    return facts.status


def _reach_tone(reach: Reach) -> str:
    if reach.forbidden:
        return "warn"
    return "" if reach.reachable else "dim"


def _last_contact(facts: KeyFacts) -> Line:
    planned = _say_planned(facts.planned_contacts)
    if facts.last_contact is None:
        return _("Last contact"), " · ".join(filter(None, [_("none yet"), planned])), "dim"
    text = " · ".join(filter(None, [_aged(facts.last_contact, facts.ctx), planned]))
    return _("Last contact"), text, "warn" if facts.contact_is_late else ""


def _say_planned(count: int) -> str:
    """Return how many records are dated after today; no other figure counts them."""
    return plural("{n} planned", "{n} planned", count) if count else ""


def _aged(day: date, ctx: Context) -> str:
    return f"{show_date(day)} · {age(day, ctx.today)}"


def _say_next(facts: KeyFacts) -> str:
    if facts.next_contact_on is None:
        return ""
    overdue = _("overdue") if facts.next_is_overdue else ""
    snoozed = _("snoozed to {day}").format(day=show_date(facts.snoozed_to)) if facts.snoozed_to else ""
    parts = [show_date(facts.next_contact_on), overdue, snoozed, facts.next_contact_why]
    return " · ".join(filter(None, parts))


def _say_bought(facts: KeyFacts) -> str:
    """Return "23 orders · 8,210 CNY in 12 months · 31,000 CNY in total · 1 planned"; the total only if it differs."""
    planned = _say_planned(facts.planned_orders)
    if not facts.orders and not facts.total:
        return planned
    parts = [plural("{n} order", "{n} orders", facts.orders)]
    if facts.last_year:
        parts.append(_("{sums} in 12 months").format(sums=_say_sums(facts.last_year, facts.ctx)))
    if facts.total and facts.total != facts.last_year:
        parts.append(_("{sums} in total").format(sums=_say_sums(facts.total, facts.ctx)))
    return " · ".join(filter(None, [*parts, planned]))


def _say_sums(sums: Mapping[str, Decimal], ctx: Context) -> str:
    largest_first = sorted(sums, key=lambda currency: (-sums[currency], currency))
    return ", ".join(_say_sum(sums[currency], currency, ctx) for currency in largest_first)


def _say_sum(amount: Decimal, currency: str, ctx: Context) -> str:
    number = show_number(amount, 0 if abs(amount) >= _WHOLE_FROM else digits(currency), ctx.decimal)
    return number if currency in ("", NO_CURRENCY) else f"{number} {currency}"


def _say_last_order(facts: KeyFacts) -> str:
    if facts.last_order is None:
        return ""
    return _aged(facts.last_order, facts.ctx)
