"""What the value of a field leads to: another record, or a file, web page, e-mail address or phone number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from archive.errors import ArchiveError
from archive.model.field_types.base import FieldType, Ref
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import EMAIL, FILES, PHONE, WEB, Link
from archive.model.fields import Field, Record
from archive.service.archive import Archive
from archive.service.extra import value_of
from archive.text import _

_HOST = re.compile(r"[^\W_][^\s/@\\]*")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_PROGRAMS = frozenset(
    ".app .bat .cmd .com .desktop .exe .jar .js .lnk .msi .ps1 .scr .sh .vbs .wsf".split()
)  # suffixes of files that a desktop may run
_MAGIC = (b"#!", b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")  # first bytes of programs


class Target(NamedTuple):
    """Where a value leads: to a record, or else to an address outside the archive.

    Attributes:
        name: What to call it in a list of several.
        table: Table of the record, or "".
        uid: Its uid, or "".
        kind: Kind of address: "file", "web", "email" or "phone"; "" for a record.
        value: The address as it was entered.
    """

    name: str
    table: str = ""
    uid: str = ""
    kind: str = ""
    value: str = ""


def targets(record: Record, field: Field, archive: Archive) -> list[Target]:
    """Return what the value of a field leads to, in the order of its entries."""
    value = value_of(record, field.key)
    if isinstance(field.type, ListOf):
        all_targets = [
            target
            for part in value
            for own in part.FIELDS.values()
            for target in _of_value(own.type, getattr(part, own.key), archive)
        ]
    else:
        all_targets = list(_of_value(field.type, value, archive))
    return list(dict.fromkeys(all_targets))


def _of_value(kind: FieldType[Any], value: Any, archive: Archive) -> Iterator[Target]:
    if isinstance(kind, Link):
        yield from _of_link(kind, value, archive)
    elif kind is FILES:
        yield from (Target(path, kind="web" if _is_web(path) else "file", value=path) for path in value)
    elif value and (name := _KINDS.get(kind)):
        yield Target(value, kind=name, value=value)


_KINDS: dict[FieldType[Any], str] = {PHONE: "phone", EMAIL: "email", WEB: "web"}


def _of_link(kind: Link, ref: Ref, archive: Archive) -> Iterator[Target]:
    if ref.uid and archive.has(kind.table, ref.uid):
        yield Target(archive.name(kind.table, ref.uid), kind.table, ref.uid)


def _is_web(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def address(target: Target, folder: Path) -> str:
    """Return the URL of a target, or the absolute path of its file; a relative path begins in `folder`.

    Raises:
        ArchiveError: There is no such file, or it is a program, or the address cannot be used.
    """
    return {"file": _file, "web": _web, "email": _email, "phone": _phone}[target.kind](target.value, folder)


def _file(value: str, folder: Path) -> str:
    path = (folder / Path(value).expanduser()).absolute()
    if not path.exists():
        raise ArchiveError(_("There is no file {path}.").format(path=path), _("Press e to correct the path."))
    if not (path.is_dir() or path.is_file()) or _is_program(path):
        raise ArchiveError(
            _("{path} is a program or a device, so it is not opened from here.").format(path=path),
            _("Press y to copy its path, if you trust it."),
        )
    return str(path)


def _is_program(path: Path) -> bool:
    if path.suffix.lower() in _PROGRAMS:
        return True
    if path.is_dir():
        return False
    try:
        with path.open("rb") as file:
            return file.read(4).startswith(_MAGIC)
    except OSError as error:
        raise ArchiveError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror),
            _("Change its permissions, or press e to correct the path."),
        ) from None


def _web(value: str, _folder: Path) -> str:
    url = value if _SCHEME.match(value) and not re.match(r"[^/]+:\d", value) else f"https://{value}"
    parts = urlsplit(url)
    is_page = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc) and value.isprintable()
    if not is_page:
        raise ArchiveError(
            _("{value} is not the address of a web page.").format(value=value),
            _("An address reads like www.example.com. Press e to correct it."),
        )
    return quote(url, safe=":/?#[]@!$&'()*+,;=%~")


def _email(value: str, _folder: Path) -> str:
    return "mailto:" + quote(value, safe="@+")


def _phone(value: str, _folder: Path) -> str:
    dialled = value.split("ext")[0]
    if dialled.lstrip().startswith(("+", "00")):
        dialled = dialled.replace("(0)", "")  # only dialled within the country
    number = re.sub(r"(?<!^)\+|[^\d+*#;]", "", dialled.strip())
    return "tel:" + quote(number, safe="+*;")
