"""The customer record: person or organisation, background, and contact times."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from archive.model.contact_details import (
    CHANNEL,
    Absence,
    Address,
    Email,
    Messenger,
    Phone,
    Position,
    ProductUse,
    Provenance,
    Window,
)
from archive.model.date_rules import EachAfter, EachBefore, InOrder
from archive.model.dates import PartialDate
from archive.model.fields import Context, Group, Record, Ref, fact, record
from archive.model.kinds import (
    COMING_DATE,
    CURRENCY,
    DATE,
    FILES,
    FLAG,
    LONG_TEXT,
    MONEY,
    PARTIAL_DATE,
    PATH,
    TAGS,
    TEXT,
    ZONE,
    Choice,
    Link,
    Text,
    Whole,
)
from archive.model.lists import ListOf
from archive.model.losses import EARLIER, LOSSES, Loss
from archive.model.losses import LOST_REASON as LOST_REASON
from archive.text import N_

CLASSIFICATION = Group("classification", N_("Classification"))
PERSONAL = Group("personal", N_("Personal"))
ORGANISATION = Group("organisation", N_("Organisation"))
BACKGROUND = Group("background", N_("Background"))
CONTACT_TIMES = Group("contact_times", N_("Contact times"))
PROVENANCE = Group("provenance", N_("Provenance"))

KIND = Choice(person=N_("person"), organisation=N_("organisation"))
STATUS = Choice(
    prospect=N_("prospect"),
    active=N_("active"),
    dormant=N_("dormant"),
    lost=N_("lost"),
    inactive=N_("inactive"),
)
LOYALTY_STEP = Choice(
    buyer=N_("general buyer"),
    prospect=N_("prospect"),
    customer=N_("customer"),
    follower=N_("follower"),
    advocate=N_("advocate"),
    partner=N_("partner"),
)
LOYALTY_TYPE = Choice(
    excitement=N_("excitement"),
    price=N_("price"),
    incentive=N_("incentive"),
    monopoly=N_("monopoly"),
    habit=N_("habit"),
    service=N_("service"),
)
BINDS = Choice(
    feeling=N_("feeling"),
    price=N_("price"),
    convenience=N_("convenience"),
    promotion=N_("promotion"),
    staff=N_("staff"),
    image=N_("image"),
)
WORKING_STYLE = Choice(
    dominant=N_("dominant"), analytical=N_("analytical"), amiable=N_("amiable"), expressive=N_("expressive")
)
LISTENING_STYLE = Choice(
    wandering=N_("wandering"), surface=N_("surface"), technical=N_("technical"), active=N_("active")
)
SERVICE_NEED = Choice(
    convenience=N_("convenience"),
    attentiveness=N_("attentiveness"),
    special=N_("feeling special"),
    warmth=N_("warmth"),
)
ALLOWED = Choice(yes=N_("yes"), no=N_("no"))


@record
class Customer(Record):
    """A current, potential or former customer: a person or an organisation."""

    TABLE = "customers"
    LABEL = N_("Customers")
    NOUN = N_("customer")
    NAMED_BY = "full_name"
    SNOOZED = "next_contact_on"
    GROUPS = (CLASSIFICATION, PERSONAL, ORGANISATION, BACKGROUND, CONTACT_TIMES, PROVENANCE)
    RULES = (
        InOrder("customer_since", N_('date "customer since"'), "lost_on", N_("lost date")),
        InOrder("lost_on", N_("lost date"), "won_back_on", N_("won-back date")),
        EachAfter("customer_since", N_('date "customer since"'), EARLIER, "lost_on", N_("earlier lost date")),
        EachBefore(EARLIER, "won_back_on", N_("earlier won-back date"), "lost_on", N_("lost date")),
    )

    code: str = fact(Text(9), N_("Code"), group=CLASSIFICATION, hint=N_("empty: the next free one"))
    kind: str = fact(KIND, N_("Kind"), group=CLASSIFICATION, required=True, first=1)
    full_name: str = fact(
        Text(24),
        N_("Full name"),
        group=CLASSIFICATION,
        required=True,
        private=True,
        aliases=("name",),
        first=2,
    )
    status: str = fact(STATUS, N_("Status"), group=CLASSIFICATION, first=6)
    category: str = fact(
        PATH,
        N_("Category"),
        group=CLASSIFICATION,
        hint=N_("levels with a slash: Wholesale / East"),
        first=7,
    )
    grade: str = fact(Text(5), N_("Grade"), group=CLASSIFICATION)
    account_manager: str = fact(
        TEXT, N_("Account manager"), group=CLASSIFICATION, aliases=("manager",), first=9
    )
    tags: tuple[str, ...] = fact(TAGS, N_("Tags"), group=CLASSIFICATION, aliases=("tag",), first=8)
    customer_since: date | None = fact(DATE, N_("Customer since"), group=CLASSIFICATION, aliases=("since",))
    source: str = fact(TEXT, N_("Source"), group=CLASSIFICATION, hint=N_("campaign, referral, walk-in"))
    referred_by: Ref = fact(Link("customers", free=True), N_("Referred by"), group=CLASSIFICATION)
    loyalty_step: str = fact(LOYALTY_STEP, N_("Loyalty step"), group=CLASSIFICATION)
    loyalty_type: str = fact(LOYALTY_TYPE, N_("Loyalty type"), group=CLASSIFICATION)
    binds: str = fact(BINDS, N_("What binds them"), group=CLASSIFICATION)
    lost_on: date | None = fact(DATE, N_("Lost on"), group=CLASSIFICATION)
    lost_reason: str = fact(LOST_REASON, N_("Lost reason"), group=CLASSIFICATION)
    lost_to: str = fact(TEXT, N_("Lost to"), group=CLASSIFICATION)
    lost_on_advice_of: str = fact(TEXT, N_("On whose advice"), group=CLASSIFICATION)
    won_back_on: date | None = fact(DATE, N_("Won back on"), group=CLASSIFICATION)
    earlier_losses: tuple[Loss, ...] = fact(
        LOSSES,
        N_("Earlier losses"),
        group=CLASSIFICATION,
        hint=N_("2024-03-01..2024-06-01 cheaper elsewhere"),
    )
    links: tuple[str, ...] = fact(
        FILES, N_("Linked files"), group=CLASSIFICATION, hint=N_("paths, with commas between")
    )

    family_name: str = fact(TEXT, N_("Family name"), group=PERSONAL, private=True)
    given_name: str = fact(TEXT, N_("Given name"), group=PERSONAL, private=True)
    salutation: str = fact(TEXT, N_("Salutation"), group=PERSONAL)
    phones: tuple[Phone, ...] = fact(
        ListOf(Phone, N_("phone")), N_("Phone"), group=PERSONAL, private=True, aliases=("phone",), first=3
    )
    emails: tuple[Email, ...] = fact(
        ListOf(Email, N_("e-mail")),
        N_("E-mail"),
        group=PERSONAL,
        private=True,
        aliases=("email",),
        first=4,
    )
    messengers: tuple[Messenger, ...] = fact(
        ListOf(Messenger, N_("messenger")),
        N_("Messenger"),
        group=PERSONAL,
        private=True,
        aliases=("messenger",),
    )
    addresses: tuple[Address, ...] = fact(
        ListOf(Address, N_("address")), N_("Address"), group=PERSONAL, private=True, aliases=("address",)
    )
    birthday: PartialDate | None = fact(PARTIAL_DATE, N_("Birthday"), group=PERSONAL, private=True)
    language: str = fact(TEXT, N_("Language"), group=PERSONAL)
    may_keep: str = fact(ALLOWED, N_("May be kept"), group=PERSONAL)
    may_contact: str = fact(ALLOWED, N_("May be contacted"), group=PERSONAL)
    allowed_on: date | None = fact(DATE, N_("Allowed on"), group=PERSONAL)
    allowed_how: str = fact(TEXT, N_("How allowed"), group=PERSONAL)

    positions: tuple[Position, ...] = fact(
        ListOf(Position, N_("position")),
        N_("Position"),
        group=ORGANISATION,
        aliases=("position",),
        first=5,
    )
    industry: str = fact(TEXT, N_("Industry"), group=ORGANISATION, only="organisation")
    size: int | None = fact(Whole(), N_("Employees"), group=ORGANISATION, only="organisation")
    annual_revenue: Decimal | None = fact(
        MONEY, N_("Annual revenue"), group=ORGANISATION, only="organisation"
    )
    tax_number: str = fact(TEXT, N_("Tax number"), group=ORGANISATION, only="organisation")
    website: str = fact(TEXT, N_("Website"), group=ORGANISATION)
    parent: Ref = fact(Link("customers", free=True), N_("Parent"), group=ORGANISATION, only="organisation")
    payment_terms: str = fact(TEXT, N_("Payment terms"), group=ORGANISATION)
    credit_limit: Decimal | None = fact(MONEY, N_("Credit limit"), group=ORGANISATION)
    currency: str = fact(CURRENCY, N_("Currency"), group=ORGANISATION)

    background: str = fact(LONG_TEXT, N_("Background"), group=BACKGROUND, private=True)
    interests: str = fact(TEXT, N_("Interests"), group=BACKGROUND, private=True)
    education: str = fact(TEXT, N_("Education"), group=BACKGROUND, private=True)
    family: str = fact(TEXT, N_("Family"), group=BACKGROUND, private=True)
    working_style: str = fact(WORKING_STYLE, N_("Working style"), group=BACKGROUND)
    listening_style: str = fact(LISTENING_STYLE, N_("Listening style"), group=BACKGROUND)
    service_need: str = fact(SERVICE_NEED, N_("Needs from service"), group=BACKGROUND)
    special_requests: str = fact(LONG_TEXT, N_("Special requests"), group=BACKGROUND)
    unspoken_requests: str = fact(LONG_TEXT, N_("Unspoken requests"), group=BACKGROUND)
    likes_to_deal_with: str = fact(TEXT, N_("Likes to deal with"), group=BACKGROUND)
    obstacles: str = fact(LONG_TEXT, N_("Obstacles between us"), group=BACKGROUND)
    product_use: tuple[ProductUse, ...] = fact(
        ListOf(ProductUse, N_("product in use")), N_("Products in use"), group=BACKGROUND
    )

    time_zone: str = fact(ZONE, N_("Time zone"), group=CONTACT_TIMES, hint=N_("Asia/Shanghai, Berlin"))
    preferred_channel: str = fact(CHANNEL, N_("Preferred channel"), group=CONTACT_TIMES)
    windows: tuple[Window, ...] = fact(
        ListOf(Window, N_("window")),
        N_("Best hours"),
        group=CONTACT_TIMES,
        hint=N_("Mon-Fri 9-17 phone office"),
    )
    exceptions: tuple[Absence, ...] = fact(
        ListOf(Absence, N_("exception")),
        N_("Not on"),
        group=CONTACT_TIMES,
        hint=N_("2026-12-24..2027-01-02 holidays"),
    )
    do_not_contact: bool = fact(FLAG, N_("Do not contact"), group=CONTACT_TIMES)
    rhythm_ideal: int | None = fact(Whole(1, 3650), N_("Contact every, days"), group=CONTACT_TIMES)
    rhythm_longest: int | None = fact(Whole(1, 3650), N_("At the latest, days"), group=CONTACT_TIMES)
    next_contact_on: date | None = fact(
        COMING_DATE, N_("Next contact"), group=CONTACT_TIMES, aliases=("next",), ahead=True, first=10
    )
    next_contact_why: str = fact(TEXT, N_("Why"), group=CONTACT_TIMES, first=11)
    not_before: date | None = fact(
        COMING_DATE,
        N_("Contact snoozed to"),
        group=CONTACT_TIMES,
        ahead=True,
        hint=N_("set by Snooze: Today shows it from this day on"),
    )

    provenance: tuple[Provenance, ...] = fact(
        ListOf(Provenance, N_("provenance")), N_("Provenance"), group=PROVENANCE
    )


def workplace(customer: Customer, ctx: Context) -> str:
    """Return a person's current organisation and job title, "North Trade · buyer"; "" if unknown."""
    position = next((position for position in customer.positions if not position.until), None)
    if position is None:
        return ""
    named = Position.FACTS["organisation"].kind.show(position.organisation, ctx)
    return " · ".join(filter(None, [named, position.title]))
