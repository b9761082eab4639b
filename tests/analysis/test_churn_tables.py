"""Test the churn report: RFM scores and cohorts."""

from datetime import date
from decimal import Decimal

import pytest

from archive.analysis.churn.cohorts import cohorts
from archive.analysis.churn.purchase_history import purchases
from archive.analysis.churn.rfm import rfm_section
from tests.analysis.builders import request, sale, sales_data


def scored(sales, lost=frozenset(), **question):
    made, asked = sales_data(transactions=sales), request(**question)
    return rfm_section(made, asked, purchases(made, asked.as_of.toordinal()), lost)


def ten():
    """Return ten customers: the n-th buys n times for 10.00, the last time on day n of November."""
    return [
        sale(f"c{n:02}", f"2026-{11 if k == 0 else 12 - k % 10 - 2:02}-{n:02}", "10.00", uid=f"{n}-{k}")
        for n in range(1, 11)
        for k in range(n)
        if k < 9 or n < 10
    ]


def test_quintiles_show_their_boundaries():
    section = scored(ten())
    cells, cuts = section.tables
    assert [row.cells[0] for row in cuts.rows] == [5, 4, 3, 2, 1]
    assert cuts.rows[0].cells[:3] == (5, date(2026, 11, 9), date(2026, 11, 10))
    assert cuts.rows[4].cells == (
        *(1, date(2026, 11, 1), date(2026, 11, 2), 1, 2),
        *(Decimal("10.00"), Decimal("20.00")),
    )
    assert sum(row.cells[2] for row in cells.rows) == 10
    assert cells.rows[0].cells[:3] == (5, 5, 2)
    assert cells.rows[0].opens.uids == ("c09", "c10")
    (grid,) = section.pictures
    assert grid.rows[0] == "R5: 11 to 12 days"
    assert grid.columns[0] == "F1: 1-2"
    assert len(grid.cells) == len(grid.cells[0]) == 5
    assert grid.cells[0][4] == 2.0


def test_lost_customers_are_left_out():
    assert sum(row.cells[2] for row in scored(ten(), {"c01", "c02"}).tables[0].rows) == 8


def test_ties_can_leave_a_score_empty():
    sales = [sale(f"c{n}", f"2026-01-{n:02}") for n in range(1, 10)]
    section = scored([*sales, sale("c9", "2026-02-01")])
    purchases = [row.cells[3:5] for row in section.tables[1].rows]
    assert purchases == [(2, 2), (None, None), (None, None), (None, None), (1, 1)]
    assert section.pictures[0].columns[1] == "F2"


def test_identical_customers_are_not_ranked():
    section = scored([sale("a", "2026-01-01"), sale("b", "2026-01-01")])
    assert section.tables[0].rows == ()
    assert section.tables[1].rows[0].cells == (5, None, None, None, None, None, None)
    assert section.pictures[0].rows == section.pictures[0].cells == ()


def test_purchases_without_a_rate_count_for_recency_but_not_money():
    sales = [
        sale("a", "2026-01-01", "5.00"),
        sale("b", "2026-02-01", "9.00"),
        sale("b", "2026-02-02", "9.00"),
        sale("c", "2026-03-01", "9.00", currency="USD"),
        sale("c", "2026-03-02", "9.00", currency="USD"),
        sale("c", "2026-03-03", "9.00", currency="USD"),
    ]
    cells, cuts = scored(sales).tables
    money = {row.opens.uids: row.cells[3:5] for row in cells.rows}
    assert money["c",] == (None, None)
    assert money["a",][1] == Decimal("5.00")
    assert cuts.rows[-1].cells[5:] == (Decimal("5.00"), Decimal("5.00")), "the least that is known"


def test_equal_money_has_no_mean_score():
    sales = [
        sale("a", "2026-01-01", "5.00"),
        sale("b", "2026-02-01", "0.00"),
        sale("b", "2026-02-02", "5.00"),
    ]
    cells = scored(sales).tables[0]
    assert [row.cells[3] for row in cells.rows] == [None, None]


def test_an_archive_without_purchases_has_no_rfm():
    section = scored([])
    assert [table.rows for table in section.tables] == [(), ()]
    section = triangle([])
    assert [table.rows for table in section.tables] == [(), ()]
    assert section.pictures[0].rows == ()


