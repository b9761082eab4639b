"""Test the competitors report: other suppliers of our customers, and win rates."""

from decimal import Decimal

import pytest

from archive.analysis.competitors import REPORT, run
from archive.analysis.competitors.suppliers import OURS, main_supplier
from archive.analysis.share.wallets import Wallets
from archive.errors import UsageError
from tests.analysis.builders import customers, request, sale, sales_data
from tests.analysis.test_share import rice, wallet


def quotation(customer, outcome, amount="10.00", **more):
    return sale(customer, "2026-01-01", amount, type="quotation", outcome=outcome, **more)


def figures(**tables):
    return {figure.key: figure for figure in run(sales_data(**tables), request()).figures}


def test_the_win_rate_leaves_out_open_quotations_and_those_without_a_decision():
    rows = [
        quotation("a", "won", "30.00"),
        quotation("a", "lost", "10.00"),
        quotation("b", "lost", "20.00"),
        quotation("b", "open"),
        quotation("b", None),
        quotation("c", "no_decision"),
    ]
    found = figures(customers=customers("a", "b", "c"), transactions=rows)
    assert found["win_rate"].value == pytest.approx(1 / 3)
    assert found["win_rate"].n == 3
    assert found["win_rate.value"].value == pytest.approx(0.5)
    assert found["quotations.open"].value == 2
    assert found["quotations.no_decision"].value == 1


def test_a_competitor_is_present_if_a_quotation_or_wallet_names_one():
    rows = [quotation("a", "won"), quotation("b", "lost", lost_to="X"), quotation("c", "won")]
    wallets = [wallet("a", "10.00", suppliers=[{"name": "X"}])]
    found = figures(customers=customers("a", "b", "c"), transactions=rows, wallets=wallets)
    assert found["win_rate.rival"].value == pytest.approx(0.5)
    assert found["win_rate.rival"].n == 2


def test_quotations_without_an_amount_count_and_have_no_value():
    found = figures(transactions=[quotation("a", "won", None), quotation("b", "won", "1.00", currency="USD")])
    assert found["win_rate"].value == pytest.approx(1)
    assert found["win_rate.value"].value is None


def test_lost_quotations_and_customers_are_counted_by_competitor_and_reason():
    rows = [
        quotation("a", "lost", "5.00", lost_to="X", reason="price"),
        quotation("a", "lost", "6.00", lost_to="X"),
    ]
    people = [
        {"uid": "a", "full_name": "a", "lost_on": "2026-02-01", "lost_to": "X", "lost_reason": "cheaper"},
        {"uid": "b", "full_name": "b", "lost_on": "2026-02-01"},
        {"uid": "c", "full_name": "c", "lost_on": "2020-02-01", "lost_to": "X"},
        {"uid": "d", "full_name": "d", "lost_on": "2026-02-01", "lost_to": "X"},
    ]
    people = [*(person | {"customer_since": "2019-01-01"} for person in people[:3]), people[3]]
    made = run(sales_data(customers=people, transactions=rows), request())
    cells = {row.cells[:2]: row.cells[2:] for row in made.table("lost").rows}
    assert cells["X", "price"] == (1, 5, 0)
    assert cells["X", "(unknown)"] == (1, 6, 0)
    assert cells["X", "cheaper elsewhere"] == (0, 0, 1)
    assert cells["(unknown)", "(unknown)"] == (0, 0, 1)
    grid = next(picture for picture in made.pictures if picture.key == "lost")
    assert grid.cells[grid.rows.index("X")][grid.columns.index("price")] == 1


def test_lost_quotations_without_a_rate_have_an_unknown_value():
    rows = [
        quotation("a", "lost", "5.00", lost_to="X", reason="price", currency="USD"),
        quotation("a", "lost", "5.00", lost_to="Y", reason="price", currency="USD"),
        quotation("a", "lost", "7.00", lost_to="Y", reason="price"),
        quotation("a", "lost", None, lost_to="Z", reason="price"),
        sale("a", "2026-01-01"),
    ]
    made = run(sales_data(customers=customers("a"), transactions=rows), request())
    cells = {row.cells[0]: row.cells[2:] for row in made.table("lost").rows}
    assert cells == {"X": (1, None, 0), "Y": (2, 7, 0), "Z": (1, None, 0)}


