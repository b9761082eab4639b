"""What an import makes of rows: found again, merged, new, suggested or rejected, and written as one change."""

import json

import pytest

from archive.errors import ArchiveError, UsageError
from archive.exchange.cells import Ambiguous
from archive.service.importing import Cancelled, ImportOptions, apply, look, read_plan
from archive.service.mapping_store import kept, mapping_path


def csv(*lines):
    return "\n".join(lines).encode()


def plan_of(archive, *lines, **options):
    return read_plan(archive, csv(*lines), ImportOptions(**options))


def bring(archive, *lines, **options):
    plan = plan_of(archive, *lines, **options)
    apply(archive, plan)
    return plan


def counts(plan):
    assert plan.rows == plan.created + plan.updated + plan.same + plan.rejected
    return plan.created, plan.updated, plan.same, plan.rejected


def customers(archive):
    return [dict(archive.kept("customers", uid)) for uid in archive.uids("customers")]


def one(archive, *lines, **options):
    """The only customer that a file makes."""
    plan = bring(archive, *lines, **options)
    assert [reject.error for reject in plan.rejects] == []
    (raw,) = customers(archive)
    return {key: value for key, value in raw.items() if key not in ("uid", "code")}


def codes_of(issues):
    return [issue.code for issue in issues]


# What becomes of cells


def test_a_contact_is_made_of_its_columns(archive):
    raw = one(
        archive,
        "First name,Last name,Company,Job Title,E-mail,phone_home,Mobile,Street,City,Birthday,Notes,Shoe size",
        "Ann,Bell,North,Buyer,ann@x.example,0171 1,0171 2,Lane 3,Bonn,--04-03,likes tea,38",
    )
    assert raw == {
        "kind": "person",
        "full_name": "Ann Bell",
        "family_name": "Bell",
        "given_name": "Ann",
        "phones": [{"value": "0171 1", "label": "home"}, {"value": "0171 2", "label": "mobile"}],
        "emails": [{"value": "ann@x.example"}],
        "addresses": [{"street": "Lane 3", "city": "Bonn"}],
        "birthday": "--04-03",
        "positions": [{"organisation": {"name": "North"}, "title": "Buyer"}],
        "background": "likes tea",
        "extra": {"Shoe size": "38"},
    }


@pytest.mark.parametrize(
    ("header", "row", "name", "kind"),
    [
        ("姓,名", "王,建国", "王建国", "person"),
        ("姓,名", "Smith,Ann", "Ann Smith", "person"),
        ("First name,E-mail,Company", ",a@x.example,", "a@x.example", "person"),
        ("First name,Company", ",North Ltd", "North Ltd", "organisation"),
        ("Company,City", "North Ltd,Bonn", "North Ltd", "organisation"),
        ("Name,Industry", "North Ltd,Food", "North Ltd", "organisation"),
    ],
)
def test_every_row_gets_a_name_and_a_kind(archive, header, row, name, kind):
    raw = one(archive, header, row)
    assert (raw["full_name"], raw["kind"]) == (name, kind)


def test_a_row_that_names_nobody_is_rejected(archive):
    plan = plan_of(archive, "First name,City", ",Bonn")
    assert codes_of(reject.error for reject in plan.rejects) == ["needed"]


def test_a_title_without_its_organisation_and_a_label_without_a_value_make_no_part(archive):
    raw = one(archive, "Name,Job Title,phones.1.label", "Ann,Buyer,work")
    assert raw == {"kind": "person", "full_name": "Ann", "extra": {"Job Title": "Buyer"}}


def test_google_joins_values_and_stars_the_preferred(archive):
    raw = one(
        archive,
        "Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Labels",
        "Ann,* Work,a@x.example ::: b@x.example,*,1,* myContacts ::: Friends",
    )
    assert raw["emails"] == [
        {"value": "a@x.example", "label": "Work", "preferred": True},
        {"value": "b@x.example", "label": "Work", "preferred": True},
    ]
    assert raw["phones"] == [{"value": "1", "preferred": True}]
    assert raw["tags"] == ["myContacts", "Friends"]


