"""Test the campaigns report: cost, responses, ROI and lift."""

from decimal import Decimal

import pytest

from archive.analysis.campaigns import REPORT, run
from archive.analysis.campaigns.responses import Effort, Response
from archive.errors import UsageError
from archive.model.records.campaign import Campaign
from tests.analysis.builders import customers, request, sale, sales_data


def campaign(uid="k", start="2026-01-01", end="2026-01-31", cost="100.00", **more):
    money = {} if cost is None else {"cost": cost, "currency": "EUR"}
    return {
        "uid": uid,
        "name": f"Campaign {uid}",
        "channel": "mail",
        "start": start,
        "end": end,
        **money,
        **more,
    }


def cell(made, table, column, row=0):
    """Return a cell of a table by column key."""
    shown = made.table(table)
    return shown.rows[row].cells[[c.key for c in shown.columns].index(column)]


def figures(asked=None, **tables):
    return {figure.key: figure for figure in run(sales_data(**tables), asked or request()).figures}


def tied(customer, on, amount="10.00", **more):
    return sale(customer, on, amount, campaign="k", **more)


def test_responses_are_transactions_linked_to_or_naming_the_campaign():
    rows = [
        tied("a", "2026-01-02", None, type="enquiry"),
        tied("a", "2026-01-03", type="quotation"),
        tied("a", "2026-01-05", "300.00", cost="100.00"),
        tied("a", "2026-01-06", "50.00", type="return", cost="20.00"),
        sale("b", "2026-01-05", "50.00", cost="10.00", campaign={"name": "campaign K"}),
        sale("c", "2026-01-05", "99.00", campaign={"name": "another"}),
        sale("c", "2026-01-06", "98.00"),
    ]
    found = figures(customers=customers("a", "b", "c"), campaigns=[campaign()], transactions=rows)
    assert [found[key].value for key in ("enquiries", "quotations", "orders", "new_customers")] == [
        1,
        1,
        2,
        2,
    ]
    assert str(found["revenue"].value) == "300.00"
    assert str(found["cpl"].value) == "100.00"
    assert str(found["cac"].value) == "50.00"
    assert found["romi"].value == pytest.approx((300 - 90 - 100) / 100)


def test_payback_is_reached_when_the_margin_covers_the_cost():
    rows = [tied("a", "2026-01-02", "60.00", cost="0"), tied("a", "2026-01-20", "60.00", cost="0")]
    made = run(sales_data(customers=customers("a"), campaigns=[campaign()], transactions=rows), request())
    assert cell(made, "campaigns", "payback") == 19
    unpaid = run(
        sales_data(customers=customers("a"), campaigns=[campaign()], transactions=rows[:1]), request()
    )
    assert cell(unpaid, "campaigns", "payback") is None


def test_sales_without_a_rate_are_unknown_not_zero():
    rows = [tied("a", "2026-01-02", "60.00", currency="USD", cost="5"), sale("b", "2026-01-03")]
    made = run(
        sales_data(customers=customers("a", "b"), campaigns=[campaign()], transactions=rows), request()
    )
    found = {figure.key: figure for figure in made.figures}
    assert (found["orders"].value, found["revenue"].value, found["romi"].value) == (1, None, None)
    assert "rate" in found["revenue"].note
    assert made.table("campaigns").rows[0].cells[7] is None
    assert made.table("channels").rows[0].cells[4] is None
    assert next(picture for picture in made.pictures if picture.key == "campaigns").bars == ()


def test_earlier_buyers_are_not_new_customers():
    rows = [sale("a", "2020-01-01"), tied("a", "2026-01-05")]
    assert (
        figures(customers=customers("a"), campaigns=[campaign()], transactions=rows)["new_customers"].value
        == 0
    )


def test_the_product_cost_applies_if_the_transaction_has_none():
    rows = [tied("a", "2026-01-05", "100.00", product="p", quantity="2"), tied("a", "2026-01-06", "100.00")]
    found = run(
        sales_data(
            customers=customers("a"),
            campaigns=[campaign(cost="50.00")],
            products=[{"uid": "p", "name": "Rice", "cost": "20.00"}],
            transactions=rows,
        ),
        request(),
    )
    assert found.figure("romi").value == pytest.approx((200 * 0.6 - 50) / 50), (
        "all sales at the margin that is known"
    )
    assert cell(found, "campaigns", "payback") == 4


