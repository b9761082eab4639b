"""Test that the headers of many programs are mapped to the expected fields."""

import pytest

from archive.errors import UsageError
from archive.exchange.headers.synonyms import normal
from archive.exchange.mapping import fingerprint, guess_table, map_columns
from archive.model.tables import STORED


def mapped(header, samples=(), table="customers", **more):
    found = map_columns(table, header, samples, **more)
    return {
        target.header: (str(target.place) if target.place else None)
        + (f" {target.label}" if target.label else "")
        if target.place
        else None
        for target in found.targets
    }


@pytest.mark.parametrize(
    ("header", "path"),
    [
        ("first_name", "given_name"),
        ("FirstName", "given_name"),
        ("LAST NAME", "family_name"),
        ("Vorname", "given_name"),
        ("姓名", "full_name"),
        ("手机", "phones.1.value mobile"),
        ("E-mail", "emails.1.value"),
        ("email_work", "emails.1.value work"),
        ("phone_home", "phones.1.value home"),
        ("Telefon geschäftlich", "phones.1.value work"),
        ("Business Fax", "phones.1.value fax"),
        ("BillingPostalCode", "addresses.1.postcode billing"),
        ("Home Address", "addresses.1.street home"),
        ("Adress", "addresses.1.street"),
        ("公司", "positions.1.organisation"),
        ("职位", "positions.1.title"),
        ("备注", "background"),
        ("Title", "positions.1.title"),
        ("WeChat", "messengers.1.value WeChat"),
        ("phones.3.label", "phones.3.label"),
        ("since", "customer_since"),
        ("Status", "status"),
        ("Shoe size", "extra.Shoe size"),
        ("Assistant's Phone", "extra.Assistant's Phone"),
        ("street", "addresses.1.street"),
    ],
)
def test_columns_are_recognised(header, path):
    assert mapped([header, "name"], [["x"], ["y"]])[header] == path


def test_phone_columns_are_separate_parts_and_address_columns_one():
    assert mapped(["Phone", "Mobile", "Home Phone", "Home Phone 2", "Street", "City", "Home City"]) == {
        "Phone": "phones.1.value",
        "Mobile": "phones.2.value mobile",
        "Home Phone": "phones.3.value home",
        "Home Phone 2": "phones.4.value home",
        "Street": "addresses.1.street",
        "City": "addresses.1.city",
        "Home City": "addresses.2.city home",
    }


def test_numbering_continues_after_numbered_keys():
    assert mapped(["Mobile", "phones.2.value"])["Mobile"] == "phones.3.value mobile"


def test_a_second_column_for_a_field_becomes_extra():
    found = mapped(["company_name", "company", "name", "Full name", "Notes", "notes"])
    assert found["company_name"] == "positions.1.organisation"
    assert found["company"] == "extra.company"
    assert found["Full name"] == "extra.Full name"
    assert found["notes"] == "extra.notes"


def test_extra_columns_of_the_same_name_are_renamed():
    found = mapped(["extra.Route", "Route", "Route 2"])
    assert found == {
        "extra.Route": "extra.Route",
        "Route": "extra.Route (2)",
        "Route 2": "extra.Route 2",
    }


def test_googles_column_groups_are_combined():
    header = [
        "First Name",
        "E-mail 1 - Label",
        "E-mail 1 - Value",
        "Phone 1 - Value",
        "Address 1 - City",
        "Labels",
        "Custom Field 1 - Value",
    ]
    found = map_columns("customers", header)
    assert found.layout == "google"
    paths = [str(target.place) for target in found.targets]
    assert paths == [
        "given_name",
        "emails.1.label",
        "emails.1.value",
        "phones.1.value",
        "addresses.1.city",
        "tags",
        "extra.Custom Field 1 - Value",
    ]
    assert not any(target.label for target in found.targets)


def test_outlooks_title_is_a_salutation():
    found = mapped(["Title", "First Name", "Job Title", "Business Street", "Home Street", "E-mail 2 Address"])
    assert found["Title"] == "salutation"
    assert found["Job Title"] == "positions.1.title"
    assert found["Business Street"] == "addresses.1.street work"
    assert found["E-mail 2 Address"] == "emails.1.value"


def test_a_file_of_companies_creates_organisations():
    for header, name in (
        (["Company name", "City", "Industry"], "Company name"),
        (["Name", "Annual revenue"], "Name"),
    ):
        found = map_columns("customers", header)
        assert found.constants == {"kind": "organisation"}
        assert str(found.targets[0].place) == "full_name"
        assert found.targets[0].header == name
    assert map_columns("customers", ["Name", "Company"]).constants == {}


def test_a_column_of_e_mail_addresses_is_recognised_by_its_values():
    assert mapped(["Name", "X"], [["a"], ["a@b.example", "", "c@d.example"]])["X"] == "emails.1.value"
    assert mapped(["Name", "X"], [["a"], ["a@b.example", "no"]])["X"] == "extra.X"


def test_a_list_in_one_cell_is_json_or_its_main_part():
    assert mapped(["phones"], [['[{"value":"1"}]']])["phones"] == "phones"
    assert mapped(["phones"], [["0171 1"]])["phones"] == "phones.1.value"
    assert mapped(["windows"], [["Mon 9-17"]])["windows"] == "windows"