def test_a_list_may_stand_in_one_cell(archive):
    raw = one(
        archive,
        "full_name,kind,phones,windows,emails",
        'Ann,person,"[{""value"":""1""}]",Mon 9-17,',
    )
    assert raw["phones"] == [{"value": "1"}]
    assert raw["windows"] == [{"days": [0], "start": "09:00", "end": "17:00"}]


def test_what_a_field_cannot_take_goes_to_extra_with_a_warning(archive):
    plan = bring(
        archive,
        "Name,Status,E-mail,Birthday,Employees,Phone,Country",
        "Ann,hot,not an address,sometime,ten,none,Chile",
        "Bob,,,,,,",
    )
    assert counts(plan) == (2, 0, 0, 0)
    assert codes_of(plan.warnings) == ["odd-choice", *["odd-value"] * 4]
    assert customers(archive)[0]["extra"] == {
        "Status": "hot",
        "E-mail": "not an address",
        "Birthday": "sometime",
        "Employees": "ten",
        "Phone": "none",
    }
    assert all(issue.line == 2 and issue.sentence for issue in plan.warnings)


def test_a_column_without_a_field_keeps_nothing_of_a_blank_cell(archive):
    plan = bring(archive, "Name,Shoe size", "Ann, ", "Bob, 38 ")
    assert plan.warnings == []
    assert [raw.get("extra", {}) for raw in customers(archive)] == [{}, {"Shoe size": "38"}]


def test_digits_that_excel_has_shortened_reject_the_row(archive):
    plan = plan_of(archive, "Name,Phone", "Ann,1.38E+10", "Bob,0171 1")
    assert counts(plan) == (1, 0, 0, 1)
    assert (plan.rejects[0].line, plan.rejects[0].error.code) == (2, "shortened")
    assert "Excel" in plan.rejects[0].error.sentence
    assert plan.rejects[0].cells == ["Ann", "1.38E+10"]


def test_rows_that_are_too_long_or_too_short_are_told(archive):
    plan = plan_of(archive, "Name,City,Grade", "Ann,Bonn", "Bob,Bonn,A,x", "Carl,Bonn,B", ",,")
    assert counts(plan) == (2, 0, 0, 1)
    assert codes_of(plan.warnings) == ["short-row"]
    assert codes_of(reject.error for reject in plan.rejects) == ["long-row"]


def test_a_row_that_is_too_long_is_rejected_in_the_smallest_file_too(archive):
    plan = plan_of(archive, "Name,Phone", "Ann,1,2")
    assert (plan.header, codes_of(reject.error for reject in plan.rejects)) == (
        ["Name", "Phone"],
        ["long-row"],
    )
    plan = plan_of(archive, "_line,_error,Name,Phone", "2,too long,Ann,x,y", "3,too long,Bob,x,y")
    assert codes_of(reject.error for reject in plan.rejects) == ["long-row"] * 2


def test_lines_around_the_table_are_listed(archive):
    plan = plan_of(archive, "My contacts", "Name,City", "Ann,Bonn", "", "1 row")
    assert [(line.line, line.text) for line in plan.ignored] == [(1, "My contacts"), (5, "1 row")]


def test_dates_and_numbers_are_decided_by_the_whole_column(archive):
    bring(archive, "Name", "Ann")
    plan = plan_of(archive, "Date;Customer;Price;Qty", "13.04.2026;Ann;1.234,50;1", "01.02.2026;Ann;3,00;2")
    found = sorted(change.new["on"] for change in plan.changes)
    assert found == ["2026-02-01", "2026-04-13"]
    assert {change.new["unit_price"] for change in plan.changes} == {"1234.5", "3"}


