"""Generate the sample archive and the sample sheets: `python -m sample_data.generate [FOLDER]`.

The output is reproducible byte for byte.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from archive.files import write_whole
from archive.model.archive_settings import ArchiveSettings
from archive.model.fields import Record
from archive.model.records.campaign import Campaign
from archive.model.records.contract import Contract
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.plan import Plan as Step
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.model.records.wallet import Wallet
from archive.store.migrations import FORMAT, SCHEMA
from archive.store.snapshot import encoded
from sample_data.agenda import with_agendas
from sample_data.agreements import agreed
from sample_data.cast import cast
from sample_data.contacts import Log
from sample_data.dealings import Book
from sample_data.dice import Dice
from sample_data.efforts import made
from sample_data.hostile import HostileNamer, bare_and_doubled, few, with_texts
from sample_data.house import own_settings
from sample_data.identity import Namer
from sample_data.people import customer_of
from sample_data.products import products
from sample_data.promises import plans as promises
from sample_data.relations import staff_of, with_parents, with_referrals
from sample_data.rivals import with_a_gaining_rival
from sample_data.sheets import sheets
from sample_data.stories import Plan, plans
from sample_data.wallets import wallets

T = TypeVar("T")
HERE = Path(__file__).parent


def generate(folder: Path) -> list[Path]:
    """Write every sample file into `folder`, replacing older ones."""
    sample = sample_archive()
    files = {
        "sample.archive.json": _archive_bytes(sample, "archive"),
        "hostile.archive.json": _archive_bytes(hostile_archive(), "hostile archive"),
        **sheets(sample.customers, sample.products),
    }
    for name, data in files.items():
        write_whole(folder / name, data, force=True, mode=0o644)
    return [folder / name for name in files]


class Sample(NamedTuple):
    """The records of the sample archive, by table."""

    customers: list[Customer]
    products: list[Product]
    contracts: list[Contract]
    campaigns: list[Campaign]
    transactions: list[Transaction]
    interactions: list[Interaction]
    wallets: list[Wallet]
    plans: list[Step]
    settings: list[ArchiveSettings]


def sample_archive() -> Sample:
    """Return the records of the sample archive, in the order in which they are stored."""
    return _generated(with_agendas(plans()), Namer(), lambda _known: [])


def hostile_archive() -> Sample:
    """Return a smaller archive of hostile names and texts."""
    sample = _generated(few(with_agendas(plans())), HostileNamer(), bare_and_doubled)
    return sample._replace(
        products=with_texts(sample.products, "name", 3),
        contracts=with_texts(sample.contracts, "title"),
        campaigns=with_texts(sample.campaigns, "name", 2),
        transactions=with_texts(sample.transactions, "note", 5, lines=True),
        interactions=with_texts(sample.interactions, "summary", 2, lines=True),
        plans=with_texts(sample.plans, "step"),
    )


def _generated(
    planned_for: list[Plan], namer: Namer, more: Callable[[list[Customer]], list[Customer]]
) -> Sample:
    """Return the records of the planned customers, and `more` customers without any."""
    goods = products()
    planned, staff = _people(planned_for, namer, goods)
    people = [*(customer for _plan, customer in planned), *_flat(staff.values())]
    everybody = _coded(people, more(people))
    books = [Book(plan, everybody[customer.uid], goods).filled() for plan, customer in planned]
    logs = [Log(plan, everybody[customer.uid], staff[customer.uid]).filled() for plan, customer in planned]
    dealings = with_a_gaining_rival(sorted(_flat(books), key=lambda row: (str(row.on), row.uid)))
    actors = cast([(plan, everybody[customer.uid]) for plan, customer in planned], staff, dealings)
    contracts, efforts = agreed(actors, goods), made(actors)
    return Sample(
        customers=list(everybody.values()),
        products=list(goods.values()),
        contracts=contracts.contracts,
        campaigns=efforts.campaigns,
        transactions=efforts.named(contracts.tied(dealings)),
        interactions=sorted(_flat(logs), key=lambda row: (str(row.at), row.uid)),
        wallets=wallets(actors),
        plans=promises(actors),
        settings=[own_settings()],
    )


def _people(
    planned_for: list[Plan], namer: Namer, goods: Mapping[str, Product]
) -> tuple[list[tuple[Plan, Customer]], dict[str, list[Customer]]]:
    """Return each plan with its customer, and the staff by the customer's uid."""
    planned = [(plan, customer_of(plan, namer, dict(goods))) for plan in planned_for]
    firms = [customer for _plan, customer in planned if customer.kind == "organisation"]
    staff = {customer.uid: staff_of(plan, customer, namer, firms) for plan, customer in planned}
    return planned, staff


def _coded(people: list[Customer], more: list[Customer]) -> dict[str, Customer]:
    """Return all customers by uid, with the links of `people`, and codes in order of *customer since*."""
    firms = with_parents([c for c in people if c.kind == "organisation"])
    linked = with_referrals([*firms, *(c for c in people if c.kind != "organisation")])
    dice = Dice("codes")
    met = sorted([*linked, *more], key=lambda c: (str(c.customer_since or "2025"), c.uid))
    coded = [c.with_values(code=f"C-{number:05d}") for number, c in enumerate(met, start=1)]
    return {c.uid: _with_extra(dice, c) for c in coded}


def _with_extra(dice: Dice, customer: Customer) -> Customer:
    """Give a few customers unmapped columns, as if imported from an older list."""
    if not dice.chance(0.04):
        return customer
    return customer.with_values(
        extra={"Old number": f"K-{dice.randrange(1000, 9999)}", "Catalogue": "printed"}
    )


def _flat(lists: Iterable[Iterable[T]]) -> list[T]:
    return [thing for each in lists for thing in each]


def _archive_bytes(sample: Sample, purpose: str) -> bytes:
    uid = Dice(purpose).uid()
    meta = {"format": FORMAT, "schema": SCHEMA, "uuid": uid * 2, "lsn": 0, "snapshot": uid}
    rows = {table: _rows(records) for table, records in sample._asdict().items()}
    return encoded({"_meta": {"1": meta}, **rows})


def _rows(records: Iterable[Record]) -> dict[str, dict[str, Any]]:
    return {str(number): record.dump() for number, record in enumerate(records, start=1)}


if __name__ == "__main__":
    for path in generate(Path(sys.argv[1]) if sys.argv[1:] else HERE):
        print(path)
