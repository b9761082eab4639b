"""Tables by campaign: responses, return and incremental effect; and totals by channel."""

from __future__ import annotations

from archive.analysis.campaigns.incrementality import Lift
from archive.analysis.campaigns.notes import notes
from archive.analysis.campaigns.responses import Effort
from archive.analysis.campaigns.results import Result, money, opens_transactions, revenue, romi, sums
from archive.analysis.common.result import Section, customers
from archive.analysis.dataset import SalesData
from archive.analysis.pictures import Bar, Bars, Span, Timeline
from archive.analysis.report import COUNT, DATE, DAYS, MONEY, SHARE, Column, Opens, Row, Table
from archive.analysis.request import ReportRequest
from archive.model.records.campaign import GOAL, MEDIUM
from archive.model.summary import SIGN
from archive.text import _


def lines(data: SalesData, request: ReportRequest, results: list[Result], window: int) -> Section:
    """Build the tables and charts by campaign; campaigns that ended less than `window` days ago get a note."""
    return Section(
        tables=(_table(data, results), _lift_table(results), _channel_table(data, results)),
        pictures=(_bars(data, results), _timeline(request, results)),
        notes=tuple(notes(request, results, window)),
    )


def _no_campaign() -> str:
    return _("No campaign ran in the period.")


def _payback(effort: Effort) -> int | None:
    """Return the days until the margin covered the cost; None if it has not, or if it is not a sales campaign."""
    if not effort.is_sale:
        return None
    sales = [
        response for response in effort.responses if response.type in SIGN and response.margin is not None
    ]
    margin = 0
    for sale in sales:
        margin += SIGN[sale.type] * (sale.margin or 0)
        if effort.cost and margin >= effort.cost:
            return sale.day - effort.start
    return None


def _table(data: SalesData, results: list[Result]) -> Table:
    columns = (
        Column("campaign", _("Campaign")),
        Column("start", _("Start"), DATE),
        Column("cost", _("Cost"), MONEY),
        Column("reached", _("Reached"), COUNT),
        Column("enquiries", _("Enquiries"), COUNT),
        Column("orders", _("Orders"), COUNT),
        Column("new", _("New customers"), COUNT),
        Column("revenue", _("Revenue"), MONEY),
        Column("romi", _("ROI"), SHARE),
        Column("payback", _("Payback"), DAYS),
        Column("goal", _("Goal")),
        Column("goal_k", _("Goal met"), COUNT),
        Column("goal_n", _("Audience"), COUNT),
        Column("early", _("Before start"), COUNT),
    )
    rows = tuple(_row(data, result) for result in results)
    note = _(
        "Goal met: customers notified by a notice or won back by a win-back; the rest of "
        "the audience is still to be contacted. Before start: transactions of the "
        "campaign dated before its start, which are not counted."
    )
    return Table(
        key="campaigns", label=_("Campaigns"), columns=columns, rows=rows, empty=_no_campaign(), note=note
    )


def _row(data: SalesData, result: Result) -> Row:
    effort = result.effort
    cells = (
        effort.campaign.name,
        effort.campaign.start,
        None if effort.cost is None else data.money(effort.cost),
        len(effort.reached),
        len(effort.of("enquiry")),
        len(effort.of("order")),
        len(effort.new),
        money(data, effort.revenue),
        romi(sums([result])),
        _payback(effort),
        _(GOAL.options.get(effort.campaign.goal, effort.campaign.goal)),
        len(result.reach.achieved) if result.reach else None,
        len(result.reach.audience) if result.reach else None,
        len(effort.early),
    )
    opens = opens_transactions([result], *{response.type for response in effort.responses})
    return Row(cells, opens if opens.uids else Opens("campaigns", (effort.campaign.uid,)), _why(data, result))


def _why(data: SalesData, result: Result) -> str:
    """Return the calculation of a campaign's return, or of the measure of its goal."""
    total, reach = sums([result]), result.reach
    if reach:
        rest = len(reach.audience) - len(reach.achieved)
        return _("goal met for {k} of {n} customers in the audience; {rest} still to be contacted").format(
            k=len(reach.achieved), n=len(reach.audience), rest=rest
        )
    return _("ROI = (margin - cost) / cost = ({margin} - {cost}) / {cost}").format(
        margin="-" if total.margin is None else f"{data.money(total.margin):,}",
        cost="-" if total.cost is None else f"{data.money(total.cost):,}",
    )


