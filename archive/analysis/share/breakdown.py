"""Revenue by product category and by customer group, compared with the preceding period."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from archive.analysis.churn.purchase_history import purchases
from archive.analysis.churn.tenure import tenures_of
from archive.analysis.common.categories import categories, level
from archive.analysis.common.groups import field_title, grouped, title
from archive.analysis.common.result import Section, customers, proportion
from archive.analysis.dataset import SalesData
from archive.analysis.pictures import Bar, Bars
from archive.analysis.report import COUNT, MONEY, SHARE, Column, Figure, Opens, Row, Table
from archive.analysis.request import ReportRequest
from archive.analysis.share.sales import PeriodSales, Sales
from archive.analysis.share.wallets import Wallets, without_overlaps
from archive.errors import UsageError
from archive.text import _, plural

BARS = 10
_DIGITS = 12  # maximum length of the option `possible`


def by_category(data: SalesData, request: ReportRequest, depth: int, sales: Sales) -> Section:
    """Build the table of revenue by category level; the column Before is empty if there are no earlier sales."""
    now, before = _by_level(data, request, depth)
    revenue = sum(category.total for category in now.values() if category.total > 0)
    ranked = sorted(now.items(), key=lambda item: (-item[1].total, item[0]))
    past = {name: category.total for name, category in before.items()}
    rows = tuple(
        Row(
            (
                name or _("(none)"),
                data.money(category.total),
                category.total / revenue if revenue and category.total > 0 else None,
                None if sales.before is None else data.money(past.get(name, 0)),
            ),
            Opens("transactions", tuple(map(data.transactions.uid.__getitem__, category.positions))),
        )
        for name, category in ranked
    )
    bars = tuple(
        Bar(name or _("(none)"), float(data.money(category.total))) for name, category in ranked[:BARS]
    )
    label = _("Revenue by product category")
    empty = _("There was no revenue in the period.")
    return Section(
        tables=(
            Table(
                key="categories",
                label=label,
                columns=(
                    Column("category", _("Category")),
                    Column("revenue", _("Revenue"), MONEY),
                    Column("share", _("Share"), SHARE),
                    Column("before", _("Previous"), MONEY),
                ),
                rows=rows,
                empty=empty,
            ),
        ),
        pictures=(Bars(key="categories", label=label, unit=MONEY, bars=bars, empty=empty),),
    )


class _CategorySales(NamedTuple):
    """Sales of a category: their sum, and their positions in `data.transactions`."""

    total: int
    positions: list[int]


def _by_level(
    data: SalesData, request: ReportRequest, depth: int
) -> tuple[dict[str, _CategorySales], dict[str, _CategorySales]]:
    """Return sales by category in the period, and before it from the start of the preceding period."""
    earlier, start, end = (day.toordinal() for day in (request.before().start, request.start, request.end))
    now: defaultdict[str, list[int]] = defaultdict(list)
    before: defaultdict[str, list[int]] = defaultdict(list)
    days, signed = data.transactions.day, data.signed
    for position, (day, category, amount) in enumerate(zip(days, categories(data), signed, strict=True)):
        if earlier <= day <= end and amount is not None:
            (now if day >= start else before)[category].append(position)
    return _levels(now, signed, depth), _levels(before, signed, depth)


def _levels(
    positions_by_category: Mapping[str, list[int]], signed: Sequence[int | None], depth: int
) -> dict[str, _CategorySales]:
    """Merge categories whose first levels are the same."""
    merged: defaultdict[str, list[int]] = defaultdict(list)
    for category, positions in positions_by_category.items():
        merged[level(category, depth)] += positions
    return {
        name: _CategorySales(sum(signed[position] or 0 for position in positions), positions)
        for name, positions in merged.items()
    }


def by_group(data: SalesData, by: str, wallets: Wallets, sales: Sales) -> Section:
    """Build the table of revenue and share of wallet by customer group."""
    groups = grouped(data, by)
    now, before = sales
    wallet_shares = _wallet_shares(wallets, groups)
    members: defaultdict[str, list[str]] = defaultdict(list)
    for uid in (*now.revenue, *now.unknown):
        members[groups.get(uid, "")].append(uid)
    earlier = _sums(before, groups) if before else None
    sums = _sums(now, groups)
    revenue = sum(total for total in sums.values() if total and total > 0)
    rows = tuple(
        Row(
            (
                title(by, name),
                len(members[name]),
                _money(data, total),
                total / revenue if revenue and total and total > 0 else None,
                None if earlier is None else _money(data, earlier.get(name, 0)),
                wallet_shares.get(name),
            ),
            customers(members[name]),
        )
        for name, total in sorted(sums.items(), key=lambda item: (-(item[1] or 0), item[0]))
    )
    return Section(
        tables=(
            Table(
                key="groups",
                label=_("Revenue by customer group: {field}").format(field=field_title(by)),
                columns=(
                    Column("group", _("Group")),
                    Column("customers", _("Customers"), COUNT),
                    Column("revenue", _("Revenue"), MONEY),
                    Column("share", _("Share"), SHARE),
                    Column("before", _("Previous"), MONEY),
                    Column("wallet_share", _("Share of wallet"), SHARE),
                ),
                rows=rows,
                empty=_("There was no revenue in the period."),
            ),
        )
    )


def _sums(sales: PeriodSales, groups: dict[str, str]) -> dict[str, int | None]:
    """Return revenue by group, None if no amount in the group is known."""
    sums: dict[str, int | None] = dict.fromkeys(groups.get(uid, "") for uid in sorted(sales.unknown))
    for uid, value in sales.revenue.items():
        group = groups.get(uid, "")
        sums[group] = (sums.get(group) or 0) + value
    return sums


def _money(data: SalesData, minor: int | None) -> Decimal | None:
    return None if minor is None else data.money(minor)


def _wallet_shares(wallets: Wallets, groups: dict[str, str]) -> dict[str, float]:
    ours: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    for position in without_overlaps(wallets.latest()).wallets:
        if position.is_known:
            ours[groups.get(position.wallet.customer.uid, "")] += position.ours
            totals[groups.get(position.wallet.customer.uid, "")] += position.total or 0
    return {name: ours[name] / total for name, total in totals.items()}


def penetration(data: SalesData, request: ReportRequest, possible: str) -> Figure:
    """Return the penetration: customers on the as-of date / possible customers, whose number is an option.

    Raises:
        UsageError: The option `possible` is not a number.
    """
    if possible and (not possible.isdecimal() or len(possible) > _DIGITS):
        raise UsageError(
            _("The option possible must be a number of customers, not {text}.").format(text=possible),
            _("Enter for example 500."),
        )
    potential, as_of = int(possible or 0), request.as_of
    tenures = tenures_of(data, as_of, purchases(data, as_of.toordinal())).all
    ours = [tenure.uid for tenure in tenures if tenure.lasts(as_of.toordinal())]
    dated = {tenure.uid for tenure in tenures}
    status = data.values("customers", "status")
    since = data.values("customers", "customer_since")
    undated = sum(
        own in ("active", "dormant") and uid not in dated and uid not in since for uid, own in status.items()
    )
    if potential and len(ours) > potential:
        return Figure(
            key="penetration",
            label=_("Market penetration"),
            value=None,
            unit=SHARE,
            k=len(ours),
            n=potential,
            note=_("There are {ours} customers, more than the {all} potential customers.").format(
                ours=len(ours), all=potential
            ),
            opens=customers(ours),
        )
    return proportion(
        "penetration",
        _("Market penetration"),
        len(ours),
        potential,
        note=_("The number of potential customers is not known. Set possible=N."),
        omitted=plural(
            "{n} customer left out: no customer-since date and no order",
            "{n} customers left out: no customer-since date and no order",
            undated,
        )
        if undated
        else "",
        why=_("customers at the end of {day} / potential customers = {{k}} / {{n}}").format(day=as_of),
        opens=customers(ours),
    )
