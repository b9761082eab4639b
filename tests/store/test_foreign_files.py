"""The file of an archive as JSON: what a newer version may have written into it, and how it is read."""

import gc
import json

import pytest

from archive.errors import Damaged
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.store.json_import import decode


@pytest.fixture
def collector():
    """Whether garbage was looked for stays as it was for the tests that follow."""
    was_on = gc.isenabled()
    yield gc
    (gc.enable if was_on else gc.disable)()


@pytest.mark.parametrize("on", [True, False], ids=["on", "off"])
def test_reading_a_file_leaves_the_garbage_collector_as_it_was(collector, path, on):
    (collector.enable if on else collector.disable)()
    decode(b'{"customers": {}}', path)
    assert collector.isenabled() is on


def test_a_fraction_that_a_newer_version_wrote_stays_as_it_is(archive, path):
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
def test_of_two_records_with_one_number_none_is_dropped(path, text, said):
    path.write_text(text)
    with pytest.raises(Damaged, match=said):
        Archive.open(path)
    assert path.read_text() == text


def test_a_fraction_that_another_program_wrote_stays_as_it_is(path):
    path.write_text(f'{{{META}, "customers": {{"1": {{"uid": "a", "kind": "person", "score": 0.5}}}}}}')
    assert Archive.open(path, write=False).kept("customers", "a")["score"] == 0.5
