"""Test the fulfilment report: terms due, fulfilled and upcoming."""

from datetime import date
from decimal import Decimal

import pytest

from archive.analysis.fulfilment import REPORT, run
from archive.analysis.fulfilment.deadlines import reminder
from tests.analysis.builders import customers, request, sale, sales_data

AS_OF = "2026-11-21"


def contract(*terms, uid="k", start="2026-01-01", end="2026-12-31", signed_on="2025-12-20", **more):
    kept = {"uid": uid, "number": f"2026/{uid}", "customer": "a", "start": start, "currency": "EUR"}
    optional = {"end": end, "signed_on": signed_on, "terms": list(terms)}
    return {**kept, **{key: value for key, value in optional.items() if value}, **more}


def term(due_on="2026-06-30", quantity="100", deliveries=(), key="1", **more):
    kept = {"key": key, "requirement": f"bags {key}", "deliveries": list(deliveries)}
    optional = {"due_on": due_on, "quantity": quantity}
    return {**kept, **{name: value for name, value in optional.items() if value}, **more}


def delivery(on, quantity="100", **more):
    return {"on": on, "quantity": quantity, **more}


def answer(*contracts, asked=None, **tables):
    return run(
        sales_data(customers=customers("a"), contracts=list(contracts), **tables), asked or request(AS_OF)
    )


def values(made):
    return {figure.key: figure.value for figure in made.figures}


def first_contract(made):
    """Return the cells of the first contract by column key."""
    table = made.table("contracts")
    return dict(zip([column.key for column in table.columns], table.rows[0].cells, strict=True))


def mixed():
    """Return a contract with four terms: on time in full, late, on time but partial, never delivered."""
    return contract(
        term(key="1", deliveries=[delivery("2026-06-30")]),
        term(key="2", deliveries=[delivery("2026-07-10")]),
        term(key="3", deliveries=[delivery("2026-06-01", "40")]),
        term(key="4", amount="500.00"),
    )


def test_otif_counts_all_due_terms_including_overdue_ones():
    found = values(answer(mixed()))
    assert (found["terms.due"], found["otif"], found["on_time"], found["in_full"]) == (4, 0.25, 0.5, 0.5)
    assert found["fill_rate"] == pytest.approx(240 / 400)
    assert found["overdue"] == 2
    assert str(found["shortfall"]) == "500.00"
    assert found["days_late.median"] == pytest.approx(144), "10 days, and twice 144 so far"


def test_our_terms_and_the_customers_are_counted_separately():
    found = values(answer(contract(term(duty="theirs", deliveries=[delivery("2026-06-30")]), term(key="2"))))
    assert (found["otif"], found["otif.theirs"]) == (0, 1)
    assert (found["overdue"], found["overdue.theirs"]) == (1, 0)


def test_the_rate_is_compared_with_the_previous_period():
    old = contract(
        term("2025-06-30", deliveries=[delivery("2025-06-30")]), uid="o", start="2025-01-01", end=None
    )
    made = answer(contract(term()), {**old, "signed_on": "2025-01-01"})
    assert (made.figure("otif").value, made.figure("otif").before) == (0, 1)


def test_a_delivery_in_a_term_and_a_transaction_counts_once():
    tied = [
        sale("a", "2026-06-30", "9.00", type="delivery", quantity="100", contract="k", term="1"),
        sale("a", "2026-06-20", "7.00", type="delivery", quantity="50", contract="k", term="2"),
        sale("a", "2026-06-20", "7.00", type="delivery", quantity="50", contract={"name": "k"}, term="2"),
        sale("a", "2027-06-20", "7.00", type="delivery", quantity="50", contract="k", term="2"),
    ]
    made = answer(contract(term(deliveries=[delivery("2026-06-30")]), term(key="2")), transactions=tied)
    assert values(made)["fill_rate"] == pytest.approx(150 / 200)


@pytest.mark.parametrize(
    ("delivered", "duration", "usage", "overflow", "deviation"),
    [("500", 0.33, 1.0, 0.67, 0.0), ("50", 0.33, 0.17, 0.0, 0.16)],
)
def test_delivery_is_compared_with_elapsed_time(delivered, duration, usage, overflow, deviation):
    made = answer(
        contract(
            term("2015-12-31", "300", deliveries=[delivery("2015-03-01", delivered)]),
            start="2015-01-01",
            end="2015-12-31",
            signed_on="2015-01-01",
        ),
        asked=request("2015-05-01"),
    )
    cells = [first_contract(made)[key] for key in ("time", "usage", "overflow", "deviation")]
    assert [round(cell or 0.0, 2) for cell in cells] == [duration, usage, overflow, deviation]
    assert "33%" in made.table("contracts").rows[0].why