def triangle(sales, **question):
    asked = request(**question)
    return cohorts(asked, purchases(sales_data(transactions=sales), asked.as_of.toordinal()))


def test_incomplete_months_are_blank_and_marked():
    sales = [
        *(sale("a", on) for on in ("2026-08-31", "2026-09-01", "2026-11-01")),
        sale("b", "2026-09-15"),
        sale("c", "2026-11-21"),
    ]
    section = triangle(sales)
    table, together = section.tables
    assert [row.cells[:7] for row in table.rows] == [
        ("2026-08", 1, 1.0, 1.0, 0.0, None, "first month of data, includes older customers"),
        ("2026-09", 1, 1.0, 0.0, None, None, ""),
        ("2026-11", 1, None, None, None, None, "current month"),
    ]
    assert table.rows[1].opens.uids == ("b",)
    assert [row.cells[:4] for row in together.rows] == [(0, 1, 1, 1.0), (1, 0, 1, 0.0)]
    assert together.rows[1].cells[4:] == pytest.approx((0.0, 0.7935), abs=1e-4)
    (grid,) = section.pictures
    assert grid.rows == ("2026-08< 1", "2026-09  1", "2026-11* 1")
    assert grid.columns == ("+0", "+1", "+2", "+3")
    assert grid.cells[0] == (1.0, 1.0, 0.0, None)


@pytest.mark.parametrize(("as_of", "note"), [("2026-02-27", "current month"), ("2026-02-28", "")])
def test_a_month_is_complete_on_its_last_day(as_of, note):
    section = triangle([sale("a", "2026-01-31"), sale("b", "2026-02-10")], as_of=as_of)
    assert section.tables[0].on_screen().rows[-1].cells[-1] == note


def test_cells_have_intervals():
    """3 of 10 bought in the following month: Wilson .1078 to .6032."""
    sales = [sale("first", "2026-07-01")]
    for n in range(10):
        sales += [sale(f"c{n}", "2026-08-01"), *([sale(f"c{n}", "2026-09-01")] if n < 3 else [])]
    table, together = triangle(sales).tables
    cells = dict(zip((column.key for column in table.columns), table.rows[1].cells, strict=True))
    assert (cells["m1"], cells["m1_low"], cells["m1_high"]) == pytest.approx((0.3, 0.1078, 0.6032), abs=1e-4)
    assert (cells["m3"], cells["m3_low"]) == (None, None), "the month is not over"
    assert table.rows[1].why.startswith("+0: 10 of 10 (72% to 100%); +1: 3 of 10 (11% to 60%)")
    assert together.rows[1].cells[1:] == pytest.approx((3, 10, 0.3, 0.1078, 0.6032), abs=1e-4)


def test_customers_from_before_the_archive_are_in_no_cohort():
    sales = [sale("old", "2026-08-01"), sale("new", "2026-08-01"), sale("other", "2026-08-02")]
    since = {"old": date(2010, 1, 1).toordinal(), "new": date(2026, 6, 1).toordinal()}
    asked = request()
    section = cohorts(asked, purchases(sales_data(transactions=sales), asked.as_of.toordinal()), since)
    assert section.tables[0].rows[0].opens.uids == ("new", "other")
    assert section.notes == (
        "1 customer is not in a cohort: the first recorded order came more than a year after they became a customer.",
    )


def test_long_histories_show_the_newest_months():
    sales = [sale(f"c{n}", f"{2020 + n // 12}-{n % 12 + 1:02}-28") for n in range(40)]
    section = triangle(sales)
    table = section.tables[0]
    assert len(table.rows) == 24
    assert len(table.on_screen().columns) == 2 + 25 + 1
    assert "newest 24 months" in table.note


def test_purchases_after_the_as_of_day_are_ignored():
    sales = [sale("a", "2026-01-01"), sale("a", "2026-03-01"), sale("b", "2026-05-01")]
    assert len(triangle(sales, as_of="2026-02-10").tables[0].rows) == 1
    assert scored(sales, as_of="2026-02-10").tables[1].rows[0].cells[1] is None
