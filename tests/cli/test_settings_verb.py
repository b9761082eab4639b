"""`archive settings` shows and changes the settings stored in the archive."""

import json
import os
from functools import partial
from pathlib import Path


def test_settings_are_shown_set_extended_and_cleared(call, filled: Path) -> None:
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
    assert call("undo").out == "Undone: Changed exchange rates of archive settings\n"
    assert call("settings", "rates=").out.splitlines()[1] == "rates="
    assert json.loads(call("settings", "--json").out)["currency"] == "EUR"


def test_an_invalid_setting_is_refused_with_a_reason(call, filled: Path) -> None:
    assert "There is no field colour." in call("settings", "colour=red").err
    assert "An exchange rate needs a currency, a date and a number" in call("settings", "rates=USD 0.9").err
    assert "Settings have no extra fields." in call("settings", "extra.a=b").err


def test_settings_can_be_exported_but_not_listed(call, filled: Path) -> None:
    call("settings", "currency=EUR")
    lines = call("export", "--table", "settings", "-o", "-").out.splitlines()
    assert lines == ["id,currency,observed_since", "settings,EUR,"]
    assert call("list", "--table", "settings").code == 2


def test_a_csv_list_has_a_currency_beside_each_amount(call, filled: Path) -> None:
    head = call("list", "--table", "transactions", "--format", "csv", "--columns", "on,unit_price,amount").out
    assert head.splitlines()[0] == "on,unit_price,currency,amount,amount_currency"
    assert call("list", "--format", "csv", "--columns", "value").out.splitlines()[0] == (
        "value,value_currency,value_apart"
    )


EVERYTHING = [
    "currency=EUR",
    "rates=USD 2026-01-01 0.92",
    "rates=CNY 2026-01-01 0.13",
    "working_hours=Mon-Fri 9-12; 13-17",
    "working_hours=Sat 22-6 phone",
    "holidays=2026-12-25 Christmas Day",
    "holidays=2026-12-26 =1+1",
    "observed_since=2019-01-01",
]


def test_settings_are_exported_and_imported_again(call, filled: Path, tmp_path: Path) -> None:
    shown = call("settings", *EVERYTHING).out
    written = call("settings", "--csv").out
    assert written.splitlines() == call("export", "--table", "settings", "-o", "-").out.splitlines()
    file = tmp_path / "settings.csv"
    file.write_text(written, encoding="utf-8")
    bring = ["import", str(file), "--table", "settings"]
    call = partial(call, archive=tmp_path / "other.json")
    assert (
        call(*bring, "--dry-run").lines[0] == "Archive settings: 1 new, 0 updated, 0 unchanged, 0 rejected."
    )
    assert call("settings").code == 66, "a dry run must not create the archive"
    assert call(*bring).code == 0
    assert call("settings").out == shown
    assert call(*bring).lines[0] == "Archive settings: 0 new, 0 updated, 1 unchanged, 0 rejected."
    assert call("undo").out == "Undone: Imported settings.csv: 1 new\n"
    assert "currency=\n" in call("settings").out


def test_an_import_keeps_different_settings_unless_told_to_overwrite(
    call, filled: Path, tmp_path: Path
) -> None:
    call("settings", "currency=EUR", "holidays=2026-12-25 Christmas Day")
    file = tmp_path / "settings.csv"
    file.write_text("currency,holidays.1.on\nCHF,2027-01-01\n", encoding="utf-8")
    bring = ["import", str(file), "--table", "settings"]
    assert "2 values differ; yours were kept." in call(*bring).err
    assert call("settings").lines[0] == "currency=EUR"
    call(*bring, "--merge", "append")
    assert [line for line in call("settings").lines if "holidays" in line] == [
        "holidays=2026-12-25 Christmas Day",
        "holidays=2027-01-01",
    ]
    file.write_text("currency,holidays.1.on\nCHF,2028-01-01\n", encoding="utf-8")
    call(*bring, "--merge", "overwrite")
    assert [line for line in call("settings").lines if "holidays" in line] == ["holidays=2028-01-01"]
    assert call("settings").lines[0] == "currency=CHF"


def test_a_second_row_and_an_unknown_column_are_rejected(call, filled: Path, tmp_path: Path) -> None:
    file = tmp_path / "settings.csv"
    bring = ["import", str(file), "--table", "settings"]
    file.write_text("currency\nCHF\nEUR\n", encoding="utf-8")
    assert "The settings are a single row, and line 2 already has it. Delete this row." in call(*bring).err
    file.write_text("currency,colour\nUSD,red\n", encoding="utf-8")
    assert "There is no setting colour." in call(*bring).err
    assert call("settings").lines[0] == "currency=CHF"


def test_ignored_entries_of_settings_toml_are_listed_with_the_settings(call, filled: Path) -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "customer-archive"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text(
        'currency = "USD"\n[rates]\n"GBP 2026-01-01" = "1.2"\n', encoding="utf-8"
    )
    assert "not used" not in call("settings", "currency=USD", "rates=GBP 2026-01-01 1.2").err.lower()
    assert call("settings", "currency=EUR", "rates=").err == (
        "Ignored in settings.toml: the home currency USD, 1 exchange rate. This archive has its own settings.\n"
    )
    assert call("list").err == ""