def test_the_remainder_is_shown_per_month():
    made = answer(contract(term("2026-12-31", deliveries=[delivery("2026-03-01", "40")])))
    assert first_contract(made)["run_rate"] == pytest.approx(60 / (40 / (365.25 / 12)))


def test_terms_in_several_units_count_by_weight():
    made = answer(
        contract(
            term(deliveries=[delivery("2026-06-30")], unit="bag", weight="3"),
            term(key="2", quantity=None, amount="80.00"),
        )
    )
    assert values(made)["fill_rate"] == pytest.approx(0.75)
    assert first_contract(made)["usage"] == pytest.approx(0.75)
    assert first_contract(made)["run_rate"] is None
    assert "2 different units" in made.figure("fill_rate").why
    weightless = answer(contract(term(unit="bag", weight="0"), term(key="2", unit="kg", weight="0")))
    assert values(weightless)["fill_rate"] == 0


def test_a_contract_without_terms_is_not_unfulfilled():
    made = answer(contract())
    assert values(made)["otif"] is None
    assert "no terms" in made.table("contracts").rows[0].why
    assert any("no terms" in note for note in made.notes)


def test_sales_use_up_the_value_of_a_contract_without_terms():
    sold = [
        sale("a", "2026-02-01", "30.00", contract="k"),
        sale("a", "2026-02-02", "5.00", type="return", contract="k"),
    ]
    made = answer(contract(value="100.00"), transactions=[*sold, sale("a", "2026-02-02", None, contract="k")])
    assert first_contract(made)["usage"] == pytest.approx(0.25)


def test_terms_without_a_due_date_are_never_late_with_a_note():
    made = answer(contract(term(None), term(None, None, key="2", fulfilled_on="2026-02-01")))
    assert values(made)["terms.due"] == 0
    assert any("no due date" in note for note in made.notes)


def test_unsigned_ended_and_cancelled_contracts_are_distinguished():
    made = answer(
        contract(term(), uid="u", signed_on=None),
        contract(term("2026-12-01"), uid="c", cancelled_on="2026-03-01"),
        contract(uid="e", end="2026-02-01"),
        contract(uid="l", start="2027-01-01", signed_on="2026-12-01"),
    )
    rows = {row.cells[1]: row.cells[2] for row in made.table("contracts").rows}
    assert rows == {"2026/u": "unsigned", "2026/c": "cancelled", "2026/e": "ended"}
    found = values(made)
    assert (found["contracts"], found["contracts.unsigned"], found["overdue"]) == (0, 1, 0)


@pytest.mark.parametrize(
    ("more", "is_behind"),
    [
        ({}, True),
        ({"end": "2026-10-31"}, True),
        ({"signed_on": None}, False),
        ({"cancelled_on": "2026-03-01"}, False),
    ],
)
def test_unsigned_and_cancelled_contracts_are_never_behind_schedule(more, is_behind):
    found = first_contract(answer(contract(term(), **more)))
    assert (found["deviation"] is not None) is is_behind


def test_the_next_90_days_are_listed_by_day_with_reminders():
    made = answer(
        contract(term("2026-11-25", deliveries=[delivery("2026-11-01", "5")]), notice_period="1 month"),
        contract(term("2026-12-01", duty="theirs"), uid="m", end="2027-01-15", renews=True),
    )
    rows = [
        (str(row.cells[0]), row.cells[2], row.cells[5], row.cells[6]) for row in made.table("coming").rows
    ]
    assert rows == [
        ("2026-11-25", "!!", "bags 1", "us"),
        ("2026-11-30", "!", "notice deadline", ""),
        ("2026-12-01", "!", "bags 1", "customer"),
        ("2026-12-31", "", "ends", ""),
        ("2027-01-15", "", "auto-renews", ""),
    ]
    found = values(made)
    assert [found[f"renewals.{days}"] for days in (30, 60, 90)] == [0, 2, 2]
    assert found["notices.90"] == 1


