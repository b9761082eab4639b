"""Test that reports on an open archive follow its changes."""

import gc
from datetime import date, timedelta
from decimal import Decimal

import pytest

from archive.analysis.dataset import SalesData
from archive.analysis.request import make_request
from archive.errors import ArchiveError, NotFound, UsageError
from archive.model.archive_settings import Rate
from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.transaction import Transaction
from archive.service import reporting
from archive.service.own_settings import changed
from archive.service.reporting import Reporting

TODAY = date(2026, 11, 21)


def customer(archive, name):
    archive.save(Customer(kind="person", full_name=name))
    return archive.find(Customer, name).uid


def order(archive, uid, amount, on=TODAY, **more):
    archive.save(
        Transaction(customer=Ref(uid=uid), on=on, amount=Decimal(amount), **{"currency": "EUR"} | more)
    )


def revenue(reports):
    return {
        row.cells[0]: str(row.cells[1])
        for row in reports.run("share", make_request(TODAY)).table("customers").rows
    }


def test_the_next_report_includes_every_kind_of_change(archive):
    reports = Reporting(archive)
    assert revenue(reports) == {}
    ann, bo = customer(archive, "Ann"), customer(archive, "Bo")
    order(archive, ann, "10.00")
    order(archive, bo, "5.00")
    assert revenue(reports) == {"Ann": "10.00", "Bo": "5.00"}
    (uid,) = archive.children("transactions", bo)
    archive.edit("transactions", uid, amount=Decimal("25.00"))
    assert revenue(reports) == {"Bo": "25.00", "Ann": "10.00"}
    archive.edit("customers", ann, full_name="Anna")
    archive.delete("customers", [bo])
    assert revenue(reports) == {"Anna": "10.00"}
    archive.undo()
    assert revenue(reports) == {"Bo": "25.00", "Anna": "10.00"}
    archive.redo()
    assert revenue(reports) == {"Anna": "10.00"}
    archive.edit(
        "transactions", archive.children("transactions", ann)[0], customer=Ref(uid=customer(archive, "Cy"))
    )
    assert revenue(reports) == {"Cy": "10.00"}


def test_many_changes_at_once_reload_the_data_set(archive, monkeypatch):
    monkeypatch.setattr(reporting, "MANY", 1)
    reports = Reporting(archive)
    uids = [customer(archive, name) for name in ("Ann", "Bo", "Cy")]
    revenue(reports)
    archive.save(
        *(Transaction(customer=Ref(uid=uid), on=TODAY, amount=Decimal(1), currency="EUR") for uid in uids)
    )
    assert len(revenue(reports)) == 3


def test_an_unknown_report_or_option_is_refused(archive):
    reports = Reporting(archive)
    with pytest.raises(NotFound, match="no report shares"):
        reports.run("shares", make_request(TODAY))
    with pytest.raises(UsageError, match="has no option colour"):
        reports.run("share", make_request(TODAY, options={"colour": "red"}))


def test_a_report_for_a_future_day_says_so(archive):
    today = archive.ctx.today
    said = "is in the future: the figures include only records entered so far."
    assert not any(said in note for note in Reporting(archive).run("fulfilment", make_request(today)).notes)
    later = Reporting(archive).run("fulfilment", make_request(today + timedelta(days=1)))
    assert later.notes[0] == f"{today + timedelta(days=1)} {said}"


def test_a_new_rate_changes_the_next_report(archive):
    ann = customer(archive, "Ann")
    order(archive, ann, "10.00", currency="USD")
    order(archive, ann, "10.00", currency="EUR")
    reports = Reporting(archive)
    request = make_request(TODAY)
    assert reports.run("share", request).figure("revenue").value == 10
    rate = Rate(currency="USD", since=date(2020, 1, 1), rate=Decimal("0.5"))
    archive.save(changed(archive.own, {"currency": "EUR", "rates": (rate,)}))
    assert reports.run("share", request).figure("revenue").value == 15


