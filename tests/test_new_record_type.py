"""A record type is one file: lists, forms, import, export and help pick it up."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from archive.model.records.customer import Customer
from archive.model.tables import OF_A_CUSTOMER, TABLES
from archive.store import ArchiveDB
from archive.ui.navigation import destinations
from archive.ui.screens.profile import ADDED

HERE = Path(__file__).parent


def test_a_record_type_in_one_file_works_everywhere():
    paths = [HERE / "one_file", HERE, HERE / "ui", HERE / "cli", HERE.parent]
    options = ["-n0", "-p", "no:cacheprovider", "-p", "with_samples"]
    checks = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(HERE / "one_file" / "record_type_checks.py")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        cwd=HERE.parent,
        capture_output=True,
        text=True,
    )
    assert checks.returncode == 0, checks.stdout[-4000:] + checks.stderr[-2000:]
    assert int(re.search(r"(\d+) passed", checks.stdout)[1]) >= 9


def test_a_table_of_a_newer_version_is_preserved(path):
    with ArchiveDB(path) as db:
        db.table("samples").insert({"product": "Green tea"})
    with ArchiveDB(path) as db:
        db.table("customers").insert({"uid": "c1", "kind": "person", "full_name": "Ann Bell"})
        assert db.table("samples").all() == [{"product": "Green tea"}]


def test_no_two_places_have_the_same_letter():
    letters = [letter for letter, _name, _title in destinations()]
    assert sorted(letters) == sorted(set(letters))


def test_no_two_record_types_in_the_add_dialog_have_the_same_letter():
    letters = [letter for letter, _label, _table in ADDED]
    assert sorted(letters) == sorted(set(letters))
    assert {table for _letter, _label, table in ADDED} == set(OF_A_CUSTOMER)


@pytest.mark.parametrize("cls", TABLES.values(), ids=TABLES)
def test_the_columns_and_identity_of_a_record_type_name_its_fields(cls):
    derived = {"organisation", "city", "last", "next", "value", "phone", "status", "notice_by"}
    named = {*cls.COLUMNS, *cls.PROFILE_COLUMNS, *cls.IDENTITY}
    assert named - cls.FIELDS.keys() <= (derived if cls.TABLE in ("customers", "contracts") else set())
    assert cls.COLUMNS
    assert list(TABLES).index(Customer.TABLE) == 0
