"""Generate archives of any size for benchmarks: numbered customers with their orders and contracts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.files import take_place, write_beside
from archive.model.contact_details import Email, Phone
from archive.model.records.customer import Customer
from archive.model.tables import TABLES
from archive.store import checkpoint, snapshot
from archive.store.migrations import FORMAT, SCHEMA
from archive.store.mmap_file import map_file
from archive.store.record_codec import encode_record

NAME = "0" * 16
Raw = dict[str, Any]


def customer(n: int, count: int) -> Raw:
    """Return customer `n` of `count`."""
    return Customer(
        uid=f"{n:016x}",
        code=f"C-{n:06d}",
        kind="person" if n % 3 else "organisation",
        full_name=f"Customer {n * 7919 % count:06d} Sample",
        status=("active", "prospect", "lost")[n % 3],
        grade="ABC"[n % 3],
        tags=("vip",) if n % 10 == 0 else (),
        phones=(Phone(value=f"+49 30 5550 {n:06d}", label="mobile"),),
        emails=(Email(value=f"c{n}@sample{n % 97}.example"),),
        background=f"Note {n % 1013} about rice and tea, and about what else was said of {n % 31} things.",
    ).dump()


def order(n: int, customers: int) -> Raw:
    """Return order `n`; orders are distributed evenly over customers."""
    day = f"{2016 + n % 10}-{1 + n // 7 % 12:02d}-{1 + n // 11 % 28:02d}"
    return {
        "uid": f"{n + (1 << 40):016x}",
        "customer": f"{n % customers:016x}",
        "on": day,
        "type": "return" if n % 50 == 0 else "order",
        "product": {"name": f"Tea {n % 40}"},
        "quantity": str(1 + n % 9),
        "unit_price": f"{5 + n % 30}.50",
        "amount": f"{(1 + n % 9) * (11 + 2 * (n % 30)) / 2:.2f}",
        "currency": "EUR",
    }


def contract(n: int, customers: int) -> Raw:
    """Return contract `n`, which belongs to customer `3 * n`."""
    return {
        "uid": f"{n + (1 << 50):016x}",
        "customer": f"{n * 3 % customers:016x}",
        "code": f"K-{n:06d}",
        "title": f"Supply {n}",
        "starts_on": "2024-01-01",
        "ends_on": "2026-12-31",
    }


def rows(table: str, customers: int, orders: int) -> Iterator[Raw]:
    """Return the generated records of a table."""
    if table == "customers":
        return (customer(n, customers) for n in range(customers))
    if table == "transactions":
        return (order(n, customers) for n in range(orders))
    return (contract(n, customers) for n in range(customers // 3 if table == "contracts" else 0))


def write(path: Path, customers: int, orders: int, *, derived: bool = True) -> None:
    """Write an archive in the state after a checkpoint; with `derived`, including the index file."""
    meta = {"format": FORMAT, "schema": SCHEMA, "uuid": "0" * 32, "lsn": 0, "snapshot": NAME}
    tables = ((table, rows(table, customers, orders)) for table in (*TABLES, "_history"))
    encoded = (
        (table, (encode_record(number, row) for number, row in enumerate(kept, 1))) for table, kept in tables
    )
    take_place(
        write_beside(path, snapshot.pieces([("_meta", iter([encode_record(1, meta)])), *encoded])), path
    )
    if derived:
        made = snapshot.read(map_file(path), path)
        assert made is not None
        checkpoint.write_index(path, made)
