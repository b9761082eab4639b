"""What a row of customers leaves unsaid: the full name, and whether it is a person."""

from __future__ import annotations

import re
from typing import Any

_HANZI = re.compile(r"[\u3400-\u9fff]+")


def name_customer(values: dict[str, Any]) -> None:
    """Give the values of a row the name that it says in other words: of a person, else of an organisation.

    A person's is family and given name in the order of the language.
    """
    if "full_name" in values:
        return
    if name := _personal_name(values):
        values["full_name"] = name
    elif name := _organisation(values):
        values.setdefault("kind", "organisation")
        values["full_name"] = name
        del values["positions"]


def complete_customer(values: dict[str, Any]) -> None:
    """Give the values of a new customer a kind, and an address for a name where the row has no other."""
    values.setdefault("kind", "person")
    if "full_name" not in values and (address := _address(values)):
        values["full_name"] = address


def _personal_name(values: dict[str, Any]) -> str:
    family, given = values.get("family_name", ""), values.get("given_name", "")
    if _HANZI.fullmatch(family) and (not given or _HANZI.fullmatch(given)):
        return f"{family}{given}"
    return f"{given} {family}".strip()


def _organisation(values: dict[str, Any]) -> str:
    positions = values.get("positions", ())
    named = positions[0]["organisation"] if len(positions) == 1 and len(positions[0]) == 1 else ""
    return named["name"] if isinstance(named, dict) else ""


def _address(values: dict[str, Any]) -> str:
    parts = [*values.get("emails", ()), *values.get("phones", ())]
    return str(parts[0]["value"]) if parts else ""
