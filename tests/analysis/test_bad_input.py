"""Test archives with little or wrong data: every report runs, and no figure lacks a basis."""

import json

import pytest

from archive.analysis.drawing.draw import draw
from archive.analysis.drawing.style import Room
from archive.analysis.export import as_json
from archive.analysis.formatting import Form
from archive.analysis.report import SHARE
from archive.analysis.request import reports
from archive.text import cell_width
from tests.analysis.builders import customers, request, sale, sales_data
from tests.analysis.test_campaigns import campaign
from tests.analysis.test_churn import ARCHIVES as SALES
from tests.analysis.test_fulfilment import contract, delivery, term
from tests.analysis.test_share import rice, wallet

ARCHIVES = {
    **SALES,
    "a wallet of zero": {
        "customers": customers("a"),
        "wallets": [wallet("a", "0.00", suppliers=[{"name": "Rival", "amount": "0.00"}])],
        "transactions": [rice("a", "2026-01-01")],
    },
    "shares over 100 %": {
        "customers": customers("a"),
        "wallets": [wallet("a", "10.00", suppliers=[{"name": "Rival", "amount": "90.00"}])],
        "transactions": [rice("a", "2026-01-01", "500.00")],
    },
    "a wallet of nobody and without days": {
        "wallets": [{"uid": "w", "customer": "gone", "category": "Rice", "total": "5.00"}]
    },
    "terms without days": {
        "customers": customers("a"),
        "contracts": [
            contract(term(due_on=None), term(due_on=None, key="2", deliveries=[delivery("2026-02-01")]))
        ],
    },
    "terms of nothing and below": {
        "customers": customers("a"),
        "contracts": [
            contract(
                term(quantity="0"),
                term(quantity="-5", key="2", deliveries=[delivery("2026-02-01", "-5")]),
                term(quantity=None, amount="0.00", key="3", weight="0"),
            )
        ],
    },
    "contracts without terms": {
        "customers": customers("a"),
        "contracts": [contract(end=None), contract(uid="l", signed_on=""), contract(uid="m", value="0.00")],
    },
    "a contract that ends before it begins": {
        "customers": customers("a"),
        "contracts": [
            contract(term(), start="2026-12-31", end="2026-01-01", renews=True, notice_period="1 month")
        ],
    },
    "contracts of leap days and month ends": {
        "customers": customers("a"),
        "contracts": [
            contract(
                term("2024-02-29"), start="2023-03-01", end="2024-02-29", renews=True, notice_period="1 month"
            ),
            contract(uid="l", start="2026-01-31", end="2026-12-31", notice_period="1 month"),
        ],
    },
    "a contract of the future": {
        "customers": customers("a"),
        "contracts": [
            contract(term("2028-01-01"), start="2027-01-01", end="2028-12-31", signed_on="2027-01-01")
        ],
        "plans": [{"uid": "p", "customer": "a", "step": "call", "due_on": "2028-01-01", "promised": True}],
    },
    "a contract without a rate": {
        "customers": customers("a"),
        "contracts": [contract(term(amount="5.00", quantity=None), currency="JPY", value="900")],
    },
    "plans without a day": {
        "customers": customers("a"),
        "plans": [{"uid": "p", "customer": "a", "step": "call", "promised": True}],
    },
    "quotations without amounts": {
        "customers": customers("a"),
        "transactions": [
            sale("a", "2026-01-01", None, type="quotation", outcome="won"),
            sale("a", "2026-01-02", "-5.00", type="quotation", outcome="lost", lost_to="Rival"),
            sale("a", "2026-01-03", "5.00", type="quotation", outcome="lost", currency="JPY"),
            sale("a", "", "5.00", type="quotation"),
        ],
    },
    "campaigns of nothing": {
        "customers": customers("a"),
        "campaigns": [campaign(cost="0.00"), campaign(uid="n", cost=None, start="2028-01-01")],
    },
}


@pytest.mark.parametrize("tables", ARCHIVES.values(), ids=ARCHIVES)
@pytest.mark.parametrize("name", reports())
@pytest.mark.parametrize("day", ["2026-11-21", "2024-02-29"])
def test_every_report_gives_figures_or_reasons(name, tables, day):
    entry = reports()[name]
    report = entry.run(sales_data(**tables), request(day))
    assert tuple(figure.key for figure in report.figures) == entry.declared.figures
    assert {table.key for table in report.tables} == set(entry.declared.tables)
    for figure in report.figures:
        assert figure.value is not None or figure.note, f"{figure.key} has no value and no reason"
    assert all(table.rows or table.empty for table in report.tables)
    json.dumps(as_json(report), allow_nan=False)


@pytest.mark.parametrize("tables", ARCHIVES.values(), ids=ARCHIVES)
@pytest.mark.parametrize("name", reports())
def test_a_proportion_has_n_and_lies_within_its_interval(name, tables):
    report = reports()[name].run(sales_data(**tables), request())
    for figure in report.figures:
        if figure.unit == SHARE and figure.value is not None and figure.n is not None:
            assert figure.n > 0, figure.key
        if figure.value is not None and figure.low is not None:
            assert figure.low <= figure.value <= figure.high, figure.key
            assert figure.high - figure.low > 0, f"{figure.key} is a certainty"


@pytest.mark.parametrize("tables", ARCHIVES.values(), ids=ARCHIVES)
@pytest.mark.parametrize("name", reports())
def test_every_picture_can_be_drawn_at_any_width(name, tables):
    report = reports()[name].run(sales_data(**tables), request())
    for picture in report.pictures:
        for width in (20, 46, 76, 196):
            lines = draw(picture, Room(width, 14, Form()))
            assert lines
            assert all(sum(cell_width(ink.text) for ink in line) <= width for line in lines), picture.key


@pytest.mark.parametrize("name", reports())
def test_every_figure_explains_itself_and_opens_its_records(name):
    made = reports()[name].run(
        sales_data(customers=customers("a"), transactions=[sale("a", "2026-01-01")]), request()
    )
    assert [figure.key for figure in made.figures if not figure.why] == []
    of_a_model = ("model.", "backtest.", "gap.", "logrank", "km.")
    bare = [figure.key for figure in made.figures if figure.opens is None]
    assert [key for key in bare if not key.startswith(of_a_model)] == []