@pytest.mark.parametrize(
    "returned", [{"cost": "6.00"}, {"cost": "-6.00"}, {"product": "p", "quantity": "-1"}]
)
def test_a_return_reduces_the_margin_whatever_the_sign_of_its_cost(returned):
    # Sold for 100.00 at a cost of 60.00, returned for 10.00 at 6.00: a margin of 40 - 4 = 36 for a campaign of 10.
    rows = [
        tied("a", "2026-01-05", "100.00", cost="60.00"),
        tied("a", "2026-01-06", "10.00", type="return", **returned),
    ]
    found = run(
        sales_data(
            customers=customers("a"),
            campaigns=[campaign(cost="10.00")],
            products=[{"uid": "p", "name": "Rice", "cost": "6.00"}],
            transactions=rows,
        ),
        request(),
    )
    assert found.figure("romi").value == pytest.approx((36 - 10) / 10)


def test_half_a_cent_of_margin_is_rounded_up():
    # A margin of 1 on sales of 2 with a known cost, out of 5 in total: 2.5, which half-even rounding would turn into 2.
    known = Response("t", "a", 1, "order", 2, 1, has_cost=True)
    made = Effort(
        Campaign(),
        None,
        frozenset(),
        frozenset(),
        (known, known._replace(amount=3, margin=None)),
        frozenset(),
    )
    assert made.margin == 3


def test_zero_cost_or_zero_revenue_is_no_error():
    free = figures(campaigns=[campaign(cost="0.00")], customers=customers("a"), transactions=[])
    assert (free["romi"].value, free["romi"].note) == (None, "The campaigns cost nothing.")
    nothing = figures(campaigns=[campaign()], customers=customers("a"))
    assert nothing["romi"].value == pytest.approx(-1)
    assert (nothing["cpl"].value, nothing["cpl"].note) == (None, "No enquiry is from a campaign.")
    assert nothing["cac"].note == "No campaign won a new customer."


def test_without_a_cost_ratios_are_undefined_with_a_reason():
    made = run(sales_data(campaigns=[campaign(cost=None)], transactions=[tied("a", "2026-01-05")]), request())
    found = {figure.key: figure for figure in made.figures}
    assert found["cost"].value is None
    assert all(
        found[key].note == "No campaign in the period has a cost." for key in ("cost", "cpl", "cac", "romi")
    )
    assert any("has no cost" in note for note in made.notes)
    unknown = figures(campaigns=[campaign()], transactions=[tied("a", "2026-01-05")])
    assert unknown["romi"].note == "The cost of the goods sold is not known."


def test_lift_is_measured_against_the_control_group():
    reached, held = [f"r{n}" for n in range(70)], [f"h{n}" for n in range(80)]
    rows = [sale(uid, "2026-02-05") for uid in (*reached[:56], *held[:48])]
    made = run(
        sales_data(
            customers=customers(*reached, *held),
            campaigns=[campaign(audience=[*reached, *held], held_back=held)],
            transactions=rows,
        ),
        request(),
    )
    found = made.figure("lift")
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))
    row = made.table("lift").rows[0]
    assert row.cells[:5] == ("Campaign k", 70, pytest.approx(0.8), 80, pytest.approx(0.6))
    assert cell(made, "lift", "kind") == "control group"


def test_orders_after_the_window_are_not_attributed():
    tables = {
        "customers": customers("a", "b"),
        "campaigns": [campaign(audience=["a"], held_back=["b"])],
        "transactions": [sale("a", "2026-03-05")],
    }
    assert figures(**tables)["lift"].value == pytest.approx(0)
    assert figures(request(options={"window": "60"}), **tables)["lift"].value == pytest.approx(1)
    with pytest.raises(
        UsageError, match=r"window must be a number of days, not soon\. Enter for example 30\."
    ):
        figures(request(options={"window": "soon"}), **tables)


def test_without_a_control_group_matched_customers_are_compared():
    people = [*customers("a", "b", "c", kind="person"), *customers("shop", kind="organisation")]
    rows = [
        *(sale(uid, "2025-06-01") for uid in ("a", "b", "c")),
        sale("b", "2025-07-01"),
        sale("a", "2026-01-20"),
        sale("shop", "2026-01-20"),
    ]
    made = run(
        sales_data(customers=people, campaigns=[campaign(audience=["a"])], transactions=rows), request()
    )
    row = made.table("lift").rows[0]
    assert row.cells[:6] == ("Campaign k", 1, 1.0, 1, 0.0, pytest.approx(1.0))
    assert cell(made, "lift", "kind") == "similar customers (observational)"
    assert "1.00 and 1.00" in row.why
    assert made.figure("lift").value is None
    assert any("observational" in note for note in made.notes)