def test_nothing_falls_due_after_a_cancelled_contract_ends():
    terms = (term("2026-12-20"), term("2027-01-10", key="2"))
    under_notice = {"renews": True, "notice_period": "1 month", "cancelled_on": "2026-12-31"}
    made = answer(contract(*terms, **under_notice))
    rows = [(str(row.cells[0]), row.cells[5]) for row in made.table("coming").rows]
    assert rows == [("2026-12-20", "bags 1"), ("2026-12-31", "ends")]
    assert values(made)["notices.90"] == 0


def test_a_reminder_becomes_more_urgent_near_its_date():
    assert [reminder(days) for days in (31, 30, 7, 0)] == ["", "!", "!!", "!!!"]


def plan(uid, due_on=None, done_on=None, promised=True):
    values = {"due_on": due_on, "done_on": done_on}
    kept = {key: value for key, value in values.items() if value}
    return {"uid": uid, "customer": "a", "step": uid, "promised": promised, **kept}


def test_a_promise_is_met_if_done_by_its_date():
    made = answer(
        plans=[
            plan("kept", "2026-05-01", "2026-05-01"),
            plan("late", "2026-05-01", "2026-05-02"),
            plan("broken", "2026-05-01"),
            plan("today", AS_OF),
            plan("some day"),
            plan("done later", "2026-05-01", "2026-12-01"),
            plan("no promise", "2026-05-01", promised=False),
        ]
    )
    found = values(made)
    assert made.figure("promises.kept").n == 4
    assert found["promises.kept"] == pytest.approx(0.25)
    assert found["promises.open"] == 4
    assert [row.cells[3] for row in made.table("promises").rows] == [
        "broken",
        "done later",
        "today",
        "some day",
    ]


def test_the_strip_shows_how_late_terms_were():
    (strip,) = [picture for picture in answer(mixed()).pictures if picture.key == "late"]
    assert {bar.label: bar.value for bar in strip.bars}["8 to 30 days"] == 1
    assert strip.bars[0][1] == 1
    assert strip.bars[-1][1] == 2


def test_the_timeline_shows_terms_around_the_as_of_day():
    (timeline,) = [picture for picture in answer(mixed()).pictures if picture.key == "terms"]
    assert [span.state for span in timeline.spans] == ["good", "late", "bad", "bad"]
    assert [span.note for span in timeline.spans] == ["", "due 2026-06-30", "", ""], (
        "the others end on their day"
    )


@pytest.mark.parametrize(
    "tables",
    [
        {},
        {"customers": customers("a")},
        {"contracts": [contract(end="2020-01-01")]},
        {"contracts": [contract(term("2028-02-29", None))]},
        {"contracts": [contract(term(), start=None)]},
    ],
)
def test_every_figure_is_present_with_a_value_or_a_reason(tables):
    made = run(sales_data(**tables), request(AS_OF))
    assert [figure.key for figure in made.figures] == list(REPORT.figures)
    assert [table.key for table in made.tables] == list(REPORT.tables)
    assert all(figure.note for figure in made.figures if figure.value is None)
    assert all(table.empty for table in made.tables)


def moved(kind, on, quantity="100", **more):
    """Return a transaction on the first term of contract k."""
    return sale("a", on, None, type=kind, quantity=quantity, contract="k", **({"term": "1"} | more))


def test_extra_deliveries_do_not_affect_on_time():
    made = answer(contract(term(deliveries=[delivery("2026-06-10"), delivery("2026-07-10", "20")])))
    assert [values(made)[key] for key in ("otif", "on_time", "in_full")] == [1, 1, 1]


def test_otif_never_exceeds_on_time_or_in_full():
    made = answer(
        contract(
            term(key="1", deliveries=[delivery("2026-06-10", "120"), delivery("2026-07-10", "20")]),
            term(key="2", deliveries=[delivery("2026-06-01", "60"), delivery("2026-07-01", "60")]),
            term(key="3", fulfilled_on="2026-06-30", deliveries=[delivery("2026-08-01", "5")]),
            term(key="4", deliveries=[delivery("2026-06-01", "60")]),
        )
    )
    found = values(made)
    assert (found["otif"], found["on_time"], found["in_full"]) == (0.5, 0.75, 0.75)


