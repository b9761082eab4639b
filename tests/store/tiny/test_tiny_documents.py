"""Behaviour of documents, their numbers and queries that TinyDB's own tests do not cover."""

import re
from contextlib import suppress

import pytest
from databases import Aborted, frames, held_by
from tinydb import where
from tinydb.operations import increment
from tinydb.table import Document

from archive.errors import BadValue
from archive.store import ArchiveDB
from archive.store.wal.segments import listed


def test_changing_a_document_does_not_change_the_store(db):
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


def test_documents_read_back_as_json_values_before_and_after_reopening(db, opened):
    db.insert({"pair": (1, 2), 3: "three"})
    assert db.all() == [{"pair": [1, 2], "3": "three"}]
    db.close()
    assert opened().all() == [{"pair": [1, 2], "3": "three"}]


@pytest.mark.parametrize(
    ("value", "error"),
    [(object(), TypeError), (float("nan"), ValueError), ("\0", BadValue), ("\ud800", BadValue)],
)
def test_a_value_that_cannot_be_stored_refuses_the_whole_change(db, path, value, error):
    db.insert({"n": 1})
    with pytest.raises(error):
        db.insert_multiple([{"n": 2}, {"n": value}])
    assert (held_by(db), frames(path)) == ({"_default": {1: {"n": 1}}}, 1)


@pytest.mark.parametrize("number", [-1, 10**18, "x", "07", 1.5, True, None])
def test_an_invalid_document_number_is_refused(db, number):
    with pytest.raises(BadValue):
        db.insert(Document({}, number))
    assert held_by(db) == {}


@pytest.mark.parametrize("name", ["_meta", "_sum"])
def test_internal_tables_cannot_be_written(db, name):
    with pytest.raises(BadValue):
        db.table(name).insert({})
    assert db.tables() == set()


def test_an_invalid_document_number_finds_nothing(db):
    db.insert({})
    assert [db.get(doc_id=number) for number in (1.0, "x", -1)] == [None] * 3
    assert db.remove(doc_ids=["1", 7]) == []
    assert "x" not in db.storage.read()["_default"]
    assert 1 not in db.storage.read()["_default"]


def test_a_change_writes_only_changed_documents(db, path):
    db.insert_multiple({"n": n, "text": "x" * 1000} for n in range(100))
    size = listed(path)[-1].stat().st_size
    assert db.update({"n": 7}, where("n") == 7) == [8]
    assert db.update({"n": 1}, doc_ids=[200]) == []
    assert db.remove(where("n") == 1000) == []
    assert (frames(path), listed(path)[-1].stat().st_size) == (1, size)
    db.update(increment("n"), where("n") == 7)
    assert (frames(path), listed(path)[-1].stat().st_size < size + 3000) == (2, True)


def test_true_and_one_are_different_values(db):
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


def test_documents_can_be_changed_while_iterating(db):
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


def test_document_numbers_are_unique_across_table_objects(db):
    other = ArchiveDB.table_class(db.storage, "_default")
    assert [db.insert({}), other.insert({}), db.insert({})] == [1, 2, 3]
    assert db.insert_multiple([Document({}, 9), {}, Document({}, 4), {}]) == [9, 10, 4, 11]
    db.remove(doc_ids=[11])
    db.storage.compact()
    assert ArchiveDB.table_class(db.storage, "_default").insert({}) == 11
    db.truncate()
    assert db.insert({}) == 1


def test_the_table_in_an_update_function_behaves_like_a_dict(db):
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


# Queries


def test_a_repeated_query_reflects_the_changes_since(db):
    db.insert_multiple({"n": n} for n in range(3))
    asked = where("n") > 0
    other = ArchiveDB.table_class(db.storage, "_default")
    assert db.count(asked) == db.count(asked) == 2
    other.insert({"n": 5})
    assert db.count(asked) == 3
    db.storage.undo()
    assert db.count(asked) == 2
    with suppress(Aborted), db.storage.transaction():
        db.truncate()
        assert db.count(asked) == 0
        raise Aborted
    assert db.count(asked) == 2
    db.drop_tables()
    assert db.count(asked) == 0


@pytest.mark.parametrize("kind", ["search", "matches"])
def test_patterns_with_different_flags_are_different_queries(db, kind):
    db.insert({"name": "Ann", "n": 1})
    for wrap in (lambda query: query, lambda query: ~~query, lambda query: query & (where("n") == 1)):
        exact, either = (wrap(getattr(where("name"), kind)("ann", flags)) for flags in (0, re.IGNORECASE))
        assert [db.count(exact), db.count(either)] == [0, 1]


def test_a_query_may_be_any_function(db):
    db.insert({"n": 1})
    assert db.search(lambda document: document["n"] == 1) == [{"n": 1}]
