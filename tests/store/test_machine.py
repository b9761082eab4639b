"""Stateful test: after any sequence of operations, the archive equals a plain dict, in memory and on the disk."""

import os
import tempfile
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule
from saved import memory_of
from strategies import NOW, TODAY, lines, records

from archive.errors import CannotWrite
from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.model.tables import TABLES
from archive.service.archive import Archive

State = dict[str, dict[str, dict]]


class Machine(RuleBasedStateMachine):
    """Operations on the archive. Its expected content is `states[at]`; undo and redo move `at`."""

    customers = Bundle("customers")

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "archive.json"
        self.archive = Archive.open(self.path, create=True, clock=lambda: NOW)
        self.states: list[State] = [{table: {} for table in TABLES}]
        self.at = 0
        self.codes: set[str] = set()

    def teardown(self) -> None:
        if hasattr(self, "archive"):
            self.archive.close()
            self.folder.cleanup()

    def expect(self, entry, *changes: tuple[str, str, dict | None]) -> None:
        state = deepcopy(self.states[self.at])
        for table, uid, raw in changes:
            state[table].pop(uid, None)
            if raw is not None:
                state[table][uid] = raw
        assert (entry is None) == (state == self.states[self.at])
        if entry:
            self.states[self.at + 1 :] = [state]
            self.at += 1

    @rule(target=customers, name=lines)
    def new_customer(self, name: str) -> str:
        entry = self.archive.save(Customer(kind="person", full_name=name or "N"))
        raw = entry.changes[0].new
        assert raw["code"] not in self.codes
        self.codes.add(raw["code"])
        self.expect(entry, ("customers", raw["uid"], raw))
        return raw["uid"]

    @rule(record=records(Product))
    def save_product(self, record: Product) -> None:
        taken = {raw["code"]: uid for uid, raw in self.states[self.at]["products"].items()}
        if taken.get(record.code, record.uid) == record.uid:
            self.expect(self.archive.save(record), ("products", record.uid, record.dump()))

    @rule(customer=customers, grade=st.sampled_from("ABC"), background=lines)
    def edit_customer(self, customer: str, grade: str, background: str) -> None:
        if not self.archive.has("customers", customer):
            return
        changed = self.archive.get(Customer, customer).with_values(grade=grade, background=background)
        self.expect(self.archive.save(changed), ("customers", customer, changed.dump()))

    @rule(customer=customers)
    def order(self, customer: str) -> None:
        if self.archive.has("customers", customer):
            entry = self.archive.save(Transaction(customer=Ref(customer), on=TODAY))
            self.expect(entry, ("transactions", entry.changes[0].uid, entry.changes[0].new))

    @rule(customer=consumes(customers))
    def delete_customer(self, customer: str) -> None:
        orders = self.states[self.at]["transactions"]
        gone = [uid for uid, raw in orders.items() if raw["customer"] == customer]
        entry = self.archive.delete("customers", [customer])
        self.expect(entry, ("customers", customer, None), *(("transactions", uid, None) for uid in gone))

    @rule()
    def undo(self) -> None:
        assert (self.archive.undo() is None) == (self.at == 0)
        self.at = max(0, self.at - 1)

    @rule()
    def redo(self) -> None:
        assert (self.archive.redo() is None) == (self.at == len(self.states) - 1)
        self.at = min(len(self.states) - 1, self.at + 1)

    @rule()
    def reopen(self) -> None:
        self.archive.close()
        self.archive = Archive.open(self.path, create=True, clock=lambda: NOW)

    @rule()
    def compact(self) -> None:
        self.archive._db.storage.compact()

    @rule(call=st.sampled_from(["write", "fdatasync"]))
    def fail(self, call: str) -> None:
        def broken(*_args, **_options):
            raise OSError(28, os.strerror(28))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, call, broken)
            with pytest.raises(CannotWrite):
                self.archive.save(Customer(kind="person", full_name="Never"))

    @invariant()
    def memory_and_disk_hold_what_is_expected(self) -> None:
        if not hasattr(self, "archive"):
            return
        expected = self.states[self.at]
        assert memory_of(self.archive) == expected
        for uid in expected["customers"]:
            assert self.archive.summary(uid).orders == sum(
                raw["customer"] == uid for raw in expected["transactions"].values()
            )
        if self.path.exists():
            assert memory_of(Archive.open(self.path, write=False)) == expected


Machine.TestCase.settings = hypothesis_settings(max_examples=40, stateful_step_count=25, deadline=None)
test_the_archive_is_a_dict_that_survives = Machine.TestCase
