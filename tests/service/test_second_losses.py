"""Test that an edit or import that records a second loss preserves the first."""

from pathlib import Path

import pytest
from imported import bring, customers

from archive.cli import run
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.store import Sort

FIRST = {"lost_on": "2024-03-01", "won_back_on": "2024-06-01", "lost_reason": "service", "lost_to": "Globex"}
AGAIN = {"lost_on": "2026-05-01", "earlier_losses": [FIRST]}


def known_back(archive: Archive) -> str:
    draft = Customer.load({"kind": "person", "full_name": "Ann", "code": "C1", **FIRST})
    archive.save(customer := archive.completed([draft])[0])
    return customer.uid


def dates(archive: Archive) -> dict[str, object]:
    (raw,) = customers(archive)
    return {key: value for key, value in raw.items() if "los" in key or "won" in key}


def test_an_edit_keeps_the_first_loss(archive: Archive) -> None:
    uid = known_back(archive)
    archive.edit("customers", uid, lost_on=Customer.FIELDS["lost_on"].type.load("2026-05-01"))
    assert dates(archive) == AGAIN
    archive.undo()
    assert dates(archive) == FIRST


def test_saving_the_whole_record_keeps_the_first_loss(archive: Archive) -> None:
    uid = known_back(archive)
    customer = archive.get(Customer, uid)
    archive.save(customer.with_values(lost_on=Customer.FIELDS["lost_on"].type.load("2026-05-01")))
    assert dates(archive) == AGAIN


@pytest.mark.parametrize("row", ["C1,2026-05-01,", "C1,2026-05-01,service"])
def test_an_import_keeps_the_first_loss(archive: Archive, row: str) -> None:
    known_back(archive)
    bring(archive, "code,lost_on,lost_reason", row, merge="overwrite")
    reason = {"lost_reason": "service"} if row.endswith("service") else {}
    assert dates(archive) == {**AGAIN, **reason}


def test_an_import_of_two_losses_keeps_all_three(archive: Archive) -> None:
    known_back(archive)
    rows = ["C1,2025-01-01,2025-02-01", "C1,2026-05-01,"]
    bring(archive, "code,lost_on,won_back_on", *rows, merge="overwrite")
    second = {"lost_on": "2025-01-01", "won_back_on": "2025-02-01"}
    assert dates(archive) == {"lost_on": "2026-05-01", "earlier_losses": [FIRST, second]}


def test_the_losses_are_exported_and_imported_again(
    archive: Archive, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uid = known_back(archive)
    archive.edit("customers", uid, lost_on=Customer.FIELDS["lost_on"].type.load("2026-05-01"))
    archive.close()
    file = tmp_path / "out.csv"
    assert run(["--archive", str(path), "export", "--table", "customers", "-o", str(file)]) == 0
    assert "earlier_losses.1.lost_on" in file.read_text("utf-8-sig").splitlines()[0]
    other = ["--archive", str(tmp_path / "other.json")]
    assert run([*other, "import", str(file), "--table", "customers"]) == 0
    for word in ("globex", "2024-03", "2024-06-01"):
        capsys.readouterr()
        query = [f"earlier_losses:{word}", "--columns", "full_name", "--format", "csv"]
        assert run([*other, "list", *query]) == 0
        assert capsys.readouterr().out.splitlines() == ["full_name", "Ann"]


def test_filters_find_the_first_loss_and_lists_sort_by_the_last(archive: Archive) -> None:
    uid = known_back(archive)
    archive.edit("customers", uid, lost_on=Customer.FIELDS["lost_on"].type.load("2026-05-01"))
    archive.save(Customer.load({"kind": "person", "full_name": "Bo", "code": "C2", "lost_on": "2025-01-01"}))
    (bo,) = archive.select("customers", "code:C2")
    assert archive.select("customers", "lost_on:2024") == [uid]
    assert archive.select("customers", "has:lost_on", Sort("lost_on")) == [bo, uid]
