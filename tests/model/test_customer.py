"""Test the one-line description of a customer."""

from datetime import date

from strategies import NOW

from archive.model.contact_details import Position
from archive.model.field_types.base import Context, Ref
from archive.model.records.customer import Customer, workplace
from archive.model.summary import year_before

CTX = Context(now=NOW)


def test_a_workplace_is_the_current_one_with_the_title() -> None:
    left = Position(organisation=Ref(name="Initech"), until=date(2024, 1, 1))
    now = Position(organisation=Ref(name="Globex"), title="buyer")
    assert workplace(Customer(positions=(left, now)), CTX) == "Globex · buyer"
    assert workplace(Customer(positions=(left,)), CTX) == ""
    assert workplace(Customer(), CTX) == ""


def test_a_year_before_a_leap_day_is_28_february() -> None:
    assert year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert year_before(date(2026, 11, 21)) == date(2025, 11, 21)


def test_a_records_repr_contains_no_personal_data() -> None:
    shown = repr(Customer(uid="c-1", full_name="Marta Smith"))
    assert shown == "<Customer c-1>"
