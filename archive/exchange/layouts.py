"""Column layouts of well-known programs, recognised by their headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.exchange.headers.synonyms import normal


@dataclass(frozen=True)
class Layout:
    """The headers of a program that the general synonyms would not recognise or would get wrong.

    `needs` are sets of headers; the file must have all headers of at least one set. `columns` and `patterns` map
    headers to paths as in `synonyms`; "" puts a column into `extra`.
    """

    name: str
    needs: Sequence[Sequence[str]]  # alternative sets of headers
    columns: dict[str, str] = field(default_factory=dict)
    patterns: dict[str, str] = field(default_factory=dict)
    table: str = "customers"

    def fits(self, headers: Sequence[str]) -> bool:
        """Return whether the program may have written these headers."""
        names = set(map(normal, headers))
        return any(names.issuperset(map(normal, needed)) for needed in self.needs)

    def path(self, header: str) -> str | None:
        """Return the path of a column, or None if this layout does not define the column."""
        name = normal(header)
        if name in self.columns:
            return self.columns[name]
        for pattern, path in self.patterns.items():
            if match := re.fullmatch(pattern, name):
                return path.format(*match.groups())
        return None


_GOOGLE = Layout(
    "google",
    [["Phone 1 - Value"], ["E-mail 1 - Value"], ["Group Membership", "Given Name"], ["Labels", "File As"]],
    {
        "organization name": "positions@.organisation",
        "organization title": "positions@.title",
        "organization department": "positions@.department",
        "labels": "tags",
        "file as": "",
        "occupation": "",
        "website 1 value": "website",
        "location": "",
    },
    {
        r"e mail (\d+) value": "emails@#{}.value",
        r"e mail (\d+) (?:type|label)": "emails@#{}.label",
        r"phone (\d+) value": "phones@#{}.value",
        r"phone (\d+) (?:type|label)": "phones@#{}.label",
        r"im (\d+) value": "messengers@#{}.value",
        r"im (\d+) service": "messengers@#{}.service",
        r"address (\d+) (?:type|label)": "addresses@#{}.label",
        r"address (\d+) street": "addresses@#{}.street",
        r"address (\d+) extended address": "addresses@#{}.street",
        r"address (\d+) city": "addresses@#{}.city",
        r"address (\d+) region": "addresses@#{}.region",
        r"address (\d+) postal code": "addresses@#{}.postcode",
        r"address (\d+) country": "addresses@#{}.country",
        r"organization (\d+) name": "positions@#{}.organisation",
        r"organization (\d+) title": "positions@#{}.title",
        r"organization (\d+) department": "positions@#{}.department",
        r".+ \d+ .+": "",
    },
)
_OUTLOOK = Layout(
    "outlook",
    [["Business Street", "Home Street"], ["E-mail Display Name"], ["Straße geschäftlich"], ["E-Mail-Typ"]],
    {
        "title": "salutation",
        "anrede": "salutation",
        "position": "positions@.title",
        "account": "",
        "location": "",
        "ort": "",
        "privat": "",
        "partner": "family",
        "spouse": "family",
        "telefon firma": "phones@main.value",
        "callback": "",
        "keywords": "",
        "primary phone": "phones@main.value",
    },
    {
        r"e mail(?: (\d))? (?:address|adresse)": "emails@#o{}.value",
        r"telefon (geschaftlich|privat)(?: \d)?": "phones@{}.value",
        r"fax (geschaftlich|privat)": "phones@fax.value",
        r"weiteres telefon": "phones@other.value",
        r"haupttelefon": "phones@main.value",
        r"mobiltelefon \d": "phones@mobile.value",
        r"(?:strasse|straße) (geschaftlich|privat)": "addresses@{}.street",
        r"ort (geschaftlich|privat)": "addresses@{}.city",
        r"postleitzahl (geschaftlich|privat)": "addresses@{}.postcode",
        r"(?:region|bundesland kanton) (geschaftlich|privat)": "addresses@{}.region",
        r"land region (geschaftlich|privat)": "addresses@{}.country",
        r"(business|home|other) country region": "addresses@{}.country",
        r"(home|business|other) address": "",
        r"(?:e mail .*|internet .*)": "",
    },
)
_LAYOUTS = (
    _GOOGLE,
    _OUTLOOK,
    Layout("linkedin", [["Connected On", "Position"]], {"position": "positions@.title", "url": ""}),
    Layout(
        "hubspot",
        [["Record ID", "Create Date"], ["Record ID - Contact"], ["Contact owner"], ["Company owner"]],
        {"country region": "addresses@.country"},
    ),
    Layout(
        "salesforce",
        [["IsDeleted", "OwnerId"], ["SystemModstamp"], ["MailingStreet"], ["BillingStreet", "AccountSource"]],
        {
            "title": "positions@.title",
            "name": "full_name",
            "type": "",
            "rating": "grade",
            "site": "",
            "account number": "code",
            "mailing address": "",
            "billing address": "",
            "shipping address": "",
            "assistant phone": "",
        },
    ),
    Layout(
        "shopify",
        [["Accepts Email Marketing", "Total Spent"]],
        {
            "customer id": "",
            "default address address1": "addresses@.street",
            "default address address2": "addresses@.street",
            "default address city": "addresses@.city",
            "default address zip": "addresses@.postcode",
            "default address phone": "phones@.value",
            "default address province code": "addresses@.region",
            "default address country code": "addresses@.country",
            "address2": "addresses@.street",
            "province code": "",
            "country code": "",
        },
    ),
    Layout(
        "shopify",
        [["Lineitem quantity", "Lineitem name"]],
        {
            "name": "number",
            "email": "",
            "billing name": "customer",
            "created at": "on",
            "lineitem name": "product.name",
            "lineitem sku": "product.code",
            "lineitem quantity": "quantity",
            "lineitem price": "unit_price",
            "paid at": "",
            "total": "",
            "id": "",
        },
        table="transactions",
    ),
    Layout("stripe", [["Created (UTC)", "Delinquent"]], {"status": "", "description": "background"}),
    Layout(
        "quickbooks",
        [["Customer full name", "Bill address"], ["Phone Numbers", "Billing Address"], ["Resale Number"]],
        {
            "customer full name": "full_name",
            "customer": "full_name",
            "bill address": "addresses@billing.street",
            "billing address": "addresses@billing.street",
            "ship address": "addresses@shipping.street",
        },
    ),
    Layout(
        "thunderbird",
        [["Primary Email", "Secondary Email"]],
        {"screen name": "", "organization": "positions@.organisation"},
    ),
    Layout("odoo", [["Company Type", "Salesperson"], ["Is a Company"]], {"company type": "kind"}),
    Layout(
        "erpnext",
        [["Customer Group", "Territory"]],
        {
            "customer name": "full_name",
            "customer type": "",
            "loyalty program": "",
            "territory": "",
            "gender": "",
        },
    ),
)


def layout_names() -> list[str]:
    """Return the names of the programs with a known layout."""
    return list(dict.fromkeys(layout.name for layout in _LAYOUTS))


def find_layout(headers: Sequence[str], name: str = "auto") -> Layout | None:
    """Return the layout that fits the headers, or the best layout of the named program; None if no layout fits."""
    fitting = [layout for layout in _LAYOUTS if layout.fits(headers)]
    if name == "auto":
        return fitting[0] if fitting else None
    named = [layout for layout in _LAYOUTS if layout.name == name]
    return next((layout for layout in named if layout in fitting), named[0] if named else None)
