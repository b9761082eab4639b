"""Replay the readable changes of a damaged journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from archive.model.tables import STORED
from archive.store.overlay import Raw
from archive.store.salvage.records import called, titled
from archive.store.salvage.report import SalvageReport
from archive.store.salvage.wal_scanner import Gap, Readable, ScannedChange
from archive.store.state import State
from archive.store.wal.records import LogRecord
from archive.text import _

_LEAST = 128  # bytes of the smallest change; a segment's header is shorter


class Missing(NamedTuple):
    """Unreadable bytes of the journal."""

    place: str
    is_change: bool  # whether the bytes are long enough to be a change


class Step(NamedTuple):
    """A change, or only the fact that all changes before `lsn` were made."""

    lsn: int
    change: ScannedChange | None
    gaps: list[Missing]  # unreadable bytes directly before it


class Replay:
    """Applies the changes of a journal to a state."""

    def __init__(self, state: State, report: SalvageReport, lsn: int) -> None:
        """Start from `state`, which contains all changes up to `lsn`."""
        self._state, self._report, self._lsn = state, report, lsn
        self._has_gap = False
        self._applied: dict[int, LogRecord] = {}
        self._highest: Counter[str] = Counter()  # highest record number by table

    def apply(self, journal: Iterable[Readable], uuid: str) -> None:
        """Apply every readable change of the archive `uuid` once, in the order of the LSNs."""
        ours = [segment for segment in journal if segment.archive in ("", uuid)]
        for segment in journal:
            if segment not in ours:
                report = _("{path} belongs to another archive and was ignored.")
                self._report.lose(report.format(path=segment.path))
        self._highest = self._highest_numbers(ours)
        *steps, rest = _steps(ours)
        for step in sorted(steps, key=lambda step: step.lsn):
            self._take(step)
        for gap in rest.gaps:
            self._say_gap(gap)
        for segment in ours:
            self._say_of(segment)

    def _highest_numbers(self, journal: Iterable[Readable]) -> Counter[str]:
        highest = Counter({name: table.next_number() - 1 for name, table in self._state.tables.items()})
        for segment in journal:
            for change in segment.changes:
                for table, number, _new, _old in change.frame.changes:
                    highest[table] = max(highest[table], int(number))
        return highest

    def _say_of(self, segment: Readable) -> None:
        if segment.refused:
            self._report.lose(segment.refused)
        elif segment.after is None:
            report = _(
                "{path} does not say which archive it belongs to. Its changes were applied to this archive."
            )
            self._report.doubt(report.format(path=segment.path))
        if segment.tail:
            self._report.doubt(segment.tail.message)

    def _take(self, step: Step) -> None:
        if step.lsn > self._lsn + 1:
            self._has_gap = True
            self._report.lose(_missing(self._lsn + 1, step.lsn - 1, step.gaps))
            self._lsn = step.lsn - 1
        else:
            for gap in step.gaps:
                if gap.is_change:
                    self._say_gap(gap)
        if step.change and step.lsn > self._lsn:
            self._lsn = step.lsn
            self._apply(step.change)
        elif step.change and self._applied.get(step.lsn, step.change.frame) != step.change.frame:
            report = _("Another change {n}: {label}. Only one of the two was applied.")
            self._report.lose(report.format(n=step.lsn, label=step.change.frame.label))

    def _say_gap(self, gap: Missing) -> None:
        self._report.lose(_("The data in {place} cannot be read.").format(place=gap.place))

    def _apply(self, change: ScannedChange) -> None:
        frame = self._applied[change.frame.lsn] = change.frame
        if not change.is_complete:
            self._has_gap = True
            report = _("A part of change {n}: {label}")
            self._report.lose(report.format(n=frame.lsn, label=frame.label))
        frame = frame._replace(changes=list(self._sensible(frame)), extra=self._extra_of(frame))
        changes = list(self._placed(frame))
        self._report.restate((table, int(number)) for table, number, _new, old in changes if old)
        self._state.apply(LogRecord(0, 0, "", changes, {"meta": frame.extra.get("meta", {})}))
        self._state.history.apply(frame)

    def _sensible(self, frame: LogRecord) -> Iterator[list[Any]]:
        """Yield the valid changes of a transaction, and report the others as lost."""
        for table, number, new, old in frame.changes:
            if why := _why_not(table, new, old):
                report = _("An edit of {name} in change {n}: {why}")
                name = called(table, new or old or {}) if table in STORED else table
                self._report.lose(report.format(name=name, n=frame.lsn, why=why))
            else:
                yield [table, number, new, old]

    def _placed(self, frame: LogRecord) -> Iterator[list[Any]]:
        """Yield the changes with the numbers that their records have in the state, which damage may have altered."""
        for table, key, new, old in frame.changes:
            uid = (new or old)["uid"]
            number = self._number_of(table, uid) or int(key)
            current = self._row(table, number)
            if current and current["uid"] != uid and not _is_but_for_uid(current, old):
                if not new:
                    continue  # a deletion: the record is gone already, and another record has its number
                self._highest[table] += 1
                number = self._highest[table]
            if number != int(key):
                self._doubt(_("{record} had another number."), table, number, new or old)
            elif self._has_gap and current not in (old, new):
                self._doubt(_("{record} was also edited by a lost change."), table, number, new or old)
            yield [table, str(number), new, old]

    def _doubt(self, text: str, table: str, number: int, row: Raw) -> None:
        self._report.doubt(text.format(record=titled(table, number, called(table, row))))

    def _number_of(self, table: str, uid: str) -> int | None:
        records = self._state.tables[table]
        slot = records.of(uid)
        return None if slot is None else records.number(slot)

    def _row(self, table: str, number: int) -> Raw | None:
        records = self._state.tables[table]
        slot = records.slot(number)
        return None if slot is None else records.row(slot)

    def _extra_of(self, frame: LogRecord) -> dict[str, Any]:
        """Return the valid parts of a transaction's `extra`, which `History.apply` accepts."""
        heads = self._state.history.heads
        extra: dict[str, Any] = {}
        try:
            if type(entry := frame.extra.get("entry")) is int and datetime.fromisoformat(frame.extra["at"]):
                extra = {"entry": entry, "at": frame.extra["at"]}
            undone = [[int(number), bool(is_undone)] for number, is_undone in frame.extra.get("undone", [])]
            meta = {str(key): int(number) for key, number in frame.extra.get("meta", {}).items()}
        except (KeyError, TypeError, ValueError, AttributeError):
            return extra
        extra["undone"] = [pair for pair in undone if pair[0] in heads]
        return {**extra, "meta": meta} if meta else extra


