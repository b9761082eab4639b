"""A file that is not an archive is refused with a reason and left unchanged."""

import os

import pytest
from saved import GOOD, file_with

from archive.errors import ArchiveError, Damaged, NotFound
from archive.files import write_whole
from archive.service.archive import Archive

ENTRY = {"label": "x", "at": "2026-01-01"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"{", "line 1 is not valid JSON"),
        (b'{\n"a":{}\n,}', "line 3 is not valid JSON"),
        (b'{"a": "\xff"}', "byte 7 is not UTF-8"),
        (b"\xef\xbb\xbf{}", "not valid JSON"),
        (b"[" * 100_000, "not allowed in an archive"),
        (b'{"a": {"1": {"n": ' + b"9" * 5000 + b"}}}", "not allowed in an archive"),
        (file_with({"customers": {"1": {**GOOD, "full_name": "a\ud800"}}}), "cannot be read as an archive"),
        (file_with({"customers": {"1": {**GOOD, "full_name": "a\0"}}}), "cannot be read as an archive"),
        (b"[]", "does not contain tables"),
        (b"null", "is empty"),
        (b'{"a": []}', "does not contain tables"),
        (b'{"a": {"x": {}}}', "does not contain tables"),
        (b'{"a": {"1": []}}', "does not contain tables"),
        (b'{"format":"customer-archive","schema":1,"tables":{}}', "does not contain tables"),
        (b'{"_default": {"1": {"name": "x"}}}', "not a customer archive"),
        (b"{}", "not a customer archive"),
        (b'{"_meta": {"1": {"format": "customer-archive", "schema": "1"}}}', "not a customer archive"),
        (b'{"_meta": {"1": {"format": "customer-archive", "schema": 1, "entries": null}}}', "not a customer archive"),
        (b'{"_meta": {"1": {"format": "customer-archive", "schema": 99}}}', "newer version"),
        (file_with({"customers": {"7": {"full_name": "N"}}}), "uid of record 7 in customers"),
        (file_with({"customers": {"1": {**GOOD, "full_name": 5}}}), "full_name of record 1"),
        (file_with({"transactions": {"1": {"uid": "b", "amount": "NaN"}}}), "amount of record 1 in transactions"),
        (file_with({"customers": {"1": GOOD, "2": GOOD}}), "two records in customers have the same uid"),
        (file_with({"_history": {"1": {}}}), "entry 1 of its history"),
        (file_with({"_history": {"4": {"label": "x", "at": "now", "changes": []}}}), "entry 4"),
        (file_with({"_history": {"1": {"label": 5, "at": "2026-01-01", "changes": []}}}), "entry 1"),
        (file_with({"_history": {"1": {**ENTRY, "changes": [["x", "u", None, None]]}}}), "entry 1"),
        (file_with({"_history": {"1": {**ENTRY, "changes": [["customers", "u", 5, None]]}}}), "entry 1"),
        (file_with({"_history": {"1": {**ENTRY, "changes": [["customers", "u"]]}}}), "entry 1"),
        (file_with({"_history": {"1": {**ENTRY, "changes": [["customers", "u", {"code": 5}, None]]}}}), "entry 1"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_an_archive_is_refused_and_left_unchanged(path, content, said):
    path.write_bytes(content)
    for write in (True, False):
        with pytest.raises(Damaged, match=said) as caught:
            Archive.open(path, write=write, create=write)
        assert caught.value.hint
        assert caught.value.code == 65
    assert path.read_bytes() == content
    path.unlink()
    Archive.open(path, create=True).close()  # the lock was released


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(ArchiveError, match="folder"):
        Archive.open(tmp_path, write=False)


def test_an_unreadable_archive_is_reported(path, monkeypatch):
    write_whole(path, file_with({}))

    def denied(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(ArchiveError, match="cannot be read"):
        Archive.open(path, write=False)


def test_a_missing_archive_is_created_only_on_request(path, tmp_path):
    with pytest.raises(NotFound, match="no archive at"):
        Archive.open(path)
    assert not list(tmp_path.glob("archive*"))
    Archive.open(path, create=True).close()
    assert not path.exists()  # an archive without records has no file yet
