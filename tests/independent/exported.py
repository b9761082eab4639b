"""Write an invented archive through the service, and export it with `archive export` for the recount."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path

from archive.cli import run
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.settings import Settings
from tests.independent.invented_dealings import dealings
from tests.independent.invented_people import TODAY, invented
from tests.independent.invented_promises import campaigns, contacts, contracts, plans, tied, wallets

TABLES = (
    *("customers", "products", "contracts", "campaigns", "transactions", "interactions", "wallets"),
    *("plans", "settings"),
)
NOW = datetime.combine(TODAY, time(10))


@contextmanager
def opened(path: Path, *, create: bool = False) -> Iterator[Archive]:
    """Open an archive as of TODAY, without personal settings."""
    archive = Archive.open(path, Settings(), create=create, clock=lambda: NOW)
    try:
        yield archive
    finally:
        archive.close()


def make(seed: int, path: Path) -> None:
    """Write the archive for a seed to a file."""
    made = invented(seed)
    efforts = campaigns(made)
    agreed = contracts(made)
    spans = {each.uid: (each.start or TODAY, each.end or TODAY) for each in efforts}
    with opened(path, create=True) as archive:
        archive.save(made.settings)
        archive.save(*made.products, *made.customers)
        archive.save(*efforts, *agreed)
        archive.save(*_payable(archive, dealings(made, spans)), *_payable(archive, tied(made, agreed)))
        archive.save(*wallets(made), *plans(made), *contacts(made))


def _payable(archive: Archive, made: Iterable[Transaction]) -> Iterator[Transaction]:
    """Yield the transactions with amounts and costs rounded to the minor unit of their currency."""
    for record in archive.completed(made):
        assert isinstance(record, Transaction)
        unit = Decimal(1).scaleb(-{"JPY": 0, "KWD": 3}.get(record.currency, 2))
        known = {key: getattr(record, key) for key in ("amount", "cost")}
        paid = {key: value.quantize(unit) for key, value in known.items() if value is not None}
        yield record.with_values(**paid)


def export(path: Path, folder: Path) -> None:
    """Export every table of an archive as CSV with the command line."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        target = folder / f"{table}.csv"
        words = ["--archive", str(path), "export", "--table", table, "--raw", "--force", "-o", str(target)]
        assert run(words) == 0