def test_an_audience_without_matches_has_no_comparison():
    made = run(sales_data(customers=customers("a"), campaigns=[campaign(audience=["a"])]), request())
    assert made.table("lift").rows == ()
    only_held = run(sales_data(customers=customers("a"), campaigns=[campaign(held_back=["a"])]), request())
    assert only_held.table("lift").rows[0].why == "There are no customers to compare with."
    assert only_held.figure("lift").value is None


def test_time_to_order_is_censored_for_recent_campaigns():
    rows = [
        tied("a", "2026-01-01", None, type="enquiry"),
        tied("a", "2026-01-11"),
        tied("b", "2026-01-01", None, type="enquiry"),
        tied("b", "2026-01-05", None, type="enquiry"),
        tied("c", "2026-11-20", None, type="enquiry"),
    ]
    made = run(sales_data(campaigns=[campaign(end="2026-11-20")], transactions=rows), request())
    stage = {row.cells[0]: row.cells[1:] for row in made.table("stages").rows}
    assert stage["enquiry to order"] == (3, 1, pytest.approx(0.5), pytest.approx(0.5), 10.0)
    assert stage["quotation to order"] == (0, 0, None, None, None)


def test_campaigns_outside_the_period_are_ignored():
    old, coming = campaign("old", "2020-01-01", "2020-02-01"), campaign("coming", "2026-12-01", None)
    open_ended = campaign("open", "2026-11-01", None)
    made = run(
        sales_data(campaigns=[old, coming, open_ended], transactions=[tied("a", "2027-01-01")]), request()
    )
    assert [row.cells[0] for row in made.table("campaigns").rows] == ["Campaign open"]
    assert made.n == 1


@pytest.mark.parametrize(
    ("end", "window", "is_said"),
    [
        ("2026-12-31", "30", True),
        ("9999-12-31", "30", True),
        ("2026-11-01", "30", True),
        ("2026-11-01", "20", False),
        (None, "30", False),
    ],
)
def test_a_campaign_with_an_open_window_is_flagged(end, window, is_said):
    made = run(sales_data(campaigns=[campaign(end=end)]), request(options={"window": window}))
    said = f"1 campaign is still running or ended less than {window} days before the report date: "
    said += "more orders may follow."
    assert (said in made.notes) is is_said


def test_campaigns_are_summed_by_channel():
    made = run(
        sales_data(campaigns=[campaign("x"), campaign("y", channel=""), campaign("z", cost=None)]), request()
    )
    rows = {row.cells[0]: row.cells[1:3] for row in made.table("channels").rows}
    assert set(rows) == {"mail", "(none)"}
    assert rows["mail"][0] == 2
    timeline = next(picture for picture in made.pictures if picture.key == "timeline")
    assert len(timeline.spans) == 3


@pytest.mark.parametrize("tables", [{}, {"customers": customers("a")}, {"campaigns": [campaign(cost=None)]}])
def test_every_figure_is_present_with_a_value_or_a_reason(tables):
    made = run(sales_data(**tables), request())
    assert [figure.key for figure in made.figures] == list(REPORT.figures)
    assert {table.key for table in made.tables} == set(REPORT.tables)
    assert all(figure.note for figure in made.figures if figure.value is None)


def experiment(uid, reached, ordered, held, held_ordered):
    """Return a campaign, its customers and their orders; all uids begin with the campaign's."""
    ours, theirs = ([f"{uid}{side}{n}" for n in range(size)] for side, size in (("r", reached), ("h", held)))
    buyers = [*ours[:ordered], *theirs[:held_ordered]]
    return (
        campaign(uid, audience=ours, held_back=theirs),
        customers(*ours, *theirs, kind="person"),
        [sale(uid, "2026-01-05") for uid in buyers],
    )


def pooled(*experiments, **more):
    kept = list(zip(*experiments, strict=True))
    return run(
        sales_data(
            campaigns=[{**one, **more} for one in kept[0]],
            customers=[row for rows in kept[1] for row in rows],
            transactions=[row for rows in kept[2] for row in rows],
        ),
        request(),
    )


