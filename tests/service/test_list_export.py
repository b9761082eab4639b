"""Test exporting lists: their rows, columns, headings and files, and that the sums of a file are right."""

import csv
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

import pytest

from archive.errors import CannotWrite, UsageError
from archive.model.field_types.base import Ref
from archive.model.records.campaign import Campaign
from archive.model.records.contract import Contract
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction
from archive.service.list_export import ExportOptions, export_list
from archive.service.listing import Listing
from archive.service.place_columns import pipeline_columns, receivable_columns, today_columns
from archive.service.progress import Progress, Stopped
from archive.service.quotations import pipeline, sums
from archive.service.receivables import open_items
from archive.service.sheets import Sheet, lines_sheet, listing_sheet
from archive.service.today import KINDS, due
from archive.settings import Settings

TODAY = date(2026, 11, 21)
NORTH, ANN = "b" * 16, "a" * 16


@pytest.fixture
def filled(archive):
    archive.save(
        Customer(uid=NORTH, kind="organisation", full_name="North", status="prospect"),
        Customer(uid=ANN, kind="person", full_name="=Ann", status="active", do_not_contact=True),
    )
    return archive


def sold(archive, amount, kind="order", currency="EUR", **more):
    values = {"on": TODAY, "customer": Ref(uid=ANN), **more}
    archive.save(Transaction(type=kind, amount=Decimal(amount), currency=currency, **values))


def read(path):
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def added(rows, amount, currency):
    """Add up a column of a file as a spreadsheet does, by currency."""
    found = defaultdict(Decimal)
    for row in rows:
        if row[amount]:
            found[row[currency]] += Decimal(row[amount])
    return dict(found)


def customers(archive, keys, shown, marked=()):
    return listing_sheet(archive, Listing(archive, "customers", keys), shown, marked)


def place(columns, lines, name="rows"):
    own, every = columns
    by_id = {str(number): line for number, line in enumerate(lines)}
    return Sheet(name, "rows", own, every, by_id.get, list(by_id), (), len(by_id))


