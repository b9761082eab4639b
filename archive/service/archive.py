"""The archive as the user interfaces use it: open, save and delete records, undo and redo."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Self

from archive.errors import ArchiveError
from archive.model.fields import Record, refuse_problems
from archive.model.records.customer import Customer
from archive.model.tables import STORED
from archive.model.zones import time_zone
from archive.service.change_labels import deletion_label, save_label, settled_label
from archive.service.codes import LAST, Codes, free_codes, highest
from archive.service.defaults import lost_again, with_defaults
from archive.service.deletion import deletion
from archive.service.own_settings import take_over
from archive.service.reader import ArchiveReader, Clock
from archive.service.revert import reverted
from archive.service.settling import settled_by
from archive.service.snoozing import unsnoozed
from archive.settings import Settings
from archive.store import ArchiveDB, Change, Entry, Head
from archive.text import _

OnChange = Callable[[int], None]
OnEntry = Callable[[Entry], None]


def local_now(zone: str = "") -> datetime:
    """Return the local time as a naive datetime, in an IANA time zone or by default in that of the machine."""
    return datetime.now(_zone(zone) if zone else None).replace(tzinfo=None)


class LocalClock:
    """The local time in a zone of the settings, which may change while the program runs."""

    def __init__(self, zone: str) -> None:
        self.zone = zone

    def __call__(self) -> datetime:
        return local_now(self.zone)


def _zone(name: str) -> tzinfo:
    zone = time_zone(name)
    if zone is None:
        raise ArchiveError(
            _("The time zone {name} in the settings does not exist.").format(name=name),
            _("Use an IANA name such as Europe/Berlin."),
        )
    return zone


def _wake_collector() -> None:
    """Enable the garbage collector, except for the loaded data: scanning it again would delay key presses."""
    if not gc.isenabled():  # only if `main` has disabled it
        gc.freeze()
        gc.enable()


class Archive(ArchiveReader):
    """An open archive. A change is on the disk when its method returns. `on_change` is called with the revision."""

    def __init__(self, db: ArchiveDB, settings: Settings, clock: Clock) -> None:
        super().__init__(db, settings, clock)
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
        clock = clock or LocalClock(settings.time_zone)
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

    def use_settings(self, settings: Settings) -> None:
        """Show and read values by these settings from now on."""
        self.settings = settings
        if isinstance(self.clock, LocalClock):
            self.clock.zone = settings.time_zone
        self._own = None

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
        return self._notify(self._journal.undo())

    def redo(self) -> Entry | None:
        """Redo the last undone change."""
        return self._notify(self._journal.redo())

    def history(self) -> list[Entry]:
        """Return the changes in the history, newest first."""
        return self._journal.history()

    def heads(self) -> list[tuple[int, Head]]:
        """Return number and head of the changes in the history, newest first, without reading their values."""
        return self._journal.heads()

    def entry(self, number: int) -> Entry | None:
        """Return a change of the history by its number, or None if the history no longer has it."""
        return self._journal.entry(number)

    def undo_label(self) -> str:
        """Return the label of the change that `undo` would undo, or "" if there is none."""
        return self._journal.undo_label()

    def take_back(self, entry: Entry) -> tuple[Entry | None, list[str]]:
        """Revert any change of the history, except values edited since; return a sentence for each of them."""
        changes, skipped = reverted(entry, self._db, self.ctx)
        label = _("Reverted: {label}").format(label=entry.label)
        return self._commit(label, changes), skipped

    def would_revert(self, entry: Entry) -> tuple[list[Change], list[str]]:
        """Return what `take_back` would change, and a sentence for each value that it would keep."""
        return reverted(entry, self._db, self.ctx)

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
        return self._notify(self._journal.commit(label, changes, self.clock(), numbers))

    def _notify(self, entry: Entry | None) -> Entry | None:
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
        completed = [self._with_defaults(record) for record in records]
        for record in completed:
            codes.claim(record)  # codes entered by the user have priority over generated ones
        return [self._checked(codes.with_code(record)) for record in completed]

    def _checked(self, record: Record) -> Record:
        raw = self._db.table(record.TABLE).by_uid(record.uid)
        old = type(record).load(raw) if raw else None
        record = unsnoozed(record, old)
        refuse_problems(record, old)
        return record

    def _with_defaults(self, record: Record) -> Record:
        record = record if record.uid else record.with_values(uid=os.urandom(8).hex())
        return with_defaults(self, record)
