"""Test import options: constants, formats, limits, selected columns."""

import pytest
from imported import bring, csv, one, plan_of

from archive.errors import ArchiveError, UsageError
from archive.service.importing import Cancelled, look, read_plan
from archive.service.mapping_store import mapping_path, saved_mapping


def test_constants_replace_columns(archive):
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
        {"format": "nope"},
        {"date_order": "xyz"},
        {"decimal": ";"},
        {"maps": {"Nope": "grade"}},
        {"sets": {"nope": "1"}},
        {"sets": {"customer.phones": "1"}, "table": "transactions"},
        {"sets": {"customer.kind": "robot"}, "table": "transactions"},
    ],
)
def test_invalid_options_are_usage_errors(archive, options):
    with pytest.raises(UsageError):
        plan_of(archive, "Date,Customer,Total", "2026-01-01,Ann,5", **options)


def test_the_format_or_program_can_be_specified(archive):
    assert plan_of(archive, "Name", "Ann", format="csv").created == 1
    assert plan_of(archive, "Name,Country/Region", "Ann,Chile", layout="hubspot").mapped.layout == "hubspot"


def test_too_many_errors_stop_the_import(archive):
    with pytest.raises(ArchiveError, match="More than 1 rows") as error:
        plan_of(archive, "Name,Phone", *["Ann,1E+10"] * 5, max_errors=1)
    assert error.value.code == 65
    assert plan_of(archive, "Name,Phone", *["Ann,1E+10"] * 2, max_errors=2).rejected == 2


def test_an_import_reports_progress_and_can_be_cancelled(archive):
    steps = []
    data = csv("Name", *(f"N{n}" for n in range(2500)))
    read_plan(archive, data, on_step=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (2500, 2500)
    assert (1000, 2500) in steps
    with pytest.raises(Cancelled):
        read_plan(archive, data, cancelled=lambda: True)
    assert archive.count("customers") == 0


def test_a_chosen_mapping_is_remembered_for_the_next_file(archive):
    lines = ("Name,Blob", "Ann,A")
    bring(archive, *lines, maps={"Blob": "grade"})
    assert saved_mapping("customers", ["Name", "Blob"]) == {"Blob": "grade"}
    assert "Ann" not in mapping_path("customers", ["Name", "Blob"]).read_text()
    found = look(csv("Name,Blob", "Bob,B"))
    assert [(column.path, column.how) for column in found.columns] == [
        ("full_name", "word"),
        ("grade", "kept"),
    ]
    mapping_path("customers", ["Name", "Blob"]).write_text("not toml")
    with pytest.raises(ArchiveError, match="cannot be read: Expected"):
        look(csv(*lines))
    mapping_path("customers", ["Name", "Blob"]).write_text("columns = 5")
    with pytest.raises(ArchiveError, match="it contains no column mapping"):
        look(csv(*lines))


def test_a_mapping_that_cannot_be_saved_does_not_undo_the_import(archive):
    folder = mapping_path("customers", ["Name"]).parent
    folder.parent.mkdir(parents=True)
    folder.write_text("a file is in the way")
    plan = bring(archive, "Name,Blob", "Ann,A", maps={"Blob": "grade"})
    assert archive.count("customers") == 1
    assert any("cannot be" in note for note in plan.notes)
