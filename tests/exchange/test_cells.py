"""Test reading cells: markers of empty cells, formats detected from the whole column, and lists in a cell."""

import pytest
from strategies import PLAIN

from archive.exchange import cells as cells_module
from archive.exchange.cells import ODD_VALUE, Bad, cells_for, context_for
from archive.exchange.list_cells import PartColumn, PartReader, list_reader
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Link
from archive.model.fields import Field
from archive.model.records.customer import Customer
from archive.model.tables import TABLES


def readable(fields: dict[str, Field], where: str) -> dict[str, Field]:
    """Return every field whose cells are parsed separately, including the fields of list entries."""
    found = {}
    for key, declared in fields.items():
        if isinstance(declared.type, ListOf):
            found |= readable(declared.type.part.FIELDS, f"{where}.{key}")
        elif not isinstance(declared.type, Link):
            found[f"{where}.{key}"] = declared
    return found


FIELDS = {name: found for table, cls in TABLES.items() for name, found in readable(cls.FIELDS, table).items()}
LISTS = {key: found for key, found in Customer.FIELDS.items() if isinstance(found.type, ListOf)}


@pytest.mark.parametrize("exact", [True, False], ids=["ours", "foreign"])
@pytest.mark.parametrize("declared", FIELDS.values(), ids=FIELDS)
def test_a_blank_cell_is_empty_in_any_field(declared, exact):
    known = cells_for(declared, PLAIN, exact=exact)
    assert [known[blank] for blank in (" ", "\u3000", "\t ")] == [None] * 3


@pytest.mark.parametrize("declared", LISTS.values(), ids=LISTS)
def test_a_blank_cell_is_an_empty_list(declared):
    assert list_reader(declared, PLAIN)[" \u3000"] is None


def test_a_column_with_more_values_than_the_cache_is_read_completely(monkeypatch):
    monkeypatch.setattr(cells_module, "_REMEMBERED", 2)
    known = cells_for(TABLES["transactions"].FIELDS["on"], PLAIN, exact=False)
    days = [f"2026-11-{day:02d}" for day in range(1, 6)]
    assert [known[day] for day in days * 2] == days * 2
    assert len(known) == 2


def test_only_dates_can_leave_the_date_order_open():
    birthday = Customer.FIELDS["birthday"]
    ctx = context_for(
        birthday, "Birthday", ["5/5/1990", "45/45/1990", "sometime"], PLAIN, ("", ""), exact=False
    )
    known = cells_for(birthday, ctx, exact=False)
    assert known["5/5/1990"] == "1990-05-05"
    assert isinstance(known["sometime"], Bad)
    assert known["sometime"].code == ODD_VALUE


@pytest.mark.parametrize(
    ("key", "text", "parts"),
    [
        ("addresses", " Lane 3,\n Bonn ", [{"street": "Lane 3, Bonn"}]),
        ("addresses", '[{"city": "Bonn"}]', [{"city": "Bonn"}]),
        ("positions", "North  Mill", [{"organisation": {"name": "North Mill"}}]),
        ("positions", '[{"organisation": {"name": "North"}}]', [{"organisation": {"name": "North"}}]),
    ],
)
def test_an_address_or_employer_can_be_in_one_cell(key, text, parts):
    assert list_reader(Customer.FIELDS[key], PLAIN)[text] == parts


def part_reader(key: str, *names: str) -> PartReader:
    kind = Customer.FIELDS[key].type
    assert isinstance(kind, ListOf)
    reader = PartReader(key, kind, exact=False)
    for column, name in enumerate(names):
        known = cells_for(kind.part.FIELDS[name], PLAIN, exact=False)
        reader.add(PartColumn(column, name, "", known, name), "")
    return reader


def test_a_part_omits_empty_cells():
    reader = part_reader("phones", "value", "label", "preferred")
    found = reader.read(["0171 1", " ", "no"], lambda text: None)
    assert found
    assert found.parts == [{"value": "0171 1"}]
    assert reader.read([" ", "", ""], lambda text: None) is None


def test_labels_in_a_cell_match_parts_by_position():
    reader = part_reader("phones", "value", "label")
    found = reader.read(["0171 1 ::: 0171 2", "work ::: "], lambda text: None)
    assert found
    assert found.parts == [{"value": "0171 1", "label": "work"}, {"value": "0171 2"}]


def test_two_phone_numbers_in_a_cell_are_separated():
    reader = part_reader("phones", "value", "label")
    found = reader.read(["0228 5550147, 0171 5550102", "work"], lambda text: None)
    assert found
    assert found.parts == [
        {"value": "0228 5550147", "label": "work"},
        {"value": "0171 5550102", "label": "work"},
    ]
    assert reader.read_plain(["030 1234567/68", ""], lambda text: None) == {"value": "030 1234567/68"}
