"""Field types for text: single-line, multi-line, phone numbers, e-mail addresses, currency codes and category paths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archive.errors import BadValue
from archive.model.currencies import NO_CURRENCY, currency_named
from archive.model.emails import bare_address
from archive.model.field_types.base import Context, FieldType, Json, keepable
from archive.model.fullwidth import narrow
from archive.model.phones import dialled, digits
from archive.text import _, sort_key, without_hidden

_ONE_LINE = str.maketrans("\n\r\t", "   ")
LINE_CAP = 1_000
TEXT_CAP = 100_000


def storable(text: str, cap: int) -> str:
    """Return `text` if it can be stored.

    Raises:
        BadValue: The text has more than `cap` characters, or contains a NUL or a lone surrogate.
    """
    if len(text) > cap:
        sentence = _("The text has {n} characters; at most {cap} are allowed.").format(
            n=f"{len(text):,}", cap=f"{cap:,}"
        )
        raise BadValue(sentence, _("Shorten it, or save it as a file and link the file."))
    if not keepable(text):
        raise BadValue(
            _("The text contains a NUL character or half of a surrogate pair."),
            _("Remove it and try again."),
        )
    return text


class Text(FieldType[str]):
    """A single line of text. Line breaks become blanks, and surrounding blanks are removed."""

    name = "text"
    empty = ""
    cap = LINE_CAP

    def __init__(self, width: int = 16) -> None:
        self.width = width

    def parse(self, text: str, ctx: Context) -> str:
        return storable(text.translate(_ONE_LINE).strip(), self.cap)

    def words(self, raw: Json) -> Iterable[str]:
        return (raw,)

    def rank(self, raw: Json) -> Any:
        return sort_key(raw)


class LongText(Text):
    """Text with line breaks."""

    name = "long text"
    cap = TEXT_CAP

    def parse(self, text: str, ctx: Context) -> str:
        return storable(text.replace("\r\n", "\n").replace("\r", "\n").strip(), self.cap)


class Phone(Text):
    """A phone number as it was typed. A search finds it by its digits, whatever the punctuation."""

    name = "phone"

    def parse(self, text: str, ctx: Context) -> str:
        value = super().parse(without_hidden(text), ctx)
        if value and not any(char.isdigit() for char in value):
            raise BadValue(
                _("A phone number needs digits: {text}").format(text=value),
                _("Write for example +86 10 5555 0147."),
            )
        return value

    def words(self, raw: Json) -> Iterable[str]:
        """Return the number as typed, its digits, and the digits to dial: 1-800-FLOWERS, 1800, 18003569377."""
        return dict.fromkeys((raw, digits(raw), dialled(raw)))


class Email(Text):
    """An e-mail address. "mailto:" and a display name are removed; invalid addresses are rejected."""

    name = "e-mail"

    def parse(self, text: str, ctx: Context) -> str:
        return bare_address(super().parse(text, ctx))


class Currency(Text):
    """An ISO 4217 code. Symbols and words for a currency are accepted too: €, euros, RMB."""

    name = "currency"

    def parse(self, text: str, ctx: Context) -> str:
        value = currency_named(narrow(super().parse(text, ctx)).lower())
        if value == NO_CURRENCY:  # used in older exports
            return ""
        if value and not (len(value) == 3 and value.isascii() and value.isalpha()):
            raise BadValue(
                _("A currency code has three letters, {text} does not.").format(text=value),
                _("Write for example EUR or CNY."),
            )
        return value

    def load(self, raw: Json) -> str:
        """Return the code, with NO_CURRENCY of older archives replaced by ""."""
        value = super().load(raw)
        return "" if value == NO_CURRENCY else value


class Path(Text):
    """A category in a hierarchy: "Wholesale / East / Restaurants"."""

    name = "path"

    def parse(self, text: str, ctx: Context) -> str:
        text = super().parse(text, ctx).replace("＞", "/").replace(">", "/")
        levels = (level.strip() for level in text.split("/"))
        return " / ".join(level for level in levels if level)
