"""Archive files written by newer versions or other programs are read without losing anything."""

import gc
import json

import pytest

from archive.errors import Damaged
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.store.json_import import decode


@pytest.fixture
def collector():
    """The garbage collector, whose state is restored after the test."""
    was_on = gc.isenabled()
    yield gc
    (gc.enable if was_on else gc.disable)()


@pytest.mark.parametrize("on", [True, False], ids=["on", "off"])
def test_reading_a_file_restores_the_garbage_collector(collector, path, on):
    (collector.enable if on else collector.disable)()
    decode(b'{"customers": {}}', path)
    assert collector.isenabled() is on


def test_fractions_written_by_a_newer_version_are_kept(archive, path):
    archive.save(Customer(kind="person", full_name="Ann", rest={"score": 0.5, "deep": [{"share": -1.25}]}))
    archive.close()
    reader = Archive.open(path)
    (uid,) = reader.select("customers")
    reader.edit("customers", uid, full_name="Bea")
    reader.close()
    (row,) = json.loads(path.read_bytes())["customers"].values()
    assert (row["full_name"], row["score"], row["deep"]) == ("Bea", 0.5, [{"share": -1.25}])


META = '"_meta":{\n"1":{"format":"customer-archive","schema":2,"uuid":"u"}\n}'
ANN = '"1":{"uid":"a","kind":"person"}'
BEN = '"1":{"uid":"b","kind":"person"}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'{{{META}\n,"customers":{{\n{ANN},\n{BEN}\n}}\n}}\n', "two records have the same number"),
        (f'{{"customers":{{{ANN},{BEN}}},{META}}}', "not allowed in an archive"),
    ],
    ids=["a record a line", "any layout"],
)
def test_a_file_with_two_records_of_the_same_number_is_refused(path, text, said):
    path.write_text(text)
    with pytest.raises(Damaged, match=said):
        Archive.open(path)
    assert path.read_text() == text


def test_fractions_written_by_another_program_are_kept(path):
    path.write_text(f'{{{META}, "customers": {{"1": {{"uid": "a", "kind": "person", "score": 0.5}}}}}}')
    assert Archive.open(path, write=False).raw("customers", "a")["score"] == 0.5
