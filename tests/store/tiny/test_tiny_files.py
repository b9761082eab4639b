"""Changes are on the disk and readable by stock TinyDB, and files of other programs are left unchanged."""

import json

import pytest
from databases import held_by, left_by_a_crash, read_after_crash, read_by_tinydb
from tinydb import TinyDB, where

from archive.errors import CannotWrite, Damaged, ForeignChange, InUse, NotFound
from archive.service.archive import Archive
from archive.store import ArchiveDB, snapshot
from archive.store.storage import JournalStorage
from archive.store.wal.records import pack
from archive.store.wal.segments import listed


def test_changes_survive_a_kill_of_the_program(db, path, opened):
    db.insert_multiple({"n": n} for n in range(3))
    db.storage.compact()
    db.table("other").insert({"n": 9})
    db.drop_table("_default")
    assert read_after_crash(path) == held_by(db) == {"other": {1: {"n": 9}}}


def test_a_journal_cut_off_anywhere_leaves_complete_changes(db, path, tmp_path):
    states = [{}]
    for n in range(3):
        with db.storage.transaction():
            db.insert({"n": n})
            db.table("other").insert({"n": n})
        states.append(held_by(db))
    (segment,) = listed(path)
    data = segment.read_bytes()
    found = []
    for length in range(0, len(data), 7):
        crashed = left_by_a_crash(path, tmp_path / f"at-{length}")
        listed(crashed)[0].write_bytes(data[:length])
        with ArchiveDB(crashed) as again:
            found.append(states.index(held_by(again)))
            assert bool(again.storage.database.notices) == (length not in ends(data))
    assert found == sorted(found)
    assert set(found) == {0, 1, 2, 3}


def ends(data: bytes) -> list[int]:
    return [place + 1 for place, byte in enumerate(data) if byte == 10]


@pytest.mark.parametrize("close", ["compact", "close"])
def test_stock_tinydb_reads_the_file(db, path, close):
    db.insert_multiple({"n": n, "name": "王"} for n in range(600))
    db.table("other").insert({"deep": [{"x": 1.5}]})
    db.table("empty", persist_empty=True)
    db.remove(where("n") == 5)
    before = held_by(db)
    getattr(db.storage, close)()
    assert read_by_tinydb(path) == before


def test_a_file_of_stock_tinydb_is_converted_by_the_first_change(path, opened):
    with TinyDB(path, indent=4) as stock:
        stock.insert_multiple({"n": n} for n in range(3))
        stock.table("other").insert({"x": 1})
        before = held_by(stock)
    as_it_was = path.read_bytes()
    db = opened()
    assert held_by(db) == before
    db.close()
    assert path.read_bytes() == as_it_was
    db = opened()
    db.table("other").insert({"x": 2})
    assert path.read_bytes().startswith(b'{"_meta":{\n')
    db.close()
    before["other"][2] = {"x": 2}
    assert held_by(opened()) == before == read_by_tinydb(path)


def test_stock_tinydb_and_archivedb_can_write_the_same_file_in_turn(path, opened):
    for n in range(0, 6, 2):
        with TinyDB(path) as stock:
            stock.insert({"n": n})
        with opened() as db:
            db.insert({"n": n + 1})
    assert [document["n"] for document in opened()] == list(range(6))


@pytest.mark.parametrize("content", ["", "\n", "{}"])
def test_an_empty_file_is_an_empty_database(path, opened, content):
    path.write_text(content)
    db = opened()
    assert held_by(db) == {}
    db.insert({"n": 1})
    assert read_after_crash(path) == {"_default": {1: {"n": 1}}}


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        '{"a": {"x": {}}}',
        '{"a": {"07": {}}}',
        '{"_meta": {"1": {"format": "documents", "version": 2}}}',
        '{"_meta": {"1": {"format": "documents", "version": 1, "lsn": "x"}}}',
        '{"_meta": {"1": {"format": "documents", "version": 1, "lsn": -1}}}',
        '{"_meta": {}}',
    ],
)
def test_a_file_of_another_program_is_refused_and_left_unchanged(path, opened, content):
    path.write_text(content)
    with pytest.raises(Damaged):
        opened()
    assert path.read_text() == content


def test_the_program_refuses_a_file_of_stock_tinydb(path):
    with TinyDB(path) as stock:
        stock.insert({"n": 1})
    with pytest.raises(Damaged, match="not a customer archive"):
        Archive.open(path)
    assert read_by_tinydb(path) == {"_default": {1: {"n": 1}}}