def test_an_unused_grouping_field_is_noted():
    made = run(sales_data(), request(by="manager"))
    assert made.notes == ("This report does not group customers, so Account manager is ignored.",)
    with pytest.raises(UsageError, match="cannot be grouped by nonsense"):
        run(sales_data(), request(by="nonsense"))


YEARS = [("2024-11-22", "2025-11-21"), ("2025-11-22", "2026-11-21")]


def two_years(customer, before, after):
    """Return wallets for two years with the rivals' sales."""
    return [
        wallet(customer, "100.00", "2024-11-22", "2025-11-21", suppliers=before),
        wallet(customer, "100.00", suppliers=after),
    ]


def test_suppliers_are_ranked_by_sales_with_their_trend():
    made = run(
        sales_data(
            customers=customers("a"),
            wallets=two_years("a", [{"name": "X", "amount": "20.00"}], [{"name": "X", "amount": "60.00"}]),
            transactions=[rice("a", "2025-01-01", "80.00"), rice("a", "2026-01-01", "40.00")],
        ),
        request(),
    )
    rows = {row.cells[0]: row.cells[1:] for row in made.table("suppliers").rows}
    assert rows["X"] == (1, 60, pytest.approx(0.6), pytest.approx(0.2), pytest.approx(0.4))
    assert rows["ours"][4] == pytest.approx(-0.4)
    found = {figure.key: figure for figure in made.figures}
    assert found["multi_sourcing"].value == pytest.approx(1)
    assert found["suppliers"].value == 1


def test_moves_of_the_main_supplier_are_counted_from_one_wallet_period_to_the_next():
    x, ranked = [{"name": "X", "amount": "60.00"}], [{"name": "Y", "rank": 1}, {"name": "Z", "rank": 2}]
    made = run(
        sales_data(
            customers=customers("a", "b", "c", "d"),
            wallets=[
                *two_years("a", x, x),
                *two_years("b", [], x),
                *two_years("c", x, ranked),
                *two_years("d", [], []),
            ],
            transactions=[rice("b", "2025-01-01", "50.00")],
        ),
        request(),
    )
    found = {figure.key: figure for figure in made.figures}
    assert found["switching.n"].value == 3
    assert found["switching.net"].value == -1
    rows = {row.cells[0]: row.cells[1:4] for row in made.table("switching").rows}
    assert rows == {"ours": (1, 0.0, -1), "X": (2, 0.5, 0), "Y": (0, None, 1)}


@pytest.mark.parametrize(
    ("ranks", "sold", "main"),
    [
        ((2, 3), "10.00", OURS),
        ((1, 3), "10.00", "X"),
        ((1, None), "10.00", "X"),
        ((1, None), None, "X"),
        ((2, 3), "USD", OURS),
        ((None, None), "USD", None),
    ],
)
def test_with_ranks_only_the_first_rank_is_the_main_supplier(ranks, sold, main):
    suppliers = [{"name": "X", "rank": ranks[0]}, {"name": "Y", "rank": ranks[1]}]
    named = [{key: value for key, value in one.items() if value is not None} for one in suppliers]
    money = {"currency": "USD"} if sold == "USD" else {}
    sales = [rice("z", "2020-01-01")] + ([rice("a", "2026-01-01", "10.00", **money)] if sold else [])
    made = sales_data(customers=customers("a"), wallets=[wallet("a", suppliers=named)], transactions=sales)
    assert main_supplier(Wallets(made, request()).latest()[0]) == main


def test_our_sales_without_a_rate_still_make_us_a_supplier():
    made = run(
        sales_data(
            customers=customers("a"),
            wallets=[wallet("a", "100.00", suppliers=[{"name": "X", "amount": "60.00"}])],
            transactions=[rice("a", "2026-01-01", "10.00", currency="USD"), rice("z", "2020-01-01")],
        ),
        request(),
    )
    rows = {row.cells[0]: row.cells[1:4] for row in made.table("suppliers").rows}
    assert rows["ours"] == (1, None, None)
    assert next(f for f in made.figures if f.key == "multi_sourcing").value == 1


@pytest.mark.parametrize(
    "tables",
    [
        {},
        {"customers": customers("a")},
        {"wallets": [wallet("a", "0.00")]},
        {"transactions": [quotation("a", "open")]},
    ],
)
def test_every_figure_is_present_with_a_value_or_a_reason(tables):
    made = run(sales_data(**tables), request())
    assert [figure.key for figure in made.figures] == list(REPORT.figures)
    assert {table.key for table in made.tables} == set(REPORT.tables)
    assert all(figure.note for figure in made.figures if figure.value is None)
    assert all(table.empty for table in made.tables)


