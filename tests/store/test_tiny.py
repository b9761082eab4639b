"""TinyDB on a journal: it behaves as ever, and a change is on the disk whole, costs what it is, can be taken back."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from tinydb import TinyDB, where
from tinydb.middlewares import CachingMiddleware
from tinydb.operations import increment
from tinydb.table import Document

from archive.errors import ArchiveError, BadValue, CannotWrite, Damaged, InUse, NotFound
from archive.model.customer import Customer
from archive.service.archive import Archive
from archive.store import compaction, documents, held, snapshot
from archive.store.segments import listed
from archive.store.tiny import ArchiveDB, JournalStorage


class GivenUp(Exception):
    """What a caller raises to give a transaction up."""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data.json"


@pytest.fixture
def opened(path):
    """Open the file as often as wanted; what is open still at the end is closed."""
    made = []

    def again(cls=ArchiveDB, **options):
        made.append(cls(path, storage=JournalStorage, **options))
        return made[-1]

    yield again
    for db in made:
        db.close()


@pytest.fixture
def db(opened):
    return opened()


def held_by(db) -> dict[str, dict[int, dict]]:
    return {name: {document.doc_id: dict(document) for document in db.table(name)} for name in db.tables()}


def frames(path: Path) -> int:
    """How many changes the journal holds."""
    lines = [line for segment in listed(path) for line in segment.read_bytes().splitlines()]
    return len(lines) - len(listed(path))


def left_by_a_crash(path: Path, folder: Path) -> Path:
    """The files as they are on the disk, elsewhere."""
    folder.mkdir()
    for name in [path, *listed(path)]:
        shutil.copy(name, folder)
    return folder / path.name


def read_by_tinydb(path: Path) -> dict[str, dict[int, dict]]:
    with TinyDB(path, access_mode="r") as db:
        return {name: rows for name, rows in held_by(db).items() if name not in ("_meta", "_sum")}


# What TinyDB's own tests do not ask


def test_what_a_caller_does_to_a_document_is_not_done_to_the_store(db):
    mine = {"tags": ["a"]}
    db.insert(mine)
    mine["tags"].append("b")
    for read in (
        db.all,
        lambda: db.search(where("tags").exists()),
        lambda: [db.get(doc_id=1)],
        lambda: list(db),
    ):
        for _before_and_after_compaction in range(2):
            read()[0]["tags"].append("c")
            assert read() == [{"tags": ["a"]}]
            db.storage.compact()


def test_a_document_is_read_as_json_keeps_it_at_once_and_later(db, opened):
    db.insert({"pair": (1, 2), 3: "three"})
    assert db.all() == [{"pair": [1, 2], "3": "three"}]
    db.close()
    assert opened().all() == [{"pair": [1, 2], "3": "three"}]


@pytest.mark.parametrize(
    ("value", "error"),
    [(object(), TypeError), (float("nan"), ValueError), ("\0", BadValue), ("\ud800", BadValue)],
)
def test_what_cannot_be_kept_is_refused_with_all_that_came_with_it(db, path, value, error):
    db.insert({"n": 1})
    with pytest.raises(error):
        db.insert_multiple([{"n": 2}, {"n": value}])
    assert (held_by(db), frames(path)) == ({"_default": {1: {"n": 1}}}, 1)


@pytest.mark.parametrize("number", [-1, 10**18, "x", "07", 1.5, True, None])
def test_a_document_whose_number_no_file_keeps_is_refused(db, number):
    with pytest.raises(BadValue):
        db.insert(Document({}, number))
    assert held_by(db) == {}


@pytest.mark.parametrize("name", ["_meta", "_sum"])
def test_the_tables_of_the_file_itself_are_nobody_elses(db, name):
    with pytest.raises(BadValue):
        db.table(name).insert({})
    assert db.tables() == set()


def test_a_key_that_is_no_number_finds_nothing(db):
    db.insert({})
    assert [db.get(doc_id=number) for number in (1.0, "x", -1)] == [None] * 3
    assert db.remove(doc_ids=["1", 7]) == []
    assert "x" not in db.storage.read()["_default"]
    assert 1 not in db.storage.read()["_default"]


def test_a_change_writes_what_it_changes_and_nothing_where_it_changes_nothing(db, path):
    db.insert_multiple({"n": n, "text": "x" * 1000} for n in range(100))
    size = listed(path)[-1].stat().st_size
    assert db.update({"n": 7}, where("n") == 7) == [8]
    assert db.update({"n": 1}, doc_ids=[200]) == []
    assert db.remove(where("n") == 1000) == []
    assert (frames(path), listed(path)[-1].stat().st_size) == (1, size)
    db.update(increment("n"), where("n") == 7)
    assert (frames(path), listed(path)[-1].stat().st_size < size + 3000) == (2, True)


def test_true_is_another_value_than_one(db):
    db.insert({"n": 1})
    db.update({"n": True})
    assert db.all()[0]["n"] is True


def test_updates_of_several_kinds_at_once_see_each_other(db):
    db.insert_multiple({"n": n} for n in range(3))
    db.update_multiple([(increment("n"), where("n") == 2), (increment("n"), where("n") == 3)])
    db.upsert({"n": 9}, where("n") == 10)
    db.upsert(Document({"n": 8}, doc_id=1))
    assert [document["n"] for document in db] == [8, 1, 4, 9]


def test_an_upsert_is_one_change(db, path):
    db.upsert(Document({"n": 1}, doc_id=3))
    db.upsert({"n": 2}, where("n") == 2)
    assert (frames(path), held_by(db)) == (2, {"_default": {3: {"n": 1}, 4: {"n": 2}}})


def test_documents_go_on_being_gone_through_while_they_are_changed(db):
    db.insert_multiple({"n": n} for n in range(4))
    db.storage.compact()
    db.update({"n": 10}, doc_ids=[2])
    seen = []
    for document in db:
        seen.append(document["n"])
        db.remove(doc_ids=[document.doc_id, document.doc_id + 1])
        db.insert({"n": 20})
    assert seen == [0, 10, 2, 3]
    rows = db.storage.read()["_default"]
    assert [*rows.values()] == [document for _key, document in rows.items()]


def test_numbers_are_never_given_twice_whoever_gives_them(db):
    other = ArchiveDB.table_class(db.storage, "_default")
    assert [db.insert({}), other.insert({}), db.insert({})] == [1, 2, 3]
    assert db.insert_multiple([Document({}, 9), {}, Document({}, 4), {}]) == [9, 10, 4, 11]
    db.remove(doc_ids=[11])
    db.storage.compact()
    assert ArchiveDB.table_class(db.storage, "_default").insert({}) == 11
    db.truncate()
    assert db.insert({}) == 1


def test_a_table_that_is_changed_has_all_the_ways_of_a_dict(db):
    db.insert_multiple({"n": n} for n in range(3))

    def changes(table):
        table[7] = {"n": 7}
        del table[2]
        assert (len(table), list(table), 2 in table, "1" in table) == (3, [1, 3, 7], False, False)
        for gone in (2, "1", 99):
            with pytest.raises(KeyError):
                table[gone]
            with pytest.raises(KeyError):
                del table[gone]
        assert table.pop(7) == {"n": 7}
        table[1].clear()

    db.table("_default")._update_table(changes)
    assert held_by(db) == {"_default": {1: {}, 3: {"n": 2}}}


# Found again by a query


def test_a_query_that_was_asked_before_answers_as_things_are_now(db):
    db.insert_multiple({"n": n} for n in range(3))
    asked = where("n") > 0
    other = ArchiveDB.table_class(db.storage, "_default")
    assert db.count(asked) == db.count(asked) == 2
    other.insert({"n": 5})
    assert db.count(asked) == 3
    db.storage.undo()
    assert db.count(asked) == 2
    with suppress(GivenUp), db.storage.transaction():
        db.truncate()
        assert db.count(asked) == 0
        raise GivenUp
    assert db.count(asked) == 2
    db.drop_tables()
    assert db.count(asked) == 0


@pytest.mark.parametrize("kind", ["search", "matches"])
def test_patterns_that_differ_in_their_flags_are_different_queries(db, kind):
    db.insert({"name": "Ann", "n": 1})
    for wrap in (lambda query: query, lambda query: ~~query, lambda query: query & (where("n") == 1)):
        exact, either = (wrap(getattr(where("name"), kind)("ann", flags)) for flags in (0, re.IGNORECASE))
        assert [db.count(exact), db.count(either)] == [0, 1]


def test_a_query_may_be_any_function(db):
    db.insert({"n": 1})
    assert db.search(lambda document: document["n"] == 1) == [{"n": 1}]


# Transactions


def test_a_change_of_several_tables_is_one_in_the_journal(db, path):
    with db.storage.transaction("Move"):
        db.table("a").insert({"n": 1})
        db.table("b").insert({"n": 2})
        db.table("b").update({"n": 3})
    assert (frames(path), held_by(db)) == (1, {"a": {1: {"n": 1}}, "b": {1: {"n": 3}}})
    assert read_after_crash(path) == held_by(db)


def read_after_crash(path: Path) -> dict:
    with ArchiveDB(left_by_a_crash(path, path.parent / f"crash-{time.monotonic_ns()}")) as db:
        return held_by(db)


def test_a_transaction_that_raises_leaves_nothing(db, path):
    db.insert_multiple({"n": n} for n in range(3))
    before = held_by(db)
    with suppress(GivenUp), db.storage.transaction():
        db.update({"n": 5})
        db.remove(doc_ids=[1])
        db.insert({"n": 7})
        db.table("other").insert({})
        db.drop_table("_default")
        raise GivenUp
    assert (held_by(db), frames(path)) == (before, 1)
    assert db.insert({}) == 4


def test_a_transaction_that_comes_to_nothing_is_not_written(db, path):
    with db.storage.transaction():
        db.insert({})
        db.truncate()
        db.drop_tables()
    assert (path.exists(), frames(path)) == (False, 0)


def test_a_part_of_a_transaction_can_be_given_up_alone(db, path):
    with db.storage.transaction():
        db.insert({"n": 1})
        with suppress(GivenUp), db.storage.transaction():
            db.insert({"n": 2})
            raise GivenUp
        db.table("b").insert({"n": 3})
    assert read_after_crash(path) == held_by(db)
    assert (frames(path), held_by(db)) == (1, {"_default": {1: {"n": 1}}, "b": {1: {"n": 3}}})


@pytest.mark.parametrize("method", ["undo", "compact"])
def test_inside_a_transaction_only_documents_are_changed(db, method):
    with db.storage.transaction():
        db.insert({})
        with pytest.raises(RuntimeError):
            getattr(db.storage, method)()
    assert len(db) == 1


# Undo


def test_changes_are_taken_back_newest_first_also_after_a_restart(db, opened):
    states = [held_by(db)]
    for change in (
        lambda: db.insert({"n": 1}),
        lambda: db.update({"n": 2}),
        lambda: db.table("other", persist_empty=True),
        lambda: db.table("other").insert_multiple([{}, {"x": 1}]),
        lambda: db.drop_table("other"),
        lambda: db.drop_tables(),
        lambda: db.insert({"n": 9}),
    ):
        change()
        states.append(held_by(db))
    for number, state in enumerate(reversed(states[:-1])):
        if number % 2:
            db.close()
            db = opened()
        assert db.storage.undo() is not None
        assert held_by(db) == state
    assert db.storage.undo() is None


def test_undo_tells_what_it_took_back_and_a_new_change_after_it_is_the_next(db):
    with db.storage.transaction("First"):
        db.insert({"n": 1})
    with db.storage.transaction("Second"):
        db.insert({"n": 2})
    assert db.storage.undo() == "Second"
    with db.storage.transaction("Third"):
        db.insert({"n": 3})
    assert [db.storage.undo() for _time in range(3)] == ["Third", "First", None]


def test_a_change_is_not_taken_back_where_another_program_changed_the_same_since(db, path, opened):
    db.insert({"n": 1})
    db.close()
    with TinyDB(path) as stock:
        stock.update({"n": 5})
    db = opened()
    with pytest.raises(CannotWrite, match="another program"):
        db.storage.undo()
    assert db.all() == [{"n": 5}]


def test_a_table_that_another_program_filled_stays_when_its_making_is_taken_back(db, path, opened):
    db.insert({"n": 1})
    db.close()
    with TinyDB(path) as stock:
        stock.insert({"n": 2})
    db = opened()
    db.storage.undo()
    assert held_by(db) == {"_default": {2: {"n": 2}}}


def test_old_changes_are_kept_for_a_while_and_then_dropped(db, path, monkeypatch):
    monkeypatch.setattr(held, "FULL", 100)
    monkeypatch.setattr(held, "KEPT_ENTRIES", 1)
    for n in range(3):
        db.insert({"n": n})
        db.storage.compact()
    assert len(listed(path)) == 3
    for segment in listed(path):
        os.utime(segment, (0, 0))
    db.insert({"n": 3})
    db.storage.compact()
    assert len(listed(path)) == 1
    assert [db.storage.undo() for _time in range(2)] == ["", None]


# Files


def test_what_was_changed_is_there_when_the_program_is_killed(db, path, opened):
    db.insert_multiple({"n": n} for n in range(3))
    db.storage.compact()
    db.table("other").insert({"n": 9})
    db.drop_table("_default")
    assert read_after_crash(path) == held_by(db) == {"other": {1: {"n": 9}}}


def test_wherever_the_journal_breaks_off_there_are_whole_changes(db, path, tmp_path):
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
            assert bool(again.storage.documents.notices) == (length not in (0, *ends(data)))
    assert found == sorted(found)
    assert set(found) == {0, 1, 2}


def ends(data: bytes) -> list[int]:
    return [place + 1 for place, byte in enumerate(data) if byte == 10]


@pytest.mark.parametrize("close", ["compact", "close"])
def test_tinydb_itself_reads_what_was_written(db, path, close):
    db.insert_multiple({"n": n, "name": "王"} for n in range(600))
    db.table("other").insert({"deep": [{"x": 1.5}]})
    db.table("empty", persist_empty=True)
    db.remove(where("n") == 5)
    before = held_by(db)
    getattr(db.storage, close)()
    assert read_by_tinydb(path) == before


def test_tinydbs_own_file_is_opened_and_taken_over_by_the_first_change(path, opened):
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


def test_a_file_goes_back_and_forth_between_tinydb_and_us(path, opened):
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
        '{"_meta": {"1": {"format": "customer-archive", "schema": 2}}}',
        '{"_meta": {}}',
    ],
)
def test_a_file_of_another_program_is_left_as_it_is(path, opened, content):
    path.write_text(content)
    with pytest.raises(Damaged):
        opened()
    assert path.read_text() == content


def test_an_archive_of_customers_is_not_taken_for_a_database(path, opened):
    archive = Archive.open(path, create=True)
    archive.save(Customer(kind="person", full_name="Ann"))
    archive.close()
    with pytest.raises(Damaged, match="more in it than documents"):
        opened()
    assert len(Archive.open(path, write=False).select("customers")) == 1


def test_a_database_is_not_taken_for_an_archive_of_customers(db, path):
    db.table("customers").insert({"n": 1})
    db.close()
    with pytest.raises(Damaged):
        Archive.open(path)
    assert read_by_tinydb(path) == {"customers": {1: {"n": 1}}}


def test_one_writes_and_others_read(db, path, opened):
    db.insert({"n": 1})
    with pytest.raises(InUse):
        opened()
    reader = opened(access_mode="r")
    assert reader.all() == [{"n": 1}]
    for change in (lambda: reader.insert({"n": 2}), reader.drop_tables, reader.storage.compact):
        with pytest.raises(CannotWrite, match="reading only"):
            change()
    assert reader.all() == [{"n": 1}]


def test_a_closed_database_writes_nothing(db):
    db.insert({"n": 1})
    db.close()
    with pytest.raises(CannotWrite):
        db.insert({"n": 2})
    assert db.all() == [{"n": 1}]


def test_what_is_not_there_is_not_read(opened):
    with pytest.raises(NotFound):
        opened(access_mode="r")


def test_a_folder_is_made_when_it_is_asked_for(tmp_path):
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


def test_a_change_by_another_program_while_it_is_open_is_not_written_over(db, path):
    db.insert({"n": 1})
    path.write_text('{"_default": {"1": {"n": 7}}}')
    for change in (lambda: db.insert({"n": 2}), db.storage.compact):
        with pytest.raises(CannotWrite, match="another program"):
            change()
    assert (db.all(), read_by_tinydb(path)) == ([{"n": 1}], {"_default": {1: {"n": 7}}})


def test_a_damaged_file_is_named_and_not_held_on_to(db, path, opened, monkeypatch):
    monkeypatch.setattr(snapshot, "SMALL", 0)
    db.insert_multiple({"n": n} for n in range(3))
    db.storage.compact()
    db.update({"n": 7}, doc_ids=[2])
    crashed = left_by_a_crash(path, path.parent / "crash")
    whole = crashed.read_bytes()
    crashed.write_bytes(whole.replace(b'{"n":2}', b'{"n":3}'))
    for _again in range(2):
        with pytest.raises(Damaged, match="_default"):
            ArchiveDB(crashed)
    crashed.write_bytes(whole)
    with ArchiveDB(crashed) as again:
        assert held_by(again) == held_by(db)


def failing(number: int):
    def fail(*_args, **_options):
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("call", ["write", "fdatasync"])
def test_a_change_that_cannot_be_saved_is_not_there_and_the_next_one_is(db, path, call):
    db.insert({"n": 1})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, call, failing(errno.EIO))
        with pytest.raises(CannotWrite):
            db.insert({"n": 2})
        assert db.all() == [{"n": 1}]
    assert db.insert({"n": 3}) == 2
    assert read_after_crash(path) == held_by(db) == {"_default": {1: {"n": 1}, 2: {"n": 3}}}


def test_after_a_failed_save_nothing_is_written_over_what_is_not_as_it_was_acknowledged(db, path):
    db.insert({"n": 1})
    (segment,) = listed(path)
    before = segment.read_bytes()
    db.insert({"n": 2})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", failing(errno.EIO))
        with pytest.raises(CannotWrite):
            db.insert({"n": 3})
    segment.write_bytes(before)
    with pytest.raises(CannotWrite, match="another program"):
        db.insert({"n": 3})
    assert db.all() == [{"n": 1}, {"n": 2}]


def test_a_snapshot_that_cannot_be_written_costs_no_change(db, path, opened):
    db.insert({"n": 1})
    before = path.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", failing(errno.ENOSPC))
        with pytest.raises(CannotWrite):
            db.storage.compact()
        db.close()
    assert (path.read_bytes(), opened().all()) == (before, [{"n": 1}])


def test_a_long_journal_becomes_a_new_snapshot_by_itself(db, path, monkeypatch):
    monkeypatch.setattr(documents, "LARGE", 100)
    db.insert({"n": 1})
    db.insert({"n": 2})
    assert read_by_tinydb(path) == held_by(db)
    with monkeypatch.context() as patch:
        patch.setattr(held, "publish", failing(errno.ENOSPC))
        db.insert({"n": 3})
    db.insert({"n": 4})
    assert read_by_tinydb(path)["_default"].keys() == {1, 2}
    assert read_after_crash(path) == held_by(db)


@pytest.mark.parametrize("harm", ["keep", "delete", "overwrite"])
def test_where_documents_begin_is_kept_beside_a_large_file_and_found_anew_without(
    db, path, opened, monkeypatch, harm
):
    monkeypatch.setattr(compaction, "WORTH_A_SHELF", 100)
    db.insert_multiple({"n": n} for n in range(20))
    db.table("other", persist_empty=True)
    before = held_by(db)
    db.storage.compact()
    assert held_by(db) == before
    (beside,) = path.parent.glob("*.idx")
    db.insert({"n": 20})
    db.close()
    (beside,) = set(path.parent.glob("*.idx")) - {beside}
    if harm == "delete":
        beside.unlink()
    elif harm == "overwrite":
        beside.write_bytes(bytes(beside.stat().st_size))
    db = opened()
    assert [document["n"] for document in db] == [*range(21)]
    assert (db.get(doc_id=21), db.insert({})) == ({"n": 20}, 22)


# As a storage of TinyDB's own tables


def test_tinydbs_own_tables_write_the_difference_too(path, opened):
    db = opened(TinyDB)
    db.insert_multiple({"n": n, "text": "x" * 1000} for n in range(50))
    db.table("other").insert({"n": 1})
    size = listed(path)[-1].stat().st_size
    db.update({"n": 7}, doc_ids=[3])
    db.remove(doc_ids=[4])
    db.drop_table("other")
    assert listed(path)[-1].stat().st_size < size + 4000
    assert read_after_crash(path) == held_by(db)
    assert (db.get(doc_id=3)["n"], len(db), db.tables()) == (7, 49, {"_default"})


def test_a_table_can_be_given_another_name(db):
    db.insert({"n": 1})
    data = db.storage.read()
    data["renamed"] = data.pop("_default")
    db.storage.write(data)
    assert held_by(db) == {"renamed": {1: {"n": 1}}}


@pytest.mark.parametrize("data", [{"a": 1}, {"a": {"1": 2}}, {"a": {"x": {}}}, {"a": {"1": None}}])
def test_what_are_no_tables_is_refused_as_a_whole(db, data):
    db.insert({"n": 1})
    with pytest.raises(ArchiveError):
        db.storage.write({"b": {"1": {}}, **data})
    assert held_by(db) == {"_default": {1: {"n": 1}}}


def test_our_table_on_another_storage_is_tinydbs_own(path):
    with ArchiveDB(path, storage=CachingMiddleware(JournalStorage)) as db:
        db.insert_multiple({"n": n} for n in range(3))
        assert db.update({"n": 5}, where("n") == 1) == [2]
        assert db.search(where("n") == 5) == [{"n": 5}]
        assert db.upsert({"n": 7}, where("n") == 7) == [4]
        before = held_by(db)
    assert read_by_tinydb(path) == before


def test_the_program_itself_starts_without_it():
    code = "import archive.cli, sys; sys.exit('tinydb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_the_file_is_json_with_one_document_a_line(db, path):
    db.insert_multiple({"n": n} for n in range(3))
    db.close()
    assert '"2":{"n":1},' in path.read_text().splitlines()
    assert json.loads(path.read_text())["_default"] == {"1": {"n": 0}, "2": {"n": 1}, "3": {"n": 2}}
