"""Texts and table rows that show an import plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual.content import Content

from archive.exchange.format import BEFORE_HEADER, FOOTER
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Link
from archive.model.fields import Field
from archive.model.tables import TABLES
from archive.service.importing.plan import ColumnReport, Plan
from archive.text import N_, _, plural
from archive.ui.safe_text import template
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_lines import tone_key

COLUMNS = [
    Column("column", N_("Column"), 14, 1),
    Column("field", N_("Field"), 16, 1),
    Column("samples", N_("Samples"), 20, 3, 2, secondary=True),
    Column("filled", N_("Filled"), 6, 0, 3, "right"),
    Column("errors", N_("Errors"), 6, 0, 1, "right"),
]
ROWS = [
    Column("line", N_("Line"), 6, 0, 1, "right"),
    Column("what", N_("Result"), 9),
    Column("name", N_("Record"), 14, 1),
    Column("detail", N_("Details"), 24, 3),
]
_REASONS = {BEFORE_HEADER: N_("above the header"), FOOTER: N_("below the table")}


def no_file_text() -> Content:
    """Return the text shown before a file is chosen."""
    return template(
        _(
            "No file chosen.\n\nPress [b]f[/b] to choose a file, or [b]p[/b] to enter its path.\n"
            "Nothing is imported until you press ctrl+s."
        )
    )


def nothing_to_review() -> Content:
    """Return the text shown if no row needs a review."""
    return template(
        _(
            "Nothing to review: all rows are new or unchanged.\n\n"
            "Press [b]tab[/b] for the columns, [b]ctrl+s[/b] to import."
        )
    )


def progress_line(done: int, total: int, seconds: float) -> str:
    """Return the progress text: rows read, speed, and time left."""
    if seconds < 0.5 or not done:
        return _("Reading row {done} of {total}. esc cancels.").format(done=f"{done:,}", total=f"{total:,}")
    speed = done / seconds
    seconds_left = max(0, round((total - done) / speed))
    return _("Reading row {done} of {total}: {speed} rows/s, {left} s left. esc cancels.").format(
        done=f"{done:,}", total=f"{total:,}", speed=f"{speed:,.0f}", left=seconds_left
    )


def found_line(plan: Plan | None) -> Content:
    """Return the line about the detected format of the file."""
    if plan is None:
        return Content()
    delimiter = {"\t": _("tab")}.get(plan.delimiter, plan.delimiter)
    sign = _("delimiter {sign}").format(sign=delimiter) if delimiter else ""
    parts = [_(TABLES[plan.table].LABEL), _(plan.format.label), plan.encoding, sign, *plan.notes]
    return template("[$foreground 60%]$parts[/]", parts=" · ".join(filter(None, parts)))


def outcome_lines(plan: Plan | None) -> Content:
    """Return the lines about the outcome of the import, with figures in bold."""
    if plan is None:
        return Content()
    figures = [
        (plan.created, _("new")),
        (plan.updated, _("updated")),
        (plan.same, _("unchanged")),
        (plan.customers_created, plural("customer created", "customers created", plan.customers_created)),
        (plan.duplicates, plural("possible duplicate", "possible duplicates", plan.duplicates)),
        (plan.rejected, _("rejected")),
        (len(plan.warnings), plural("warning", "warnings", len(plan.warnings))),
        (len(plan.ignored), plural("line ignored", "lines ignored", len(plan.ignored))),
    ]
    figures_shown = [template("[b]$n[/b] $what", n=f"{n:,}", what=label) for n, label in figures[:3]]
    figures_shown += [
        template("[$text-warning]$n $what[/]", n=f"{n:,}", what=label) for n, label in figures[3:] if n
    ]
    figures_line = Content(", ").join(figures_shown)
    if not _misses_customers(plan):
        return figures_line
    way_out = template(_("Some customers are unknown: press [b]o[/b] to create them."))
    return Content("\n").join([figures_line, way_out])


def _misses_customers(plan: Plan) -> bool:
    """Return whether rows are rejected because their customer is unknown."""
    return any(column.errors and column.path.partition(".")[0] == "customer" for column in plan.columns)


def column_cells(plan: Plan) -> list[Mapping[str, str]]:
    """Return a table row for each column of the file."""
    rows = max(1, plan.created + plan.updated + plan.same + plan.rejected)
    return [_column_row(column, plan.table, rows) for column in plan.columns]


def _column_row(column: ColumnReport, table: str, rows: int) -> Mapping[str, str]:
    is_extra = column.path.startswith("extra.")
    target = (
        _("(ignored)")
        if not column.path
        else _("(kept as extra)")
        if is_extra
        else _title(table, column.path)
    )
    return {
        "column": column.header,
        "field": target,
        "samples": " · ".join(column.samples),
        "filled": f"{column.filled * 100 // rows} %",
        "errors": f"{column.errors} !" if column.errors else "",
        tone_key("field"): "dim" if not column.path or is_extra else "",
        tone_key("errors"): "warn" if column.errors else "",
    }


def _title(table: str, path: str) -> str:
    """Return the title of a field path: "phones.1.value" is "Phone 1 · Number"."""
    fields: Mapping[str, Field] = TABLES[table].FIELDS
    titles: list[str] = []
    for part in path.split("."):
        field = fields.get(part)
        if field is None and part.isdigit() and titles:
            titles[-1] += f" {part}"
            continue
        if field is None:
            titles.append(part)
            continue
        titles.append(field.title)
        if isinstance(field.type, ListOf):
            fields = field.type.part.FIELDS
        elif isinstance(field.type, Link):
            fields = TABLES[field.type.table].FIELDS
    return " · ".join(titles)


def row_cells(plan: Plan) -> list[Mapping[str, str]]:
    """Return a table row for each item to review: changes, possible duplicates, rejects, warnings, ignored lines."""
    return [
        dict(zip(("line", "what", "name", "detail", tone_key("what")), row, strict=True))
        for row in _rows(plan)
    ]


def _rows(plan: Plan) -> Iterator[tuple[str, str, str, str, str]]:
    for reject in plan.rejects:
        yield str(reject.line), _("rejected"), reject.error.column, reject.error.sentence, "warn"
    for suggestion in plan.suggestions:
        detail = _("possibly {other}: {why}").format(other=suggestion.other, why=suggestion.why)
        yield str(suggestion.line), _("duplicate"), suggestion.name, detail, "warn"
    for change in plan.updates:
        detail = f"{_title(plan.table, change.field)}: {change.old or _('(empty)')} -> {change.new}"
        yield "", _("update"), change.record, detail, ""
    for difference in plan.kept:
        yield (
            "",
            _("kept"),
            difference.record,
            f"{_title(plan.table, difference.field)}: {difference.old}  ({difference.new})",
            "dim",
        )
    for warning in plan.warnings:
        yield str(warning.line), _("warning"), warning.column, warning.sentence, "dim"
    for line in plan.ignored:
        yield str(line.line), _("ignored"), _(_REASONS.get(line.reason, line.reason)), line.text, "dim"


def field_choices(table: str) -> list[tuple[str, str]]:
    """List the targets for a column: no field, each field, and the parts of lists."""
    choices = [("-", _("(ignore the column)"))]
    for key, field in TABLES[table].FIELDS.items():
        if isinstance(field.type, ListOf):
            choices += [
                (f"{key}.{number}.{part}", f"{field.title} {number} · {inner.title}")
                for number in (1, 2, 3)
                for part, inner in field.type.part.FIELDS.items()
            ]
        else:
            choices.append((key, field.title))
    return choices
