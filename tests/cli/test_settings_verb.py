"""`archive settings`: show and change what belongs to the archive."""

import json
from pathlib import Path


def test_the_settings_are_shown_set_added_to_and_cleared(call, filled: Path) -> None:
    empty = "currency=\nrates=\nworking_hours=\nholidays=\nobserved_since=\n"
    assert call("settings").out == empty
    rates = ["rates=USD 2026-01-01 0.92", "rates=CNY 2026-01-01 0.13"]
    answer = call(
        "settings", "currency=EUR", *rates, "working_hours=Mon-Fri 9-17", "observed_since=2019-01-01"
    )
    assert answer.out.splitlines() == [
        "currency=EUR",
        "rates=CNY 2026-01-01 0.13",
        "rates=USD 2026-01-01 0.92",
        "working_hours=Mon-Fri 09:00-17:00",
        "holidays=",
        "observed_since=2019-01-01",
    ]
    assert "rates=USD 2026-07-01 0.88\n" in call("settings", "rates=USD 2026-07-01 0.88").out
    assert call("undo").out == "Taken back: Exchange rates of Archive settings\n"
    assert call("settings", "rates=").out.splitlines()[1] == "rates="
    assert json.loads(call("settings", "--json").out)["currency"] == "EUR"


def test_a_wrong_setting_is_refused_with_a_sentence(call, filled: Path) -> None:
    assert "No field is called colour." in call("settings", "colour=red").err
    assert "A rate is a currency, a date and a number" in call("settings", "rates=USD 0.9").err
    assert "Settings have no extra fields." in call("settings", "extra.a=b").err


def test_the_settings_are_exported_and_are_no_list(call, filled: Path) -> None:
    call("settings", "currency=EUR")
    lines = call("export", "--table", "settings", "-o", "-").out.splitlines()
    assert lines == ["id,currency,observed_since", "settings,EUR,"]
    assert call("list", "--table", "settings").code == 2


def test_a_list_in_csv_has_a_currency_beside_each_amount(call, filled: Path) -> None:
    head = call("list", "--table", "transactions", "--format", "csv", "--columns", "on,unit_price,amount").out
    assert head.splitlines()[0] == "on,unit_price,currency,amount,amount_currency"
    assert call("list", "--format", "csv", "--columns", "value").out.splitlines()[0] == (
        "value,value_currency,value_apart"
    )
