"""Salvage of damaged snapshots: readable records stay in their table, and the others are named or counted."""

from pathlib import Path
from typing import NamedTuple

import pytest
from faults.specimen import ARCHIVE, World, made, world_at
from faults.verdict import differences
from harm import is_well
from strategies import NOW

from archive.service.repairing import repair

DAMAGED = "It was in a damaged part of the file."


class Outcome(NamedTuple):
    """The report of a repair, and the differences from the undamaged archive."""

    lost: list[str]
    doubtful: list[str]
    other: list[tuple[str, str]]
    now: World


@pytest.fixture
def sound(path: Path):
    return made(path.parent)


@pytest.fixture
def after(path: Path, sound):
    """Return a function that changes bytes of the snapshot, repairs it and returns the outcome."""

    def repaired(*changes: tuple[bytes, bytes], data: bytes = b"") -> Outcome:
        data = data or sound.files[ARCHIVE]
        for old, new in changes:
            assert data.count(old) == 1, old
            data = data.replace(old, new)
        for name, file in sound.files.items():
            path.with_name(name).write_bytes(file)
        path.write_bytes(data)
        done = repair(path, NOW)
        assert is_well(path)
        now = world_at(path)
        return Outcome(done.lost, done.doubtful, differences(sound.world, now), now)

    return repaired


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'{"table":"products"', b'{"table":"prodacts"'),
        (b'{"table":"products"', b'{"table":"contracts"'),
        (b'{"table":"products","start":', b'{"table":"products","start":9'),
        (b',"products":{', b',"prodQcts":{'),
        (b',"products":{', b',#products":{'),
        (b'\n,"_sum":{', b'\n,"_sun":{'),
        (b'"records":3', b'"records":9'),
        (b'"table":"_sum","sum":"', b'"table":"_sum","sum":"0'),
    ],
)
def test_damage_to_a_table_name_or_offset_loses_nothing(after, old: bytes, new: bytes) -> None:
    found = after((old, new))
    assert (found.lost, found.doubtful, found.other) == ([], [], [])


def test_a_missing_table_heading_is_found_by_the_checksums_and_reported(after) -> None:
    found = after((b',"products":{', b"\0" * 13))
    assert found.other == []
    assert found.lost == []
    assert [one.partition(" were")[2] for one in found.doubtful] == [
        " read as products, but their heading is damaged."
    ]


def test_a_table_without_checksums_is_kept_and_reported(after) -> None:
    found = after((b'{"table":"products"', b'{"tab~e":"products"'))
    assert (found.lost, found.other) == ([], [])
    assert found.doubtful == [
        "products: its checksums cannot be read. Its records may be damaged or missing."
    ]


def test_a_table_without_heading_and_checksums_is_found_by_its_place_and_its_records(after) -> None:
    found = after((b'{"table":"products"', b'{"tab~e":"products"'), (b',"products":{', b',"prodQct~":{'))
    assert found.other == []
    found = after((b'{"table":"products"', b'{"tab~e":"products"'), (b',"products":{', b"\0" * 13))
    assert found.other == []
    assert f"products 1: Rice. {DAMAGED}" in found.doubtful


def test_records_without_a_table_name_are_recognised_by_their_fields(after) -> None:
    found = after((b'{"table":"products"', b'{"table":"qqqqqqqq"'), (b',"products":{', b',"zzzzzzzz":{'))
    assert found.other == []
    assert f"products 1: Rice. {DAMAGED}" in found.doubtful
    found = after((b'{"table":"_history"', b'{"table":"qqqqqqqq"'), (b',"_history":{', b',"zzzzzzzz":{'))
    assert found.other == []


def test_a_record_that_could_be_of_any_table_is_reported_as_lost_by_name(after) -> None:
    row = b'"products":{\n"1":{"uid":"price","code":"P-1",'
    found = after(
        (b'{"table":"products"', b'{"table":"qqqqqqqq"'), (row, b'"zzzzzzzz":{\n"1":{"uid":"price",')
    )
    assert any(one.endswith("Its table is unknown.") for one in found.lost)
    assert "products: this table was not found. If it had records, they are lost." in found.lost


def test_the_records_of_a_missing_table_are_counted(after, sound) -> None:
    data = sound.files[ARCHIVE]
    start, end = data.index(b'}\n,"products"'), data.index(b'}\n,"contracts"')
    found = after(data=data[:start] + data[end:])
    assert "products: records lost in total: 1." in found.lost
    row = b',"products":{\n"1":{"uid":"price","code":"P-1"'
    found = after((row, b'"1":{"uid":"price","code":"P-2"'))
    assert [one.partition(", ")[0] for one in found.lost] == [
        "products ?: Rice. Its line",
        "products: records lost in total: 1",
    ]
    (doubtful,) = found.doubtful
    assert doubtful.endswith("were read as products, but their heading is damaged.")


