"""Test that an import is previewed before it is written, and written as a single change."""

from imported import bring, counts, csv, customers, plan_of

from archive.service.importing import apply, look


def test_the_first_look_shows_the_mapping_of_the_columns(archive):
    found = look(csv("Name;Mobile;X", "王;1;", "Ann;;y"))
    assert (found.format, found.encoding, found.delimiter) == ("csv", "utf-8", ";")
    assert [(c.header, c.path, c.label, c.filled, c.samples) for c in found.columns] == [
        ("Name", "full_name", "", 2, ["王", "Ann"]),
        ("Mobile", "phones.1.value", "mobile", 1, ["1"]),
        ("X", "extra.X", "", 1, ["y"]),
    ]
    assert found.rows == [["王", "1", ""], ["Ann", "", "y"]]


def test_the_preview_describes_the_columns(archive):
    plan = plan_of(archive, "Name,Phone,Left", "Ann,1E+10,x", "Bob,,y", maps={"Left": "-"})
    assert [(c.header, c.path, c.filled, c.errors) for c in plan.columns] == [
        ("Name", "full_name", 2, 0),
        ("Phone", "phones.1.value", 1, 1),
        ("Left", "", 2, 0),
    ]


def test_nothing_is_written_before_apply_and_one_undo_reverts_the_import(archive, path):
    bring(archive, "Name,E-mail", "Ann,a@x.example")
    before = path.read_bytes()
    plan = plan_of(archive, "Name,E-mail,City", "Ann,a@x.example,Bonn", "Bob,,", "Carl,,")
    assert path.read_bytes() == before
    entry = apply(archive, plan)
    assert entry is not None
    assert "2 new, 1 updated" in entry.label
    assert [raw["code"] for raw in customers(archive)] == ["C-00001", "C-00002", "C-00003"]
    archive.undo()
    assert [raw["full_name"] for raw in customers(archive)] == ["Ann"]
    assert "addresses" not in customers(archive)[0]


def test_records_edited_after_the_preview_are_skipped_and_reported(archive):
    bring(archive, "Name,E-mail", "Ann,a@x.example", "Bob,b@x.example")
    plan = plan_of(archive, "Name,E-mail,City", "Ann,a@x.example,Bonn", "Bob,b@x.example,Bonn")
    uid = customers(archive)[0]["uid"]
    archive.edit("customers", uid, grade="A")
    apply(archive, plan)
    assert plan.skipped == ["Ann"]
    assert "addresses" not in archive.raw("customers", uid)
    assert "addresses" in customers(archive)[1]


def test_codes_in_the_file_are_not_assigned_to_other_records(archive):
    bring(archive, "Code,Name", ",Ann", "C-00001,Bob", ",Carl")
    assert [raw["code"] for raw in customers(archive)] == ["C-00002", "C-00001", "C-00003"]


def test_a_file_without_rows_is_reported(archive):
    plan = plan_of(archive, "Name,City")
    assert counts(plan) == (0, 0, 0, 0)
    assert any("no rows" in note for note in plan.notes)
    assert apply(archive, plan) is None
