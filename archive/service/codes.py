"""Codes of records: each is held by one record, and an automatic one is never given out twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import TypeVar

from archive.errors import BadValue
from archive.model.customer import Customer
from archive.model.fields import Record
from archive.store import ArchiveDB, Change
from archive.text import _

R = TypeVar("R", bound=Record)
LAST = "last_code"  # the number kept with the archive: the highest automatic code there ever was
_LONGEST = 9  # digits; a longer number behind "C-" is somebody else's code


class Codes:
    """The codes that a save in the making finds taken and gives out."""

    def __init__(self, db: ArchiveDB) -> None:
        self._db = db
        self._last = highest(db)
        self._claimed: set[tuple[str, str]] = set()

    def claim(self, record: Record) -> None:
        """Take a record's code for it; BadValue where another record has it."""
        code = getattr(record, "code", "")
        if not code:
            return
        holder = self._db.table(record.TABLE).codes.get(code, record.uid)
        if holder != record.uid or (record.TABLE, code) in self._claimed:
            raise self._taken(record, code, holder)
        self._claimed.add((record.TABLE, code))

    def given(self, record: R) -> R:
        """The record, with the next free code where it is a customer without one."""
        if not isinstance(record, Customer) or record.code:
            return record
        taken = self._db.table(record.TABLE).codes
        self._last += 1
        while (code := f"C-{self._last:05d}") in taken or (record.TABLE, code) in self._claimed:
            self._last += 1
        return record.with_values(code=code)

    def _taken(self, record: Record, code: str, holder: str) -> BadValue:
        name = _("another record") if holder == record.uid else self._db.name_of(record.TABLE, holder)
        error = BadValue(
            _("The code {code} is taken by {name}.").format(code=code, name=name),
            _("Choose another, or leave it empty for the next free one."),
        )
        error.field = "code"
        return error


def free_codes(db: ArchiveDB) -> Iterator[str]:
    """Automatic codes that nobody has and nobody ever had, in order."""
    taken = db.table("customers").codes
    codes = (f"C-{number:05d}" for number in count(highest(db) + 1))
    return (code for code in codes if code not in taken)


def highest(db: ArchiveDB, changes: Iterable[Change] = ()) -> int:
    """The highest automatic number that was ever given out, those of `changes` included."""
    known = db.storage.recall(LAST) or max(map(_number, db.table("customers").codes), default=0)
    rows = (
        row for change in changes if change.table == "customers" for row in (change.old, change.new) if row
    )
    return max([known, *(_number(row.get("code", "")) for row in rows)])


def _number(code: str) -> int:
    digits = code.removeprefix("C-")
    is_ours = code.startswith("C-") and digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST
    return int(digits) if is_ours else 0
