"""Test merging the values of a row into its matching record."""

import pytest
from imported import bring, counts, customers, plan_of


@pytest.mark.parametrize(
    ("merge", "city", "tags", "notes", "grade"),
    [
        ("fill", "Bonn", ["a"], "old", "A"),
        ("overwrite", "Köln", ["b"], "new", "B"),
        ("keep", "Bonn", ["a"], "old", None),
        ("append", "Bonn", ["a", "b"], "old\nnew", "B"),
    ],
)
def test_conflicting_values_are_merged_as_chosen(archive, merge, city, tags, notes, grade):
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


def test_the_preview_shows_old_and_new_values(archive):
    bring(archive, "Name,E-mail,Status", "Ann,a@x.example,prospect")
    plan = plan_of(archive, "Name,E-mail,Status,X", "Ann,a@x.example,active,1", merge="overwrite")
    assert {(d.record, d.field, d.old, d.new) for d in plan.updates} == {
        ("Ann", "status", "prospect", "active"),
        ("Ann", "extra.X", "", "1"),
    }
