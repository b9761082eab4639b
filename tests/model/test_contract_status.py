"""Test the values derived from a contract as of a day: status, current period, deadlines and terms."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from strategies import PLAIN, TODAY, parts, records

from archive.model.contract_status import (
    Delivered,
    contract_status,
    current_end,
    deliveries_of,
    fulfilment,
    is_binding,
    notice_deadline,
    period_ends,
    renews,
    running_period,
    stopped_on,
)
from archive.model.field_types.base import Ref
from archive.model.field_types.duration import LENGTH
from archive.model.records.contract import Contract, Delivery, Term
from archive.model.records.transaction import Transaction
from archive.model.tied_deliveries import tied as collected

D = date.fromisoformat
N = Decimal


def contract(**values):
    given = {"start": "2026-01-01", "end": "2026-12-31", "signed_on": "2025-12-20", **values}
    days = {
        key: value and D(value)
        for key, value in given.items()
        if key in ("start", "end", "signed_on", "cancelled_on")
    }
    notice = LENGTH.parse(given.pop("notice_period", ""), PLAIN)
    return Contract(uid="c", number="K-1", **{**given, **days, "notice_period": notice})


def term(due="", quantity=None, amount=None, deliveries=(), **values):
    return Term(
        key=values.pop("key", "1"),
        requirement=values.pop("requirement", "rice"),
        due_on=D(due) if due else None,
        quantity=None if quantity is None else N(quantity),
        amount=None if amount is None else N(amount),
        deliveries=tuple(Delivery(on=D(on), quantity=N(n)) for on, n in deliveries),
        **values,
    )


def tied(*pairs):
    return [Delivered(D(on), N(n)) for on, n in pairs]


# Contracts


@pytest.mark.parametrize(
    ("values", "today", "status", "stopped"),
    [
        ({}, "2026-06-01", "active", None),
        ({}, "2026-12-31", "active", None),
        ({}, "2027-01-01", "ended", "2026-12-31"),
        ({"end": None}, "2040-01-01", "active", None),
        ({"renews": True}, "2027-01-01", "active", None),
        ({"signed_on": None}, "2026-06-01", "unsigned", None),
        ({"signed_on": None}, "2027-06-01", "unsigned", "2026-12-31"),
        ({"signed_on": "2026-03-01"}, "2026-02-28", "unsigned", None),
        ({"signed_on": "2026-03-01"}, "2026-03-01", "active", None),
        ({"cancelled_on": "2026-05-04"}, "2026-05-03", "active", "2026-05-04"),
        ({"cancelled_on": "2027-05-04"}, "2026-05-03", "active", "2026-12-31"),
        ({"cancelled_on": "2027-12-31", "renews": True}, "2026-05-03", "active", "2027-12-31"),
        ({"cancelled_on": "2026-05-04", "end": None}, "2026-05-03", "active", "2026-05-04"),
        ({"cancelled_on": "2026-05-04"}, "2026-05-04", "cancelled", "2026-05-04"),
        ({"cancelled_on": "2026-05-04", "renews": True}, "2028-01-01", "cancelled", "2026-05-04"),
    ],
)
def test_a_contracts_status_follows_from_its_dates(values, today, status, stopped):
    assert contract_status(contract(**values), D(today)) == status
    assert stopped_on(contract(**values), D(today)) == (D(stopped) if stopped else None)


@pytest.mark.parametrize(
    ("values", "today", "end"),
    [
        ({}, "2027-06-01", "2026-12-31"),
        ({"renews": True}, "2026-06-01", "2026-12-31"),
        ({"renews": True}, "2027-06-01", "2027-12-31"),
        ({"renews": True}, "2031-01-01", "2031-12-31"),
        ({"start": "2025-09-01", "end": "2026-02-28", "renews": True}, "2026-03-01", "2026-08-31"),
        ({"start": "2026-01-31", "end": "2026-02-27", "renews": True}, "2026-03-31", "2026-04-29"),
        ({"start": "2026-01-01", "end": "2026-01-10", "renews": True}, "2026-01-25", "2026-01-30"),
        ({"start": "2026-05-01", "end": "2026-04-01", "renews": True}, "2026-07-01", "2026-04-01"),
        ({"end": None, "renews": True}, "2027-06-01", None),
        ({"start": "2026-07-01", "end": "2027-06-30", "renews": True}, "9999-07-01", None),
        # From 29 to 28 February: ends on 28 February every year.
        *(
            ({"start": "2024-02-29", "end": "2025-02-28", "renews": True}, f"{year}-01-01", f"{year}-02-28")
            for year in (2026, 2027, 2028, 2030)
        ),
        ({"start": "2024-02-29", "end": "2028-02-29", "renews": True}, "2029-01-01", "2032-02-29"),
        ({"start": "2024-02-29", "end": "2024-08-29", "renews": True}, "2024-09-01", "2025-02-28"),
        ({"start": "2024-02-29", "end": "2024-08-29", "renews": True}, "2025-03-01", "2025-08-29"),
        # Ends on the same day of the month as it starts.
        ({"start": "2025-05-15", "end": "2026-05-15", "renews": True}, "2026-05-16", "2027-05-15"),
        ({"start": "2025-05-15", "end": "2026-05-15", "renews": True}, "2031-01-01", "2031-05-15"),
        # Ends on the last day of a short month; counting starts from the 31st each time.
        ({"start": "2026-01-31", "end": "2026-02-28", "renews": True}, "2026-03-01", "2026-03-31"),
        ({"start": "2026-01-31", "end": "2026-02-28", "renews": True}, "2026-04-01", "2026-04-30"),
        ({"start": "2023-08-31", "end": "2024-02-29", "renews": True}, "2024-03-01", "2024-08-31"),
        ({"start": "2023-08-31", "end": "2024-02-29", "renews": True}, "2024-09-01", "2025-02-28"),
        # Ends on the last day of February: the 29th in leap years.
        ({"start": "2026-03-01", "end": "2027-02-28", "renews": True}, "2027-06-01", "2028-02-29"),
        # A cancelled contract ends.
        ({"renews": True, "cancelled_on": "2026-12-31"}, "2026-06-01", "2026-12-31"),
        ({"renews": True, "cancelled_on": "2028-03-31"}, "2026-06-01", "2028-03-31"),
        ({"renews": True, "cancelled_on": "2028-03-31"}, "2028-02-01", "2028-03-31"),
        ({"renews": True, "cancelled_on": "2028-03-31"}, "2029-02-01", "2028-03-31"),
        ({"cancelled_on": "2026-09-30"}, "2026-06-01", "2026-09-30"),
        ({"end": None, "cancelled_on": "2026-09-30"}, "2026-06-01", "2026-09-30"),
    ],
)
def test_an_auto_renewing_contract_renews_for_the_same_term(values, today, end):
    assert current_end(contract(**values), D(today)) == (D(end) if end else None)


@pytest.mark.parametrize(
    ("values", "today", "deadline"),
    [
        ({"notice_period": "3 months"}, "2026-06-01", "2026-09-30"),
        ({"notice_period": "30 days"}, "2026-06-01", "2026-12-01"),
        ({"notice_period": "6 weeks"}, "2026-06-01", "2026-11-19"),
        ({"end": "2026-05-31", "notice_period": "3 months"}, "2026-01-01", "2026-02-28"),
        ({"notice_period": "3 months", "renews": True}, "2027-01-01", "2027-09-30"),
        ({"notice_period": "3 months"}, "2027-01-01", None),
        ({"notice_period": "3 months", "cancelled_on": "2026-04-01"}, "2026-06-01", None),
        ({"notice_period": "3 weeks", "cancelled_on": "2026-12-31", "renews": True}, "2026-11-30", None),
        (
            {"start": "2025-05-15", "end": "2026-05-15", "notice_period": "3 months", "renews": True},
            "2026-05-16",
            "2027-02-15",
        ),
        ({"end": None, "notice_period": "3 months"}, "2026-06-01", None),
        ({}, "2026-06-01", None),
        ({"notice_period": "1100 years"}, "2026-06-01", None),
    ],
)
def test_the_notice_date_is_one_notice_period_before_the_end(values, today, deadline):
    assert notice_deadline(contract(**values), D(today)) == (D(deadline) if deadline else None)


# Terms


@pytest.mark.parametrize(
    ("one", "others", "status", "done"),
    [
        (term("2026-03-10", 100), [], "open", None),
        (term("2026-03-09", 100), [], "overdue", None),
        (term("2026-03-09", 100, deliveries=[("2026-03-01", 60)]), [], "overdue", None),
        (term("2026-03-20", 100, deliveries=[("2026-03-01", 60)]), [], "part", None),
        (term("2026-03-20", 100), [("2026-03-01", 60)], "part", None),
        (
            term("2026-03-05", 100, deliveries=[("2026-03-01", 60)]),
            [("2026-03-05", 40)],
            "on_time",
            "2026-03-05",
        ),
        (term("2026-03-05", 100, deliveries=[("2026-03-06", 100)]), [], "late", "2026-03-06"),
        (term("", 100, deliveries=[("2026-03-06", 130)]), [], "on_time", "2026-03-06"),
        (term("2026-03-20", 100, deliveries=[("2026-03-11", 100)]), [], "open", None),
        (term("2026-03-05"), [], "overdue", None),
        (term(), [], "open", None),
        (term("", deliveries=[("2026-03-01", 1)]), [], "part", None),
        (term("2026-03-05", fulfilled_on=D("2026-03-05")), [], "on_time", "2026-03-05"),
        (term("2026-03-05", fulfilled_on=D("2026-03-07")), [], "late", "2026-03-07"),
        (term("2026-03-05", fulfilled_on=D("2026-03-11")), [], "overdue", None),
        (term("2026-03-20", 0), [], "open", None),
    ],
)
def test_a_terms_status_follows_from_its_deliveries(one, others, status, done):
    today = D("2026-03-10")
    found = fulfilment(one, tied(*others), today)
    assert (found.status, found.done_on) == (status, D(done) if done else None)
    assert found.is_done == bool(done)


@pytest.mark.parametrize(
    ("returned", "status", "done", "delivered"),
    [
        ([("2026-03-02", -40)], "open", None, 60),
        ([("2026-03-02", -40), ("2026-03-08", 40)], "on_time", "2026-03-08", 100),
        ([("2026-03-02", -130)], "open", None, 0),
    ],
)
def test_returned_quantities_do_not_count_as_delivered(returned, status, done, delivered):
    """100 delivered minus 40 returned is 60; the term is fulfilled on the day of the delivery that completes it."""
    one = term("2026-03-20", 100)
    found = fulfilment(one, tied(("2026-03-01", 100), *returned), D("2026-03-10"))
    assert found.delivered == delivered
    assert (found.status.replace("part", "open"), found.done_on) == (status, D(done) if done else None)


def test_a_return_is_never_matched_with_a_delivery_of_the_same_day():
    one = term("2026-03-20", 100, deliveries=[("2026-03-01", 100)])
    found = fulfilment(one, [Delivered(D("2026-03-01"), None, N(-5))], D("2026-03-10"))
    assert len(found.deliveries) == 2


def test_a_signed_contract_before_its_start_has_status_signed():
    agreed = contract(start="2027-01-01", end="2027-12-31", signed_on="2026-03-01")
    assert [contract_status(agreed, D(day)) for day in ("2026-02-28", "2026-03-01", "2027-01-01")] == [
        "unsigned",
        "signed",
        "active",
    ]


def test_a_contract_is_binding_only_from_its_signature():
    agreed = contract(start="2026-01-01", signed_on="2026-03-01")
    assert [is_binding(agreed, D(day)) for day in ("2026-02-28", "2026-03-01")] == [False, True]
    assert not is_binding(contract(signed_on=None, cancelled_on="2026-03-01"), D("2026-06-01"))


def test_terms_not_yet_due_at_the_end_have_lapsed():
    today, stopped = D("2026-07-01"), D("2026-06-30")
    assert fulfilment(term("2026-07-01", 10), [], today, stopped).status == "lapsed"
    assert (
        fulfilment(term("2027-01-01", 10, deliveries=[("2026-01-01", 5)]), [], today, stopped).status
        == "lapsed"
    )
    assert fulfilment(term("", 10), [], today, stopped).status == "lapsed"
    assert fulfilment(term("2026-06-30", 10), [], today, stopped).status == "overdue"
    assert fulfilment(term("", 10, deliveries=[("2026-01-01", 10)]), [], today, stopped).status == "on_time"
    assert fulfilment(term("", 10), [], today, D("2026-07-02")).status == "open"


def test_delivered_quantities_are_in_the_terms_unit():
    day = D("2026-03-10")
    goods = fulfilment(term("", 100, 5000), [Delivered(day, N(30), N(1500))], day)
    assert (goods.measure, goods.committed, goods.delivered) == ("quantity", N(100), N(30))
    money = fulfilment(term("", None, 5000), [Delivered(day, N(30), N(1500)), Delivered(day, N(1))], day)
    assert (money.measure, money.committed, money.delivered) == ("amount", N(5000), N(1500))
    duty = fulfilment(term(), [Delivered(day)], day)
    assert (duty.measure, duty.committed, duty.delivered) == ("", None, None)


def test_a_completed_term_without_deliveries_counts_as_delivered_in_full():
    day = D("2026-03-10")
    assert fulfilment(term("", 100, fulfilled_on=day), [], day).delivered == 100
    short = fulfilment(term("", 100, fulfilled_on=day, deliveries=[("2026-03-01", 80)]), [], day)
    assert (short.status, short.delivered) == ("on_time", N(80))


def test_a_delivery_entered_twice_counts_once():
    today = D("2026-03-10")
    own = term("", 100, deliveries=[("2026-03-01", 20), ("2026-03-01", 20), ("2026-03-05", 10)])
    both = [
        *tied(("2026-03-01", 20), ("2026-03-05", 11), ("2026-03-06", 10)),
        Delivered(D("2026-03-05"), None, N(9)),
    ]
    found = deliveries_of(own, both, today)
    assert [(one.on.day, one.quantity, one.amount) for one in found] == [
        (1, N(20), None),
        (1, N(20), None),
        (5, N(11), None),
        (5, N(10), N(9)),
        (6, N(10), None),
    ]


def dealing(kind, on, quantity=None, named="1", **values):
    quantity = None if quantity is None else N(quantity)
    day = D(on) if on else None
    return Transaction(
        type=kind, on=day, quantity=quantity, term=named, contract=values.pop("contract", Ref("c")), **values
    )


def test_transactions_are_assigned_by_contract_and_term():
    agreed = contract(terms=(term(quantity=100), term(key="2", requirement="Plum wine")), currency="EUR")
    found = collected(
        agreed,
        [
            dealing("delivery", "2026-03-01", 20),
            dealing("", "2026-03-02", 5, "plum WINE"),
            dealing("return", "2026-03-03", 20),
            dealing("delivery", None, 20),
            dealing("delivery", "2026-03-04", 20, "no such term"),
            dealing("delivery", "2026-03-04", 20, contract=Ref("other")),
            dealing("delivery", "2026-03-04", 20, contract=Ref(name="K-1")),
        ],
    ).deliveries
    assert found == {"1": tied(("2026-03-01", 20), ("2026-03-03", -20)), "2": tied(("2026-03-02", 5))}


def test_orders_count_only_without_matching_deliveries():
    agreed = contract(terms=(term(quantity=100), term(key="2", amount=900)))
    goods = [dealing("order", "2026-03-01", 20), dealing("delivery", "2026-03-03", 20)]
    money = [
        dealing("order", "2026-03-01", 20, "2", amount=N(300)),
        dealing("delivery", "2026-03-03", 20, "2"),
    ]
    found = collected(agreed, [*goods, *money]).deliveries
    assert found["1"] == tied(("2026-03-03", 20))
    assert [one.amount for one in found["2"]] == [N(300)]


def test_other_units_and_currencies_do_not_count():
    agreed = contract(terms=(term(quantity=100, unit="bag"), term(key="2", amount=900)), currency="EUR")
    found = collected(
        agreed,
        [
            dealing("delivery", "2026-03-01", 20, unit="bags", amount=N(5), currency="CNY"),
            dealing("delivery", "2026-03-02", 20, unit="kg", amount=N(6), currency="EUR"),
            dealing("delivery", "2026-03-03", 20, amount=N(7)),
        ],
    ).deliveries
    assert [(one.quantity, one.amount) for one in found["1"]] == [(N(20), None), (None, N(6)), (N(20), N(7))]


@given(records(Contract), st.lists(parts(Delivery), max_size=3), st.dates(date(1900, 1, 1)))
def test_any_contract_has_a_status_on_any_day(agreed, more, today):
    stopped = stopped_on(agreed, today)
    assert contract_status(agreed, today) in ("unsigned", "signed", "active", "ended", "cancelled")
    deadline, end = notice_deadline(agreed, today), current_end(agreed, today)
    assert deadline is None or (end and deadline <= end)
    for one in agreed.terms:
        found = fulfilment(one, [Delivered(d.on, d.quantity, d.amount) for d in more], today, stopped)
        assert all(done.on <= today for done in found.deliveries)
        assert not found.done_on or found.done_on <= today
        assert found.is_done == bool(found.done_on)


@given(st.dates(TODAY - timedelta(4000), TODAY), st.integers(1, 900))
def test_the_current_period_of_a_renewing_contract_contains_today(start, days):
    agreed = Contract(start=start, end=start + timedelta(days), renews=True)
    first, last = running_period(agreed, TODAY)
    assert first
    assert last
    assert first == start or first <= TODAY
    assert last >= TODAY
    assert last == current_end(agreed, TODAY)
    cancelled = agreed.with_values(cancelled_on=TODAY)
    assert running_period(cancelled, TODAY + timedelta(400)) == (first, min(last, TODAY))
    assert last == agreed.end or abs((last - first).days - days) <= 3


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(1, 48), st.booleans(), st.integers(2, 40))
def test_a_period_of_whole_months_ends_by_the_calendar(start, months, inclusive, n):
    """The n-th end is n periods after the first day, or the day before, and no short month shifts it."""
    first_end = start + relativedelta(months=months) - timedelta(0 if inclusive else 1)
    if (start.month, start.day) == (2, 29):  # has a special rule
        return
    expected = start + relativedelta(months=months * n) - timedelta(0 if inclusive else 1)
    assert period_ends(start, first_end)(n) == expected


def test_a_contract_renews_until_notice_is_given():
    assert renews(contract(renews=True))
    assert not renews(contract(renews=True, cancelled_on="2026-12-31"))
    assert not renews(contract())


def test_terms_due_after_a_cancellation_have_lapsed():
    stopped = D("2026-06-30")
    assert fulfilment(term("2026-07-01", 100), [], D("2026-03-10"), stopped).status == "lapsed"
    assert fulfilment(term("2026-06-30", 100), [], D("2026-03-10"), stopped).status == "open"
    assert fulfilment(term(None, 100), [], D("2026-03-10"), stopped).status == "open"
    assert fulfilment(term(None, 100), [], D("2026-07-01"), stopped).status == "lapsed"
