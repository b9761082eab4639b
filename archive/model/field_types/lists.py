"""Lists inside a record (phones, addresses, best hours). Each part declares its fields like a record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Generic, Self, TypeVar

from archive.errors import BadValue
from archive.model.field_types.base import Context, FieldType, Json, Unreadable, unreadable
from archive.model.field_types.standard import LINE_CAP, TEXT_CAP, storable
from archive.model.fields import Field, Item, order_problems, problems
from archive.text import _, sort_key

I = TypeVar("I", bound=Item)  # noqa: E741
T = TypeVar("T")
LIST_CAP = 200  # parts of one list
PREFERRED = "preferred"  # key of the flag on a part


class OneLine(Item):
    """A part that can be entered as one line, such as "+86 10 5555 0147 mobile *"."""

    @classmethod
    def from_line(cls, text: str, ctx: Context) -> Self:
        """Parse a line with a single part.

        Raises:
            BadValue: The line is not valid.
        """
        text = text.strip()
        if text.startswith("{"):
            return _loaded(cls.load, storable(text, TEXT_CAP))
        return cls.understood(storable(text, LINE_CAP), ctx)

    @classmethod
    def all_from_line(cls, text: str, ctx: Context) -> tuple[Self, ...]:
        """Parse a line that may contain several parts, such as two e-mail addresses."""
        return (cls.from_line(text, ctx),)

    @classmethod
    def split(cls, text: str) -> list[str]:
        """Split a cell at semicolons into lines with a single part each."""
        return text.replace("；", ";").split(";")

    def line(self, ctx: Context) -> str:
        """Return a line that parses back to this part: the display form if that is lossless, otherwise JSON."""
        text = self.display(ctx)
        try:
            is_clear = self.all_from_line(text, ctx) == (self,)
        except BadValue:
            is_clear = False
        return text if is_clear else json.dumps(self.dump(), ensure_ascii=False)

    @classmethod
    def understood(cls, text: str, ctx: Context) -> Self:
        """Parse a line of plain text.

        Raises:
            BadValue: The line is not valid.
        """
        raise AssertionError

    def display(self, ctx: Context) -> str:
        """Return the part as one line for the user."""
        raise AssertionError


def _unlabelled(field: Field, value: Any, ctx: Context) -> str:
    """Return a value without its label; a set flag is shown as its label."""
    if value == field.type.empty:
        return ""
    return field.title.lower() if value is True else field.type.show(value, ctx)


class ListOf(FieldType["tuple[I, ...]"], Generic[I]):
    """A list of parts of one class, in the order chosen by the user."""

    name = "list"
    family = "list"
    empty: tuple[I, ...] = ()
    width = 24

    def __init__(self, part: type[I], noun: str) -> None:
        self.part = part
        self.has_rules = bool(part.RULES or part.HAVE_RULES)
        self.noun = noun  # singular noun for a part: "phone"

    @property
    def one_line(self) -> bool:
        """Whether a part can be entered as one line; other parts need their own form."""
        return issubclass(self.part, OneLine)

    def line(self, part: I, ctx: Context) -> str:
        """Return a part as one line for the user."""
        if isinstance(part, OneLine):
            return part.display(ctx)
        return " · ".join(
            filter(None, (_unlabelled(field, getattr(part, key), ctx) for key, field in part.FIELDS.items()))
        )

    def parse(self, text: str, ctx: Context) -> tuple[I, ...]:
        """Parse a JSON list (the form used in files), or one-line parts separated by semicolons."""
        text = storable(text.strip(), LIST_CAP * TEXT_CAP)
        if not text:
            return ()
        if text.startswith("["):
            return _loaded(self.load, text)
        if not issubclass(self.part, OneLine):
            raise BadValue(
                _("A {noun} cannot be read from one cell: {text}").format(noun=_(self.noun), text=text[:60]),
                _("Use a separate column for each part."),
            )
        lines = filter(str.strip, self.part.split(text))
        return tuple(part for line in lines for part in self.part.all_from_line(line, ctx))

    def show(self, value: tuple[I, ...], ctx: Context) -> str:
        return "; ".join(self.line(part, ctx) for part in value)

    def cell(self, value: tuple[I, ...]) -> str:
        return json.dumps(self.dump(value), ensure_ascii=False) if value else ""

    def dump(self, value: tuple[I, ...]) -> Json:
        return [part.dump() for part in value]

    def fits(self, raw: Json) -> bool:
        misfit = self.part.misfit
        return isinstance(raw, list) and all(isinstance(part, dict) and not misfit(part) for part in raw)

    def load(self, raw: Json) -> tuple[I, ...]:
        if not isinstance(raw, list) or not all(isinstance(part, dict) for part in raw):
            raise unreadable(raw)
        return tuple(self.part.load(part) for part in raw)

    def fault(self, value: tuple[I, ...]) -> str:
        if len(value) > LIST_CAP:
            sentence = _("The list has {n} entries; at most {cap} are allowed. Delete some of them.")
            return sentence.format(n=len(value), cap=LIST_CAP)
        return next((sentence for part in value for sentence in problems(part).values()), "")

    def disorder(self, value: tuple[I, ...]) -> str:
        return next((sentence for part in value for sentence in order_problems(part).values()), "")

    @property
    def prefers(self) -> bool:
        """Whether a part can be marked as preferred."""
        return PREFERRED in self.part.FIELDS

    def refuse_two_preferred(self, value: tuple[I, ...], ctx: Context) -> None:
        """Raise BadValue if the user marked several parts as preferred."""
        marked = [part for part in value if getattr(part, PREFERRED, False)]
        if len(marked) > 1:
            lines = " · ".join(self.line(part, ctx) for part in marked)
            raise BadValue(
                _("{n} are marked as preferred: {lines}").format(n=len(marked), lines=lines),
                _("Only one can be preferred. Remove the mark from the others."),
            )

    def one_preferred(self, value: tuple[I, ...]) -> tuple[I, ...]:
        """Return the list with only the first preferred part marked, which is how all screens interpret it."""
        marked = [index for index, part in enumerate(value) if getattr(part, PREFERRED, False)]
        others = marked[1:]
        return tuple(
            part.with_values(**{PREFERRED: False}) if index in others else part
            for index, part in enumerate(value)
        )

    def words(self, raw: Json) -> Iterable[str]:
        fields = self.part.FIELDS
        for part in raw:
            for key, value in part.items():
                if key in fields:
                    yield from fields[key].type.words(value)

    def rank(self, raw: Json) -> Any:
        return sort_key(" ".join(self.words(raw[:1])))


def one_preferred(parts: Json) -> Json:
    """Keep only the first preferred mark in a stored list."""
    marked = [index for index, part in enumerate(parts) if part.get(PREFERRED)]
    for index in marked[1:]:
        bare = {key: value for key, value in parts[index].items() if key != PREFERRED}
        parts = [*parts[:index], bare, *parts[index + 1 :]]
    return parts


def _loaded(load: Callable[[Json], T], text: str) -> T:
    """Load JSON that the user entered. `load` is for stored values, and so are its errors."""
    raw = _json(text)
    try:
        return load(raw)
    except Unreadable as error:
        raise BadValue(
            _("This JSON contains a value that cannot be read: {value}").format(value=error.value),
            _("Correct the JSON, or enter the parts as text."),
        ) from None


def _json(text: str) -> Json:
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()  # rejects values that cannot be saved
        return value
    except (ValueError, RecursionError):
        raise BadValue(
            _("This looks like JSON, but is not valid: {text}").format(text=text[:60]),
            _("Correct the JSON, or enter the parts as text."),
        ) from None