def test_returned_goods_do_not_count_as_delivered():
    made = answer(
        contract(term()), transactions=[moved("delivery", "2026-03-01"), moved("return", "2026-03-10", "40")]
    )
    found = values(made)
    assert (found["fill_rate"], found["overdue"], found["on_time"]) == (0.6, 1, 1)
    assert first_contract(made)["usage"] == pytest.approx(0.6)


def test_a_delivery_in_another_unit_counts():
    made = answer(
        contract(term(quantity="1", unit="t")),
        transactions=[moved("delivery", "2026-03-01", "1000", unit="kg")],
    )
    assert (values(made)["overdue"], values(made)["fill_rate"]) == (0, 1)


def test_a_delivery_in_another_currency_is_converted_at_the_rate_of_its_day():
    """500 USD at the day's rate of 0.9 and 100 GBP at 1.2 make 570 of the agreed 600 EUR."""
    rates = {
        "USD": [(date(2026, 1, 1).toordinal(), Decimal("0.9"))],
        "GBP": [(date(2026, 1, 1).toordinal(), Decimal("1.2"))],
    }
    paid = [
        sale("a", "2026-03-01", "500.00", type="delivery", currency="USD", contract="k", term="1"),
        sale("a", "2026-03-02", "100.00", type="delivery", currency="GBP", contract="k", term="1"),
    ]
    agreed = contract(term(quantity=None, amount="600.00"))
    made = run(
        sales_data(rates=rates, customers=customers("a"), contracts=[agreed], transactions=paid),
        request(AS_OF),
    )
    assert values(made)["fill_rate"] == pytest.approx(570 / 600)
    foreign = run(
        sales_data(
            rates=rates,
            customers=customers("a"),
            contracts=[agreed | {"currency": "GBP"}],
            transactions=paid[:1],
        ),
        request(AS_OF),
    )
    assert values(foreign)["fill_rate"] == pytest.approx(375 / 600), "500 x 0.9 / 1.2"


def test_uncountable_deliveries_are_noted():
    made = answer(
        contract(term(unit="bag"), term(key="2", quantity=None, amount="50.00")),
        transactions=[
            moved("delivery", "2026-03-01", unit="kg"),
            sale("a", "2026-03-01", "5.00", type="delivery", currency="USD", contract="k", term="2"),
            moved("delivery", "2026-03-01", None, term="1"),
            moved("delivery", "2026-03-01", term="9"),
        ],
    )
    assert made.figure("otif").omitted == (
        "1 delivery left out: unit cannot be converted; 1 delivery left out: no exchange rate; "
        "1 delivery left out: no such term; 1 delivery left out: no quantity or amount"
    )
    assert "1 delivery in kg on a term in bag is not counted: the units cannot be converted." in made.notes
    assert (
        "1 delivery in USD on a term in EUR is not counted: there is no exchange rate for its day."
        in made.notes
    )
    assert any("none of its terms" in note for note in made.notes)
    assert any("quantity or amount" in note for note in made.notes)


def test_over_delivery_of_one_term_does_not_offset_another():
    made = answer(
        contract(term(key="1", deliveries=[delivery("2026-03-01", "200")]), term(key="2"), value="1.00")
    )
    found = first_contract(made)
    assert (found["usage"], found["overflow"]) == (0.5, 0.5)
    assert found["run_rate"] == pytest.approx(100 / (40 / (365.25 / 12)))


def test_a_signed_contract_does_not_run_before_its_start():
    made = answer(
        contract(term("2026-12-15"), uid="s", start="2026-12-01", end="2027-11-30", signed_on="2026-11-01")
    )
    found = values(made)
    assert (found["contracts"], found["contracts.signed"], found["contracts.behind"]) == (0, 1, 0)
    assert (first_contract(made)["status"], first_contract(made)["run_rate"]) == ("signed", None)
    assert [row.cells[5] for row in made.table("coming").rows] == ["bags 1"]


def test_an_unsigned_contract_never_counts_even_if_cancelled():
    found = values(answer(contract(term(), signed_on=None, cancelled_on="2026-09-01")))
    assert (found["terms.due"], found["overdue"], found["otif"]) == (0, 0, None)


def renewed(*terms, **more):
    return contract(
        *terms, start="2025-01-01", signed_on="2024-12-20", renews=True, **({"end": "2025-12-31"} | more)
    )


