"""Test the insights into a customer, each a line of text."""

from datetime import date, timedelta

import pytest

from archive.analysis.about import about, overview
from tests.analysis.builders import customers, request, sale, sales_data
from tests.analysis.test_fulfilment import contract, term
from tests.analysis.test_share import rice, wallet

TODAY = date(2026, 11, 21)


def lines(uid, **tables):
    known = overview(sales_data(**tables), request())
    return {insight.label: insight for insight in about(known, uid)}


def regular(uid, every, last, count=12, **more):
    """Return purchases at equal gaps, the last of them `last` days ago."""
    end = TODAY - timedelta(days=last)
    return [sale(uid, str(end - timedelta(days=every * n)), **more) for n in range(count)]


def test_revenue_share_rank_and_class_are_shown():
    rows = [
        sale("a", "2026-01-01", "60.00"),
        sale("b", "2026-01-01", "20.00"),
        sale("c", "2026-01-01", "20.00"),
    ]
    found = lines("b", customers=customers("a", "b", "c"), transactions=rows)["Revenue share"]
    assert found.text == "20.0 % (rank 2 of 3, class A)"
    assert found.why
    assert found.report == "share"


def test_share_of_wallet_names_the_rest_and_flags_an_old_estimate():
    rows = [rice("a", "2026-01-01", "30.00"), rice("b", "2026-01-01", "30.00")]
    wallets = [wallet("a", "120.00"), wallet("b", "20.00"), wallet("b", category="Tea")]
    tables = {"customers": customers("a", "b"), "wallets": wallets, "transactions": rows}
    assert lines("a", **tables)["Our share"].text == "25 % of their Rice, 90 EUR spent elsewhere"
    assert lines("b", **tables)["Our share"].tone == "warn"


def many():
    """Return enough customers for a back-test; a third of them stopped buying at some time."""
    rows = []
    for n in range(60):
        rows += regular(f"c{n:02}", 10 + n % 30, n % 7 + (0 if n % 3 else 20 * n % 400), count=40)
    return rows + regular("late", 10, 30, count=30)


def test_the_last_order_is_shown_with_the_usual_gap_and_the_probability():
    uids = [f"c{n:02}" for n in range(60)]
    tables = {"customers": customers(*uids, "late"), "transactions": many()}
    late, fine = lines("late", **tables)["Activity"], lines("c01", **tables)["Activity"]
    assert late.tone == "warn"
    assert late.text.startswith("last order 30 days ago, usually every 1")
    assert "likely to order within 90 days: " in late.text
    assert "▼ from" in late.text
    assert fine.tone == ""
    assert "likely to order within 90 days: 9" in fine.text
    assert "not a certainty" in late.why
    assert "P(alive)" in late.why


def test_a_probability_is_shown_only_if_the_back_test_holds():
    uids = [f"c{n:02}" for n in range(60)]
    rows = [row for n, uid in enumerate(uids) for row in regular(uid, 10 + n % 30, n % 7)]
    found = lines("c01", customers=customers(*uids), transactions=rows)["Activity"]
    assert "likely" not in found.text
    assert "no likelihood is shown: The archive has too little history to back-test the model;" in found.why
    assert "P(alive)" in found.why


def test_the_back_test_result_is_cached_with_the_model():
    uids = [f"c{n:02}" for n in range(60)]
    made = sales_data(customers=customers(*uids, "late"), transactions=many())
    assert overview(made, request()).backtest is overview(made, request()).backtest


def test_without_a_model_only_the_last_order_is_shown():
    found = lines("a", customers=customers("a"), transactions=regular("a", 10, 40))["Activity"]
    assert found.text == "last order 40 days ago, usually every 10"


def test_a_lost_date_removes_the_probability_but_the_status_alone_does_not():
    rows = regular("a", 10, 40)
    gone = customers("a", lost_on="2026-11-01", customer_since="2020-01-01")
    assert "Activity" not in lines("a", customers=gone, transactions=rows)
    assert "Activity" in lines("a", customers=customers("a", status="lost"), transactions=rows)


