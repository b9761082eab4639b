"""What the reports know about one customer, in a line each."""

from datetime import date, timedelta

import pytest

from archive.analysis.about import about, overview
from tests.analysis.books import ask, book, customers, sale
from tests.analysis.test_share import rice, wallet

TODAY = date(2026, 11, 21)


def lines(uid, **tables):
    known = overview(book(**tables), ask())
    return {insight.label: insight for insight in about(known, uid)}


def regular(uid, every, last, count=12, **more):
    """Purchases at equal gaps up to so many days ago."""
    end = TODAY - timedelta(days=last)
    return [sale(uid, str(end - timedelta(days=every * n)), **more) for n in range(count)]


def test_the_weight_of_a_customer_is_their_share_of_revenue_place_and_class():
    rows = [
        sale("a", "2026-01-01", "60.00"),
        sale("b", "2026-01-01", "20.00"),
        sale("c", "2026-01-01", "20.00"),
    ]
    found = lines("b", customers=customers("a", "b", "c"), transactions=rows)["Weight"]
    assert found.text == "20.0% of our revenue, place 2 of 3, class A"
    assert found.why
    assert found.report == "share"


def test_our_share_says_what_goes_elsewhere_and_marks_an_old_estimate():
    rows = [rice("a", "2026-01-01", "30.00"), rice("b", "2026-01-01", "30.00")]
    wallets = [wallet("a", "120.00"), wallet("b", "20.00"), wallet("b", category="Tea")]
    tables = {"customers": customers("a", "b"), "wallets": wallets, "transactions": rows}
    assert lines("a", **tables)["Our share"].text == "25% of their Rice, 90 EUR goes elsewhere"
    assert lines("b", **tables)["Our share"].tone == "warn"


def many():
    """Enough customers for a model, one of them silent for long."""
    return [row for n in range(30) for row in regular(f"c{n}", 10 + n, n % 7)] + regular("late", 10, 60)


def test_silence_is_told_by_the_usual_gap_and_as_a_chance_that_is_never_certain():
    uids = [f"c{n}" for n in range(30)]
    tables = {"customers": customers(*uids, "late"), "transactions": many()}
    late, fine = lines("late", **tables)["Rhythm"], lines("c1", **tables)["Rhythm"]
    assert late.tone == "warn"
    assert late.text.startswith("silent 60 d, usual 1")
    assert "▼ from" in late.text
    assert fine.tone == ""
    assert "still with us 99%" in fine.text
    assert "never a certainty" in late.why


def test_without_a_model_the_silence_alone_is_told():
    found = lines("a", customers=customers("a"), transactions=regular("a", 10, 40))["Rhythm"]
    assert found.text == "silent 40 d, usual 10"


def test_a_lost_customer_is_not_leaving():
    assert "Rhythm" not in lines(
        "a", customers=customers("a", status="lost"), transactions=regular("a", 10, 40)
    )


@pytest.mark.parametrize("tables", [{}, {"customers": customers("a")}, {"wallets": [wallet("a", "0.00")]}])
def test_without_a_basis_nothing_is_said(tables):
    assert lines("a", **tables) == {}
