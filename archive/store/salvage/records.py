"""Read a damaged snapshot line by line: keep every readable record, and report the others."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import NamedTuple

from archive.errors import ArchiveError
from archive.model.archive_settings import UID as SETTINGS_UID
from archive.model.archive_settings import ArchiveSettings
from archive.model.tables import STORED, public_name
from archive.store.changes import Raw, is_entry
from archive.store.history import HISTORY
from archive.store.indexes import name_of
from archive.store.migrations import FORMAT, Tables
from archive.store.record_codec import encode_record
from archive.store.salvage import checksum_scanner, snapshot_scanner
from archive.store.salvage.checksum_scanner import KNOWN, NAMELESS, Area
from archive.store.salvage.report import About, SalvageReport
from archive.store.salvage.snapshot_scanner import DAMAGED, OUTSIDE, SOUND, UNKNOWN, Line, Part
from archive.store.snapshot import META, SUM
from archive.text import _

_NUMBER = re.compile(rb'"([0-9]{1,18})":')
_BEGIN = re.compile(rb'"([0-9]{1,18})":(?=\{")')
_UID = re.compile(rb'"uid":"([^"\\]{1,64})"')
_NAMES = [
    re.compile(rb'"(?:%b)":"([^"\\]{1,80})' % keys) for keys in (b"full_name|name|title", b"code|label")
]
_ENTRY = {"label", "at", "changes", "undone", "ended"}  # keys of a history entry
SETTINGS = ArchiveSettings.TABLE
_SHORTEST = 24  # bytes of a record
_decode = json.JSONDecoder().raw_decode


class Row(NamedTuple):
    """A readable record."""

    number: int
    row: Raw
    end: int  # of its text


class ScannedRecord(NamedTuple):
    """A record, or unreadable bytes without a row."""

    table: str
    start: int
    text: bytes
    number: int = 0
    row: Raw | None = None


def called(table: str, row: Raw) -> str:
    """Return the name of a record, or else its code or uid."""
    name = name_of(STORED[table], row) if table in STORED else row.get("label", "")
    return str(name or row.get("code") or row.get("uid", ""))


def titled(table: str, number: int | str, name: str) -> str:
    """Return how messages refer to a record."""
    if table == HISTORY:
        return _("entry {n} of the history ({label})").format(n=number, label=name)
    return f"{public_name(table)} {number}: {name}"


class LineReader:
    """Reads all tables of a damaged snapshot.

    Records that match their checksums are read first, so that no damaged copy takes the place of an intact record.
    """

    def __init__(self, data: bytes, report: SalvageReport) -> None:
        self._data, self._report = data, report
        self._layout = snapshot_scanner.layout(data)
        self.has_sums = self._layout.has_sums
        self._tables: Tables = {}
        self._uids: set[str] = set()
        self._counts: Counter[str] = Counter()  # salvaged records by table
        self._named: set[About] = set()  # records reported as lost by name
        self._mixed: set[str] = set()  # tables whose unreadable lines do not match their lost records exactly
        self._unread: list[tuple[Part, list[ScannedRecord]]] = []
        self._bare: list[tuple[Part, int, int]] = []  # unreadable bytes in which no record can be recognised
        self._unchecked: dict[str, None] = {}  # tables with records that have no checksum
        self.is_meta_checked = False  # whether `_meta` matches its checksum

    def read(self) -> Tables:
        """Read all tables, and report losses and records that the user has to check."""
        for part in self._layout.parts:
            if _is_certain(part):
                self._rescue(part, part.table)
        self.is_meta_checked = bool(self._tables.get(META))
        table = NAMELESS
        for part in self._layout.parts:
            if part.state != OUTSIDE and not _is_certain(part):
                self._rescue(part, table)
            table = part.table or table
        for part, run in self._unread:
            self._lose(part, run)
        for area in self._layout.areas:
            self._say_missing(area)
        self._say_without_trace()
        for _part, start, end in self._bare:
            report = _("Bytes {start} to {end} cannot be read.")
            self._report.lose(report.format(start=start, end=end))
        self._say_unchecked()
        return self._tables

    def _rescue(self, part: Part, table: str) -> None:
        """Keep the readable records of a part; collect its other bytes in `_unread`."""
        lines = snapshot_scanner.lines(self._data, part, table, self._layout.free)
        items = [item for line in lines for item in _records_in(line)]
        for (is_read, _table), run in groupby(items, lambda item: (item.row is not None, item.table)):
            if not is_read:
                self._unread.append((part, list(run)))
                continue
            for record in run:
                self._salvage(part, record)

    def _salvage(self, part: Part, piece: ScannedRecord) -> None:
        """Keep a record. If it may be damaged, first work out its table and its number."""
        row = piece.row or {}
        if _is_certain(part):
            self._keep(part.table, piece.number, row)
            self._counts[part.table] += 1
            return
        table = home_of(piece.table, row)
        if table == META and (part.state == DAMAGED or META in self._tables):
            return  # a wrong value in `_meta` does more harm than a missing `_meta`
        if self._is_copy(table, row):
            return
        if part.state == UNKNOWN and table in KNOWN and table != META:
            self._unchecked[table] = None
        number = self._number(table, piece.number)
        if why := self._why_not(table, row, number):
            self._leave_out(part, table, piece, why)
            return
        self._counts[part.table] += table == part.table
        self._keep(table, number, row)
        if part.state == DAMAGED or table != piece.table or number != piece.number or "\ufffd" in str(row):
            report = _("{record}. It was in a damaged part of the file.")
            title = titled(table, number, called(table, row))
            self._report.doubt(report.format(record=title), (table, number))

    def _why_not(self, table: str, row: Raw, number: int) -> str:
        """Return why a record cannot be salvaged, or "" if it can."""
        if table == NAMELESS:
            return _("Its table is unknown.")
        if str(number) in self._tables.get(table, {}):
            return _("Another record has its number.")
        if table == HISTORY and not is_entry(row):
            return _("It cannot be read.")
        key = STORED[table].misfit(row) if table in STORED else ""
        return _("Its {field} has an invalid value.").format(field=key) if key else ""

    def _leave_out(self, part: Part, table: str, piece: ScannedRecord, why: str) -> None:
        """Report a readable record that cannot be salvaged, unless it is a damaged copy of a salvaged record."""
        row = piece.row or {}
        if table in STORED and str(row.get("uid")) in self._uids:
            return
        if table == part.table in KNOWN and _could_be_of(table, row, strict=True):
            self._named.add((table, piece.number))
        else:
            self._mixed.add(part.table)
        name = called(table, row) if table in KNOWN else _name_text(_named_in(piece.text))
        report = _("{record}. From byte {n}. {why}")
        title = titled(table, piece.number, name)
        self._report.lose(report.format(record=title, n=piece.start, why=why), (table, piece.number))

    def _keep(self, table: str, number: int, row: Raw) -> None:
        self._tables.setdefault(table, {})[str(number)] = row
        if table in STORED:
            self._uids.add(str(row.get("uid")))

    def _is_copy(self, table: str, row: Raw) -> bool:
        """Return whether the tables already contain this record, since damage may duplicate a piece of the file."""
        return str(row.get("uid")) in self._uids and row in self._tables.get(table, {}).values()

    def _number(self, table: str, number: int) -> int:
        """Return a record's own number, or a new one if another record has it; history entries keep theirs."""
        rows = self._tables.get(table, {})
        return 1 + max(map(int, rows)) if str(number) in rows and table in STORED else number

    # Unreadable bytes

    def _lose(self, part: Part, run: list[ScannedRecord]) -> None:
        """Report each record in a run of unreadable bytes."""
        table, start = run[0].table, run[0].start
        text = bytes(self._data[start : run[-1].start + len(run[-1].text)])
        begins = [
            at.start() for at in _BEGIN.finditer(text) if not checksum_scanner.is_row(text[at.start() :])
        ]
        if not begins or _named_in(text[: begins[0]]):
            begins.insert(0, 0)
        if len(begins) > 1 or not _NUMBER.match(text):
            self._mixed.add(part.table)
        for at, stop in pairwise([*begins, len(text)]):
            self._report_loss(part, table, start + at, text[at:stop])

    def _report_loss(self, part: Part, table: str, start: int, text: bytes) -> None:
        number, uid, name = _NUMBER.match(text), _UID.search(text), _named_in(text)
        if checksum_scanner.is_row(text):
            number = None
        if not (number or uid or name) and len(text) < _SHORTEST:
            return
        if part.state == UNKNOWN and table in KNOWN and table != META:
            self._unchecked[table] = None
        if table == META or self._is_salvaged(table, number, uid):
            return
        if not (number or uid or name):
            self._bare.append((part, start, start + len(text)))
            return
        if number:
            self._named.add((part.table, int(number[1])))
        label = _name_text(name or uid)
        if uid and name:
            self._report.names[_name_text(uid)] = label
        record = titled(table, str(number[1], "ascii") if number else "?", label)
        report = _("{record}. Its line, from byte {n}, cannot be read.")
        about = (table, int(number[1])) if number else None
        self._report.lose(report.format(record=record, n=start), about)

    def _is_salvaged(self, table: str, number: re.Match[bytes] | None, uid: re.Match[bytes] | None) -> bool:
        """Return whether a fragment belongs to a salvaged record, since damage may duplicate a piece of the file."""
        if table in STORED and uid:
            return _name_text(uid) in self._uids
        return number is not None and str(int(number[1])) in self._tables.get(table, {})

    def _say_missing(self, area: Area) -> None:
        """Report how many records of a table are lost, unless each of them is reported by name."""
        damaged = [part for part in self._layout.parts if part.table == area.table and part.state == DAMAGED]
        missing = area.records - self._counts[area.table]
        named = {number for table, number in self._named if table == area.table}
        is_mixed = area.table in self._mixed or not named.isdisjoint(
            map(int, self._tables.get(area.table, ()))
        )
        is_complete = missing == len(named) and not is_mixed
        if area.table == META or missing <= 0 or is_complete:
            return
        if not damaged:
            if self._sound_bytes(area.table) < area.size:  # otherwise only the stored count is damaged
                self._lose_count(area.table, missing)
            return
        self._bare = [bare for bare in self._bare if bare[0].table != area.table]
        report = _("{table}: records lost in total: {n}, in bytes {start} to {end}.")
        self._report.lose(
            report.format(
                table=public_name(area.table), n=missing, start=damaged[0].start, end=damaged[-1].end
            )
        )

    def _sound_bytes(self, table: str) -> int:
        return sum(
            part.end - part.start
            for part in self._layout.parts
            if part.table == table and part.state == SOUND
        )

    def _lose_count(self, table: str, missing: int) -> None:
        report = _("{table}: records lost in total: {n}.")
        self._report.lose(report.format(table=public_name(table), n=missing))

    def _say_without_trace(self) -> None:
        """Report the tables that are missing from the file; this version writes every table, even if it is empty."""
        for row in self._layout.unplaced:
            missing = row.records - len(self._tables.get(row.table, {}))
            if missing > 0:
                self._lose_count(row.table, missing)
        named = {row.table for row in self._layout.unplaced}
        for table in self._layout.free if self._layout.has_sums else ():
            # Older versions have no settings table.
            if table not in (META, SETTINGS, *named, *self._tables):
                report = _("{table}: this table was not found. If it had records, they are lost.")
                self._report.lose(report.format(table=public_name(table)))

    def _say_unchecked(self) -> None:
        """Report the tables that no checksum confirms."""
        if self._tables.get(META) and not self.is_meta_checked:
            self._report.doubt(_("The archive's metadata: no checksum confirms that it is correct."))
        if not self._layout.has_sums:
            report = _("There are no checksums, so the records cannot be verified.")
            self._report.doubt(report)
            return
        for table in self._unchecked:
            report = _("{table}: its checksums cannot be read. Its records may be damaged or missing.")
            self._report.doubt(report.format(table=public_name(table)))
        for area in self._layout.areas:
            if not area.is_sure and area.records:
                report = _(
                    "The records in bytes {start} to {end} were read as {table}, but their heading is damaged."
                )
                self._report.doubt(
                    report.format(start=area.start, end=area.end, table=public_name(area.table))
                )


