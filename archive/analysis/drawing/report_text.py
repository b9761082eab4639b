"""A complete report as lines of text, as printed by `archive report`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.analysis.drawing.draw import draw
from archive.analysis.drawing.style import Room, fit, paragraph, text_of, tidy
from archive.analysis.formatting import (
    Form,
    cases,
    cell,
    change,
    column_places,
    form_of,
    header,
    interval,
    is_number,
    with_unit,
    without_unit,
)
from archive.analysis.report import COUNT, DATE, Figure, Report, Table
from archive.model.dates import show_date
from archive.model.field_types.base import Context
from archive.text import _, cell_width

GAP = "  "
_HEIGHT = 24  # lines of a chart
_NARROWEST = 8  # minimum cells of a text column
_SHORT = 12  # cells of short texts such as contract numbers, which are truncated last
_INDENT = "  "


def text_lines(report: Report, width: int, ctx: Context) -> Iterator[str]:
    """Yield the report at a given width: figures, charts, tables, notes. Numbers are never truncated."""
    form = form_of(report, ctx)
    yield tidy(report.title)
    yield from paragraph(subtitle(report, form), width, "")
    yield ""
    yield from _figures(report.figures, width, form)
    for picture in report.pictures:
        yield ""
        yield from map(text_of, draw(picture, Room(width, _HEIGHT, form)))
    for table in report.tables:
        yield ""
        yield from _table(table, width, form)
    if report.notes:
        yield ""
    for note in report.notes:
        yield from paragraph(f"* {note}", width, "  ")


def subtitle(report: Report, form: Form) -> str:
    """Return the as-of date, period, currency and number of records of a report."""
    period = _("{start} to {end}").format(start=report.start, end=report.end)
    as_of = _("as of {day}").format(day=show_date(report.as_of))
    return " · ".join(filter(None, (as_of, period, form.currency, cases(report.n, form))))


def _figures(figures: Sequence[Figure], width: int, form: Form) -> Iterator[str]:
    """Yield label, value, interval, cases and change of each figure, with its note and omissions."""
    lines = [
        [figure.label, with_unit(figure.value, figure.unit, form), _about(figure, form)] for figure in figures
    ]
    label, value = _cells(lines, 0, width // 2), _cells(lines, 1, width)
    for (name, value_text, about), figure in zip(lines, figures, strict=True):
        head = f"{fit(name, label)}{GAP}{fit(value_text, value, 'right')}"
        yield from _with_details(head, (about, tidy(figure.note), tidy(figure.omitted)), width)


def _with_details(head: str, texts: Sequence[str], width: int) -> Iterator[str]:
    """Yield the text after a figure, continued on lines below once there is no space."""
    rest: list[str] = []
    for text in filter(None, texts):
        if not rest and cell_width(head) + len(GAP) + cell_width(text) <= width:
            head += GAP + text
        else:
            rest.append(text)
    yield head
    for text in rest:
        yield from paragraph(_INDENT + text, width, _INDENT)


def _about(figure: Figure, form: Form) -> str:
    limits = interval(figure, form)
    parts = (f"({limits})" if limits else "", cases(figure.n, form), change(figure, form))
    return GAP.join(filter(None, parts))


def _cells(lines: Sequence[Sequence[str]], index: int, most: int) -> int:
    return min(most, max((cell_width(tidy(line[index])) for line in lines), default=0))


def _table(table: Table, width: int, form: Form) -> Iterator[str]:
    table = table.on_screen()
    count = without_unit(len(table.rows), COUNT, form)
    yield f"{tidy(table.label)} ({count})" if table.rows else tidy(table.label)
    if not table.rows:
        yield from paragraph(_INDENT + table.empty, width, _INDENT)
        return
    if table.note:
        yield from paragraph(_INDENT + table.note, width, _INDENT)
    lines = [[header(column, form) for column in table.columns], *table_texts(table, form)]
    numbers = [is_number(column.unit) for column in table.columns]
    rigid = [right or column.unit == DATE for right, column in zip(numbers, table.columns, strict=True)]
    widths = _fit_widths(
        [_cells(lines, index, 10_000) for index in range(len(numbers))], rigid, width - len(_INDENT)
    )
    for line in lines:
        cells = (
            fit(text, cells, "right" if right else "left")
            for text, cells, right in zip(line, widths, numbers, strict=True)
        )
        yield (_INDENT + GAP.join(cells)).rstrip()


def table_texts(table: Table, form: Form) -> list[list[str]]:
    """Format the cells of a table; all amounts in a column have the same decimals."""
    decimals = [
        column_places([row.cells[index] for row in table.rows], column.unit, form)
        for index, column in enumerate(table.columns)
    ]
    return [
        [
            cell(value, column, form, number)
            for value, column, number in zip(row.cells, table.columns, decimals, strict=True)
        ]
        for row in table.rows
    ]


def _fit_widths(widths: list[int], rigid: Sequence[bool], room: int) -> list[int]:
    """Return column widths that fit in a line.

    The widest texts are shortened first, as long as they stay readable, then short texts; numbers and dates never.
    """
    result = list(widths)
    texts = [index for index, is_rigid in enumerate(rigid) if not is_rigid]
    for candidates in ([index for index in texts if widths[index] > _SHORT], texts):
        while candidates and sum(result) + len(GAP) * (len(result) - 1) > room:
            index = max(candidates, key=result.__getitem__)
            if result[index] <= _NARROWEST:
                break
            result[index] -= 1
    return result
