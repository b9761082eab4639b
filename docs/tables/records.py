"""Generate the manual's tables of fields, settings, formats and limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archive.exchange.csv_table import MAX_CELL
from archive.exchange.format import Format
from archive.exchange.formats import formats
from archive.exchange.layouts import layout_names
from archive.inputs import MOST
from archive.model.archive_settings import ArchiveSettings
from archive.model.field_types.lists import LIST_CAP, ListOf
from archive.model.field_types.standard import LINE_CAP, TAGS, TEXT_CAP, Choice, Whole
from archive.model.fields import Field, Item, Record
from archive.model.filter_fields import field_names, find_field
from archive.model.numbers import MOST_DIGITS
from archive.model.partial_date import FIRST_YEAR, LAST_YEAR
from archive.model.query import QUERY_CAP
from archive.model.records.interaction import Interaction
from archive.model.tables import by_rank
from archive.settings import Settings, declarations
from archive.ui.widgets.inputs import LONGEST_LINE
from docs.tables.examples import CTX
from docs.tables.markdown import code, table

_HEAD = ("key", "label", "type", "other names", "how to write it")


def fields() -> Iterator[str]:
    """Yield a section with the fields of each record type."""
    for cls in by_rank():
        names = " or ".join(map(code, filter(None, (cls.ALIAS, cls.TABLE))))
        yield from (f"### {cls.LABEL}: {names}", "", *_fields_of(cls), "")


def archive_settings() -> Iterator[str]:
    """Yield the settings of an archive."""
    return _fields_of(ArchiveSettings)


def _fields_of(cls: type[Record]) -> Iterator[str]:
    return table(_HEAD, _field_rows(cls, ""))


def _field_rows(cls: type[Item], before: str) -> Iterator[tuple[str, ...]]:
    for key, field in cls.FIELDS.items():
        yield (code(before + key), _label(field), field.type.name, ", ".join(field.aliases), _how(field))
        if isinstance(field.type, ListOf):
            yield from _field_rows(field.type.part, f"{before}{key}.")


def _label(field: Field) -> str:
    return f"{field.label} *" if field.required else field.label


def _how(field: Field) -> str:
    return ", ".join(field.type.options) if isinstance(field.type, Choice) else field.hint


def short_names() -> Iterator[str]:
    """Yield the names that filters accept in addition to the keys and aliases of fields."""
    rows = []
    for cls in by_rank():
        declared = {name for key, field in cls.FIELDS.items() for name in (key, *field.aliases)}
        for name in field_names(cls):
            if name not in declared and "." not in name:
                key = find_field(name, cls, CTX).key
                rows.append((code(name), cls.LABEL, code(key) if key != name else "calculated"))
    return table(("name", "in", "field"), rows)


def personal_settings() -> Iterator[str]:
    """Yield the personal settings: their defaults, and the sentences that explain them."""
    rows = (
        (code(key), code("{}" if isinstance(default, Mapping) else f'"{default}"'), _meaning(key))
        for key, default in Settings()._asdict().items()
    )
    return table(("setting", "default", "meaning"), rows)


def _meaning(key: str) -> str:
    setting = declarations()[key]
    values = "; ".join(f"{code(value)}: {label}" for value, label in setting.choices.items())
    return f"{setting.about} {values}.".replace("..", ".") if values else setting.about


def programs() -> Iterator[str]:
    """Yield the programs whose exports are recognised."""
    yield f"{', '.join(layout_names())}."


def formats_table() -> Iterator[str]:
    """Yield the file formats, and whether they can be imported and exported."""
    rows = (
        (code(form.key), " ".join(map(code, form.suffixes)), form.label, _uses(form))
        for form in formats().values()
    )
    return table(("format", "file names", "what it is", "for"), rows)


def _uses(form: Format) -> str:
    return ", ".join(["import"] * bool(form.read) + ["export"] * bool(form.write))


def limits() -> Iterator[str]:
    """Yield the limits of fields, files and archives."""
    minutes = Interaction.FIELDS["minutes"].type
    assert isinstance(minutes, Whole)
    rows = (
        ("a line of text", f"{LINE_CAP:,} characters"),
        ("a tag", f"{TAGS.cap} characters"),
        ("a long text (background, note, summary)", f"{TEXT_CAP:,} characters"),
        ("a line of a long text that you paste", f"{LONGEST_LINE:,} characters"),
        ("entries of a list (phones, addresses, ...)", f"{LIST_CAP}"),
        ("a filter", f"{QUERY_CAP:,} characters"),
        ("digits of a number", f"{MOST_DIGITS}"),
        ("a cell of an imported file", f"{MAX_CELL:,} characters"),
        ("an imported file", f"{MOST >> 30} GiB"),
        ("years of dates", f"{FIRST_YEAR} to {LAST_YEAR}"),
        ("minutes of an activity", f"{minutes.high:,}"),
    )
    return table(("what", "limit"), rows)
