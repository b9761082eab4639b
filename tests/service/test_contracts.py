"""Test contracts, wallets, campaigns and tasks: saving, linking, deleting, undo, import."""

from datetime import date
from decimal import Decimal

import pytest

from archive.errors import BadValue
from archive.model.field_types.base import Ref
from archive.model.records.campaign import Campaign
from archive.model.records.contract import Contract, Delivery, Term
from archive.model.records.customer import Customer
from archive.model.records.plan import Plan
from archive.model.records.transaction import Transaction
from archive.model.records.wallet import Supplier, Wallet
from archive.service.change_labels import subject
from archive.service.importing import ImportOptions, apply, read_plan

DAY = date(2026, 3, 1)


@pytest.fixture
def ann(archive):
    archive.save(Customer(kind="person", full_name="Ann Bell", currency="CHF"))
    return Ref(archive.select("customers", "ann")[0])


def contract(customer, *terms, **values):
    return Contract(customer=customer, number=values.pop("number", "K-1"), start=DAY, terms=terms, **values)


def only(archive, cls):
    (uid,) = archive.uids(cls.TABLE)
    return archive.get(cls, uid)


def test_a_new_term_never_gets_a_number_that_transactions_have_used(archive, ann):
    archive.save(
        contract(ann, Term(requirement="rice"), Term(key="A", requirement="tea"), Term(requirement="x"))
    )
    kept = only(archive, Contract)
    assert [term.key for term in kept.terms] == ["1", "A", "2"]
    archive.save(Transaction(customer=ann, on=DAY, contract=Ref(kept.uid), term="2"))
    archive.save(kept.with_values(terms=kept.terms[:2]))
    archive.save(kept.with_values(terms=(*kept.terms[:2], Term(requirement="new"))))
    assert [term.key for term in only(archive, Contract).terms] == ["1", "A", "3"]


def test_two_terms_with_the_same_number_are_refused(archive, ann):
    with pytest.raises(BadValue, match="Two terms have the number 1"):
        archive.save(contract(ann, Term(key="1", requirement="a"), Term(key="1", requirement="b")))
    with pytest.raises(BadValue, match="Requirement is required"):
        archive.save(contract(ann, Term(key="1")))


def test_amounts_without_a_currency_use_that_of_the_customer_or_home(archive, ann):
    worth = Decimal(5)
    archive.save(
        contract(ann, Term(requirement="a", deliveries=(Delivery(on=DAY, amount=worth),))),
        contract(ann, number="K-2"),
        Wallet(
            customer=ann,
            category="Rice",
            period_from=DAY,
            period_to=DAY,
            suppliers=(Supplier(name="N", amount=worth),),
        ),
        Campaign(name="Letter", start=DAY, cost=worth),
        Campaign(name="Fair", start=DAY, cost=worth, currency="CNY"),
    )
    assert archive.columns("contracts", ["currency"])["currency"] == ["CHF", None]
    assert archive.columns("wallets", ["currency"])["currency"] == ["CHF"]
    assert archive.columns("campaigns", ["currency"])["currency"] == ["EUR", "CNY"]


def test_deleting_a_customer_deletes_their_records_and_leaves_their_name_in_links(archive, ann):
    archive.save(Customer(kind="person", full_name="Bo Berg"))
    bo = Ref(archive.select("customers", "bo")[0])
    archive.save(contract(ann), Campaign(name="Letter", start=DAY, audience=(ann, bo), held_back=(ann,)))
    agreed, letter = only(archive, Contract), only(archive, Campaign)
    archive.save(
        Wallet(customer=ann, category="Rice", period_from=DAY, period_to=DAY),
        Plan(customer=ann, step="call"),
        Transaction(customer=bo, on=DAY, contract=Ref(agreed.uid), campaign=Ref(letter.uid)),
    )
    entry = archive.delete("customers", [ann.uid])
    assert entry.label == "Deleted Ann Bell and 3 related records"
    assert [archive.count(table) for table in ("contracts", "wallets", "plans")] == [0, 0, 0]
    assert only(archive, Campaign).audience == (Ref(name="Ann Bell"), bo)
    assert only(archive, Campaign).held_back == (Ref(name="Ann Bell"),)
    assert only(archive, Transaction).contract == Ref(name="K-1")
    archive.delete("campaigns", [letter.uid])
    assert only(archive, Transaction).campaign == Ref(name="Letter")
    archive.undo()
    archive.undo()
    assert only(archive, Campaign).audience == (ann, bo)
    assert only(archive, Transaction).contract == Ref(agreed.uid)


def test_records_are_named_by_their_number_or_date(archive, ann):
    ctx = archive.ctx
    said = [
        subject("contracts", {"customer": ann.uid, "number": "K-1"}, ctx),
        subject("plans", {"customer": ann.uid, "due_on": "2026-03-01"}, ctx),
        subject("plans", {"step": "call"}, ctx),
        subject("campaigns", {"name": "Letter"}, ctx),
    ]
    assert said == ["Ann Bell K-1", "Ann Bell 2026-03-01", "call", "Letter"]


