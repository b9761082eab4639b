"""Stateful test: after any sequence of operations, tables equal plain dicts, in memory and on the disk."""

import json
import tempfile
from contextlib import suppress
from copy import deepcopy
from pathlib import Path

from databases import Aborted, held_by
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from strategies import storable
from tinydb import TinyDB
from tinydb.table import Document

from archive.store import ArchiveDB
from archive.store.storage import JournalStorage

State = dict[str, dict[int, dict]]

texts = st.text(storable, max_size=5)
values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=3,
)
documents = st.dictionaries(st.sampled_from("abc"), values, max_size=2)
names = st.sampled_from(["_default", "other", 'a "name"'])
numbers = st.integers(0, 6)


def written(state: State) -> str:
    """Serialise a state so that 1 and True differ."""
    return json.dumps([[name, sorted(rows.items())] for name, rows in sorted(state.items()) if rows])


class Machine(RuleBasedStateMachine):
    """Operations on tables. `state` is the expected content; `before` are the states for undo, newest last."""

    @initialize(ours=st.booleans())
    def begin(self, ours: bool) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "data.json"
        self.cls = ArchiveDB if ours else TinyDB
        self.state: State = {}
        self.before: list[State] = []
        self.open()

    def open(self) -> None:
        self.db = self.cls(self.path, storage=JournalStorage)

    def teardown(self) -> None:
        if hasattr(self, "db"):
            self.db.close()
            self.folder.cleanup()

    def expect(self, state: State) -> None:
        if written(state) != written(self.state):
            self.before.append(self.state)
            self.state = state

    def changed(self, name: str) -> tuple[State, dict[int, dict]]:
        """Return a copy of the state and the table `name` in it, for a change."""
        state = deepcopy(self.state)
        return state, state.setdefault(name, {})

    @rule(name=names, found=st.lists(documents, max_size=3))
    def insert(self, name: str, found: list[dict]) -> None:
        state, rows = self.changed(name)
        given = self.db.table(name).insert_multiple(found)
        assert not rows.keys() & set(given)
        rows.update(zip(given, deepcopy(found), strict=True))
        self.expect(state)

    @rule(name=names, number=numbers, document=documents)
    def upsert(self, name: str, number: int, document: dict) -> None:
        state, rows = self.changed(name)
        rows.setdefault(number, {}).update(document)
        with self.db.storage.transaction():  # a stock TinyDB table upserts in two changes
            assert self.db.table(name).upsert(Document(document, number)) == [number]
        self.expect(state)

    @rule(name=names, key=st.sampled_from("abc"), old=values, new=values)
    def update(self, name: str, key: str, old: object, new: object) -> None:
        state, rows = self.changed(name)
        asked = [number for number, row in rows.items() if row.get(key) == old]
        for number in asked:
            rows[number][key] = new
        assert set(self.db.table(name).update({key: new}, lambda row: row.get(key) == old)) == set(asked)
        self.expect(state)

    @rule(name=names, gone=st.lists(numbers, unique=True))
    def remove(self, name: str, gone: list[int]) -> None:
        state, rows = self.changed(name)
        assert set(self.db.table(name).remove(doc_ids=gone)) == rows.keys() & set(gone)
        for number in gone:
            rows.pop(number, None)
        self.expect(state)

    @rule(name=names)
    def truncate(self, name: str) -> None:
        state, rows = self.changed(name)
        rows.clear()
        self.db.table(name).truncate()
        self.expect(state)

    @rule(name=names)
    def drop(self, name: str) -> None:
        self.db.drop_table(name)
        self.expect({other: rows for other, rows in self.state.items() if other != name})

    @rule(one=names, other=names, document=documents)
    def move(self, one: str, other: str, document: dict) -> None:
        state, rows = self.changed(one)
        rows.clear()
        with self.db.storage.transaction():
            self.db.table(one).truncate()
            number = self.db.table(other).insert(document)
        assert number not in state.setdefault(other, {})
        state[other][number] = document
        self.expect(state)

    @rule(one=names, other=names, document=documents)
    def abort(self, one: str, other: str, document: dict) -> None:
        with suppress(Aborted), self.db.storage.transaction():
            self.db.table(one).truncate()
            self.db.table(other).upsert(Document(document, 3))
            self.db.drop_tables()
            raise Aborted

    @rule()
    def undo(self) -> None:
        assert (self.db.storage.undo() is None) == (not self.before)
        if self.before:
            self.state = self.before.pop()

    @rule()
    def compact(self) -> None:
        self.db.storage.compact()
        if self.path.exists():
            self.assert_tinydb_reads_it()

    @rule()
    def reopen(self) -> None:
        self.db.close()
        if self.path.exists():
            self.assert_tinydb_reads_it()
        self.open()

    def assert_tinydb_reads_it(self) -> None:
        with TinyDB(self.path, access_mode="r") as db:
            found = held_by(db)
        assert written(found) == written(self.state)

    @invariant()
    def memory_and_disk_hold_what_is_expected(self) -> None:
        if not hasattr(self, "db"):
            return
        assert written(held_by(self.db)) == written(self.state)
        if self.path.exists():
            with ArchiveDB(self.path, access_mode="r") as reader:
                assert written(held_by(reader)) == written(self.state)


Machine.TestCase.settings = hypothesis_settings(stateful_step_count=20)
test_tables_are_dicts_that_survive = Machine.TestCase
