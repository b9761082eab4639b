"""Test the number of campaigns and customers behind the campaign figures, and what the figures leave out."""

import pytest

from tests.analysis.builders import customers, sale
from tests.analysis.test_campaigns import campaign, figures, tied


def test_cost_sums_known_costs_and_counts_the_unknown():
    found = figures(campaigns=[campaign(), campaign("free", cost=None)])["cost"]
    assert (str(found.value), found.n, found.omitted) == ("100.00", 1, "1 campaign without a cost")


def test_roi_covers_campaigns_with_a_known_margin_and_counts_the_others():
    rows = [
        tied("a", "2026-01-05", "300.00", cost="100.00"),
        sale("b", "2026-01-05", "50.00", campaign="dark"),  # the cost of the goods is unknown
    ]
    found = figures(
        customers=customers("a", "b"), campaigns=[campaign(), campaign("dark")], transactions=rows
    )["romi"]
    assert (found.value, found.n) == (pytest.approx((200 - 100) / 100), 1)
    assert found.omitted == "1 campaign left out: margin not known"


def test_a_first_day_with_two_campaigns_is_one_new_customer():
    rows = [tied("a", "2026-01-05"), sale("a", "2026-01-05", campaign="other")]
    found = figures(customers=customers("a"), campaigns=[campaign(), campaign("other")], transactions=rows)
    assert found["new_customers"].value == 1
    assert (str(found["cac"].value), found["cac"].n) == ("200.00", 1)
