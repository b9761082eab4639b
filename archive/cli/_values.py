"""Parse `key=value` arguments into a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from archive.cli._verbs import suggestion
from archive.errors import BadValue, UsageError
from archive.model.field_types.base import Context
from archive.model.field_types.lists import ListOf
from archive.model.fields import Field, Item, Record, refuse_problems
from archive.text import _

SEVERAL = ("list", "tags")  # families of fields whose key may be repeated to add values


def read_record(cls: type[Record], words: Iterable[str], ctx: Context) -> Record:
    """Return the record that `key=value` arguments describe.

    The parts of a list can be given value by value: `addresses.2.city=Bonn`, or `addresses.city=Bonn` for the first.

    Raises:
        UsageError: An argument is not of the form key=value, or its key is unknown or given twice.
        BadValue: A value is not valid for its field, which is in the error's `field`.
    """
    values: dict[str, Any] = {}
    extra: dict[str, str] = {}
    parts: dict[tuple[str, int], dict[str, str]] = {}
    for word in words:
        key, text = _split(word)
        if key.startswith("extra."):
            _put(extra, key.removeprefix("extra."), text, key)
        elif (path := _part_place(cls, key)) is not None:
            _put(parts.setdefault(path[:2], {}), path[2], text, key)
        else:
            _add(values, _field(cls, key), text, ctx)
    for (key, _number), texts in sorted(parts.items()):
        values[key] = (*values.get(key, ()), _part(cls.FIELDS[key], texts, ctx))
    for key, value in values.items():
        _refuse_two_preferred(cls.FIELDS[key], value, ctx)
    return cls(extra=extra, **values)


def _split(word: str) -> tuple[str, str]:
    key, equals, text = word.partition("=")
    if not equals or not key.strip():
        raise UsageError(
            _("{word} is not of the form key=value.").format(word=word),
            _("Write for example full_name='Ann Bell'."),
        )
    return key.strip(), text


def _put(texts: dict[str, str], key: str, text: str, named: str) -> None:
    if key in texts:
        raise UsageError(_("{key} is given twice.").format(key=named), _("Remove one of them."))
    texts[key] = text


def _field(cls: type[Item], key: str) -> Field:
    match = cls.FIELDS.get(key) or next((f for f in cls.FIELDS.values() if key in f.aliases), None)
    if match is None:
        names = [name for candidate in cls.FIELDS.values() for name in (candidate.key, *candidate.aliases)]
        raise UsageError(_("There is no field {name}.").format(name=key), suggestion(key, names))
    return match


def _add(values: dict[str, Any], field: Field, text: str, ctx: Context) -> None:
    value = _value(field, text, ctx)
    if field.type.family in SEVERAL:
        values[field.key] = (*values.get(field.key, ()), *value)
    elif field.key in values:
        raise UsageError(_("{key} is given twice.").format(key=field.key), _("Remove one of them."))
    else:
        values[field.key] = value


def _refuse_two_preferred(field: Field, value: Any, ctx: Context) -> None:
    if isinstance(field.type, ListOf):
        try:
            field.type.refuse_two_preferred(value, ctx)
        except BadValue as error:
            error.field = field.key
            raise


def _value(field: Field, text: str, ctx: Context, label: str = "") -> Any:
    try:
        return field.type.parse(text, ctx)
    except BadValue as error:
        error.field = label or field.key
        raise


def _part_place(cls: type[Record], key: str) -> tuple[str, int, str] | None:
    """Split `phones.2.label` into list, number (by default 1) and part; None if the key is not of this form."""
    named, _dot, rest = key.partition(".")
    if not rest or not isinstance(_field(cls, named).type, ListOf):
        return None
    number, dot, part = rest.partition(".")
    if not dot:
        number, part = "1", rest
    return (_field(cls, named).key, int(number), part) if number.isdecimal() else None


def _part(field: Field, texts: Mapping[str, str], ctx: Context) -> Item:
    """Return an entry of a list, parsed from the texts of its values."""
    assert isinstance(field.type, ListOf)
    cls: type[Item] = field.type.part
    fields = {_field(cls, key).key: text for key, text in texts.items()}
    part = cls(
        **{key: _value(cls.FIELDS[key], text, ctx, f"{field.key}.{key}") for key, text in fields.items()}
    )
    refuse_problems(part)
    return part