def _is_certain(part: Part) -> bool:
    """Return whether the records of a part are intact and their table is known."""
    return part.state == SOUND and part.table != NAMELESS


def home_of(table: str, row: Raw) -> str:
    """Return the table that a record belongs to, judged by its fields.

    Args:
        table: The table in which the record was read; it stays there if its fields allow that.
    """
    if table not in (*KNOWN, SUM, NAMELESS):
        return table  # another program's table
    if table in KNOWN and _could_be_of(table, row, strict=False):
        return table
    homes = [name for name in KNOWN if _could_be_of(name, row, strict=True)]
    if len(homes) == 1:
        return homes[0]
    return table if not homes and table in KNOWN else NAMELESS


def _could_be_of(table: str, row: Raw, *, strict: bool) -> bool:
    """Return whether a record has the required fields of a table, and if `strict`, no unknown fields."""
    if table == META:
        return row.get("format") == FORMAT
    if table == HISTORY:
        return "label" in row and not (strict and row.keys() - _ENTRY)
    if table == SETTINGS and row.get("uid") != SETTINGS_UID:
        return False
    fields = STORED[table].FIELDS
    return all(key in row for key, field in fields.items() if field.required) and not (
        strict and row.keys() - fields.keys() - {"uid", "extra"}
    )


def _records_in(line: Line) -> Iterator[ScannedRecord]:
    """Yield the records of a line and its unreadable bytes; a damaged line break joins several records."""
    single = _row_at(line.text, 0)
    if single and single.end == len(line.text):
        yield ScannedRecord(line.table, line.start, line.text, single.number, single.row)
        return
    offset = 0
    for begin in _BEGIN.finditer(line.text):
        if begin.start() >= offset and (record := _row_at(line.text, begin.start())):
            if begin.start() > offset:
                yield ScannedRecord(line.table, line.start + offset, line.text[offset : begin.start()])
            text = line.text[begin.start() : record.end]
            yield ScannedRecord(line.table, line.start + begin.start(), text, record.number, record.row)
            offset = record.end
    if offset < len(line.text):
        yield ScannedRecord(line.table, line.start + offset, line.text[offset:])


def _row_at(text: bytes, start: int) -> Row | None:
    """Return the record at an offset of a line; None if no record starts there, or if it could not be saved again."""
    number = _NUMBER.match(text, start)
    if not number or checksum_scanner.is_row(text[start:]):
        return None
    rest = str(text[number.end() :], "utf-8", "surrogateescape")
    try:
        _row, stop = _decode(rest)
        raw = rest[:stop].encode("utf-8", "surrogateescape")
        row = json.loads(str(raw, "utf-8", "replace"))
        if type(row) is not dict:
            return None
        encode_record(0, row)
    except (ValueError, RecursionError, ArchiveError):
        return None
    return Row(int(number[1]), row, number.end() + len(raw))


def _named_in(text: bytes) -> re.Match[bytes] | None:
    return next(filter(None, (names.search(text) for names in _NAMES)), None)


def _name_text(name: re.Match[bytes] | None) -> str:
    return str(name[1], "utf-8", "replace") if name else _("no name can be read")
