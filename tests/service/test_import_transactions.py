"""Test importing transactions and activities, and linking the customers and products they name."""

from imported import bring, codes_of, counts, customers, new_records, plan_of

from archive.model.records.customer import Customer
from archive.service.own_settings import changed


def test_equal_purchases_are_counted(archive):
    bring(archive, "Name", "Ann")
    twice = ("Date,Customer,Item,Total", *["2026-01-01,Ann,Rice,5"] * 2)
    assert counts(bring(archive, *twice)) == (2, 0, 0, 0)
    assert counts(plan_of(archive, *twice)) == (0, 0, 2, 0)
    assert counts(plan_of(archive, *twice, twice[1])) == (1, 0, 2, 0)
    assert counts(
        plan_of(archive, "Date,Customer,Item,Total", "2026-01-01,Ann,Rice,6", "2026-01-02,Ann,Rice,5")
    ) == (2, 0, 0, 0)


def test_a_purchase_with_fewer_values_matches_an_existing_purchase(archive):
    bring(archive, "Name", "Ann")
    bring(archive, "Date,Customer,Total,Note,X", "2026-01-01,Ann,5,first,1", "2026-01-01,Ann,5,,2")
    assert counts(
        plan_of(archive, "Date,Customer,Total,Note", "2026-01-01,Ann,5.00,", "2026-01-01,Ann,5,first")
    ) == (0, 0, 2, 0)
    assert counts(plan_of(archive, "Date,Customer,Total,X", "2026-01-01,Ann,5,3")) == (1, 0, 0, 0)


def test_activities_are_imported_too(archive):
    bring(archive, "Name", "Ann")
    lines = ("Date,Customer,Channel,Subject", "2026-01-01 10:30,Ann,phone,price talk")
    assert counts(bring(archive, *lines, table="interactions")) == (1, 0, 0, 0)
    assert counts(plan_of(archive, *lines, table="interactions")) == (0, 0, 1, 0)


def test_transactions_match_by_id(archive):
    bring(archive, "Name", "Ann")
    bring(archive, "Date,Customer,Total", "2026-01-01,Ann,5")
    (uid,) = archive.uids("transactions")
    new = "0123456789abcdef"
    plan = plan_of(
        archive,
        "id,on,customer.name,amount,note",
        f"{uid},,,,hello",
        f"{new},2026-01-01,Ann,5,",
        f"{new},2026-01-01,Ann,5,",
    )
    assert counts(plan) == (1, 1, 0, 1)
    assert {change.uid for change in plan.changes} == {uid, new}


def test_an_unknown_customer_is_rejected_or_created(archive):
    lines = ("Date,Customer,Total", "2026-01-01,North,5", "2026-01-02,north,6", ",South,1")
    plan = plan_of(archive, *lines)
    assert codes_of(r.error for r in plan.rejects) == ["unknown-record", "unknown-record", "unknown-record"]
    assert "--create-customers" in plan.rejects[0].error.sentence
    plan = bring(archive, *lines, create_customers=True, sets={"customer.kind": "organisation"})
    assert counts(plan) == (2, 0, 0, 1)
    assert plan.customers_created == 1
    (raw,) = customers(archive)
    assert (raw["code"], raw["full_name"], raw["kind"]) == ("North", "North", "organisation")
    assert counts(plan_of(archive, *lines))[2] == 2
    archive.undo()
    assert archive.count("customers") == archive.count("transactions") == 0


def test_a_customer_is_created_with_both_code_and_name(archive):
    plan = bring(
        archive, "Date,customer.code,customer.name,Total", "2026-01-01,K1,Ann,5", create_customers=True
    )
    assert plan.customers_created == 1
    assert (customers(archive)[0]["code"], customers(archive)[0]["full_name"]) == ("K1", "Ann")


def test_an_ambiguous_name_is_not_guessed(archive):
    bring(archive, "Name,City,E-mail", "Ann,Bonn,a@x.example", "Ann,Köln,b@x.example")
    plan = plan_of(
        archive, "Date,Customer,Total", "2026-01-01,Ann,5", "2026-01-01,c-00001,5", create_customers=True
    )
    assert counts(plan) == (1, 0, 0, 1)
    assert "Several" in plan.rejects[0].error.sentence
    assert bring(archive, "Name,Referred by", "Eve,Ann").created == 1
    assert customers(archive)[-1]["referred_by"] == {"name": "Ann"}


