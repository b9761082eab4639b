"""`archive list`: filters, columns and formats."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from archive.model.tables import TABLES, public_name
from archive.service.archive import local_now

YESTERDAY = (local_now().date() - timedelta(days=1)).isoformat()
TODAY = local_now().date().isoformat()


def test_a_text_table_has_labels_and_aligned_columns(call, filled: Path) -> None:
    header, *rows = call("list").lines
    assert header.split("  ")[0] == "Code"
    assert [row.split("  ")[0] for row in rows] == ["C-00003", "C-00001", "C-00002"]
    assert "North Foods" in rows[1]
    assert "710 EUR" in rows[1]
    assert header.index("Status") == rows[1].index("active")


def test_csv_has_keys_and_plain_values(call, filled: Path) -> None:
    rows = list(csv.reader(io.StringIO(call("list", "north", "--format", "csv").out)))
    assert rows == [
        ["code", "full_name", "status", "last", "bought", "value", "value_currency", "value_apart"],
        ["C-00001", "North Foods", "active", TODAY, YESTERDAY, "710", "EUR", ""],
    ]


def test_json_output_is_nothing_but_json_with_decimals_as_strings(call, filled: Path) -> None:
    answer = call("list", "--format", "json")
    rows = json.loads(answer.out)
    assert answer.err == ""
    assert rows[1] == {
        "code": "C-00001",
        "full_name": "North Foods",
        "status": "active",
        "last": TODAY,
        "bought": YESTERDAY,
        "value": "710",
        "value_currency": "EUR",
        "value_apart": None,
    }
    assert rows[2]["value"] is None
    assert "王建国" in answer.out


def test_an_empty_result_is_no_error(call, filled: Path) -> None:
    assert (
        call("list", "nobody").lines == [call("list").lines[0].rstrip()] or call("list", "nobody").code == 0
    )
    assert call("list", "nobody", "--format", "json").out == "[]\n"
    assert len(call("list", "nobody", "--format", "csv").lines) == 1


def test_a_query_may_be_several_words_and_begin_with_a_dash(call, filled: Path) -> None:
    def codes(*words: str) -> list[str]:
        return [line.split()[0] for line in call("list", *words).lines[1:]]

    assert codes("status:active", "tag:vip") == ["C-00001"]
    assert codes("-has:phone") == ["C-00003", "C-00001"]
    assert codes("--", "-has:phone", "ann") == ["C-00003"]
    assert codes("city:Bonn | tag:vip") == ["C-00003", "C-00001"]


@pytest.mark.parametrize(
    ("query", "said"),
    [("(ann", "without a matching )"), ("has:cty", "Did you mean city"), ("last:>", "no value after")],
)
def test_an_invalid_query_is_explained(call, filled: Path, query: str, said: str) -> None:
    answer = call("list", query)
    assert answer.code == 2
    assert answer.out == ""
    assert said in answer.err


def test_columns_can_be_keys_aliases_ids_and_codes_of_linked_records(call, filled: Path) -> None:
    columns = "id, code，name,phone,city,referred_by.code,referred_by.name,orders,tag"
    answer = call("list", "ann", "--columns", columns, "--format", "json")
    (row,) = json.loads(answer.out)
    assert len(row.pop("id")) == 16
    assert row == {
        "code": "C-00003",
        "full_name": "Ann Bell",
        "phone": None,
        "city": "Bonn",
        "referred_by.code": "C-00001",
        "referred_by.name": "North Foods",
        "orders": "0",
        "tags": None,
    }


def test_lists_stay_lists_in_json(call, filled: Path) -> None:
    (row,) = json.loads(call("list", "north", "--columns", "tags", "--format", "json").out)
    assert row == {"tags": ["vip"]}


def test_the_error_for_an_unknown_column_suggests_the_nearest(call, filled: Path) -> None:
    answer = call("list", "--columns", "code,stauts")
    assert answer.code == 2
    assert "Customers has no column stauts. Did you mean status" in answer.err
    assert "`archive fields` lists them." in call("list", "--columns", "zzz").err


def test_the_error_for_an_unknown_table_lists_the_tables(call, filled: Path) -> None:
    answer = call("list", "--table", "zzz")
    assert answer.code == 2
    assert all(public_name(table) in answer.err for table in TABLES)
    assert "Did you mean transactions" in call("list", "--table", "transaction").err


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_every_table_can_be_listed_in_every_format(call, filled: Path, table: str, form: str) -> None:
    answer = call("list", "--table", table, "--format", form)
    assert answer.code == 0
    assert answer.out


def test_a_purchase_can_be_listed_with_the_code_of_its_customer(call, filled: Path) -> None:
    rows = csv.DictReader(io.StringIO(call("list", "--table", "transactions", "--format", "csv").out))
    assert [(row["customer.code"], row["customer.name"], row["product"], row["amount"]) for row in rows] == [
        ("C-00001", "North Foods", "Rice", "710"),
        ("C-00001", "North Foods", "sugar", "6"),
    ]


def test_a_linked_name_without_a_record_has_no_code(call, filled: Path) -> None:
    answer = call("list", "sugar", "--table", "transactions", "--columns", "product.code", "--format", "json")
    assert json.loads(answer.out) == [{"product.code": None}]


def test_hostile_names_are_clean_as_text_and_exact_as_data(call, path: Path, hostile: str) -> None:
    name = hostile.strip() or "x"
    assert call("add", "customers", "kind=person", f"name={name}").code == 0
    text = call("list", "--columns", "name").out
    assert not any((ord(char) < 32 and char != "\n") or 0x7F <= ord(char) < 0xA0 for char in text)
    assert json.loads(call("list", "--columns", "name", "--format", "json").out) == [{"full_name": name}]
    rows = list(csv.reader(io.StringIO(call("list", "--columns", "name", "--format", "csv").out)))
    assert rows[1] == [f"'{name}" if name.startswith("=") else name]


def test_formulas_are_guarded_in_csv(call, path: Path) -> None:
    call("add", "customers", "kind=person", "name==1+1")
    answer = call("list", "--columns", "name", "--format", "csv")
    assert answer.out == "full_name\n'=1+1\n"


def test_a_text_that_a_spreadsheet_would_split_is_quoted(call, path: Path) -> None:
    call("add", "customers", "kind=person", "code=1", "name=x;=1+1")
    answer = call("list", "--columns", "name,code", "--format", "csv")
    assert answer.out == 'full_name,code\n"x;\'=1+1",1\n'


def test_a_text_with_a_colon_is_searched_for_and_a_misspelt_field_is_reported(call, filled: Path) -> None:
    answer = call("list", "cty:Bonn")
    assert answer.code == 0
    assert "There is no field cty" in answer.err
    assert "Did you mean city" in answer.err
    assert call("list", "http://nowhere.example").err == ""


def test_a_customer_found_through_another_record_shows_which(call, filled: Path) -> None:
    code = call("list", "--columns", "code", "--format", "csv").out.split()[1]
    assert call("log", code, "call talked about the zanzibar harvest").code == 0
    answer = call("list", "zanzibar")
    assert "Found in" in answer.out
    assert "activity 20" in answer.out
    assert "Found in" not in call("list", code).out
    csv = ("list", "zanzibar", "--format", "csv", "--columns")
    assert "activity 20" in call(*csv, "code,found_in").out
    assert "contact" not in call(*csv, "code").out
