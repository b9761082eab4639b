"""`archive log` and `archive buy` parse one line of text, save it and confirm it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest


def records(call, table: str) -> list[dict[str, Any]]:
    return list(json.loads(call("show", "C-00002", "--format", "json").out)[table])


def test_an_activity_is_saved_and_confirmed(call, filled: Path) -> None:
    answer = call("log", "C-00002", "visit", "20m", "new", "shop,", "bring", "samples", "+1w")
    assert answer.code == 0
    assert answer.out.startswith('Saved for C-00002 王建国: visit · 20 min · "new shop" · follow-up ')
    (contact,) = records(call, "interactions")
    assert (contact["channel"], contact["minutes"], contact["follow_up"]) == ("visit", 20, "bring samples")
    assert "by" not in contact


def test_an_activity_is_assigned_to_me(call, filled: Path) -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "customer-archive"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text('me = "Mara"\n', encoding="utf-8")
    call("log", "C-00002", "call")
    assert records(call, "interactions")[0]["by"] == "Mara"


def test_a_purchase_takes_missing_values_from_its_product(call, filled: Path) -> None:
    answer = call("buy", "王建国", "3 rice 2026-01-05")
    assert answer.code == 0
    assert answer.err == ""
    assert "Saved for C-00002 王建国: order · 3 bag · Rice (RICE) · 35.50 EUR · 106.50 EUR" in answer.out
    (order,) = records(call, "transactions")
    assert (order["amount"], order["unit"], order["on"]) == ("106.5", "bag", "2026-01-05")


def test_an_unknown_product_is_stored_as_a_name(call, filled: Path) -> None:
    answer = call("buy", "C-00002", "2 kg sugar @3 USD")
    assert "sugar (new product name)" in answer.out
    assert records(call, "transactions")[0]["product"] == {"name": "sugar"}


def test_a_currency_chosen_by_the_program_is_reported(call, filled: Path) -> None:
    assert call("buy", "C-00002", "2 kg sugar @3").err == (
        "The amount has no currency. `archive settings currency=EUR` sets a home currency.\n"
    )


@pytest.mark.parametrize("verb", ["log", "buy"])
def test_an_unknown_customer_is_refused(call, filled: Path, verb: str) -> None:
    answer = call(verb, "C-00099", "2 kg sugar @3")
    assert answer.code == 66
    assert "C-00099" in answer.err


@pytest.mark.parametrize(("verb", "text"), [("log", " "), ("buy", "20")])
def test_a_line_without_content_is_refused(call, filled: Path, verb: str, text: str) -> None:
    before = filled.read_bytes()
    answer = call(verb, "C-00002", text)
    assert answer.code == 65
    assert answer.err.startswith("archive: ")
    assert filled.read_bytes() == before


def test_a_text_may_begin_with_a_dash(call, filled: Path) -> None:
    assert call("log", "C-00002", "-5 % is what they ask for").code == 0
    assert call("log", "C-00002", "-maybe").code == 0
    assert [contact["summary"] for contact in records(call, "interactions")].count("-maybe") == 1