def test_records_that_are_missing_without_a_trace_are_counted(after, sound) -> None:
    data = sound.files[ARCHIVE]
    start, end = data.index(b'"3":{"uid":"tone"'), data.index(b'}\n,"interactions"')
    found = after(data=data[:start] + data[end:])
    assert found.lost == ["transactions: records lost in total: 2."]


def test_a_table_of_another_program_is_kept(after, path: Path) -> None:
    data = path.read_bytes()
    start = data.index(b',"products"')
    found = after(
        data=data[:start] + b',"songs":{\n"1":{"title":"Hey"}\n}\n' + data[start:].replace(b"Rice", b"Rye", 1)
    )
    assert found.now["products", "price"].row["name"] == "Rye"
    assert b'"songs":{\n"1":{"title":"Hey"}\n}' in path.read_bytes()


def test_a_damaged_copy_of_a_record_is_not_reported_as_lost(after, sound) -> None:
    data = sound.files[ARCHIVE]
    wallet = data[data.index(b'"2":{"uid":"wtea"') :].partition(b"\n")[0]
    copy = b'"1":{"uid":"price","code":5,"name":"Rice"}'
    found = after((wallet, copy.ljust(len(wallet))))
    assert not any("products" in one for one in found.lost)


def test_metadata_without_a_checksum_is_used_and_reported(after) -> None:
    found = after((b'{"table":"_meta"', b'{"tab~e":"_meta"'))
    assert (found.lost, found.other) == ([], [])
    assert found.doubtful == ["The archive's metadata: no checksum confirms that it is correct."]


def test_a_damaged_line_break_loses_no_record(after) -> None:
    found = after((b'"full_name":"Ann Bell"},\n"2"', b'"full_name":"Ann Bell"},J"2"'))
    assert (found.lost, found.other) == ([], [])
    assert f"customers 2: Farm Ltd. {DAMAGED}" in found.doubtful


def test_a_record_broken_in_two_is_reported_once(after) -> None:
    found = after(
        (
            b'{\n"1":{"uid":"price","code":"P-1","name":"Rice"',
            b'{\n"1":{"uid":"price","code":P-1","name":\n"Ri,e"',
        )
    )
    assert found.lost == ["products 1: price. Its line, from byte 476, cannot be read."]
    assert found.other == [("products", "price")]


def test_a_byte_that_is_not_utf8_loses_no_record(after) -> None:
    found = after(
        (
            b'{\n"1":{"uid":"price","code":"P-1","name":"Rice"',
            b'{\n"1":{"uid":"price","code":"P-1","name":"R\xffce"',
        )
    )
    assert found.lost == []
    assert found.doubtful == [f"products 1: R\N{REPLACEMENT CHARACTER}ce. {DAMAGED}"]
    assert found.other == [("products", "price")]


def test_a_damaged_number_loses_no_record(after) -> None:
    found = after((b'"2":{"uid":"cfarm"', b'"3":{"uid":"cfarm"'))
    assert found.lost == []
    assert found.doubtful[-2:] == [  # 3 is taken, and 4 belongs to a customer in the journal
        f"customers 4: Farm Ltd. {DAMAGED}",
        "customers 5: Eve Lin had another number.",
    ]
    assert found.other == [("customers", "ceve"), ("customers", "cfarm")]


def test_a_record_without_its_number_is_reported_by_its_readable_fields(after) -> None:
    found = after((b'"1":{"uid":"price"', b'#1":{"uid":"price"'))
    assert "products ?: Rice. Its line, from byte 476, cannot be read." in found.lost
    assert found.other == [("products", "price")]


def test_a_record_with_an_invalid_value_is_reported(after) -> None:
    found = after((b'"4":{"uid":"ttwo"', b'"4":{"uie":"ttwo"'))
    assert "transactions 4: . From byte 796. Its uid has an invalid value." in found.lost


def test_wiped_records_are_counted(after, sound) -> None:
    data = sound.files[ARCHIVE]
    start, end = data.index(b'"1":{"uid":"cann"'), data.index(b'"3":{"uid":"czoe"')
    found = after(data=data[:start] + bytes(end - start) + data[end:])
    assert f"customers: records lost in total: 2, in bytes {start} to {end}." in found.lost
    assert any("was recreated, because other records belong to it" in one for one in found.doubtful)


