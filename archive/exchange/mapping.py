"""Mapping of columns to fields: by the user's choice, field keys, known programs, synonyms, and the values.

Unrecognised columns go to `extra` under their own header: no column is dropped unless the user decides so.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from archive.errors import UsageError
from archive.exchange.detect import REJECTED
from archive.exchange.headers.synonyms import FILLERS, LABELS, WORDS, normal, synonyms
from archive.exchange.joins import BIRTHDAY, continues, is_date_part
from archive.exchange.layouts import Layout, find_layout
from archive.exchange.paths import EXTRA, Place, place_of
from archive.model.field_types.lists import ListOf, OneLine
from archive.model.field_types.standard import Link
from archive.model.fields import Record
from archive.model.tables import STORED, TABLES, public_name
from archive.text import _

LEFT_OUT = "-"
_SEVERAL = ("phones", "emails", "messengers")  # a second column for one of these is a second part
_MAIN_PART = {"phones": "value", "emails": "value", "addresses": "street", "positions": "organisation"}
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_NEAR = 0.88
_SHORTEST_NEAR = 5
# A header such as "Last date" is similar, but would mark customers as lost.
_NEVER_NEAR = frozenset({"lost date"})
_OF_FIRMS = {"industry", "annual_revenue", "size", "tax_number"}
_OF_PEOPLE = {"given_name", "family_name", "birthday", "positions", "kind"}


@dataclass(frozen=True)
class Target:
    """The target of a column; `place` is None if the column is left out.

    `how` is the reason for the choice: chosen, kept, key, layout, word, similar, values or extra. `label` is the label
    that the header implies for a list part, such as "work".
    """

    column: int
    header: str
    place: Place | None
    how: str
    label: str = ""


@dataclass(frozen=True)
class Mapped:
    """The targets of all columns. `ours` means that all headers are our own keys, as in an export.

    `constants` are values, by path, for records without a value there; `layout` is the program that wrote the file.
    """

    table: str
    targets: tuple[Target, ...]
    ours: bool = False
    layout: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)

    def column_of(self, path: str) -> int | None:
        """Return the column that is mapped to a path, or None."""
        columns = (target.column for target in self.targets if target.place and str(target.place) == path)
        return next(columns, None)


def fingerprint(table: str, header: Sequence[str]) -> str:
    """Return a hash of a file's header, to recognise the next file of the same program."""
    names = [name for name in header if name not in REJECTED]
    return hashlib.sha256("\x1f".join([table, *names]).encode()).hexdigest()[:16]


def guess_table(header: Sequence[str]) -> str:
    """Return the table of a file, guessed from our keys, a known program's layout or the fields in the header."""
    for table, cls in TABLES.items():
        if all(place_of(cls, name) for name in header if name not in REJECTED) and _is_told_by_keys(
            table, header
        ):
            return table
    layout = find_layout(header)
    if layout:
        return layout.table
    keys = {target.place.key for target in map_columns("transactions", header).targets if target.place}
    if "on" in keys and keys & {"amount", "quantity"}:
        return "transactions"
    return "products" if _are_products(header) else "customers"


def _are_products(header: Sequence[str]) -> bool:
    """Return whether the headers describe products: with code or price, and with no header of customers only."""
    ours = _understood("products", header)
    keys = set(ours.values())
    return (
        "name" in keys
        and bool(keys & {"code", "usual_price"})
        and ours.keys() > _understood("customers", header).keys()
    )


def _understood(table: str, header: Sequence[str]) -> dict[str, str]:
    targets = map_columns(table, header).targets
    return {t.header: t.place.key for t in targets if t.place and t.place.key != EXTRA}


def _is_told_by_keys(table: str, header: Sequence[str]) -> bool:
    """Return whether the header has the table's required fields, which decides if its keys occur in several tables."""
    keys = {place.key for place in (place_of(TABLES[table], name) for name in header) if place}
    needed = {key for key, field in TABLES[table].FIELDS.items() if field.required} - {"kind", "code"}
    return needed <= keys


def map_columns(
    table: str,
    header: Sequence[str],
    samples: Sequence[Sequence[str]] = (),
    chosen: Mapping[str, str] | None = None,
    saved: Mapping[str, str] | None = None,
    layout: str = "auto",
) -> Mapped:
    """Map the columns of a file to fields of a table.

    Args:
        table: The table.
        header: The headers.
        samples: Some cells of each column.
        chosen: Paths by header, chosen by the user; "-" leaves a column out.
        saved: Paths by header, from an earlier import.
        layout: Name of the program that wrote the file, "auto" to detect it.

    Raises:
        UsageError: A chosen header or path does not exist, or two columns have the same path.
    """
    cls = STORED[table]
    chosen = _known_headers(chosen or {}, header)
    file_layout = find_layout(header, layout)
    table_layout = file_layout if file_layout and file_layout.table == table else None
    paths = [
        _path(cls, header, number, _cells(samples, number), chosen, saved or {}, table_layout)
        for number in range(len(header))
    ]
    targets = _Placing(cls, header).placed(paths)
    constants = _kind_constant(cls, targets)
    if constants:
        targets = [_name_of_firm(target) for target in targets]
    ours = all(how in ("key", "chosen") for _path, how in paths)
    return Mapped(table, tuple(targets), ours, file_layout.name if file_layout else "", constants)