@pytest.mark.parametrize(
    ("lines", "option", "column", "choices"),
    [
        (("Date,Customer,Qty", "01/02/2026,Ann,1"), "date_order", "Date", ("dmy", "mdy", "ymd")),
        (
            ("Date,Customer,Qty", "13/02/2026,Ann,1", "02/13/2026,Ann,1"),
            "date_order",
            "Date",
            ("dmy", "mdy", "ymd"),
        ),
        (("Date,Customer,Qty", '2026-01-01,Ann,"1,234"'), "decimal", "Qty", (".", ",")),
        (("on,customer,amount", "01/02/2026,Ann,1"), "date_order", "on", ("dmy", "mdy", "ymd")),
        (("on,customer,amount", '2026-01-01,Ann,"1,234"'), "decimal", "amount", (".", ",")),
        (("on,customer,amount,cost", '2026-01-01,Ann,1.234,"1,50"'), "decimal", "amount", (".", ",")),
        (("Date,Customer,Qty", "2026-01-01,Ann,1.5", '2026-01-01,Ann,"1,5"'), "decimal", "Qty", (".", ",")),
    ],
)
def test_what_the_column_leaves_open_is_asked_for(archive, lines, option, column, choices):
    with pytest.raises(Ambiguous) as asked:
        plan_of(archive, *lines)
    error = asked.value
    assert (error.code, error.option, error.column, error.choices) == (65, option, column, choices)
    assert error.samples
    bring(archive, "Name", "Ann")
    assert plan_of(archive, *lines, **{option: choices[0]}).rows == len(lines) - 1


def test_numbers_of_an_export_are_not_asked_for(archive):
    bring(archive, "Name", "Ann")
    plan = plan_of(archive, "on,customer,amount", "2026-01-02,Ann,1.234")
    assert [raw["amount"] for raw in plan.new_records] == ["1.234"]


def test_a_date_that_is_the_same_either_way_is_not_asked_for(archive):
    assert one(archive, "Name,Birthday,since", "Ann,5/5/1990,0/0/0000")["birthday"] == "1990-05-05"


def test_a_date_that_excel_left_as_a_count_is_read(archive):
    assert one(archive, "Name,Customer since", "Ann,45000")["customer_since"] == "2023-03-15"


def test_a_day_without_a_year_is_not_completed(archive):
    raw = one(archive, "Name,Customer since", "Ann,Apr 3")
    assert "customer_since" not in raw
    assert raw["extra"] == {"Customer since": "Apr 3"}


def test_an_amount_names_its_currency_or_the_settings_do(archive):
    bring(archive, "Name", "Ann")
    plan = bring(
        archive,
        "Date,Customer,Total,Cost",
        "2026-01-01,Ann,$12.50,",
        "2026-01-02,Ann,7,",
        "2026-01-03,Ann,$1,€2",
    )
    kept_ones = sorted((raw["on"], raw["amount"], raw["currency"]) for raw in plan.new_records)
    assert kept_ones == [("2026-01-01", "12.5", "USD"), ("2026-01-02", "7", "EUR")]
    assert codes_of(reject.error for reject in plan.rejects) == ["two-currencies"]
    assert plan.notes == ["1 row names no currency: EUR was taken."]


def test_a_missing_amount_is_worked_out(archive):
    bring(archive, "Name", "Ann")
    plan = plan_of(archive, "Date,Customer,Qty,Price,Discount", "2026-01-01,Ann,3,2.50,10%")
    assert [raw["amount"] for raw in plan.new_records] == ["6.75"]
    assert [raw["type"] for raw in plan.new_records] == ["order"]


def test_a_worked_out_amount_that_cannot_be_kept_rejects_a_dealing(archive):
    bring(archive, "Name", "Ann")
    plan = plan_of(archive, "Date,Customer,Qty,Price", f"2026-01-01,Ann,{'9' * 20},{'9' * 20}")
    assert codes_of(reject.error for reject in plan.rejects) == ["odd-value"]
    assert "28 digits" in plan.rejects[0].error.sentence


def test_figures_that_cannot_be_read_reject_a_dealing(archive):
    bring(archive, "Name", "Ann")
    plan = plan_of(
        archive, "Date,Customer,Qty", "2026-01-01,Ann,lots", "never,Ann,1", ",Ann,1", "2026-01-01,,1"
    )
    assert codes_of(reject.error for reject in plan.rejects) == ["odd-value", "odd-value", "needed", "needed"]


# Matching


