"""The index file gives the same answers as the records, and the archive works without it."""

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
    """A large file that another program has changed."""

    def __getitem__(self, _part):
        raise ForeignChange("It was changed.")


def test_an_array_whose_file_was_changed_is_treated_as_missing():
    found = index_file.IndexFile(Changed(), {"names": ("B", 0, 4, 0)}, 0)
    with pytest.raises(KeyError):
        found["names"]


@pytest.fixture
def indexed(path, settings, monkeypatch):
    """A compacted archive with an index file: 60 customers with transactions and activities."""
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


def answers_of(archive: Archive) -> list:
    """Return the archive's answers to queries of every kind."""
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


def answers_without_index(path) -> list:
    hidden = {file: file.read_bytes() for file in path.parent.glob("*.idx")}
    assert hidden
    for file in hidden:
        file.unlink()
    found = answers_of(opened(path, write=False))
    for file, data in hidden.items():
        file.write_bytes(data)
    return found


def test_the_index_file_agrees_with_the_records(indexed):
    assert answers_of(opened(indexed, write=False)) == answers_without_index(indexed)


def test_the_index_file_agrees_with_the_records_after_any_change(indexed, monkeypatch):
    archive = opened(indexed)
    answers_of(archive)
    uids = list(archive.uids("customers"))
    archive.edit("customers", uids[3], full_name="Aaa", grade="C")
    archive.edit("customers", uids[4], full_name="Zzz", status="lost", phones=())
    archive.save(Customer(kind="person", full_name="Bob 1"), Transaction(customer=Ref(uids[5]), on=TODAY))
    archive.delete("customers", uids[6:9])
    archive.delete("transactions", archive.children("transactions", uids[10])[:1])
    archive.undo()
    archive.undo()
    archive.edit("customers", uids[7], full_name="Mid", grade="B")
    follows = answers_of(archive)
    assert follows == answers_of(opened(indexed, write=False))
    monkeypatch.setattr(indexed_records, "_FEW", 0)
    assert answers_of(opened(indexed, write=False)) == follows
    archive.close()
    assert answers_of(opened(indexed, write=False)) == follows


def test_damage_to_the_index_file_changes_no_answer(indexed):
    (file,) = indexed.parent.glob("*.idx")
    whole, expected = file.read_bytes(), answers_of(opened(indexed, write=False))
    dice = random.Random(1)
    for damaged in (
        b"",
        b"x" * 100,
        whole[:-1],
        whole[: len(whole) // 2],
        *(_flipped(whole, dice.randrange(8 * len(whole))) for _n in range(12)),
    ):
        file.write_bytes(damaged)
        assert answers_of(opened(indexed, write=False)) == expected


def _flipped(data: bytes, bit: int) -> bytes:
    damaged = bytearray(data)
    damaged[bit // 8] ^= 1 << bit % 8
    return bytes(damaged)


def test_damage_to_every_array_changes_no_answer(indexed):
    (file,) = indexed.parent.glob("*.idx")
    whole, expected = file.read_bytes(), answers_of(opened(indexed, write=False))
    size = int(whole[9:17], 16)
    start = -(-(18 + size + 1) // 64) * 64
    file.write_bytes(whole[:start] + bytes(byte ^ 1 for byte in whole[start:]))
    assert answers_of(opened(indexed, write=False)) == expected


def test_an_index_file_of_another_version_or_snapshot_is_ignored(indexed, monkeypatch):
    archive = opened(indexed, write=False)
    name = archive._db.storage.database._files.snapshot.name
    assert index_file.opened(indexed, name, "another") == {}
    assert index_file.opened(indexed, "f" * 16, "x") == {}


def test_a_symbolic_link_in_its_place_is_replaced_and_its_target_is_left_alone(indexed, tmp_path):
    other = tmp_path / "mine"
    other.write_text("mine")
    place = index_file.index_path(indexed, "e" * 16)
    place.symlink_to(other)
    index_file.write(indexed, "e" * 16, "c", {"a": b""})
    assert other.read_text() == "mine"
    assert list(index_file.opened(indexed, "e" * 16, "c")) == ["a"]
    assert len(index_file.opened(indexed, "e" * 16, "c")) == 1


def test_index_files_of_former_snapshots_are_deleted(indexed):
    stranger = indexed.with_name(f"{indexed.name}.notes.idx")
    stranger.write_text("mine")
    archive = opened(indexed)
    archive.save(Customer(kind="person", full_name="New"))
    archive._db.storage.compact()
    archive.close()
    name = archive._db.storage.database._files.snapshot.name
    assert sorted(indexed.parent.glob("*.idx")) == sorted([index_file.index_path(indexed, name), stranger])


def test_a_lazy_list_of_uids_behaves_like_a_list(indexed):
    archive = opened(indexed, write=False)
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


def test_a_row_in_columns_is_a_mapping_like_any_other(indexed):
    archive = opened(indexed, write=False)
    kept = archive._db.storage.database.state.tables["customers"]
    light, row = kept.light_row(0), kept.row(0)
    assert dict(light) == row
    assert len(light) == len(row)
    assert light.get("nothing") is None
    assert light.get("grade", "-") == row.get("grade", "-")
    with pytest.raises(KeyError):
        light["nothing"]
