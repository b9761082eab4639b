"""The kinds of values that are text: one line, many lines, numbers to dial, addresses, codes and paths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archive.errors import BadValue
from archive.model.currencies import NO_CURRENCY, currency_named
from archive.model.emails import bare_address
from archive.model.fields import Context, Json, Kind, keepable
from archive.model.phones import dialled, digits
from archive.model.widths import narrow
from archive.text import _, sort_key, without_hidden

_ONE_LINE = str.maketrans("\n\r\t", "   ")
LINE_CAP = 1_000
TEXT_CAP = 100_000


def storable(text: str, cap: int) -> str:
    """`text` unless no archive could keep it: NUL, half a character, or more than `cap` characters."""
    if len(text) > cap:
        sentence = _("The text has {n} characters; {cap} fit here.").format(
            n=f"{len(text):,}", cap=f"{cap:,}"
        )
        raise BadValue(sentence, _("Shorten it, or keep it in a file and link that."))
    if not keepable(text):
        raise BadValue(
            _("The text holds a NUL or half of a character (a lone surrogate)."),
            _("Remove it and try again."),
        )
    return text


class Text(Kind[str]):
    """One line. Line breaks become blanks, outer blanks go."""

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
    """Several lines, as they were typed."""

    name = "long text"
    cap = TEXT_CAP

    def parse(self, text: str, ctx: Context) -> str:
        return storable(text.replace("\r\n", "\n").replace("\r", "\n").strip(), self.cap)


class Phone(Text):
    """A number as it was typed; found by its digits whatever stands between them."""

    name = "phone"

    def parse(self, text: str, ctx: Context) -> str:
        value = super().parse(without_hidden(text), ctx)
        if value and not any(char.isdigit() for char in value):
            raise BadValue(
                _("A phone number has digits: {text}").format(text=value),
                _("Write for example +86 10 5555 0147."),
            )
        return value

    def words(self, raw: Json) -> Iterable[str]:
        """The number as it stands, its digits, and the digits that are dialled: 1-800-FLOWERS, 18003569377."""
        return dict.fromkeys((raw, digits(raw), dialled(raw)))


class Email(Text):
    """A bare e-mail address: "mailto:" and a name around it are taken off, what cannot be an address is refused."""

    name = "e-mail"

    def parse(self, text: str, ctx: Context) -> str:
        return bare_address(super().parse(text, ctx))


class Currency(Text):
    """An ISO 4217 code; signs and words for one are taken too: €, euros, RMB."""

    name = "currency"

    def parse(self, text: str, ctx: Context) -> str:
        value = currency_named(narrow(super().parse(text, ctx)).lower())
        if value == NO_CURRENCY:  # older exports hold it
            return ""
        if value and not (len(value) == 3 and value.isascii() and value.isalpha()):
            raise BadValue(
                _("A currency is three letters, not {text}.").format(text=value),
                _("Write for example EUR or CNY."),
            )
        return value

    def load(self, raw: Json) -> str:
        """Return the code; "" for NO_CURRENCY, which older archives hold and nobody wants to see."""
        value = super().load(raw)
        return "" if value == NO_CURRENCY else value


class Path(Text):
    """A class in a tree of classes, "Wholesale / East / Restaurants"."""

    name = "path"

    def parse(self, text: str, ctx: Context) -> str:
        text = super().parse(text, ctx).replace("＞", "/").replace(">", "/")
        levels = (level.strip() for level in text.split("/"))
        return " / ".join(level for level in levels if level)
