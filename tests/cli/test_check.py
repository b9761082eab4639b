"""`archive check` reports problems in the records, `archive fields` lists the fields of each table."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.model.tables import TABLES, stored_name

Tables = dict[str, dict[str, dict[str, Any]]]


@pytest.fixture
def spoil(filled: Path) -> Callable[[Callable[[Tables], None]], None]:
    """Return a function that changes the archive file directly."""

    def changed(change: Callable[[Tables], None]) -> None:
        tables = json.loads(filled.read_text(encoding="utf-8"))
        change(tables)
        filled.write_text(json.dumps(tables), encoding="utf-8")

    return changed


def test_a_missing_archive_has_no_problems(call, path: Path) -> None:
    assert call("check") == (0, f"There is no archive yet at {path}.\n", "")


def test_a_sound_archive_is_counted(call, filled: Path) -> None:
    assert call("check") == (
        0,
        "Customers: 3, Products: 1, Transactions: 2, Activities: 1\nNo problems were found.\n",
        "",
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t["customers"]["1"].pop("kind"), "customers C-00001: Kind is required."),
        (
            lambda t: t["customers"]["3"].update(referred_by="gone"),
            "customers C-00003: Referred by refers to a record that does not exist.",
        ),
        (
            lambda t: t["customers"]["2"].update(positions=[{"organisation": "gone"}]),
            "customers C-00002: Organisation refers to a record that does not exist.",
        ),
        (lambda t: t["customers"]["2"].update(code="C-00001"), "customers: 2 records have the code C-00001."),
    ],
)
def test_a_problem_is_reported_with_code_65(call, spoil, change, said: str) -> None:
    spoil(change)
    answer = call("check")
    assert answer.code == 65
    assert answer.lines[0] == said
    assert answer.lines[-1] == "1 problem was found."


def test_a_record_with_a_value_of_the_wrong_type_is_named(call, spoil) -> None:
    spoil(lambda tables: tables["customers"]["1"].update(grade=5))
    assert "grade of record 1 in customers has a value of the wrong type." in call("check").lines[0]


def test_records_without_a_code_are_named_by_their_id(call, spoil) -> None:
    spoil(lambda tables: tables["interactions"]["1"].update(customer="gone"))
    lines = call("check").lines
    assert lines[0].startswith("activities ")
    assert lines[0].endswith(": Customer refers to a record that does not exist.")


def test_invalid_dates_of_older_versions_are_reported_and_the_archive_still_opens(call, spoil) -> None:
    loss = {"lost_on": "2023-05-01", "won_back_on": "2023-06-01"}

    def older(tables: Tables) -> None:
        tables["customers"]["1"].update(birthday="2999-01-01")
        tables["customers"]["2"].update(
            customer_since="2024-05-01", lost_on="2023-01-01", earlier_losses=[loss]
        )
        tables["contracts"]["1"] = {
            "uid": "b" * 16,
            "customer": tables["customers"]["1"]["uid"],
            "number": "K-1",
            "start": "2026-12-31",
            "end": "2026-01-01",
        }

    spoil(older)
    answer = call("check")
    name = call("list", "code:C-00001", "--columns", "full_name", "--format", "csv").lines[1]
    assert answer.code == 65
    assert answer.lines[0].startswith("customers C-00001: The birthday 2999-01-01 is after today, ")
    assert answer.lines[0].endswith(" Correct the year or leave it out.")
    assert answer.lines[1:5] == [
        'customers C-00002: The lost date 2023-01-01 is before the "customer since" date 2024-05-01. '
        "Change one of them.",
        "customers C-00002: The lost date 2023-01-01 is before the earlier won-back date 2023-06-01. "
        "Change one of them.",
        "customers C-00002: 1 loss begins when the customer was already lost, so reports ignore it. Change the "
        "dates, or delete the loss from Earlier losses.",
        f"contracts {'b' * 16} ({name} K-1): The end date 2026-01-01 is before the start date 2026-12-31. "
        "Change one of them.",
    ]
    assert answer.lines[-1] == "5 problems were found."


def test_a_check_changes_nothing(call, filled: Path) -> None:
    before = filled.read_bytes()
    call("check")
    assert filled.read_bytes() == before


@pytest.mark.parametrize("table", TABLES)
def test_every_field_of_a_table_is_listed(call, table: str) -> None:
    answer = call("fields", table)
    keys = [line.split()[0] for line in answer.lines[2:]]
    assert answer.code == 0
    assert [key for key in keys if "." not in key] == list(TABLES[table].FIELDS)


def test_without_a_table_the_fields_of_all_tables_are_listed(call) -> None:
    headings = [line.split(":")[0] for line in call("fields").lines if ": " in line and line[0] != " "]
    assert [stored_name(heading) for heading in headings if stored_name(heading) in TABLES] == list(TABLES)


def test_types_choices_hints_and_parts_are_listed(call) -> None:
    lines = call("fields", "customers").lines
    rows = {line.split()[0]: line for line in lines}
    assert "person, organisation" in rows["kind"]
    assert "(required)" in rows["kind"]
    assert "name" in rows["full_name"].split()
    assert "Asia/Shanghai" in rows["time_zone"]
    assert "addresses.city" in rows


def test_an_unknown_table_is_a_usage_error(call) -> None:
    assert call("fields", "product").code == 2


def test_an_invalid_date_is_the_only_problem_reported(call, spoil) -> None:
    spoil(lambda t: t["customers"]["1"].update(customer_since="soon"))
    answer = call("check")
    assert answer.code == 65
    assert "customer_since" in answer.lines[0]
    assert answer.lines[1:] == [
        "1 problem was found.",
        "To recover everything that can be read, use `archive repair`.",
    ]