def test_the_same_file_twice_changes_nothing(archive):
    lines = (
        "id,Name,E-mail,Phone",
        "1,Ann,a@x.example,",
        "2,Ann,b@x.example,",
        "3,Bob,,0171 1",
        "4,Carl,,",
        ",Dora,,",
    )
    assert counts(bring(archive, *lines)) == (5, 0, 0, 0)
    again = plan_of(archive, *lines)
    assert counts(again) == (0, 0, 5, 0)
    assert apply(archive, again) is None
    assert len(archive.history()) == 1
    assert customers(archive)[0]["extra"] == {"id": "1"}


def test_an_address_counts_only_with_the_name(archive):
    bring(archive, "Name,E-mail,Phone", "Ann,office@x.example,+49 228 1234567")
    plan = plan_of(archive, "Name,E-mail,Phone", "Bob,office@x.example,", "Carl,,0228 1234567", region="DE")
    assert counts(plan) == (2, 0, 0, 0)
    assert plan.duplicates == 2
    assert {(found.name, found.other, found.why) for found in plan.suggestions} == {
        ("Bob", "Ann", "same e-mail"),
        ("Carl", "Ann", "same phone"),
    }
    same = plan_of(archive, "Name,E-mail,Phone", "ANN,OFFICE@x.example,", "Ann,,0228 1234567", region="DE")
    assert same.created == 0
    assert plan_of(archive, "E-mail", "office@x.example").created == 0


def test_a_name_in_two_columns_counts_like_one(archive):
    bring(archive, "First name,Last name,E-mail", "Ann,Bell,office@x.example")
    plan = plan_of(
        archive, "First name,Last name,E-mail", "Bob,Bell,office@x.example", "ann,bell,office@x.example"
    )
    assert (plan.created, plan.updated + plan.same, plan.duplicates) == (1, 1, 1)
    plan = plan_of(archive, "First name,Last name,City", "Ann,Bell,Bonn")
    assert (plan.created, plan.duplicates) == (1, 1)
    assert plan_of(archive, "full_name,emails.1.value", ",office@x.example").created == 0


def test_a_phone_without_a_region_is_compared_by_its_digits(archive):
    bring(archive, "Name,Phone", "Ann,0228-1234567")
    assert counts(plan_of(archive, "Name,Phone", "Ann,0228 123 45 67"))[0] == 0
    assert counts(plan_of(archive, "Name,Phone,City", "Ann,0229 1234567,Bonn"))[0] == 1


def test_a_name_counts_with_its_organisation(archive):
    bring(archive, "Name,Company", "Ann,North", "Bob,")
    assert counts(plan_of(archive, "Name,Company,City", "Ann,NORTH,Bonn")) == (0, 1, 0, 0)
    plan = plan_of(archive, "Name,Company,City", "Ann,South,Bonn", "Bob,,Bonn")
    assert counts(plan) == (2, 0, 0, 0)
    assert plan.duplicates == 2


def test_the_same_name_with_another_foreign_id_is_somebody_else(archive):
    bring(archive, "id,Name,Company", "1,Ann,North")
    plan = plan_of(archive, "id,Name,Company", "2,Ann,North", "1,Ann,South")
    assert (plan.created, plan.same) == (1, 1)


def test_organisations_are_known_by_their_names(archive):
    bring(archive, "Company,City", "North,Bonn")
    assert counts(plan_of(archive, "Company,Website", "North,north.example")) == (0, 1, 0, 0)


def test_a_code_decides_with_the_name_and_is_only_a_suggestion_without(archive):
    bring(archive, "Code,Name", "K1,Ann", "K2,Bob")
    plan = plan_of(archive, "Code,Name,City", "K1,Ann,Bonn", "K2,Carl,Bonn", "K3,Dora,Bonn")
    assert counts(plan) == (1, 1, 0, 1)
    assert plan.rejects[0].error.code == "code-taken"
    assert plan.duplicates == 1
    assert "K2" in plan.rejects[0].error.sentence


def test_a_foreign_code_stands_beside_ours(archive):
    bring(archive, "Name,E-mail", "Ann,a@x.example")
    lines = ("Code,Name,E-mail", "K9,Ann,a@x.example")
    assert counts(bring(archive, *lines)) == (0, 1, 0, 0)
    assert customers(archive)[0]["code"] == "C-00001"
    assert customers(archive)[0]["extra"] == {"code": "K9"}
    assert counts(plan_of(archive, *lines)) == (0, 0, 1, 0)