def _cells(samples: Sequence[Sequence[str]], number: int) -> list[str]:
    return [cell for cell in samples[number] if cell.strip()] if number < len(samples) else []


def _known_headers(chosen: Mapping[str, str], header: Sequence[str]) -> dict[str, str]:
    """Return the choices with the headers in the spelling of the file."""
    by_name = {normal(name): name for name in reversed(header)}
    choices = {}
    for name, path in chosen.items():
        exact = name if name in header else by_name.get(normal(name))
        if exact is None:
            near = difflib.get_close_matches(name, header, 3, 0.5)
            raise UsageError(
                _("The file has no column {name}.").format(name=name),
                _("Its columns are {names}.").format(names=", ".join(near or header)),
            )
        choices[exact] = path
    return choices


def _path(
    cls: type[Record],
    header: Sequence[str],
    number: int,
    cells: Sequence[str],
    chosen: Mapping[str, str],
    saved: Mapping[str, str],
    layout: Layout | None,
) -> tuple[str, str]:
    """Return a column's path ("" for `extra`) and the reason."""
    name = header[number]
    if name in chosen:
        return chosen_path(cls, chosen[name], name), "chosen"
    if name in saved:
        return chosen_path(cls, saved[name], name), "kept"
    if name in REJECTED:
        return LEFT_OUT, "key"
    place = place_of(cls, name)
    if place and _fits_cells(cls, place, cells):
        return str(place), "key"
    if cls.TABLE == "customers" and is_date_part(name, header):
        return str(BIRTHDAY), "word"
    named = layout.path(name) if layout else None
    if named is not None:
        return named, "layout" if named else "extra"
    return _by_words(cls, header, name, cells)


def _fits_cells(cls: type[Record], place: Place, cells: Sequence[str]) -> bool:
    """Return whether the cells fit a list header: JSON or one-line parts. Otherwise it means a field of a part."""
    field = cls.FIELDS.get(place.key)
    if field is None or not isinstance(field.type, ListOf) or place.number:
        return True
    if all(cell.startswith("[") for cell in cells):
        return True
    return issubclass(field.type.part, OneLine) and place.key not in _MAIN_PART


def chosen_path(cls: type[Record], text: str, header: str) -> str:
    """Return the path for a field that the user names; UsageError if there is no such field."""
    text = text.strip()
    if text == LEFT_OUT:
        return LEFT_OUT
    if text == EXTRA:
        return f"{EXTRA}.{header}"
    aliases = {alias: field.key for field in cls.FIELDS.values() for alias in field.aliases}
    text = aliases.get(text, text)
    if text in _MAIN_PART and isinstance(cls.FIELDS[text].type, ListOf):
        return f"{text}@.{_MAIN_PART[text]}"
    if "@" in text or place_of(cls, text):
        return text
    word = _words(cls).get(normal(text), "")
    if word:
        return word
    near = difflib.get_close_matches(text, [*cls.FIELDS, *aliases], 3, 0.5)
    raise UsageError(
        _("There is no field {name}.").format(name=text),
        _("Did you mean {names}?").format(names=", ".join(near))
        if near
        else _("`archive fields {table}` lists them.").format(table=public_name(cls.TABLE)),
    )


def _words(cls: type[Record]) -> dict[str, str]:
    """Return all names of fields: synonyms, labels in English and in the user's language, and filter names."""
    simple = {key: field for key, field in cls.FIELDS.items() if not isinstance(field.type, ListOf)}
    labels = {normal(text): key for key, field in simple.items() for text in (field.label, field.title)}
    aliases = {normal(alias): key for key, field in simple.items() for alias in field.aliases}
    return {**labels, **aliases, **synonyms(cls.TABLE)}


def _by_words(cls: type[Record], header: Sequence[str], name: str, cells: Sequence[str]) -> tuple[str, str]:
    words, normalised = _words(cls), normal(name)
    if cls.TABLE == "customers" and normalised == "title":
        with_job = any(normal(other) in ("job title", "position") for other in header)
        return ("salutation" if with_job else "positions@.title"), "word"
    if normalised in words:
        return words[normalised], "word"
    if cls.TABLE == "customers" and (path := _by_parts(normalised)):
        return path, "word"
    candidates = words.keys() - _NEVER_NEAR
    near = (
        difflib.get_close_matches(normalised, candidates, 1, _NEAR)
        if len(normalised) >= _SHORTEST_NEAR
        else []
    )
    if near:
        return words[near[0]], "similar"
    if cls.TABLE == "customers" and cells and all(_EMAIL.fullmatch(cell.strip()) for cell in cells):
        return "emails@.value", "values"
    return "", "extra"


