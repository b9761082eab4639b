"""Competitors: who else serves our customers, and how many quotations we win."""

import pytest

from archive.analysis.competitors import REPORT, run
from archive.analysis.rivals.suppliers import OURS, main_supplier
from archive.analysis.sharing.wallets import Wallets
from archive.errors import UsageError
from tests.analysis.books import ask, book, customers, sale
from tests.analysis.test_share import rice, wallet


def quotation(customer, outcome, amount="10.00", **more):
    return sale(customer, "2026-01-01", amount, type="quotation", outcome=outcome, **more)


def figures(**tables):
    return {figure.key: figure for figure in run(book(**tables), ask()).figures}


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


def test_a_rival_is_present_where_a_quotation_or_a_wallet_names_one():
    rows = [quotation("a", "won"), quotation("b", "lost", lost_to="X"), quotation("c", "won")]
    wallets = [wallet("a", "10.00", suppliers=[{"name": "X"}])]
    found = figures(customers=customers("a", "b", "c"), transactions=rows, wallets=wallets)
    assert found["win_rate.rival"].value == pytest.approx(0.5)
    assert found["win_rate.rival"].n == 2


def test_quotations_without_an_amount_count_and_have_no_value():
    found = figures(transactions=[quotation("a", "won", None), quotation("b", "won", "1.00", currency="USD")])
    assert found["win_rate"].value == pytest.approx(1)
    assert found["win_rate.value"].value is None


def test_what_was_lost_is_told_by_competitor_and_reason_quotations_and_customers():
    rows = [
        quotation("a", "lost", "5.00", lost_to="X", reason="price"),
        quotation("a", "lost", "6.00", lost_to="X"),
    ]
    people = [
        {"uid": "a", "full_name": "a", "lost_on": "2026-02-01", "lost_to": "X", "lost_reason": "cheaper"},
        {"uid": "b", "full_name": "b", "lost_on": "2026-02-01"},
        {"uid": "c", "full_name": "c", "lost_on": "2020-02-01", "lost_to": "X"},
    ]
    made = run(book(customers=people, transactions=rows), ask())
    cells = {row.cells[:2]: row.cells[2:] for row in made.table("lost").rows}
    assert cells["X", "price"] == (1, 5, 0)
    assert cells["X", "(not said)"] == (1, 6, 0)
    assert cells["X", "cheaper elsewhere"] == (0, 0, 1)
    assert cells["(not named)", "(not said)"] == (0, 0, 1)
    grid = next(picture for picture in made.pictures if picture.key == "lost")
    assert grid.cells[grid.rows.index("X")][grid.columns.index("price")] == 1


def test_what_lost_quotations_without_a_rate_were_worth_is_unknown_and_not_nothing():
    rows = [
        quotation("a", "lost", "5.00", lost_to="X", reason="price", currency="USD"),
        quotation("a", "lost", "5.00", lost_to="Y", reason="price", currency="USD"),
        quotation("a", "lost", "7.00", lost_to="Y", reason="price"),
        quotation("a", "lost", None, lost_to="Z", reason="price"),
        sale("a", "2026-01-01"),
    ]
    made = run(book(customers=customers("a"), transactions=rows), ask())
    cells = {row.cells[0]: row.cells[2:] for row in made.table("lost").rows}
    assert cells == {"X": (1, None, 0), "Y": (2, 7, 0), "Z": (1, None, 0)}


def test_a_report_that_groups_nobody_says_that_a_field_was_named_for_nothing():
    made = run(book(), ask(by="manager"))
    assert made.notes == ("This report does not group customers: naming Account manager changes nothing.",)
    with pytest.raises(UsageError, match="cannot be grouped by nonsense"):
        run(book(), ask(by="nonsense"))


def two_years(customer, before, after):
    """Wallets of two years: what rivals sold in each."""
    return [
        wallet(customer, "100.00", "2024-11-22", "2025-11-21", suppliers=before),
        wallet(customer, "100.00", suppliers=after),
    ]


def test_suppliers_are_ranked_by_what_they_sell_with_who_is_gaining():
    made = run(
        book(
            customers=customers("a"),
            wallets=two_years("a", [{"name": "X", "amount": "20.00"}], [{"name": "X", "amount": "60.00"}]),
            transactions=[rice("a", "2025-01-01", "80.00"), rice("a", "2026-01-01", "40.00")],
        ),
        ask(),
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
        book(
            customers=customers("a", "b", "c", "d"),
            wallets=[
                *two_years("a", x, x),
                *two_years("b", [], x),
                *two_years("c", x, ranked),
                *two_years("d", [], []),
            ],
            transactions=[rice("b", "2025-01-01", "50.00")],
        ),
        ask(),
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
        ((1, None), "10.00", OURS),
        ((1, None), None, "X"),
        ((2, 3), "USD", OURS),
        ((None, None), "USD", None),
    ],
)
def test_where_only_ranks_are_known_the_main_supplier_is_the_first_of_them_ours_included(ranks, sold, main):
    suppliers = [{"name": "X", "rank": ranks[0]}, {"name": "Y", "rank": ranks[1]}]
    named = [{key: value for key, value in one.items() if value is not None} for one in suppliers]
    money = {"currency": "USD"} if sold == "USD" else {}
    sales = [rice("z", "2020-01-01")] + ([rice("a", "2026-01-01", "10.00", **money)] if sold else [])
    made = book(customers=customers("a"), wallets=[wallet("a", suppliers=named)], transactions=sales)
    assert main_supplier(Wallets(made, ask()).latest()[0]) == main


def test_what_we_sell_without_a_rate_makes_us_a_supplier_all_the_same():
    made = run(
        book(
            customers=customers("a"),
            wallets=[wallet("a", "100.00", suppliers=[{"name": "X", "amount": "60.00"}])],
            transactions=[rice("a", "2026-01-01", "10.00", currency="USD"), rice("z", "2020-01-01")],
        ),
        ask(),
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
def test_every_figure_is_there_and_what_has_no_basis_says_why(tables):
    made = run(book(**tables), ask())
    assert [figure.key for figure in made.figures] == list(REPORT.figures)
    assert {table.key for table in made.tables} == set(REPORT.tables)
    assert all(figure.note for figure in made.figures if figure.value is None)
    assert all(table.empty for table in made.tables)
