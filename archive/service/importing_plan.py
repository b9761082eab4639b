"""What an import would do, before it does it: what a preview shows, and what `apply` writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archive.errors import ArchiveError
from archive.exchange.mapping import Mapped
from archive.exchange.reading import Issue
from archive.exchange.sheet import IgnoredLine
from archive.store import Change

MERGES = ("fill", "overwrite", "keep", "append")
MATCHES = ("id", "code", "email", "phone", "name")
SAMPLES = 3


@dataclass(frozen=True)
class ImportOptions:
    """What a person says of a file; everything left empty is found out.

    `maps` gives fields by column ("-" leaves one out), `sets` constant values by field, also `customer.kind` and
    the like for customers that are made. `match` names what may identify a record. `merge` says what becomes of values
    that differ: fill (ours stay), overwrite (theirs win), keep (records of ours stay as they are) or append.
    `max_errors` is the number of rejected rows that is still borne, None any.
    """

    table: str = ""
    layout: str = "auto"
    maps: Mapping[str, str] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0
    raw: bool = False
    date_order: str = ""
    decimal: str = ""
    region: str = ""
    match: Sequence[str] = MATCHES
    merge: str = "fill"
    create_customers: bool = False
    max_errors: int | None = None


class Cancelled(ArchiveError):
    """The person stopped the reading; nothing was written."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value of a record of ours that the file has otherwise."""

    record: str
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A row that may be a record we have: `why` in words."""

    line: int
    name: str
    other: str
    why: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that is not taken, with the cells as they stand in the file."""

    line: int
    error: Issue
    cells: list[str]


@dataclass
class ColumnReport:
    """A column of the file: the `path` where it goes ("" where it is left out), and what stands in it.

    `how` is as in Target. `filled` counts cells, `errors` those that cannot be read there.
    """

    header: str
    path: str
    how: str
    label: str = ""
    filled: int = 0
    errors: int = 0
    samples: list[str] = field(default_factory=list)


@dataclass
class Plan:
    """The outcome of reading a file. `created`, `updated`, `same` and `rejected` together are the data rows.

    `updates` are values that will change, `kept` those that differ and stay. `settled` is the number of due items that
    new contacts settle. `notes` are sentences for people.
    `changes` is what `apply` writes; `skipped` names, afterwards, records that were edited meanwhile and stayed.
    """

    name: str
    mapped: Mapped
    options: ImportOptions
    header: list[str]
    format: str
    encoding: str
    delimiter: str
    created: int = 0
    updated: int = 0
    same: int = 0
    customers_created: int = 0
    settled: int = 0
    warnings: list[Issue] = field(default_factory=list)
    ignored: list[IgnoredLine] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)
    updates: list[Difference] = field(default_factory=list)
    kept: list[Difference] = field(default_factory=list)
    columns: list[ColumnReport] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def table(self) -> str:
        """Where the rows go."""
        return self.mapped.table

    @property
    def rejected(self) -> int:
        """Rows that are not taken."""
        return len(self.rejects)

    @property
    def duplicates(self) -> int:
        """Rows that may be a record we have, but are not surely one."""
        return len({suggestion.line for suggestion in self.suggestions})

    @property
    def rows(self) -> int:
        """The data rows of the file."""
        return self.created + self.updated + self.same + self.rejected

    @property
    def new_records(self) -> list[Mapping[str, Any]]:
        """The records that will be made, in their kept form."""
        return [change.new for change in self.changes if change.old is None and change.new]
