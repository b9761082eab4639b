"""What is derived from a snapshot and kept beside it tells the same as the records, and is not needed."""

import random
from datetime import timedelta

import pytest
from strategies import NOW, TODAY

from archive.errors import ForeignChange
from archive.model.contact_details import Phone
from archive.model.field_types.base import Ref
from archive.model.query import EVERYTHING
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction
from archive.model.tables import TABLES
from archive.service.archive import Archive
from archive.store import Sort, checkpoint, index_file, indexed_records, select

QUERIES = (
    "",
    "a",
    "na 1",
    "kind:person",
    "status:active",
    "has:phone",
    "value:>1",
    "orders:2",
    "-grade:a b",
    "last:>1d",
)
SORTS = (Sort(), Sort("name", True), Sort("value"), Sort("grade", True), Sort("bought"))


class Changed:
    """A file that another program changed."""

    def __getitem__(self, _part):
        raise ForeignChange("It was changed.")


def test_an_array_whose_file_was_changed_is_treated_as_missing():
    found = index_file.IndexFile(Changed(), {"names": ("B", 0, 4, 0)}, 0)
    with pytest.raises(KeyError):
        found["names"]


@pytest.fixture
def shelved(path, settings, monkeypatch):
    """An archive of 60 customers and their dealings, compacted, with what is derived beside it."""
    monkeypatch.setattr(checkpoint, "WORTH_AN_INDEX", 0)
    monkeypatch.setattr(select, "_PAGES", 5)
    archive = Archive.open(path, settings, create=True, clock=lambda: NOW)
    dice = random.Random(7)
    people = [
        Customer(
            kind=dice.choice(("person", "organisation")),
            full_name=dice.choice(("Ana", "Bob", "王", "Zoë")) + f" {n % 9}",
            grade=dice.choice(("", "A", "B")),
            status=dice.choice(("active", "lost", "prospect")),
            phones=(Phone(value=f"030 55{n:03d}"),) if n % 3 else (),
        )
        for n in range(60)
    ]
    uids = [change.uid for change in archive.save(*people).changes]
    orders = [
        Transaction(
            customer=Ref(dice.choice(uids)),
            on=TODAY - timedelta(days=dice.randrange(400)),
            quantity=dice.randrange(1, 9),
            unit_price=5,
            product=dice.choice((Ref(), Ref(name="Tea"))),
        )
        for _n in range(150)
    ]
    calls = [Interaction(customer=Ref(dice.choice(uids)), at=NOW, channel="phone") for _n in range(20)]
    archive.save(*orders, *calls)
    archive.close()
    return path


def told(archive: Archive) -> list:
    """What the archive answers."""
    customers = sorted(archive.uids("customers"))
    answers = [list(archive.select("customers", query, sort)) for query in QUERIES for sort in SORTS]
    return [
        answers,
        [list(archive.select(name)) for name in TABLES],
        [list(archive.select("transactions", query)) for query in ("tea", "quantity:>4", "on:>=2026")],
        [archive.summary(uid) for uid in customers],
        [archive.children(name, uid) for name in ("transactions", "interactions") for uid in customers],
        [archive.columns(name, ["uid", "code", "customer", "on", "amount", "phones"]) for name in TABLES],
        sorted(archive.codes("customers").items()),
        [sorted(archive.named("customers", name)) for name in ("ana 1", "王 2", "nobody")],
        [archive.get(Customer, uid).dump() for uid in customers],
        archive.history(),
        archive.undo_label(),
    ]


def opened(path, **options) -> Archive:
    return Archive.open(path, clock=lambda: NOW, **options)


def without_shelf(path) -> list:
    hidden = {file: file.read_bytes() for file in path.parent.glob("*.idx")}
    assert hidden
    for file in hidden:
        file.unlink()
    found = told(opened(path, write=False))
    for file, data in hidden.items():
        file.write_bytes(data)
    return found


def test_it_tells_what_the_records_tell(shelved):
    assert told(opened(shelved, write=False)) == without_shelf(shelved)