def test_known_products_are_linked_and_unknown_products_stay_names(archive):
    bring(archive, "Name", "Ann")
    bring(archive, "code,name", "R1,Rice", table="products")
    plan = plan_of(
        archive,
        "on,customer.name,product.code,product.name",
        "2026-01-01,Ann,R1,Rice",
        "2026-01-02,Ann,R2,Tea",
        "2026-01-03,Ann,,Rice",
        "2026-01-04,Ann,R3,",
    )
    (rice,) = archive.uids("products")
    assert [raw["product"] for raw in new_records(plan)] == [
        rice,
        {"name": "Tea", "code": "R2"},
        {"name": "Rice"},
        {"name": "R3"},
    ]


def test_records_of_one_file_can_refer_to_each_other(archive):
    lines = (
        "code,full_name,referred_by.code,referred_by.name",
        "A,Ann,B,Bob",
        "B,Bob,X,Xavier",
        "C,Carl,D,Dora",
        "D,,,",
    )
    plan = bring(archive, *lines)
    assert counts(plan) == (3, 0, 0, 1)
    ann, bob, carl = customers(archive)
    assert ann["referred_by"] == bob["uid"]
    assert bob["referred_by"] == {"name": "Xavier", "code": "X"}
    assert carl["referred_by"] == {"name": "D"}  # the row of D was rejected
    plan = plan_of(
        archive,
        "code,full_name,positions.1.organisation.code,positions.1.organisation.name",
        "E,Eve,F,Firm",
        "F,,,",
    )
    assert new_records(plan)[0]["positions"] == [{"organisation": {"name": "F"}}]


def test_a_row_without_a_currency_gets_the_customers_currency_and_matches_when_reimported(archive):
    rows = [
        "customer,date,quantity,unit price,amount,currency",
        "Ann,2026-10-01,3,33.5,,",
        "Ann,2026-10-02,,,5,USD",
    ]
    bring(archive, "name,kind,currency", "Ann,organisation,JPY", table="customers")
    plan = bring(archive, *rows, table="transactions")
    assert plan.notes[-1] == "1 row has no currency: JPY is used."
    (_other, uid) = archive.children("transactions", archive.find(Customer, "Ann").uid)
    assert (archive.raw("transactions", uid)["amount"], archive.raw("transactions", uid)["currency"]) == (
        "101",
        "JPY",
    )
    assert counts(bring(archive, *rows, table="transactions"))[0] == 0
    archive.edit("customers", archive.find(Customer, "Ann").uid, currency="KWD")
    assert counts(bring(archive, *rows, table="transactions"))[0] == 0


def test_an_import_without_any_currency_explains_how_to_set_one(archive):
    archive.save(changed(archive.own, {"currency": None}))
    bring(archive, "name,kind", "Bo,organisation", table="customers")
    plan = bring(archive, "customer,date,amount", "Bo,2026-10-01,5", table="transactions")
    assert "set a home currency" in plan.notes[-1]
    (uid,) = archive.children("transactions", archive.find(Customer, "Bo").uid)
    assert "currency" not in archive.raw("transactions", uid)


def test_a_row_of_unknown_type_is_rejected_rather_than_imported_as_an_order(archive):
    bring(archive, "Name", "Ann")
    rows = ("Date,Customer,Type,Total", *(f"2026-01-0{n},Ann,{word},5" for n, word in enumerate(WORDS, 1)))
    plan = bring(archive, *rows)
    assert counts(plan) == (5, 0, 0, 2)
    assert codes_of(reject.error for reject in plan.rejects) == ["odd-choice"] * 2
    kinds = archive.columns("transactions", ("type",))["type"]
    assert sorted(kinds) == ["invoice", "order", "payment", "return", "return"]


WORDS = ("Gutschriften", "CREDIT-NOTE", "Zahlung", "Rechnung", "", "Storno", "Void")