def test_open_contracts_show_their_value_and_the_next_deadline():
    soon = contract(uid="soon", end="2027-01-31", value="1000.00", notice_period="2 months", renews=True)
    later = contract(uid="later", end="2027-06-30", value="500.00")
    found = lines("a", customers=customers("a"), contracts=[later, soon])["Contracts"]
    assert found.text == "2 active, 1,500 EUR, notice by 2026-11-30 Mon"
    assert (found.tone, found.report) == ("warn", "fulfilment")
    assert "2026-11-21 Sat" in found.why


def test_a_distant_end_is_no_warning_and_unsigned_contracts_are_listed_separately():
    far = contract(uid="far", end="2027-06-30", renews=True)
    draft = contract(uid="draft", signed_on="", value="900.00")
    found = lines("a", customers=customers("a"), contracts=[far, draft])["Contracts"]
    assert (found.text, found.tone) == (
        "1 active, value unknown, renews after 2027-06-30 Wed, 1 unsigned",
        "",
    )
    assert lines("a", customers=customers("a"), contracts=[draft])["Contracts"].text == "1 unsigned"


def test_a_signed_contract_is_not_in_force_before_its_start():
    coming = contract(uid="c", start="2027-01-01", end="2027-12-31", signed_on="2026-11-01", value="9.00")
    found = lines("a", customers=customers("a"), contracts=[coming])["Contracts"]
    assert found.text == "1 signed, starting 2027-01-01 Fri"


def test_overdue_terms_warn_and_unknown_values_are_counted_not_zero():
    late = contract(term(due_on="2026-06-30"), uid="late", end=None, value="70.00")
    dollars = contract(uid="dollars", end=None, value="900.00", currency="USD")
    found = lines("a", customers=customers("a"), contracts=[late, dollars])["Contracts"]
    assert found.text == "1 term overdue !, 2 active, 70 EUR (+ 1 of unknown value)"
    assert found.tone == "warn"


def test_a_cancelled_contract_has_an_end_but_no_notice_date():
    under_notice = contract(uid="k", notice_period="1 month", renews=True, cancelled_on="2026-12-31")
    found = lines("a", customers=customers("a"), contracts=[under_notice])["Contracts"]
    assert found.text == "1 active, value unknown, ends 2026-12-31 Thu"


def test_ended_contracts_are_not_open():
    over = contract(uid="over", end="2026-06-30")
    left = contract(uid="left", cancelled_on="2026-05-01")
    assert lines("a", customers=customers("a"), contracts=[over, left]) == {}


def quotation(on, amount="10.00", **more):
    return sale("a", on, amount, type="quotation", **more)


def test_open_quotations_show_their_value_and_the_age_of_the_oldest():
    rows = [
        quotation("2026-11-11", "2000.00"),
        quotation("2026-09-12", "500.00", outcome="open", expected_on="2026-12-01"),
        quotation("2026-09-01", outcome="won"),
        quotation("2026-09-02", outcome="lost"),
        quotation("2026-11-22"),
    ]
    found = lines("a", customers=customers("a"), transactions=rows)["Quotations"]
    assert found.text == "2 open, 2,500 EUR, oldest 2026-09-12 Sat, 70 d ago"
    assert (found.tone, found.report) == ("", "competitors")
    assert "still undecided" in found.why


def test_an_overdue_quotation_warns_even_without_an_amount_or_a_date():
    rows = [quotation(None, None, expected_on="2026-11-20")]
    found = lines("a", customers=customers("a"), transactions=rows)["Quotations"]
    assert (found.text, found.tone) == ("1 overdue !, 1 open, value unknown", "warn")


@pytest.mark.parametrize("tables", [{}, {"customers": customers("a")}, {"wallets": [wallet("a", "0.00")]}])
def test_without_data_there_are_no_insights(tables):
    assert lines("a", **tables) == {}


def test_a_wallet_without_an_exchange_rate_is_mentioned():
    foreign = {
        "uid": "w",
        "customer": "a",
        "category": "Rice",
        "period_from": "2025-11-22",
        "period_to": "2026-11-21",
        "total": "100.00",
        "currency": "JPY",
    }
    found = lines("a", customers=customers("a"), wallets=[foreign], transactions=[sale("a", "2026-01-01")])
    assert found["Our share"].text == "unknown: no exchange rate for the wallet in JPY"
    assert "Rice: 100.00 JPY" in found["Our share"].why
