"""The archive as the user interfaces use it: find, read, save and delete records, undo and redo."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

from archive.errors import ArchiveError, BadValue, NotFound
from archive.model.archive_settings import ArchiveSettings
from archive.model.currencies import NO_CURRENCY
from archive.model.field_type import Context, Ref
from archive.model.fields import Record, refuse_problems
from archive.model.money import Rates
from archive.model.query import EVERYTHING, Query, parse
from archive.model.records.customer import Customer
from archive.model.summary import Summary, currency_of
from archive.model.tables import STORED
from archive.model.working_time import WorkingTime
from archive.model.zones import time_zone
from archive.service.change_labels import deletion_label, save_label, settled_label
from archive.service.codes import LAST, Codes, free_codes, highest
from archive.service.defaults import lost_again, whole
from archive.service.deletion import deletion
from archive.service.own_settings import own_settings, take_over
from archive.service.revert import reverted
from archive.service.settling import settled_by
from archive.service.snoozing import unsnoozed
from archive.settings import Settings
from archive.store import UNSORTED, ArchiveDB, Change, Entry, Sort
from archive.text import _, sort_key

R = TypeVar("R", bound=Record)
OnChange = Callable[[int], None]
OnEntry = Callable[[Entry], None]
Clock = Callable[[], datetime]


def local_now(zone: str = "") -> datetime:
    """Return the local time as a naive datetime, in an IANA time zone or by default in that of the machine."""
    return datetime.now(_zone(zone) if zone else None).replace(tzinfo=None)


def _zone(name: str) -> tzinfo:
    found = time_zone(name)
    if found is None:
        raise ArchiveError(
            _("The time zone {name} in the settings does not exist.").format(name=name),
            _("Use an IANA name such as Europe/Berlin."),
        )
    return found


def _wake_collector() -> None:
    """Enable the garbage collector, except for the loaded data: scanning it again would delay key presses."""
    if not gc.isenabled():  # only if `main` has disabled it
        gc.freeze()
        gc.enable()


class _Own(NamedTuple):
    """The archive's own settings, with the parts that each context needs."""

    settings: ArchiveSettings
    rates: Rates
    working: WorkingTime


