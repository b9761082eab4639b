"""Test deliveries in other currencies: report, profile and Today count and leave out the same ones."""

from datetime import date
from decimal import Decimal

import pytest

from archive.analysis.request import make_request
from archive.model.archive_settings import Rate
from archive.model.field_types.base import Ref
from archive.model.records.contract import Contract, Term
from archive.model.records.customer import Customer
from archive.model.records.transaction import Transaction
from archive.service.agreements import agreements
from archive.service.own_settings import changed
from archive.service.reporting import Reporting
from archive.service.today import due

TODAY = date(2026, 11, 21)
LEFT_OUT = "1 delivery in USD left out: no exchange rate"


@pytest.fixture
def ann(archive):
    """Return a customer with a contract for 600.00 EUR of goods that were due yesterday."""
    ann = archive.completed([Customer(kind="person", full_name="Ann Bell")])[0]
    archive.save(ann)
    agreed = Term(key="1", requirement="goods", amount=Decimal(600), due_on=date(2026, 11, 20))
    terms = {"number": "K-1", "currency": "EUR", "terms": (agreed,)}
    since = date(2026, 1, 1)
    archive.save(Contract(uid="k", customer=Ref(ann.uid), start=since, signed_on=since, **terms))
    return ann.uid


def set_rates(archive, **rates):
    found = [
        Rate(currency=currency, since=date(2026, 1, 1), rate=Decimal(rate))
        for currency, rate in rates.items()
    ]
    archive.save(changed(archive.own, {"currency": "EUR", "rates": tuple(found)}))


def deliver(archive, customer, amount, currency, on=date(2026, 3, 1), kind="delivery"):
    values = {"type": kind, "amount": Decimal(amount), "currency": currency}
    archive.save(Transaction(customer=Ref(customer), on=on, contract=Ref("k"), term="1", **values))


def in_report(archive):
    return Reporting(archive).run("fulfilment", make_request(TODAY, as_of=TODAY))


def in_file(archive, customer):
    return [found.text for found in agreements(archive, customer) if found.table == "contracts"]


def in_today(archive):
    return [(item.what, item.overdue) for item in due(archive, TODAY) if item.kind == "term"]


def test_all_three_convert_at_the_rate_of_the_day(archive, ann):
    """500 USD at 0.9 and 125 GBP at 1.2 are 450 + 150 = 600 EUR, the agreed amount."""
    set_rates(archive, USD="0.9", GBP="1.2")
    deliver(archive, ann, 500, "USD")
    deliver(archive, ann, 125, "GBP")
    report = in_report(archive)
    assert (report.figure("overdue").value, report.figure("fill_rate").value) == (0, 1)
    assert in_file(archive, ann) == ["K-1 · active · 1 of 1 terms fulfilled"]
    assert in_today(archive) == []


def test_all_three_see_the_missing_amount(archive, ann):
    """500 USD at 0.9 and 100 GBP at 1.2 are 570 of 600 EUR."""
    set_rates(archive, USD="0.9", GBP="1.2")
    deliver(archive, ann, 500, "USD")
    deliver(archive, ann, 100, "GBP")
    report = in_report(archive)
    assert (report.figure("overdue").value, report.figure("fill_rate").value) == (1, pytest.approx(0.95))
    assert in_file(archive, ann) == ["1 term overdue ! · K-1 · active · 0 of 1 terms fulfilled"]
    assert in_today(archive) == [("K-1: goods", True)]


def test_all_three_report_a_delivery_without_an_exchange_rate(archive, ann):
    set_rates(archive, GBP="1.2")
    deliver(archive, ann, 500, "USD")
    deliver(archive, ann, 125, "GBP")
    report = in_report(archive)
    assert (report.figure("overdue").value, report.figure("fill_rate").value) == (1, 0.25)
    assert report.figure("otif").omitted == "1 delivery left out: no exchange rate"
    assert in_file(archive, ann) == [f"1 term overdue ! · K-1 · active · 0 of 1 terms fulfilled · {LEFT_OUT}"]
    assert in_today(archive) == [(f"K-1: goods · {LEFT_OUT}", True)]


def test_a_planned_delivery_neither_counts_nor_hides_the_order(archive, ann):
    """The order of 600 EUR counts until there is a delivery; tomorrow's delivery does not count yet."""
    deliver(archive, ann, 600, "EUR", kind="order")
    deliver(archive, ann, 100, "USD", on=date(2026, 11, 22))
    assert in_report(archive).figure("overdue").value == 0
    assert in_file(archive, ann) == ["K-1 · active · 1 of 1 terms fulfilled"]
    assert in_today(archive) == []
