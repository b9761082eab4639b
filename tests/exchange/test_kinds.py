"""Test that the error for a file other than a text table names the file type and gives advice."""

import bz2
import gzip
import io
import lzma
import zipfile

import pytest

from archive.errors import ArchiveError
from archive.exchange.kinds import refuse_other_kinds

TABLE = b"Name,Phone\r\nAda,1\r\n"


def zipped(*names: str, first: bytes = b"") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        if first:
            file.writestr("mimetype", first)
        for name in names:
            file.writestr(name, TABLE)
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (zipped("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"), "an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "an Excel workbook"),
        (zipped(first=b"application/vnd.oasis.opendocument.spreadsheet"), "a spreadsheet"),
        (zipped("Index/Document.iwa"), "a spreadsheet"),
        (zipped("[Content_Types].xml", "word/document.xml"), "a document"),
        (zipped(first=b"application/vnd.oasis.opendocument.text"), "a document"),
        (zipped("contacts.csv"), "a compressed file"),
        (zipped(), "a compressed file"),
        (gzip.compress(TABLE, mtime=0), "a compressed file"),
        (bz2.compress(TABLE), "a compressed file"),
        (lzma.compress(TABLE), "a compressed file"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "a compressed file"),
        (b"Rar!\x1a\x07\1\0", "a compressed file"),
        (b"\x28\xb5\x2f\xfd\4\0", "a compressed file"),
        (b"%PDF-1.7\n", "a document"),
        (b"{\\rtf1\\ansi", "a document"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture"),
        (b"GIF89a", "a picture"),
        (b"SQLite format 3\0", "a database"),
        (b"<!DOCTYPE html>\n<html>", "a web page or XML"),
        (b"\xef\xbb\xbf\n <?xml version='1.0'?>", "a web page or XML"),
        (b"<table border=1><tr>", "a web page or XML"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\n", "a vCard or calendar file"),
        (b"begin:vcalendar\n", "a vCard or calendar file"),
        (b'{"_meta":{\n"1":{}}}', "a JSON file"),
        (b'\xef\xbb\xbf[\n  {"name": "Ada"}\n]', "a JSON file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_file_types_are_named(data, kind):
    with pytest.raises(ArchiveError, match=f"This is {kind}\\.") as caught:
        refuse_other_kinds(data)
    assert caught.value.hint


@pytest.mark.parametrize(
    "data",
    [
        TABLE,
        b"",
        b"PK,Name\n1,Ada\n",
        b"BZh,Name\n",
        b"GIF8,Name\n",
        b"[Name],[Phone]\n[Ada],[1]\n",
        b"{Name},{Phone}\n",
        b"<Name>,<Phone>\n",
        b"Begin,End\n",
        "姓名,电话\n".encode("utf-16"),
        "姓名,电话\n".encode("gb18030"),
    ],
)
def test_a_table_is_not_mistaken_for_another_file_type(data):
    refuse_other_kinds(data)
