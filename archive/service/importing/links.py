"""Resolve links in imported rows to records of the archive or of the same file, and create missing customers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from archive.errors import BadValue, UsageError
from archive.exchange.link_cells import LinkText
from archive.model.field_types.base import Context, Json
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Link
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.text import _, fold


class Links:
    """Resolves the cells of links. `planned` has the uid, by code, of each new record in the file."""

    def __init__(self, archive: Archive, table: str, planned: Mapping[str, str], *, create: bool) -> None:
        self._archive = archive
        self._table = table
        self._planned = planned
        self._create = create
        self._cache: dict[LinkText, Json] = {}
        self._created_by_code: dict[str, str] = {}
        self._created_by_name: dict[str, str] = {}
        self.defaults: dict[str, Json] = {"kind": "person"}
        self.made: dict[str, dict[str, Any]] = {}  # customers created for rows, by uid

    def __call__(self, text: LinkText) -> Json:
        """Return the stored form of a link.

        Raises:
            BadValue: There is no such record, and a plain name or a new customer is not allowed.
        """
        link = self._cache.get(text)
        if link is None:
            link = self._cache[text] = self._resolve(text)
        return link

    def _resolve(self, text: LinkText) -> Json:
        uid = self._by_code(text) if text.sided else self._by_text(text)
        if uid:
            return uid
        if text.free:
            return _named(text)
        if not (text.sided and text.code) and (uid := self._by_name(text)):
            return uid
        if self._create and text.table == "customers":
            return self._make(text)
        raise BadValue(
            _("No customer has the code or name {text}.").format(text=text.code or text.name),
            _(
                "Import the customers first, or let the import create them (command line: --create-customers)."
            ),
        )

    def _by_code(self, text: LinkText) -> str:
        """Return the uid of the record with a code. Exports write the uid for records without a code."""
        code, table = text.code, text.table
        if not code:
            return ""
        uid = self._archive.codes(table).get(code) or self._created_by_code.get(code, "")
        planned = self._planned.get(code, "") if table == self._table else ""
        return uid or planned or (code if self._archive.has(table, code) else "")

    def _by_text(self, text: LinkText) -> str:
        codes = self._archive.codes(text.table)
        uid = codes.get(text.name) or self._created_by_code.get(text.name) or codes.get(text.name.upper())
        return uid or (self._by_name(text) if text.free else "")

    def _by_name(self, text: LinkText) -> str:
        """Return the uid of the record with a name, "" if there is none.

        If several records have the name, a free link remains a plain name, and any other raises BadValue.
        """
        uids = self._archive.named(text.table, text.name)
        if len(uids) == 1:
            return next(iter(uids))
        if uids and not text.free:
            raise BadValue(
                _("Several records are named {name}.").format(name=text.name), _("Use the code instead.")
            )
        return self._created_by_name.get(fold(text.name), "") if text.table == "customers" else ""

    def _make(self, text: LinkText) -> str:
        """Create a customer; return its uid. A missing name is taken from the code, and vice versa."""
        code, name = text.code or text.name, text.name or text.code
        uid = secrets.token_hex(8)
        self.made[uid] = {"uid": uid, "code": code, "full_name": name, **self.defaults}
        self._created_by_code[code] = uid
        self._created_by_name.setdefault(fold(name), uid)
        return uid


def _named(text: LinkText) -> Json:
    """Return the stored form of a plain name, with its unresolved code, if any, for a later export."""
    if text.sided and text.code and text.name:
        return {"name": text.name, "code": text.code}
    return {"name": text.name or text.code}


def customer_defaults(sets: Mapping[str, str], ctx: Context) -> dict[str, Json]:
    """Parse the values for new customers, such as `customer.kind=organisation`.

    Raises:
        UsageError: A field cannot be set, or its value is invalid.
    """
    defaults: dict[str, Json] = {}
    for key, text in sets.items():
        field = Customer.FIELDS.get(key)
        if field is None or key in ("code", "full_name") or isinstance(field.type, ListOf | Link):
            raise UsageError(
                _("customer.{key} cannot be set.").format(key=key), _("Set for example customer.kind.")
            )
        try:
            defaults[key] = field.type.dump(field.type.parse(text, ctx))
        except BadValue as error:
            raise UsageError(error.message, error.hint) from None
    return defaults
