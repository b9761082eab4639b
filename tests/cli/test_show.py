"""`archive show` prints a customer's profile as text, Markdown or JSON."""

import json
from pathlib import Path

import pytest

from archive.cli._profile import NEWEST


def test_the_profile_has_the_filled_sections_and_the_newest_records(call, filled: Path) -> None:
    answer = call("show", "C-00001")
    assert answer.code == 0
    assert answer.lines[0] == "North Foods  C-00001"
    assert [line for line in answer.lines[1:] if line and not line.startswith(" ")][:2] == [
        "Key facts",
        "Classification",
    ]
    assert "  Tags       vip" in answer.lines
    assert "Background" not in answer.lines
    assert any(line.split() == ["Quantity", "20"] or "Rice" in line for line in answer.lines)
    assert "Activities" in answer.lines


def test_a_customer_is_found_by_full_name_too(call, filled: Path) -> None:
    assert call("show", "north foods").out == call("show", "C-00001").out


def test_an_unknown_code_is_refused(call, filled: Path) -> None:
    answer = call("show", "C-00099")
    assert answer.code == 66
    assert "Customers has no record with the code or name C-00099." in answer.err


def test_a_multi_line_text_stays_indented_under_its_label(call, path: Path) -> None:
    call(
        "add", "customers", "kind=person", "name=Ann", "phones=0171 555 0102 work",
        "phones=0171 555 0103", "background=one\ntwo", "extra.route=7",
    )  # fmt: skip
    lines = call("show", "Ann").lines
    assert lines[lines.index("  Phone  0171 555 0102 work") + 1] == "         0171 555 0103"
    assert lines[lines.index("  Background  one") + 1] == "              two"
    assert lines[-1] == "  route  7"


def test_only_the_newest_of_many_records_are_shown_with_their_count(call, filled: Path) -> None:
    for day in range(1, NEWEST + 1):
        assert call("buy", "C-00002", f"{day} bag rice @1 2024-03-{day:02}").code == 0
    lines = call("show", "C-00002").lines
    assert f"Transactions, the newest {NEWEST} of {NEWEST}" not in lines
    call("buy", "C-00002", "99 bag rice @1 2024-04-01")
    lines = call("show", "C-00002").lines
    begin = lines.index(f"Transactions, the newest {NEWEST} of {NEWEST + 1}")
    assert "2024-04-01" in lines[begin + 2]
    assert not any("2024-03-01" in line for line in lines[begin:])


def test_markdown_escapes_hostile_text(call, path: Path) -> None:
    call("add", "customers", "kind=person", "name=[x](http://e) <b> | *", "extra.a`b=c\n# d")
    call("log", "C-00001", "call | a [b]")
    answer = call("show", "C-00001", "--format", "md")
    assert answer.lines[0] == r"# \[x\](http://e) \<b\> \| \* (C-00001)"
    assert answer.lines[answer.lines.index(r"- **a\`b**: c") + 1] == r"  \# d  "
    assert any(r"\| a \[b\]" in line for line in answer.lines)
    assert any(line.startswith("| --- |") for line in answer.lines)


def test_json_has_everything_as_it_is_stored(call, filled: Path) -> None:
    answer = call("show", "C-00001", "--format", "json")
    known = json.loads(answer.out)
    assert answer.err == ""
    assert known["customer"]["code"] == "C-00001"
    assert len(known["customer"]["id"]) == 16
    assert [order["amount"] for order in known["transactions"]] == ["710", "6"]
    assert known["interactions"][0]["minutes"] == 10


@pytest.mark.parametrize("form", ["text", "md"])
def test_no_terminal_escape_is_printed(call, path: Path, hostile: str, form: str) -> None:
    call("add", "customers", "kind=person", f"name=x{hostile}", f"background={hostile}", f"extra.a={hostile}")
    out = call("show", "C-00001", "--format", form).out
    assert out
    assert not any((ord(char) < 32 and char != "\n") or 0x7F <= ord(char) < 0xA0 for char in out)