def test_wiped_bytes_of_a_table_without_checksums_are_reported(after, sound) -> None:
    data = sound.files[ARCHIVE].replace(b'{"table":"customers"', b'{"tab~e":"customers"')
    start, end = data.index(b'"1":{"uid":"cann"'), data.index(b'"3":{"uid":"czoe"')
    found = after(data=data[:start] + bytes(end - start - 1) + b"\n" + data[end:])
    assert f"Bytes {start} to {end - 1} cannot be read." in found.lost


def test_extra_records_do_not_hide_unreadable_bytes(after) -> None:
    row = b'"4":{"uid":"more","kind":"person","full_name":"More"},\n' + b"\0" * 30 + b'\n"3":{"uid":"czoe"'
    found = after((b'"3":{"uid":"czoe"', row))
    assert any(one.startswith("Bytes ") for one in found.lost)
    assert f"customers 4: More. {DAMAGED}" in found.doubtful


def test_a_copy_of_a_record_in_the_place_of_another_is_not_kept(after, sound) -> None:
    data = sound.files[ARCHIVE]
    rice = data[data.index(b'"1":{"uid":"price"') :].partition(b"\n")[0]
    wallet = data[data.index(b'"2":{"uid":"wtea"') :].partition(b"\n")[0]
    found = after((wallet, rice.ljust(len(wallet))))
    assert any(one.startswith("wallets: records lost in total: 1, in bytes ") for one in found.lost)
    assert [record for (table, _uid), record in found.now.items() if table == "products"] == [
        sound.world["products", "price"]._replace(start=-1, end=-1)
    ]


def test_a_record_in_the_wrong_table_is_moved_to_its_own(after, sound) -> None:
    data = sound.files[ARCHIVE]
    wallet = data[data.index(b'"2":{"uid":"wtea"') :].partition(b"\n")[0]
    other = b'"9":{"uid":"pnew","code":"P-9","name":"Tea"}'
    found = after((wallet, other.ljust(len(wallet))))
    assert found.now["products", "pnew"].row["name"] == "Tea"
    assert f"products 9: Tea. {DAMAGED}" in found.doubtful


def test_a_record_that_could_be_of_several_tables_is_reported(after, sound) -> None:
    data = sound.files[ARCHIVE]
    wallet = data[data.index(b'"2":{"uid":"wtea"') :].partition(b"\n")[0]
    both = b'"9":{"uid":"x","customer":"cann","on":"2026-01-01","at":"2026-01-01T10:00","step":"s"}'
    found = after((wallet, both.ljust(len(wallet))))
    assert f"wallets 9: x. {DAMAGED}" in found.doubtful  # its table is uncertain, so it is not moved
    found = after((wallet, b'"9":{"uid":"x"}'.ljust(len(wallet))))
    assert f"wallets 9: x. {DAMAGED}" in found.doubtful


def test_a_history_entry_with_a_duplicate_number_is_lost(after) -> None:
    found = after((b'"2":{"label":"more"', b'"1":{"label":"more"'))
    assert any(
        one.startswith("entry 1 of the history (more). From byte")
        and one.endswith("Another record has its number.")
        for one in found.lost
    )
    assert ("_history", "2") in found.other


def test_an_unreadable_history_entry_is_lost(after) -> None:
    found = after((b'"1":{"label":"set up","at":"2026', b'"1":{"label":"set up","at":"2O26'))
    assert found.lost[0].startswith("entry 1 of the history (set up). From byte ")
    assert ("_history", "1") in found.other


def test_a_second_checksum_table_in_the_wrong_place_is_ignored(after, sound) -> None:
    data = sound.files[ARCHIVE]
    row = data[data.index(b'"5":{"table":') :].partition(b"\n")[0]
    wallet = data[data.index(b'"2":{"uid":"wtea"') :].partition(b"\n")[0]
    found = after((wallet, row.ljust(len(wallet))))
    assert any(one.startswith("wallets: records lost in total: 1") for one in found.lost)


def test_the_code_of_a_lost_customer_is_not_reused(after) -> None:
    found = after((b'"1":{"format":"customer-archive"', b'"1":{"format":"customer-archivf"'))
    assert found.lost == ["The archive's metadata. It was recreated."]
    assert found.now["_meta", "last_code"].row == 4
    assert [key for table, key in found.other if table == "_meta"] == []


def test_a_file_without_readable_records_is_not_repaired(path: Path, sound) -> None:
    from archive.errors import Damaged

    path.write_bytes(sound.files[ARCHIVE][:170] + b'\n"1":{"')
    with pytest.raises(Damaged, match="no snapshot or backup reaches it"):
        repair(path, NOW)
