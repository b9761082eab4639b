"""Unknown tables and keys of newer versions survive changes, and archives of older versions are migrated."""

import json

from saved import GOOD, file_with
from strategies import NOW

from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.store import migrations


def test_tables_and_keys_of_a_newer_version_are_kept(path, settings):
    later = {
        "parcels": {"5": {"uid": "x", "anything": [1]}},
        "customers": {"3": {**GOOD, "mood": {"a": 1}}},
    }
    path.write_bytes(file_with(later))
    archive = Archive.open(path, settings, clock=lambda: NOW)
    archive.edit("customers", GOOD["uid"], grade="A")
    archive.close()
    kept = json.loads(path.read_bytes())
    assert kept["parcels"] == later["parcels"]
    assert kept["customers"] == {"3": {**GOOD, "grade": "A", "mood": {"a": 1}}}


def test_an_old_file_is_migrated_step_by_step(path, monkeypatch):
    def rename(tables):
        for row in tables["customers"].values():
            row["full_name"] = row.pop("name")

    def shout(tables):
        for row in tables["customers"].values():
            row["full_name"] += "!"

    monkeypatch.setattr(migrations, "MIGRATIONS", [rename, shout])
    monkeypatch.setattr(migrations, "SCHEMA", 3)
    path.write_bytes(file_with({"customers": {"1": {"uid": "a", "name": "N"}}}))
    archive = Archive.open(path)
    assert archive.get(Customer, "a").full_name == "N!"
    archive.edit("customers", "a", grade="A", kind="person")
    archive.close()
    assert json.loads(path.read_bytes())["_meta"]["1"]["schema"] == 3


def test_a_campaign_stored_as_text_becomes_a_name_without_a_record(path):
    def dealing(**campaign):
        return {"uid": "t", "customer": "a", "on": "2026-01-01", **campaign}

    ann = {"uid": "a", "full_name": "N", "kind": "person"}
    made = [["customers", "a", ann, None], ["transactions", "t", dealing(campaign="Fair"), None]]
    edited = [["transactions", "t", dealing(campaign="Letter"), dealing(campaign="Fair")]]
    history = {
        number: {"label": "x", "at": "2026-01-01T10:00", "changes": changes}
        for number, changes in (("1", made), ("2", edited))
    }
    rows = {"1": dealing(campaign="Letter"), "2": {**dealing(), "uid": "u"}}
    tables = {"customers": {"1": ann}, "transactions": rows, "_history": history}
    path.write_bytes(file_with(tables))
    archive = Archive.open(path)

    def campaign(uid):
        return archive.get(Transaction, uid).campaign

    assert (campaign("t"), campaign("u")) == (Ref(name="Letter"), Ref())
    archive.undo()
    assert campaign("t") == Ref(name="Fair")
    archive.undo()
    assert archive.count("transactions") == 1
    archive.redo()
    archive.redo()
    assert campaign("t") == Ref(name="Letter")
    archive.close()
    kept = {row["uid"]: row for row in json.loads(path.read_bytes())["transactions"].values()}
    assert kept["t"]["campaign"] == {"name": "Letter"}