def test_user_choices_override_everything():
    found = mapped(
        ["Name", "Shop", "Code"],
        chosen={"Shop": "positions.1.title", "Name": "-", "code": "phone"},
        saved={"Code": "grade", "Shop": "grade"},
    )
    assert found == {"Name": None, "Shop": "positions.1.title", "Code": "phones.1.value"}
    assert mapped(["A", "B"], saved={"A": "full_name"})["A"] == "full_name"
    assert mapped(["A"], chosen={"A": "extra"})["A"] == "extra.A"
    assert mapped(["A"], chosen={"A": "extra.Other"})["A"] == "extra.Other"
    assert mapped(["A", "name"], chosen={"A": "Company"})["A"] == "positions.1.organisation"


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"Nmae": "full_name"}, "no column Nmae"),
        ({"Name": "ful_name"}, "There is no field ful_name"),
        ({"Name": "qqqq"}, "There is no field qqqq"),
        ({"Name": "grade", "Other": "grade"}, "Two columns are mapped to grade"),
    ],
)
def test_an_impossible_choice_is_refused(chosen, sentence):
    with pytest.raises(UsageError, match=sentence):
        map_columns("customers", ["Name", "Other"], chosen=chosen)


def test_links_are_one_column_or_code_and_name():
    found = mapped(["customer", "customer.code", "customer.name"], table="transactions")
    assert found == {
        "customer": "customer",
        "customer.code": "extra.customer.code",
        "customer.name": "extra.customer.name",
    }
    found = mapped(["customer.code", "customer.name", "customer"], table="transactions")
    assert found["customer"] == "extra.customer"


@pytest.mark.parametrize(
    ("header", "table"),
    [
        (["id", "code", "name", "category"], "products"),
        (["id", "customer.code", "at", "summary"], "interactions"),
        (["id", "customer.code", "on", "note"], "transactions"),
        (["id", "full_name", "kind"], "customers"),
        (["_line", "_error", "id", "full_name", "kind"], "customers"),
        (["Date", "Customer", "Item", "Qty"], "transactions"),
        (["日期", "客户", "金额"], "transactions"),
        (["Lineitem quantity", "Lineitem name", "Name"], "transactions"),
        (["Date", "Name"], "customers"),
        (["code", "name", "usual price"], "products"),
        (["code", "name", "unit", "price"], "products"),
        (["Artikelnummer", "Bezeichnung", "Preis"], "products"),
        (["code", "name", "unit", "price", "e-mail"], "customers"),
        (["Code", "Name"], "customers"),
        (["Name", "Unit"], "customers"),
        (["Anything"], "customers"),
    ],
)
def test_the_record_type_is_detected(header, table):
    assert guess_table(header) == table


def test_only_headers_consisting_of_keys_are_our_export():
    assert map_columns("customers", ["id", "full_name", "extra.A", "phones.1.value"]).ours
    assert map_columns("customers", ["id", "姓名", "电话.1.号码"]).ours
    assert not map_columns("customers", ["id", "full_name", "Phone"]).ours


def test_files_of_the_same_program_have_the_same_fingerprint():
    header = ["Name", "Phone"]
    assert fingerprint("customers", header) == fingerprint("customers", ["_line", "_error", *header])
    assert fingerprint("customers", header) != fingerprint("products", header)
    assert fingerprint("customers", header) != fingerprint("customers", ["Phone", "Name"])


def test_header_words_are_compared_without_punctuation():
    assert normal("E-Mail_Adresse (privat)") == normal("e mail adresse privat")
    assert normal("ＰＨＯＮＥ") == "phone"


# Former labels of fields, which users' existing files still contain.
FORMER = {
    "customers": {
        "Loyalty step": "loyalty_step",
        "What binds them": "binds",
        "Lost on": "lost_on",
        "On whose advice": "lost_on_advice_of",
        "Won back on": "won_back_on",
        "May be kept": "may_keep",
        "May be contacted": "may_contact",
        "Allowed on": "allowed_on",
        "How allowed": "allowed_how",
        "Parent": "parent",
        "Needs from service": "service_need",
        "Unspoken requests": "unspoken_requests",
        "Likes to deal with": "likes_to_deal_with",
        "Obstacles between us": "obstacles",
        "Contact every, days": "rhythm_ideal",
        "At the latest, days": "rhythm_longest",
        "Why": "next_contact_why",
        "Contact snoozed to": "not_before",
    },
    "transactions": {"Due on": "due_on", "Expected on": "expected_on"},
    "interactions": {"At": "at", "Follow-up on": "follow_up_on", "Follow-up done on": "follow_up_done_on"},
    "plans": {"Step": "step", "Due on": "due_on", "Done on": "done_on"},
    "contracts": {
        "Begins on": "start",
        "Ends on": "end",
        "Renews by itself": "renews",
        "Wording": "terms_text",
    },
    "wallets": {"Total spending": "total", "Known on": "as_of"},
    "campaigns": {"Begins on": "start", "Ends on": "end", "Held back": "held_back"},
    "settings": {"Losses known since": "observed_since"},
}


@pytest.mark.parametrize("table", FORMER)
def test_headers_with_labels_of_the_previous_version_are_recognised(table):
    header = list(FORMER[table])
    assert [mapped([name], table=table)[name] for name in header] == list(FORMER[table].values())


@pytest.mark.parametrize("table", STORED)
def test_headers_with_labels_are_recognised(table):
    for key, field in STORED[table].FIELDS.items():
        if field.type.family != "list" and key != "follow_up":  # in other programs, "Follow-up" is a date
            assert mapped([field.label], table=table)[field.label] == key


def test_a_last_date_is_not_a_lost_date():
    assert mapped(["Name", "Last date"])["Last date"] == "extra.Last date"
