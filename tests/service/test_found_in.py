"""Test which related record a search reports as the reason for listing a customer."""

from datetime import datetime

import pytest
from test_today import TODAY, add_customer

from archive.model.field_types.base import Ref
from archive.model.records.contract import Contract
from archive.model.records.interaction import Interaction
from archive.model.records.plan import Plan
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.service.found_in import found_in, search_needles


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("marta", ""),
        ("harvest", "activity 2026-11-21"),
        ("k-17", "contract K-17"),
        ("inv-8", "transaction INV-8"),
        ("honey", "transaction 2026-11-21"),
        ("brochure", "task"),
        ("marta harvest k-17", "activity 2026-11-21, contract K-17"),
        ("(harvest | zzz) status:active", "activity 2026-11-21"),
        ("-harvest", ""),
        ("status:active", ""),
        ("(", ""),
        ("", ""),
    ],
)
def test_the_record_that_contains_the_words_is_reported(archive: Archive, query, where) -> None:
    marta = add_customer(archive)
    customer = Ref(marta)
    archive.save(
        Interaction(
            customer=customer, at=datetime.combine(TODAY, datetime.min.time()), summary="about the harvest"
        ),
        Contract(customer=customer, number="K-17", start=TODAY),
        Transaction(customer=customer, on=TODAY, number="INV-8"),
        Transaction(customer=customer, on=TODAY, product=Ref(name="Honey")),
        Plan(customer=customer, step="send the brochure"),
    )
    assert found_in(archive, marta, search_needles(query, archive.ctx)) == where