def test_pooling_campaigns_without_an_effect_gives_none():
    """The sums are 46 of 100 against 14 of 100 (Simpson's paradox); both Mantel-Haenszel weights are 9."""
    found = pooled(experiment("x", 90, 45, 10, 5), experiment("y", 10, 1, 90, 9)).figure("lift")
    assert found.value == pytest.approx(0)
    # Sato's variance: (0 + 2.25 + 0.81) / 18**2, so 0 plus or minus 1.96 * 0.0972
    assert (found.low, found.high) == (pytest.approx(-0.1905, abs=5e-5), pytest.approx(0.1905, abs=5e-5))
    assert found.n == 200
    assert "30.0% - 30.0%" in found.why
    assert "46 of 100 and 14 of 100" in found.why


@pytest.mark.parametrize("goal", ["notice", "win_back"])
def test_notices_and_win_backs_are_excluded_from_roi_cac_and_pooled_lift(goal):
    made = pooled(experiment("x", 9, 5, 9, 5), goal=goal)
    found = {figure.key: figure for figure in made.figures}
    assert found["cost"].value == 100
    for key in ("romi", "cpl", "cac"):
        assert found[key].value is None
        assert "sales campaign" in found[key].note
    assert found["lift"].value is None
    assert "sales campaign" in found["lift"].note
    assert (cell(made, "campaigns", "romi"), cell(made, "campaigns", "payback")) == (None, None)
    assert any("left out of campaign ROI" in note for note in made.notes)


def contact(customer, at, outcome=None):
    return {"uid": f"i-{customer}-{at}", "customer": customer, "at": at, "outcome": outcome}


def test_a_notice_is_measured_by_the_customers_it_reached():
    tables = {
        "customers": customers("a", "b", "c", "d", "e"),
        "campaigns": [campaign(goal="notice", audience=["a", "b", "c", "d", "e"])],
        "interactions": [
            contact("a", "2026-01-05T10:00", "reached"),
            contact("b", "2026-01-05T10:00", "no_answer"),
            contact("c", "2025-12-31T10:00"),
            contact("z", "2026-01-05T10:00"),
        ],
        "transactions": [tied("d", "2026-01-06", type="enquiry"), tied("d", "2025-12-06", type="enquiry")],
    }
    made = run(sales_data(**tables), request())
    told = made.figure("notice.told")
    assert (told.value, told.k, told.n) == (pytest.approx(0.4), 2, 5)
    assert (told.low, told.high) == (
        pytest.approx(0.1176, abs=5e-5),
        pytest.approx(0.7693, abs=5e-5),
    )  # Wilson
    assert told.opens.uids == ("a", "d")
    assert "2 of 5 customers in the audience; 3 still to be contacted" in made.table("campaigns").rows[0].why


def test_a_win_back_is_measured_by_reactivated_customers():
    people = [
        {"uid": "back", "customer_since": "2020-01-01", "lost_on": "2025-01-01", "won_back_on": "2026-02-01"},
        {"uid": "gone", "customer_since": "2020-01-01", "lost_on": "2025-01-01"},
        {
            "uid": "before",
            "customer_since": "2020-01-01",
            "lost_on": "2025-01-01",
            "won_back_on": "2025-05-01",
        },
        {"uid": "never", "customer_since": "2020-01-01"},
    ]
    audience = [one["uid"] for one in people]
    made = run(
        sales_data(customers=people, campaigns=[campaign(goal="win_back", audience=audience)]), request()
    )
    found = made.figure("win_back.won_back")
    assert (found.k, found.n, found.opens.uids) == (1, 2, ("back",))


def test_transactions_before_a_campaign_are_not_responses():
    rows = [tied("a", "2025-12-31", "500.00", cost="0"), tied("b", "2026-01-01", "30.00", cost="0")]
    made = run(
        sales_data(customers=customers("a", "b"), campaigns=[campaign()], transactions=rows), request()
    )
    found = {figure.key: figure for figure in made.figures}
    assert (found["orders"].value, found["new_customers"].value) == (1, 1)
    assert str(found["revenue"].value) == "30.00"
    assert found["romi"].value == pytest.approx((30 - 100) / 100)
    assert cell(made, "campaigns", "early") == 1
    assert any("dated before the start" in note for note in made.notes)


def test_product_cost_is_multiplied_before_rounding_in_its_own_currency():
    product = {"uid": "p", "name": "Screw", "cost": "0.004", "currency": "USD"}
    made = run(
        sales_data(
            home="EUR",
            rates={"USD": [(1, Decimal(2))]},
            campaigns=[campaign()],
            products=[product],
            transactions=[tied("a", "2026-01-05", "150.00", product="p", quantity="1000")],
        ),
        request(),
    )
    # 1,000 pieces cost 4.00 USD, which is 8.00 EUR at 2 EUR per dollar: (150 - 8 - 100) / 100
    assert made.figure("romi").value == pytest.approx(0.42)


