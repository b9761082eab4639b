"""Test matching rows with existing records, and suggesting possible matches."""

from imported import bring, codes_of, counts, customers, plan_of

from archive.service.importing import apply


def test_importing_a_file_twice_changes_nothing(archive):
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


def test_an_e_mail_or_phone_matches_only_together_with_the_name(archive):
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


def test_a_name_in_two_columns_matches_like_a_full_name(archive):
    bring(archive, "First name,Last name,E-mail", "Ann,Bell,office@x.example")
    plan = plan_of(
        archive, "First name,Last name,E-mail", "Bob,Bell,office@x.example", "ann,bell,office@x.example"
    )
    assert (plan.created, plan.updated + plan.same, plan.duplicates) == (1, 1, 1)
    plan = plan_of(archive, "First name,Last name,City", "Ann,Bell,Bonn")
    assert (plan.created, plan.duplicates) == (1, 1)
    assert plan_of(archive, "full_name,emails.1.value", ",office@x.example").created == 0


def test_without_a_region_phones_are_compared_by_digits(archive):
    bring(archive, "Name,Phone", "Ann,0228-1234567")
    assert counts(plan_of(archive, "Name,Phone", "Ann,0228 123 45 67"))[0] == 0
    assert counts(plan_of(archive, "Name,Phone,City", "Ann,0229 1234567,Bonn"))[0] == 1


def test_a_name_matches_only_within_its_organisation(archive):
    bring(archive, "Name,Company", "Ann,North", "Bob,")
    assert counts(plan_of(archive, "Name,Company,City", "Ann,NORTH,Bonn")) == (0, 1, 0, 0)
    plan = plan_of(archive, "Name,Company,City", "Ann,South,Bonn", "Bob,,Bonn")
    assert counts(plan) == (2, 0, 0, 0)
    assert plan.duplicates == 2


def test_the_same_name_with_another_external_id_is_another_customer(archive):
    bring(archive, "id,Name,Company", "1,Ann,North")
    plan = plan_of(archive, "id,Name,Company", "2,Ann,North", "1,Ann,South")
    assert (plan.created, plan.same) == (1, 1)


def test_organisations_match_by_name(archive):
    bring(archive, "Company,City", "North,Bonn")
    assert counts(plan_of(archive, "Company,Website", "North,north.example")) == (0, 1, 0, 0)


def test_a_code_matches_only_together_with_the_name(archive):
    bring(archive, "Code,Name", "K1,Ann", "K2,Bob")
    plan = plan_of(archive, "Code,Name,City", "K1,Ann,Bonn", "K2,Carl,Bonn", "K3,Dora,Bonn")
    assert counts(plan) == (1, 1, 0, 1)
    assert plan.rejects[0].error.code == "code-taken"
    assert plan.duplicates == 1
    assert "K2" in plan.rejects[0].error.sentence


def test_a_code_of_another_program_goes_to_extra(archive):
    bring(archive, "Name,E-mail", "Ann,a@x.example")
    lines = ("Code,Name,E-mail", "K9,Ann,a@x.example")
    assert counts(bring(archive, *lines)) == (0, 1, 0, 0)
    assert customers(archive)[0]["code"] == "C-00001"
    assert customers(archive)[0]["extra"] == {"code": "K9"}
    assert counts(plan_of(archive, *lines)) == (0, 0, 1, 0)


def test_ids_of_our_own_exports_take_precedence(archive):
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
    assert archive.raw("customers", uid)["full_name"] == "Anna"
    assert archive.raw("customers", other)["code"] == "B1"
    taken = plan_of(archive, "id,full_name,code", f"{uid},,B1", merge="overwrite")
    assert codes_of(reject.error for reject in taken.rejects) == ["code-taken"]
    taken = plan_of(archive, "id,full_name,code", "fedcba9876543210,Eve,B1")
    assert codes_of(reject.error for reject in taken.rejects) == ["code-taken"]


def test_an_id_of_another_program_goes_to_extra(archive):
    bring(archive, "id,full_name", "17,Ann")
    assert customers(archive)[0]["extra"] == {"id": "17"}


def test_the_fields_to_match_by_can_be_chosen(archive):
    bring(archive, "Name,E-mail", "Ann,a@x.example")
    assert plan_of(archive, "Name,E-mail", "Ann,a@x.example", match=()).created == 1
    assert plan_of(archive, "Name,E-mail", "Ann,a@x.example", match=("phone",)).created == 1


def test_two_rows_of_the_same_person_become_one_customer(archive):
    plan = bring(
        archive, "Name,E-mail,City", "Ann,a@x.example,", "Ann,a@x.example,Bonn", "Ann,a@x.example,Bonn"
    )
    assert counts(plan) == (1, 1, 1, 0)
    assert archive.count("customers") == 1


def test_products_match_by_code_or_name(archive):
    lines = ("SKU,Product,Price,Unit", "R1,Rice,2.50,bag", "T1,Tea,3,")
    assert counts(bring(archive, *lines, table="products")) == (2, 0, 0, 0)
    assert counts(plan_of(archive, *lines, table="products")) == (0, 0, 2, 0)
    assert counts(plan_of(archive, "Product,Cost", "rice,1.5", "Salt,1.5", table="products")) == (0, 1, 0, 1)
    assert codes_of(
        r.error for r in plan_of(archive, "SKU,Product", "R1,Salt", table="products").rejects
    ) == ["code-taken"]
