"""Test stored values: values of other programs are reported, and values of newer versions are preserved."""

import pytest
from strategies import PLAIN

from archive.errors import BadValue
from archive.model.contact_details import Phone
from archive.model.field_types import standard as kinds
from archive.model.field_types.base import Ref
from archive.model.field_types.lists import ListOf
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction
from archive.model.weekdays import WEEKDAYS

FREE = kinds.Link("customers", free=True)
BOUND = kinds.Link("customers")
PHONES = ListOf(Phone, "phone")


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        *((kinds.TEXT, raw) for raw in (5, None, True, ["x"])),
        *((kinds.DATE, raw) for raw in ("2026-02-30", "20260403", "2026-W02-1", "today", 5, None)),
        *((kinds.PARTIAL_DATE, raw) for raw in (5, None, "3 Apr", "2026-13")),
        *((kinds.DATE_TIME, raw) for raw in ("now", "2026-02-30T10:00", 5, None)),
        *((kinds.TIME, raw) for raw in ("noon", "25:00", 5, None)),
        *((kinds.INTEGER, raw) for raw in ("5", 1.5, True, None)),
        *((kinds.FLAG, raw) for raw in ("yes", 1, None)),
        *((kinds.TAGS, raw) for raw in ("vip", [5], None)),
        *((FREE, raw) for raw in (5, None, {}, {"name": 5})),
        *((BOUND, raw) for raw in (5, {"name": "North"})),
        *((WEEKDAYS, raw) for raw in ("Mon", [7], [True])),
        *((PHONES, raw) for raw in ("1", {}, ["1"], [{"value": 5}])),
    ],
    ids=lambda value: getattr(value, "name", None) or repr(value),
)
def test_a_stored_value_of_another_type_is_named_not_guessed(kind, raw):
    with pytest.raises(BadValue, match=r"cannot be read|not a date as|does not exist"):
        kind.load(raw)


@pytest.mark.parametrize(
    ("cls", "key", "day"),
    [
        (Transaction, "on", "2026-04-03"),
        (Interaction, "at", "2026-04-03T00:00"),
        (Interaction, "follow_up_on", "2027-04-03"),
        (Customer, "next_contact_on", "2027-04-03"),
    ],
)
def test_the_field_decides_the_year_of_a_day_without_one(cls, key, day):
    kind = cls.FIELDS[key].type
    assert kind.cell(kind.parse("3 Apr", PLAIN)) == day


def test_a_follow_up_on_a_past_day_is_next_year():
    kind = Interaction.FIELDS["follow_up_on"].type
    assert kind.cell(kind.parse("20 Nov", PLAIN)) == "2027-11-20"


@pytest.mark.parametrize(
    ("link", "value", "cell"),
    [
        (BOUND, Ref(uid="a" * 16), "a" * 16),
        (FREE, Ref(name="North Mill"), "North Mill"),
        (FREE, Ref(uid="a" * 16, name="North Mill"), "a" * 16),
        (FREE, Ref(), ""),
    ],
)
def test_a_link_cell_shows_the_linked_record_or_the_name(link, value, cell):
    assert link.cell(value) == cell


def test_unknown_keys_of_parts_are_not_searched():
    raw = [{"value": "0171 1", "label": "work", "dial_plan": {"a": 1}}]
    assert PHONES.load(raw)[0].rest == {"dial_plan": {"a": 1}}
    assert list(PHONES.words(raw)) == ["0171 1", "01711", "work"]
