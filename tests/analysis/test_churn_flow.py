"""Test the churn report: customer flow and revenue bridge."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.churn import run
from archive.analysis.churn.customer_flow import movement
from archive.analysis.churn.purchase_history import purchases
from archive.analysis.churn.revenue_bridge import flows, retention_of, waterfall
from archive.analysis.churn.tenure import tenures_of
from tests.analysis.builders import customers, request, sale, sales_data

LEVELS = ("opening", "new", "won_back", "lost", "closing")


def person(uid, **more):
    return {"uid": uid, "full_name": uid.title(), **more}


def known(made, asked):
    """Return the customers as the report sees them."""
    return tenures_of(made, asked.as_of, purchases(made, asked.as_of.toordinal()))


def bridge(rows, sales=(), **question):
    asked = request(**question)
    made = sales_data(customers=rows, transactions=sales)
    return movement(made, asked, known(made, asked))


def levels(section):
    found = {figure.key: figure.value for figure in section.figures}
    return [found[key] for key in LEVELS]


def test_start_plus_new_plus_won_back_minus_lost_equals_end():
    section = bridge(
        [
            person("stays", customer_since="2020-01-01"),
            person("new", customer_since="2026-03-01"),
            person("goes", customer_since="2020-01-01", lost_on="2026-02-01", lost_reason="cheaper"),
            person("back", customer_since="2019-01-01", lost_on="2024-01-01", won_back_on="2026-05-05"),
            person("long gone", customer_since="2019-01-01", lost_on="2024-01-01"),
        ]
    )
    assert levels(section) == [2, 1, 1, 1, 3]
    figures = {figure.key: figure for figure in section.figures}
    assert figures["closing"].opens.uids == ("stays", "new", "back")
    assert figures["logo_churn"].value == 0.5
    assert (figures["logo_churn"].k, figures["logo_churn"].n) == (1, 2)
    assert figures["logo_churn"].why == "1 of the 2 customers at the start of the period were lost in it"
    assert (figures["logo_churn"].low, figures["logo_churn"].high) == pytest.approx(
        (0.0945, 0.9055), abs=1e-4
    )
    assert figures["closing"].why == "2 at start + 1 new + 1 won back - 1 lost = 3"


def test_the_bridge_shows_some_names_and_the_table_all():
    gone = [
        person(name, customer_since="2020-01-01", lost_on="2026-02-01", lost_reason="service")
        for name in ("ann", "bob", "cid")
    ]
    sales = [sale("bob", "2025-03-01", "90.00"), sale("cid", "2025-03-01", "40.00")]
    section = bridge(gone, sales)
    (picture,) = section.pictures
    assert [step.label for step in picture.steps] == [
        "Start",
        "New",
        "Won back",
        "Lost: Bob, Cid and 1 more",
        "End",
    ]
    assert [step.value for step in picture.steps] == [3, 0, 0, -3, 0]
    (table,) = section.tables
    assert [row.cells[:4] for row in table.rows] == [
        (name, "lost", date(2026, 2, 1), "indifferent service") for name in ("Bob", "Cid", "Ann")
    ]
    assert table.rows[0].cells[4:] == (Decimal("90.00"), Decimal("0.00"))
    assert table.rows[0].opens.uids == ("bob",)


def test_customer_since_takes_precedence_over_the_first_order():
    rows = [person("typed", customer_since="2020-01-01"), person("bought"), person("neither")]
    sales = [sale("typed", "2026-01-01"), sale("bought", "2026-01-01")]
    section = bridge(rows, sales)
    assert levels(section) == [1, 1, 0, 0, 2]


def test_a_return_makes_no_customer():
    assert levels(bridge([person("a")], [sale("a", "2026-01-01", type="return")])) == [0, 0, 0, 0, 0]


def test_records_up_to_and_including_the_as_of_day_count():
    rows = [
        person("later", customer_since="2026-11-22"),
        person("today", customer_since="2026-11-21"),
        person("goes tomorrow", customer_since="2020-01-01", lost_on="2026-11-22", lost_reason="died"),
        person("back tomorrow", customer_since="2020-01-01", lost_on="2020-02-01", won_back_on="2026-11-22"),
    ]
    assert levels(bridge(rows)) == [1, 1, 0, 0, 2]


def test_a_period_includes_both_ends():
    rows = [
        person("first", customer_since="2026-01-01"),
        person("last", customer_since="2026-01-31"),
        person("before", customer_since="2025-12-31"),
        person("after", customer_since="2026-02-01"),
    ]
    section = bridge(rows, start="2026-01-01", end="2026-01-31")
    assert levels(section) == [1, 2, 0, 0, 3]


def test_lost_and_won_back_in_one_period_counts_in_both():
    rows = [person("a", customer_since="2020-01-01", lost_on="2026-01-01", won_back_on="2026-01-01")]
    assert levels(bridge(rows)) == [1, 0, 1, 1, 1]


def test_silence_is_no_loss_and_lost_status_without_a_date_is_counted():
    rows = [person(name, status="lost", customer_since="2020-01-01") for name in ("a", "b")]
    section = bridge(rows)
    assert levels(section) == [2, 0, 0, 0, 2]
    assert section.notes == (
        "2 customers with the status lost have no lost date and are not counted as lost.",
    )


def test_a_loss_before_the_customer_start_is_excluded_with_a_note():
    rows = [person("a", customer_since="2026-01-01", lost_on="2025-12-31")]
    section = bridge(rows)
    assert levels(section) == [0, 0, 0, 0, 0]
    assert section.notes == (
        "1 customer was lost before becoming a customer and is left out: one of the dates is wrong.",
    )


def test_winning_back_an_active_customer_is_no_move():
    rows = [
        person("never lost", customer_since="2020-01-01", won_back_on="2026-01-01"),
        person("lost since", customer_since="2020-01-01", lost_on="2026-06-01", won_back_on="2026-01-01"),
    ]
    assert levels(bridge(rows)) == [2, 0, 0, 1, 1]


def test_logo_churn_covers_only_customers_at_the_start():
    """Of the 2 customers at the start of the period, 1 was lost: Wilson .0945 to .9055. The third came later."""
    rows = [
        person("stays", customer_since="2020-01-01"),
        person("goes", customer_since="2020-01-01", lost_on="2026-03-01"),
        person("short", customer_since="2026-01-01", lost_on="2026-02-01"),
        person("short too", customer_since="2026-01-01", lost_on="2026-02-01"),
    ]
    section = bridge(rows)
    churn = section.figures[-1]
    assert levels(section) == [2, 2, 0, 3, 1]
    assert (churn.value, churn.n) == (0.5, 2)
    assert (churn.low, churn.high) == pytest.approx((0.0945, 0.9055), abs=1e-4)
    assert (
        churn.note == "2 more lost customers joined or returned only during the period and are not counted."
    )
    assert churn.opens.uids == ("goes",)


TWICE = [{"lost_on": "2024-03-01", "won_back_on": "2024-06-01", "lost_reason": "service"}]


def test_a_second_loss_does_not_change_past_years():
    once = person("a", customer_since="2020-01-01", lost_on="2024-03-01", won_back_on="2024-06-01")
    twice = person("a", customer_since="2020-01-01", lost_on="2026-05-01", earlier_losses=TWICE)
    year = {"start": "2024-01-01", "end": "2024-12-31"}
    assert levels(bridge([once], **year)) == levels(bridge([twice], **year)) == [1, 0, 1, 1, 1]
    assert levels(bridge([twice])) == [1, 0, 0, 1, 0]


def test_two_losses_in_one_period_are_two_moves_of_one_customer():
    row = person("a", customer_since="2020-01-01", lost_on="2026-05-01", earlier_losses=TWICE)
    section = bridge([row], start="2024-01-01", end="2026-11-21")
    assert levels(section) == [1, 0, 1, 2, 0]
    lost = next(figure for figure in section.figures if figure.key == "lost")
    assert (lost.note, lost.opens.uids) == ("1 customer, more than once", ("a",))
    assert (section.figures[-1].value, section.figures[-1].n) == (1.0, 1), "never over 100 %"
    assert [(row.cells[1], str(row.cells[2]), row.cells[3]) for row in section.tables[0].rows] == [
        ("lost", "2024-03-01", "indifferent service"),
        ("lost", "2026-05-01", ""),
        ("won back", "2024-06-01", None),
    ]


def test_losing_a_lost_customer_again_is_excluded_with_a_note():
    earlier = [*TWICE, {"lost_on": "2024-04-01", "won_back_on": "2024-09-01"}]
    section = bridge(
        [person("a", customer_since="2020-01-01", earlier_losses=earlier)],
        start="2024-01-01",
        end="2024-12-31",
    )
    assert levels(section) == [1, 0, 1, 1, 1]
    assert section.notes == (
        "1 loss is not counted: the customer had not been won back after the previous loss.",
    )


def test_without_customers_at_the_start_churn_is_undefined():
    churn = bridge([person("a", customer_since="2026-01-01")]).figures[-1]
    assert churn.value is None
    assert churn.note == "There were no customers at the start of the period."


def test_figures_have_their_value_of_the_previous_period():
    rows = [
        person("a", customer_since="2020-01-01", lost_on="2025-06-01"),
        person("b", customer_since="2020-01-01"),
    ]
    figures = {figure.key: figure for figure in bridge(rows).figures}
    assert (figures["lost"].value, figures["lost"].before) == (0, 1)
    assert figures["logo_churn"].before == 0.5
    assert figures["opening"].before == 2


def test_without_earlier_customers_there_is_no_comparison():
    figures = {figure.key: figure for figure in bridge([person("a", customer_since="2026-01-01")]).figures}
    assert (figures["new"].value, figures["new"].before) == (1, None)


some_days = st.dates(date(2024, 1, 1), date(2027, 6, 1)).map(str)
losses = st.lists(st.fixed_dictionaries({"lost_on": some_days, "won_back_on": some_days}), max_size=3)


@given(
    st.lists(st.tuples(*[st.none() | some_days for _ in range(3)], losses), max_size=12),
    st.dates(date(2024, 6, 1), date(2027, 1, 1)),
    st.integers(0, 400),
)
def test_the_bridge_reconciles_for_any_dates(dates, end, length):
    keys = ("customer_since", "lost_on", "won_back_on", "earlier_losses")
    rows = [person(str(n), **dict(zip(keys, line, strict=True))) for n, line in enumerate(dates)]
    start = date.fromordinal(end.toordinal() - length)
    section = bridge(rows, as_of=str(end), start=str(start))
    opening, new, won_back, lost, closing = levels(section)
    assert opening + new + won_back - lost == closing
    assert section.figures[-1].value is None or 0 <= section.figures[-1].value <= 1


# Revenue


def flow(sales, **question):
    made = sales_data(customers=customers(*{row["customer"] for row in sales}), transactions=sales)
    return waterfall(made, request(**question))


def values(section):
    return {figure.key: figure.value for figure in section.figures}


SALES = [
    sale("kept", "2025-01-01", "100.00"),
    sale("kept", "2026-01-01", "130.01"),
    sale("less", "2025-01-01", "100.00"),
    sale("less", "2026-01-01", "60.00"),
    sale("gone", "2025-01-01", "50.00"),
    sale("paused", "2023-01-01", "70.00"),
    sale("paused", "2026-01-01", "7.00"),
    sale("new", "2026-01-01", "30.00"),
    sale("old", "2020-01-01", "999.00"),
]


def test_the_revenue_bridge_reconciles_to_the_cent():
    found = values(flow(SALES))
    assert found["revenue.before"] == Decimal("250.00")
    assert found["revenue.new"] == Decimal("30.00")
    assert found["revenue.reactivation"] == Decimal("7.00")
    assert found["revenue.expansion"] == Decimal("30.01")
    assert found["revenue.contraction"] == Decimal("-40.00")
    assert found["revenue.churn"] == Decimal("-50.00")
    assert found["revenue"] == Decimal("227.01")


def test_retention_covers_only_customers_of_the_previous_period():
    found = values(flow(SALES))
    assert found["grr"] == pytest.approx((100 + 60) / 250)
    assert found["nrr"] == pytest.approx((130.01 + 60) / 250)


def test_the_largest_revenue_change_comes_first():
    section = flow(SALES)
    (table,) = section.tables
    assert [row.cells[0] for row in table.rows] == ["gone", "less", "kept", "new", "paused"]
    assert table.rows[0].cells[1:] == (
        "Churned",
        Decimal("50.00"),
        Decimal("0.00"),
        Decimal("-50.00"),
    )
    (picture,) = section.pictures
    assert [step.value for step in picture.steps] == [250.0, 30.0, 7.0, 30.01, -40.0, -50.0, 227.01]


def test_a_long_list_of_changes_is_complete():
    (table,) = flow([sale(f"c{n}", "2026-01-01") for n in range(1200)]).tables
    assert len(table.rows) == 1200


def test_refunds_above_sales_give_negative_revenue():
    sales = [
        sale("a", "2025-01-01", "100.00"),
        sale("a", "2026-01-01", "150.00", type="return"),
        sale("b", "2025-02-01", "20.00", type="return"),
        sale("b", "2026-02-01", "5.00"),
        sale("c", "2026-02-01", "0.00"),
    ]
    found = values(flow(sales))
    assert found["revenue.before"] == Decimal("80.00")
    assert found["revenue.churn"] == Decimal("-100.00"), "no more than a brought before"
    assert found["revenue.contraction"] == Decimal("-150.00"), "what a returned"
    assert found["revenue"] == Decimal("-145.00")
    assert found["grr"] == 0.0
    assert found["nrr"] == -1.5
    parts = ("before", "new", "reactivation", "expansion", "contraction", "churn")
    assert sum(found[f"revenue.{part}"] for part in parts) == found["revenue"]


def test_returns_alone_are_not_churned_revenue():
    sales = [
        sale("now", "2026-01-01", "30.00", type="return"),
        sale("before", "2025-01-01", "20.00", type="return"),
        sale("both", "2025-01-01", "50.00", type="return"),
        sale("both", "2026-01-01", "10.00", type="return"),
    ]
    section = flow(sales)
    found = values(section)
    assert found["revenue.churn"] == found["revenue.new"] == found["revenue.reactivation"] == 0
    assert (found["revenue.expansion"], found["revenue.contraction"]) == (Decimal("60.00"), Decimal("-30.00"))
    assert (found["grr"], found["nrr"]) == (None, None)


def test_an_old_customer_is_not_new_at_the_first_recorded_order():
    sales = [sale("old", "2026-01-01", "30.00"), sale("new", "2026-01-01", "5.00")]
    rows = [person("old", customer_since="2010-01-01"), person("new", customer_since="2026-01-01")]
    section = waterfall(sales_data(customers=rows, transactions=sales), request())
    found = values(section)
    assert (found["revenue.new"], found["revenue.reactivation"]) == (Decimal("5.00"), Decimal("30.00"))
    assert (
        section.notes[-1]
        == "1 older customer has its first recorded order in this period and is counted as reactivated, not new."
    )
    assert levels(bridge(rows, sales)) == [1, 1, 0, 0, 2]


def test_a_known_zero_is_shown_as_zero():
    rows = [person("zero"), person("unpriced")]
    (table,) = bridge(rows, [sale("zero", "2026-01-01", "0.00"), sale("unpriced", "2026-01-01", None)]).tables
    assert {row.cells[0]: row.cells[5] for row in table.rows} == {"Zero": Decimal("0.00"), "Unpriced": None}


def test_without_earlier_sales_retention_is_undefined():
    section = flow([sale("a", "2026-01-01")])
    grr, nrr = section.figures[-2:]
    assert (grr.value, nrr.value) == (None, None)
    assert grr.note == nrr.note == "There were no purchases in the previous period."


def test_data_starting_within_the_previous_period_are_noted():
    section = flow([sale("a", "2025-06-01"), sale("a", "2026-01-01")])
    assert section.notes[0].startswith(
        "Sales are recorded only from 2025-06-01, but the previous period began on 2024-11-22"
    )
    assert flow([sale("a", "2024-06-01")]).notes == ()


def test_sales_without_an_exchange_rate_are_excluded_with_a_note():
    sales = [sale("a", "2026-01-01"), sale("a", "2026-01-02", "9.00", currency="USD")]
    report = run(sales_data(customers=customers("a"), transactions=sales), request())
    assert report.figure("revenue").value == Decimal("10.00")
    assert any("9.00" in note and "USD" in note for note in report.notes)


def test_earlier_sales_without_a_rate_are_noted_too():
    section = flow([sale("a", "2025-01-01", "9.00", currency="USD"), sale("a", "2026-01-01")])
    said = "1 sale in USD in the previous period, 9.00 in total, is left out: there is no exchange rate "
    said += "for it."
    assert said in section.notes


def test_an_unknown_customer_value_is_not_zero():
    rows = [person(name, customer_since="2026-01-01") for name in ("usd", "none", "both", "nothing")]
    sales = [
        sale("usd", "2026-01-01", currency="USD"),
        sale("none", "2026-01-01", None),
        sale("both", "2026-01-01"),
        sale("both", "2026-01-02", type="return"),
        sale("eur", "2026-01-02"),
    ]
    (table,) = bridge(rows, sales).tables
    assert {row.cells[0]: row.cells[5] for row in table.rows} == {
        "Usd": None,
        "None": None,
        "Both": Decimal("0.00"),
        "Nothing": Decimal("0.00"),
    }


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcd"),
            st.dates(date(2022, 1, 1), date(2027, 1, 1)).map(str),
            st.integers(0, 10**7),
            st.sampled_from(["order", "return", "delivery"]),
        ),
        max_size=40,
    )
)
def test_the_revenue_bridge_reconciles_for_any_sales(lines):
    sales = [
        sale(who, on, f"{cents / 100:.2f}", type=kind, uid=str(n))
        for n, (who, on, cents, kind) in enumerate(lines)
    ]
    made = sales_data(customers=customers(*"abcd"), transactions=sales)
    found = values(waterfall(made, request()))
    parts = ("before", "new", "reactivation", "expansion", "contraction", "churn")
    assert sum(found[f"revenue.{part}"] for part in parts) == found["revenue"]
    cohort = [each for each in flows(made, request()) if each.before > 0]
    kept = retention_of((each.uid, each.before, each.now) for each in cohort)
    assert kept.before + sum(step.amount for each in cohort for step in each.changes) == kept.now
    assert found["nrr"] == kept.nrr
    assert (
        -sum(step.amount for each in cohort for step in each.changes if step.kind == "churn") <= kept.before
    )
    assert found["grr"] is None or 0 <= found["grr"] <= 1
    assert found["revenue.churn"] <= 0 <= found["revenue.new"]