def test_our_ids_come_first(archive):
    bring(archive, "Name", "Ann")
    uid = customers(archive)[0]["uid"]
    other = "0123456789abcdef"
    plan = bring(
        archive,
        "id,full_name,code",
        f"{uid},Anna,",
        f"{other},Bob,B1",
        "odd,Carl,",
        f"{uid},Ann,",
        merge="overwrite",
    )
    assert counts(plan) == (1, 1, 0, 2)
    assert codes_of(reject.error for reject in plan.rejects) == ["bad-id", "same-id"]
    assert archive.kept("customers", uid)["full_name"] == "Anna"
    assert archive.kept("customers", other)["code"] == "B1"
    taken = plan_of(archive, "id,full_name,code", f"{uid},,B1", merge="overwrite")
    assert codes_of(reject.error for reject in taken.rejects) == ["code-taken"]
    taken = plan_of(archive, "id,full_name,code", "fedcba9876543210,Eve,B1")
    assert codes_of(reject.error for reject in taken.rejects) == ["code-taken"]


def test_an_id_of_another_program_goes_to_extra(archive):
    bring(archive, "id,full_name", "17,Ann")
    assert customers(archive)[0]["extra"] == {"id": "17"}


def test_what_matches_can_be_said(archive):
    bring(archive, "Name,E-mail", "Ann,a@x.example")
    assert plan_of(archive, "Name,E-mail", "Ann,a@x.example", match=()).created == 1
    assert plan_of(archive, "Name,E-mail", "Ann,a@x.example", match=("phone",)).created == 1


def test_two_rows_of_one_person_become_one_customer(archive):
    plan = bring(
        archive, "Name,E-mail,City", "Ann,a@x.example,", "Ann,a@x.example,Bonn", "Ann,a@x.example,Bonn"
    )
    assert counts(plan) == (1, 1, 1, 0)
    assert archive.count("customers") == 1


def test_products_are_known_by_code_or_name(archive):
    lines = ("SKU,Product,Price,Unit", "R1,Rice,2.50,bag", "T1,Tea,3,")
    assert counts(bring(archive, *lines, table="products")) == (2, 0, 0, 0)
    assert counts(plan_of(archive, *lines, table="products")) == (0, 0, 2, 0)
    assert counts(plan_of(archive, "Product,Cost", "rice,1.5", "Salt,1.5", table="products")) == (0, 1, 0, 1)
    assert codes_of(
        r.error for r in plan_of(archive, "SKU,Product", "R1,Salt", table="products").rejects
    ) == ["code-taken"]


# Merging


@pytest.mark.parametrize(
    ("merge", "city", "tags", "notes", "grade"),
    [
        ("fill", "Bonn", ["a"], "old", "A"),
        ("overwrite", "Köln", ["b"], "new", "B"),
        ("keep", "Bonn", ["a"], "old", None),
        ("append", "Bonn", ["a", "b"], "old\nnew", "B"),
    ],
)
def test_values_that_differ_are_merged_as_said(archive, merge, city, tags, notes, grade):
    bring(archive, "Name,E-mail,City,Tags,Notes,X", "Ann,a@x.example,Bonn,a,old,1")
    plan = bring(
        archive, "Name,E-mail,City,Tags,Notes,Grade,X", "Ann,a@x.example,Köln,b,new,B,2", merge=merge
    )
    raw = customers(archive)[0]
    assert raw["addresses"][0]["city"] == city
    assert raw["tags"] == tags
    assert raw["background"] == notes
    assert raw.get("grade", None if merge == "keep" else "A") == (None if merge == "keep" else "B")
    assert raw["extra"]["X"] == ("2" if merge == "overwrite" else "1")
    if merge == "append":
        assert raw["addresses"][1] == {"city": "Köln"}
    assert bool(plan.kept) == (merge != "overwrite")
    assert bool(plan.updates) == (merge != "keep")