class Archive:
    """An open archive. A change is on the disk when its method returns. `on_change` is called with the revision."""

    def __init__(self, db: ArchiveDB, settings: Settings, clock: Clock) -> None:
        self._db = db
        self._journal = db.storage
        self.settings = settings
        self.clock = clock
        self._own: tuple[int, _Own] | None = None  # cached, with its revision
        self.why_reading = ""  # why it was opened read-only although writing was requested
        self.taken_over = ""  # a sentence: what was moved here from settings.toml on opening
        self.on_change: list[OnChange] = []
        self.on_entry: list[OnEntry] = []  # called with each change, undo and redo

    @classmethod
    def open(
        cls,
        path: Path,
        settings: Settings | None = None,
        *,
        write: bool = True,
        create: bool = False,
        clock: Clock | None = None,
        checkpoints: bool = False,
    ) -> Self:
        """Open the archive at `path`; `write` takes its lock, `create` creates a missing one.

        With `checkpoints`, a background process writes checkpoints, which a long session needs.
        """
        settings = settings or Settings()
        clock = clock or partial(local_now, settings.time_zone)
        db = ArchiveDB(
            path,
            access_mode="r+" if write else "r",
            create_dirs=True,
            create=create,
            takes_over=False,
            checkpoints=checkpoints,
            clock=clock,
        )
        archive = cls(db, settings, clock)
        if write:
            archive._take_over()
        _wake_collector()
        return archive

    def _take_over(self) -> None:
        try:
            self.taken_over = take_over(self._db, self.settings, self.clock)
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Close the files and release the lock.

        Raises:
            ForeignChange: Another program has overwritten saved changes; the hint says where a copy of them is.
        """
        self._db.close()

    def abandon(self) -> None:
        """Kill the child process, because this process is about to end without `close`; from any thread."""
        self._journal.database.abandon()

    def compact(self) -> None:
        """Merge the journal into the archive file."""
        self._journal.compact()

    @property
    def notices(self) -> list[str]:
        """Messages from opening the archive, for example about an interrupted save."""
        return self._journal.database.notices

    @property
    def path(self) -> Path:
        """The path of the archive file."""
        return self._journal.database.path

    @property
    def revision(self) -> int:
        """The number of changes since the archive was opened."""
        return self._journal.database.revision

    @property
    def ctx(self) -> Context:
        """The context for parsing and showing values: current time, settings, and names of linked records."""
        s, (own, rates, working) = self.settings, self._found_own()
        return Context(
            now=self.clock(),
            order=s.date_order,
            decimal=s.decimal,
            currency=own.currency or NO_CURRENCY,
            rates=rates,
            region=s.region,
            zone=s.time_zone,
            working=working,
            resolve=self._resolve,
            name_of=self._db.name_of,
            code_of=self._db.code_of,
        )

    # The archive's own settings

    @property
    def own(self) -> ArchiveSettings:
        """The archive's own settings: home currency, rates, working hours, holidays."""
        return self._found_own().settings

    @property
    def home(self) -> str:
        """The home currency, "" if none is set."""
        return self.own.currency

    def _found_own(self) -> _Own:
        if self._own is None or self._own[0] != self.revision:
            own = own_settings(self._db, self.settings)
            self._own = self.revision, _Own(own, own.dated_rates, own.working_time)
        return self._own[1]

    # Reading

    def select(
        self,
        table: str,
        query: Query | str = EVERYTHING,
        sort: Sort = UNSORTED,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Sequence[str]:
        """Return the uids that match a query, in sort order; raise BadValue if the query cannot be parsed."""
        return self._db.table(table).select(
            parse(query) if isinstance(query, str) else query, sort, self.ctx, cancelled
        )

    def page(self, table: str, query: Query | str, sort: Sort, start: int, count: int) -> list[Record]:
        """Return `count` of the records that match a query, from number `start` on."""
        return [
            self.get(STORED[table], uid) for uid in self.select(table, query, sort)[start : start + count]
        ]

    def count(self, table: str, query: Query | str = EVERYTHING) -> int:
        """Return the number of records that match a query."""
        return len(self._db.table(table)) if query == EVERYTHING else len(self.select(table, query))

    def get(self, cls: type[R], uid: str) -> R:
        """Return a record by its uid; raise NotFound if it was deleted."""
        raw = self._db.table(cls.TABLE).by_uid(uid)
        if raw is None:
            raise NotFound(_("This record has been deleted."), _("Press u to undo the deletion."))
        return cls.load(raw)

    def kept(self, table: str, uid: str) -> Mapping[str, Any] | None:
        """Return a stored record without decoding it; None if it was deleted."""
        return self._db.table(table).by_uid(uid)

    def has(self, table: str, uid: str) -> bool:
        """Return whether the record exists."""
        return self._db.table(table).by_uid(uid) is not None

    def find(self, cls: type[R], text: str) -> R:
        """Return a record by its code, else by its name; raise NotFound if there is none, BadValue if several."""
        found = self._db.table(cls.TABLE).lookup(text)
        hint = _("To find a code, run `archive list WORDS`.")
        if not found:
            raise NotFound(
                _("{table} has no record with the code or name {text}.").format(
                    table=_(cls.LABEL), text=text
                ),
                hint,
            )
        if len(found) > 1:
            sentence = _("{table} has {n} records named {text}. Use a code instead of the name.")
            raise BadValue(sentence.format(table=_(cls.LABEL), n=len(found), text=text), hint)
        return self.get(cls, found[0])

    def find_or_none(self, cls: type[R], text: str) -> R | None:
        """Return a record by its code or name; None if there is none or several."""
        uid = self._db.table(cls.TABLE).find(text)
        return self.get(cls, uid) if uid else None

    def of_customer(self, cls: type[R], customer: str) -> list[R]:
        """Return a customer's records of a table, newest first."""
        return [self.get(cls, uid) for uid in self._db.table(cls.TABLE).of_customer(customer)]

    def children(self, table: str, customer: str) -> list[str]:
        """Return the uids of a customer's records of a table, newest first."""
        return self._db.table(table).of_customer(customer)

    def people_of(self, organisation: str) -> list[str]:
        """Return the uids of the customers with a present or past position at an organisation, by name."""
        rows = [
            row for table, row in self._db.rows_linking_to("customers", organisation) if table == "customers"
        ]
        people = [
            row
            for row in rows
            if any(p.get("organisation") == organisation for p in row.get("positions", ()))
        ]
        return [row["uid"] for row in sorted(people, key=lambda row: sort_key(row.get("full_name", "")))]

    def summary(self, customer: str) -> Summary:
        """Return the summary of a customer as of today; records with a later date count as planned."""
        return self._db.summary(customer, self.clock().date().isoformat())

    def usual_currency(self, customer: str) -> str:
        """Return the currency set for the customer, else that of most of their sales; "" if there is neither."""
        kept = self._db.table("customers").by_uid(customer) or {}
        return currency_of(kept) or self.summary(customer).usual_currency(self.ctx.today, self.home)

    def columns(self, table: str, keys: Sequence[str]) -> dict[str, list[Any]]:
        """Return stored values by column for queries over the whole archive, without decoding records."""
        return self._db.table(table).columns(keys)

    def name(self, table: str, uid: str) -> str:
        """Return the name of a record."""
        return self._db.name_of(table, uid)

    def codes(self, table: str) -> Mapping[str, str]:
        """Return the uid of each code of a table; do not modify the mapping."""
        return self._db.table(table).codes

    def named(self, table: str, name: str) -> Set[str]:
        """Return the uids of the records with a name, compared folded; do not modify the set."""
        return self._db.table(table).named(name)

    def uids(self, table: str) -> Iterable[str]:
        """Return the uids of a table in the order of creation."""
        return self._db.table(table).uids()

    def names(self, table: str) -> list[str]:
        """Return every name in a table, for completion."""
        return [self._db.name_of(table, uid) for uid in self._db.table(table).uids()]

    def _resolve(self, table: str, text: str) -> Ref | None:
        uid = self._db.table(table).find(text)
        return Ref(uid=uid) if uid else None

    # Changing

    def save(self, *records: Record, label: str = "") -> Entry | None:
        """Save records, and what their new activities settle, in a single change; None if nothing differs."""
        changes = [self._change(record) for record in self._completed(records)]
        settled = settled_by(self, changes, self.ctx.today)
        label = label or save_label(changes, self.ctx)
        again = {change.uid for change in settled}
        changes = [change for change in changes if change.uid not in again]
        return self._commit(settled_label(label, len(settled)), [*changes, *settled])

    def edit(self, table: str, uid: str, **values: Any) -> Entry | None:
        """Change some values of a stored record."""
        record = self.get(STORED[table], uid)
        changed = record.with_values(**values)
        return self.save(
            lost_again(record.dump(), changed, values) if isinstance(changed, Customer) else changed
        )

    def delete(self, table: str, uids: Iterable[str]) -> Entry | None:
        """Delete records; with a customer, all their records. Links to deleted records become plain names."""
        changes = deletion(self._db, table, list(uids))
        return self._commit(deletion_label(changes, table, self.ctx), changes)

    def undo(self) -> Entry | None:
        """Undo the newest change."""
        return self._told(self._journal.undo())

    def redo(self) -> Entry | None:
        """Redo the change that was undone last."""
        return self._told(self._journal.redo())

    def history(self) -> list[Entry]:
        """Return the changes in the history, newest first."""
        return self._journal.history()

    def undo_label(self) -> str:
        """Return the label of the change that `undo` would undo, or "" if there is none."""
        return self._journal.undo_label()

    def take_back(self, entry: Entry) -> tuple[Entry | None, list[str]]:
        """Revert any change of the history, except values edited since; return a sentence for each of them."""
        changes, kept = reverted(entry, self._db, self.ctx)
        label = _("Reverted: {label}").format(label=entry.label)
        return self._commit(label, changes), kept

    def apply(self, label: str, changes: Iterable[Change]) -> Entry | None:
        """Write prepared changes as a single entry of the history."""
        return self._commit(label, list(changes))

    def completed(self, records: Iterable[Record]) -> list[Record]:
        """Return records with uid, code and defaults, as `save` would write them; raise BadValue if one is invalid."""
        return self._completed(records)

    def free_codes(self) -> Iterator[str]:
        """Yield automatic customer codes that were never used. A code counts as used once a change writes it."""
        return free_codes(self._db)

    def _commit(self, label: str, changes: list[Change]) -> Entry | None:
        numbers = {LAST: highest(self._db, changes)}
        return self._told(self._journal.commit(label, changes, self.clock(), numbers))

    def _told(self, entry: Entry | None) -> Entry | None:
        if entry:
            for follow in self.on_entry:
                follow(entry)
            for tell in self.on_change:
                tell(self.revision)
        return entry

    def _change(self, record: Record) -> Change:
        old = self._db.table(record.TABLE).by_uid(record.uid)
        return Change(record.TABLE, record.uid, record.dump(), old)

    def _completed(self, records: Iterable[Record]) -> list[Record]:
        codes = Codes(self._db)
        given = [self._with_defaults(record) for record in records]
        for record in given:
            codes.claim(record)  # codes entered by the user have priority over generated ones
        return [self._checked(codes.given(record)) for record in given]

    def _checked(self, record: Record) -> Record:
        raw = self._db.table(record.TABLE).by_uid(record.uid)
        old = type(record).load(raw) if raw else None
        record = unsnoozed(record, old)
        refuse_problems(record, old)
        return record

    def _with_defaults(self, record: Record) -> Record:
        record = record if record.uid else record.with_values(uid=os.urandom(8).hex())
        return whole(self, record)