def _by_parts(name: str) -> str:
    """Parse headers such as "business phone 2", "e mail home" and "billing postal code": a noun, labels and fillers."""
    name = name.replace("e mail", "email").replace("postal code", "postcode").replace("zip code", "postcode")
    words = [word for word in name.split() if not word.isdecimal()]
    labels = [LABELS[word] for word in words if word in LABELS]
    for path, nouns in WORDS.items():
        rest = [word for word in words if word not in nouns]
        if len(rest) < len(words) and all(word in LABELS or word in FILLERS for word in rest):
            label = "fax" if "fax" in words else " ".join(dict.fromkeys(filter(None, labels)))
            return path.format(label)
    return ""


def _kind_constant(cls: type[Record], targets: Sequence[Target]) -> dict[str, str]:
    """Return the constant kind "organisation" for a file of companies.

    Such a file has company figures and no fields of people, or employers and no names.
    """
    if cls.TABLE != "customers":
        return {}
    keys = {target.place.key for target in targets if target.place}
    if keys & _OF_FIRMS and not keys & _OF_PEOPLE and "full_name" in keys:
        return {"kind": "organisation"}
    nameless = not keys & {"full_name", "given_name", "family_name", "kind"}
    return {"kind": "organisation"} if nameless and "positions" in keys else {}


def _name_of_firm(target: Target) -> Target:
    place = target.place
    if place and (place.key, place.number, place.part) == ("positions", 1, "organisation"):
        return Target(target.column, target.header, Place("full_name"), target.how)
    return target


class _Placing:
    """Assigns a unique place to each path, and numbers to the parts of lists."""

    def __init__(self, cls: type[Record], header: Sequence[str]) -> None:
        self._cls, self._header = cls, header
        self._used: set[Place] = set()
        self._groups: dict[tuple[str, str], int] = {}
        self._last: dict[str, int] = {}

    def placed(self, paths: Sequence[tuple[str, str]]) -> list[Target]:
        """Return a target for each path. Numbered list columns keep their number; the others follow them."""
        for path, _how in paths:
            place = place_of(self._cls, path)
            if place and place.number:
                self._last[place.key] = max(self._last.get(place.key, 0), place.number)
        return [self._target(number, path, how) for number, (path, how) in enumerate(paths)]

    def _target(self, column: int, path: str, how: str) -> Target:
        header = self._header[column]
        if path == LEFT_OUT:
            return Target(column, header, None, how)
        own = place_of(self._cls, path)
        place, label = self._grouped(path) if own is None and "@" in path else (own, "")
        if place in self._used and how != "chosen" and continues(place, header):
            return Target(column, header, place, how, label)
        if place is None or place == Place(EXTRA, name=header) or place in self._used or self._clashes(place):
            if place is not None and how == "chosen" and place in self._used:
                raise UsageError(
                    _("Two columns are mapped to {field}.").format(field=place),
                    _("Ignore one of them (command line: --map 'Column=-')."),
                )
            return Target(column, header, self._extra(header), "extra" if how != "chosen" else how)
        self._used.add(place)
        return Target(column, header, place, how, label)

    def _clashes(self, place: Place) -> bool:
        """Return whether another column already holds the same reference in another form, and could contradict."""
        field = place.field(self._cls)
        if field is None or not isinstance(field.type, Link):
            return False
        bare = Place(place.key, place.number, place.part)
        return (
            bare in self._used
            if place.side
            else any(
                Place(place.key, place.number, place.part, side) in self._used for side in ("code", "name")
            )
        )

    def _extra(self, header: str) -> Place:
        place, number = Place(EXTRA, name=header), 1
        while place in self._used:
            number += 1
            place = Place(EXTRA, name=f"{header} ({number})")
        self._used.add(place)
        return place

    def _grouped(self, path: str) -> tuple[Place | None, str]:
        """Return the place of a path such as `addresses@work.street`, and the label from its tag."""
        listed, _at, rest = path.partition("@")
        tag, _dot, part = rest.rpartition(".")
        tag = LABELS.get(tag, tag)
        number = self._groups.get((listed, tag)) or self._new_group(listed, tag)
        if listed in _SEVERAL and place_of(self._cls, f"{listed}.{number}.{part}") in self._used:
            number = self._new_group(listed, tag)
        return place_of(self._cls, f"{listed}.{number}.{part}"), "" if tag.startswith("#") else tag

    def _new_group(self, listed: str, tag: str) -> int:
        number = self._last[listed] = self._last.get(listed, 0) + 1
        self._groups[listed, tag] = number
        return number