def test_empty_cells_never_overwrite(archive):
    bring(archive, "Name,E-mail,City,Grade", "Ann,a@x.example,Bonn,A")
    plan = plan_of(archive, "Name,E-mail,City,Grade", "Ann,a@x.example,,", merge="overwrite")
    assert counts(plan) == (0, 0, 1, 0)


def test_a_preview_shows_old_and_new(archive):
    bring(archive, "Name,E-mail,Status", "Ann,a@x.example,prospect")
    plan = plan_of(archive, "Name,E-mail,Status,X", "Ann,a@x.example,active,1", merge="overwrite")
    assert {(d.record, d.field, d.old, d.new) for d in plan.updates} == {
        ("Ann", "status", "prospect", "active"),
        ("Ann", "extra.X", "", "1"),
    }


# Dealings


def test_equal_purchases_are_counted(archive):
    bring(archive, "Name", "Ann")
    twice = ("Date,Customer,Item,Total", *["2026-01-01,Ann,Rice,5"] * 2)
    assert counts(bring(archive, *twice)) == (2, 0, 0, 0)
    assert counts(plan_of(archive, *twice)) == (0, 0, 2, 0)
    assert counts(plan_of(archive, *twice, twice[1])) == (1, 0, 2, 0)
    assert counts(
        plan_of(archive, "Date,Customer,Item,Total", "2026-01-01,Ann,Rice,6", "2026-01-02,Ann,Rice,5")
    ) == (2, 0, 0, 0)


def test_a_purchase_that_says_less_is_one_we_have(archive):
    bring(archive, "Name", "Ann")
    bring(archive, "Date,Customer,Total,Note,X", "2026-01-01,Ann,5,first,1", "2026-01-01,Ann,5,,2")
    assert counts(
        plan_of(archive, "Date,Customer,Total,Note", "2026-01-01,Ann,5.00,", "2026-01-01,Ann,5,first")
    ) == (0, 0, 2, 0)
    assert counts(plan_of(archive, "Date,Customer,Total,X", "2026-01-01,Ann,5,3")) == (1, 0, 0, 0)


def test_contacts_come_in_too(archive):
    bring(archive, "Name", "Ann")
    lines = ("Date,Customer,Channel,Subject", "2026-01-01 10:30,Ann,phone,price talk")
    assert counts(bring(archive, *lines, table="interactions")) == (1, 0, 0, 0)
    assert counts(plan_of(archive, *lines, table="interactions")) == (0, 0, 1, 0)


def test_dealings_are_known_by_our_ids(archive):
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


def test_an_unknown_customer_is_rejected_or_made(archive):
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


def test_a_code_and_a_name_make_a_customer_of_both(archive):
    plan = bring(
        archive, "Date,customer.code,customer.name,Total", "2026-01-01,K1,Ann,5", create_customers=True
    )
    assert plan.customers_created == 1
    assert (customers(archive)[0]["code"], customers(archive)[0]["full_name"]) == ("K1", "Ann")


def test_a_name_that_several_have_is_not_guessed(archive):
    bring(archive, "Name,City,E-mail", "Ann,Bonn,a@x.example", "Ann,Köln,b@x.example")
    plan = plan_of(
        archive, "Date,Customer,Total", "2026-01-01,Ann,5", "2026-01-01,c-00001,5", create_customers=True
    )
    assert counts(plan) == (1, 0, 0, 1)
    assert "Several" in plan.rejects[0].error.sentence
    assert bring(archive, "Name,Referred by", "Eve,Ann").created == 1
    assert customers(archive)[-1]["referred_by"] == {"name": "Ann"}


def test_products_are_linked_where_they_are_and_named_where_not(archive):
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
    assert [raw["product"] for raw in plan.new_records] == [
        rice,
        {"name": "Tea", "code": "R2"},
        {"name": "Rice"},
        {"name": "R3"},
    ]


def test_records_of_one_file_may_name_each_other(archive):
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
    assert carl["referred_by"] == {"name": "D"}  # its row was rejected
    plan = plan_of(
        archive,
        "code,full_name,positions.1.organisation.code,positions.1.organisation.name",
        "E,Eve,F,Firm",
        "F,,,",
    )
    assert plan.new_records[0]["positions"] == [{"organisation": {"name": "F"}}]


