"""Test what imported cells become: fields, list entries, a warning, or a rejected row."""

import json

import pytest
from imported import bring, codes_of, counts, customers, new_records, one, plan_of


def test_a_customer_is_built_from_its_columns(archive):
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
def test_name_and_kind_are_derived_for_every_row(archive, header, row, name, kind):
    raw = one(archive, header, row)
    assert (raw["full_name"], raw["kind"]) == (name, kind)


def test_a_row_without_a_name_is_rejected(archive):
    plan = plan_of(archive, "First name,City", ",Bonn")
    assert codes_of(reject.error for reject in plan.rejects) == ["needed"]


def test_a_title_without_an_organisation_and_a_label_without_a_value_add_no_list_entry(archive):
    raw = one(archive, "Name,Job Title,phones.1.label", "Ann,Buyer,work")
    assert raw == {"kind": "person", "full_name": "Ann", "extra": {"Job Title": "Buyer"}}


def test_googles_joined_values_and_starred_labels_are_parsed(archive):
    raw = one(
        archive,
        "Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Labels",
        "Ann,* Work,a@x.example ::: b@x.example,*,1,* myContacts ::: Friends",
    )
    assert raw["emails"] == [
        {"value": "a@x.example", "label": "Work", "preferred": True},
        {"value": "b@x.example", "label": "Work"},
    ]
    assert raw["phones"] == [{"value": "1", "preferred": True}]
    assert raw["tags"] == ["myContacts", "Friends"]


def test_a_list_can_be_given_in_a_single_cell(archive):
    raw = one(
        archive,
        "full_name,kind,phones,windows,emails",
        'Ann,person,"[{""value"":""1""}]",Mon 9-17,',
    )
    assert raw["phones"] == [{"value": "1"}]
    assert raw["windows"] == [{"days": [0], "start": "09:00", "end": "17:00"}]


def test_invalid_values_go_to_extra_with_a_warning(archive):
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


def test_blank_cells_of_unknown_columns_are_dropped(archive):
    plan = bring(archive, "Name,Shoe size", "Ann, ", "Bob, 38 ")
    assert plan.warnings == []
    assert [raw.get("extra", {}) for raw in customers(archive)] == [{}, {"Shoe size": "38"}]


def test_a_row_with_digits_shortened_by_excel_is_rejected(archive):
    plan = plan_of(archive, "Name,Phone", "Ann,1.38E+10", "Bob,0171 1")
    assert counts(plan) == (1, 0, 0, 1)
    assert (plan.rejects[0].line, plan.rejects[0].error.code) == (2, "shortened")
    assert "Excel" in plan.rejects[0].error.sentence
    assert plan.rejects[0].cells == ["Ann", "1.38E+10"]


def test_a_short_row_is_a_warning_and_a_long_row_is_rejected(archive):
    plan = plan_of(archive, "Name,City,Grade", "Ann,Bonn", "Bob,Bonn,A,x", "Carl,Bonn,B", ",,")
    assert counts(plan) == (2, 0, 0, 1)
    assert codes_of(plan.warnings) == ["short-row"]
    assert codes_of(reject.error for reject in plan.rejects) == ["long-row"]


def test_a_long_row_is_rejected_even_in_a_file_with_a_single_row(archive):
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


# JSON in cells


_UNKEEPABLE = ("[" * 100_000, r'"{""a"":""\u0000""}"', r'"{""a"":""\ud800""}"', r'"{""\u0000"":""a""}"')


@pytest.mark.parametrize("part", [r'{""value"":""1\u0000""}', r'{""value"":""1"",""later"":[""\u0000""]}'])
def test_a_list_entry_that_cannot_be_stored_is_a_warning(archive, part):
    plan = bring(archive, "full_name,kind,phones", f'Ann,person,"[{part}]"', "Bob,person,[]")
    assert (plan.created, codes_of(plan.warnings)) == (2, ["odd-value"])


def test_extra_values_can_be_given_as_json_in_a_single_cell(archive):
    plan = plan_of(archive, "full_name,kind,extra", 'Ann,person,"{""Route"": ""7""}"', "Bob,person,")
    assert [raw.get("extra", {}) for raw in new_records(plan)] == [{"Route": "7"}, {}]
    assert (plan.warnings, plan.rejects) == ([], [])


