"""The field type for several references, such as the audience or the control group of a campaign."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import chain
from typing import Any

from archive.errors import BadValue
from archive.model.field_types.base import Context, FieldType, Json, Ref, is_text, keepable, unreadable
from archive.model.field_types.standard import LINE_CAP, Link
from archive.text import _, plural, sort_key

_SHOWN = 8  # names to show; the others are only counted
_SEPARATORS = ";；\n\r\t"


class Links(FieldType["tuple[Ref, ...]"]):
    """Unique references to records of a table; a plain name if there is no such record."""

    name = "links"
    family = "links"
    empty: tuple[Ref, ...] = ()
    width = 24

    def __init__(self, table: str) -> None:
        self.table = table
        self._link = Link(table, free=True)

    def parse(self, text: str, ctx: Context) -> tuple[Ref, ...]:
        """Parse codes or names separated by semicolons, or a JSON list as used in files."""
        if text.lstrip().startswith("["):
            return self._from_json(text)
        for sign in _SEPARATORS:
            text = text.replace(sign, ";")
        refs = (self._link.parse(part, ctx) for part in text.split(";"))
        return tuple(dict.fromkeys(ref for ref in refs if ref))

    def _from_json(self, text: str) -> tuple[Ref, ...]:
        try:
            refs = self.load(json.loads(text))
        except (BadValue, ValueError, RecursionError):
            refs = None
        if refs is None or not all(map(keepable, chain(*refs))):
            raise BadValue(
                _("This looks like JSON, but is not valid: {text}").format(text=text[:60]),
                _("Write codes or names, separated by semicolons."),
            )
        return tuple(filter(None, refs))

    def show(self, value: tuple[Ref, ...], ctx: Context) -> str:
        """Return the first names and the number of the others."""
        names = [self._link.show(ref, ctx) for ref in value[:_SHOWN]]
        more = len(value) - len(names)
        return "; ".join([*names, *([plural("{n} more", "{n} more", more)] if more else [])])

    def edit(self, value: tuple[Ref, ...], ctx: Context) -> str:
        """Return names, or the code if a name is not unique."""
        return self._joined(value, [self._link.edit(ref, ctx) for ref in value], ctx)

    def codes(self, value: tuple[Ref, ...], ctx: Context) -> str:
        """Return text for a file: codes, or names if there is no record. `parse` reads it back."""
        named = [ctx.code_of(self.table, ref.uid) if ref.uid else ref.name for ref in value]
        return self._joined(value, named, ctx)

    def _joined(self, value: tuple[Ref, ...], words: list[str], ctx: Context) -> str:
        text = "; ".join(words)
        try:
            is_clear = self.parse(text, ctx) == value
        except BadValue:
            is_clear = False
        return text if is_clear else self.cell(value)

    def cell(self, value: tuple[Ref, ...]) -> str:
        return json.dumps(self.dump(value), ensure_ascii=False) if value else ""

    def dump(self, value: tuple[Ref, ...]) -> Json:
        return [self._link.dump(ref) for ref in value]

    def fits(self, raw: Json) -> bool:
        return isinstance(raw, list) and all(map(self._link.fits, raw))

    def load(self, raw: Json) -> tuple[Ref, ...]:
        if not isinstance(raw, list):
            raise unreadable(raw)
        return tuple(dict.fromkeys(map(self._link.load, raw)))

    def fault(self, value: tuple[Ref, ...]) -> str:
        too_long = next((ref.name for ref in value if len(ref.name) > LINE_CAP), "")
        if not too_long:
            return ""
        sentence = _("A name has {n} characters; at most {cap} are allowed: {text}")
        return sentence.format(n=f"{len(too_long):,}", cap=f"{LINE_CAP:,}", text=too_long[:60])

    def words(self, raw: Json) -> Iterable[str]:
        return (link["name"] for link in raw if not is_text(link))

    def rank(self, raw: Json) -> Any:
        return len(raw), sort_key(" ".join(self.words(raw)))
