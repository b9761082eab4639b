"""The stores to compare: ours, SQLite in its best configuration for the task, and TinyDB with its defaults."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from tinydb import TinyDB, where
from tinydb.middlewares import CachingMiddleware
from tinydb.storages import JSONStorage

from archive.model.query import parse
from archive.store import UNSORTED, ArchiveDB, Change
from bench.archives import customer, rows
from bench.clock import CTX, NOW

Raw = dict[str, Any]
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Peer(Protocol):
    """The operations to compare, each as complete as a program needs it."""

    name: str

    def first_page(self) -> list[Raw]:
        """Return the first 50 customers by name, decoded."""

    def get(self, uid: str) -> Raw:
        """Return a customer."""

    def save(self, row: Raw) -> None:
        """Save a changed customer durably."""

    def insert(self, row: Raw) -> None:
        """Insert a transaction durably."""

    def of_customer(self, uid: str) -> list[Raw]:
        """Return the transactions of a customer."""

    def search(self, text: str) -> int:
        """Return the number of customers with a text in name, organisation, phones or e-mails."""

    def revenue(self) -> int:
        """Calculate the revenue of every customer from all transactions; return the number of customers."""

    def close(self) -> None:
        """Close the files."""


class Ours:
    """The store of this program."""

    name = "ours"

    def __init__(self, path: Path, *, write: bool = True, checkpoints: bool = False) -> None:
        mode = "r+" if write else "r"
        self._db = ArchiveDB(path, access_mode=mode, create=False, checkpoints=checkpoints, clock=lambda: NOW)

    @property
    def is_compacting(self) -> bool:
        """Whether a child process is writing a new snapshot."""
        return self._db.storage.database.is_compacting

    def first_page(self) -> list[Raw]:
        uids = self._db.table("customers").select(parse(""), UNSORTED, CTX)
        return [self.get(uid) for uid in uids[:50]]

    def get(self, uid: str) -> Raw:
        return self._db.table("customers").by_uid(uid) or {}

    def save(self, row: Raw) -> None:
        self._db.storage.commit("edit", [Change("customers", row["uid"], row, self.get(row["uid"]))], NOW)

    def insert(self, row: Raw) -> None:
        self._db.storage.commit("order", [Change("transactions", row["uid"], row, None)], NOW)

    def of_customer(self, uid: str) -> list[Raw]:
        found = self._db.table("transactions").of_customer(uid)
        return [self._db.table("transactions").by_uid(other) or {} for other in found]

    def search(self, text: str) -> int:
        return len(self._db.table("customers").select(parse(text), UNSORTED, CTX))

    def revenue(self) -> int:
        columns = self._db.table("transactions").columns(["customer", "amount"])
        sums: dict[str, float] = {}
        for uid, amount in zip(columns["customer"], columns["amount"], strict=True):
            sums[uid] = sums.get(uid, 0.0) + float(amount)
        return len(sums)

    def close(self) -> None:
        self._db.close()


class Sqlite:
    """SQLite with WAL, synchronous=FULL, JSON records, expression indexes, and a current FTS5 trigram index.

    Unlike ours, it stores no history for undo.
    """

    name = "SQLite"

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("pragma journal_mode=wal")
        self._db.execute("pragma synchronous=full")

    def fill(self, customers: int, orders: int) -> None:
        """Insert all records in a single transaction."""
        db = self._db
        db.execute("create table customers(id integer primary key, uid text unique, doc text)")
        db.execute("create table transactions(uid text primary key, doc text) without rowid")
        db.execute("create virtual table words using fts5(text, tokenize='trigram')")
        db.execute("begin")
        people = enumerate(rows("customers", customers, orders))
        db.executemany(
            "insert into customers values(?,?,?)", ((n, row["uid"], _dumps(row)) for n, row in people)
        )
        people = enumerate(rows("customers", customers, orders))
        db.executemany("insert into words(rowid, text) values(?,?)", ((n, _words(row)) for n, row in people))
        sold = rows("transactions", customers, orders)
        db.executemany("insert into transactions values(?,?)", ((row["uid"], _dumps(row)) for row in sold))
        db.execute("create index by_name on customers(json_extract(doc,'$.full_name'))")
        db.execute("create index by_customer on transactions(json_extract(doc,'$.customer'))")
        db.execute("commit")
        db.execute("pragma wal_checkpoint(truncate)")

    def first_page(self) -> list[Raw]:
        found = self._db.execute(
            "select doc from customers order by json_extract(doc,'$.full_name') limit 50"
        )
        return [json.loads(doc) for (doc,) in found]

    def get(self, uid: str) -> Raw:
        (doc,) = self._db.execute("select doc from customers where uid=?", (uid,)).fetchone()
        found: Raw = json.loads(doc)
        return found

    def save(self, row: Raw) -> None:
        db = self._db
        db.execute("begin immediate")
        found = db.execute("update customers set doc=? where uid=? returning id", (_dumps(row), row["uid"]))
        [(number,)] = found.fetchall()
        db.execute("update words set text=? where rowid=?", (_words(row), number))
        db.execute("commit")

    def insert(self, row: Raw) -> None:
        db = self._db
        db.execute("begin immediate")
        db.execute("insert into transactions values(?,?)", (row["uid"], _dumps(row)))
        db.execute("commit")

    def of_customer(self, uid: str) -> list[Raw]:
        found = self._db.execute(
            "select doc from transactions where json_extract(doc,'$.customer')=?", (uid,)
        )
        return [json.loads(doc) for (doc,) in found]

    def search(self, text: str) -> int:
        (count,) = self._db.execute(
            "select count(*) from words where text match ?", (f'"{text}"',)
        ).fetchone()
        return int(count)

    def revenue(self) -> int:
        found = self._db.execute(
            "select json_extract(doc,'$.customer'), sum(json_extract(doc,'$.amount')) from transactions group by 1"
        )
        return len(found.fetchall())

    def close(self) -> None:
        self._db.close()


class Tiny:
    """TinyDB with its defaults, or with its CachingMiddleware, which is not durable."""

    def __init__(self, path: Path, *, caching: bool) -> None:
        self.name = "TinyDB, cached" if caching else "TinyDB"
        self._db = TinyDB(path, storage=CachingMiddleware(JSONStorage) if caching else JSONStorage)  # type: ignore[no-untyped-call]
        self._customers, self._transactions = self._db.table("customers"), self._db.table("transactions")

    def fill(self, customers: int, orders: int) -> None:
        """Insert all records, table by table."""
        self._customers.insert_multiple(rows("customers", customers, orders))
        self._transactions.insert_multiple(rows("transactions", customers, orders))
        self._db.storage.flush() if hasattr(self._db.storage, "flush") else None

    def first_page(self) -> list[Raw]:
        return list(islice(sorted(self._customers.all(), key=lambda row: str(row["full_name"])), 50))

    def get(self, uid: str) -> Raw:
        found = self._customers.search(where("uid") == uid)
        return dict(found[0])

    def save(self, row: Raw) -> None:
        self._customers.update(row, where("uid") == row["uid"])

    def insert(self, row: Raw) -> None:
        self._transactions.insert(row)

    def of_customer(self, uid: str) -> list[Raw]:
        return list(map(dict, self._transactions.search(where("customer") == uid)))

    def search(self, text: str) -> int:
        return self._customers.count(where("full_name").test(partial(_holds, text)))

    def revenue(self) -> int:
        sums: dict[str, float] = {}
        for row in self._transactions.all():
            sums[row["customer"]] = sums.get(row["customer"], 0.0) + float(row["amount"])
        return len(sums)

    def close(self) -> None:
        self._db.close()


def _holds(text: str, name: str) -> bool:
    return text in name.lower()


def _words(row: Raw) -> str:
    parts: Iterable[Raw] = [*row.get("phones", ()), *row.get("emails", ())]
    return "\n".join([row["full_name"], *(part["value"] for part in parts)])


def changed(n: int, count: int, round_: int) -> Raw:
    """Return a customer with a value that was never saved before."""
    return {**customer(n, count), "background": f"changed in round {round_}"}
