"""A transaction is a single change in the journal, and is aborted or undone as a whole."""

from contextlib import suppress

import pytest
from databases import Aborted, frames, held_by, read_after_crash
from tinydb import TinyDB

from archive.errors import CannotWrite


def test_a_transaction_over_several_tables_is_one_change_in_the_journal(db, path):
    with db.storage.transaction("Move"):
        db.table("a").insert({"n": 1})
        db.table("b").insert({"n": 2})
        db.table("b").update({"n": 3})
    assert (frames(path), held_by(db)) == (1, {"a": {1: {"n": 1}}, "b": {1: {"n": 3}}})
    assert read_after_crash(path) == held_by(db)


def test_a_transaction_that_raises_changes_nothing(db, path):
    db.insert_multiple({"n": n} for n in range(3))
    before = held_by(db)
    with suppress(Aborted), db.storage.transaction():
        db.update({"n": 5})
        db.remove(doc_ids=[1])
        db.insert({"n": 7})
        db.table("other").insert({})
        db.drop_table("_default")
        raise Aborted
    assert (held_by(db), frames(path)) == (before, 1)
    assert db.insert({}) == 4


def test_a_transaction_without_effect_is_not_written(db, path):
    with db.storage.transaction():
        db.insert({})
        db.truncate()
        db.drop_tables()
    assert (path.exists(), frames(path)) == (False, 0)


def test_a_nested_transaction_can_be_aborted_alone(db, path):
    with db.storage.transaction():
        db.insert({"n": 1})
        with suppress(Aborted), db.storage.transaction():
            db.insert({"n": 2})
            raise Aborted
        db.table("b").insert({"n": 3})
    assert read_after_crash(path) == held_by(db)
    assert (frames(path), held_by(db)) == (1, {"_default": {1: {"n": 1}}, "b": {1: {"n": 3}}})


@pytest.mark.parametrize("method", ["undo", "compact"])
def test_undo_and_compaction_are_refused_inside_a_transaction(db, method):
    with db.storage.transaction():
        db.insert({})
        with pytest.raises(RuntimeError):
            getattr(db.storage, method)()
    assert len(db) == 1


# Undo


def test_changes_are_undone_newest_first_even_after_a_restart(db, opened):
    states = [held_by(db)]
    for change in (
        lambda: db.insert({"n": 1}),
        lambda: db.update({"n": 2}),
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


def test_undo_returns_the_undone_change_and_skips_changes_already_undone(db):
    with db.storage.transaction("First"):
        db.insert({"n": 1})
    with db.storage.transaction("Second"):
        db.insert({"n": 2})
    assert db.storage.undo().label == "Second"
    with db.storage.transaction("Third"):
        db.insert({"n": 3})
    assert [db.storage.undo().label for _time in range(2)] == ["Third", "First"]
    assert db.storage.undo() is None


def test_a_change_is_not_undone_if_another_program_edited_the_same_document(db, path, opened):
    db.insert({"n": 1})
    db.close()
    with TinyDB(path) as stock:
        stock.update({"n": 5})
    db = opened()
    with pytest.raises(CannotWrite, match="another program"):
        db.storage.undo()
    assert db.all() == [{"n": 5}]


def test_undoing_the_creation_of_a_table_keeps_documents_of_other_programs(db, path, opened):
    db.insert({"n": 1})
    db.close()
    with TinyDB(path) as stock:
        stock.insert({"n": 2})
    db = opened()
    db.storage.undo()
    assert held_by(db) == {"_default": {2: {"n": 2}}}