def test_contracts_are_found_by_number_status_and_notice(archive, ann):
    archive.save(
        contract(ann, signed_on=DAY, end=date(2027, 2, 28), notice_period=archive_span("3 months")),
        contract(ann, number="K-2", signed_on=DAY, end=date(2026, 9, 30)),
        contract(ann, number="K-3"),
    )

    def numbers(query):
        return [archive.get(Contract, uid).number for uid in archive.select("contracts", query)]

    assert numbers("") == ["K-1", "K-2", "K-3"]
    assert numbers("K-2") == ["K-2"]
    assert numbers("status:active") == ["K-1"]
    assert numbers("-status:active") == ["K-2", "K-3"]
    assert numbers("notice_by:2w") == ["K-1"]
    assert numbers("has:notice_by") == ["K-1"]
    assert numbers("notice:>=2m") == ["K-1"]
    assert numbers("notice:1m..4m") == ["K-1"]
    assert numbers("notice:<3m") == []
    assert archive.find(Contract, "k-3").number == "K-3"
    archive.save(Campaign(name="Letter", start=DAY, audience=(ann, Ref(name="Cy Dorn"))))
    assert archive.count("campaigns", "audience:bell") == archive.count("campaigns", "audience:C-00001") == 1
    assert archive.count("campaigns", "audience:dorn") == archive.count("campaigns", "dorn") == 1
    assert archive.count("campaigns", "audience:nobody") == 0


def archive_span(text):
    return Contract.FIELDS["notice_period"].type.load(text)


def brought(archive, table, text, **options):
    plan = read_plan(archive, text.encode(), ImportOptions(table=table, **options))
    apply(archive, plan)
    return plan


CONTRACTS = """Customer,Contract number,Begins,End,Notice period,terms.1.requirement,terms.1.quantity,terms.1.deliveries
Ann Bell,K-7,2026-03-01,2027-02-28,3 months,rice,100,2026-03-04 20; 2026-04-02 30
"""


def test_a_file_of_contracts_can_be_imported_twice(archive, ann):
    plan = brought(archive, "contracts", CONTRACTS)
    assert (plan.created, plan.rejects, plan.warnings) == (1, [], [])
    kept = only(archive, Contract)
    (term,) = kept.terms
    assert (kept.number, kept.customer, term.key, term.quantity) == ("K-7", ann, "1", 100)
    assert [delivery.quantity for delivery in term.deliveries] == [20, 30]
    assert brought(archive, "contracts", CONTRACTS).same == 1
    later = CONTRACTS.replace("2027-02-28", "2028-02-29")
    assert brought(archive, "contracts", later, merge="overwrite").updated == 1
    assert only(archive, Contract).end == date(2028, 2, 29)
    assert [term.key for term in only(archive, Contract).terms] == ["1"]
    assert brought(archive, "contracts", CONTRACTS, match=("id",)).created == 1
    assert brought(archive, "contracts", CONTRACTS).created == 1  # two customers have this name


def test_rows_of_wallets_and_campaigns_need_their_identity(archive, ann):
    wallets = "customer,category,from,to,total,suppliers\nAnn Bell,Rice,2026-01-01,2026-12-31,900,North 500 #1; East\n"
    assert brought(archive, "wallets", wallets).created == 1
    assert brought(archive, "wallets", wallets).same == 1
    assert only(archive, Wallet).suppliers == (
        Supplier(name="North", amount=Decimal(500), rank=1),
        Supplier(name="East"),
    )
    assert only(archive, Wallet).currency == "CHF"
    plan = brought(archive, "wallets", wallets.replace("2026-01-01", ""))
    assert [reject.error.code for reject in plan.rejects] == ["needed"]
    twice = "0123456789abcdef"
    campaigns = f"id,name,start,audience\n{twice},Letter,2026-03-01,C-00001; Cy\n{twice},Other,2026-03-01,\n"
    plan = brought(archive, "campaigns", campaigns)
    assert [reject.error.code for reject in plan.rejects] == ["same-id"]
    assert only(archive, Campaign).audience == (ann, Ref(name="Cy"))
    more = f"id,name,start,audience\n{twice},Letter,2026-03-01,Di; C-00001\n"
    assert brought(archive, "campaigns", more).same == 1  # the existing value stays
    assert brought(archive, "campaigns", more, merge="append").updated == 1
    assert only(archive, Campaign).audience == (ann, Ref(name="Cy"), Ref(name="Di"))
    assert brought(archive, "campaigns", more, merge="append").same == 1


def test_tasks_match_if_all_values_of_the_row_are_equal(archive, ann):
    plans = "customer,step,due_on,promised\nAnn Bell,call,2026-12-01,yes\n,tidy the list,,\n"
    assert brought(archive, "plans", plans).created == 2
    assert brought(archive, "plans", plans).same == 2
    assert [archive.get(Plan, uid).step for uid in archive.select("plans")] == ["call", "tidy the list"]
