"""The archive as the rest of the program uses it: find, read, save, delete, undo. Words in, records out."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from archive.errors import BadValue, NotFound
from archive.model.customer import Customer
from archive.model.fields import Context, Record, Ref, refuse_problems
from archive.model.links import relinked
from archive.model.query import EVERYTHING, Query, parse
from archive.model.summary import Summary
from archive.model.tables import OF_A_CUSTOMER, TABLES
from archive.model.transaction import Transaction, worked_out_amount
from archive.service.labels import deletion_label, save_label
from archive.service.takeback import taken_back
from archive.settings import Settings
from archive.store import UNSORTED, Change, Entry, Sort, Store
from archive.text import _

R = TypeVar("R", bound=Record)
OnChange = Callable[[int], None]


def local_now() -> datetime:
    """The wall clock where the account manager is, without a zone: days are days there."""
    return datetime.now()  # noqa: DTZ005


class Archive:
    """An open archive. Every change is on the disk when its method returns, and `on_change` is told the revision."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime] = local_now) -> None:
        self._store = store
        self.settings = settings
        self.clock = clock
        self.on_change: list[OnChange] = []

    @classmethod
    def open(
        cls,
        path: Path,
        settings: Settings | None = None,
        *,
        write: bool = True,
        create: bool = False,
        clock: Callable[[], datetime] = local_now,
    ) -> Self:
        """Open the archive at `path`; `write` takes its lock, `create` makes one where there is none."""
        return cls(Store(path, write=write, create=create, now=clock()), settings or Settings(), clock)

    def close(self) -> None:
        """Let go of the file and its lock."""
        self._store.close()

    @property
    def path(self) -> Path:
        """The file."""
        return self._store.path

    @property
    def revision(self) -> int:
        """Counts the changes since the archive was opened."""
        return self._store.revision

    @property
    def ctx(self) -> Context:
        """How values are read and shown now: today, the settings, and the names of linked records."""
        s = self.settings
        return Context(
            now=self.clock(),
            order=s.date_order,
            decimal=s.decimal,
            currency=s.currency,
            region=s.region,
            zone=s.time_zone,
            resolve=self._resolve,
            name_of=self._store.name,
        )

    # Reading

    def select(
        self,
        table: str,
        query: Query | str = EVERYTHING,
        sort: Sort = UNSORTED,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Sequence[str]:
        """The uids that answer a query, in order; BadValue explains a query that cannot be read."""
        return self._store.select(
            table, parse(query) if isinstance(query, str) else query, sort, self.ctx, cancelled
        )

    def page(self, table: str, query: Query | str, sort: Sort, start: int, count: int) -> list[Record]:
        """Some of the records that answer a query."""
        return [
            self.get(TABLES[table], uid) for uid in self.select(table, query, sort)[start : start + count]
        ]

    def count(self, table: str, query: Query | str = EVERYTHING) -> int:
        """How many records answer a query."""
        return self._store.count(table) if query == EVERYTHING else len(self.select(table, query))

    def get(self, cls: type[R], uid: str) -> R:
        """A record by its uid; NotFound where it is gone."""
        raw = self._store.get(cls.TABLE, uid)
        if raw is None:
            raise NotFound(
                _("This record is not in the archive any more."), _("Press u to undo its deletion.")
            )
        return cls.load(raw)

    def kept(self, table: str, uid: str) -> Mapping[str, Any] | None:
        """A record as it is kept, not decoded, for lists; None where it is gone."""
        return self._store.get(table, uid)

    def has(self, table: str, uid: str) -> bool:
        """Whether the record is (still) there."""
        return self._store.get(table, uid) is not None

    def find(self, cls: type[R], text: str) -> R:
        """A record by its code, else by its name where only one has it."""
        uid = self._store.find(cls.TABLE, text)
        if uid is None:
            raise NotFound(
                _("Nothing in {table} has the code or name {text}.").format(table=_(cls.LABEL), text=text),
                _("`archive list WORDS` finds codes."),
            )
        return self.get(cls, uid)

    def find_or_none(self, cls: type[R], text: str) -> R | None:
        """Like `find`, None where there is none."""
        uid = self._store.find(cls.TABLE, text)
        return self.get(cls, uid) if uid else None

    def of_customer(self, cls: type[R], customer: str) -> list[R]:
        """A customer's records of a table, newest first."""
        return [self.get(cls, uid) for uid in self._store.children(cls.TABLE, customer)]

    def children(self, table: str, customer: str) -> list[str]:
        """The uids of a customer's records of a table, newest first."""
        return self._store.children(table, customer)

    def people_of(self, organisation: str) -> list[str]:
        """The uids of the customers that are or were something at an organisation, by name."""
        rows = [
            row for table, row in self._store.linking_to("customers", organisation) if table == "customers"
        ]
        people = [
            row
            for row in rows
            if any(p.get("organisation") == organisation for p in row.get("positions", ()))
        ]
        return [row["uid"] for row in sorted(people, key=lambda row: str(row.get("full_name", "")))]

    def summary(self, customer: str) -> Summary:
        """What is known of the dealings with a customer."""
        return self._store.summary(customer)

    def columns(self, table: str, keys: Sequence[str]) -> dict[str, list[Any]]:
        """Kept values by column without decoding records, for questions over the whole archive."""
        return self._store.columns(table, keys)

    def name(self, table: str, uid: str) -> str:
        """What a record is called."""
        return self._store.name(table, uid)

    def names(self, table: str) -> list[str]:
        """Every name in a table, for completion."""
        return [self._store.name(table, uid) for uid in self._store.rows[table]]

    def _resolve(self, table: str, text: str) -> Ref | None:
        uid = self._store.find(table, text)
        return Ref(uid=uid) if uid else None

    # Changing

    def save(self, *records: Record, label: str = "") -> Entry | None:
        """Save new and changed records as one change; None where nothing is different."""
        changes = [self._change(record) for record in self._completed(records)]
        return self._commit(label or save_label(changes, self.ctx), changes)

    def edit(self, table: str, uid: str, **values: Any) -> Entry | None:
        """Change some values of a record as it is now."""
        return self.save(self.get(TABLES[table], uid).with_values(**values))

    def delete(self, table: str, uids: Iterable[str]) -> Entry | None:
        """Delete records; a customer goes with all their records, and links to it stay as names."""
        changes: dict[tuple[str, str], Change] = {}
        for uid in uids:
            for change in self._deletion(table, uid):
                changes[change.table, change.uid] = _merged(changes.get((change.table, change.uid)), change)
        return self._commit(deletion_label(list(changes.values()), table, self.ctx), list(changes.values()))

    def undo(self) -> Entry | None:
        """Take back the newest change."""
        return self._told(self._store.undo())

    def redo(self) -> Entry | None:
        """Bring back what was undone last."""
        return self._told(self._store.redo())

    def history(self) -> list[Entry]:
        """The kept changes, newest first."""
        return self._store.history()

    def undo_label(self) -> str:
        """What `undo` would take back, "" when there is nothing."""
        return self._store.undo_label()

    def take_back(self, entry: Entry) -> tuple[Entry | None, list[str]]:
        """Take back any change of the history: what was edited since is kept, and named in the second part."""
        changes, kept = taken_back(entry, self._store.get, self.ctx)
        label = _("took back: {label}").format(label=entry.label)
        return self._commit(label, changes), kept

    def apply(self, label: str, changes: Iterable[Change]) -> Entry | None:
        """Write changes that a plan made, as one."""
        return self._commit(label, list(changes))

    def completed(self, records: Iterable[Record]) -> list[Record]:
        """Records with their uid, code and defaults, as `save` would write them; BadValue where one is not whole."""
        return self._completed(records)

    def _commit(self, label: str, changes: list[Change]) -> Entry | None:
        return self._told(self._store.commit(label, changes, self.clock()))

    def _told(self, entry: Entry | None) -> Entry | None:
        if entry:
            for tell in self.on_change:
                tell(self.revision)
        return entry

    def _change(self, record: Record) -> Change:
        return Change(record.TABLE, record.uid, record.dump(), self._store.get(record.TABLE, record.uid))

    def _completed(self, records: Iterable[Record]) -> list[Record]:
        done: list[Record] = []
        taken: set[tuple[str, str]] = set()
        for record in records:
            whole = self._with_defaults(
                record if record.uid else record.with_values(uid=secrets.token_hex(8))
            )
            refuse_problems(whole)
            self._refuse_taken_code(whole, taken)
            done.append(whole)
        return done

    def _with_defaults(self, record: Record) -> Record:
        if isinstance(record, Customer) and not record.code:
            return record.with_values(code=self.next_code())
        if isinstance(record, Transaction):
            return self._whole_transaction(record)
        return record

    def _whole_transaction(self, record: Transaction) -> Transaction:
        amount = worked_out_amount(record) if record.amount is None else record.amount
        priced = amount is not None or record.unit_price is not None
        currency = record.currency or (self.settings.currency if priced else "")
        return record.with_values(type=record.type or "order", amount=amount, currency=currency)

    def _refuse_taken_code(self, record: Record, taken: set[tuple[str, str]]) -> None:
        code = getattr(record, "code", "")
        if not code:
            return
        holder = self._store.indexes[record.TABLE].codes.get(code)
        if holder not in (None, record.uid) or (record.TABLE, code) in taken:
            error = BadValue(
                _("The code {code} is taken by {name}.").format(
                    code=code, name=self.name(record.TABLE, holder or "")
                ),
                _("Choose another, or leave it empty for the next free one."),
            )
            error.field = "code"
            raise error
        taken.add((record.TABLE, code))

    def next_code(self) -> str:
        """The next automatic customer code; one is never used twice, deleted customers' included."""
        number = self._store.recall("last_code") or max(
            map(_number_of, self._store.indexes["customers"].codes), default=0
        )
        codes = self._store.indexes["customers"].codes
        while (code := f"C-{number + 1:05d}") in codes:
            number += 1
        self._store.remember("last_code", number + 1)
        return code

    def _deletion(self, table: str, uid: str) -> Iterable[Change]:
        raw = self._store.get(table, uid)
        if raw is None:
            return
        yield Change(table, uid, None, raw)
        if table == "customers":
            for owned in OF_A_CUSTOMER:
                for child in self._store.children(owned, uid):
                    yield Change(owned, child, None, self._store.get(owned, child))
        name = self.name(table, uid)
        for other, row in self._store.linking_to(table, uid):
            yield Change(other, row["uid"], relinked(TABLES[other], row, table, uid, name), row)


def _merged(first: Change | None, second: Change) -> Change:
    """Two changes of one record in one deletion: gone stays gone, the first state stays the old one."""
    if first is None:
        return second
    return Change(first.table, first.uid, None if None in (first.new, second.new) else second.new, first.old)


def _number_of(code: str) -> int:
    digits = code.removeprefix("C-")
    return int(digits) if code.startswith("C-") and digits.isascii() and digits.isdecimal() else 0
