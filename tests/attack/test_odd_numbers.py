"""Numbers that are too long are refused before they are kept, and never spoil a list."""

from decimal import Decimal

import pytest
from strategies import TODAY

from archive.cli import run
from archive.errors import BadValue
from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive

LONG = "99999999999999999999"


def test_an_amount_too_long_to_be_read_back_is_refused(archive: Archive) -> None:
    (change,) = archive.save(Customer(kind="person", full_name="Ann")).changes
    for values in (
        {"quantity": Decimal(LONG), "unit_price": Decimal(LONG)},
        {"amount": Decimal("1e400")},
        {"amount": Decimal("NaN")},
        {"amount": Decimal("Infinity")},
    ):
        with pytest.raises(BadValue):
            archive.save(Transaction(customer=Ref(uid=change.uid), on=TODAY, currency="EUR", **values))
    assert archive.count("transactions") == 0


def test_an_overlong_amount_in_a_purchase_line_is_refused(path, capsys) -> None:
    assert run(["--archive", str(path), "add", "customers", "kind=person", "full_name=Ann"]) == 0
    assert run(["--archive", str(path), "buy", "C-00001", f"{LONG} x @{LONG}"]) == 65
    assert "digits" in capsys.readouterr().err


def test_sums_of_very_long_numbers_are_shown(path, capsys) -> None:
    assert run(["--archive", str(path), "add", "customers", "kind=person", "full_name=Ann"]) == 0
    for _time in range(12):
        words = ["add", "transactions", "customer=C-00001", "on=today", f"amount={'9' * 28}", "currency=EUR"]
        assert run(["--archive", str(path), *words]) == 0
    assert run(["--archive", str(path), "list"]) == 0
    assert "EUR" in capsys.readouterr().out