def test_a_cost_without_a_rate_is_unknown_not_missing():
    found = figures(
        campaigns=[campaign(currency="USD")], customers=customers("a"), transactions=[sale("a", "2026-01-01")]
    )
    assert found["cost"].note == "The costs are in USD, for which there is no exchange rate."
    assert found["romi"].note == found["cost"].note
    assert found["cost"].omitted == "1 cost left out: no exchange rate"


def test_revenue_names_the_sales_it_excludes():
    rows = [
        tied("a", "2026-01-02", "60.00", currency="USD"),
        tied("a", "2026-01-03"),
        tied("a", "2026-01-04", None),
    ]
    found = figures(
        campaigns=[campaign()], customers=customers("a"), transactions=[*rows, sale("b", "2026-01-01")]
    )
    assert found["revenue"].omitted == "2 sales left out: no amount or no exchange rate"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("60.00", {"currency": "USD", "cost": "5"})], "No sale has a known amount"),
        ([("60.00", {})], "The cost of the goods sold is not known."),
        ([("60.00", {"cost": "5"}), ("60.00", {"cost": "5", "type": "return"})], "add up to zero"),
    ],
)
def test_undefined_roi_gives_the_right_reason(rows, reason):
    sales = [tied("a", "2026-01-05", amount, **more) for amount, more in rows]
    found = figures(campaigns=[campaign()], transactions=[*sales, sale("b", "2026-01-01")])
    assert found["romi"].value is None
    assert reason in found["romi"].note


def test_matched_controls_were_customers_when_the_campaign_began():
    reached = [f"r{n}" for n in range(5)]
    there, later = [f"t{n}" for n in range(20)], [f"l{n}" for n in range(100)]
    people = [
        *customers(*reached, *there, customer_since="2025-06-01"),
        *customers(*later, customer_since="2026-08-01"),
        *customers("gone", customer_since="2020-01-01", lost_on="2025-12-31"),
        *customers("bought", "unknown"),
    ]
    rows = [sale(uid, "2026-01-05") for uid in (*reached, *there[:4], "bought")]
    made = run(
        sales_data(customers=people, campaigns=[campaign(audience=reached)], transactions=rows), request()
    )
    assert (cell(made, "lift", "others"), cell(made, "lift", "others_k")) == (20, 4)
    assert cell(made, "lift", "lift") == pytest.approx(0.8)
    assert cell(made, "lift", "low") == pytest.approx(0.3148, abs=5e-5)  # Newcombe: 5 of 5 against 4 of 20


def test_lift_equals_the_difference_of_the_displayed_rates():
    persons, shops = [f"p{n}" for n in range(12)], [f"s{n}" for n in range(40)]
    people = [
        *customers(*persons, kind="person", customer_since="2020-01-01"),
        *customers(*shops, kind="organisation", customer_since="2020-01-01"),
        *customers("x", customer_since="2020-01-01"),
    ]
    audience = [*persons[:8], *shops[:4], "x"]
    rows = [sale(uid, "2026-01-05") for uid in (*persons[:9], *shops[:20])]
    made = run(
        sales_data(customers=people, campaigns=[campaign(audience=audience)], transactions=rows), request()
    )
    # Persons: 8 of 8 against 1 of 4; organisations: 4 of 4 against 16 of 36; weights 8 and 4 of 12
    assert cell(made, "lift", "ordered") == pytest.approx(1)
    assert cell(made, "lift", "others_ordered") == pytest.approx((8 / 4 + 4 * 16 / 36) / 12)
    assert cell(made, "lift", "lift") == pytest.approx(
        cell(made, "lift", "ordered") - cell(made, "lift", "others_ordered")
    )
    assert cell(made, "lift", "unmatched") == 1


def test_a_product_cost_without_a_rate_names_the_missing_rate():
    product = {"uid": "p", "name": "Screw", "cost": "4", "currency": "USD"}
    found = figures(
        campaigns=[campaign()],
        products=[product],
        transactions=[tied("a", "2026-01-05", "150.00", product="p", quantity="2")],
    )
    assert found["romi"].note == "The cost of the goods sold has no exchange rate."
