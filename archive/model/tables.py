"""The record types by table name, found in the modules of `archive.model.records`."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from archive.model import records
from archive.model.archive_settings import ArchiveSettings
from archive.model.fields import Record


def _record_types() -> Iterator[type[Record]]:
    """Yield the record types that the modules of the package define; a module without a record type is skipped."""
    files = (file for folder in records.__path__ for file in sorted(Path(folder).glob("[a-z]*.py")))
    for file in files:  # pkgutil would take 10 ms longer
        module = import_module(f"{records.__name__}.{file.stem}")
        for cls in vars(module).values():
            if isinstance(cls, type) and issubclass(cls, Record) and cls.__module__ == module.__name__:
                yield cls


def _with_links_first(types: dict[str, type[Record]]) -> dict[str, type[Record]]:
    """Sort record types by rank, but each after the types that its fields link to."""
    ordered: dict[str, type[Record]] = {}

    def add(cls: type[Record]) -> None:
        linked = {getattr(field.type, "table", cls.TABLE) for field in cls.FIELDS.values()} - {cls.TABLE}
        for other in sorted((types[table] for table in linked - ordered.keys()), key=_rank):
            add(other)
        ordered[cls.TABLE] = cls

    for cls in sorted(types.values(), key=_rank):
        if cls.TABLE not in ordered:
            add(cls)
    return ordered


def _rank(cls: type[Record]) -> tuple[int, str]:
    return cls.RANK, cls.TABLE


TABLES: dict[str, type[Record]] = _with_links_first({cls.TABLE: cls for cls in _record_types()})
"""The record types; a type comes after those it refers to, the order in which a file with all tables is imported."""
STORED: dict[str, type[Record]] = {**TABLES, ArchiveSettings.TABLE: ArchiveSettings}
"""All stored tables: `TABLES` and the archive's settings, a table with a single record."""
OF_A_CUSTOMER: tuple[str, ...] = tuple(name for name, cls in TABLES.items() if "customer" in cls.FIELDS)
"""The tables whose records belong to a customer and are deleted with it."""


def by_rank() -> list[type[Record]]:
    """Return the record types in the order in which screens list them."""
    return sorted(TABLES.values(), key=_rank)


def public_name(table: str) -> str:
    """Return the name of a table for commands and messages; archives keep the stored name."""
    return (STORED[table].ALIAS if table in STORED else "") or table


def stored_name(name: str) -> str:
    """Return the stored name of a table that a user named by its public or its stored name; other names unchanged."""
    return next((table for table, cls in STORED.items() if cls.ALIAS and name == cls.ALIAS), name)