def _steps(journal: Iterable[Readable]) -> Iterator[Step]:
    """Yield the changes of a journal in file order, each with the unreadable bytes before it.

    A last step without a change has the unreadable bytes at the end.
    """
    gaps: list[Missing] = []
    last_lsn = 0
    for segment in journal:
        if segment.after and segment.after >= last_lsn:
            yield Step(segment.after + 1, None, gaps)
            gaps, last_lsn = [], segment.after
        in_this = 0
        places: list[ScannedChange | Gap] = sorted([*segment.changes, *segment.gaps], key=_start)
        for item in places:
            if isinstance(item, Gap):
                gaps.append(Missing(_location(segment, item), item.end - item.start >= _LEAST))
                continue
            lsn = item.frame.lsn
            if lsn <= in_this:  # a duplicate, which has overwritten other data
                gaps.append(Missing(_location(segment, Gap(item.offset, item.end, "")), True))
            yield Step(lsn, item, gaps if lsn > last_lsn else [])
            gaps = [] if lsn > last_lsn else gaps
            in_this, last_lsn = max(lsn, in_this), max(lsn, last_lsn)
        if segment.marked_lsn > last_lsn:
            yield Step(segment.marked_lsn + 1, None, gaps)
            gaps, last_lsn = [], segment.marked_lsn
    yield Step(0, None, gaps)


def _start(item: ScannedChange | Gap) -> int:
    return item.start if isinstance(item, Gap) else item.offset


def _location(segment: Readable, gap: Gap) -> str:
    text = _("{path}, bytes {start} to {end}").format(path=segment.path, start=gap.start, end=gap.end)
    return f"{text} ({gap.glimpse})" if gap.glimpse else text


def _missing(first: int, last: int, gaps: Iterable[Missing]) -> str:
    if first == last:
        report = _("Change {n} cannot be read.").format(n=first)
    else:
        report = _("Changes {start} to {end} cannot be read.").format(start=first, end=last)
    return " ".join([report, *(_("It was in {place}.").format(place=gap.place) for gap in gaps)])


def _why_not(table: str, new: Any, old: Any) -> str:
    if table not in STORED or (new is None and old is None):
        return _("it contains no record of a known table.")
    if any(row is not None and STORED[table].misfit(row) for row in (new, old)):
        return _("it has an invalid value.")
    return ""


def _is_but_for_uid(row: Raw, other: Raw | None) -> bool:
    """Return whether two records differ only in the uid, as they do if damage has altered it."""
    return other is not None and {**row, "uid": ""} == {**other, "uid": ""}
