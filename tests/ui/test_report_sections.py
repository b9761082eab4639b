"""The columns of a report's table shrink and disappear on narrow screens."""

from dataclasses import replace
from datetime import date

from reported import REPORT

from archive.analysis.formatting import Form
from archive.analysis.report import COUNT, DATE, SHARE, TEXT, Column, Figure, Row, Table
from archive.ui.screens.report_sections import TableSection
from archive.ui.widgets.figures import NOTE_LINES, _notes
from archive.ui.widgets.table_natural import fit_natural

COLUMNS = (
    Column("name", "Customer", TEXT),
    Column("day", "Last purchase", DATE),
    Column("chance", "Orders within 90 days", SHARE),
    Column("orders", "Orders", COUNT),
)


def section(chance):
    rows = (
        Row(("Globex Foods and Sons", date(2026, 11, 20), chance, 12)),
        Row(("王建国", date(2026, 1, 3), None, 7)),
    )
    table = Table(key="t", label="T", columns=COLUMNS, rows=rows)
    return TableSection(replace(REPORT, tables=(table,)), table, Form())


def shown(found, room):
    """Return the header and the first cell of each column that is shown."""
    cells = found.cells(0)
    return [
        (f"{column.above} {column.label}".strip(), cells[column.key][: column.width])
        for column in fit_natural(found.columns, room)
    ]


def test_with_enough_room_all_columns_are_shown_and_dates_have_weekdays():
    assert shown(section(0.4), 80) == [
        ("Customer", "Globex Foods and Sons"),
        ("Last purchase", "2026-11-20 Fri"),
        ("Orders within 90 days", "40 %"),
        ("Orders", "12"),
    ]


def test_an_empty_column_is_dropped_before_the_last_column():
    assert [label for label, _cell in shown(section(None), 50)] == ["Customer", "Last purchase", "Orders"]
    labels = [label for label, _cell in shown(section(0.4), 55)]
    assert labels == ["Customer", "Last purchase", "Orders within 90 days", "Orders"]


def test_a_date_loses_its_weekday_before_a_name_is_cut():
    assert shown(section(None), 46)[:2] == [
        ("Customer", "Globex Foods and Sons"),
        ("Last purchase", "2026-11-20"),
    ]


def test_a_note_that_is_cut_ends_with_an_ellipsis():
    figure = Figure(key="f", label="F", value=None, unit=SHARE, note="one more customer was lost " * 9)
    lines = _notes(figure, 24)
    assert len(lines) == NOTE_LINES
    assert lines[-1].endswith("…")
    assert _notes(replace(figure, note="no wallet"), 24) == ["no wallet"]
