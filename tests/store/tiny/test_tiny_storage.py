"""`JournalStorage` works with stock TinyDB tables, and `ArchiveDB` works with another storage."""

import subprocess
import sys

import pytest
from databases import held_by, read_after_crash, read_by_tinydb
from tinydb import TinyDB, where
from tinydb.middlewares import CachingMiddleware

from archive.errors import ArchiveError
from archive.store import ArchiveDB
from archive.store.storage import JournalStorage
from archive.store.wal.segments import listed


def test_stock_tinydb_tables_write_only_the_difference(path, opened):
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


def test_a_table_can_be_renamed(db):
    db.insert({"n": 1})
    data = db.storage.read()
    data["renamed"] = data.pop("_default")
    db.storage.write(data)
    assert held_by(db) == {"renamed": {1: {"n": 1}}}


@pytest.mark.parametrize("data", [{"a": 1}, {"a": {"1": 2}}, {"a": {"x": {}}}, {"a": {"1": None}}])
def test_invalid_tables_are_refused_as_a_whole(db, data):
    db.insert({"n": 1})
    with pytest.raises(ArchiveError):
        db.storage.write({"b": {"1": {}}, **data})
    assert held_by(db) == {"_default": {1: {"n": 1}}}


def test_archivedb_on_another_storage_behaves_like_stock_tinydb(path):
    with ArchiveDB(path, storage=CachingMiddleware(JournalStorage)) as db:
        db.insert_multiple({"n": n} for n in range(3))
        assert db.update({"n": 5}, where("n") == 1) == [2]
        assert db.search(where("n") == 5) == [{"n": 5}]
        assert db.upsert({"n": 7}, where("n") == 7) == [4]
        before = held_by(db)
    assert read_by_tinydb(path) == before


def test_the_command_line_starts_without_importing_tinydb():
    code = "import archive.cli, sys; sys.exit('tinydb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
