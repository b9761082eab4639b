"""Test the churn report: survival curves, alone and by group, and reasons for leaving."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from archive.analysis.churn.comparing import COMPARED, comparison, in_groups, stays_of
from archive.analysis.churn.observation import observation
from archive.analysis.churn.purchase_history import purchases
from archive.analysis.churn.reasons import CLASSIC, reasons
from archive.analysis.churn.survival import MONTH, survival
from archive.analysis.churn.tenure import tenures_of
from archive.errors import UsageError
from archive.model.records.customer import LOST_REASON
from tests.analysis.builders import request, sale, sales_data

AML = Path(__file__).parents[1] / "data" / "km_aml.csv"
AS_OF = date(2026, 11, 21)


def known(made, asked):
    """Return the customers as the report sees them."""
    return tenures_of(made, asked.as_of, purchases(made, asked.as_of.toordinal()))


LONG_AGO = date(1990, 1, 1)


def curve(rows, sales=(), observed_since=LONG_AGO, activities=(), **question):
    asked = request(observed_since=observed_since, **question)
    made = sales_data(customers=rows, transactions=sales, interactions=activities)
    everyone = known(made, asked).all
    groups = in_groups(made, asked, everyone)
    observed = observation(made, asked, everyone)
    stays = stays_of(groups, asked, observed)
    return survival(everyone, asked, stays[:COMPARED], observed), comparison(groups, asked, stays)


def stayed(days, lost, n=1, **more):
    """Return customers with these tenures in days, either lost at the end or observed until the as-of day."""
    gone = {"lost_on": AS_OF.isoformat()} if lost else {}
    since = (AS_OF - timedelta(days=days)).isoformat()
    return [
        {"uid": f"{days}-{lost}-{i}-{more}", "full_name": "x", "customer_since": since, **gone, **more}
        for i in range(n)
    ]


def leukaemia():
    """Return the two arms of the textbook trial as customers of two managers, with weeks as months."""
    with AML.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    made = []
    for n, row in enumerate(rows):
        days = round(int(row["time"]) * MONTH)
        (one,) = stayed(days, row["cens"] == "1", account_manager=f"arm {row['group']}")
        made.append({**one, "uid": str(n)})
    return made


def figures(section):
    return {figure.key: figure for figure in section.figures}


def test_the_report_reproduces_the_published_curve():
    arm = [row for row in leukaemia() if row["account_manager"] == "arm 1"]
    section, _ = curve(arm)
    found = figures(section)
    assert found["km.median"].value == pytest.approx(31, abs=0.02)
    assert found["km.12"].value == pytest.approx(0.9091, abs=1e-4)
    assert (found["km.12"].low, found["km.12"].high) == pytest.approx((0.5081, 0.9867), abs=1e-4)
    assert found["km.12"].n == 10
    assert len(found["km.12"].opens.uids) == 10
    assert found["km.24"].value == pytest.approx(0.6136, abs=1e-4)
    assert found["km.48"].value == pytest.approx(0.1841, abs=1e-4)
    assert found["km.median"].low == pytest.approx(13, abs=0.02)
    assert found["km.median"].high is None
    (table,) = section.tables
    assert table.rows[3].cells[:4] == ("All customers", 12, 10, 1)


def test_the_report_reproduces_the_published_log_rank_test():
    section, compared = curve(leukaemia(), by="manager")
    found = figures(compared)
    assert found["km.log_rank"].value == pytest.approx(3.3964, abs=1e-3)
    assert found["km.log_rank.p"].value == pytest.approx(0.0653, abs=1e-3)
    assert found["km.log_rank"].note == "1 degrees of freedom, 2 groups"
    (picture,) = section.pictures
    assert [line.label for line in picture.lines] == ["arm 2", "arm 1"]
    (table,) = compared.tables
    assert [row.cells[0] for row in table.rows] == ["arm 2", "arm 1"]
    assert table.rows[1].cells[9] == pytest.approx(31, abs=0.02)


def test_an_unreached_median_shows_a_lower_bound():
    section, _ = curve([*stayed(2200, False, 9), *stayed(300, True)])
    median = figures(section)["km.median"]
    assert median.value is None
    assert median.note == "> 72 mo"
    assert median.low == pytest.approx(300 / MONTH)
    assert median.high is None


def test_survival_beyond_the_longest_observation_is_unknown():
    found = figures(curve([*stayed(400, False, 3), *stayed(200, True)])[0])
    assert found["km.12"].value == pytest.approx(0.75)
    assert found["km.24"].value is None
    assert found["km.24"].note == "No customer has stayed for 24 months yet."
    assert (found["km.24"].low, found["km.24"].n) == (None, 0)


def test_if_all_are_lost_survival_is_zero():
    section, _ = curve(stayed(100, True, 3))
    found = figures(section)
    assert found["km.median"].value == pytest.approx(100 / MONTH)
    assert (found["km.median"].low, found["km.median"].high) == (None, None), "three cases are no certainty"
    assert found["km.48"].value == 0.0
    assert found["km.48"].low is None
    (picture,) = section.pictures
    assert picture.lines[0].points[-1].y == 0.0


def test_without_losses_the_report_says_so():
    found = figures(curve(stayed(1500, False, 3))[0])
    assert found["km.12"].value == 1.0
    assert found["km.12"].note == "No customer is recorded as lost."
    assert found["km.median"].note == "> 49 mo"


def test_without_customers_there_is_no_curve():
    section, compared = curve([])
    found = figures(section)
    assert {figure.value for figure in found.values()} == {None}
    assert {figure.note for figure in found.values()} == {"There are no customers yet."}
    assert section.tables[0].rows == ()
    assert section.pictures[0].lines == ()
    assert compared.tables[0].rows == ()


def test_the_first_order_replaces_a_missing_customer_since():
    rows = [{"uid": "a", "full_name": "a", "lost_on": "2026-01-01"}]
    found = figures(curve(rows, [sale("a", "2025-01-01")])[0])
    assert found["km.median"].value == pytest.approx(365 / MONTH)
    assert figures(curve(stayed(0, True))[0])["km.median"].value == 0.0


def test_a_customer_won_back_still_counts_as_lost():
    rows = [
        {
            "uid": "a",
            "full_name": "a",
            "customer_since": "2025-01-01",
            "lost_on": "2026-01-01",
            "won_back_on": "2026-02-01",
        }
    ]
    assert figures(curve(rows)[0])["km.median"].value == pytest.approx(365 / MONTH)


def test_a_curve_with_many_losses_is_thinned():
    rows = [row for days in range(10, 910) for row in stayed(days, True)]
    (line,) = curve(rows)[0].pictures[0].lines
    assert len(line.points) < 300
    assert line.points[-1].y == 0.0
    odd = [row for days in range(10, 911) for row in stayed(days, True)]
    assert curve(odd)[0].pictures[0].lines[0].points[-1].y == 0.0


def test_only_the_largest_groups_are_compared_and_all_are_listed():
    rows = [row for n in range(10) for row in stayed(100 + n, n % 2 == 0, n + 1, source=f"s{n}")]
    section, compared = curve(rows, by="source")
    assert compared.notes == ("Only the 8 largest groups are compared; the table has 2 more.",)
    assert len(compared.tables[0].rows) == 10
    assert len(section.pictures[0].lines) == 8
    assert "s9" in compared.figures[0].why


def test_one_group_cannot_be_compared():
    _, compared = curve(stayed(100, True, 3), by="manager")
    assert compared.figures[0].value is None
    assert compared.figures[0].note == "There are fewer than two groups with expected losses."
    assert compared.tables[0].rows[0].cells[0] == "(none)"


def test_a_field_without_groups_is_noted():
    with pytest.raises(UsageError, match="grouped by phone"):
        curve([], by="phone")


# Delayed entry


def firm(name, since, lost="", **more):
    gone = {"lost_on": lost} if lost else {}
    return {"uid": name, "full_name": name, "customer_since": since, **gone, **more}


OLD = [
    *(firm(name, "2013-01-01") for name in "ABCD"),
    firm("E", "2013-01-01", "2024-01-01"),
    firm("F", "2023-01-01", "2023-07-01"),
    firm("G", "2023-01-01", "2024-07-01"),
    firm("H", "2023-01-01"),
]
BEGUN = [sale(name, "2023-01-01") for name in "ABCDEFGH"]


def test_earlier_customers_are_at_risk_from_the_start_of_the_archive():
    """The first order is in 2023. A to E enter observation in month 120, so only three are at risk before.

    F is lost in month 6 and G in month 18: S(12) = 2/3, S(24) = 1/3. E is lost in month 132, one of five at risk.
    """
    section, _ = curve(OLD, BEGUN, None)
    found = figures(section)
    assert (found["km.12"].value, found["km.12"].n) == (pytest.approx(2 / 3), 2)
    assert (found["km.24"].value, found["km.24"].n) == (pytest.approx(1 / 3), 1)
    assert found["km.median"].value == pytest.approx(547 / MONTH)
    assert "losses are recorded from 2023-01-01: 5 of 8 customers are older" in found["km.12"].why
    assert "(1 - 1 / 3) (1 - 1 / 2) = 33.3%" in found["km.24"].why
    assert "(66.7% to 33.3%, 2 at risk)" in found["km.median"].why
    assert (found["km.48"].value, found["km.48"].n) == (None, 0)
    assert found["km.48"].note == "No customer was under observation at 48 months."
    (note,) = section.notes
    assert note.startswith("No customer was under observation at 47 to 120 months:")
    rows = {row.cells[1]: row.cells for row in section.tables[0].rows}
    assert 48 not in rows
    assert rows[120][2:5] == (5, 2, pytest.approx(1 / 3))


def test_observation_begins_with_the_first_transaction_activity_or_loss():
    def since(rows, sales=(), activities=(), **question):
        asked = request(**question)
        made = sales_data(customers=rows, transactions=sales, interactions=activities)
        return str(observation(made, asked, known(made, asked).all).day)

    rows = [firm("a", "2001-01-01"), firm("b", "2001-01-01", "2024-06-01")]
    assert since(rows) == "2024-06-01"
    assert since(rows, [sale("a", "2024-05-01", type="delivery"), sale("a", None)]) == "2024-05-01"
    assert since(rows, activities=[{"at": "2024-04-01T10:00"}, {}]) == "2024-04-01"
    assert since([firm("a", "2001-01-01")]) == "None"
    assert since(rows, [sale("a", "2026-12-01")]) == "2024-06-01", "the day is still to come"
    assert since(rows, observed_since=date(2020, 1, 1)) == "2020-01-01"


def test_without_records_there_are_no_late_entries():
    found = figures(curve([firm("a", "2001-01-01")], observed_since=None)[0])
    assert (found["km.12"].value, found["km.12"].note) == (1.0, "No customer is recorded as lost.")
    assert "on record from" not in found["km.12"].why


def test_a_first_loss_long_after_the_first_record_is_noted_with_both_dates():
    late = [firm("a", "2022-01-01", "2025-01-02"), firm("b", "2022-01-01")]
    note, _gap = curve(late, [sale("b", "2024-01-01")], None)[0].notes
    assert "first record is dated 2024-01-01, its first loss 2025-01-02" in note
    on_time = [firm("a", "2022-01-01", "2025-01-01"), firm("b", "2022-01-01")]
    assert (
        curve(on_time, [sale("b", "2024-01-01")], None)[0]
        .notes[0]
        .startswith("No customer was under observation")
    )
    assert curve(late, [sale("b", "2024-01-01")], date(2022, 1, 1))[0].notes == (), "the day was entered"


def test_customers_lost_before_observation_are_excluded():
    rows = [firm("gone", "2010-01-01", "2015-01-01"), firm("here", "2010-01-01"), firm("new", "2024-01-01")]
    found = figures(curve(rows, observed_since=date(2023, 1, 1))[0])
    assert found["km.median"].n == 2
    assert found["km.median"].why.endswith(
        "1 of 2 customers are older and count as at risk only from then (delayed entry); "
        "1 lost before then are left out"
    )
    nobody = figures(curve(rows[:1], observed_since=date(2023, 1, 1))[0])
    assert nobody["km.12"].note == "Losses are recorded only from 2023-01-01."


def test_a_curve_ending_with_few_customers_is_flagged():
    rows = [firm("new", "2024-01-01", "2024-06-01"), *(firm(f"old{n}", "2010-01-01") for n in range(5))]
    section, _ = curve(rows, [sale("new", "2024-01-01")], None)
    assert figures(section)["km.24"].value == 0
    assert any("falls to 0 % at month 5, with only 1 at risk" in note for note in section.notes)


def test_the_log_rank_test_counts_late_entries():
    rows = [{**row, "account_manager": "x" if row["uid"] in "AEFH" else "y"} for row in OLD]
    compared = curve(rows, BEGUN, None, by="manager")[1]
    assert figures(compared)["km.log_rank"].why.endswith("2 of 4 lost, 1 of 4 lost; 5 entered late")


def test_the_first_of_several_losses_ends_the_stay():
    earlier = [{"lost_on": "2024-03-01", "won_back_on": "2024-06-01"}]
    rows = [firm("a", "2023-03-01", "2026-05-01", earlier_losses=earlier)]
    assert figures(curve(rows)[0])["km.median"].value == pytest.approx(366 / MONTH)


# Reasons


def why(rows, **question):
    asked = request(**question)
    return reasons(known(sales_data(customers=rows), asked).all, asked)


def gone(reason, on="2026-06-01", n=1):
    told = {"lost_reason": reason} if reason else {}
    return [
        {"uid": f"{reason}{on}{i}", "full_name": "x", "customer_since": "2010-01-01", "lost_on": on, **told}
        for i in range(n)
    ]


def test_lost_reasons_are_compared_with_the_classic_distribution():
    section = why([*gone("service", n=3), *gone("cheaper", on="2015-01-01"), *gone("")])
    (table,) = section.tables
    rows = {row.cells[0]: row for row in table.rows}
    service = rows["indifferent service"]
    assert service.cells[1:4] == (3, 3, 0.75)
    assert service.cells[4:6] == pytest.approx((0.3006, 0.9544), abs=1e-4)
    assert service.cells[6] == 0.68
    assert len(service.opens.uids) == 3
    assert rows["cheaper elsewhere"].cells[1:4] == (0, 1, 0.25)
    assert rows["(no reason recorded)"].cells == ("(no reason recorded)", 1, 1, None, None, None, None)
    assert rows["other"].cells[6] is None
    (picture,) = section.pictures
    assert (picture.bars[-2].value, picture.bars[-2].mark, picture.bars[-2].note) == (0.75, 0.68, "3 of 4")


def test_the_classic_distribution_sums_to_100_without_other():
    assert sum(CLASSIC.values()) == pytest.approx(1)
    assert [*CLASSIC, "other"] == list(LOST_REASON.options)


def test_without_a_known_reason_there_are_no_shares():
    section = why(gone(""))
    assert section.tables[0].rows[0].cells[3] is None
    assert section.pictures[0].bars == ()
    assert why([]).tables[0].rows == ()


def test_every_loss_counts_with_its_own_reason():
    earlier = [{"lost_on": "2024-03-01", "won_back_on": "2024-06-01", "lost_reason": "service"}]
    (table,) = why(
        [firm("a", "2020-01-01", "2026-05-01", lost_reason="cheaper", earlier_losses=earlier)]
    ).tables
    rows = {row.cells[0]: row.cells[1:4] for row in table.rows}
    assert rows["indifferent service"] == (0, 1, 0.5)
    assert rows["cheaper elsewhere"] == (1, 1, 0.5)
