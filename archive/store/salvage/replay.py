"""Apply the changes of a damaged journal, as far as they can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from archive.model.tables import STORED
from archive.store.overlay import Raw
from archive.store.salvage.records import called, titled
from archive.store.salvage.report import SalvageReport
from archive.store.salvage.wal_scanner import Found, Gap, Readable
from archive.store.state import State
from archive.store.wal.records import LogRecord
from archive.text import _

_LEAST = 128  # bytes that a change has; the first line of a file has less


class Missing(NamedTuple):
    """Bytes of the journal that cannot be read."""

    place: str
    is_change: bool  # rather than a line without a change in it


class Step(NamedTuple):
    """A change, or merely the fact that all changes before `lsn` were made."""

    lsn: int
    change: Found | None
    gaps: list[Missing]  # what could not be read just before it


class Replay:
    """Brings a state forward, change by change."""

    def __init__(self, state: State, report: SalvageReport, known: int) -> None:
        """`known` is the number of the last change that the state holds."""
        self._state, self._said, self._known = state, report, known
        self._has_gap = False
        self._applied: dict[int, LogRecord] = {}
        self._highest: Counter[str] = Counter()  # number that a record has, by table

    def apply(self, journal: Iterable[Readable], uuid: str) -> None:
        """Apply what can be read, each change once and in the order of their numbers."""
        ours = [one for one in journal if one.archive in ("", uuid)]
        for one in journal:
            if one not in ours:
                report = _("{path} belongs to another archive and was left out.")
                self._said.lose(report.format(path=one.path))
        self._highest = self._highest_numbers(ours)
        *steps, rest = _steps(ours)
        for step in sorted(steps, key=lambda step: step.lsn):
            self._take(step)
        for gap in rest.gaps:
            self._say_gap(gap)
        for one in ours:
            self._say_of(one)

    def _highest_numbers(self, journal: Iterable[Readable]) -> Counter[str]:
        found = Counter({name: table.next_number() - 1 for name, table in self._state.tables.items()})
        for one in journal:
            for change in one.changes:
                for table, number, _new, _old in change.frame.changes:
                    found[table] = max(found[table], int(number))
        return found

    def _say_of(self, one: Readable) -> None:
        if one.refused:
            self._said.lose(one.refused)
        elif one.after is None:
            report = _(
                "{path} does not say whose journal it is. Its changes were taken for changes of this archive."
            )
            self._said.doubt(report.format(path=one.path))
        if one.tail:
            self._said.doubt(one.tail.said)

    def _take(self, step: Step) -> None:
        if step.lsn > self._known + 1:
            self._has_gap = True
            self._said.lose(_missing(self._known + 1, step.lsn - 1, step.gaps))
            self._known = step.lsn - 1
        else:
            for gap in step.gaps:
                if gap.is_change:
                    self._say_gap(gap)
        if step.change and step.lsn > self._known:
            self._known = step.lsn
            self._apply(step.change)
        elif step.change and self._applied.get(step.lsn, step.change.frame) != step.change.frame:
            report = _("Another change {n}: {label}. Only one of the two was applied.")
            self._said.lose(report.format(n=step.lsn, label=step.change.frame.label))

    def _say_gap(self, gap: Missing) -> None:
        self._said.lose(_("What was in {place} cannot be read.").format(place=gap.place))

    def _apply(self, change: Found) -> None:
        frame = self._applied[change.frame.lsn] = change.frame
        if not change.whole:
            self._has_gap = True
            report = _("A part of change {n}: {label}")
            self._said.lose(report.format(n=frame.lsn, label=frame.label))
        frame = frame._replace(changes=list(self._sensible(frame)), extra=self._extra_of(frame))
        changes = list(self._placed(frame))
        self._said.restate((table, int(number)) for table, number, _new, old in changes if old)
        self._state.apply(LogRecord(0, 0, "", changes, {"meta": frame.extra.get("meta", {})}))
        self._state.history.apply(frame)

    def _sensible(self, frame: LogRecord) -> Iterator[list[Any]]:
        """The changes that make sense."""
        for table, number, new, old in frame.changes:
            if why := _why_not(table, new, old):
                report = _("A change of {name} in change {n}: {why}")
                name = called(table, new or old or {}) if table in STORED else table
                self._said.lose(report.format(name=name, n=frame.lsn, why=why))
            else:
                yield [table, number, new, old]

    def _placed(self, frame: LogRecord) -> Iterator[list[Any]]:
        """Changes with the numbers that their records have here: damage may have changed those."""
        for table, key, new, old in frame.changes:
            uid = (new or old)["uid"]
            number = self._number_of(table, uid) or int(key)
            there = self._row(table, number)
            if there and there["uid"] != uid and not _is_but_for_uid(there, old):
                if not new:
                    continue  # what was deleted is not there, and another record has its number
                self._highest[table] += 1
                number = self._highest[table]
            if number != int(key):
                self._doubt(_("{record} had another number."), table, number, new or old)
            elif self._has_gap and there not in (old, new):
                self._doubt(_("{record} was changed by what is lost."), table, number, new or old)
            yield [table, str(number), new, old]

    def _doubt(self, text: str, table: str, number: int, row: Raw) -> None:
        self._said.doubt(text.format(record=titled(table, number, called(table, row))))

    def _number_of(self, table: str, uid: str) -> int | None:
        kept = self._state.tables[table]
        slot = kept.of(uid)
        return None if slot is None else kept.number(slot)

    def _row(self, table: str, number: int) -> Raw | None:
        kept = self._state.tables[table]
        slot = kept.slot(number)
        return None if slot is None else kept.row(slot)

    def _extra_of(self, frame: LogRecord) -> dict[str, Any]:
        """What the history can take in."""
        heads = self._state.history.heads
        extra: dict[str, Any] = {}
        try:
            if type(entry := frame.extra.get("entry")) is int and datetime.fromisoformat(frame.extra["at"]):
                extra = {"entry": entry, "at": frame.extra["at"]}
            undone = [[int(number), bool(is_undone)] for number, is_undone in frame.extra.get("undone", [])]
            told = {str(key): int(number) for key, number in frame.extra.get("meta", {}).items()}
        except (KeyError, TypeError, ValueError, AttributeError):
            return extra
        extra["undone"] = [pair for pair in undone if pair[0] in heads]
        return {**extra, "meta": told} if told else extra


def _steps(journal: Iterable[Readable]) -> Iterator[Step]:
    """The changes of a journal in the order of its files, each with what could not be read before it. The last step is
    none: it has what could not be read at the end."""
    gaps: list[Missing] = []
    reached = 0
    for one in journal:
        if one.after and one.after >= reached:
            yield Step(one.after + 1, None, gaps)
            gaps, reached = [], one.after
        in_this = 0
        places: list[Found | Gap] = sorted([*one.changes, *one.gaps], key=_start)
        for place in places:
            if isinstance(place, Gap):
                gaps.append(Missing(_place(one, place), place.end - place.start >= _LEAST))
                continue
            lsn = place.frame.lsn
            if lsn <= in_this:  # a copy, in the place of something else
                gaps.append(Missing(_place(one, Gap(place.offset, place.end, "")), True))
            yield Step(lsn, place, gaps if lsn > reached else [])
            gaps = [] if lsn > reached else gaps
            in_this, reached = max(lsn, in_this), max(lsn, reached)
        if one.reached > reached:
            yield Step(one.reached + 1, None, gaps)
            gaps, reached = [], one.reached
    yield Step(0, None, gaps)


def _start(place: Found | Gap) -> int:
    return place.start if isinstance(place, Gap) else place.offset


def _place(one: Readable, gap: Gap) -> str:
    place = _("{path}, bytes {start} to {end}").format(path=one.path, start=gap.start, end=gap.end)
    return f"{place} ({gap.glimpse})" if gap.glimpse else place


def _missing(first: int, last: int, gaps: Iterable[Missing]) -> str:
    if first == last:
        report = _("Change {n} cannot be read.").format(n=first)
    else:
        report = _("Changes {start} to {end} cannot be read.").format(start=first, end=last)
    return " ".join([report, *(_("It was in {place}.").format(place=gap.place) for gap in gaps)])


def _why_not(table: str, new: Any, old: Any) -> str:
    if table not in STORED or (new is None and old is None):
        return _("it is of no table of this version.")
    if any(row is not None and STORED[table].misfit(row) for row in (new, old)):
        return _("it is not what this program writes.")
    return ""


def _is_but_for_uid(row: Raw, other: Raw | None) -> bool:
    """Whether two records differ in the uid only: then damage changed that."""
    return other is not None and {**row, "uid": ""} == {**other, "uid": ""}