def test_a_renewed_contract_counts_time_and_sales_of_its_running_period():
    """On 2 July 2026, 183 of the 365 days of the renewed year have passed, with sales of 30.00 out of 100.00."""
    sold = [sale("a", "2025-06-01", "100.00", contract="k"), sale("a", "2026-02-01", "30.00", contract="k")]
    found = first_contract(answer(renewed(value="100.00"), transactions=sold, asked=request("2026-07-02")))
    assert found["time"] == pytest.approx(183 / 365)
    assert found["usage"] == pytest.approx(0.3)
    assert str(found["end"]) == "2026-12-31"


def test_a_renewed_contract_counts_the_terms_of_its_running_period():
    made = answer(
        renewed(
            term("2025-06-30", deliveries=[delivery("2025-06-30")], key="1"),
            term("2026-06-30", deliveries=[delivery("2026-03-01", "20")], key="2"),
            term(None, deliveries=[delivery("2025-03-01", "100"), delivery("2026-03-01", "30")], key="3"),
            term("2027-06-30", key="4"),
        ),
        asked=request("2026-07-02"),
    )
    assert first_contract(made)["usage"] == pytest.approx(50 / 200)


def test_a_renewed_contract_without_a_term_in_its_running_period_says_so():
    made = answer(
        renewed(term("2025-06-30", deliveries=[delivery("2025-06-30")])), asked=request("2027-07-02")
    )
    assert first_contract(made)["usage"] is None
    assert "renewed on 2027-01-01" in made.table("contracts").rows[0].why
    duty = answer(renewed(term(None, None)), asked=request("2026-07-02"))
    assert first_contract(duty)["usage"] == 0


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ([], "There are no overdue terms."),
        ([term()], "No overdue term has an amount."),
        ([term(amount="5.00")], "The amounts of the overdue terms have no exchange rate."),
    ],
)
def test_an_undefined_shortfall_gives_the_right_reason(terms, reason):
    made = answer(contract(*terms, currency="USD"), transactions=[sale("a", "2026-01-01")])
    assert made.figure("shortfall").note == reason


def test_explanations_contain_the_days_and_weights():
    found = answer(mixed())
    assert "10, 144, 144 = 144" in found.figure("days_late.median").why
    assert "position 1 + 0.9 (n - 1)" in found.figure("days_late.p90").why
    many = answer(contract(*(term(key=str(n), deliveries=[delivery("2026-07-10")]) for n in range(1, 15))))
    assert "10, 10, 10 ... 10, 10, 10 (14 terms)" in many.figure("days_late.p90").why
    several = answer(
        contract(term(deliveries=[delivery("2026-06-30")], unit="bag", weight="3"), term(key="2", unit="kg"))
    )
    assert "3 / 4 = 75.0%" in several.figure("fill_rate").why


def test_a_unit_is_the_same_across_contract_currencies():
    made = answer(
        contract(term(deliveries=[delivery("2026-06-30", "50")], unit="bag")),
        contract(term(quantity="300", unit="bags"), uid="m", currency="USD"),
    )
    assert values(made)["fill_rate"] == pytest.approx(50 / 400)


def test_a_cancelled_contract_ends_on_its_cancellation_date_in_later_periods_too():
    # renews quarterly; the current period ends on 30 November, and the contract is cancelled to 28 February
    notice = contract(
        term(due_on="2026-12-15"),
        start="2026-09-01",
        end="2026-11-30",
        signed_on="2026-08-20",
        renews=True,
        cancelled_on="2027-02-28",
    )
    made = answer(notice)
    assert first_contract(made)["end"] == date(2027, 2, 28)
    assert first_contract(made)["time"] == pytest.approx(82 / 91), "of the period that runs"
    assert values(made)["renewals.30"] == 0


def test_unsigned_contracts_that_have_not_begun_are_noted():
    draft = contract(start="2027-01-01", end="2027-12-31", signed_on=None)
    made = answer(contract(term()), draft)
    assert values(made)["contracts.unsigned"] == 0
    assert "1 contract is not counted: on this day it is neither signed nor started." in made.notes


def test_half_a_missing_cent_is_rounded_up():
    # 23 of 24 delivered on a term worth 669.00: 669 / 24 = 27.875 is missing
    made = answer(contract(term(quantity="24", amount="669.00", deliveries=[delivery("2026-06-01", "23")])))
    assert values(made)["shortfall"] == Decimal("27.88")
