"""The guesses and answers of the first start."""

import pytest

from archive.errors import ArchiveError
from archive.service import first_start
from archive.service.first_start import guesses, read, set_currency


@pytest.mark.parametrize(
    ("environment", "country", "currency"),
    [
        ({"LANG": "de_DE.UTF-8"}, "DE", "EUR"),
        ({"LC_ALL": "zh_Hans_CN.UTF-8", "LANG": "en_US.UTF-8"}, "CN", "CNY"),
        ({"LANG": "C.UTF-8", "TZ": "Asia/Shanghai"}, "CN", "CNY"),
        ({"TZ": ":Europe/London"}, "GB", "GBP"),
        ({"LANG": "C", "TZ": "Mars/Olympus"}, "", ""),
    ],
)
def test_country_and_currency_are_guessed_from_locale_and_time_zone(environment, country, currency):
    assert guesses(environment)[1:] == (country, currency)


@pytest.mark.parametrize(
    ("account", "name"),
    [("Mara Muster,,,", "Mara Muster"), ("root", ""), ("", ""), ("A B" * 50, ""), ("Mara\x1b Muster", "")],
)
def test_the_name_is_guessed_from_the_account(monkeypatch, account, name):
    import pwd

    entry = pwd.struct_passwd(("m", "x", 1, 1, account, "/", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", lambda _uid: entry)
    assert guesses({}).name == name


def test_a_user_without_an_account_has_no_guessed_name(monkeypatch):
    import pwd

    def fail(_uid):
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", fail)
    assert guesses({}).name == ""


def test_the_system_zone_gives_the_country(monkeypatch):
    monkeypatch.setattr(first_start, "_system_zone", lambda: "Europe/Berlin")
    assert guesses({}).country == "DE"


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("name", " Mara ", "Mara"),
        ("country", "de", "DE"),
        ("currency", "€", "EUR"),
        ("currency", " ", ""),
        ("country", "", ""),
    ],
)
def test_answers_are_read_as_typed(archive, field, text, value):
    assert read(field, text, archive.ctx) == value


@pytest.mark.parametrize(("field", "text"), [("country", "Germany"), ("currency", "coins")])
def test_an_invalid_answer_is_refused(archive, field, text):
    with pytest.raises(ArchiveError):
        read(field, text, archive.ctx)


def test_the_home_currency_is_set_once(archive):
    archive.save(archive.own.with_values(currency=""))
    set_currency(archive, "CHF")
    set_currency(archive, "EUR")
    set_currency(archive, "")
    assert archive.home == "CHF"
