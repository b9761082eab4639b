"""The guesses of the first start: the user's name, country and home currency."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import NamedTuple

from archive.model.countries import currency_of_country
from archive.model.currencies import CURRENCIES
from archive.model.field_types.base import Context
from archive.model.field_types.standard import CURRENCY
from archive.service.archive import Archive
from archive.settings import typed
from archive.text import _

_LOCALE = re.compile(r"[a-z]{2,3}(?:_[A-Za-z]{4})?_([A-Z]{2})\b")
_LONGEST = 100  # of a name


class Answers(NamedTuple):
    """The answers to the three questions; "" is no answer."""

    name: str
    country: str
    currency: str


def guesses(environment: Mapping[str, str]) -> Answers:
    """Return guesses from the user's account, the locale and the time zone; "" for what cannot be guessed."""
    country = _country_of_locale(environment) or _country_of_zone(environment)
    return Answers(_name(), country, currency_of_country(country))


def read(field: str, text: str, ctx: Context) -> str:
    """Return the answer that `text` stands for.

    Raises:
        ArchiveError: It is not a valid answer.
    """
    if field == "currency":
        return str(CURRENCY.parse(text, ctx)) if text.strip() else ""
    return typed("region" if field == "country" else "me", text)


def set_currency(archive: Archive, currency: str) -> None:
    """Store the home currency in the archive, unless it has one."""
    if currency in CURRENCIES and not archive.own.currency:
        archive.save(archive.own.with_values(currency=currency), label=_("Set the home currency"))


def _name() -> str:
    """Return the full name of the user's account, or "" if it has none."""
    try:
        import pwd

        entry = pwd.getpwuid(os.getuid()).pw_gecos
    except (ImportError, KeyError):  # Windows, or a user without an account
        return ""
    name = entry.partition(",")[0].strip()
    return name if " " in name and len(name) <= _LONGEST and name.isprintable() else ""


def _country_of_locale(environment: Mapping[str, str]) -> str:
    for variable in ("LC_ALL", "LC_MONETARY", "LC_TELEPHONE", "LANG"):
        if match := _LOCALE.match(environment.get(variable, "")):
            return match[1]
    return ""


def _country_of_zone(environment: Mapping[str, str]) -> str:
    """Return the country of the system's time zone, or "" if it is unknown."""
    zone = environment.get("TZ", "").lstrip(":") or _system_zone()
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    lines = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return next((country for country, _place, name, *_comment in lines if name == zone), "")


def _system_zone() -> str:
    """Return the name of the system's time zone, or ""."""
    return os.path.realpath("/etc/localtime").rpartition("zoneinfo/")[2]