# Options


def test_constants_stand_for_columns(archive):
    raw = one(
        archive,
        "Name",
        "Ann",
        sets={"kind": "organisation", "tags": "fair", "extra.Stand": "7", "phones.1.label": "x"},
    )
    assert (raw["kind"], raw["tags"], raw["extra"]) == ("organisation", ["fair"], {"Stand": "7"})
    assert "phones" not in raw


@pytest.mark.parametrize(
    "options",
    [
        {"table": "nope"},
        {"merge": "nope"},
        {"match": ("nope",)},
        {"layout": "nope"},
        {"date_order": "xyz"},
        {"decimal": ";"},
        {"maps": {"Nope": "grade"}},
        {"sets": {"nope": "1"}},
        {"sets": {"customer.phones": "1"}, "table": "transactions"},
        {"sets": {"customer.kind": "robot"}, "table": "transactions"},
    ],
)
def test_options_that_cannot_be_are_usage_errors(archive, options):
    with pytest.raises(UsageError):
        plan_of(archive, "Date,Customer,Total", "2026-01-01,Ann,5", **options)


def test_a_format_or_a_program_can_be_named(archive):
    assert plan_of(archive, "Name", "Ann", layout="csv").created == 1
    assert plan_of(archive, "Name,Country/Region", "Ann,Chile", layout="hubspot").mapped.layout == "hubspot"


def test_too_many_errors_end_the_import(archive):
    with pytest.raises(ArchiveError, match="More than 1 rows") as error:
        plan_of(archive, "Name,Phone", *["Ann,1E+10"] * 5, max_errors=1)
    assert error.value.code == 65
    assert plan_of(archive, "Name,Phone", *["Ann,1E+10"] * 2, max_errors=2).rejected == 2