def _lift_table(results: list[Result]) -> Table:
    columns = (
        Column("campaign", _("Campaign")),
        Column("reached", _("Reached"), COUNT),
        Column("ordered", _("Ordered"), SHARE),
        Column("others", _("Comparison"), COUNT),
        Column("others_ordered", _("Comparison ordered"), SHARE),
        Column("lift", _("Lift"), SHARE),
        Column("low", _("From"), SHARE),
        Column("high", _("To"), SHARE),
        Column("kind", _("Compared with")),
        Column("ordered_k", _("Orders (number)"), COUNT),
        Column("others_k", _("Comparison orders (number)"), COUNT),
        Column("unmatched", _("Unmatched"), COUNT),
    )
    rows = tuple(_lift_row(result) for result in results if result.lift.reached or result.lift.others)
    return Table(
        key="lift",
        label=_("Incremental effect"),
        columns=columns,
        rows=rows,
        empty=_("No campaign in the period has an audience."),
        note=_(
            "Ordered: share of customers with an order. Matched customers are weighted like "
            "the audience; lift is the difference between the two shares."
        ),
    )


def _lift_row(result: Result) -> Row:
    lift, rates = result.lift, result.lift.compared
    difference = rates.difference if rates else None
    cells = (
        result.effort.campaign.name,
        lift.reached,
        lift.ordered / lift.reached if lift.reached else None,
        lift.others,
        rates.second if rates else lift.others_ordered / lift.others if lift.others else None,
        difference.value if difference else None,
        difference.low if difference else None,
        difference.high if difference else None,
        _("similar customers (observational)") if lift.observational else _("control group"),
        lift.ordered,
        lift.others_ordered,
        lift.unmatched,
    )
    return Row(cells, customers(sorted(result.effort.reached)), _lift_why(lift))


def _lift_why(lift: Lift) -> str:
    if lift.balance is None or lift.compared is None:
        return _("There are no customers to compare with.")
    audience_mean, comparison_mean = lift.balance
    rates = lift.compared
    basis = (
        _(
            "similar customers: of the same kind, customers when the campaign began, with the "
            "same purchase frequency in the year before (none, one, two or three, more), "
            "weighted like the audience (interval with effective sample sizes, Korn and "
            "Graubard 1998); not an experiment"
        )
        if lift.observational
        else _("the control group (interval by Newcombe 1998)")
    )
    return _(
        "audience: {k1} of {n1} ordered = {first:.1%}; comparison: {k0} of {n0} = "
        "{second:.1%}; difference {lift:+.1%}; compared with {basis}; average purchases "
        "in the year before: {mine:.2f} and {others:.2f}"
    ).format(
        basis=basis,
        mine=audience_mean,
        others=comparison_mean,
        k1=lift.ordered,
        n1=lift.reached,
        first=rates.first,
        k0=lift.others_ordered,
        n0=lift.others,
        second=rates.second,
        lift=rates.difference.value,
    )


def _channel_table(data: SalesData, results: list[Result]) -> Table:
    """Build the table by channel."""
    by_channel: dict[str, list[Result]] = {}
    for result in results:
        by_channel.setdefault(result.effort.campaign.channel, []).append(result)
    rows = tuple(
        Row(
            (
                _(MEDIUM.options.get(channel, channel)) or _("(none)"),
                len(channel_results),
                money(data, sums(channel_results).cost),
                sum(len(result.effort.of("order")) for result in channel_results),
                money(data, revenue(channel_results)),
                romi(sums(channel_results)),
            ),
            Opens("campaigns", tuple(result.effort.campaign.uid for result in channel_results)),
        )
        for channel, channel_results in sorted(by_channel.items())
    )
    columns = (
        Column("channel", _("Channel")),
        Column("campaigns", _("Campaigns"), COUNT),
        Column("cost", _("Cost"), MONEY),
        Column("orders", _("Orders"), COUNT),
        Column("revenue", _("Revenue"), MONEY),
        Column("romi", _("ROI"), SHARE),
    )
    return Table(key="channels", label=_("By channel"), columns=columns, rows=rows, empty=_no_campaign())


def _bars(data: SalesData, results: list[Result]) -> Bars:
    bars = tuple(
        Bar(
            result.effort.campaign.name,
            float(data.money(result.effort.revenue or 0)),
            None,
            None if result.effort.cost is None else float(data.money(result.effort.cost)),
        )
        for result in results
        if result.effort.revenue is not None
    )
    label = _("Revenue (mark: cost)")
    return Bars(key="campaigns", label=label, unit=MONEY, bars=bars, empty=_no_campaign())


def _timeline(request: ReportRequest, results: list[Result]) -> Timeline:
    spans = tuple(
        Span(c.name, c.start, c.end or c.start, "open" if (c.end or c.start) >= request.as_of else "good")
        for c in (result.effort.campaign for result in results)
        if c.start
    )
    label = _("Campaign calendar")
    return Timeline(key="timeline", label=label, spans=spans, today=request.as_of, empty=_no_campaign())