def test_it_tells_what_the_records_tell_after_any_change(shelved, monkeypatch):
    archive = opened(shelved)
    told(archive)
    uids = list(archive.uids("customers"))
    archive.edit("customers", uids[3], full_name="Aaa", grade="C")
    archive.edit("customers", uids[4], full_name="Zzz", status="lost", phones=())
    archive.save(Customer(kind="person", full_name="Bob 1"), Transaction(customer=Ref(uids[5]), on=TODAY))
    archive.delete("customers", uids[6:9])
    archive.delete("transactions", archive.children("transactions", uids[10])[:1])
    archive.undo()
    archive.undo()
    archive.edit("customers", uids[7], full_name="Mid", grade="B")
    follows = told(archive)
    assert follows == told(opened(shelved, write=False))
    monkeypatch.setattr(indexed_records, "_FEW", 0)
    assert told(opened(shelved, write=False)) == follows
    archive.close()
    assert told(opened(shelved, write=False)) == follows


def test_any_harm_to_it_changes_no_answer(shelved):
    (file,) = shelved.parent.glob("*.idx")
    whole, expected = file.read_bytes(), told(opened(shelved, write=False))
    dice = random.Random(1)
    for harmed in (
        b"",
        b"x" * 100,
        whole[:-1],
        whole[: len(whole) // 2],
        *(_flipped(whole, dice.randrange(8 * len(whole))) for _n in range(12)),
    ):
        file.write_bytes(harmed)
        assert told(opened(shelved, write=False)) == expected


def _flipped(data: bytes, bit: int) -> bytes:
    harmed = bytearray(data)
    harmed[bit // 8] ^= 1 << bit % 8
    return bytes(harmed)


def test_every_array_that_is_harmed_is_as_good_as_missing(shelved):
    (file,) = shelved.parent.glob("*.idx")
    whole, expected = file.read_bytes(), told(opened(shelved, write=False))
    size = int(whole[9:17], 16)
    start = -(-(18 + size + 1) // 64) * 64
    file.write_bytes(whole[:start] + bytes(byte ^ 1 for byte in whole[start:]))
    assert told(opened(shelved, write=False)) == expected


def test_it_is_made_anew_where_another_program_made_it(shelved, monkeypatch):
    archive = opened(shelved, write=False)
    name = archive._db.storage.database._files.snapshot.name
    assert index_file.opened(shelved, name, "another") == {}
    assert index_file.opened(shelved, "f" * 16, "x") == {}


def test_a_link_in_its_place_is_replaced_and_what_it_leads_to_is_left_alone(shelved, tmp_path):
    other = tmp_path / "mine"
    other.write_text("mine")
    place = index_file.index_path(shelved, "e" * 16)
    place.symlink_to(other)
    index_file.kept(shelved, "e" * 16, "c", {"a": b""})
    assert other.read_text() == "mine"
    assert list(index_file.opened(shelved, "e" * 16, "c")) == ["a"]
    assert len(index_file.opened(shelved, "e" * 16, "c")) == 1


def test_those_of_former_snapshots_are_removed(shelved):
    stranger = shelved.with_name(f"{shelved.name}.notes.idx")
    stranger.write_text("mine")
    archive = opened(shelved)
    archive.save(Customer(kind="person", full_name="New"))
    archive._db.storage.compact()
    archive.close()
    name = archive._db.storage.database._files.snapshot.name
    assert sorted(shelved.parent.glob("*.idx")) == sorted([index_file.index_path(shelved, name), stranger])


def test_a_page_of_many_uids_is_found_as_it_is_asked_for(shelved):
    archive = opened(shelved, write=False)
    found = archive.select("customers", EVERYTHING)
    every = list(found)
    assert (found[:3], found[-1], len(found)) == (every[:3], every[-1], 60)
    assert found == every
    assert found != every[1:]
    assert found != 5
    assert every[7] in found
    assert "nobody" not in found
    assert found.index(every[7]) == 7
    with pytest.raises(ValueError, match="not in list"):
        found.index(every[7], 8)


def test_a_record_in_columns_is_a_mapping_as_any_other(shelved):
    archive = opened(shelved, write=False)
    kept = archive._db.storage.database.state.tables["customers"]
    light, row = kept.light_row(0), kept.row(0)
    assert dict(light) == row
    assert len(light) == len(row)
    assert light.get("nothing") is None
    assert light.get("grade", "-") == row.get("grade", "-")
    with pytest.raises(KeyError):
        light["nothing"]
