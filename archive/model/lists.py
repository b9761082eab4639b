"""Lists inside a record (phones, addresses, windows): each part declares its fields like a record."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Generic, Protocol, Self, TypeVar, runtime_checkable

from archive.errors import BadValue
from archive.model.fields import Context, Item, Json, Kind
from archive.model.kinds import storable
from archive.text import _, fold

I = TypeVar("I", bound=Item)  # noqa: E741
LIST_CAP = 200


@runtime_checkable
class OneLine(Protocol):
    """A part that can be typed in one line, such as "+86 10 5555 0147 mobile *"."""

    @classmethod
    def from_line(cls, text: str, ctx: Context) -> Self:
        """The part that a line describes; BadValue where it describes none."""
        ...

    def line(self, ctx: Context) -> str:
        """The line that gives this part again."""
        ...


class ListOf(Kind["tuple[I, ...]"], Generic[I]):
    """Several parts of one class, in an order the user decides."""

    name = "list"
    family = "list"
    empty: tuple[I, ...] = ()
    width = 24

    def __init__(self, part: type[I], noun: str) -> None:
        self.part = part
        self.noun = noun  # what one of them is called: "phone"

    @property
    def one_line(self) -> bool:
        """Whether a part can be typed as a line; others need a form of their own."""
        return hasattr(self.part, "from_line")

    def line(self, part: I, ctx: Context) -> str:
        """One part in one line for a person."""
        if isinstance(part, OneLine):
            return part.line(ctx)
        shown = (fact.kind.show(getattr(part, key), ctx) for key, fact in part.FACTS.items())
        return " · ".join(text for text in shown if text and text != _("no"))

    def parse(self, text: str, ctx: Context) -> tuple[I, ...]:
        """A JSON list (as files hold it), or one-line parts separated by semicolons."""
        text = storable(text.strip(), 1_000_000)
        if not text:
            return ()
        if text.startswith("["):
            return self.load(_json_list(text))
        if not self.one_line:
            raise BadValue(
                _("A {noun} cannot be read from one cell: {text}").format(noun=_(self.noun), text=text[:60]),
                _("Give its parts in columns of their own."),
            )
        part: Any = self.part
        return tuple(part.from_line(line, ctx) for line in text.replace("；", ";").split(";") if line.strip())

    def show(self, value: tuple[I, ...], ctx: Context) -> str:
        return "; ".join(self.line(part, ctx) for part in value)

    def cell(self, value: tuple[I, ...]) -> str:
        return json.dumps(self.dump(value), ensure_ascii=False) if value else ""

    def dump(self, value: tuple[I, ...]) -> Json:
        return [part.dump() for part in value]

    def load(self, raw: Json) -> tuple[I, ...]:
        if not isinstance(raw, list) or not all(isinstance(part, dict) for part in raw):
            raise BadValue(
                _("The archive holds a list that cannot be read: {value}").format(value=repr(raw)[:60])
            )
        if len(raw) > LIST_CAP:
            raise BadValue(_("A list has {n} entries; {cap} fit.").format(n=len(raw), cap=LIST_CAP))
        return tuple(self.part.load(part) for part in raw)

    def words(self, raw: Json) -> Iterable[str]:
        facts = self.part.FACTS
        for part in raw:
            for key, value in part.items():
                if key in facts:
                    yield from facts[key].kind.words(value)

    def rank(self, raw: Json) -> Any:
        return fold(" ".join(self.words(raw[:1])))


def _json_list(text: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadValue(
            _("A list cannot be read from this cell: {text}").format(text=text[:60]),
            _("It is not valid JSON."),
        ) from None
