"""Read the records of an open archive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from archive.errors import BadValue, NotFound
from archive.model.archive_settings import ArchiveSettings
from archive.model.currencies import NO_CURRENCY
from archive.model.field_types.base import Context, Ref
from archive.model.fields import Record
from archive.model.money import Rates
from archive.model.query import EVERYTHING, Query, parse
from archive.model.summary import Summary, currency_of
from archive.model.tables import STORED
from archive.model.working_time import WorkingTime
from archive.service.own_settings import own_settings
from archive.settings import Settings
from archive.store import UNSORTED, ArchiveDB, Searched, Sort
from archive.text import _, sort_key

R = TypeVar("R", bound=Record)
Clock = Callable[[], datetime]


class _Own(NamedTuple):
    """The archive's own settings, with the parts that each context needs."""

    settings: ArchiveSettings
    rates: Rates
    working: WorkingTime


class ArchiveReader:
    """The records of an open archive, and the context in which their values are shown."""

    def __init__(self, db: ArchiveDB, settings: Settings, clock: Clock) -> None:
        self._db = db
        self._journal = db.storage
        self.settings = settings
        self.clock = clock
        self._own: tuple[int, _Own] | None = None  # cached, with its revision

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

    # Records

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

    def by_name(self, table: str, text: str) -> Sequence[str]:
        """Return the uids of the records whose name, code or number contains the words of a text, best names first.

        Unlike `select`, this is quick in any archive: records that belong to a customer are not searched.
        """
        return self._db.table(table).by_name(text.split(), self.ctx)

    def containing(
        self, table: str, searched: Searched, most: int, cancelled: Callable[[], bool] = lambda: False
    ) -> tuple[int, list[str]]:
        """Return the number of records that contain the words, and the uids of the first `most` of them."""
        return self._db.table(table).containing(searched, most, cancelled)

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

    def raw(self, table: str, uid: str) -> Mapping[str, Any] | None:
        """Return a stored record without decoding it; None if it was deleted."""
        return self._db.table(table).by_uid(uid)

    def has(self, table: str, uid: str) -> bool:
        """Return whether the record exists."""
        return self._db.table(table).by_uid(uid) is not None

    def find(self, cls: type[R], text: str) -> R:
        """Return a record by its code, else by its name; raise NotFound if there is none, BadValue if several."""
        uids = self._db.table(cls.TABLE).lookup(text)
        hint = _("To find a code, run `archive list WORDS`.")
        if not uids:
            raise NotFound(
                _("{table} has no record with the code or name {text}.").format(
                    table=_(cls.LABEL), text=text
                ),
                hint,
            )
        if len(uids) > 1:
            sentence = _("{table} has {n} records named {text}. Use a code instead of the name.")
            raise BadValue(sentence.format(table=_(cls.LABEL), n=len(uids), text=text), hint)
        return self.get(cls, uids[0])

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
        """Return the currency set for the customer, or the most frequent currency of their sales, or ""."""
        row = self._db.table("customers").by_uid(customer) or {}
        return currency_of(row) or self.summary(customer).usual_currency(self.ctx.today, self.home)

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
