"""Test open quotations and receivables."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.field_types.base import Ref
from archive.model.losses import Loss
from archive.model.records.customer import Customer
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.model.records.wallet import Supplier, Wallet
from archive.service.completion import completions
from archive.service.quotations import competitors, mark_dropped, mark_lost, mark_won, pipeline, reasons, sums
from archive.service.receivables import NOTHING, OpenItem, Payment, open_items, settled

TODAY = date(2026, 11, 21)


@pytest.fixture
def ann(archive):
    """Return a customer with a credit limit of 100 EUR."""
    archive.save(Customer(kind="person", full_name="Ann", credit_limit=Decimal(100), currency="EUR"))
    return archive.find(Customer, "Ann").uid


def add_transaction(archive, customer, kind, amount=None, **more):
    values = {"on": TODAY, "currency": "EUR", **more}
    kept = None if amount is None else Decimal(amount)
    entry = archive.save(Transaction(customer=Ref(uid=customer), type=kind, amount=kept, **values))
    return entry.changes[0].uid


def test_open_quotations_are_sorted_by_expected_decision_date(archive, ann):
    archive.save(Product(code="R", name="Rice"))
    rice = Ref(uid=archive.find(Product, "R").uid)
    later = add_transaction(
        archive, ann, "quotation", "10", expected_on=date(2027, 1, 1), product=rice, number="Q1"
    )
    never = add_transaction(archive, ann, "quotation", note="for  the\nwedding")
    soon = add_transaction(
        archive,
        ann,
        "quotation",
        "20",
        expected_on=TODAY,
        likelihood=Decimal("0.25"),
        product=Ref(name="Tea"),
    )
    add_transaction(archive, ann, "quotation", "30", outcome="won")
    add_transaction(archive, ann, "order", "30")
    found = pipeline(archive)
    assert [one.uid for one in found] == [soon, later, never]
    assert [one.what for one in found] == ["Tea", "Rice", "for the wedding"]
    assert [one.weighted for one in found] == [Decimal("5.00"), None, None]
    assert sums(found) == {"EUR": (Decimal(30), Decimal("5.00"))}


def test_quotations_in_different_currencies_are_never_added(archive, ann):
    add_transaction(archive, ann, "quotation", "10")
    add_transaction(archive, ann, "quotation", "10", currency="USD")
    assert set(sums(pipeline(archive))) == {"EUR", "USD"}


def test_each_decision_on_a_quotation_is_one_change(archive, ann):
    uids = [add_transaction(archive, ann, "quotation", "10") for _n in range(3)]
    assert mark_won(archive, uids[0])
    assert mark_lost(archive, uids[1], to="Rival", reason="price")
    assert mark_dropped(archive, uids[2])
    assert pipeline(archive) == []
    assert archive.get(Transaction, uids[1]).lost_to == "Rival"
    archive.undo()
    assert [one.uid for one in pipeline(archive)] == [uids[2]]


def test_competitors_and_reasons_are_sorted_by_frequency_in_the_archive(archive, ann):
    assert competitors(archive) == []
    for rival, reason in (("B", "price"), ("A", "price"), ("A", "late")):
        add_transaction(archive, ann, "quotation", outcome="lost", lost_to=rival, reason=reason)
    wallet = Wallet(
        customer=Ref(uid=ann),
        category="Rice",
        period_from=date(2026, 1, 1),
        period_to=TODAY,
        suppliers=(Supplier(name="C"), Supplier(name="A")),
    )
    archive.save(wallet)
    assert competitors(archive) == ["A", "B", "C"]
    assert reasons(archive)[:2] == ["price", "late"]
    assert "moved away" in reasons(archive)


def test_spellings_of_a_competitor_count_as_one(archive, ann):
    for rival in ("O'Neil Trade", "o’neil  trade", "Bell", "O'Neil Trade", "Ｏ’Neil Trade"):
        add_transaction(archive, ann, "quotation", outcome="lost", lost_to=rival, reason="Price")
    add_transaction(archive, ann, "quotation", outcome="lost", lost_to="Bell", reason="price")
    customer = archive.get(Customer, ann)
    loss = Loss(lost_on=date(2020, 1, 1), won_back_on=date(2020, 2, 1), lost_to="Zenith")
    supplier = Supplier(name="ZENITH")
    wallet = {"category": "Rice", "period_from": date(2026, 1, 1), "period_to": TODAY}
    archive.save(
        customer.with_values(earlier_losses=(loss,)),
        Wallet(customer=Ref(ann), suppliers=(supplier,), **wallet),
    )
    assert competitors(archive) == ["O'Neil Trade", "Bell", "Zenith"]
    assert reasons(archive)[0] == "Price"
    assert "price" not in reasons(archive)
    assert completions(archive, "transactions", "lost_to", "o") == ["O'Neil Trade"]


def test_a_payment_settles_the_invoice_it_names_else_the_oldest(archive, ann):
    first = add_transaction(
        archive, ann, "invoice", "50", number="1", on=date(2026, 1, 1), due_on=date(2026, 2, 1)
    )
    second = add_transaction(
        archive, ann, "invoice", "60", number="2", on=date(2026, 2, 1), due_on=date(2026, 12, 1)
    )
    add_transaction(archive, ann, "payment", "20", number="2")
    add_transaction(archive, ann, "payment", "10")
    add_transaction(archive, ann, "payment")
    add_transaction(archive, ann, "payment", "99", on=date(2026, 12, 24))
    found = open_items(archive, TODAY)
    assert [(item.uid, item.owed) for item in found.items] == [(first, Decimal(40)), (second, Decimal(40))]
    assert [item.overdue(TODAY) for item in found.items] == [293, 0]
    assert not found.accounts[ann, "EUR"].is_over


def test_the_credit_limit_is_checked_in_its_own_currency(archive, ann):
    add_transaction(archive, ann, "invoice", "101")
    add_transaction(archive, ann, "invoice", "999", currency="USD")
    accounts = open_items(archive, TODAY).accounts
    assert accounts[ann, "EUR"].is_over
    assert accounts[ann, "USD"].limit is None
    assert not accounts[ann, "USD"].is_over


def test_a_payment_beyond_all_invoices_is_listed_as_unapplied_credit(archive, ann):
    add_transaction(archive, ann, "invoice", "10", number="1")
    add_transaction(archive, ann, "payment", "25", number="1")
    found = open_items(archive, TODAY)
    assert [(item.kind, item.number, item.owed) for item in found.items] == [("credit", "", Decimal(-15))]
    assert found.accounts[ann, "EUR"].ahead == 15


def owed(archive):
    return [(item.kind, item.number, str(item.owed)) for item in open_items(archive, TODAY).items]


@pytest.mark.parametrize(
    ("kind", "number", "amount"),
    [
        ("return", "R-1", "100"),
        ("return", "r-1", "-100"),
        ("return", "CN-7", "100"),  # a number without an invoice: applied to the oldest invoice
        ("invoice", "R-1", "-100"),  # a credit note
        ("invoice", "CN-7", "-100"),
        ("order", "", "-100"),  # a refund
    ],
)
def test_an_invoice_and_its_credit_note_net_to_nothing(archive, ann, kind, number, amount):
    add_transaction(archive, ann, "invoice", "100", number="R-1")
    add_transaction(archive, ann, kind, amount, number=number)
    assert owed(archive) == []


def test_a_credit_is_deducted_from_the_invoice_it_names_and_the_rest_from_the_oldest(archive, ann):
    add_transaction(archive, ann, "invoice", "100", number="1", on=date(2026, 1, 1))
    add_transaction(archive, ann, "invoice", "60", number="2", on=date(2026, 2, 1))
    add_transaction(archive, ann, "return", "90", number="2")
    assert owed(archive) == [("", "1", "70.00")]


def test_a_payment_finds_its_invoice_without_regard_to_case(archive, ann):
    add_transaction(archive, ann, "invoice", "100", number="RE-1", on=date(2026, 1, 1))
    add_transaction(archive, ann, "invoice", "100", number="RE-2", on=date(2026, 2, 1))
    add_transaction(archive, ann, "payment", "100", number="re-2")
    assert owed(archive) == [("", "RE-1", "100.00")]


def test_a_payment_for_an_unknown_invoice_is_reported_and_settles_nothing(archive, ann):
    add_transaction(archive, ann, "invoice", "100", number="RE-1")
    add_transaction(archive, ann, "payment", "40", number="RE-9")
    assert sorted(owed(archive)) == [("", "RE-1", "100.00"), ("unknown", "RE-9", "-40.00")]
    assert open_items(archive, TODAY).accounts[ann, "EUR"] == (Decimal(100), Decimal(0), Decimal(100))


def test_a_refund_uses_up_the_credit(archive, ann):
    add_transaction(archive, ann, "invoice", "100", number="1")
    add_transaction(archive, ann, "payment", "100", number="1")
    add_transaction(archive, ann, "return", "30", number="1")
    add_transaction(archive, ann, "payment", "-30")
    assert owed(archive) == []


def test_returns_of_a_customer_who_is_never_invoiced_are_no_receivables(archive, ann):
    add_transaction(archive, ann, "order", "100")
    add_transaction(archive, ann, "return", "30")
    assert owed(archive) == []


amounts = st.decimals(min_value=0, max_value=1000, places=2)


@given(
    st.lists(st.tuples(st.sampled_from(["", "1", "2"]), amounts), max_size=5),
    st.lists(st.tuples(st.sampled_from(["", "1", "2", "9"]), amounts, st.booleans()), max_size=5),
)
def test_no_money_appears_or_vanishes(invoiced, paid):
    invoices = [
        OpenItem(str(n), "a", number, TODAY, None, amount, amount, "EUR")
        for n, (number, amount) in enumerate(invoiced)
    ]
    payments = [Payment(number, amount, is_credit=is_credit) for number, amount, is_credit in paid]
    left, ahead, unknown, _last = settled(invoices, payments)
    open_ = sum((item.owed for item in left), NOTHING)
    apart = sum((payment.amount for payment in unknown), NOTHING)
    total = sum((one[1] for one in invoiced), NOTHING) - sum((one[1] for one in paid), NOTHING)
    assert open_ - ahead - apart == total
    assert all(0 < item.owed <= item.amount for item in left)
    assert ahead == 0 or not left


def test_an_expected_amount_is_rounded_half_up_to_the_minor_unit(archive, ann):
    add_transaction(archive, ann, "quotation", "10.05", likelihood=Decimal("0.5"))  # 5.025
    assert pipeline(archive)[0].weighted == Decimal("5.03")
    add_transaction(archive, ann, "quotation", "101", likelihood=Decimal("0.5"), currency="JPY")  # 50.5
    assert sums(pipeline(archive))["JPY"][1] == 51


def test_the_weighted_value_of_the_longest_amount_is_exact(archive, ann):
    add_transaction(archive, ann, "quotation", "9" * 28, likelihood=Decimal("0.3333"))
    assert pipeline(archive)[0].weighted == Decimal("3332999999999999999999999999.67")
