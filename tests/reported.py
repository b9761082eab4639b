"""A hand-made report with figures, tables and charts of each kind."""

from datetime import date
from decimal import Decimal

from pictured import DUE, TERMS

from archive.analysis.report import (
    COUNT,
    DATE,
    DAYS,
    MONEY,
    SHARE,
    TEXT,
    Column,
    Figure,
    Opens,
    Report,
    Row,
    Table,
)

AS_OF = date(2026, 11, 21)
START = date(2025, 11, 22)

FIGURES = (
    Figure(
        key="otif",
        label="On time in full",
        value=0.71,
        unit=SHARE,
        n=52,
        low=0.58,
        high=0.81,
        before=0.83,
        why="37 of 52 terms due in the period were delivered in full by their day: 37 / 52 = 71 %.",
        opens=Opens("customers", ("c-smith", "c-wang")),
        top=True,
    ),
    Figure(
        key="on_time",
        label="On time",
        value=0.78,
        unit=SHARE,
        n=52,
        low=0.65,
        high=0.87,
        before=0.78,
        top=True,
    ),
    Figure(key="days", label="Days late (median)", value=4.5, unit=DAYS, n=15, before=3.0, top=True),
    Figure(
        key="overdue",
        label="Overdue now",
        value=Decimal("18200.50"),
        unit=MONEY,
        n=3,
        opens=Opens("transactions", ("t-1",)),
        top=True,
    ),
    Figure(
        key="renewals",
        label="Renewals in 90 days",
        value=None,
        unit=COUNT,
        note="No contract has an end.",
        top=True,
    ),
    Figure(key="fill", label="Fill rate", value=0.5, unit=SHARE, n=4, why="2 of 4 units were delivered."),
    Figure(key="last", label="Last delivery", value=date(2026, 11, 10), unit=DATE),
)

DUE_TERMS = Table(
    key="due",
    label="Due in the next 90 days",
    columns=(
        Column("customer", "Customer"),
        Column("on", "Due", DATE),
        Column("value", "Value", MONEY),
        Column("late", "Late", DAYS),
        Column("share", "Delivered", SHARE),
        Column("what", "What", TEXT),
    ),
    rows=(
        Row(
            ("Marta Smith", date(2026, 11, 23), Decimal("1200.40"), None, 0.71, "200 bags of jasmine rice"),
            Opens("customers", ("c-smith",)),
            "Due on 2026-11-23, in 2 days.",
        ),
        Row(
            ("王建国", date(2026, 11, 26), Decimal("99.90"), 3, 1.0, "notice deadline"),
            Opens("customers", ("c-wang",)),
        ),
        Row(("José Rossi", None, None, None, None, "[/b] nothing agreed \x1b[2J")),
    ),
    note="Terms of ours only.",
)
EMPTY_TABLE = Table(
    key="overdue",
    label="Overdue",
    columns=(Column("customer", "Customer"),),
    empty="Nothing is overdue. Terms that are stand here until they are fulfilled.",
)

REPORT = Report(
    name="fulfilment",
    title="Contract fulfilment",
    as_of=AS_OF,
    start=START,
    end=AS_OF,
    currency="EUR",
    n=52,
    figures=FIGURES,
    tables=(DUE_TERMS, EMPTY_TABLE),
    pictures=(TERMS, DUE),
    notes=("2 sales in USD, together 120.00, are left out: the settings have no rate for them.",),
)
