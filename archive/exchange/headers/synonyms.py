"""Names that other programs and users give to our fields, in English, Chinese, German, French and Spanish.

They are in `SYNONYMS` of each record type. Each line there is a path, a colon and names separated by commas; `normal`
defines which headers are equal. In a path such as `addresses@work.street`, "work" is the label of a list part; columns
with the same label belong to the same part.
"""

from __future__ import annotations

import re
from functools import cache

from archive.model.tables import STORED
from archive.text import fold

_SIGNS = re.compile(r"[\s_\-./:,;()\[\]（）：、*#'’\"]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@cache
def normal(header: str) -> str:
    """Normalise a header for comparison: fold it, turn punctuation into blanks, and split "emailAddress"."""
    return _SIGNS.sub(" ", fold(_CAMEL.sub(" ", header))).strip()


_CUSTOMER_OF = """
customer: customer, client, customer name, client name, buyer, purchaser, account, account name,
 customer id, client id, customer no, customer number, customer code, master id, kunde, kundenname,
 kundennummer, kunden nr, cliente, nom du client, billing name, bikeshop name, shop, shop name, dealer,
 reseller, company, company name, user id, 客户, 客户名称, 客户姓名, 客户编号, 买方, 购货单位
"""


@cache
def synonyms(table: str) -> dict[str, str]:
    """Return the path for each known name of a table; names are in the form of `normal`."""
    paths: dict[str, str] = {}
    cls = STORED[table]
    of_customer = _CUSTOMER_OF if "customer" in cls.FIELDS else ""
    for line in (of_customer + cls.SYNONYMS).replace(",\n ", ", ").split("\n"):
        path, _colon, words = line.partition(": ")
        for word in filter(None, words.split(",")):
            paths.setdefault(normal(word), path)
    return paths


# Words next to "phone", "e-mail" or a part of an address, and the label that they imply; "" for none.
LABELS = {
    **dict.fromkeys(("work", "business", "office", "job", "geschaftlich", "dienstlich", "arbeit"), "work"),
    **dict.fromkeys(("home", "private", "privat", "personal", "residence"), "home"),
    **dict.fromkeys(("mobile", "cell", "mobil", "handy"), "mobile"),
    **dict.fromkeys(("other", "weitere", "weiterer", "weiteres", "secondary", "alternate"), "other"),
    **dict.fromkeys(("billing", "bill", "invoice"), "billing"),
    **dict.fromkeys(("shipping", "ship", "delivery"), "shipping"),
    "mailing": "mailing",
    "fax": "fax",
    "pager": "pager",
    "main": "main",
    **dict.fromkeys(("primary", "default", "contact", "company"), ""),
}
# The nouns that identify a path, whatever labels and numbers are next to them.
WORDS = {
    "phones@{}.value": ("phone", "phones", "telephone", "tel", "telefon", "mobiltelefon", "fax", "pager"),
    "emails@{}.value": ("email", "mail", "emails"),
    "addresses@{}.street": ("street", "address1", "strasse", "address"),
    "addresses@{}.postcode": ("postcode", "zip", "zipcode", "postleitzahl", "plz"),
    "addresses@{}.city": ("city", "town", "ort"),
    "addresses@{}.region": ("state", "province", "region", "bundesland", "kanton"),
    "addresses@{}.country": ("country", "land"),
}
FILLERS = frozenset("e number no code postal adresse region land kanton 1 bundesland r".split())
