"""The sum of the amounts in a list."""

from datetime import date
from decimal import Decimal
from typing import Any

from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.service.totals import total_words

DAY = date(2026, 11, 1)


def added(archive: Archive, *amounts: tuple[int, str], **values: Any) -> list[str]:
    """Add a customer with a transaction for each amount, and return the uids of the transactions."""
    ann = Customer(uid="c-ann", kind="person", full_name="Ann Bare")
    dealings = [
        Transaction(
            uid=f"t-{n}",
            customer=Ref(uid="c-ann"),
            on=DAY,
            amount=Decimal(amount),
            currency=currency,
            **{"type": "order", **values},
        )
        for n, (amount, currency) in enumerate(amounts)
    ]
    archive.save(ann, *dealings)
    return [dealing.uid for dealing in dealings]


def words(archive: Archive, table: str, uids: list[str], key: str = "amount") -> str:
    return total_words(archive, table, [key], uids, lambda: False)


def test_amounts_of_different_currencies_are_never_added_together(archive: Archive) -> None:
    uids = added(archive, (1200, "EUR"), (30, "USD"), (800, "EUR"))
    assert words(archive, "transactions", uids) == "Amount 2,000 EUR + 30 USD"
    assert words(archive, "transactions", uids[1:]) == "Amount 800 EUR + 30 USD"


def test_an_order_and_its_invoice_are_not_added_together(archive: Archive) -> None:
    uids = added(archive, (1200, "EUR"), (800, "EUR"))
    archive.save(archive.get(Transaction, uids[0]).with_values(type="invoice"))
    assert words(archive, "transactions", uids) == ""


def test_there_is_no_sum_of_a_single_row_or_of_a_hidden_column(archive: Archive) -> None:
    uids = added(archive, (1200, "EUR"), (800, "EUR"))
    assert words(archive, "transactions", uids[:1]) == ""
    assert words(archive, "transactions", uids, "on") == ""


def test_the_revenue_of_customers_is_added_unless_nobody_waits_for_it(archive: Archive) -> None:
    added(archive, (1200, "EUR"), (800, "EUR"))
    archive.save(Customer(uid="c-ben", kind="person", full_name="Ben"))
    both = ["c-ann", "c-ben"]
    assert words(archive, "customers", both, "value") == "Revenue (12 mo.) 2,000 EUR"
    assert total_words(archive, "customers", ["value"], both, lambda: True) == ""
