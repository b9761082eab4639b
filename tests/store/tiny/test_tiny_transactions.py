"""What belongs together is one change of the journal, given up or taken back as a whole."""

from contextlib import suppress

import pytest
from databases import GivenUp, frames, held_by, read_after_crash
from tinydb import TinyDB

from archive.errors import CannotWrite


def test_a_change_of_several_tables_is_one_in_the_journal(db, path):
    with db.storage.transaction("Move"):
        db.table("a").insert({"n": 1})
        db.table("b").insert({"n": 2})
        db.table("b").update({"n": 3})
    assert (frames(path), held_by(db)) == (1, {"a": {1: {"n": 1}}, "b": {1: {"n": 3}}})
    assert read_after_crash(path) == held_by(db)


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
    assert db.storage.undo().label == "Second"
    with db.storage.transaction("Third"):
        db.insert({"n": 3})
    assert [db.storage.undo().label for _time in range(2)] == ["Third", "First"]
    assert db.storage.undo() is None


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
