"""Change many records at once: plan what would change and why some cannot, show it, then apply it as one change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from archive.errors import ArchiveError, BadValue
from archive.model.field_types.base import Context
from archive.model.field_types.links import Links
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Tags
from archive.model.fields import Field, Record
from archive.model.records.customer import Customer
from archive.model.tables import STORED, TABLES
from archive.service.archive import Archive
from archive.service.change_labels import subject
from archive.service.completing import completed, snoozed
from archive.service.defaults import lost_again
from archive.service.progress import Progress
from archive.store import Entry
from archive.text import _, fold, plural

EXAMPLES = 5
Target = tuple[str, str]
"""Table and uid of a record to change."""


class Edit(NamedTuple):
    """A record that changes, with the old and the new value as shown."""

    table: str
    uid: str
    name: str
    old: str
    new: str


class Refusal(NamedTuple):
    """A record that cannot be changed, and why."""

    name: str
    why: str


class Plan(NamedTuple):
    """What a change would do, without doing it.

    Attributes:
        edits: The records that change.
        same: The number of records that have the new value already.
        refusals: The records that cannot be changed.
        notes: Sentences about what else follows.
        optional: The number of records that are left out and can be included (`BulkChange.widened`).
        adds: Whether records are added to a list instead of changed.
    """

    edits: tuple[Edit, ...] = ()
    same: int = 0
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    optional: int = 0
    adds: bool = False


class Applied(NamedTuple):
    """The result: the entry of the history, or None if nothing was changed, and two counts.

    `dropped` are records left out because they were edited or deleted after the plan was made.
    """

    entry: Entry | None
    changed: int
    dropped: int


class BulkChange(Protocol):
    """A change that can be planned and applied."""

    def plan(self, archive: Archive, progress: Progress) -> Plan:
        """Return what the change would do."""

    def apply(self, archive: Archive, plan: Plan, progress: Progress) -> Applied:
        """Do what the plan says, as a single change."""

    def widened(self) -> BulkChange | None:
        """Return the change with the records that are otherwise left out; None if there are no such records."""


class Operation:
    """What happens to each record. Subclasses say how it changes, and how it is shown."""

    def changed(self, record: Record, archive: Archive) -> Record:
        """Return the changed record; the same values if it has them already.

        Raises:
            BadValue: The record cannot be changed in this way.
        """
        raise NotImplementedError

    def shown(self, record: Record, ctx: Context) -> str:
        """Return the value that changes, as text."""
        raise NotImplementedError

    def label(self, records: str) -> str:
        """Return the label for the history, given "11 customers" or the name of the only record."""
        raise NotImplementedError

    def also(self, record: Record, archive: Archive) -> Iterable[Record]:
        """Return the other records that change with a record that was changed."""
        return ()

    def notes(self, archive: Archive, edits: Sequence[Edit]) -> tuple[str, ...]:
        """Return sentences about what follows from the edits."""
        return ()


class RecordsChange:
    """The same operation on many records."""

    def __init__(self, operation: Operation, targets: Iterable[Target], ignored: int = 0) -> None:
        """Take the records, and the number of further rows that are `ignored` because they are no such records."""
        self.operation = operation
        self.targets = list(dict.fromkeys(targets))
        self._ignored = ignored

    def plan(self, archive: Archive, progress: Progress) -> Plan:
        """Return what the change would do. Only the chosen records are decoded."""
        edits, refusals, same = list[Edit](), list[Refusal](), 0
        for found in map(self._one(archive), progress.over(self.targets, len(self.targets))):
            if isinstance(found, Refusal):
                refusals.append(found)
            elif found is None:
                same += 1
            else:
                edits.append(found[0])
        notes = self.operation.notes(archive, edits)
        if self._ignored:
            words = plural("{n} other row is left out.", "{n} other rows are left out.", self._ignored)
            notes = (*notes, words)
        return Plan(tuple(edits), same, tuple(refusals), notes)

    def apply(self, archive: Archive, plan: Plan, progress: Progress) -> Applied:
        """Change the planned records, except those whose value has changed since the preview."""
        one, records = self._one(archive), list[Record]()
        for edit in progress.over(plan.edits, len(plan.edits)):
            found = one((edit.table, edit.uid))
            if isinstance(found, tuple) and not isinstance(found, Refusal) and found[0] == edit:
                records.append(found[1])
        dropped = len(plan.edits) - len(records)
        if not records:
            return Applied(None, 0, dropped)
        label = self.operation.label(records_words(archive, records))
        others = [other for record in records for other in self.operation.also(record, archive)]
        return Applied(archive.save(*records, *others, label=label), len(records), dropped)

    def widened(self) -> BulkChange | None:
        """Return None: no records are left out by choice."""
        return None

    def _one(self, archive: Archive) -> _Planner:
        return _Planner(archive, self.operation)


class _Planner:
    """Plans the change of single records."""

    def __init__(self, archive: Archive, operation: Operation) -> None:
        self._archive, self._operation, self._ctx = archive, operation, archive.ctx

    def __call__(self, target: Target) -> tuple[Edit, Record] | Refusal | None:
        """Return the edit of a record with the changed record, why it cannot be changed, or None if it is the same."""
        table, uid = target
        raw = self._archive.raw(table, uid)
        if raw is None:
            return Refusal(_("deleted record"), _("It has been deleted."))
        name = subject(table, dict(raw), self._ctx)
        try:
            old = STORED[table].load(raw)
            new = self._operation.changed(old, self._archive)
            if new == old:
                return None
            new = self._archive.completed([new])[0]
        except ArchiveError as error:
            return Refusal(name, str(error))
        before, after = self._operation.shown(old, self._ctx), self._operation.shown(new, self._ctx)
        return Edit(table, uid, name, before, after), new


def records_words(archive: Archive, records: Sequence[Record]) -> str:
    """Return what is changed: the name of a single record, else "11 customers" or "11 records"."""
    if len(records) == 1:
        return subject(records[0].TABLE, records[0].dump(), archive.ctx)
    tables = {record.TABLE for record in records}
    return table_words(tables, len(records))


def table_words(tables: Iterable[str], count: int) -> str:
    """Return "11 customers", or "11 records" if they are in several tables."""
    names = {_(STORED[table].LABEL if count != 1 else STORED[table].NOUN).lower() for table in tables}
    if len(names) == 1:
        return f"{count:,} {names.pop()}"
    return plural("{n} record", "{n} records", count)


# Operations


class AddTags(Operation):
    """Add tags."""

    def __init__(self, tags: Sequence[str]) -> None:
        self._tags = tags

    def changed(self, record: Record, archive: Archive) -> Record:
        present = _tags(record)
        taken = set(map(fold, present))
        return record.with_values(tags=(*present, *(tag for tag in self._tags if fold(tag) not in taken)))

    def shown(self, record: Record, ctx: Context) -> str:
        return ", ".join(_tags(record)) or _("no tags")

    def label(self, records: str) -> str:
        return _("Added tag {tags}: {records}").format(tags=", ".join(self._tags), records=records)


class RemoveTags(AddTags):
    """Remove tags."""

    def changed(self, record: Record, archive: Archive) -> Record:
        unwanted = set(map(fold, self._tags))
        return record.with_values(tags=tuple(tag for tag in _tags(record) if fold(tag) not in unwanted))

    def label(self, records: str) -> str:
        return _("Removed tag {tags}: {records}").format(tags=", ".join(self._tags), records=records)


def _tags(record: Record) -> tuple[str, ...]:
    tags: tuple[str, ...] = getattr(record, "tags", ())
    return tags


class SetField(Operation):
    """Set a field to a value, or clear it."""

    def __init__(self, field: Field, value: Any) -> None:
        self.field, self.value = field, value

    def changed(self, record: Record, archive: Archive) -> Record:
        field = self.field
        if (
            field.only
            and field.only != getattr(record, "kind", field.only)
            and self.value != field.type.empty
        ):
            kind = _(type(record).FIELDS["kind"].type.show(field.only, archive.ctx))
            raise BadValue(
                _("{field} is only for records of the kind {kind}.").format(field=field.title, kind=kind)
            )
        new = record.with_values(**{field.key: self.value})
        return lost_again(record.dump(), new, (field.key,)) if isinstance(new, Customer) else new

    def shown(self, record: Record, ctx: Context) -> str:
        value = getattr(record, self.field.key)
        if value == self.field.type.empty:
            return _("(empty)")
        return self.field.type.show(value, ctx.within(getattr(record, "currency", "")))

    def label(self, records: str) -> str:
        return _("{field} of {name}").format(field=self.field.title, name=records)


class Done(Operation):
    """Mark tasks and follow-ups as done, and clear the next contact of customers."""

    def changed(self, record: Record, archive: Archive) -> Record:
        return completed(record, archive.ctx.today)

    def shown(self, record: Record, ctx: Context) -> str:
        if isinstance(record, Customer):
            return SetField(Customer.FIELDS["next_contact_on"], None).shown(record, ctx)
        key = "done_on" if record.TABLE == "plans" else "follow_up_done_on"
        return _("done") if getattr(record, key) else _("open")

    def label(self, records: str) -> str:
        return _("Done: {records}").format(records=records)


class Snooze(Operation):
    """Hide reminders until a day, without changing their due dates."""

    def __init__(self, day: date) -> None:
        self._day = day

    def changed(self, record: Record, archive: Archive) -> Record:
        return snoozed(record, self._day, archive.ctx.today)

    def shown(self, record: Record, ctx: Context) -> str:
        field = type(record).FIELDS["not_before"]
        return field.type.show(getattr(record, "not_before", None), ctx) or _("not snoozed")

    def label(self, records: str) -> str:
        return _("Snoozed to {day}: {records}").format(day=self._day.isoformat(), records=records)


def settable_fields(table: str) -> list[Field]:
    """Return the fields that can be set for many records at once.

    Not names, codes and other identifying fields, personal details, lists, and what Snooze sets.
    """
    return list(_settable(TABLES[table]))


def _settable(cls: type[Record]) -> Iterator[Field]:
    unique = {cls.NAMED_BY, "code", "kind", "not_before", *cls.IDENTITY}
    for key, field in cls.FIELDS.items():
        if key not in unique and not field.private and not isinstance(field.type, ListOf | Links | Tags):
            yield field
