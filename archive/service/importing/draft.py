"""The records that an import creates and updates, in memory until the plan is applied."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from archive.exchange.reading import Checked, Issue
from archive.model.field_types.base import Context
from archive.model.fields import NOTHING, Record, order_problem
from archive.model.losses import keep_earlier_loss
from archive.model.records.customer import Customer
from archive.model.tables import STORED
from archive.service.archive import Archive
from archive.service.change_labels import subject
from archive.service.importing.merge import in_order, merged
from archive.service.importing.plan import Difference, Plan
from archive.service.snoozing import unsnoozed_row
from archive.store import Change
from archive.text import _

Raw = Mapping[str, Any]
NEEDED, SAME_ID, DISORDERED = "needed", "same-id", "dates-out-of-order"
LISTED = 10_000  # maximum number of differences in a plan


class Draft:
    """The records of a table after the rows read so far."""

    def __init__(self, archive: Archive, plan: Plan) -> None:
        self.archive, self.plan = archive, plan
        self.cls: type[Record] = STORED[plan.table]
        self.ctx: Context = archive.ctx
        self.now: dict[str, dict[str, Any]] = {}
        self._changed_by: dict[str, list[bool]] = {}  # for each row of a record: whether it changed it
        self._lines: dict[str, int] = {}
        self._needed = [key for key, field in self.cls.FIELDS.items() if field.required]

    def get(self, uid: str) -> Raw | None:
        """Return a record with the changes so far; None if it does not exist."""
        return self.now.get(uid) or self.archive.raw(self.plan.table, uid)

    def named_by_id(self, checked: Checked) -> Issue | None:
        """Assign a row to the record of its id; return an issue if an earlier row has the same id."""
        line = self._lines.setdefault(checked.id, checked.line)
        if line == checked.line:
            return None
        sentence = _("Line {line} has the same id. Delete one of the two rows.").format(line=line)
        return Issue(checked.line, "id", SAME_ID, sentence)

    def unfit(self, checked: Checked, values: Raw) -> Issue | None:
        """Return an issue if a new record lacks a required field or has dates in the wrong order."""
        for key in self._needed:
            if key not in values:
                title = self.cls.FIELDS[key].title
                return Issue(checked.line, key, NEEDED, _("{field} is required.").format(field=title))
        return self._disordered(checked, values)

    def _disordered(self, checked: Checked, raw: Raw, old: Raw = NOTHING) -> Issue | None:
        key, sentence = order_problem(self.cls, raw, old)
        return Issue(checked.line, key, DISORDERED, sentence) if sentence else None

    def create(self, values: dict[str, Any], extra: Mapping[str, str], uid: str = "") -> Raw:
        """Create a record from a row and return it."""
        uid = uid or secrets.token_hex(8)
        raw = in_order(self.cls, {**values, "uid": uid, "extra": dict(extra)})
        self.now[uid] = raw
        self._changed_by[uid] = [True]
        return raw

    def update(self, checked: Checked, uid: str, values: Raw, extra: Mapping[str, str]) -> Issue | None:
        """Merge a row into a record; return an issue if its dates would then be in the wrong order."""
        old = self.get(uid)
        assert old is not None
        result = merged(self.cls, old, values, extra, self.plan.options.merge)
        raw = unsnoozed_row(self.cls, self._with_earlier_loss(old, result.raw, values), old)
        if issue := self._disordered(checked, raw, old):
            return issue
        self._changed_by.setdefault(uid, []).append(bool(result.changed))
        incoming = {**values, **{f"extra.{name}": text for name, text in extra.items()}}
        for key in result.kept:
            self._note(self.plan.kept, old, key, incoming)
        if result.changed:
            self.now[uid] = raw
        return None

    def _with_earlier_loss(self, old: Raw, new: dict[str, Any], values: Raw) -> dict[str, Any]:
        """Move a customer's loss to the earlier losses if the row says that the customer was lost again."""
        moved = keep_earlier_loss(old, new, values) if self.cls is Customer else new
        return new if moved is new else in_order(self.cls, moved)

    def _note(self, notes: list[Difference], old: Raw, key: str, new: Raw) -> None:
        if len(notes) < LISTED:
            name = subject(self.cls.TABLE, dict(old), self.ctx)
            notes.append(Difference(name, key, self._display(old, key), self._display(new, key)))

    def _display(self, raw: Raw, key: str) -> str:
        if key.startswith("extra."):
            texts = raw.get("extra", {})
            return str(raw.get(key) or texts.get(key.removeprefix("extra."), ""))
        kind = self.cls.FIELDS[key].type
        ctx = self.ctx.within(raw.get("currency", ""))
        return kind.show(kind.load(raw[key]), ctx) if key in raw else ""

    def finish(self) -> Iterator[Change]:
        """Yield the changes, and count the rows in the plan."""
        table = self.plan.table
        for uid, rows in self._changed_by.items():
            old, new = self.archive.raw(table, uid), self.now.get(uid)
            if old is not None and (new is None or new == old):
                self.plan.same += len(rows)
                continue
            self.plan.created += old is None
            self.plan.updated += sum(rows) - (old is None)
            self.plan.same += len(rows) - sum(rows)
            assert new is not None
            yield Change(table, uid, new, dict(old) if old is not None else None)
            if old is not None:
                self._note_updates(old, new)

    def _note_updates(self, old: Raw, new: Raw) -> None:
        for key in self.cls.FIELDS:
            if old.get(key) != new.get(key):
                self._note(self.plan.updates, old, key, new)
        before, after = old.get("extra", {}), new.get("extra", {})
        for name, text in after.items():
            if before.get(name) != text:
                self._note(self.plan.updates, old, f"extra.{name}", {f"extra.{name}": text})
