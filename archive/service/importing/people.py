"""Complete imported customers: full name and kind (person or organisation)."""

from __future__ import annotations

import re
from typing import Any

_HANZI = re.compile(r"[\u3400-\u9fff]+")


def name_customer(values: dict[str, Any]) -> None:
    """Set a missing full name: family and given name in the order of the language, else the organisation.

    A row that has only an organisation becomes an organisation.
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
    """Set the kind of a new customer if it is missing, and an e-mail or phone as the name if there is none."""
    values.setdefault("kind", "person")
    if "full_name" not in values and (address := _address(values)):
        values["full_name"] = address


def _personal_name(values: dict[str, Any]) -> str:
    family_name, given_name = values.get("family_name", ""), values.get("given_name", "")
    if _HANZI.fullmatch(family_name) and (not given_name or _HANZI.fullmatch(given_name)):
        return f"{family_name}{given_name}"
    return f"{given_name} {family_name}".strip()


def _organisation(values: dict[str, Any]) -> str:
    positions = values.get("positions", ())
    named = positions[0]["organisation"] if len(positions) == 1 and len(positions[0]) == 1 else ""
    return named["name"] if isinstance(named, dict) else ""


def _address(values: dict[str, Any]) -> str:
    parts = [*values.get("emails", ()), *values.get("phones", ())]
    return str(parts[0]["value"]) if parts else ""