def test_insights_are_calculated_for_all_customers_and_cached(archive):
    reports = Reporting(archive)
    ann = customer(archive, "Ann")
    order(archive, ann, "10.00")
    assert reports.about(ann) == []
    reports.look_over(make_request(TODAY))
    (weight,) = reports.about(ann)
    assert weight.text.startswith("100.0 % (rank 1 of ")
    order(archive, customer(archive, "Bo"), "30.00")
    assert reports.about(ann) == [weight], "insights stay until they are recalculated"
    reports.look_over(make_request(TODAY))
    assert reports.about(ann)[0].text.startswith("25.0 %")
    before = reports.about(ann)
    reports.look_over(make_request(TODAY))
    assert reports.about(ann) == before


def test_garbage_collection_is_paused_while_a_report_is_calculated(archive, monkeypatch):
    seen = []
    monkeypatch.setattr(SalesData, "histories", property(lambda _data: seen.append(gc.isenabled()) or {}))
    reporting = Reporting(archive)
    reporting.run("share", make_request(archive.ctx.today))
    assert seen
    assert not any(seen)
    assert gc.isenabled()


def test_the_start_of_recording_losses_comes_from_the_archives_settings(archive, monkeypatch):
    seen = []
    monkeypatch.setattr(reporting, "overview", lambda _data, request: seen.append(request.observed_since))
    since = date(2020, 1, 1)
    archive.save(changed(archive.own, {"observed_since": since}))
    Reporting(archive).look_over(make_request(TODAY))
    Reporting(archive).look_over(make_request(TODAY, observed_since=date(2021, 1, 1)))
    assert seen == [since, date(2021, 1, 1)]


def between_reads(archive, monkeypatch, act, read=2):
    """Call a function between two reads of the transactions' columns, as another thread might."""
    columns, reads = archive.columns, []

    def changed_before(table, keys):
        reads.append(table)
        if table == "transactions" and reads.count(table) == read:
            act()
        return columns(table, keys)

    monkeypatch.setattr(archive, "columns", changed_before)


@pytest.mark.parametrize("report", ["share", "competitors", "fulfilment", "campaigns", "churn"])
@pytest.mark.parametrize("change", ["added", "replaced"])
def test_a_report_is_consistent_even_if_the_archive_changes_between_two_reads(
    archive, monkeypatch, report, change
):
    ann, bo = customer(archive, "Ann"), customer(archive, "Bo")
    for number in range(3):
        order(archive, ann, f"{number + 1}.00", TODAY - timedelta(days=40 * number), type="quotation")
        order(archive, bo, f"{number + 5}.00", TODAY - timedelta(days=30 * number))
    first = archive.children("transactions", ann)[-1]

    def act():
        if change == "replaced":  # the same number of rows, all at other positions
            archive.delete("transactions", [first])
        order(archive, ann, "70.00", type="quotation")

    reports = Reporting(archive)
    between_reads(archive, monkeypatch, act)
    told = reports.run(report, make_request(TODAY))
    monkeypatch.undo()
    assert told == Reporting(archive).run(report, make_request(TODAY))


def test_insights_are_consistent_even_if_the_archive_changes_between_two_reads(archive, monkeypatch):
    ann = customer(archive, "Ann")
    order(archive, ann, "5.00", type="quotation")
    reports = Reporting(archive)
    between_reads(archive, monkeypatch, lambda: order(archive, ann, "7.00", type="quotation"))
    reports.look_over(make_request(TODAY))
    monkeypatch.undo()
    fresh = Reporting(archive)
    fresh.look_over(make_request(TODAY))
    assert reports.about(ann) == fresh.about(ann) != []


def test_an_archive_that_keeps_changing_yields_no_report_and_no_insights(archive, monkeypatch):
    monkeypatch.setattr(reporting, "PAUSE", 0)
    ann = customer(archive, "Ann")
    order(archive, ann, "5.00", type="quotation")
    reports = Reporting(archive)
    archive._journal.database.revision += 1  # a change that is written but not yet reported
    with pytest.raises(ArchiveError, match="kept changing"):
        reports.run("share", make_request(TODAY))
    with pytest.raises(ArchiveError, match="kept changing"):
        reports.look_over(make_request(TODAY))
    archive._journal.database.revision -= 1
    reports.look_over(make_request(TODAY))
    assert reports.about(ann)