def test_an_import_can_be_watched_and_stopped(archive):
    steps = []
    data = csv("Name", *(f"N{n}" for n in range(2500)))
    read_plan(archive, data, on_step=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (2500, 2500)
    assert (1000, 2500) in steps
    with pytest.raises(Cancelled):
        read_plan(archive, data, cancelled=lambda: True)
    assert archive.count("customers") == 0


def test_chosen_columns_are_remembered_for_the_next_file(archive):
    lines = ("Name,Blob", "Ann,A")
    bring(archive, *lines, maps={"Blob": "grade"})
    assert kept("customers", ["Name", "Blob"]) == {"Blob": "grade"}
    assert "Ann" not in mapping_path("customers", ["Name", "Blob"]).read_text()
    found = look(csv("Name,Blob", "Bob,B"))
    assert [(column.path, column.how) for column in found.columns] == [
        ("full_name", "word"),
        ("grade", "kept"),
    ]
    mapping_path("customers", ["Name", "Blob"]).write_text("not toml")
    with pytest.raises(ArchiveError, match="kept mapping"):
        look(csv(*lines))


def test_a_mapping_that_cannot_be_kept_does_not_undo_the_import(archive):
    folder = mapping_path("customers", ["Name"]).parent
    folder.parent.mkdir(parents=True)
    folder.write_text("a file is in the way")
    plan = bring(archive, "Name,Blob", "Ann,A", maps={"Blob": "grade"})
    assert archive.count("customers") == 1
    assert any("cannot be" in note for note in plan.notes)


# Plan and apply


def test_a_look_shows_where_columns_go(archive):
    found = look(csv("Name;Mobile;X", "王;1;", "Ann;;y"))
    assert (found.format, found.encoding, found.delimiter) == ("csv", "utf-8", ";")
    assert [(c.header, c.path, c.label, c.filled, c.samples) for c in found.columns] == [
        ("Name", "full_name", "", 2, ["王", "Ann"]),
        ("Mobile", "phones.1.value", "mobile", 1, ["1"]),
        ("X", "extra.X", "", 1, ["y"]),
    ]
    assert found.rows == [["王", "1", ""], ["Ann", "", "y"]]


def test_a_plan_describes_the_columns(archive):
    plan = plan_of(archive, "Name,Phone,Left", "Ann,1E+10,x", "Bob,,y", maps={"Left": "-"})
    assert [(c.header, c.path, c.filled, c.errors) for c in plan.columns] == [
        ("Name", "full_name", 2, 0),
        ("Phone", "phones.1.value", 1, 1),
        ("Left", "", 2, 0),
    ]


def test_nothing_is_written_before_apply_and_one_undo_takes_all_back(archive, path):
    bring(archive, "Name,E-mail", "Ann,a@x.example")
    before = path.read_bytes()
    plan = plan_of(archive, "Name,E-mail,City", "Ann,a@x.example,Bonn", "Bob,,", "Carl,,")
    assert path.read_bytes() == before
    entry = apply(archive, plan)
    assert entry is not None
    assert "2 new, 1 changed" in entry.label
    assert [raw["code"] for raw in customers(archive)] == ["C-00001", "C-00002", "C-00003"]
    archive.undo()
    assert [raw["full_name"] for raw in customers(archive)] == ["Ann"]
    assert "addresses" not in customers(archive)[0]


def test_what_was_edited_meanwhile_is_kept_and_named(archive):
    bring(archive, "Name,E-mail", "Ann,a@x.example", "Bob,b@x.example")
    plan = plan_of(archive, "Name,E-mail,City", "Ann,a@x.example,Bonn", "Bob,b@x.example,Bonn")
    uid = customers(archive)[0]["uid"]
    archive.edit("customers", uid, grade="A")
    apply(archive, plan)
    assert plan.skipped == ["Ann"]
    assert "addresses" not in archive.kept("customers", uid)
    assert "addresses" in customers(archive)[1]


def test_codes_of_the_file_are_not_given_to_others(archive):
    bring(archive, "Code,Name", ",Ann", "C-00001,Bob", ",Carl")
    assert [raw["code"] for raw in customers(archive)] == ["C-00002", "C-00001", "C-00003"]


def test_an_empty_table_is_told(archive):
    plan = plan_of(archive, "Name,City")
    assert counts(plan) == (0, 0, 0, 0)
    assert any("no rows" in note for note in plan.notes)
    assert apply(archive, plan) is None


_UNKEEPABLE = ("[" * 100_000, r'"{""a"":""\u0000""}"', r'"{""a"":""\ud800""}"', r'"{""\u0000"":""a""}"')


@pytest.mark.parametrize("part", [r'{""value"":""1\u0000""}', r'{""value"":""1"",""later"":[""\u0000""]}'])
def test_a_list_that_no_file_could_keep_is_a_warning(archive, part):
    plan = bring(archive, "full_name,kind,phones", f'Ann,person,"[{part}]"', "Bob,person,[]")
    assert (plan.created, codes_of(plan.warnings)) == (2, ["odd-value"])


def test_extra_columns_may_stand_as_json_in_one_cell_or_not_at_all(archive):
    plan = plan_of(archive, "full_name,kind,extra", 'Ann,person,"{""Route"": ""7""}"', "Bob,person,")
    assert [raw.get("extra", {}) for raw in plan.new_records] == [{"Route": "7"}, {}]
    assert (plan.warnings, plan.rejects) == ([], [])


def test_odd_json_in_a_cell_is_a_rejected_row(archive):
    plan = plan_of(
        archive, "full_name,kind,extra", "Ann,person,[1]", 'Bob,person,"{""a"": 1}"', "Carl,person,x"
    )
    assert codes_of(r.error for r in plan.rejects) == ["bad-extra"] * 3
    plan = plan_of(archive, "full_name,kind,extra", *(f"Ann,person,{text}" for text in _UNKEEPABLE))
    assert codes_of(r.error for r in plan.rejects) == ["bad-extra"] * 4
    plan = plan_of(archive, "full_name,kind,product_use", 'Ann,person,"[{""adults"": 2}]"', "Bob,person,[x")
    assert codes_of(plan.warnings) == ["odd-value", "odd-value"]
    assert json.loads(plan.new_records[0]["extra"]["product_use"]) == [{"adults": 2}]
