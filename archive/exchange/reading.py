"""Conversion of rows to validated values of a record, with warnings and errors for cells.

Cells without a place, or with a value that their field does not accept, go to `extra` unchanged. The row is rejected
if the invalid cell is a required field, a reference, a transaction type or a number (except on customers).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from archive.errors import BadValue
from archive.exchange.cells import SHORTENED, Bad, Cells, cells_for, context_for
from archive.exchange.format import Row
from archive.exchange.joins import Column, joins_of
from archive.exchange.link_cells import Resolve, link_text
from archive.exchange.list_cells import PartColumn, PartReader, list_reader
from archive.exchange.mapping import Mapped, Target
from archive.exchange.paths import EXTRA, ID
from archive.model.field_types.base import Context, Json, keepable
from archive.model.field_types.lists import ListOf, one_preferred
from archive.model.field_types.standard import Link
from archive.model.fields import Field, Record
from archive.model.records.transaction import TYPE
from archive.model.tables import STORED
from archive.text import _

BAD_EXTRA, TWO_CURRENCIES, UNKNOWN = "bad-extra", "two-currencies", "unknown-record"


@dataclass(slots=True)
class Issue:
    """A warning or error about a cell: a stable code and a translated message."""

    line: int
    column: str
    code: str
    sentence: str


@dataclass(slots=True)
class Checked:
    """A row as stored values by key. The row is rejected if there is an `error`."""

    line: int
    cells: list[str]
    values: dict[str, Json] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    id: str = ""
    warnings: list[Issue] = field(default_factory=list)
    error: Issue | None = None


class _Simple(NamedTuple):
    column: int
    key: str
    cells: Cells
    refuses: bool
    header: str


class _LinkColumns(NamedTuple):
    key: str
    kind: Link
    columns: dict[str, int]  # by side; "" for a column with code or name
    header: str


@dataclass
class RowReader:
    """Reads the rows of a file. `texts` are all texts of the columns that are analysed as a whole."""

    mapped: Mapped
    ctx: Context
    resolve: Resolve
    texts: Mapping[int, Sequence[str]]
    said: tuple[str, str] = ("", "")  # date order and decimal separator chosen by the user
    constants: Sequence[str] = ()  # cells of additional columns after the columns of the file
    own_id: bool = False  # whether the `id` column contains our ids

    def __post_init__(self) -> None:
        self.cls: type[Record] = STORED[self.mapped.table]
        # Our exports have no commas in numbers and dates; a file with commas only happens to use our keys.
        self._plain_numbers = self.mapped.ours and not any(
            "," in text for text in chain(*self.texts.values())
        )
        self._id: int | None = None
        self._extra: list[tuple[int, str]] = []
        self._odd_extra: list[int] = []  # columns with names and texts as JSON
        self._simple: list[_Simple] = []
        self._lists: list[_Simple] = []
        self._links: dict[str, _LinkColumns] = {}
        self._parts: dict[tuple[str, int], PartReader] = {}
        targets = self.mapped.targets
        self._joins = joins_of(Column(target.column, target.header, target.place) for target in targets)
        further = {number for join in self._joins for number in join.columns[1:]}
        for target in targets:
            if target.column not in further:
                self._add(target)
        # Required references are resolved last, because that may create a record for the row.
        self._link_order = sorted(self._links.values(), key=lambda link: self.cls.FIELDS[link.key].required)
        self._part_order = [self._parts[place] for place in sorted(self._parts)]
        self._currency = "currency" in self.cls.FIELDS

    def _add(self, target: Target) -> None:
        place, column = target.place, target.column
        if place is None:
            return
        if place.key == ID:
            self._add_id(target)
        elif place.key == EXTRA:
            self._extra.append((column, place.name)) if place.name else self._odd_extra.append(column)
        elif place.number:
            self._add_part(target)
        else:
            self._add_field(target, self.cls.FIELDS[place.key])

    def _add_id(self, target: Target) -> None:
        if self.own_id:
            self._id = target.column
        else:
            self._extra.append((target.column, target.header))

    def _add_field(self, target: Target, field: Field) -> None:
        kind, column = field.type, target.column
        if isinstance(kind, Link):
            side = target.place.side if target.place else ""
            link = self._links.setdefault(field.key, _LinkColumns(field.key, kind, {}, target.header))
            link.columns[side] = column
        elif isinstance(kind, ListOf):
            cells = list_reader(field, self.ctx)
            self._lists.append(_Simple(column, field.key, cells, False, target.header))
        else:
            # Reject unknown types: they must not count as orders, since they may be refunds or payments.
            is_figure = kind is TYPE or (kind.family == "number" and self.mapped.table != "customers")
            refuses = field.required or is_figure
            self._simple.append(
                _Simple(column, field.key, self._cells(target, field), refuses, target.header)
            )

    def _add_part(self, target: Target) -> None:
        place = target.place
        assert place
        field = place.field(self.cls)
        kind = self.cls.FIELDS[place.key].type
        assert field
        assert isinstance(kind, ListOf)
        exact = self.mapped.ours
        reader = self._parts.setdefault((place.key, place.number), PartReader(place.key, kind, exact))
        cells = None if isinstance(field.type, Link) else self._cells_of_part(target, field)
        reader.add(PartColumn(target.column, place.part, place.side, cells, target.header), target.label)

    def _cells_of_part(self, target: Target, field: Field) -> Cells:
        if isinstance(field.type, ListOf):  # nested list
            return list_reader(field, self.ctx)
        return self._cells(target, field)

    def _cells(self, target: Target, field: Field) -> Cells:
        exact, texts = self.mapped.ours, self.texts.get(target.column, ())
        ctx = context_for(field, target.header, texts, self.ctx, self.said, exact=self._plain_numbers)
        return cells_for(field, ctx, exact=exact)

    def read(self, row: Row) -> Checked:
        """Return the values of a row, which must be as wide as the header."""
        cells = [*row.cells, *self.constants] if self.constants or self._joins else row.cells
        for join in self._joins:
            join.fill(cells)
        checked = Checked(row.line, row.cells)
        self._read_simple(checked, cells)
        extra, exact = checked.extra, self.mapped.ours
        for column, name in self._extra:
            if (text := cells[column]) and (text := text if exact else text.strip()):
                extra[name] = text
        for column in self._odd_extra:
            if text := cells[column]:
                self._read_odd_extra(checked, text)
        for reader in self._lists:
            self._read_list(checked, reader, cells[reader.column])
        if self._part_order and checked.error is None:
            self._read_parts(checked, cells)
        if self._id is not None:
            checked.id = cells[self._id].strip()
        if self._links and checked.error is None:
            self._read_links(checked, cells)
        return checked

    def _read_simple(self, checked: Checked, cells: Sequence[str]) -> None:
        values = checked.values
        for column, key, converted, refuses, header in self._simple:
            text = cells[column]
            if not text:
                continue
            value = converted[text]
            if value.__class__ is Bad:
                self._bad(checked, header, text, value, refuses=refuses)
            elif value is not None:
                values[key] = value
                if converted.marks and text in converted.marks:
                    self._mark(checked, header, converted.marks[text])

    def _mark(self, checked: Checked, header: str, currency: str) -> None:
        """Use the currency in an amount as the record's currency."""
        if self._currency and checked.values.setdefault("currency", currency) != currency:
            checked.error = Issue(
                checked.line,
                header,
                TWO_CURRENCIES,
                _("The row has two currencies, {one} and {other}. Use one currency in the row.").format(
                    one=checked.values["currency"], other=currency
                ),
            )

    def _bad(self, checked: Checked, header: str, text: str, bad: Bad, *, refuses: bool) -> None:
        issue = Issue(checked.line, header, bad.code, bad.sentence)
        if refuses or bad.code == SHORTENED:
            checked.error = checked.error or issue
        else:
            issue.sentence = _("{reason} It is kept as extra.").format(reason=bad.sentence)
            checked.warnings.append(issue)
            checked.extra[header] = text

    def _read_odd_extra(self, checked: Checked, text: str) -> None:
        try:
            checked.extra.update(_texts(text))
        except BadValue as error:
            checked.error = Issue(checked.line, EXTRA, BAD_EXTRA, str(error))

    def _read_list(self, checked: Checked, reader: _Simple, text: str) -> None:
        value = reader.cells[text] if text else None
        if value.__class__ is Bad:
            self._bad(checked, reader.header, text, value, refuses=False)
        elif value:
            checked.values[reader.key] = value

    def _read_parts(self, checked: Checked, cells: Sequence[str]) -> None:
        lists: dict[str, list[Json]] = {}
        for reader in self._part_order:
            part = reader.read_plain(cells, self.resolve)
            if part:
                lists.setdefault(reader.key, []).append(part)
            elif part is None and (result := reader.read(cells, self.resolve)):
                for header, text, bad in result.bad:
                    self._bad(checked, header, text, bad, refuses=False)
                checked.extra.update(result.left)
                lists.setdefault(reader.key, []).extend(result.parts)
        for key, parts in lists.items():
            if len(parts) > 1 and not self.mapped.ours:
                parts = [part for number, part in enumerate(parts) if part not in parts[:number]]
            if parts:
                checked.values[key] = one_preferred([*checked.values.get(key, ()), *parts])

    def _read_links(self, checked: Checked, cells: Sequence[str]) -> None:
        for link in self._link_order:
            text = link_text(link.kind, link.columns, cells)
            if not text.code and not text.name:
                continue
            try:
                checked.values[link.key] = self.resolve(text)
            except BadValue as error:
                self._bad(
                    checked, link.header, text.name or text.code, Bad(UNKNOWN, str(error)), refuses=True
                )
                return


def _texts(text: str) -> dict[str, Any]:
    """Parse names and texts of `extra` from a single JSON cell."""
    import json

    try:
        texts = json.loads(text)
    except (ValueError, RecursionError):
        texts = None
    if not isinstance(texts, dict) or not all(
        isinstance(word, str) and keepable(word) for word in [*texts, *texts.values()]
    ):
        raise BadValue(
            _("This is not a JSON object with text values: {text}").format(text=text[:60]),
            _('Write for example {"Old number": "K-1"}.'),
        )
    return texts
