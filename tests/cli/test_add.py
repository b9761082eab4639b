"""`archive add` creates records from key=value arguments."""

import json
from pathlib import Path
from typing import Any

import pytest

from archive.cli._values import read_record
from archive.errors import BadValue, UsageError
from archive.model.records.customer import Customer
from archive.service.archive import Archive


def kept(call, code: str) -> dict[str, Any]:
    customer = json.loads(call("show", code, "--format", "json").out)["customer"]
    return {key: value for key, value in customer.items() if key not in ("id", "code")}


def test_a_missing_archive_is_created_and_the_code_printed(call, path: Path) -> None:
    assert call("add", "customers", "kind=person", "full_name=Ann Bell") == (0, "C-00001\n", "")
    assert path.exists()


def test_the_id_of_a_record_without_a_code_is_printed(call, filled: Path) -> None:
    answer = call("add", "interactions", "customer=C-00002", "at=2026-11-20 14:30", "summary=a=b")
    assert len(answer.out.strip()) == 16
    assert "a=b" in call("list", "--table", "interactions", "--columns", "summary").out


def test_values_are_parsed_as_in_a_form(call, path: Path) -> None:
    call(
        "add", "customers", "kind=pers", "name=Ann", "birthday=1980-04-03", "since=2020-02-01",
        "category=Wholesale>East", "do_not_contact=yes", "rhythm_ideal=30",
    )  # fmt: skip
    assert kept(call, "C-00001") == {
        "kind": "person",
        "full_name": "Ann",
        "birthday": "1980-04-03",
        "customer_since": "2020-02-01",
        "category": "Wholesale / East",
        "do_not_contact": True,
        "rhythm_ideal": 30,
    }


def test_a_repeated_key_adds_to_a_list(call, path: Path) -> None:
    call(
        "add", "customers", "kind=person", "name=Ann", "phones=0171 555 0102 work", "phone=0171 555 0103 *",
        "tags=vip", "tag=a,b", "addresses.city=Bonn", "addresses.1.street=Hof 1", "addresses.2.city=Ulm",
        'positions=[{"organisation":{"name":"North"}}]', "position.title=buyer", "positions.organisation=South",
        "extra.route=7",
    )  # fmt: skip
    assert kept(call, "C-00001") == {
        "kind": "person",
        "full_name": "Ann",
        "tags": ["vip", "a", "b"],
        "phones": [
            {"value": "0171 555 0102", "label": "work"},
            {"value": "0171 555 0103", "preferred": True},
        ],
        "addresses": [{"street": "Hof 1", "city": "Bonn"}, {"city": "Ulm"}],
        "positions": [
            {"organisation": {"name": "North"}},
            {"organisation": {"name": "South"}, "title": "buyer"},
        ],
        "extra": {"route": "7"},
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["name"], "name is not of the form key=value."),
        (["=x"], "=x is not of the form key=value."),
        (["ful_name=x"], "There is no field ful_name. Did you mean full_name"),
        (["foo.bar=x"], "There is no field foo."),
        (["phones.x.value=1"], "There is no field phones.x.value."),
        (["status.x=1"], "There is no field status.x."),
        (["phones.valu=1"], "There is no field valu. Did you mean value"),
        (["name=a", "full_name=b"], "full_name is given twice. Remove one of them."),
        (["extra.a=a", "extra.a=b"], "extra.a is given twice. Remove one of them."),
        (["phones.value=1", "phones.1.value=2"], "phones.1.value is given twice. Remove one of them."),
    ],
)
def test_an_invalid_argument_is_a_usage_error(call, path: Path, words: list[str], said: str) -> None:
    answer = call("add", "customers", *words)
    assert answer.code == 2
    assert said in answer.err
    assert not path.exists()


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["birthday=soon"], "birthday"),
        (["phones=none"], "phones"),
        (["phones.value=none"], "phones.value"),
        (["messengers.service=x"], "value"),
        (["referred_by.=x"], "referred_by."),
    ],
)
def test_the_error_for_an_invalid_value_names_its_field(
    archive: Archive, words: list[str], field: str
) -> None:
    with pytest.raises((BadValue, UsageError)) as caught:
        read_record(Customer, words, archive.ctx)
    assert getattr(caught.value, "field", "") == field or field in caught.value.message


def test_the_error_for_a_missing_value_names_its_key(call, path: Path) -> None:
    answer = call("add", "customers", "full_name=Ann")
    assert answer == (65, "", "archive: kind: Kind is required.\n")
    assert not path.exists()


def test_a_taken_code_is_refused(call, filled: Path) -> None:
    answer = call("add", "customers", "kind=person", "name=Bo", "code=C-00001")
    assert answer.code == 65
    assert "code: The code C-00001 is already used by North Foods." in answer.err


def test_an_unknown_table_is_a_usage_error(call, path: Path) -> None:
    assert call("add", "custommers", "name=x").code == 2
    assert not path.exists()


def test_a_currency_chosen_by_the_program_is_reported(call, filled: Path) -> None:
    answer = call("add", "transactions", "customer=C-00001", "on=2026-01-02", "amount=5")
    assert answer.code == 0
    assert answer.err == "No currency was given, so EUR was used.\n"  # the currency of this customer's sales
    named = call("add", "transactions", "customer=C-00001", "on=2026-01-02", "amount=5", "currency=EUR")
    assert named.err == ""
    assert call("add", "transactions", "customer=C-00001", "on=2026-01-02").err == ""
