"""The records of the sample are whole, lead to each other, and belong to nobody there is."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest
from committed import COMMITTED, NAMES, kept, loaded

from archive.model.field_types.base import Ref
from archive.model.field_types.links import Links
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Link
from archive.model.fields import Item, problems
from archive.service.archive import Archive


def test_there_are_as_many_records_as_a_small_shop_has(records):
    assert 280 <= len(records["customers"]) <= 330
    assert 18 <= len(records["products"]) <= 25
    assert 4_000 <= len(records["transactions"]) <= 5_200
    assert 1_500 <= len(records["interactions"]) <= 2_000
    assert 35 <= len(records["contracts"]) <= 50
    assert 70 <= len(records["wallets"]) <= 100
    assert 10 <= len(records["campaigns"]) <= 14
    assert 80 <= len(records["plans"]) <= 110


def test_the_sample_has_plausible_names_and_the_hostile_sample_the_others(records):
    odd = re.compile(r"[^\w .,&'’-]|^\W|\d|[\u0590-\u06ff]")
    assert [row.full_name for row in records["customers"] if odd.search(row.full_name)] == []
    hostile = loaded(kept("hostile.archive.json"))["customers"]
    assert sum(bool(odd.search(row.full_name)) for row in hostile) == 13


def test_every_sample_customer_has_a_phone(records):
    assert [row.full_name for row in records["customers"] if not row.phones or not row.status] == []


def test_every_sample_record_is_valid_and_round_trips(each):
    raw, records = each
    for table, rows in records.items():
        assert [row.uid for row in rows if problems(row)] == []
        assert [row.dump() for row in rows] == list(raw[table].values())


def test_uids_and_codes_are_unique(each):
    _raw, records = each
    uids = Counter(row.uid for rows in records.values() for row in rows)
    codes = Counter((table, row.code) for table in ("customers", "products") for row in records[table])
    assert max(uids.values()) == 1
    assert max(codes.values()) == 1
    assert ("customers", "") not in codes


def links_of(item: Item) -> Iterator[tuple[str, Ref]]:
    for key, field in item.FIELDS.items():
        value = getattr(item, key)
        if isinstance(field.type, Link) and value:
            yield field.type.table, value
        elif isinstance(field.type, Links):
            yield from ((field.type.table, ref) for ref in value)
        elif isinstance(field.type, ListOf):
            for part in value:
                yield from links_of(part)


def test_links_resolve_or_are_names(each):
    _raw, records = each
    uids = {table: {row.uid for row in rows} for table, rows in records.items()}
    links = [link for rows in records.values() for row in rows for link in links_of(row)]
    assert [ref for table, ref in links if ref.uid and ref.uid not in uids[table]] == []
    assert any(ref.name for _table, ref in links)


def test_displayed_values_can_be_read_back(each):
    _raw, records = each
    archive = Archive.open(COMMITTED / "sample.archive.json", write=False)
    values = {
        (field, getattr(row, key))
        for row in records["customers"]
        for key, field in row.FIELDS.items()
        if not isinstance(field.type, ListOf | Link | Links)
    }
    wrong = [
        (field.key, value)
        for field, value in values
        if field.type.parse(field.type.cell(value), archive.ctx) != value
    ]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_mail_and_web_addresses_use_example_domains(name):
    text = (COMMITTED / name).read_text(encoding="utf-8-sig")
    domains = re.findall(r"(?:[\w.-]@|https?://)([\w.-]+)", text)
    assert [domain for domain in domains if not domain.endswith(".example")] == []


def test_telephone_numbers_are_reserved_for_fiction(each):
    _raw, records = each
    free = re.compile(r"\+44 20 7946 0\d{3}|\+1 212 555 01\d\d|\+86 10 555[56] \d{4}|\+49 30 555[01] \d{4}")
    numbers = [phone.value for row in records["customers"] for phone in row.phones]
    assert [number for number in numbers if not free.fullmatch(number.partition(" x")[0])] == []


def test_amounts_are_quantity_times_price_in_one_currency_per_customer(each):
    _raw, records = each
    currencies: dict[str, set[str]] = {}
    for row in records["transactions"]:
        if row.quantity is not None and row.unit_price is not None:
            whole = row.quantity * row.unit_price * (1 - (row.discount or 0))
            assert abs(whole - row.amount) <= Decimal("0.005")
        if row.amount is not None:
            currencies.setdefault(row.customer.uid, set()).add(row.currency)
    assert {len(found) for found in currencies.values()} == {1}
    assert set.union(*currencies.values()) == {"EUR", "CNY", "USD"}