def test_a_document_file_of_an_older_version_is_opened_with_its_journal(path, opened):
    payloads = [
        json.dumps({"journal": 2, "archive": "u", "after": 0, "tail": ""}).encode(),
        b'[1,0,"",[["_default","1",{"n":1},null],["_default","2",{"n":2},null]],{"made":["_default"]}]',
        b'[2,0,"",[["_default","1",null,{"n":1}]],{"undone":1}]',
    ]
    meta = {"format": "documents", "version": 1, "uuid": "u", "lsn": 0, "snapshot": "s"}
    path.write_bytes(snapshot.encoded({"_meta": {"1": meta}}))
    path.with_name(f"{path.name}.j000001").write_bytes(b"".join(map(pack, payloads)))
    db = opened()
    assert held_by(db) == {"_default": {2: {"n": 2}}}
    db.insert({"n": 3})
    assert read_after_crash(path) == held_by(db) == {"_default": {2: {"n": 2}, 3: {"n": 3}}}


def test_one_writes_and_others_read(db, path, opened):
    db.insert({"n": 1})
    with pytest.raises(InUse):
        opened()
    reader = opened(access_mode="r")
    assert reader.all() == [{"n": 1}]
    for change in (lambda: reader.insert({"n": 2}), reader.drop_tables, reader.storage.compact):
        with pytest.raises(CannotWrite, match="read-only"):
            change()
    assert reader.all() == [{"n": 1}]


def test_a_closed_database_writes_nothing(db):
    db.insert({"n": 1})
    db.close()
    with pytest.raises(CannotWrite):
        db.insert({"n": 2})
    assert db.all() == [{"n": 1}]


def test_a_missing_file_cannot_be_opened_for_reading(opened):
    with pytest.raises(NotFound):
        opened(access_mode="r")


def test_a_missing_folder_is_created_only_on_request(tmp_path):
    path = tmp_path / "new" / "data.json"
    with pytest.raises(CannotWrite, match="its folder does not exist"):
        JournalStorage(path)
    assert not path.parent.exists()
    with ArchiveDB(path, create_dirs=True) as db:
        db.insert({})
    assert path.exists()


def test_a_mode_that_would_empty_the_file_is_refused(path):
    with pytest.raises(ValueError, match="access_mode"):
        JournalStorage(path, access_mode="w")


def test_options_of_tinydbs_json_storage_are_ignored_and_others_are_refused(path):
    JournalStorage(path, indent=4, sort_keys=True, encoding="utf-8").close()
    with pytest.raises(TypeError, match="unknown options: taken_over"):
        JournalStorage(path, taken_over=True)


def test_a_file_changed_by_another_program_while_open_is_not_overwritten(db, path):
    db.insert({"n": 1})
    path.write_text('{"_default": {"1": {"n": 7}}}')
    for change in (lambda: db.insert({"n": 2}), db.storage.compact):
        with pytest.raises(CannotWrite, match="another program"):
            change()
    with pytest.raises(ForeignChange):
        db.close()
    assert read_by_tinydb(path) == {"_default": {1: {"n": 7}}}
    (copy,) = path.parent.glob("*-conflict-*")
    assert db.all() == [{"n": 1}]
    assert read_by_tinydb(copy) == {"_default": {1: {"n": 1}}}


def test_a_damaged_file_is_reported_and_released(db, path, opened, monkeypatch):
    monkeypatch.setattr(snapshot, "SMALL", 0)
    db.insert_multiple({"n": n} for n in range(3))
    db.storage.compact()
    db.update({"n": 7}, doc_ids=[2])
    crashed = left_by_a_crash(path, path.parent / "crash")
    whole = crashed.read_bytes()
    crashed.write_bytes(whole.replace(b'"3":{"n":2}', b'"3":{"n":3}'))
    for _again in range(2):
        with pytest.raises(Damaged, match="_default"):
            ArchiveDB(crashed)
    crashed.write_bytes(whole)
    with ArchiveDB(crashed) as again:
        assert held_by(again) == held_by(db)


def test_the_file_is_json_with_one_document_per_line(db, path):
    db.insert_multiple({"n": n} for n in range(3))
    db.close()
    assert '"2":{"n":1},' in path.read_text().splitlines()
    assert json.loads(path.read_text())["_default"] == {"1": {"n": 0}, "2": {"n": 1}, "3": {"n": 2}}
