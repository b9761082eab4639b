"""Test the share report: share of wallet, and concentration of revenue."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from archive.analysis.export import as_json
from archive.analysis.share import REPORT, run
from archive.analysis.share.wallets import allocation
from archive.errors import UsageError
from archive.model.money import dated_rates
from tests.analysis.builders import customers, request, sale, sales_data


def wallet(customer, total=None, start="2025-11-22", end="2026-11-21", category="Rice", **more):
    kept = {"uid": f"w-{customer}-{start}-{category}", "customer": customer, "category": category}
    money = {} if total is None else {"total": total, "currency": "EUR"}
    return {**kept, "period_from": start, "period_to": end, **money, **more}


def rice(customer, on, amount="10.00", **more):
    return sale(customer, on, amount, category="Rice / Basmati", **more)


def figures(made):
    return {figure.key: figure for figure in made.figures}


def answer(asked=None, **tables):
    return run(sales_data(**tables), asked or request())


def test_total_share_of_wallet_is_our_sales_divided_by_all_wallets():
    made = answer(
        customers=customers("a", "b", "c"),
        wallets=[wallet("a", "100.00"), wallet("b", "300.00")],
        transactions=[
            rice("a", "2026-01-01", "80.00"),
            rice("b", "2026-02-01", "20.00"),
            rice("c", "2026-02-02"),
        ],
    )
    found = figures(made)
    assert found["share.total"].value == pytest.approx(0.25)
    assert found["share.total"].n == 2
    assert found["share.coverage"].value == pytest.approx(2 / 3)
    assert found["share.coverage_revenue"].value == pytest.approx(100 / 110)
    assert str(found["share.headroom"].value) == "300.00"


def test_only_sales_in_the_wallets_category_and_period_count():
    made = answer(
        customers=customers("a"),
        wallets=[wallet("a", "100.00")],
        products=[{"uid": "p", "name": "Rice", "category": "Rice"}],
        transactions=[
            rice("a", "2026-01-01", "10.00"),
            sale("a", "2026-01-01", "5.00", product="p"),
            sale("a", "2026-01-02", "40.00", category="Ricewine"),
            sale("a", "2026-01-02", "41.00", product={"name": "Rice"}),
            rice("a", "2025-01-01", "7.00"),
            rice("a", "2026-11-22", "3.00"),
            rice("a", "2026-01-04", "2.00", type="return"),
        ],
    )
    assert made.table("wallets").rows[0].cells[2:5] == (
        pytest.approx(13),
        pytest.approx(100),
        pytest.approx(0.13),
    )


def test_a_share_over_100_percent_is_flagged_and_not_clipped():
    made = answer(
        customers=customers("a"),
        wallets=[wallet("a", "10.00")],
        transactions=[rice("a", "2026-01-01", "15.00")],
    )
    row = made.table("wallets").rows[0].cells
    assert row[4] == pytest.approx(1.5)
    assert row[6].startswith("!")
    assert any("Ask the customer" in note for note in made.notes)


def test_a_wallet_of_zero_has_no_share():
    made = answer(customers=customers("a"), wallets=[wallet("a", "0.00")], transactions=[])
    assert figures(made)["share.total"].value is None
    assert made.table("wallets").rows[0].cells[4] is None
    assert made.table("wallets").rows[0].cells[6] == "no spend"


def test_a_running_wallet_is_prorated():
    made = answer(
        request("2026-06-30"),
        customers=customers("a"),
        wallets=[wallet("a", "365.00", "2026-01-01", "2026-12-31")],
        transactions=[rice("a", "2026-01-01", "18.10")],
    )
    assert figures(made)["share.total"].value == pytest.approx(0.1)
    why = made.table("wallets").rows[0].why
    assert "18.10 / 181.00" in why
    assert "365.00 EUR; 50% of its days have passed by 2026-06-30" in why


def test_a_wallet_of_a_past_period_is_flagged():
    made = answer(
        customers=customers("a", "b"),
        wallets=[wallet("a", "9.00", "2024-12-01", "2025-11-30"), wallet("b", "8.00", end=None)],
        transactions=[],
    )
    assert [row.cells[6] for row in made.table("wallets").rows] == ["wallet until 2025-11-30", ""]
    assert "passed" not in made.table("wallets").rows[0].why


def test_with_ranks_only_the_wallet_allocation_rule_applies():
    ranked = wallet("a", suppliers=[{"name": "X", "rank": 1}, {"name": "Y", "rank": 3}])
    made = answer(customers=customers("a"), wallets=[ranked], transactions=[rice("a", "2026-01-01")])
    row = made.table("wallets").rows[0]
    assert row.cells[4] == pytest.approx(1 / 3)
    assert "rank" in row.cells[6]
    assert "wallet allocation rule" in row.why
    assert figures(made)["share.total"].value is None, "what our rank implies is no evidence"


def test_a_wallet_derived_from_our_rank_is_rounded_half_up():
    # first of two: (1 - 1/3) x 2/2 = 2/3; 0.03 / (2/3) = 0.045, rounded to 0.05 and not 0.04
    ranked = wallet("a", suppliers=[{"name": "X", "rank": 2}])
    made = answer(customers=customers("a"), wallets=[ranked], transactions=[rice("a", "2026-01-01", "0.03")])
    assert made.table("wallets").rows[0].cells[3] == Decimal("0.05")


def test_a_converted_wallet_names_its_exchange_rate():
    # 100 USD at 0.90, the rate on the wallet's first day, although the rate has changed since
    dollars = wallet("a", "100.00", currency="USD")
    rates = dated_rates(
        [("USD", date(2020, 1, 1), Decimal("0.90")), ("USD", date(2026, 1, 1), Decimal("0.80"))]
    )
    made = answer(
        customers=customers("a"), wallets=[dollars], transactions=[rice("a", "2026-01-01")], rates=rates
    )
    row = made.table("wallets").rows[0]
    assert row.cells[3] == Decimal("90.00")
    assert "amounts in USD are converted at 0.90, the exchange rate on 2025-11-22" in row.why


def test_revenue_shares_name_their_omissions():
    made = answer(
        customers=customers("a", "b"),
        wallets=[wallet("a", "40.00")],
        transactions=[
            rice("a", "2025-01-01"),
            rice("a", "2026-01-01", "30.00"),
            sale("b", "2026-01-01", "5.00", type="return"),
        ],
    )
    found = figures(made)
    assert found["revenue"].value == Decimal("25.00")
    for key in ("share.coverage_revenue", "regulars.share"):
        assert "both without customers who returned more than they bought = 30.00 / 30.00" in found[key].why


@pytest.mark.parametrize("brands", [1, 2, 3, 7])
def test_the_allocation_rule_divides_the_whole_wallet(brands):
    assert sum(allocation(rank, brands) for rank in range(1, brands + 1)) == pytest.approx(1)


def test_a_wallet_without_total_and_ranks_is_flagged():
    made = answer(
        customers=customers("a"),
        wallets=[wallet("a", suppliers=[{"name": "X", "rank": 1}, {"name": "Y"}])],
        transactions=[rice("a", "2026-01-01")],
    )
    assert (
        made.table("wallets").rows[0].cells[6]
        == made.table("wallets").rows[0].why
        == "neither total nor rank known"
    )
    assert any("neither a total nor a rank" in note for note in made.notes)


def test_a_wallet_without_an_exchange_rate_is_flagged():
    wallets = [wallet("a", "100.00", currency="JPY")]
    made = answer(customers=customers("a"), wallets=wallets, transactions=[rice("a", "2026-01-01")])
    (row,) = made.table("wallets").rows
    assert row.cells[3:] == (None, None, None, "no exchange rate for JPY")


def test_our_sales_in_a_wallet_without_a_rate_are_unknown():
    made = answer(
        customers=customers("a", "b"),
        wallets=[
            wallet("a", "100.00"),
            wallet("b", suppliers=[{"name": "X", "rank": 2}]),
            wallet("b", "50.00", category="Oil") | {"currency": "USD"},
        ],
        transactions=[
            rice("a", "2026-01-01", "5.00", currency="USD"),
            rice("b", "2026-01-01", "5.00", currency="USD"),
            rice("z", "2020-01-01"),
        ],
    )
    rows = {row.cells[:2]: row for row in made.table("wallets").rows}
    assert rows["a", "Rice"].cells[2:] == (None, 100, None, None, "amount of our sales unknown")
    assert rows["a", "Rice"].why == "amount of our sales unknown"
    assert rows["b", "Rice"].cells[2:6] == (None, None, pytest.approx(2 / 3), None), "our rank is known"
    assert rows["b", "Oil"].cells[2:6] == (0, None, None, None)
    found = figures(made)
    assert found["share.total"].value is None
    assert found["share.coverage"].value == 0
    assert "1 wallet has no share: no exchange rate for USD." in made.notes
    assert "no exchange rate for USD; our sales in them have no known amount" in found["share.total"].note
    assert not any("neither a total nor a rank" in note for note in made.notes)


def test_a_customer_with_unconverted_sales_only_has_unknown_revenue():
    made = answer(
        customers=[*customers("a", account_manager="li"), *customers("b", "c", account_manager="wu")],
        transactions=[
            sale("a", "2026-01-01", "5.00"),
            sale("b", "2026-01-02", "7.00", currency="USD"),
            sale("c", "2026-01-03", "0.00"),
            sale("b", "2025-01-02", "7.00", currency="USD"),
        ],
    )
    found = figures(made)
    assert (found["revenue"].value, found["revenue"].n) == (5, 2)
    assert (found["revenue"].before, found["customers"].value) == (None, 3)
    assert [row.cells[:2] for row in made.table("customers").rows] == [("a", 5), ("c", 0), ("b", None)]
    assert [row.cells[:5] for row in made.table("groups").rows] == [
        ("li", 1, 5, 1, 0),
        ("wu", 2, 0, None, None),
    ]
    assert "1 customer has zero revenue and is included in all concentration measures." in made.notes
    assert any("revenue unknown" in note for note in made.notes)


def test_if_no_sale_has_a_rate_revenue_is_unknown():
    made = answer(
        home="CNY",
        customers=customers("a"),
        transactions=[
            sale("a", "2026-01-01", "5.00"),
            sale("a", "2024-01-01", "5.00", currency="CNY"),
        ],
    )
    found = figures(made)
    assert found["revenue"].value is None
    assert found["revenue"].note
    assert made.table("groups").rows[0].cells == ("(none)", 1, None, None, 0, None)


def test_the_latest_wallet_counts_and_the_previous_one_gives_the_trend():
    made = answer(
        customers=customers("a"),
        wallets=[wallet("a", "100.00", "2024-11-22", "2025-11-21"), wallet("a", "200.00")],
        transactions=[rice("a", "2025-01-01", "60.00"), rice("a", "2026-01-01", "100.00")],
    )
    found = figures(made)["share.total"]
    assert (found.value, found.before) == (pytest.approx(0.5), pytest.approx(0.6))


def test_a_wallet_recorded_later_is_ignored():
    made = answer(
        customers=customers("a"), wallets=[wallet("a", "9.00", as_of="2026-12-01")], transactions=[]
    )
    assert made.table("wallets").rows == ()
    assert made.table("wallets").empty


def test_charts_name_the_category_if_a_customer_has_several_wallets():
    made = answer(
        customers=customers("a", "b"),
        wallets=[wallet("a", "100.00"), wallet("a", "90.00", category="Oil"), wallet("b", "80.00")],
        transactions=[],
    )
    stacked, quadrants = (
        next(picture for picture in made.pictures if picture.key == key) for key in ("suppliers", "quadrants")
    )
    assert [stack.label for stack in stacked.stacks] == ["a: Rice", "a: Oil", "b"]
    assert [dot.label for dot in quadrants.dots] == ["a: Rice", "a: Oil", "b"]


def test_the_supplier_chart_adds_up_to_the_wallet():
    made = answer(
        customers=customers("a"),
        wallets=[
            wallet("a", "100.00", suppliers=[{"name": "X", "amount": "50.00"}, {"name": "Y", "rank": 2}])
        ],
        transactions=[rice("a", "2026-01-01", "20.00")],
    )
    (stack,) = next(picture for picture in made.pictures if picture.key == "suppliers").stacks
    assert [tuple(part) for part in stack.parts] == [("ours", 20.0), ("X", 50.0), ("unnamed", 30.0)]


def test_concentration_is_measured_over_customers():
    made = answer(
        customers=customers("a", "b", "c", "d"),
        transactions=[
            sale(uid, "2026-01-01", amount)
            for uid, amount in (("a", "60.00"), ("b", "20.00"), ("c", "15.00"), ("d", "5.00"))
        ],
    )
    found = figures(made)
    assert found["cr1"].value == pytest.approx(0.6)
    assert found["cr5"].value == pytest.approx(1)
    assert found["hhi"].value == pytest.approx(60**2 + 20**2 + 15**2 + 5**2)
    assert found["gini"].value == pytest.approx(0.425)
    assert [found[f"abc.{name}"].value for name in "abc"] == [2, 1, 1]
    assert [row.cells[4] for row in made.table("customers").rows] == ["A", "A", "B", "C"]
    assert made.table("customers").rows[1].cells[3] == pytest.approx(0.8)


def test_net_returners_have_no_share_and_are_noted():
    rows = [sale("a", "2026-01-01"), sale("b", "2026-01-01", "10.00", type="return")]
    made = answer(customers=customers("a", "b"), transactions=rows)
    assert figures(made)["cr1"].value == pytest.approx(1)
    assert str(figures(made)["revenue"].value) == "0.00"
    assert made.table("customers").rows[1].cells[2] is None
    assert any("1 customer returned more than they bought" in note for note in made.notes)


def test_regular_customers_bought_before_the_period():
    made = answer(
        customers=customers("a", "b"),
        transactions=[
            sale("a", "2024-01-01"),
            sale("a", "2026-01-01", "30.00"),
            sale("a", "2026-01-05", "0.00"),
            sale("b", "2026-01-01"),
        ],
    )
    assert figures(made)["regulars.share"].value == pytest.approx(0.75)
    assert figures(made)["repeat_rate"].value == pytest.approx(0.5)
    assert figures(made)["repeat_rate"].low == pytest.approx(0.0945, abs=1e-4)


def test_if_the_archive_starts_in_the_period_nobody_is_regular():
    found = figures(answer(customers=customers("a"), transactions=[sale("a", "2026-01-01")]))
    assert found["regulars.share"].value is None
    assert "no sales from before" in found["regulars.share"].note
    assert found["revenue"].before is None
    made = answer(customers=customers("a"), transactions=[sale("a", "2026-01-01")])
    for table in ("categories", "groups"):
        row = dict(
            zip([c.key for c in made.table(table).columns], made.table(table).rows[0].cells, strict=True)
        )
        assert row["before"] is None, "nothing is known of the period before: that is not zero"


def test_revenue_is_broken_down_by_category_and_manager():
    people = [
        {"uid": "a", "full_name": "a", "account_manager": "li"},
        {"uid": "b", "full_name": "b"},
    ]
    made = answer(
        request(options={"level": "2"}),
        customers=people,
        wallets=[wallet("a", "20.00")],
        transactions=[
            rice("a", "2026-01-01"),
            sale("b", "2026-01-01", "30.00"),
            rice("a", "2025-01-01", "4.00"),
        ],
    )
    assert [row.cells[0] for row in made.table("categories").rows] == ["(none)", "Rice / Basmati"]
    assert [row.cells[0] for row in made.table("groups").rows] == ["(none)", "li"]
    assert made.table("groups").rows[1].cells[3:] == (
        pytest.approx(0.25),
        pytest.approx(4),
        pytest.approx(0.5),
    )


@pytest.mark.parametrize(
    ("by", "shown"), [("status", "active"), ("category.2", "Wholesale / East"), ("tag", None)]
)
def test_any_short_customer_field_can_be_a_group(by, shown):
    people = [{"uid": "a", "status": "active", "category": "Wholesale / East / Inns"}]
    if shown is None:
        with pytest.raises(UsageError, match="cannot be grouped by tag"):
            answer(request(by=by), customers=people, transactions=[sale("a", "2026-01-01")])
        return
    made = answer(request(by=by), customers=people, transactions=[sale("a", "2026-01-01")])
    assert made.table("groups").rows[0].cells[0] == shown


def test_penetration_needs_the_number_of_possible_customers():
    people = customers("a", "b", customer_since="2020-01-01")
    assert figures(answer(customers=people))["penetration"].value is None
    known = figures(answer(request(options={"possible": "8"}), customers=people))["penetration"]
    assert known.value == pytest.approx(0.25)
    for wrong in ("-8", "many", "9" * 5000):
        with pytest.raises(
            UsageError, match=f"possible must be a number of customers, not {wrong}. Enter for example 500."
        ):
            answer(request(options={"possible": wrong}), customers=people)


@pytest.mark.parametrize(
    "tables",
    [
        {},
        {"customers": customers("a")},
        {"customers": customers("a"), "transactions": [sale("a", "2026-01-01", "-5.00")]},
        {"customers": customers("a"), "transactions": [sale("a", "2026-01-01", "0.00")]},
        {"customers": customers("a"), "transactions": [sale("a", "2027-01-01")]},
        {"customers": customers("a"), "transactions": [sale("a", "2026-01-01", currency="USD")] * 2},
        {"customers": customers("a"), "transactions": [sale("gone", "2026-02-28")]},
    ],
)
def test_every_figure_is_present_with_a_value_or_a_reason(tables):
    made = answer(**tables)
    assert [figure.key for figure in made.figures] == list(REPORT.figures)
    assert {table.key for table in made.tables} == set(REPORT.tables)
    assert all(figure.note for figure in made.figures if figure.value is None)
    assert as_json(made)["figures"]["revenue"]["unit"] == "money"


def test_sales_without_an_exchange_rate_are_noted():
    rows = [sale("a", "2026-01-01"), sale("a", "2026-01-02", "7.00", currency="USD")]
    made = answer(customers=customers("a"), transactions=rows)
    assert any(
        "1 sale in USD, 7.00 in total, is left out: there is no exchange rate for USD." in note
        for note in made.notes
    )
    bare = run(sales_data(home="XXX", transactions=[sale("a", "2026-01-01", currency="XXX")]), request())
    assert any("no currency" in note for note in bare.notes)


def test_the_revenue_figure_names_excluded_sales():
    rows = [
        sale("a", "2026-01-01"),
        *(sale("a", f"2026-01-0{n}", "7.00", currency="USD") for n in (2, 3)),
        sale("a", "2026-01-02", "7.00", currency="JPY"),
        sale("a", "2026-01-05", "7.00", currency="GBP"),
        sale("a", "2026-01-04", None),
        sale("a", "2020-01-04", None),
    ]
    rates = {"GBP": [(date(2026, 2, 1).toordinal(), Decimal(2))]}
    made = run(sales_data(rates=rates, customers=customers("a"), transactions=rows), request())
    said = (
        "3 sales in JPY and USD left out: no exchange rate; 1 sale in GBP left out: before the first exchange rate; "
        "1 sale left out: no amount"
    )
    found = figures(made)
    assert found["revenue"].omitted == said
    assert found["hhi"].omitted == said
    assert found["customers"].omitted == ""
    assert (
        "1 sale in GBP, 7.00 in total, is left out: it is dated before the first exchange rate, of 2026-02-01."
        in made.notes
    )
    assert "1 sale has no amount and counts as an order, but not in totals." in made.notes


def test_a_stale_wallet_takes_no_headroom_from_the_others():
    made = answer(
        customers=customers("a", "b"),
        wallets=[wallet("a", "500.00"), wallet("b", "500.00")],
        transactions=[rice("a", "2026-01-01", "900.00"), rice("b", "2026-01-01", "100.00")],
    )
    assert figures(made)["share.headroom"].value == 400
    assert {row.cells[0]: row.cells[5] for row in made.table("wallets").rows} == {"a": 0, "b": 400}


def test_a_wallet_within_another_counts_once():
    made = answer(
        customers=customers("a", "b"),
        wallets=[
            wallet("a", "100.00", suppliers=[{"name": "X", "amount": "30.00"}]),
            wallet("a", "60.00", category="Rice / Basmati", suppliers=[{"name": "Y", "amount": "10.00"}]),
            wallet("b", "50.00", category="Rice / Basmati"),
        ],
        transactions=[rice("a", "2026-01-01", "40.00"), rice("b", "2026-01-01", "10.00")],
    )
    found = figures(made)
    assert found["share.total"].value == pytest.approx(50 / 150)
    assert found["share.total"].n == 2
    assert found["share.headroom"].value == 100
    remarks = {row.cells[:2]: row.cells[6] for row in made.table("wallets").rows}
    assert remarks["a", "Rice / Basmati"] == "included in Rice"
    assert any("counted only there" in note for note in made.notes)


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        (wallet("a"), wallet("a", "60.00", category="Rice / Basmati")),  # the broader wallet has no total
        (
            wallet("a", "60.00", "2020-01-01", "2020-12-31"),  # another period
            wallet("a", "60.00", category="Rice / Basmati"),
        ),
    ],
)
def test_a_wallet_outside_all_others_counts(outer, inner):
    made = answer(customers=customers("a"), wallets=[outer, inner], transactions=[rice("a", "2026-01-01")])
    assert inner["uid"] in figures(made)["share.total"].opens.uids


def test_suppliers_exceeding_the_wallet_are_flagged():
    made = answer(
        customers=customers("a"),
        wallets=[wallet("a", "100.00", suppliers=[{"name": "X", "amount": "90.00"}])],
        transactions=[rice("a", "2026-01-01", "20.00")],
    )
    assert made.table("wallets").rows[0].cells[6] == "! we and the named suppliers exceed the total by 10.00"
    assert any("Check the amounts" in note for note in made.notes)


def test_share_of_wallet_names_its_omissions():
    made = answer(
        customers=customers("a", "b", "c", "d"),
        wallets=[
            wallet("a", "100.00"),
            wallet("b", "100.00", currency="JPY"),
            wallet("c"),
            wallet("d", "100.00"),
        ],
        transactions=[
            rice("a", "2026-01-01"),
            rice("a", "2026-01-02", None),
            rice("d", "2026-01-02", None),
        ],
    )
    assert figures(made)["share.total"].omitted == (
        "1 wallet left out: no exchange rate for JPY; 1 wallet left out: no known total; "
        "1 wallet left out: no known amount of our sales; "
        "1 of our sales in them left out: no known amount or no exchange rate"
    )


@pytest.mark.parametrize(
    ("wallets", "reason"),
    [
        ([], "No customer has a wallet."),
        ([wallet("a", "100.00", currency="JPY")], "No wallet can be used: no exchange rate for JPY."),
        ([wallet("a")], "No wallet can be used: their total is unknown."),
        ([wallet("a", "0.00")], "No wallet can be used: their total is zero."),
    ],
)
def test_an_undefined_share_of_wallet_gives_the_right_reason(wallets, reason):
    made = answer(customers=customers("a"), wallets=wallets, transactions=[rice("a", "2026-01-01")])
    assert figures(made)["share.total"].note == reason


def test_a_full_return_differs_from_a_zero_sale():
    made = answer(
        customers=customers("a", "b", "c"),
        transactions=[
            sale("a", "2026-01-01", "0.00"),
            sale("b", "2026-01-01"),
            sale("b", "2026-01-02", type="return"),
            sale("c", "2026-01-02"),
        ],
    )
    assert "1 customer has zero revenue and is included in all concentration measures." in made.notes
    assert "1 customer returned as much as they bought and is counted with zero revenue." in made.notes
    found = figures(made)
    assert (found["gini"].value, found["gini"].n) == (
        pytest.approx(2 / 3),
        3,
    )  # one of three customers has all the revenue
    assert [found[f"abc.{name}"].value for name in "abc"] == [1, 0, 2]


def test_gini_of_the_cdnow_sample_counts_its_customers_who_paid_nothing():
    """Of 2,357 customers, 8 spent 0.00 in all; without them it would be .6297 (computed separately from the file)."""
    rows = []
    for line in (Path(__file__).parents[1] / "data" / "cdnow_sample.txt").read_text("utf-8").splitlines():
        customer, _sample, day, _cds, amount = line.split()
        rows.append(sale(customer, f"{day[:4]}-{day[4:6]}-{day[6:]}", amount))
    found = figures(answer(request("1998-06-30", "1997-01-01", "1998-06-30"), transactions=rows))
    assert found["gini"].value == pytest.approx(0.6309171, abs=5e-8)
    assert found["gini"].n == 2357
    assert "= 0.6309" in found["gini"].why


def test_explanations_contain_the_numbers():
    made = answer(
        customers=customers("a", "b"),
        transactions=[sale("a", "2026-01-01", "75.00"), sale("b", "2026-01-01", "25.00")],
    )
    found = figures(made)
    assert "75.0² + 25.0² = 6,250" in found["hhi"].why
    assert "= 50.00 / (2 x 100.00) = 0.2500" in found["gini"].why
    assert "class A: 2 of 2 customers with 100.00 of 100.00" in found["abc.a"].why


def test_past_penetration_counts_the_customers_of_that_day():
    people = [
        *customers("late", status="active", customer_since="2026-05-01"),
        *customers("lost", status="lost", customer_since="2020-01-01", lost_on="2024-01-01"),
        *customers("undated", status="active"),
    ]
    past, now = (
        figures(answer(request(day, options={"possible": "10"}), customers=people))["penetration"]
        for day in ("2022-12-31", "2026-11-21")
    )
    assert (past.k, past.opens.uids) == (1, ("lost",))
    assert (now.k, now.opens.uids) == (1, ("late",))
    assert (now.low, now.high) == (pytest.approx(0.0179, abs=5e-5), pytest.approx(0.4042, abs=5e-5))  # Wilson
    assert now.omitted == "1 customer left out: no customer-since date and no order"
    few = figures(
        answer(request(options={"possible": "1"}), customers=customers("a", "b", customer_since="2020-01-01"))
    )
    assert few["penetration"].value is None
