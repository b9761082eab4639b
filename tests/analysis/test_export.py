"""Test exporting reports: every file contains the complete report."""

from datetime import date
from decimal import Decimal

import pytest

from archive.analysis.export import as_json, figure_headings, figures_table, table_headings, table_rows
from archive.analysis.pictures import Bar, Bars, Span, Timeline
from archive.analysis.report import COUNT, MONEY, SHARE, Column, Figure, Report, Row, Table
from archive.analysis.share import run
from archive.errors import NotFound
from tests.analysis.builders import customers, request, sale, sales_data

DAY = date(2026, 3, 1)
TABLES = (
    Table(
        key="told",
        label="Told",
        columns=(Column("name", "Name"), Column("hidden", "Hidden", COUNT, in_files_only=True)),
        rows=(Row(("a", 1), why="because"), Row(("b", 2))),
        note="A note.",
    ),
    Table(key="bare", label="Bare", columns=(Column("name", "Name"),), rows=(Row(("a",)),)),
    Table(key="none", label="None", columns=(Column("name", "Name"),), empty="Nothing here."),
)
REPORT = Report(
    name="told",
    title="Told",
    as_of=DAY,
    start=DAY,
    end=DAY,
    currency="EUR",
    n=2,
    figures=(
        Figure(
            key="rate",
            label="Rate",
            value=0.5,
            unit=SHARE,
            k=1,
            n=2,
            low=0.1,
            high=0.9,
            before=Decimal("0.25"),
            omitted="1 sale left out",
            why="1 / 2",
        ),
    ),
    tables=TABLES,
    pictures=(
        Bars(key="bars", label="Bars", bars=(Bar("a", 1.0, None, 0.5),)),
        Timeline(key="days", label="Days", spans=(Span("a", DAY, DAY),), today=DAY),
    ),
    notes=("First.", "Second."),
)


def test_json_contains_every_part_of_a_figure():
    assert as_json(REPORT)["figures"]["rate"] == {
        "value": 0.5,
        "unit": "share",
        "n": 2,
        "low": 0.1,
        "high": 0.9,
        "note": "",
        "k": 1,
        "before": "0.25",
        "omitted": "1 sale left out",
        "why": "1 / 2",
    }


def test_json_contains_table_explanations_and_chart_values():
    found = as_json(REPORT)
    assert found["tables"]["told"] == [
        {"name": "a", "hidden": 1, "why": "because"},
        {"name": "b", "hidden": 2},
    ]
    assert found["table_notes"] == {"told": "A note.", "none": "Nothing here."}
    assert found["pictures"]["bars"]["bars"] == [
        {"label": "a", "value": 1.0, "whole": None, "mark": 0.5, "note": ""}
    ]
    assert found["pictures"]["days"]["today"] == "2026-03-01"
    assert found["pictures"]["days"]["spans"][0]["start"] == "2026-03-01"


def test_csv_contains_explanations_and_notes():
    header, rate, *notes = figures_table(REPORT)
    assert dict(zip(header, rate, strict=True)) == {
        "key": "rate",
        "label": "Rate",
        "value": "0.5",
        "currency": "",
        "unit": "share",
        "n": "2",
        "low": "0.1",
        "high": "0.9",
        "note": "",
        "k": "1",
        "before": "0.25",
        "omitted": "1 sale left out",
        "why": "1 / 2",
    }
    at = header.index("note")
    assert [(row[0], row[at]) for row in notes] == [
        ("notes.1", "First."),
        ("notes.2", "Second."),
        ("tables.told.note", "A note."),
        ("tables.none.note", "Nothing here."),
    ]


def test_a_csv_table_contains_reasons_if_any():
    assert table_rows(REPORT, "told") == [["name", "hidden", "why"], ["a", "1", "because"], ["b", "2", ""]]
    assert table_rows(REPORT, "bare") == [["name"], ["a"]]
    with pytest.raises(NotFound, match="no table other"):
        table_rows(REPORT, "other")


def test_exports_exceed_a_thousand_rows():
    uids = [f"c{n}" for n in range(1_200)]
    made = run(
        sales_data(customers=customers(*uids), transactions=[sale(uid, "2026-01-01") for uid in uids]),
        request(),
    )
    assert len(as_json(made)["tables"]["customers"]) == 1_200
    assert len(table_rows(made, "customers")) == 1_201


def test_export_only_columns_are_not_on_screen():
    told, bare, _none = TABLES
    assert [column.key for column in told.on_screen().columns] == ["name"]
    assert [row.cells for row in told.on_screen().rows] == [("a",), ("b",)]
    assert bare.on_screen() is bare


def test_each_exported_column_has_a_heading_that_says_whether_the_screen_shows_it():
    assert table_headings(TABLES[0]) == [
        ("name", "Name", True),
        ("hidden", "Hidden", False),
        ("why", "Why", False),
    ]
    money = Table(key="m", label="M", columns=(Column("sum", "Sum", MONEY),))
    assert table_headings(money) == [("sum", "Sum", True), ("sum_currency", "Sum currency", True)]
    assert [heading.key for heading in figure_headings()] == figures_table(REPORT)[0]
    assert {heading.key for heading in figure_headings() if not heading.on_screen} == {
        "key",
        "k",
        "omitted",
        "why",
    }
