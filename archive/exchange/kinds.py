"""Detection of files that are not tables of text by their first bytes, with specific advice for each type."""

from __future__ import annotations

import re

from archive.errors import ArchiveError
from archive.text import N_, _

_SAVE = N_("Save the table as CSV in the program that made it, and import that file.")
_COMPRESSED = N_("This is a compressed file."), N_("Unpack it, and import the file inside.")
_WORKBOOK = N_("This is an Excel workbook."), _SAVE
_OTHER_WORKBOOK = N_("This is a spreadsheet."), _SAVE
_DOCUMENT = N_("This is a document."), _SAVE
_PICTURE = N_("This is a picture."), _SAVE
_DATABASE = N_("This is a database."), _SAVE
_MARKUP = N_("This is a web page or XML."), _SAVE
_CONTACTS = N_("This is a vCard or calendar file."), N_("Export the data as CSV, and import that.")
_JSON = N_("This is a JSON file."), N_("Export the data as CSV, and import that.")


class NotText(ArchiveError):
    """The file is not a table of text, whatever its encoding."""


# The first match decides. Text formats may start with a byte order mark and blanks, and ignore case.
_KINDS = [
    (re.compile(pattern, re.DOTALL | re.IGNORECASE if words else re.DOTALL), kind)
    for pattern, kind, words in (
        (rb"PK\x03\x04.*xl/", _WORKBOOK, False),
        (rb"PK\x03\x04.*(opendocument\.spreadsheet|Index/Document\.iwa)", _OTHER_WORKBOOK, False),
        (rb"PK\x03\x04.*(word/|opendocument\.text)", _DOCUMENT, False),
        (rb"PK(\x03\x04|\x05\x06)", _COMPRESSED, False),
        (
            rb"\x1f\x8b|BZh[1-9]1AY&SY|\xfd7zXZ\0|7z\xbc\xaf'\x1c|Rar!\x1a\x07|\x28\xb5\x2f\xfd",
            _COMPRESSED,
            False,
        ),
        (rb"\xd0\xcf\x11\xe0", _WORKBOOK, False),
        (rb"%PDF-|\{\\rtf", _DOCUMENT, False),
        (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a", _PICTURE, False),
        (rb"SQLite format 3\0", _DATABASE, False),
        (rb"(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|table)\b", _MARKUP, True),
        (rb"(\xef\xbb\xbf)?\s*begin:v(card|calendar)\b", _CONTACTS, True),
        (rb"(\xef\xbb\xbf)?\s*(\[\s*\{|\{\s*\")", _JSON, True),
    )
]


def refuse_other_kinds(head: bytes) -> None:
    """Raise NotText with advice if the first bytes show that the file is not a table of text."""
    for pattern, (message, hint) in _KINDS:
        if pattern.match(head):
            raise NotText(_(message), _(hint))
