"""Test that all reports agree on the start of a customer's tenure, and on new customers."""

from datetime import date

from archive.analysis.campaigns.responses import efforts
from archive.analysis.churn import run
from archive.analysis.common.customers import customers_since
from tests.analysis.builders import request, sale, sales_data

AS_OF = date(2026, 11, 21)
ROWS = [
    {"uid": "old", "full_name": "Old", "customer_since": "2010-01-01"},
    {"uid": "new", "full_name": "New", "customer_since": "2026-02-01"},
    {"uid": "bought", "full_name": "Bought"},
    {"uid": "returned", "full_name": "Returned"},
    {"uid": "later", "full_name": "Later", "customer_since": "2027-01-01"},
    {"uid": "nobody", "full_name": "Nobody"},
]
SALES = [
    *(sale(who, "2026-03-01", campaign="spring") for who in ("old", "new", "bought")),
    sale("returned", "2026-03-01", type="return"),
    sale("later", "2026-04-01"),
    sale("nobody", "2026-12-01"),
]
CAMPAIGN = {"uid": "spring", "name": "Spring", "start": "2026-01-15", "end": "2026-03-31"}


def made():
    return sales_data(customers=ROWS, transactions=SALES, campaigns=[CAMPAIGN])


def test_a_customer_counts_from_customer_since_or_the_first_order():
    found = {uid: str(date.fromordinal(day)) for uid, day in customers_since(made(), AS_OF).items()}
    assert found == {"old": "2010-01-01", "new": "2026-02-01", "bought": "2026-03-01", "later": "2026-04-01"}


def test_new_customers_are_the_same_in_every_report():
    new = {"new", "bought", "later"}
    report = run(made(), request())
    assert set(report.figure("new").opens.uids) == new
    assert set(report.figure("revenue.new").opens.uids) == new
    assert set(report.table("cohorts").rows[0].opens.uids) == {"new", "bought"}
    (campaign,) = efforts(made(), request())
    assert campaign.new == {"new", "bought"}