def cells(made, table, *keys):
    """Return the cells of some columns, by row."""
    shown = made.table(table)
    places = [[column.key for column in shown.columns].index(key) for key in keys]
    return [tuple(row.cells[at] for at in places) for row in shown.rows]


def test_competitors_in_a_running_wallet_are_prorated():
    """On 2 July, 183 of 365 days have passed: 5,000 a year is 2,506.85 so far, against our 3,500."""
    north = [{"name": "North", "amount": "5000.00"}]
    made = run(
        sales_data(
            customers=customers("a"),
            wallets=[
                wallet("a", "12000.00", "2025-01-01", "2025-12-31", suppliers=north),
                wallet("a", "12000.00", "2026-01-01", "2026-12-31", suppliers=north),
            ],
            transactions=[rice("a", "2025-06-01", "7000.00"), rice("a", "2026-05-01", "3500.00")],
        ),
        request("2026-07-02"),
    )
    assert cells(made, "suppliers", "supplier", "amount", "share") == [
        ("ours", 3500, pytest.approx(0.58267, abs=5e-6)),
        ("North", Decimal("2506.85"), pytest.approx(0.41733, abs=5e-6)),
    ]
    assert made.figure("switching.net").value == 0


def test_a_tie_for_main_supplier_is_a_tie():
    x, y = {"name": "X", "amount": "50.00"}, {"name": "Y", "amount": "60.00"}
    made = run(
        sales_data(
            customers=customers("a", "b"),
            wallets=[*two_years("a", [x], [x]), *two_years("b", [x], [y])],
            transactions=[
                rice("a", "2025-01-01", "50.00"),
                rice("a", "2026-01-01", "80.00"),
                rice("b", "2025-01-01", "50.00"),
            ],
        ),
        request(),
    )
    assert made.figure("switching.n").value == 2
    assert made.figure("switching.net").value == 1
    assert sorted(cells(made, "switching_matrix", "from", "to", "wallets", "of", "share")) == [
        ("(tie)", "Y", 1, 2, 0.5),
        ("(tie)", "ours", 1, 2, 0.5),
    ]
    assert any("tied for first place" in note for note in made.notes)


def test_if_we_are_never_the_main_supplier_the_net_change_is_zero():
    x, y = [{"name": "X", "amount": "50.00"}], [{"name": "Y", "amount": "60.00"}]
    found = figures(customers=customers("a"), wallets=two_years("a", x, y))
    assert (found["switching.n"].value, found["switching.net"].value) == (1, 0)


def test_nested_wallets_count_once_in_the_shares_of_suppliers():
    made = run(
        sales_data(
            customers=customers("a"),
            wallets=[
                wallet("a", "100.00", suppliers=[{"name": "X", "amount": "30.00"}]),
                wallet(
                    "a",
                    "60.00",
                    category="Rice / Basmati",
                    suppliers=[{"name": "X", "amount": "20.00"}, {"name": "Y", "amount": "5.00"}],
                ),
            ],
            transactions=[rice("a", "2026-01-01", "40.00")],
        ),
        request(),
    )
    assert cells(made, "suppliers", "supplier", "amount") == [("ours", 40), ("X", 30), ("Y", 5)]


def test_proportions_have_an_interval_and_their_counts():
    wallets = [wallet("a", suppliers=[{"name": "X"}, {"name": "Y"}]), wallet("b", suppliers=[{"name": "X"}])]
    found = figures(customers=customers("a", "b"), wallets=wallets)["multi_sourcing"]
    assert (found.value, found.k, found.n) == (0.5, 1, 2)
    assert (found.low, found.high) == (pytest.approx(0.0945, abs=5e-5), pytest.approx(0.9055, abs=5e-5))


def test_amounts_missing_from_supplier_shares_are_noted():
    made = run(
        sales_data(
            customers=customers("a", "b"),
            wallets=[
                wallet("a", "100.00", suppliers=[{"name": "X", "amount": "120.00"}]),
                wallet("b", "100.00", suppliers=[{"name": "X", "amount": "120.00"}]) | {"currency": "USD"},
            ],
            transactions=[rice("a", "2026-01-01"), rice("b", "2026-01-01", None), rice("z", "2020-01-01")],
        ),
        request(),
    )
    assert sum("In 1 wallet, " in note for note in made.notes) == 3