def test_a_row_with_invalid_json_is_rejected(archive):
    plan = plan_of(
        archive, "full_name,kind,extra", "Ann,person,[1]", 'Bob,person,"{""a"": 1}"', "Carl,person,x"
    )
    assert codes_of(r.error for r in plan.rejects) == ["bad-extra"] * 3
    assert plan.rejects[0].error.sentence.endswith(' Write for example {"Old number": "K-1"}.')
    plan = plan_of(archive, "full_name,kind,extra", *(f"Ann,person,{text}" for text in _UNKEEPABLE))
    assert codes_of(r.error for r in plan.rejects) == ["bad-extra"] * 4
    plan = plan_of(archive, "full_name,kind,product_use", 'Ann,person,"[{""adults"": 2}]"', "Bob,person,[x")
    assert codes_of(plan.warnings) == ["odd-value", "odd-value"]
    assert json.loads(new_records(plan)[0]["extra"]["product_use"]) == [{"adults": 2}]


@pytest.mark.parametrize(
    ("birth", "birthday"),
    [
        ("1960,2,29", "1960-02-29"),
        (",2,29", "--02-29"),
        ("0,2,29", "--02-29"),
        ("1960,2,", "1960-02"),
        ("1960,,", "1960"),
        ("1960,Feb,29", "1960-02-29"),
        (",,", None),
    ],
)
def test_a_birthday_in_three_columns_is_joined(archive, birth, birthday):
    raw = one(archive, "Display Name,Birth Year,Birth Month,Birth Day", f"Ann,{birth}")
    assert raw.get("birthday") == birthday
    assert "extra" not in raw


def test_an_invalid_birthday_goes_to_extra(archive):
    plan = bring(archive, "Display Name,Birth Day,Birth Month,Birth Year", "Ann,5,,", "Bob,31,2,1960")
    assert codes_of(plan.warnings) == ["odd-value", "odd-value"]
    assert [raw["extra"] for raw in customers(archive)] == [{"Birth Day": "5"}, {"Birth Day": "1960-02-31"}]


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Primary Email,Secondary Email,Home Address,Home Address 2,Home City",
        "First Name,Primary Email,Phone,Address Line 1,Address Line 2,City",
        "First Name,Primary Email,Phone,Street,Adresszusatz,City",
        "Given Name,E-mail 1 - Value,Phone,Address 1 - Street,Address 1 - Extended Address,Address 1 - City",
    ],
)
def test_a_second_address_line_is_joined_to_the_street(archive, header):
    raw = one(archive, header, "Ann,ann@x.example,,Weg 1,Hinterhaus,Bonn")
    (address,) = raw["addresses"]
    assert (address["street"], address["city"]) == ("Weg 1, Hinterhaus", "Bonn")
    assert "extra" not in raw


def test_streets_of_two_addresses_are_not_joined(archive):
    raw = one(archive, "Name,Address,Street", "Ann,Weg 1,Pfad 2")
    assert raw["addresses"] == [{"street": "Weg 1"}]
    assert raw["extra"] == {"Street": "Pfad 2"}


@pytest.mark.parametrize(
    ("cell", "addresses"),
    [
        ("a@x.example; b@x.example", ["a@x.example", "b@x.example"]),
        ('"a@x.example, b@x.example"', ["a@x.example", "b@x.example"]),
        ("Ann Bell <a@x.example>", ["a@x.example"]),
        ("mailto:a@x.example", ["a@x.example"]),
    ],
)
def test_e_mail_addresses_are_split_and_stripped_of_names(archive, cell, addresses):
    raw = one(archive, "Name,E-mail", f"Ann,{cell}")
    assert [email["value"] for email in raw["emails"]] == addresses


def test_only_one_of_several_starred_columns_is_preferred(archive):
    header = "Name,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value"
    raw = one(archive, header, "Ann,* Work,a@x.example,* Home,b@x.example")
    assert [email.get("preferred") for email in raw["emails"]] == [True, None]
    plan = bring(archive, "Name,E-mail 1 - Label,E-mail 1 - Value", "Ann,* Old,a@x.example", "Ann,* New,c@x.example",
                 merge="append", match=("name",))  # fmt: skip
    assert plan.rejected == 0
    for raw in customers(archive):
        assert sum(email.get("preferred", False) for email in raw["emails"]) <= 1


@pytest.mark.parametrize("name", ["Sean O'Neil", "SEAN O‘NEIL", "Seán O’Neil"])
def test_names_that_fold_to_the_same_text_match(archive, name):
    bring(archive, "Name,E-mail", "Sean O’Neil,sean@x.example")
    bring(archive, "Name,E-mail", f"{name},sean@x.example")
    bring(archive, "Name", name)
    assert len(customers(archive)) == 1