def test_the_rows_shown_are_written_in_their_order_with_the_headings_of_the_screen(
    filled, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    sheet = customers(filled, ["full_name", "status", "do_not_contact", "orders"], [NORTH, ANN])
    first, second = export_list(filled, sheet), export_list(filled, sheet)
    assert (first.path.name, second.path.name) == (
        "customers-2026-11-21-1000.csv",
        "customers-2026-11-21-1000-2.csv",
    )
    assert (first.path.parent, first.rows) == (tmp_path, 2)
    assert first.path.read_text("utf-8-sig").splitlines() == [
        "Full name,Status,Do not contact,Orders",
        "North,prospect,,0",
        "'=Ann,active,yes,0",
    ]


def test_only_the_marked_rows_are_written_unless_all_are_chosen(filled, tmp_path):
    sheet = customers(filled, ["full_name"], [NORTH, ANN], [ANN])
    marked = export_list(filled, sheet, ExportOptions(str(tmp_path / "marked")))
    everyone = export_list(filled, sheet, ExportOptions(str(tmp_path / "all.csv"), is_all=True))
    assert marked.path.name == "marked.csv"
    assert (marked.rows, everyone.rows) == (1, 2)


def test_stored_keys_and_every_column_can_be_chosen(filled, tmp_path):
    sheet = customers(filled, ["status"], [ANN])
    path = export_list(
        filled, sheet, ExportOptions(str(tmp_path / "a.csv"), every_column=True, is_stored=True)
    ).path
    (row,) = read(path)
    assert row["id"] == ANN
    assert (row["do_not_contact"], row["annual_revenue_currency"], row["value"]) == ("true", "EUR", "")
    assert len(row) == len({column.heading for column in sheet.all_columns})  # headings are unique, too


def test_a_file_lands_in_the_export_folder_unless_its_name_has_a_folder(filled, tmp_path):
    sheet = customers(filled, ["full_name"], [ANN])
    filled.settings = Settings(export_folder=str(tmp_path / "out" / "files"))
    assert (
        export_list(filled, sheet, ExportOptions("mine.tsv")).path == tmp_path / "out" / "files" / "mine.tsv"
    )
    assert export_list(filled, sheet).path.parent == tmp_path / "out" / "files"
    with pytest.raises(CannotWrite, match="already exists"):
        export_list(filled, sheet, ExportOptions("mine.tsv"))
    with pytest.raises(UsageError, match=r"suffix \.xyz"):
        export_list(filled, sheet, ExportOptions("mine.xyz"))
    (tmp_path / "file").write_text("")
    filled.settings = Settings(export_folder=str(tmp_path / "file" / "files"))
    with pytest.raises(CannotWrite, match="export folder"):
        export_list(filled, sheet)


def test_a_stopped_export_writes_nothing_and_deleted_rows_are_left_out(filled, tmp_path):
    sheet = customers(filled, ["full_name"], [NORTH, ANN])
    progress = Progress()
    progress.stop()
    with pytest.raises(Stopped):
        export_list(filled, sheet, ExportOptions(str(tmp_path / "a.csv")), progress)
    assert not (tmp_path / "a.csv").exists()
    filled.delete("customers", [NORTH])
    assert export_list(filled, sheet, ExportOptions(str(tmp_path / "a.csv"))).rows == 1


def test_exported_transactions_add_up_to_the_revenue_of_the_program(filled, tmp_path):
    for amount in ("1234567.89", "0.10", "0.20"):
        sold(filled, amount)
    sold(filled, "1000.05", "return")
    sold(filled, "-0.15", "return")
    sold(filled, "70", currency="USD")
    uids = filled.select("transactions", "type:order | type:return")
    sheet = listing_sheet(filled, Listing(filled, "transactions", ["on", "type", "amount"]), uids)
    rows = read(export_list(filled, sheet, ExportOptions(str(tmp_path / "t.csv"))).path)
    assert added(rows, "Amount", "Currency") == filled.summary(ANN).total()
    assert {row["Date"] for row in rows} == {"2026-11-21"}
    people = customers(filled, ["full_name", "value"], [ANN])
    (ann,) = read(export_list(filled, people, ExportOptions(str(tmp_path / "c.csv"))).path)
    assert Decimal(ann["Revenue (12 mo.)"]) == filled.summary(ANN).total()["EUR"]
    assert (ann["Revenue currency"], ann["Not converted"]) == ("EUR", "70 USD")


def test_the_exported_pipeline_adds_up_to_its_title(filled, tmp_path):
    sold(filled, "1000.50", "quotation", likelihood=Decimal("0.25"), number="Q1", expected_on=TODAY)
    sold(filled, "99", "quotation", likelihood=Decimal("0.5"), currency="USD")
    sold(filled, "2000", "quotation")
    filled.save(Transaction(type="quotation", customer=Ref(uid=ANN), on=TODAY, note="by phone"))
    sheet = place(pipeline_columns(filled), pipeline(filled))
    rows = read(export_list(filled, sheet, ExportOptions(str(tmp_path / "p.csv"), every_column=True)).path)
    totals = sums(pipeline(filled))
    assert added(rows, "Amount", "Amount currency") == {key: total[0] for key, total in totals.items() if key}
    weighted = added(rows, "Expected", "Expected currency")
    assert weighted == {key: total[1] for key, total in totals.items() if key}
    assert {(row["Quotation"], row["Decision"], row["Likelihood"]) for row in rows} == {
        ("Q1", "2026-11-21", "0.25"),
        ("", "", "0.5"),
        ("", "", ""),
    }
    assert {row["Customer code"] for row in rows} == {filled.get(Customer, ANN).code}


def test_the_exported_receivables_add_up_to_what_customers_owe(filled, tmp_path):
    sold(filled, "1000.50", "invoice", number="R1", due_on=date(2026, 12, 1))
    sold(filled, "99", "invoice", number="R2", currency="USD")
    sold(filled, "100.25", "payment", number="R1")
    found = open_items(filled, TODAY)
    lines = [(item, found.accounts[item.customer, item.currency]) for item in found.items]
    sheet = place(receivable_columns(filled, lambda item: item.number), lines)
    rows = read(export_list(filled, sheet, ExportOptions(str(tmp_path / "r.csv"), every_column=True)).path)
    assert added(rows, "Outstanding", "Outstanding currency") == {
        "EUR": Decimal("900.25"),
        "USD": Decimal(99),
    }
    assert [row["Due"] for row in rows if row["Invoice"] == "R1"] == ["2026-12-01"]


def test_due_items_are_written_with_iso_dates_and_either_words_or_keys(filled, tmp_path):
    filled.edit("customers", NORTH, next_contact_on=date(2026, 11, 20), next_contact_why="prices")
    items = due(filled, TODAY)
    sheet = place(today_columns(filled, dict.fromkeys(KINDS, "next contact")), items)
    (row,) = read(export_list(filled, sheet, ExportOptions(str(tmp_path / "t.csv"), every_column=True)).path)
    assert (row["Due"], row["Customer"], row["Type"], row["Overdue"]) == (
        "2026-11-20",
        "North",
        "next contact",
        "yes",
    )
    stored = read(export_list(filled, sheet, ExportOptions(str(tmp_path / "k.csv"), is_stored=True)).path)
    assert stored[0]["kind"] == "next_contact"
    filled.delete("customers", [NORTH])
    (gone,) = read(export_list(filled, sheet, ExportOptions(str(tmp_path / "g.csv"))).path)
    assert gone["Availability"] == ""


def test_links_are_written_with_names_and_codes_and_a_contract_with_its_status(filled, tmp_path):
    filled.save(
        Contract(
            number="K1",
            customer=Ref(uid=ANN),
            start=date(2026, 1, 1),
            value=Decimal("1234.50"),
            currency="EUR",
        )
    )
    uids = list(filled.uids("contracts"))
    sheet = listing_sheet(filled, Listing(filled, "contracts", ["customer", "status", "value"]), uids)
    (row,) = read(export_list(filled, sheet, ExportOptions(str(tmp_path / "k.csv"), every_column=True)).path)
    assert (row["Customer"], row["Customer code"]) == ("'=Ann", filled.get(Customer, ANN).code)
    assert (row["Status"], row["Value"], row["Currency"]) == ("unsigned", "1234.5", "EUR")


def test_finished_lines_are_written_without_the_columns_that_only_files_have(filled, tmp_path):
    headings = [("k", "Key", True), ("n", "N", True), ("why", "Why", False)]
    sheet = lines_sheet("share", [["a", "1", "x"], ["b", "2", "y"]], headings, ["1"])
    marked = export_list(filled, sheet, ExportOptions(str(tmp_path / "a.csv")))
    assert read(marked.path) == [{"Key": "b", "N": "2"}]
    whole = export_list(filled, sheet, ExportOptions(str(tmp_path / "b.csv"), is_all=True, every_column=True))
    assert [row["Why"] for row in read(whole.path)] == ["x", "y"]


def test_every_member_of_an_audience_is_written_and_times_as_spreadsheets_read_them(filled, tmp_path):
    guests = tuple(Ref(name=f"Guest {n}") for n in range(12))
    filled.save(
        Campaign(name="Spring", start=TODAY, audience=guests),
        Interaction(customer=Ref(uid=ANN), at=datetime.fromisoformat("2026-11-10T09:05")),
    )
    for table, keys, expected in (
        ("campaigns", ["audience"], {"Audience": "; ".join(ref.name for ref in guests)}),
        ("campaigns", ["held_back"], {"Control group": ""}),
        ("interactions", ["at"], {"Date and time": "2026-11-10 09:05"}),
    ):
        sheet = listing_sheet(filled, Listing(filled, table, keys), list(filled.uids(table)))
        path = tmp_path / f"{keys[0]}.csv"
        assert read(export_list(filled, sheet, ExportOptions(str(path))).path) == [expected]


def test_a_link_to_a_name_without_a_record_has_no_code(filled, tmp_path):
    filled.edit("customers", ANN, referred_by=Ref(name="a friend"))
    sheet = customers(filled, ["referred_by"], [ANN])
    (row,) = read(export_list(filled, sheet, ExportOptions(str(tmp_path / "c.csv"), every_column=True)).path)
    assert (row["Referred by"], row["Referred by code"]) == ("a friend", "")
