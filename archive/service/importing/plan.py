"""The options and the plan of an import: the changes and issues that a preview shows and `apply` writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from archive.errors import ArchiveError
from archive.exchange.format import Format, IgnoredLine
from archive.exchange.mapping import Mapped
from archive.exchange.reading import Issue
from archive.store import Change

MERGES = ("fill", "overwrite", "keep", "append")
MATCHES = ("id", "code", "email", "phone", "name")
SAMPLES = 3


@dataclass(frozen=True)
class ImportOptions:
    """How to read a file. Empty options are detected automatically.

    Attributes:
        table: The table.
        format: The file format.
        sheet: The sheet of the file, if it has several.
        layout: The program that wrote the file.
        maps: The field of each column, "-" to ignore the column.
        sets: Constant values by field; `customer.kind` and the like apply to customers that are created.
        encoding, delimiter, date_order, decimal: As in the file.
        header_row: The line of the header, from 1; 0 to detect it.
        raw: Whether formulas in the file are not escaped.
        region: The default country of phone numbers.
        match: What may identify an existing record, some of MATCHES.
        merge: What to do if values differ: fill (set empty fields only), overwrite, keep (do not change existing
            records), or append.
        create_customers: Whether to create unknown customers.
        max_errors: The maximum number of rejected rows, None for no limit.
    """

    table: str = ""
    format: str = ""
    sheet: str = ""
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
    """The user cancelled the import; nothing was written."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that differs between an existing record and the file."""

    record: str
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A row that may be a duplicate of an existing record, with the reason as text."""

    line: int
    name: str
    other: str
    why: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A rejected row, with the original cells."""

    line: int
    error: Issue
    cells: list[str]


@dataclass
class ColumnReport:
    """A column of the file, with samples of its contents.

    `path` is the field to which it is mapped, "" if it is ignored, and `how` the reason as in Target. `filled` is the
    number of non-empty cells, `errors` the number of issues.
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
    """The planned changes of a file. `created`, `updated`, `same` and `rejected` add up to the number of data rows.

    `encoding`, `delimiter` and `sheets` are as in Source. `updates` lists values that will change, `kept` values that
    differ but will not. `settled` is the number of due items that new activities settle. `notes` are messages to the
    user. `apply` writes `changes`, and adds to `skipped` the names of records that were edited since the plan was made.
    """

    name: str
    mapped: Mapped
    options: ImportOptions
    header: list[str]
    format: Format
    encoding: str
    delimiter: str
    sheets: tuple[str, ...] = ()
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
        """The table of the rows."""
        return self.mapped.table

    @property
    def rejected(self) -> int:
        """The number of rejected rows."""
        return len(self.rejects)

    @property
    def duplicates(self) -> int:
        """The number of rows that may be duplicates of existing records."""
        return len({suggestion.line for suggestion in self.suggestions})

    @property
    def rows(self) -> int:
        """The number of data rows in the file."""
        return self.created + self.updated + self.same + self.rejected