@pytest.mark.parametrize(
    ("quote", "note", "omitted"),
    [
        (None, "No quotation in the period was won or lost.", ""),
        (("0.00", "EUR"), "The amounts of the decided quotations add up to zero.", ""),
        (
            ("1.00", "USD"),
            "No decided quotation in the period has an amount with an exchange rate.",
            "1 quotation left out: no exchange rate",
        ),
        (
            (None, "EUR"),
            "No decided quotation in the period has an amount.",
            "1 quotation left out: no amount",
        ),
    ],
)
def test_an_undefined_win_rate_by_value_gives_the_right_reason(quote, note, omitted):
    rows = [quotation("a", "won", quote[0], currency=quote[1])] if quote else []
    found = figures(customers=customers("a"), transactions=[*rows, sale("a", "2026-01-01")])["win_rate.value"]
    assert (found.value, found.note, found.omitted) == (None, note, omitted)


def test_a_nested_wallet_adds_no_move_of_the_main_supplier():
    x = [{"name": "X", "amount": "60.00"}]
    inner = [wallet("a", "50.00", start, end, "Rice / Basmati", suppliers=x) for start, end in YEARS]
    found = figures(customers=customers("a"), wallets=[*two_years("a", x, x), *inner])
    assert found["switching.n"].value == 1


def test_two_spellings_of_a_supplier_are_one_supplier():
    """Golden Paddy sells 20 to a, 20 to b, and 13 + 7 to c, where it is listed twice."""
    amounts = {"a": ("Golden Paddy", 20), "b": ("golden  paddy", 20), "c": ("Golden Paddy", 13)}
    wallets = [
        wallet(uid, "100.00", suppliers=[{"name": name, "amount": f"{amount}.00"}])
        for uid, (name, amount) in amounts.items()
    ]
    wallets[2]["suppliers"].append({"name": "Golden Paddy", "amount": "7.00"})
    quotes = [
        quotation("a", "lost", "1.00", lost_to="Golden Paddy", reason="Price"),
        quotation("b", "lost", "2.00", lost_to="golden paddy", reason="price"),
    ]
    made = run(
        sales_data(customers=customers("a", "b", "c"), wallets=wallets, transactions=quotes), request()
    )
    assert cells(made, "suppliers", "supplier", "customers", "amount") == [("Golden Paddy", 3, 60)]
    assert made.figure("suppliers").value == 1
    assert made.figure("multi_sourcing").value == 0
    assert cells(made, "lost", "competitor", "reason", "quotations") == [("Golden Paddy", "Price", 2)]


def test_an_earlier_loss_counts_in_its_own_period():
    once = {"lost_on": "2026-01-05", "won_back_on": "2026-02-01", "lost_reason": "cheaper", "lost_to": "X"}
    people = customers("a", customer_since="2020-01-01", lost_on="2026-06-01", earlier_losses=[once])
    rows = cells(run(sales_data(customers=people), request()), "lost", "competitor", "reason", "customers")
    assert sorted(rows) == [("(unknown)", "(unknown)", 1), ("X", "cheaper elsewhere", 1)]


def test_a_lost_prospect_is_no_lost_customer_but_is_noted():
    made = run(sales_data(customers=customers("a", lost_on="2026-06-01", lost_to="X")), request())
    assert made.table("lost").rows == ()
    assert made.notes == (
        "1 lost customer is left out: there is neither a date in Customer since nor an order.",
    )


@pytest.mark.parametrize(
    ("total", "rival", "main"),
    [
        (None, "10.00", None),  # Y may sell any amount
        ("100.00", "10.00", None),  # the remaining 60 may all be Y's
        ("100.00", "60.00", "X"),  # Y can have at most 10, less than X
        ("100.00", None, None),  # we sell 30 of 100; X and Y are unknown
        ("50.00", None, OURS),  # we sell 30 of 50
    ],
)
def test_the_main_supplier_is_unknown_if_an_unknown_amount_could_be_larger(total, rival, main):
    x = {"name": "X"} if rival is None else {"name": "X", "amount": rival}
    held = wallet("a", total, suppliers=[x, {"name": "Y"}])
    made = sales_data(
        customers=customers("a"), wallets=[held], transactions=[rice("a", "2026-01-01", "30.00")]
    )
    assert main_supplier(Wallets(made, request()).latest()[0]) == main
