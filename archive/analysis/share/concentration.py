"""Concentration of revenue: CR-n, HHI, Gini, Lorenz curve, ABC classes, and regular customers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate

from archive.analysis.common.result import Section, customer, customers
from archive.analysis.dataset import SalesData
from archive.analysis.maths.concentration import A_UP_TO, B_UP_TO, abc, cr, gini, hhi, lorenz
from archive.analysis.maths.proportions import wilson
from archive.analysis.pictures import Line, Lines, Point
from archive.analysis.report import COUNT, MONEY, NUMBER, SHARE, Column, Figure, Row, Table
from archive.analysis.share.sales import PeriodSales, Sales
from archive.text import N_, _, plural

KEYS = (
    *("revenue", "customers", "cr1", "cr5", "cr10", "hhi", "gini"),
    *("abc.a", "abc.b", "abc.c", "regulars.share", "repeat_rate"),
)
_TERMS = 3  # terms of a sum that an explanation shows
CLASSIC_REGULARS = 0.70  # share of sales from regular customers quoted in retail handbooks
_CLASSES = {
    "A": N_("Customers in class A"),
    "B": N_("Customers in class B"),
    "C": N_("Customers in class C"),
}


def concentration(data: SalesData, sales: Sales) -> Section:
    """Build the figures, the ranking of customers by revenue, and the Lorenz curve."""
    now, before = sales
    classes: list[str] = list(abc(now.measured.values()) or [])
    return Section(
        figures=(
            *_sums(data, now, before),
            *_ratios(data, now),
            *_classes(data, now, classes),
            *_regulars(data, now, before is not None),
        ),
        tables=(_ranking(data, now, classes),),
        pictures=(_lorenz(now),),
        notes=tuple(_notes(now)),
    )


def _notes(now: PeriodSales) -> Iterator[str]:
    zero = [uid for uid, value in now.measured.items() if value == 0]
    even = sum(uid in now.returned for uid in zero)
    if len(zero) > even:
        yield plural(
            "{n} customer has zero revenue and is included in all concentration measures.",
            "{n} customers have zero revenue and are included in all concentration measures.",
            len(zero) - even,
        )
    if even:
        yield plural(
            "{n} customer returned as much as they bought and is counted with zero revenue.",
            "{n} customers returned as much as they bought and are counted with zero revenue.",
            even,
        )
    if len(now.measured) < len(now.revenue):
        yield plural(
            "{n} customer returned more than they bought and is left out of all concentration measures.",
            "{n} customers returned more than they bought and are left out of all concentration measures.",
            len(now.revenue) - len(now.measured),
        )
    if now.unknown:
        yield plural(
            "{n} customer has only purchases without an amount or exchange rate: revenue unknown.",
            "{n} customers have only purchases without an amount or exchange rate: revenue unknown.",
            len(now.unknown),
        )


def _sum(data: SalesData, sales: PeriodSales) -> Decimal | None:
    """Return the revenue; None if there are sales but no known amount, because unknown is not zero."""
    return None if sales.unknown and not sales.revenue else data.money(sales.total)


def _sums(data: SalesData, now: PeriodSales, before: PeriodSales | None) -> tuple[Figure, Figure]:
    why = _("orders minus returns in the period: {total} from {n} customers").format(
        total=f"{data.money(now.total):,}", n=len(now.revenue)
    )
    return (
        Figure(
            key="revenue",
            label=_("Revenue"),
            value=_sum(data, now),
            unit=MONEY,
            n=len(now.revenue),
            before=None if before is None else _sum(data, before),
            note=_("No sale in the period has a known amount with an exchange rate.")
            if _sum(data, now) is None
            else "",
            why=why,
            opens=customers(now.revenue),
            top=True,
        ),
        Figure(
            key="customers",
            label=_("Customers who bought"),
            value=len(now.purchases),
            before=None if before is None else len(before.purchases),
            why=_("{n} customers with an order in the period").format(n=len(now.purchases)),
            opens=customers(now.purchases),
        ),
    )


def _ratios(data: SalesData, now: PeriodSales) -> list[Figure]:
    values = list(now.measured.values())
    total = sum(values)
    reason = "" if total else _no_revenue()
    top = list(now.measured)
    shares = [
        Figure(
            key=f"cr{count}",
            label=_("Largest customer") if count == 1 else _("Largest {n} customers").format(n=count),
            value=cr(values, count),
            unit=SHARE,
            n=len(values),
            note=reason,
            why=_("CR-{n} = revenue of the {n} largest / revenue = {part} / {total}").format(
                n=count,
                part=f"{data.money(sum(values[:count])):,}",
                total=f"{data.money(total):,}",
            ),
            opens=customers(top[:count]),
            top=count == 5,
        )
        for count in (1, 5, 10)
    ]
    return [*shares, _hhi(now), _gini(data, now)]


def _hhi(now: PeriodSales) -> Figure:
    values = list(now.measured.values())
    total = sum(values)
    return Figure(
        key="hhi",
        label=_("Concentration (HHI)"),
        value=hhi(values),
        unit=NUMBER,
        n=len(values),
        note="" if total else _no_revenue(),
        why=_(
            "Herfindahl-Hirschman index: sum of the squared percentages of {n} customers = {shares} = {value}; "
            "10,000 is one customer, {even} would be {n} equal ones"
        ).format(
            n=len(values),
            shares=_squares(values, total),
            value="-" if not total else f"{hhi(values):,.0f}",
            even=round(10_000 / len(values)) if values else "-",
        ),
        opens=customers(now.measured),
        top=True,
    )


def _gini(data: SalesData, now: PeriodSales) -> Figure:
    values = list(now.measured.values())
    total = sum(values)
    return Figure(
        key="gini",
        label=_("Inequality (Gini)"),
        value=gini(values),
        unit=NUMBER,
        n=len(values),
        note="" if total else _no_revenue(),
        why=_(
            "Gini = sum of (2i - n - 1) x / (n sum of x) over ascending revenues x, zeros included = {part} / "
            "({n} x {total}) = {value}; 0 is all equal"
        ).format(
            part=f"{data.money(_gini_sum(values)):,}",
            n=len(values),
            total=f"{data.money(total):,}",
            value="-" if not total else f"{gini(values):.4f}",
        ),
        opens=customers(now.measured),
    )


def _squares(values: list[int], total: int) -> str:
    """Return the first terms of the sum of squared percentages, largest first."""
    if not total:
        return "-"
    terms = [f"{100 * value / total:.1f}²" for value in values[:_TERMS]]
    return " + ".join([*terms, "…"] if len(values) > _TERMS else terms)


def _gini_sum(values: list[int]) -> int:
    """Return the numerator of the Gini coefficient from descending `values`."""
    n = len(values)
    return sum((2 * i - n - 1) * value for i, value in enumerate(reversed(values), 1))


def _classes(data: SalesData, now: PeriodSales, classes: list[str]) -> list[Figure]:
    if not classes:
        classes = ["" for _uid in now.measured]
    members = {
        name: [uid for uid, letter in zip(now.measured, classes, strict=True) if letter == name]
        for name in "ABC"
    }
    total = sum(now.measured.values())
    return [
        Figure(
            key=f"abc.{name.lower()}",
            label=_(_CLASSES[name]),
            value=len(members[name]) if total else None,
            unit=COUNT,
            n=len(now.measured),
            note="" if total else _no_revenue(),
            why=_(
                "from the largest customer down: A until {a:.0%} of revenue is reached, B until "
                "{b:.0%}, C the rest; class {name}: {k} of {n} customers with {part} of {total}"
            ).format(
                a=A_UP_TO,
                b=B_UP_TO,
                name=name,
                k=len(members[name]),
                n=len(now.measured),
                part=f"{data.money(sum(map(now.measured.__getitem__, members[name]))):,}",
                total=f"{data.money(total):,}",
            ),
            opens=customers(members[name]),
        )
        for name in "ABC"
    ]


def _regulars(data: SalesData, now: PeriodSales, has_earlier_sales: bool) -> tuple[Figure, Figure]:
    regular = sum(value for uid, value in now.positive.items() if uid in now.returning)
    total = sum(now.positive.values())
    repeat_buyers = [uid for uid, days in now.purchases.items() if days > 1]
    band = wilson(len(repeat_buyers), len(now.purchases))
    return (
        Figure(
            key="regulars.share",
            label=_("Revenue from regular customers"),
            value=regular / total if total and has_earlier_sales else None,
            unit=SHARE,
            n=len(now.returning),
            note=_no_sales_before() if total and not has_earlier_sales else "" if total else _no_revenue(),
            why=_(
                "revenue from customers who had bought before the period / revenue, both without "
                "customers who returned more than they bought = {part} / {total}; textbook value: "
                "{classic:.0%}"
            ).format(
                part=f"{data.money(regular):,}", total=f"{data.money(total):,}", classic=CLASSIC_REGULARS
            ),
            opens=customers(now.returning),
        ),
        Figure(
            key="repeat_rate",
            label=_("Repeat customers"),
            value=len(repeat_buyers) / len(now.purchases) if now.purchases else None,
            unit=SHARE,
            n=len(now.purchases),
            k=len(repeat_buyers),
            low=band.low if band else None,
            high=band.high if band else None,
            note="" if now.purchases else _no_revenue(),
            why=_(
                "customers with orders on two or more days / customers with orders = {part} / {all}"
            ).format(part=len(repeat_buyers), all=len(now.purchases)),
            opens=customers(repeat_buyers),
        ),
    )


def _no_sales_before() -> str:
    return _("The archive has no sales from before the period, so regular customers cannot be identified.")


def _no_revenue() -> str:
    return _("There was no revenue in the period.")


def _ranking(data: SalesData, now: PeriodSales, classes: list[str]) -> Table:
    names, total = data.names, sum(now.measured.values())
    ranked = now.measured if total else {}
    rows = [
        Row(
            (names.get(uid, uid), data.money(value), value / total, cumulative / total, letter), customer(uid)
        )
        for (uid, value), cumulative, letter in zip(
            ranked.items(), accumulate(ranked.values()), classes if total else [], strict=True
        )
    ]
    without_share = [
        Row((names.get(uid, uid), data.money(value), None, None, ""), customer(uid))
        for uid, value in now.revenue.items()
        if uid not in ranked
    ]
    unknown = [
        Row((names.get(uid, uid), None, None, None, ""), customer(uid))
        for uid in sorted(now.unknown, key=lambda uid: (names.get(uid, uid), uid))
    ]
    return Table(
        key="customers",
        label=_("Customers by revenue"),
        columns=(
            Column("customer", _("Customer")),
            Column("revenue", _("Revenue"), MONEY),
            Column("share", _("Share"), SHARE),
            Column("cumulated", _("Cumulative"), SHARE),
            Column("class", _("Class")),
        ),
        rows=(*rows, *without_share, *unknown),
        empty=_no_revenue(),
    )


def _lorenz(now: PeriodSales) -> Lines:
    points = lorenz(now.measured.values()) or []
    return Lines(
        key="lorenz",
        label=_("Cumulative revenue, smallest customers first"),
        unit=SHARE,
        empty=_no_revenue(),
        lines=(Line(_("revenue"), tuple(Point(x, y) for x, y in points)),) if points else (),
        x_label=_("share of customers"),
        diagonal=True,
        highest=1.0,
    )
