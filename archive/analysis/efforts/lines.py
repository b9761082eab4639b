"""A line for each campaign: what it brought, whether it did anything, and the same by channel."""

from __future__ import annotations

from archive.analysis.book import Book
from archive.analysis.efforts.lift import Lift
from archive.analysis.efforts.responses import Effort
from archive.analysis.efforts.results import Result, dealings, money, revenue, romi, sums
from archive.analysis.parts.result import Section, customers
from archive.analysis.pictures import Bar, Bars, Span, Timeline
from archive.analysis.question import Ask
from archive.analysis.report import COUNT, DATE, DAYS, MONEY, SHARE, Column, Opens, Row, Table
from archive.model.campaign import MEDIUM
from archive.model.summary import SIGN
from archive.text import _


def lines(book: Book, ask: Ask, found: list[Result], window: int) -> Section:
    """The tables and pictures of single campaigns; those that ended less than `window` days before may bring more."""
    return Section(
        tables=(_table(book, found), _lift_table(found), _ways(book, found)),
        pictures=(_bars(book, found), _timeline(ask, found)),
        notes=tuple(_notes(ask, found, window)),
    )


def _no_campaign() -> str:
    return _("No campaign ran in the period.")


def _payback(effort: Effort) -> int | None:
    """Days from the campaign's beginning until its margin covered its cost; None where it has not."""
    sales = [r for r in effort.responses if r.type in SIGN and r.margin is not None]
    earned = 0
    for sale in sales:
        earned += SIGN[sale.type] * (sale.margin or 0)
        if effort.cost and earned >= effort.cost:
            return sale.day - effort.start
    return None


def _table(book: Book, found: list[Result]) -> Table:
    columns = (
        Column("campaign", _("Campaign")),
        Column("start", _("Begins"), DATE),
        Column("cost", _("Cost"), MONEY),
        Column("reached", _("Reached"), COUNT),
        Column("enquiries", _("Enquiries"), COUNT),
        Column("orders", _("Orders"), COUNT),
        Column("new", _("New"), COUNT),
        Column("revenue", _("Revenue"), MONEY),
        Column("romi", _("Return"), SHARE),
        Column("payback", _("Paid back in"), DAYS),
    )
    rows = tuple(_row(book, result) for result in found)
    return Table(key="campaigns", label=_("Campaigns"), columns=columns, rows=rows, empty=_no_campaign())


def _row(book: Book, result: Result) -> Row:
    effort = result.effort
    cells = (
        effort.campaign.name,
        effort.campaign.start,
        None if effort.cost is None else book.money(effort.cost),
        len(effort.reached),
        len(effort.of("enquiry")),
        len(effort.of("order")),
        len(effort.new),
        money(book, effort.revenue),
        romi(sums([result])),
        _payback(effort),
    )
    opens = dealings([result], *{r.type for r in effort.responses})
    return Row(cells, opens if opens.uids else Opens("campaigns", (effort.campaign.uid,)))


def _lift_table(found: list[Result]) -> Table:
    columns = (
        Column("campaign", _("Campaign")),
        Column("reached", _("Reached"), COUNT),
        Column("ordered", _("Ordered"), SHARE),
        Column("others", _("Others"), COUNT),
        Column("others_ordered", _("Ordered"), SHARE),
        Column("lift", _("Lift"), SHARE),
        Column("low", _("From"), SHARE),
        Column("high", _("To"), SHARE),
        Column("kind", _("Compared with")),
    )
    rows = tuple(_lift_row(result) for result in found if result.lift.reached or result.lift.others)
    return Table(
        key="lift",
        label=_("Did it do anything?"),
        columns=columns,
        rows=rows,
        empty=_("No campaign of the period has an audience."),
    )


def _lift_row(result: Result) -> Row:
    found, difference = result.lift, result.lift.difference
    cells = (
        result.effort.campaign.name,
        found.reached,
        found.ordered / found.reached if found.reached else None,
        found.others,
        found.others_ordered / found.others if found.others else None,
        difference.value if difference else None,
        difference.low if difference else None,
        difference.high if difference else None,
        _("others like them, observed") if found.observational else _("held back on purpose"),
    )
    return Row(cells, customers(sorted(result.effort.reached)), _lift_why(found))


def _lift_why(found: Lift) -> str:
    if found.balance is None:
        return _("There is nobody to compare with.")
    mine, others = found.balance
    basis = (
        _("customers of the same kind who bought as often in the year before; not an experiment")
        if found.observational
        else _("customers who were held back")
    )
    return _(
        "compared with {basis}; purchases in the year before: {mine:.2f} and {others:.2f} on average"
    ).format(basis=basis, mine=mine, others=others)


def _ways(book: Book, found: list[Result]) -> Table:
    """The same by channel."""
    by_way: dict[str, list[Result]] = {}
    for result in found:
        by_way.setdefault(result.effort.campaign.channel, []).append(result)
    rows = tuple(
        Row(
            (
                _(MEDIUM.options.get(way, way)) or _("(none)"),
                len(mine),
                money(book, sums(mine).cost),
                sum(len(r.effort.of("order")) for r in mine),
                money(book, revenue(mine)),
                romi(sums(mine)),
            ),
            Opens("campaigns", tuple(r.effort.campaign.uid for r in mine)),
        )
        for way, mine in sorted(by_way.items())
    )
    columns = (
        Column("channel", _("Channel")),
        Column("campaigns", _("Campaigns"), COUNT),
        Column("cost", _("Cost"), MONEY),
        Column("orders", _("Orders"), COUNT),
        Column("revenue", _("Revenue"), MONEY),
        Column("romi", _("Return"), SHARE),
    )
    return Table(key="channels", label=_("By channel"), columns=columns, rows=rows, empty=_no_campaign())


def _bars(book: Book, found: list[Result]) -> Bars:
    bars = tuple(
        Bar(
            r.effort.campaign.name,
            float(book.money(r.effort.revenue or 0)),
            None,
            None if r.effort.cost is None else float(book.money(r.effort.cost)),
        )
        for r in found
        if r.effort.revenue is not None
    )
    label = _("Revenue, with the cost as a mark")
    return Bars(key="campaigns", label=label, unit=MONEY, bars=bars, empty=_no_campaign())


def _timeline(ask: Ask, found: list[Result]) -> Timeline:
    spans = tuple(
        Span(c.name, c.start, c.end or c.start, "open" if (c.end or c.start) >= ask.as_of else "good")
        for c in (r.effort.campaign for r in found)
        if c.start
    )
    label = _("When they ran")
    return Timeline(key="timeline", label=label, spans=spans, today=ask.as_of, empty=_no_campaign())


def _notes(ask: Ask, found: list[Result], window: int) -> list[str]:
    recent = [r for r in found if r.effort.last > ask.as_of.toordinal() - window]
    without = [r for r in found if r.effort.cost is None]
    notes = []
    if recent:
        notes.append(
            _("{n} campaigns still run or ended less than {window} days before: they may bring more.").format(
                n=len(recent), window=window
            )
        )
    if without:
        notes.append(_("{n} campaigns have no cost: they are in no ratio of costs.").format(n=len(without)))
    if any(r.lift.observational and r.lift.difference for r in found):
        notes.append(
            _(
                "Where nobody was held back the comparison is observational: "
                "it may show whom one chose, not what one did."
            )
        )
    return notes
